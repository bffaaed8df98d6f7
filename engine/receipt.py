"""The receipt: everything that a score consists of, in one canonical JSON text with a digest.

It holds no time and no name: the same ruleset and facts give the same bytes anywhere. docs/receipt.md describes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.facts.canonical import fact_content, values_content
from engine.facts.model import Fact, Facts, value_text
from engine.firing import Firing, IndicatorScore, Posting
from engine.language.compute import Figure
from engine.numbers import Number, exact_text, total
from engine.ruleset.program import Program
from engine.sources import canonical, sha256
from engine.submission import claims

FORMAT = "fenming/receipt/1"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt's content, its canonical JSON (RFC 8785) and the SHA-256 of that."""

    content: Mapping[str, Any]
    text: bytes
    sha256: str


def read_receipt(text: bytes) -> Receipt:
    """Return the receipt that stored bytes hold."""
    return Receipt(json.loads(text), text, sha256(text))


def make_receipt(
    program: Program,
    facts: Facts,
    firings: Sequence[tuple[Firing, Fact | None]],
    scores: Sequence[IndicatorScore],
) -> Receipt:
    """Return the receipt of an evaluation; `firings` in canonical order, each with the fact that it derived."""
    lines = _Lines()
    for firing, derived in firings:
        lines.add(firing, derived)
    postings = [lines.posting(posting) for score in scores for posting in score.postings]
    claimed = claims(facts)
    indicators = [_indicator(program, score, claimed.get(score.number)) for score in scores]
    content = {
        "format": FORMAT,
        "ruleset": {name: getattr(program.ruleset, name) for name in ("id", "revision", "title", "digest", "text")},
        "readings": dict(program.readings),
        "case": dict(facts.case),
        "stated": sorted(facts.stated),
        "facts": [fact_content(fact) for fact in facts.facts],
        "derived": lines.derived,
        "aggregates": lines.figures,
        "firings": lines.firings,
        "postings": postings,
        "indicators": indicators,
        "levels": _levels(program, scores),
        **_totals(program, scores),
    }
    text = canonical(content)
    return Receipt(content, text, sha256(text))


class _Lines:
    """The firings, derived facts and aggregates of a receipt, numbered as they are added."""

    def __init__(self) -> None:
        self.firings: list[dict[str, Any]] = []
        self.derived: list[dict[str, Any]] = []
        self.figures: list[dict[str, Any]] = []
        self.numbers: dict[Firing, int] = {}
        self.figure_numbers: dict[tuple[str, str, tuple[str, ...]], int] = {}
        self.seen: dict[int, int] = {}

    def add(self, firing: Firing, derived: Fact | None = None) -> int:
        """Add a firing unless it is there, and return its number."""
        number = self.numbers.get(firing)
        if number is not None:
            return number
        number = self.numbers[firing] = len(self.firings)
        self.firings.append(
            {
                "rule": firing.rule,
                "indicator": firing.indicator,
                "part": firing.part,
                "action": firing.action,
                "option": firing.option,
                "clauses": list(firing.clauses),
                "readings": list(firing.readings),
                "facts": [fact.id for fact in firing.facts],
                "aggregates": sorted({self.figure(figure) for figure in firing.figures}),
                "assumed": firing.assumed,
                "formulas": [
                    {"name": w.name, "text": w.text, "numbers": w.numbers, "value": w.value} for w in firing.formulas
                ],
                "says": dict(firing.says) if firing.says else {"zh": "", "en": ""},
            }
        )
        if derived is not None:
            self.derived.append(
                {
                    "type": derived.type,
                    "id": derived.id,
                    "values": values_content(derived),
                    "firing": number,
                    "assumed": bool(derived.assumed),
                }
            )
        return number

    def figure(self, figure: Figure) -> int:
        """Add an aggregate unless it is there, and return its number."""
        known = self.seen.get(id(figure))
        if known is not None:
            return known
        ids = [fact.id for fact in figure.facts]
        key = (figure.text, value_text(figure.value), tuple(ids))
        number = self.figure_numbers.get(key)
        if number is None:
            number = self.figure_numbers[key] = len(self.figures)
            self.figures.append({"text": figure.text, "value": key[1], "facts": ids})
        self.seen[id(figure)] = number
        return number

    def posting(self, posting: Posting) -> dict[str, Any]:
        """Return the line of a posting."""
        asked = exact_text(posting.asked)
        return {
            "indicator": posting.indicator,
            "part": posting.part,
            "firing": self.add(posting.firing),
            "kind": posting.kind,
            "asked": asked,
            "kept": asked if posting.kept is posting.asked else exact_text(posting.kept),
            "lost": exact_text(posting.lost),
            "limit": posting.limit,
        }


def _indicator(program: Program, score: IndicatorScore, claim: Fact | None) -> dict[str, Any]:
    plan = next(plan for plan in program.indicators if plan.number == score.number)
    claimed = claim.values.get("score") if claim is not None else None
    return {
        "number": plan.number,
        "name": plan.name,
        "path": list(plan.path),
        "weight": exact_text(score.weight),
        "kept": exact_text(score.kept),
        "lost": exact_text(score.lost),
        "status": score.status,
        "claimed": None if claimed is None else value_text(claimed),
        "before_override": None if score.before_override is None else exact_text(score.before_override),
        "assumed": any(posting.firing.assumed for posting in score.postings),
        "parts": [
            {
                "id": part.id,
                "title": part.title,
                "weight": exact_text(part.weight),
                "kept": exact_text(part.kept),
                "lost": exact_text(part.lost),
                "status": part.status,
            }
            for part in score.parts
        ],
    }


def _levels(program: Program, scores: Iterable[IndicatorScore]) -> list[dict[str, Any]]:
    """Add the rounded scores up each level above the indicators, in the form's order."""
    sums: dict[tuple[str, ...], list[Number]] = {}
    paths = {plan.number: plan.path for plan in program.indicators}
    for score in scores:
        path = paths[score.number]
        for depth in range(1, len(path) + 1):
            row = sums.setdefault(path[:depth], [0, 0, 0])
            for column, amount in enumerate((score.weight, score.kept, score.lost)):
                row[column] += amount
    return [
        {"path": list(path), "weight": exact_text(weight), "kept": exact_text(kept), "lost": exact_text(lost)}
        for path, (weight, kept, lost) in sums.items()
    ]


def _totals(program: Program, scores: Sequence[IndicatorScore]) -> dict[str, Any]:
    kept = total(score.kept for score in scores)
    before = total(s.kept if s.before_override is None else s.before_override for s in scores)
    overridden = any(score.before_override is not None for score in scores)
    return {
        "weight": exact_text(program.ruleset.weight),
        "total": exact_text(kept),
        "grade": _grade(program, kept),
        "total_before_override": exact_text(before) if overridden else None,
        "grade_before_override": _grade(program, before) if overridden else None,
    }


def _grade(program: Program, total: Number) -> str:
    return next((name for name, start in program.ruleset.grades if total >= start), "")
