"""The card, painted on the terminal or as JSON."""

from __future__ import annotations

from typing import Any

from rich.box import HORIZONTALS
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from audit.tables.records import RecordedEvaluation
from cli.render.ledger import standing_lines
from cli.render.words import field_text, ruleset_name
from cli.terminal.printable import one_line
from cli.terminal.session import Session
from cli.terminal.wrapping import Wrapped
from engine.base.messages import Message, listing, msg
from engine.explanation import Card
from engine.explanation.card import IndicatorRow, LevelRow, PartRow, ResultRow, grade_words
from engine.explanation.words import STATUS, short_points
from engine.receipt import Content, plain
from workflow.show import Shown

ASSUMED = "※"
"""The mark of a score that rests on an assumed fact."""

_LONG = 40
"""How long a field of the head is that deserves a line of its own, in characters."""

_GAP = 2
"""How many cells are between two columns, one of them the frame's own."""

_NUMBERS = 11
"""How wide a column of numbers is at most, in cells."""

_HANG = 6
"""How far a level-3 name is set in, below its level 1 and level 2, in cells."""

_ABOVE_ROWS = 4
"""How far a level between an indicator and its rows is set in, in cells."""


def answer_card(session: Session, shown: Shown, *, as_json: bool) -> None:
    """Print the card of an evaluation, recorded or not, or its JSON."""
    card = shown.card
    if as_json:
        session.json(card_json(card, shown.recorded))
    else:
        render_card(session, card, shown.recorded)


def render_card(session: Session, card: Card, recorded: RecordedEvaluation | None) -> None:
    """Print a card, with what the ledger says of it."""
    with session.page() as console:
        _head(console, session, card, recorded)
        console.print(_table(session, card, console.width))
        _results(console, session, card)
        _foot(console, session, card, recorded)


def card_json(card: Card, recorded: RecordedEvaluation | None) -> dict[str, Any]:
    """Return a card as JSON, with what the ledger says of it."""
    content = card.case.content
    return {
        **_record_json(recorded),
        "ruleset": content.ruleset.id,
        "ruleset_revision": content.ruleset.revision,
        "ruleset_text": content.ruleset.text,
        "ruleset_digest": content.ruleset.digest,
        "case": plain(content.case),
        "readings": content.readings,
        "weight": content.weight,
        "total": content.total,
        "open": content.open,
        "grade": content.grade,
        "grades": content.grades,
        "before_override": plain(content.before_override),
        "receipt_sha256": card.case.receipt_sha256,
        "indicators": [plain(row.line) for row in card.indicators],
        "levels": plain(content.levels),
        "flags": [
            {"rule": firing.rule, "kind": firing.option, "clauses": firing.clauses, "says": plain(firing.says)}
            for firing in card.case.flags()
        ],
        "notices": plain(content.notices),
        "results": [_result_json(row, card.case.content) for row in card.results],
    }


def _result_json(row: ResultRow, content: Content) -> dict[str, Any]:
    firings = [content.firings[number] for number in row.line.firings]
    return {
        **plain(row.line),
        "assumed": row.is_assumed,
        "firings": [{"rule": f.rule, "clauses": f.clauses, "facts": f.facts, "says": plain(f.says)} for f in firings],
    }


def _record_json(recorded: RecordedEvaluation | None) -> dict[str, Any]:
    return {
        "recorded": recorded is not None,
        "evaluation": recorded and recorded.id,
        "entry": None if recorded is None else recorded.entry,
        "at": recorded and recorded.at,
        "actor": recorded and recorded.actor,
        "standing": recorded and recorded.standing,
        "supersedes": recorded and recorded.supersedes,
        "superseded_by": recorded and recorded.superseded_by,
        "reason": recorded and recorded.reason,
    }


def _head(console: Console, session: Session, card: Card, recorded: RecordedEvaluation | None) -> None:
    content = card.case.content
    console.print(Text(one_line(content.ruleset.title), style="bold"))
    line = msg(
        "{department}, {year}; {ruleset}",
        department=content.case.department,
        year=content.case.year,
        ruleset=ruleset_name(card.case.ruleset),
    )
    console.print(Wrapped(session.say(line)))
    for standing in standing_lines(recorded):
        console.print(session.say(standing), style="bold")
    for section in card.head:
        console.print()
        console.print(Text(section.title, style="bold"))
        for fields in section.facts:
            lines = [field_text(session, field) for field in fields]
            long = any(len(text) > _LONG for text in lines)
            console.print(Padding(Wrapped(("\n" if long else "  ").join(lines)), (0, 0, 0, 2)))
    console.print()


def _table(session: Session, card: Card, width: int) -> Table:
    weight, claimed = card.case.content.weight, card.claimed_total or ""
    numbers = [_numbers(session, row) for row in card.rows] + [(weight, str(card.total), claimed)]
    heads = [session.say(name) for name in (msg("Weight"), msg("Score"), msg("Claimed"))]
    widths = [min(max(map(cell_len, column)), _NUMBERS) for column in zip(heads, *numbers, strict=True)]
    room = width - sum(widths) - 4 * _GAP - 2
    names = max(room * 2 // 5, _HANG + 8)
    table = Table(box=HORIZONTALS, padding=(0, _GAP - 1, 0, 0), pad_edge=False)
    table.add_column(session.say(msg("Indicator")), width=names)
    for head, cells in zip(heads, widths, strict=True):
        table.add_column(head, justify="right", width=cells, overflow="fold")
    table.add_column(session.say(msg("Points lost, and why")), width=max(room - names, 8))
    for row in card.rows:
        reasons = Wrapped("\n".join(one_line(session.say(reason)) for reason in row.reasons))
        if isinstance(row, LevelRow):
            indent = row.depth if row.above_rows is None else _ABOVE_ROWS + row.above_rows
            name = Wrapped(" " * indent + one_line(row.name), "bold", hang=indent + 2)
            table.add_row(name, *_numbers(session, row), reasons, style="bold")
        elif isinstance(row, PartRow):
            title = Wrapped(" " * _HANG + one_line(row.line.title), hang=_HANG + 2)
            table.add_row(title, *_numbers(session, row), reasons)
        else:
            table.add_row(
                Wrapped(f"  {row.line.number:>2}. {one_line(row.line.name)}", hang=_HANG),
                *_numbers(session, row),
                reasons,
            )
    table.add_section()
    outcome = [grade_words(card.case.content), *card.total_reasons]
    table.add_row(
        session.say(msg("Total")), weight, str(card.total), claimed,
        Wrapped("\n".join(session.say(line) for line in outcome)), style="bold",
    )  # fmt: skip
    return table


def _numbers(session: Session, row: LevelRow | IndicatorRow | PartRow) -> tuple[str, str, str]:
    """Return the weight of a row, its score and what the department claimed."""
    if isinstance(row, LevelRow):
        return row.line.weight, str(row.points), ""
    if isinstance(row, PartRow):
        return row.line.weight, str(row.points), row.row.claimed or ""
    line = row.line
    claimed = session.say(msg("blank")) if row.is_claimed_blank else line.claimed or ""
    if row.points.open:
        return line.weight, session.say(STATUS["not_assessed"]), claimed
    return line.weight, f"{line.kept}{ASSUMED if line.assumed else ''}", claimed


def _results(console: Console, session: Session, card: Card) -> None:
    """Print the values besides points, each with the sentences of its rules."""
    if not card.results:
        return
    table = Table(box=None, show_header=False, padding=(0, _GAP, 0, 0), pad_edge=False)
    for row in card.results:
        value = one_line(session.say(row.value)) + (ASSUMED if row.is_assumed else "")
        reasons = "\n".join(one_line(session.say(reason)) for reason in row.reasons)
        table.add_row(Wrapped(one_line(row.line.title)), Text(value, style="bold"), Wrapped(reasons))
    console.print(Text(session.say(msg("Results")), style="bold"))
    console.print(Padding(table, (0, 0, 0, 2)))


def _foot(console: Console, session: Session, card: Card, recorded: RecordedEvaluation | None) -> None:
    if card.before_override is not None:
        console.print(session.say(card.before_override))
    _open_points(console, session, card)
    if card.assumptions:
        console.print(
            session.say(
                msg(
                    (
                        "{mark} marks scores that rest on assumed facts, not on a document; each reason "
                        "is followed by its indicators:"
                    ),
                    mark=ASSUMED,
                )
            )
        )
        for assumption in card.assumptions:
            reason, numbers = one_line(assumption.reason), listing(assumption.indicators)
            if assumption.indicators:
                _point(console, session, msg("{reason} — {numbers}", reason=reason, numbers=numbers))
            if assumption.results:
                results = listing(map(one_line, assumption.results))
                _point(console, session, msg("{reason} — results: {results}", reason=reason, results=results))
    if card.notices:
        console.print(session.say(msg("Notices:")))
        for notice in card.notices:
            _point(console, session, notice)
    if card.remarks:
        console.print(session.say(msg("Please check (no points deducted):")))
        for remark in card.remarks:
            _point(console, session, remark)
    if card.changed_readings:
        changed = listing(f"{name}={session.say(value)}" for name, value in card.changed_readings)
        console.print(session.say(msg("Other readings than the ruleset's: {readings}.", readings=changed)))
    console.print()
    if recorded is None:
        console.print(session.say(msg("Dry run: nothing was recorded.")), style="bold")
        return
    entry = msg(
        "Evaluation {id}, entry {entry}, by {actor} at {at}",
        id=recorded.id,
        entry=recorded.entry,
        actor=one_line(recorded.actor),
        at=recorded.at,
    )
    console.print(session.say(entry))
    console.print(session.say(msg("Receipt {digest}", digest=card.case.receipt_sha256)))


def _open_points(console: Console, session: Session, card: Card) -> None:
    if card.left_open:
        line = msg(
            "Not assessed: {numbers}. Their {points} points are open: neither kept nor lost.",
            numbers=listing(card.left_open),
            points=short_points(card.case.content.open),
        )
        console.print(Wrapped(session.say(line)))
    if card.depends is not None:
        console.print(Wrapped(session.say(card.depends)))


def _point(console: Console, session: Session, message: Message) -> None:
    console.print(Padding(Wrapped(f"· {one_line(session.say(message))}"), (0, 0, 0, 2)))
