"""The fact types that every ruleset has: evidence, claims, and that an indicator is not assessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.facts.model import Evidence, Fact, Facts, FactType, FieldType, Kind, Label, Value

NOT_ASSESSED = "not_assessed"
"""The fact type by which a file says that an indicator is not assessed; fields `indicator` and `reason`."""

CLAIM = "claim"
"""The fact type of the department's own score beside an indicator; fields `indicator` and, if claimed, `score`."""

_EVIDENCE_TITLES = {
    "fact": "所证事实",
    "type": "所证类型",
    "title": "材料名称",
    "reference": "文号或网址",
    "file": "文件",
}

EVIDENCE = FactType(
    "evidence",
    {name: FieldType(name, Kind.TEXT, title=title, label=name == "fact") for name, title in _EVIDENCE_TITLES.items()},
    title="佐证材料",
)
"""Every piece of evidence is also a fact, so that rules can look at it."""


def evidence_id(fact: str, number: int) -> str:
    """Return the id of a fact's piece of evidence, numbered from 1, as a fact of its own."""
    return f"{fact}/e{number}"


def left_out(facts: Facts) -> dict[int, Fact]:
    """Return the indicators that the file says are not assessed, with the fact that says so."""
    return {int(fact.values["indicator"]): fact for fact in facts.facts if fact.type == NOT_ASSESSED}  # type: ignore[arg-type]


def claims(facts: Facts) -> dict[int, Fact]:
    """Return the self-evaluation beside each indicator."""
    return {int(fact.values["indicator"]): fact for fact in facts.facts if fact.type == CLAIM}  # type: ignore[arg-type]


def evidence_facts(facts: Sequence[Fact]) -> list[Fact]:
    """Return each piece of evidence as a fact of its own, so that rules can look at it."""
    return [
        Fact(EVIDENCE.name, evidence_id(fact.id, number), _evidence_values(fact, item), fact.assumed, place=fact.place,
             owner=fact)
        for fact in facts
        for number, item in enumerate(fact.evidence, 1)
    ]  # fmt: skip


def _evidence_values(fact: Fact, item: Evidence) -> Mapping[str, Value]:
    return {
        "fact": Label(fact.id),
        "type": fact.type,
        "title": item.title,
        "reference": item.reference,
        "file": item.file,
    }
