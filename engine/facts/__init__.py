"""Facts: what they are, their types, and the file that gives them."""

from engine.facts.canonical import facts_from_content
from engine.facts.evidence import FileIdentity, evidence_files, with_identities
from engine.facts.model import Evidence, Fact, Facts, FactType
from engine.facts.read import FactsFile, open_facts, read_facts
from engine.facts.template import template

__all__ = [
    "Evidence",
    "Fact",
    "FactType",
    "Facts",
    "FactsFile",
    "FileIdentity",
    "evidence_files",
    "facts_from_content",
    "open_facts",
    "read_facts",
    "template",
    "with_identities",
]
