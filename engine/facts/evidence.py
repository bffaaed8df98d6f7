"""The files that facts name as their evidence: which they are, and the facts with what identifies each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.facts.model import Evidence, Facts


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """What tells whether a file is still the one that it was."""

    sha256: str
    size: int


def evidence_files(facts: Facts) -> Iterator[Evidence]:
    """Return the evidence that names a file, in the order of the facts."""
    return (evidence for fact in facts.facts for evidence in fact.evidence if evidence.file)


def with_identities(facts: Facts, identities: Mapping[str, FileIdentity]) -> Facts:
    """Return the facts with the identity of each file that they name, given by its path."""

    def identified(evidence: Evidence) -> Evidence:
        if not evidence.file:
            return evidence
        identity = identities[evidence.file]
        return replace(evidence, sha256=identity.sha256, size=identity.size)

    return replace(
        facts,
        facts=tuple(replace(fact, evidence=tuple(map(identified, fact.evidence))) for fact in facts.facts),
    )
