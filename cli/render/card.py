"""The card: the printed form with its head, its table by levels, and the reason for what was lost."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rich.box import HORIZONTALS
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.render.ledger import standing_lines
from cli.render.notices import notice_words
from cli.render.printable import one_line
from cli.render.words import (
    STATUS,
    field_line,
    grade_words,
    limit_words,
    points_range,
    ruleset_name,
    says,
    short_points,
)
from cli.render.wrapping import Wrapped
from cli.session import Session
from cli.view import View
from engine.base.messages import listing, msg
from engine.base.numbers import exact_text, simplest
from engine.receipt.model import IndicatorLine

ASSUMED = "※"
"""The mark of a score that rests on an assumed fact."""

_LONG = 40
"""How long a field of the head is that deserves a line of its own, in characters."""

_GAP = 2
"""How many cells are between two columns, one of them the frame's own."""

_NUMBERS = 11
"""How wide a column of numbers is at most, in cells."""

_HANG = 6
"""How far a level-3 name is indented, below its level 1 and level 2, in cells."""


def print_card(session: Session, seen: View) -> None:
    """Print the card of an evaluation."""
    with session.page() as console:
        _head(console, session, seen)
        console.print(_table(session, seen, console.width))
        _foot(console, session, seen)


def _head(console: Console, session: Session, seen: View) -> None:
    content = seen.content
    console.print(Text(one_line(content.ruleset.title), style="bold"))
    case = content.case
    line = msg(
        "{department}, {year}; {ruleset}",
        department=case.department,
        year=case.year,
        ruleset=ruleset_name(seen),
    )
    console.print(session.say(line))
    for standing in standing_lines(seen.recorded):
        console.print(session.say(standing), style="bold")
    for name in seen.ruleset.head:
        fact_type = seen.ruleset.facts[name]
        given = [fact for fact in content.facts if fact.type == name]
        if not given:
            continue
        console.print()
        console.print(Text(fact_type.title, style="bold"))
        for fact in given:
            values = fact.values
            lines = [field_line(session, fact_type, name, values[name]) for name in fact_type.fields if name in values]
            long = any(len(text) > _LONG for text in lines)
            console.print(Padding(Wrapped(("\n" if long else "  ").join(lines)), (0, 0, 0, 2)))
    console.print()


def _table(session: Session, seen: View, width: int) -> Table:
    rows = [_numbers(session, seen, indicator) for indicator in seen.content.indicators]
    rows += [("", points_range(level.kept, level.open), "") for level in seen.content.levels]
    rows.append((seen.content.weight, _total(seen), _claimed_total(seen)))
    heads = [session.say(name) for name in (msg("Weight"), msg("Score"), msg("Claimed"))]
    widths = [min(max(map(cell_len, column)), _NUMBERS) for column in zip(heads, *rows, strict=True)]
    room = width - sum(widths) - 4 * _GAP - 2
    names = max(room * 2 // 5, _HANG + 8)
    table = Table(box=HORIZONTALS, padding=(0, _GAP - 1, 0, 0), pad_edge=False)
    table.add_column(session.say(msg("Indicator")), width=names)
    for head, numbers in zip(heads, widths, strict=True):
        table.add_column(head, justify="right", width=numbers, overflow="fold")
    table.add_column(session.say(msg("Points lost, and why")), width=max(room - names, 8))
    levels = {tuple(level.path): level for level in seen.content.levels}
    shown: set[tuple[str, ...]] = set()
    for indicator in seen.content.indicators:
        path = tuple(indicator.path)
        for depth in range(1, len(path) + 1):
            if path[:depth] not in shown:
                shown.add(path[:depth])
                level = levels[path[:depth]]
                score = points_range(level.kept, level.open)
                name = " " * (depth - 1) + one_line(path[depth - 1])
                table.add_row(name, level.weight, score, "", "", style="bold")
        table.add_row(
            Wrapped(f"  {indicator.number:>2}. {one_line(indicator.name)}", hang=_HANG),
            *_numbers(session, seen, indicator),
            Wrapped("\n".join(dict.fromkeys(_reasons(session, seen, indicator)))),
        )
    content = seen.content
    table.add_section()
    table.add_row(
        session.say(msg("Total")),
        content.weight,
        _total(seen),
        _claimed_total(seen),
        session.say(grade_words(content)),
        style="bold",
    )
    return table


def _numbers(session: Session, seen: View, indicator: IndicatorLine) -> tuple[str, str, str]:
    """Return an indicator's weight, its score and what the department claimed."""
    claimed = indicator.claimed or session.say(msg("blank")) if seen.claim(indicator.number) else ""
    return indicator.weight, _score(session, indicator), claimed


def _score(session: Session, indicator: IndicatorLine) -> str:
    if Fraction(indicator.open) > 0:
        return session.say(STATUS["not_assessed"])
    return f"{indicator.kept}{ASSUMED if indicator.assumed else ''}"


def _total(seen: View) -> str:
    return points_range(seen.content.total, seen.content.open)


def _claimed_total(seen: View) -> str:
    claims = [Fraction(i.claimed) for i in seen.content.indicators if i.claimed is not None]
    return exact_text(simplest(sum(claims, start=Fraction(0)))) if claims else ""


def _reasons(session: Session, seen: View, indicator: IndicatorLine) -> Iterator[str]:
    """Yield why points were lost, what the department wrote of it, and where its own score differs."""
    number = indicator.number
    if indicator.status == "not_applicable":
        yield session.say(STATUS["not_applicable"])
    judged = False
    for posting, firing in seen.postings(number):
        lost = Fraction(posting.lost)
        if posting.kind in ("rounding", "limit"):
            continue
        if posting.kind == "adjustment":
            judged = True
            yield says(session, firing)
        elif lost > 0:
            yield f"−{short_points(posting.lost)} {says(session, firing)}{limit_words(session, posting)}"
        elif posting.kind in ("not_assessed", "override"):
            yield f"{says(session, firing)}{limit_words(session, posting)}"
    before = indicator.before_override
    if judged:
        after = indicator.kept if before is None else before.kept
        yield session.say(msg("After the judgements: {points}.", points=after))
    if before is not None and (before.kept, before.open) != (indicator.kept, indicator.open):
        yield session.say(msg("Before the override: {points}.", points=points_range(before.kept, before.open)))
    claimed = indicator.claimed
    if claimed is not None and Fraction(indicator.open) == 0 and Fraction(claimed) != Fraction(indicator.kept):
        gap = exact_text(simplest(Fraction(claimed) - Fraction(indicator.kept)))
        yield (
            session.say(msg("Claimed {claimed}: {gap} more than the rules give.", claimed=claimed, gap=gap))
            if not gap.startswith("-")
            else session.say(msg("Claimed {claimed}: {gap} less than the rules give.", claimed=claimed, gap=gap[1:]))
        )
    claim = seen.claim(number)
    if claim is not None:
        yield from (one_line(str(claim.values[field])) for field in ("reason", "measures") if field in claim.values)


def _foot(console: Console, session: Session, seen: View) -> None:
    content, recorded = seen.content, seen.recorded
    before = content.before_override
    if before is not None:
        points = points_range(before.total, before.open)
        line = msg("Before the override: {points}, {grade}.", points=points, grade=grade_words(before))
        console.print(session.say(line))
    left_open = [str(i.number) for i in content.indicators if Fraction(i.open) > 0]
    if left_open:
        line = msg(
            "Not assessed: {numbers}. Their {points} points are open: neither kept nor lost.",
            numbers=listing(left_open),
            points=short_points(content.open),
        )
        console.print(Wrapped(session.say(line)))
    assumptions = {reason: numbers for reason, numbers in seen.assumptions().items() if numbers}
    if assumptions:
        console.print(
            session.say(
                msg(
                    "{mark} marks scores that rest on assumed facts, not on a document; each "
                    "reason is followed by its indicators:",
                    mark=ASSUMED,
                )
            )
        )
        for reason, numbers in assumptions.items():
            line = msg("{reason} — {numbers}", reason=one_line(reason), numbers=listing(numbers))
            console.print(Padding(Wrapped(f"· {session.say(line)}"), (0, 0, 0, 2)))
    if content.notices:
        console.print(session.say(msg("Notices:")))
        for notice in content.notices:
            console.print(Padding(Wrapped(f"· {one_line(session.say(notice_words(seen, notice)))}"), (0, 0, 0, 2)))
    flags = list(seen.flags())
    if flags:
        console.print(session.say(msg("Please check (no points deducted):")))
        for flag in flags:
            console.print(Padding(Wrapped(f"· {says(session, flag)}"), (0, 0, 0, 2)))
    changed = [
        f"{name}={value}" for name, value in content.readings.items() if seen.ruleset.readings[name].chosen != value
    ]
    if changed:
        console.print(session.say(msg("Other readings than the ruleset's: {readings}.", readings=listing(changed))))
    console.print()
    if recorded is None:
        return
    entry = msg(
        "Evaluation {id}, entry {entry}, by {actor} at {at}",
        id=recorded.id,
        entry=recorded.entry,
        actor=one_line(recorded.actor),
        at=recorded.at,
    )
    console.print(session.say(entry))
    console.print(session.say(msg("Receipt {digest}", digest=seen.receipt_sha256)))
