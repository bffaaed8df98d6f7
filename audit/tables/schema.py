"""The ledger's tables.

`entry.body` and `evaluation.receipt` are the record; all other columns repeat what these two say, so that SQL can ask
about it. Numbers stand as exact text and lists as JSON, both as in the receipt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import Index, MetaData, Table, text
from sqlmodel import Field, SQLModel

from audit.log.entries import EVALUATION_KIND, KEY_KIND

FORMAT = 1
"""The version of the tables that this program reads and writes; a ledger with a higher one is refused."""

# Without a rowid, no second key exists through which a row could be replaced.
_KEYED: Mapping[str, Any] = {"sqlite_with_rowid": False}


class Row(SQLModel):
    """The base of the ledger's tables, which share one list of tables of their own."""

    metadata: ClassVar[MetaData] = MetaData()
    __table_args__: ClassVar[Any] = _KEYED


class Format(Row, table=True):
    """The version of the ledger's tables."""

    __tablename__ = "ledger_format"
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})


class Source(Row, table=True):
    """One text that scores depend on (a ruleset, a fact type's schema, a calendar), once, by its SHA-256."""

    sha256: str = Field(primary_key=True)
    text: str


class Ruleset(Row, table=True):
    """A ruleset by its digest: the SHA-256 of `manifest`, which gives the SHA-256 of each of its texts by name."""

    digest: str = Field(primary_key=True)
    id: str = Field(index=True)
    revision: int
    title: str
    text: str
    """The digest of the ruleset's own texts, which its id and revision name."""
    manifest: str


class Evaluation(Row, table=True):
    """One evaluation, with its receipt exactly as it was made."""

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
    open: str
    grade: str | None = None
    receipt_sha256: str
    receipt: str


class Entry(Row, table=True):
    """One line of the ledger, numbered from 0 without a gap. It is written last and seals its evaluation."""

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


class Checkpoint(Row, table=True):
    """The signed checkpoint of so many entries, written in the transaction that it covers."""

    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    note: str


class Tile(Row, table=True):
    """256 neighbouring hashes of the Merkle tree over the entries, once they are complete, and what they come to."""

    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    root: bytes
    hashes: bytes


class Fact(Row, table=True):
    """A fact of an evaluation: given with the case, or derived by the firing that is named."""

    entry: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    type: str
    id: str
    fields: str
    assumed: bool
    assumed_reason: str
    evidence: str
    derived_by: int | None = None


class Aggregate(Row, table=True):
    """A number taken over many facts (a count, a sum, a mean), with the facts that it was taken over."""

    entry: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    formula: str
    value: str
    facts: str


class Firing(Row, table=True):
    """A rule's firing: the clauses that it cites, the facts that it matched, its formulas, what it says."""

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


class Posting(Row, table=True):
    """Points kept, lost or left open by one firing.

    `limited_by` says what kept it from what it asked: cap, floor, slice, stricter.
    """

    entry: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    indicator: int
    part: str
    firing: int
    kind: str
    asked: str
    kept: str
    lost: str
    open: str
    limited_by: str


class Score(Row, table=True):
    """How one indicator came out."""

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


def table(row: type[Row]) -> Table:
    """Return the table behind a class of rows."""
    return Row.metadata.tables[str(row.__tablename__)]


IS_KEY = text(f"kind = '{KEY_KIND}'")
"""Which entries name keys; the same words in the index below and in the query, or the index is not used."""

IS_NO_EVALUATION = text(f"kind <> '{EVALUATION_KIND}'")
"""Which entries record no evaluation."""

Index("ix_entry_other", table(Entry).c.index, sqlite_where=IS_NO_EVALUATION, postgresql_where=IS_NO_EVALUATION)

Index("ix_entry_key", table(Entry).c.index, sqlite_where=IS_KEY, postgresql_where=IS_KEY)

Index("ix_evaluation_case", table(Evaluation).c.department_key, table(Evaluation).c.year)

Index("ix_evaluation_ruleset", table(Evaluation).c.ruleset, table(Evaluation).c.entry)

CHILDREN = (Fact, Aggregate, Firing, Posting, Score)
"""The tables that belong to one evaluation, closed once its entry is there."""
