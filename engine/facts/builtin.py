"""The fact types that every ruleset has: evidence, claims, and that an indicator is not assessed."""

from __future__ import annotations

from engine.facts.model import Fact, Facts, FactType, FieldType, Kind

NOT_ASSESSED = "not_assessed"
"""The fact type by which a file says that an indicator is not assessed; fields `indicator` and `reason`."""

CLAIM = "claim"
"""The fact type of the department's own score beside an indicator; fields `indicator` and, if claimed, `score`."""

EVIDENCE = FactType(
    "evidence",
    {name: FieldType(name, Kind.TEXT) for name in ("fact", "type", "title", "reference")},
    title="佐证材料",
)
"""Every piece of evidence is also a fact, so that rules can look at it."""


def left_out(facts: Facts) -> dict[int, Fact]:
    """Return the indicators that the file says are not assessed, with the fact that says so."""
    return {int(fact.values["indicator"]): fact for fact in facts.facts if fact.type == NOT_ASSESSED}  # type: ignore[arg-type]


def claims(facts: Facts) -> dict[int, Fact]:
    """Return the self-evaluation beside each indicator."""
    return {int(fact.values["indicator"]): fact for fact in facts.facts if fact.type == CLAIM}  # type: ignore[arg-type]
