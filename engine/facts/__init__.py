"""Facts: what they are, their types, and the file that gives them."""

from engine.facts.evidence import named_files
from engine.facts.model import Evidence, Fact, Facts, FactType, FileDigest
from engine.facts.read import FactsFile, open_facts, read_facts
from engine.facts.template import Asked, template

__all__ = [
    "Asked",
    "Evidence",
    "Fact",
    "FactType",
    "Facts",
    "FactsFile",
    "FileDigest",
    "named_files",
    "open_facts",
    "read_facts",
    "template",
]
