"""What golden cases show besides points: notices that they do not expect, and awards that meet on the same facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from engine.base.numbers import Number
from engine.base.places import Place
from engine.documents import Node
from engine.facts.model import Fact
from engine.scoring.evaluation import Evaluation
from engine.scoring.notice import Notice, OtherYear, UnusedFact


@dataclass(frozen=True, slots=True)
class Observed:
    """A notice of a golden case, and what of its facts it is about."""

    case: str
    notice: Notice
    place: Place


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two rules that awarded points for the same facts, together more than their part weighs."""

    case: str
    one: str
    other: str
    points: Number
    weight: Number


def meetings(case: str, evaluation: Evaluation) -> Iterator[Meeting]:
    """Yield the rules that award points for the same facts of a case, of which the weight cuts some."""
    for score in evaluation.scores:
        weights = {part.id: part.weight for part in score.parts}
        awards: dict[tuple[str, tuple[Fact, ...]], dict[str, Number]] = {}
        for posting in score.postings:
            if posting.kind == "award" and posting.asked > 0:
                firing = posting.firing
                awards.setdefault((posting.part, firing.facts), {}).setdefault(firing.rule, posting.asked)
        for (part, _), asked in awards.items():
            for one, other in combinations(sorted(asked), 2):
                if asked[one] + asked[other] > weights[part]:
                    yield Meeting(case, one, other, asked[one] + asked[other], weights[part])


def observed(case: str, document: Node, evaluation: Evaluation, *, as_chosen: bool) -> Iterator[Observed]:
    """Yield the notices of a case that are about its year, and about facts without effect.

    Of a case that names its readings, another reading may look at the fact, so that it is no mistake there.
    """
    facts = {(fact.type, fact.id): fact.place for fact in evaluation.facts.facts}
    for notice in evaluation.notices:
        match notice:
            case OtherYear():
                yield Observed(case, notice, document["case"]["year"].place)
            case UnusedFact(type=kind, fact=name, unassessed=()) if as_chosen:
                yield Observed(case, notice, facts[kind, name])
            case _:
                continue
