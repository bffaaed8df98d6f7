"""The card: the printed form with its head, its table by levels, and the reason for what was lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from rich.box import HORIZONTALS
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.render.ledger import standing_lines
from cli.render.words import STATUS, field_line, ruleset_name, says, short_points
from cli.render.wrapping import Wrapped
from cli.session import Session
from cli.view import View
from engine.errors import msg
from engine.numbers import exact_text, simplest

ASSUMED = "※"
"""The mark of a score that rests on an assumed fact."""

_LONG = 40
"""How long a field of the head is that deserves a line of its own, in characters."""

_GAP = 2
"""How many cells stand between two columns, one of them the frame's own."""

_NUMBERS = 9
"""How wide a column of numbers is at most, in cells."""

_HANG = 6
"""How far a level-3 name stands in, below its level 1 and level 2, in cells."""


def print_card(session: Session, seen: View) -> None:
    """Print the card of an evaluation."""
    with session.page() as console:
        _head(console, session, seen)
        console.print(_table(session, seen, console.width))
        _foot(console, session, seen)


def _head(console: Console, session: Session, seen: View) -> None:
    content = seen.content
    console.print(Text(content["ruleset"]["title"], style="bold"))
    case = content["case"]
    line = msg(
        "{department}, {year}; {ruleset}",
        department=case["department"],
        year=case["year"],
        ruleset=ruleset_name(seen),
    )
    console.print(session.say(line))
    for standing in standing_lines(seen.recorded):
        console.print(session.say(standing), style="bold")
    for name in seen.ruleset.head:
        fact_type = seen.ruleset.facts[name]
        given = [fact for fact in content["facts"] if fact["type"] == name]
        if not given:
            continue
        console.print()
        console.print(Text(fact_type.title, style="bold"))
        for fact in given:
            values = fact["values"]
            lines = [field_line(session, fact_type, name, values[name]) for name in fact_type.fields if name in values]
            long = any(len(text) > _LONG for text in lines)
            console.print(Padding(Wrapped(("\n" if long else "  ").join(lines)), (0, 0, 0, 2)))
    console.print()


def _table(session: Session, seen: View, width: int) -> Table:
    rows = [_numbers(session, seen, indicator) for indicator in seen.content["indicators"]]
    rows += [("", level["kept"], "") for level in seen.content["levels"]]
    rows.append((seen.content["weight"], seen.content["total"], _claimed_total(seen)))
    heads = [session.say(name) for name in (msg("Weight"), msg("Score"), msg("Claimed"))]
    widths = [min(max(map(cell_len, column)), _NUMBERS) for column in zip(heads, *rows, strict=True)]
    room = width - sum(widths) - 4 * _GAP - 2
    names = max(room * 2 // 5, _HANG + 8)
    table = Table(box=HORIZONTALS, padding=(0, _GAP - 1, 0, 0), pad_edge=False)
    table.add_column(session.say(msg("Indicator")), width=names)
    for head, numbers in zip(heads, widths, strict=True):
        table.add_column(head, justify="right", width=numbers, overflow="fold")
    table.add_column(session.say(msg("What was lost, and why")), width=max(room - names, 8))
    levels = {tuple(level["path"]): level for level in seen.content["levels"]}
    shown: set[tuple[str, ...]] = set()
    for indicator in seen.content["indicators"]:
        path = tuple(indicator["path"])
        for depth in range(1, len(path) + 1):
            if path[:depth] not in shown:
                shown.add(path[:depth])
                level = levels[path[:depth]]
                table.add_row(" " * (depth - 1) + path[depth - 1], level["weight"], level["kept"], "", "", style="bold")
        table.add_row(
            Wrapped(f"  {indicator['number']:>2}. {indicator['name']}", hang=_HANG),
            *_numbers(session, seen, indicator),
            Wrapped("\n".join(dict.fromkeys(_reasons(session, seen, indicator)))),
        )
    content = seen.content
    table.add_section()
    table.add_row(
        session.say(msg("Total")),
        content["weight"],
        content["total"],
        _claimed_total(seen),
        content["grade"],
        style="bold",
    )
    return table


def _numbers(session: Session, seen: View, indicator: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return an indicator's weight, its score and what the department claimed."""
    claimed = indicator["claimed"] or session.say(msg("blank")) if seen.claim(indicator["number"]) else ""
    return indicator["weight"], _score(session, indicator), claimed


def _score(session: Session, indicator: Mapping[str, Any]) -> str:
    if indicator["status"] == "not_assessed":
        return session.say(STATUS["not_assessed"])
    return f"{indicator['kept']}{ASSUMED if indicator['assumed'] else ''}"


def _claimed_total(seen: View) -> str:
    claims = [Fraction(i["claimed"]) for i in seen.content["indicators"] if i["claimed"] is not None]
    return exact_text(simplest(sum(claims, start=Fraction(0)))) if claims else ""


def _reasons(session: Session, seen: View, indicator: Mapping[str, Any]) -> Iterator[str]:
    """Yield why points were lost, what the department wrote of it, and where its own score differs."""
    number = indicator["number"]
    if indicator["status"] == "not_applicable":
        yield session.say(STATUS["not_applicable"])
    for posting, firing in seen.postings(number):
        lost = Fraction(posting["lost"])
        if lost > 0 and posting["kind"] != "not_assessed":
            yield f"−{short_points(posting['lost'])} {says(session, firing)}"
        elif posting["kind"] in ("not_assessed", "adjustment") or (posting["kind"] == "override" and lost == 0):
            yield says(session, firing)
    before = indicator["before_override"]
    if before is not None and before != indicator["kept"]:
        yield session.say(msg("Before the override: {points}.", points=before))
    claimed = indicator["claimed"]
    if (
        claimed is not None
        and indicator["status"] != "not_assessed"
        and Fraction(claimed) != Fraction(indicator["kept"])
    ):
        gap = exact_text(simplest(Fraction(claimed) - Fraction(indicator["kept"])))
        yield (
            session.say(msg("Claimed {claimed}, {gap} more than derived.", claimed=claimed, gap=gap))
            if not gap.startswith("-")
            else session.say(msg("Claimed {claimed}, {gap} less than derived.", claimed=claimed, gap=gap[1:]))
        )
    claim = seen.claim(number)
    if claim is not None:
        yield from (str(claim["values"][field]) for field in ("reason", "measures") if field in claim["values"])


def _foot(console: Console, session: Session, seen: View) -> None:
    content, recorded = seen.content, seen.recorded
    if content["total_before_override"] is not None:
        console.print(
            session.say(
                msg(
                    "Before the override: {points}, {grade}.",
                    points=content["total_before_override"],
                    grade=content["grade_before_override"],
                )
            )
        )
    left_out = [i for i in content["indicators"] if i["status"] == "not_assessed"]
    if left_out:
        points = exact_text(simplest(sum((Fraction(i["weight"]) for i in left_out), start=Fraction(0))))
        numbers = ", ".join(str(i["number"]) for i in left_out)
        console.print(
            session.say(
                msg(
                    "Not assessed: {numbers}; {points} points that were neither earned nor refused.",
                    numbers=numbers,
                    points=points,
                )
            )
        )
    if any(indicator["assumed"] for indicator in content["indicators"]):
        reasons = list(dict.fromkeys(fact["assumed"] for fact in content["facts"] if fact["assumed"]))
        console.print(
            session.say(msg("{mark} rests on facts that are assumed, not taken from a document:", mark=ASSUMED))
        )
        for reason in reasons:
            console.print(Padding(Wrapped(f"· {reason}"), (0, 0, 0, 2)))
    flags = list(seen.flags())
    if flags:
        console.print(session.say(msg("To be looked at (no points taken):")))
        for flag in flags:
            console.print(Padding(Wrapped(f"· {says(session, flag)}"), (0, 0, 0, 2)))
    changed = [
        f"{name}={value}" for name, value in content["readings"].items() if seen.ruleset.readings[name].chosen != value
    ]
    if changed:
        console.print(session.say(msg("Other readings than the ruleset's: {readings}.", readings=", ".join(changed))))
    console.print()
    entry = msg(
        "Evaluation {id}, entry {entry}, by {actor} at {at}",
        id=recorded.id,
        entry=recorded.entry,
        actor=recorded.actor,
        at=recorded.at,
    )
    console.print(session.say(entry))
    console.print(session.say(msg("Receipt {digest}", digest=recorded.receipt_sha256)))
