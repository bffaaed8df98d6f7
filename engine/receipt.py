"""The receipt: everything that a score consists of, in one canonical JSON text with a digest.

It holds no time and no name: the same ruleset and facts give the same bytes anywhere. docs/receipt.md describes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.base.numbers import Number, exact_text, reading_text, total
from engine.base.sources import canonical, sha256
from engine.facts.builtin import claims
from engine.facts.canonical import fact_content, values_content
from engine.facts.model import Fact, Facts, value_text
from engine.language.compute import Figure
from engine.language.formula import TAKEN
from engine.program.program import Program
from engine.scoring.firing import Before, Firing, IndicatorScore, Posting
from engine.scoring.notices import Notice

FORMAT = "fenming/receipt/1"

SEMANTICS = 1
"""The version of the scoring semantics: how firings become points. docs/decisions/0011 says when it is raised."""


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
    notices: Sequence[Notice],
) -> Receipt:
    """Return the receipt of an evaluation; `firings` in canonical order, each with the fact that it derived."""
    lines = _Lines(_taken(scores))
    for firing, derived in firings:
        lines.add(firing, derived)
    postings = [lines.posting(posting) for score in scores for posting in score.postings]
    claimed = claims(facts)
    indicators = [_indicator(program, score, claimed.get(score.number)) for score in scores]
    content = {
        "format": FORMAT,
        "semantics": SEMANTICS,
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
        "notices": [
            {"kind": n.kind, "facts": list(n.facts), "indicator": n.indicator, "values": dict(n.values)}
            for n in notices
        ],
    }
    text = canonical(content)
    return Receipt(content, text, sha256(text))


class _Lines:
    """The firings, derived facts and aggregates of a receipt, numbered as they are added."""

    def __init__(self, taken: Mapping[Firing, Number]) -> None:
        self.taken = taken
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
                "readings_unused": list(firing.readings_unused),
                "facts": [fact.id for fact in firing.facts],
                "aggregates": sorted({self.figure(figure) for figure in firing.figures}),
                "assumed": firing.assumed,
                "formulas": [
                    {"name": w.name, "text": w.text, "numbers": w.numbers, "value": w.value} for w in firing.formulas
                ],
                "says": self.says(firing),
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

    def says(self, firing: Firing) -> dict[str, str]:
        """Return a firing's sentence with the points that were taken or given put in."""
        if not firing.says:
            return {"zh": "", "en": ""}
        taken = reading_text(self.taken.get(firing, 0))
        return {language: words.replace(TAKEN, taken) for language, words in firing.says.items()}

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
            "open": exact_text(posting.open),
            "limit": posting.limit,
        }


def _taken(scores: Iterable[IndicatorScore]) -> dict[Firing, Number]:
    """Return what each firing came to in the books: the points that it gave, or that it took."""
    taken: dict[Firing, Number] = {}
    for score in scores:
        for posting in score.postings:
            gives = posting.firing.action in ("award", "adjust", "not_applicable")
            taken[posting.firing] = taken.get(posting.firing, 0) + (posting.kept if gives else posting.lost)
    return taken


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
        "open": exact_text(score.open),
        "status": score.status,
        "claimed": None if claimed is None else value_text(claimed),
        "before_override": None
        if score.before_override is None
        else {"kept": exact_text(score.before_override.kept), "open": exact_text(score.before_override.open)},
        "assumed": any(posting.firing.assumed for posting in score.postings),
        "parts": [
            {
                "id": part.id,
                "title": part.title,
                "weight": exact_text(part.weight),
                "kept": exact_text(part.kept),
                "lost": exact_text(part.lost),
                "open": exact_text(part.open),
                "status": part.status,
            }
            for part in score.parts
        ],
    }


def _levels(program: Program, scores: Iterable[IndicatorScore]) -> list[dict[str, Any]]:
    """Add the rounded scores up each level above the indicators, in the form's order."""
    columns = ("weight", "kept", "lost", "open")
    sums: dict[tuple[str, ...], list[Number]] = {}
    paths = {plan.number: plan.path for plan in program.indicators}
    for score in scores:
        path = paths[score.number]
        for depth in range(1, len(path) + 1):
            row = sums.setdefault(path[:depth], [0] * len(columns))
            for column, name in enumerate(columns):
                row[column] += getattr(score, name)
    return [
        {"path": list(path), **{name: exact_text(amount) for name, amount in zip(columns, row, strict=True)}}
        for path, row in sums.items()
    ]


def _totals(program: Program, scores: Sequence[IndicatorScore]) -> dict[str, Any]:
    before = [score.before_override or Before(score.kept, score.open) for score in scores]
    overridden = any(score.before_override is not None for score in scores)
    return {
        "weight": exact_text(program.ruleset.weight),
        **_outcome(program, total(s.kept for s in scores), total(s.open for s in scores)),
        "before_override": _outcome(program, total(s.kept for s in before), total(s.open for s in before))
        if overridden
        else None,
    }


def _outcome(program: Program, kept: Number, open_points: Number) -> dict[str, Any]:
    """Return a total with the range that its open points leave it, and the grades within that range."""
    grades = possible_grades(program.ruleset.grades, kept, kept + open_points)
    return {
        "total": exact_text(kept),
        "open": exact_text(open_points),
        "grade": grades[0] if len(grades) == 1 else None,
        "grades": grades,
    }


def possible_grades(grades: Sequence[tuple[str, Number]], low: Number, high: Number) -> list[str]:
    """Return the grades that a total between two figures can have, the highest first.

    >>> possible_grades([("优", 90), ("良", 80), ("差", 0)], 86, 91)
    ['优', '良']
    """
    names = [name for name, start in grades if low < start <= high]
    lowest = next((name for name, start in grades if low >= start), None)
    return names if lowest is None else [*names, lowest]
