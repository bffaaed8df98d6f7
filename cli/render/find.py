"""What was found in a ledger: as a table, as CSV, as JSON."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

from audit.tables.records import RecordedEvaluation
from cli.render.ledger import ledger_json, standing_lines
from cli.render.listing import print_table
from cli.terminal.printable import one_line
from cli.terminal.session import Session
from engine.base.messages import Message, listing, msg, plural
from engine.base.numbers import exact_text, reading_text
from engine.explanation.words import PointsRange, says
from workflow.find import FiringFound, Found

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render_evaluations(session: Session, found: Sequence[Found]) -> None:
    """Print a row for each evaluation."""
    if not _reported_none(session, found):
        columns = [msg("Department"), msg("Evaluation"), msg("Year"), msg("Score"), msg("Grade")]
        print_table(session, columns, [_row(session, each.evaluation) for each in found], whole=1)
        count = plural("{count} evaluation", "{count} evaluations", count=len(found))
        session.report(count)


def render_firings(session: Session, found: Sequence[Found]) -> None:
    """Print a row for each firing."""
    listed = list(_firings(found))
    if not _reported_none(session, listed):
        columns = [msg("Department"), msg("Evaluation"), msg("No."), msg("Clause"), msg("Lost"), msg("Reason")]
        rows = (
            (
                "\n".join([one_line(f"{evaluation.department} {evaluation.year}"), *_notes(session, evaluation)]),
                evaluation.id,
                "" if firing.indicator is None else str(firing.indicator),
                session.say(listing(firing.line.clauses)),
                reading_text(firing.lost),
                session.say(says(firing.line)),
            )
            for evaluation, firing in listed
        )
        print_table(session, columns, rows, whole=1)
        session.report(plural("{count} firing", "{count} firings", count=len(listed)))


def evaluations_json(found: Sequence[Found]) -> list[dict[str, Any]]:
    """Return the evaluations as JSON, with the keys of `audit log --json`."""
    return ledger_json([each.evaluation for each in found])


def firings_json(found: Sequence[Found]) -> list[dict[str, Any]]:
    """Return the firings as JSON."""
    return [
        {
            "evaluation": evaluation.id,
            "department": evaluation.department,
            "year": evaluation.year,
            "ruleset": evaluation.ruleset,
            "standing": evaluation.standing,
            "superseded_by": evaluation.superseded_by,
            "firing": firing.number,
            "rule": firing.line.rule,
            "indicator": firing.indicator,
            "part": firing.line.part,
            "clauses": list(firing.line.clauses),
            "facts": list(firing.line.facts),
            "lost": exact_text(firing.lost),
            "says": {"zh": firing.line.says.zh, "en": firing.line.says.en},
        }
        for evaluation, firing in _firings(found)
    ]


def evaluations_csv(session: Session, found: Sequence[Found]) -> str:
    """Return the evaluations as a table of text, with a heading in the reader's language."""
    heading = [
        msg("Department"), msg("Year"), msg("Score"), msg("Open"), msg("Grade"), msg("Ruleset"), msg("Evaluation"),
        msg("Time"), msg("Actor"), msg("Remarks"),
    ]  # fmt: skip
    rows = (
        (
            e.department,
            e.year,
            e.total,
            e.open,
            e.grade or "",
            e.ruleset,
            e.id,
            e.at,
            e.actor,
            " ".join(_notes(session, e)),
        )
        for e in (each.evaluation for each in found)
    )
    return _csv(session, heading, rows)


def firings_csv(session: Session, found: Sequence[Found]) -> str:
    """Return the firings as a table of text, with a heading in the reader's language."""
    heading = [
        msg("Department"), msg("Year"), msg("No."), msg("Clause"), msg("Lost"), msg("Reason"), msg("Rule"),
        msg("Facts"), msg("Evaluation"), msg("Remarks"),
    ]  # fmt: skip
    rows = (
        (
            evaluation.department,
            evaluation.year,
            "" if firing.indicator is None else str(firing.indicator),
            session.say(listing(firing.line.clauses)),
            exact_text(firing.lost),
            session.say(says(firing.line)),
            firing.line.rule,
            session.say(listing(firing.line.facts)),
            evaluation.id,
            " ".join(_notes(session, evaluation)),
        )
        for evaluation, firing in _firings(found)
    )
    return _csv(session, heading, rows)


def _firings(found: Iterable[Found]) -> Iterator[tuple[RecordedEvaluation, FiringFound]]:
    return ((each.evaluation, firing) for each in found for firing in each.firings)


def _row(session: Session, each: RecordedEvaluation) -> Sequence[str]:
    notes = _notes(session, each)
    department = "\n".join([one_line(each.department), one_line(each.ruleset), *notes])
    points = str(PointsRange.read(each.total, each.open))
    return department, each.id, each.year, points, one_line(each.grade or "–")


def _notes(session: Session, each: RecordedEvaluation) -> list[str]:
    """Say what an evaluation is where it is not simply the one in force."""
    return [session.say(line) for line in standing_lines(each)]


def _reported_none(session: Session, found: Sequence[object]) -> bool:
    """Say so where nothing was found."""
    if not found:
        session.report(msg("Nothing in the ledger meets all that is asked."))
    return not found


def _csv(session: Session, heading: Sequence[Message], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; the mark at its beginning lets spreadsheets read the Chinese."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([session.say(column) for column in heading])
    writer.writerows([[_inert(cell) for cell in row] for row in rows])
    return f"\ufeff{text.getvalue()}"


def _inert(cell: str) -> str:
    """Return a cell with which no spreadsheet begins a formula: such a text gets an apostrophe in front."""
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    return cell.removeprefix("-").replace(".", "", 1).isdecimal()
