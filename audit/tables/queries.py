"""The queries by which evaluations and entries are read back."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, select

from audit.faults.errors import CorruptRecord
from audit.log.entries import OFFICIAL
from audit.tables import schema as tables
from audit.tables.records import RecordedEvaluation
from audit.tables.schema import table
from engine.base.messages import msg

ENTRY = table(tables.EntryTable)
EVALUATION = table(tables.EvaluationTable)
RULESET = table(tables.RulesetTable)
SOURCE = table(tables.SourceTable)
TILE = table(tables.TileTable)
CHECKPOINT = table(tables.CheckpointTable)


KEYS = select(ENTRY.c.index, ENTRY.c.body).where(tables.IS_KEY)
"""The query of the entries that name keys."""


def schema_of(connection: Connection) -> str:
    """Return the schema that the ledger's tables are in; nothing where the database has no such thing."""
    return (connection.get_execution_options().get("schema_translate_map") or {}).get(None) or ""


def written(connection: Connection, each: Table) -> str:
    """Write a table's name, as SQLAlchemy does, for a statement that is not SQLAlchemy's: quoted, with its schema."""
    quote = connection.dialect.identifier_preparer.quote
    return ".".join(quote(name) for name in (schema_of(connection), each.name) if name)


def quoted(*names: str) -> str:
    """Quote a name, whether or not it needs that; the last of several is in the ones before."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


OTHERS = select(ENTRY).where(tables.IS_NO_EVALUATION)
"""The query of the entries that do not record an evaluation."""


@cache
def listing(*, in_force: bool = False) -> Select[Any]:
    """Return the query of the evaluations that have their entry, with their rulesets and what supersedes them.

    `in_force` leaves out those that are superseded, beside or a trial.
    """
    later = ENTRY.alias("later")
    joined = (
        EVALUATION.join(ENTRY, ENTRY.c.evaluation == EVALUATION.c.id)
        .join(RULESET, RULESET.c.digest == EVALUATION.c.ruleset)
        .outerjoin(later, later.c.supersedes == EVALUATION.c.id)
    )
    query = select(
        EVALUATION.c.id,
        EVALUATION.c.entry,
        ENTRY.c.at,
        ENTRY.c.actor,
        RULESET.c.id.label("ruleset"),
        RULESET.c.revision.label("ruleset_revision"),
        RULESET.c.title.label("ruleset_title"),
        EVALUATION.c.ruleset.label("ruleset_digest"),
        RULESET.c.text.label("ruleset_text"),
        EVALUATION.c.department,
        EVALUATION.c.year,
        EVALUATION.c.total,
        EVALUATION.c.open,
        EVALUATION.c.grade,
        EVALUATION.c.receipt_sha256,
        ENTRY.c.standing,
        ENTRY.c.supersedes,
        later.c.evaluation.label("superseded_by"),
        ENTRY.c.reason,
    ).select_from(joined)
    return query.where(ENTRY.c.standing == OFFICIAL, later.c.index.is_(None)) if in_force else query


def record(row: Row[Any]) -> RecordedEvaluation:
    """Return the evaluation that a row of the listing describes; a test compares the columns with the fields."""
    columns: tuple[Any, ...] = tuple(row)
    return RecordedEvaluation(*columns)


def body_bytes(stored: object) -> bytes:
    """Return the bytes of a stored body; `CorruptRecord` where it is not text."""
    if not isinstance(stored, str):
        raise CorruptRecord(msg("the body of an entry"))
    return stored.encode()
