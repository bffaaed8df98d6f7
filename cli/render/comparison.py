"""Two scores side by side, on the terminal or as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any

from rich.box import HORIZONTALS
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from audit.tables.records import RecordedEvaluation
from cli.render.ledger import standing_lines
from cli.render.reproduced import MADE_AGAIN
from cli.terminal.printable import one_line
from cli.terminal.session import Session
from cli.terminal.wrapping import Wrapped
from engine.base.folding import folded
from engine.base.messages import Message, msg
from engine.base.numbers import Number, exact_text, percentage
from engine.explanation.card import grade_words
from engine.explanation.comparison import Compared, ComparedIndicator, Comparison, PostingChange, PostingSide
from engine.explanation.words import PointsRange, kind_words, short_points
from engine.language.sentence import signed
from workflow.compare import SideBySide
from workflow.what_if import WhatIf

_NONE = "—"
"""What is shown where there is no number."""


def render_side_by_side(session: Session, found: SideBySide) -> None:
    """Print the comparison of two evaluations, or of a claim."""
    comparison = found.comparison
    heads = [_head(found.first.recorded), _head(found.second.recorded)]
    if comparison.of_claim:
        heads = [msg("Claimed"), msg("Score")]
    with session.page() as console:
        for shown in (found.first,) if comparison.of_claim else (found.first, found.second):
            _print_case(console, session, shown.recorded)
        for warning in _warnings(comparison):
            console.print(Wrapped(session.say(warning), "bold"))
        _print(console, session, comparison, heads, deviation=True)


def render_what_if(session: Session, found: WhatIf) -> None:
    """Print what an evaluation would come to beside what was recorded."""
    comparison = found.comparison
    with session.page() as console:
        _print_case(console, session, found.recorded.shown.recorded)
        console.print(Wrapped(session.say(MADE_AGAIN)))
        _print(console, session, comparison, [msg("Recorded"), msg("What if")], deviation=False)
        console.print(session.say(msg("Nothing was recorded.")), style="bold")


def comparison_json(
    comparison: Comparison, first: RecordedEvaluation | None, second: RecordedEvaluation | None
) -> dict[str, Any]:
    """Return a comparison as JSON; a difference is the second less the first, in exact numbers."""
    return {
        "first": first and first.id,
        "second": second and second.id,
        "of_claim": comparison.of_claim,
        "total": {
            **_compared_json(comparison.total),
            "grades": [list(comparison.first.content.grades), list(comparison.second.content.grades)],
        },
        "indicators": [
            {
                "number": [each.first and each.first.number, each.second and each.second.number],
                "name": each.line.name,
                **_compared_json(each.points),
                "weight_change": exact_text(each.weight_change),
                "postings": list(map(_change_json, each.postings)),
            }
            for each in comparison.indicators
        ],
        "levels": list(map(_change_json, comparison.levels)),
    }


def _head(recorded: RecordedEvaluation | None) -> Message:
    return Message("{id}", {"id": "" if recorded is None else recorded.id[:8]})


def _print_case(console: Console, session: Session, recorded: RecordedEvaluation | None) -> None:
    """Print which case an evaluation is of, and where it is not simply the one in force."""
    if recorded is not None:
        case = msg(
            "Evaluation {id}: {department}, {year}; {ruleset}",
            id=recorded.id,
            department=one_line(recorded.department),
            year=recorded.year,
            ruleset=recorded.ruleset,
        )
        console.print(Wrapped(session.say(case)))
    for line in standing_lines(recorded):
        console.print(Wrapped(session.say(line), "bold"))


def _warnings(comparison: Comparison) -> Iterator[Message]:
    """Say where two evaluations are not of one thing."""
    first, second = comparison.first.content, comparison.second.content
    if folded(first.case.department) != folded(second.case.department):
        yield msg("These are two departments.")
    if first.ruleset.id != second.ruleset.id:
        yield msg("The rulesets differ: indicators are matched by their names, then by the texts of their clauses.")


def _print(
    console: Console, session: Session, comparison: Comparison, heads: Sequence[Message], *, deviation: bool
) -> None:
    table = Table(box=HORIZONTALS, padding=(0, 1, 0, 0))
    table.add_column(session.say(msg("Indicator name")), overflow="fold", ratio=1)
    columns = [*heads, msg("Difference"), *([msg("Deviation")] if deviation else [])]
    for column in columns:
        table.add_column(session.say(column), justify="right", no_wrap=True)
    for each in comparison.both:
        name = Wrapped(f"{each.line.number:>2}. {one_line(each.line.name)}", hang=4)
        table.add_row(name, *_cells(each.points, deviation=deviation), style="bold" if each.postings else "")
    table.add_section()
    total = _cells(comparison.total, deviation=deviation)
    table.add_row(session.say(msg("Total")), *total, style="bold")
    if not comparison.of_claim:
        words = (session.say(grade_words(case.content)) for case in (comparison.first, comparison.second))
        table.add_row(session.say(msg("Grade")), *map(one_line, words))
    console.print(table)
    if deviation:
        console.print(Wrapped(session.say(msg("Deviation: the first less the second, as a share of the first."))))
    for heading, side in ((msg("Only in {name}:", name=heads[0]), 0), (msg("Only in {name}:", name=heads[1]), 1)):
        lines = [each for each in comparison.alone if (each.first, each.second)[side] is not None]
        if lines:
            console.print(session.say(heading))
            for each in lines:
                points = (each.points.first, each.points.second)[side]
                line = f"{each.line.number}. {one_line(each.line.name)}: {points}"
                console.print(Padding(Wrapped(line), (0, 0, 0, 2)))
    _print_reasons(console, session, comparison)


def _cells(points: Compared, *, deviation: bool) -> list[str]:
    first, second = (_NONE if side is None else str(side) for side in (points.first, points.second))
    cells = [first, second, _signed(points.difference) if points.is_known else _NONE]
    return [*cells, _NONE if points.deviation is None else percentage(points.deviation)] if deviation else cells


def _signed(number: Number) -> str:
    return signed(number) if number else "0"


def _print_reasons(console: Console, session: Session, comparison: Comparison) -> None:
    """Print the postings that account for the differences."""
    found = [each for each in comparison.both if each.postings or each.weight_change]
    if not found and not comparison.levels:
        nothing = msg("No posting differs.") if any(comparison.both) else msg("No indicator is in both.")
        console.print(session.say(nothing))
        return
    heading = msg("What was lost or is open:") if comparison.of_claim else msg("The postings that differ:")
    console.print(session.say(heading), style="bold")
    for each in found:
        console.print(Wrapped(_name(session, comparison, each)))
        if each.weight_change and each.first is not None and each.second is not None:
            weights = msg(
                "{points} weight: {first} → {second}",
                points=_signed(each.weight_change),
                first=each.first.weight,
                second=each.second.weight,
            )
            console.print(Padding(Wrapped(session.say(weights)), (0, 0, 0, 4)))
        _print_changes(console, session, each.postings)
    if comparison.levels:
        console.print(session.say(msg("Levels and total")))
        _print_changes(console, session, comparison.levels)


def _name(session: Session, comparison: Comparison, each: ComparedIndicator) -> str:
    name = f"{each.line.number}. {one_line(each.line.name)}"
    if comparison.of_claim or each.points.first is None or each.points.second is None:
        return name
    words = msg("{name}: {first} → {second}", name=name, first=each.points.first, second=each.points.second)
    return session.say(words)


def _print_changes(console: Console, session: Session, changes: Iterable[PostingChange]) -> None:
    """Print changes, alike ones that follow each other once, with their number."""
    for line, alike in groupby(session.say(_change(change)) for change in changes):
        times = sum(1 for _ in alike)
        console.print(Padding(Wrapped(line if times == 1 else f"{line} ({times} ×)", hang=4), (0, 0, 0, 4)))


def _change(change: PostingChange) -> Message:
    """Say what a posting keeps more or less, and what its rule says on both sides."""
    points = _signed(change.difference)
    if change.first is None and change.second is not None:
        return msg("{points} {words}", points=points, words=_words(change.second))
    if change.first is not None and change.second is None:
        return msg("{points} no longer: {words}", points=points, words=_words(change.first))
    assert change.first is not None and change.second is not None  # noqa: S101, PT018 - one is there, hence both
    was, now = _words(change.first), _words(change.second)
    if str(was) == str(now):
        return msg("{points} {words}", points=points, words=now)
    return msg("{points} {words} (before: {was})", points=points, words=now, was=was)


def _words(side: PostingSide) -> Message:
    """Return the sentence of a posting's rule; where points are only moved, what moves them as well."""
    if Fraction(side.line.open):
        return msg("{points} open: {says}", points=short_points(side.line.open), says=side.says)
    return msg("{kind}: {says}", kind=kind_words(side.line), says=side.says)


def _compared_json(points: Compared) -> dict[str, Any]:
    return {
        "first": _range_json(points.first),
        "second": _range_json(points.second),
        "difference": exact_text(points.difference) if points.is_known else None,
        "deviation": None if points.deviation is None else exact_text(points.deviation),
    }


def _range_json(points: PointsRange | None) -> dict[str, str] | None:
    return None if points is None else {"kept": exact_text(points.kept), "open": exact_text(points.open)}


def _change_json(change: PostingChange) -> dict[str, Any]:
    return {
        "first": _side_json(change.first),
        "second": _side_json(change.second),
        "difference": exact_text(change.difference),
    }


def _side_json(side: PostingSide | None) -> dict[str, Any] | None:
    if side is None:
        return None
    line, firing = side.line, side.firing
    return {
        "kind": line.kind,
        "part": line.part,
        "rule": firing.rule,
        "clauses": list(firing.clauses),
        "facts": list(firing.facts),
        "kept": line.kept,
        "lost": line.lost,
        "open": line.open,
        "says": {"zh": firing.says.zh, "en": firing.says.en},
    }
