"""The ledger's tables.

`entry.body` and `evaluation.receipt` are the record; all other columns repeat what these two say, so that SQL can ask
about it. Numbers are kept as exact text and lists as JSON, both as in the receipt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, MetaData, Table, text
from sqlmodel import Field, SQLModel

from audit.log.entries import EVALUATION_KIND, KEY_KIND

FORMAT = 1
"""The version of the tables that this program reads and writes; a ledger with a higher one is refused."""

# Without a rowid, no second key exists through which a row could be replaced.
_KEYED: Mapping[str, Any] = {"sqlite_with_rowid": False}


class LedgerTable(SQLModel):
    """The base of the ledger's tables, which share one list of tables of their own."""

    metadata: ClassVar[MetaData] = MetaData()
    __table_args__: ClassVar[Any] = _KEYED


class FormatTable(LedgerTable, table=True):
    """The version of the ledger's tables."""

    __tablename__ = "ledger_format"
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})


class SourceTable(LedgerTable, table=True):
    """One text that scores depend on (a ruleset, a fact type's schema, a calendar), once, by its SHA-256."""

    __tablename__ = "source"

    sha256: str = Field(primary_key=True)
    text: str


class RulesetTable(LedgerTable, table=True):
    """A ruleset by its digest: the SHA-256 of `manifest`, which gives the SHA-256 of each of its texts by name."""

    __tablename__ = "ruleset"

    digest: str = Field(primary_key=True)
    id: str = Field(index=True)
    revision: int
    title: str
    text: str
    """The digest of the ruleset's own texts, which its id and revision name."""
    manifest: str


class EvaluationTable(LedgerTable, table=True):
    """One evaluation, with its receipt exactly as it was made."""

    __tablename__ = "evaluation"

    # A whole number as the key: SQLite reads long rows through to the end while it compares keys of another kind.
    __table_args__: ClassVar[Any] = {}
    entry: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    id: str = Field(unique=True)
    ruleset: str = Field(foreign_key="ruleset.digest")
    department: str
    department_key: str
    """The department's name as cases are compared: folded, so that two spellings of one are one."""
    year: str
    total: str
    total_rounded: int = Field(sa_type=BigInteger)
    """The total in millionths, rounded down: SQL compares it, for exact texts have no order."""
    open: str
    grade: str | None = None
    receipt_sha256: str
    receipt: str


class EntryTable(LedgerTable, table=True):
    """One line of the ledger, numbered from 0 without a gap. It is written last and seals its evaluation."""

    __tablename__ = "entry"

    __table_args__: ClassVar[Any] = {}
    index: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str
    at: str
    actor: str
    evaluation: str | None = Field(default=None, unique=True, foreign_key="evaluation.id")
    supersedes: str | None = Field(default=None, unique=True, foreign_key="evaluation.id")
    standing: str | None = None
    reason: str
    leaf_hash: str
    body: str


class CheckpointTable(LedgerTable, table=True):
    """The signed checkpoint of so many entries, written in the transaction that it covers."""

    __tablename__ = "checkpoint"

    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    note: str


class TileTable(LedgerTable, table=True):
    """256 neighbouring hashes of the Merkle tree over the entries, once they are complete, and what they come to."""

    __tablename__ = "tile"

    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    root: bytes
    hashes: bytes


class FactTable(LedgerTable, table=True):
    """A fact of an evaluation: given with the case, or derived by the firing that is named."""

    __tablename__ = "fact"

    entry: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    type: str
    id: str
    fields: str
    assumed: bool
    assumed_reason: str
    evidence: str
    derived_by: int | None = None


class AggregateTable(LedgerTable, table=True):
    """A number taken over many facts (a count, a sum, a mean), with the facts that it was taken over."""

    __tablename__ = "aggregate"

    entry: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    formula: str
    value: str
    facts: str


class FiringTable(LedgerTable, table=True):
    """A rule's firing: the clauses that it cites, the facts that it matched, its formulas, what it says."""

    __tablename__ = "firing"

    entry: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    rule: str
    indicator: int | None = None
    part: str
    action: str
    option: str
    clauses: str
    readings: str
    facts: str
    aggregates: str
    assumed: bool
    formulas: str
    says_zh: str
    says_en: str


class PostingTable(LedgerTable, table=True):
    """Points kept, lost or left open by one firing.

    `limited_by` says what kept it from what it asked: cap, floor, slice, stricter. A posting on a level as a whole has
    no indicator, and the level's path, which is empty for the total.
    """

    __tablename__ = "posting"

    entry: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    indicator: int | None = None
    part: str
    firing: int
    kind: str
    asked: str
    kept: str
    lost: str
    open: str
    limited_by: str
    level: str | None = None


class CitationTable(LedgerTable, table=True):
    """A clause that a firing cites, with the points that the firing takes: by it, losses are found by their clause."""

    __tablename__ = "citation"

    entry: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    firing: int
    clause: str
    lost: str


class ScoreTable(LedgerTable, table=True):
    """How one indicator came out."""

    __tablename__ = "score"

    entry: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    indicator: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str
    path: str
    weight: str
    kept: str
    lost: str
    open: str
    status: str
    claimed: str | None = None
    before_override: str | None = None
    assumed: bool
    parts: str


class ResultTable(LedgerTable, table=True):
    """A named value besides points, in the receipt's order; `status` says why `value` is empty."""

    __tablename__ = "result"

    entry: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str
    title: str
    kind: str
    unit: str
    value: str | None = None
    status: str
    firings: str
    unassessed: str


def table(row: type[LedgerTable]) -> Table:
    """Return the table behind a class of rows."""
    return LedgerTable.metadata.tables[str(row.__tablename__)]


IS_KEY = text(f"kind = '{KEY_KIND}'")
"""Which entries name keys; the same words in the index below and in the query, or the index is not used."""

IS_NO_EVALUATION = text(f"kind <> '{EVALUATION_KIND}'")
"""Which entries record no evaluation."""

# PostgreSQL has these conditions too, from the module that makes its tables: to name them here imports its dialect.
Index("ix_entry_other", table(EntryTable).c.index, sqlite_where=IS_NO_EVALUATION)

Index("ix_entry_key", table(EntryTable).c.index, sqlite_where=IS_KEY)

Index("ix_evaluation_case", table(EvaluationTable).c.department_key, table(EvaluationTable).c.year)

Index("ix_evaluation_ruleset", table(EvaluationTable).c.ruleset, table(EvaluationTable).c.entry)

Index("ix_evaluation_year", table(EvaluationTable).c.year, table(EvaluationTable).c.entry)

Index("ix_evaluation_grade", table(EvaluationTable).c.grade, table(EvaluationTable).c.entry)

Index("ix_evaluation_open", table(EvaluationTable).c.open, table(EvaluationTable).c.entry)

Index("ix_evaluation_total", table(EvaluationTable).c.total_rounded, table(EvaluationTable).c.entry)

Index("ix_entry_actor", table(EntryTable).c.actor, table(EntryTable).c.index)

Index("ix_entry_at", table(EntryTable).c.at, table(EntryTable).c.index)

Index("ix_firing_rule", table(FiringTable).c.rule, table(FiringTable).c.entry)

Index("ix_citation_clause", table(CitationTable).c.clause, table(CitationTable).c.lost, table(CitationTable).c.entry)

Index("ix_score_indicator", table(ScoreTable).c.indicator, table(ScoreTable).c.lost, table(ScoreTable).c.entry)

CHILDREN = (FactTable, AggregateTable, FiringTable, PostingTable, CitationTable, ScoreTable, ResultTable)
"""The tables that belong to one evaluation, closed once its entry is there."""
