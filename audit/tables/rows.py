"""The rows of the ledger's tables as typed values.

Each class of rows has the columns of its table as fields, in their order; a test compares the two. What is stored may
be anything that somebody has put there, so the fields are of any type until they have been checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from audit.tables.schema import (
    AggregateTable,
    CheckpointTable,
    CitationTable,
    EntryTable,
    EvaluationTable,
    FactTable,
    FiringTable,
    LedgerTable,
    PostingTable,
    ResultTable,
    RulesetTable,
    ScoreTable,
    SourceTable,
    TileTable,
)
from engine.receipt.model import RulesetName


class SourceRow(NamedTuple):
    """A text by its digest."""

    sha256: Any
    text: Any


class RulesetRow(NamedTuple):
    """A ruleset: what names it, and the digests of its texts."""

    digest: Any
    id: Any
    revision: Any
    title: Any
    text: Any
    manifest: Any

    @property
    def name(self) -> RulesetName:
        """What a receipt says of its ruleset."""
        return RulesetName(self.id, self.revision, self.title, self.digest, self.text)


class EvaluationRow(NamedTuple):
    """An evaluation with its receipt."""

    entry: int
    id: Any
    ruleset: Any
    department: Any
    department_key: Any
    year: Any
    total: Any
    total_rounded: Any
    open: Any
    grade: Any
    receipt_sha256: Any
    receipt: Any


class EntryRow(NamedTuple):
    """An entry; its column `index` is the field `number`, for a tuple has a method of that name."""

    number: int
    kind: Any
    at: Any
    actor: Any
    evaluation: Any
    supersedes: Any
    standing: Any
    reason: Any
    leaf_hash: Any
    body: Any

    @property
    def said(self) -> dict[str, Any]:
        """What its columns repeat of its body, by the names of the body's fields."""
        columns = self._asdict()
        return {"index": columns["number"], **{name: columns[name] for name in REPEATED}}


class CheckpointRow(NamedTuple):
    """A signed checkpoint."""

    size: Any
    note: Any


class TileRow(NamedTuple):
    """A complete tile of the tree."""

    level: Any
    position: Any
    root: Any
    hashes: Any


class FactRow(NamedTuple):
    """A fact of an evaluation, given or derived."""

    entry: int
    position: Any
    type: Any
    id: Any
    fields: Any
    assumed: Any
    assumed_reason: Any
    evidence: Any
    derived_by: Any

    @property
    def place(self) -> Any:
        """Which of its entry's rows it is."""
        return self.position


class AggregateRow(NamedTuple):
    """A number that was taken over many facts."""

    entry: int
    position: Any
    formula: Any
    value: Any
    facts: Any

    @property
    def place(self) -> Any:
        """Which of its entry's rows it is."""
        return self.position


class FiringRow(NamedTuple):
    """A rule's firing."""

    entry: int
    position: Any
    rule: Any
    indicator: Any
    part: Any
    action: Any
    option: Any
    clauses: Any
    readings: Any
    facts: Any
    aggregates: Any
    assumed: Any
    formulas: Any
    says_zh: Any
    says_en: Any

    @property
    def place(self) -> Any:
        """Which of its entry's rows it is."""
        return self.position


class PostingRow(NamedTuple):
    """Points that a firing keeps, loses or leaves open."""

    entry: int
    position: Any
    indicator: Any
    part: Any
    firing: Any
    kind: Any
    asked: Any
    kept: Any
    lost: Any
    open: Any
    limited_by: Any
    level: Any

    @property
    def place(self) -> Any:
        """Which of its entry's rows it is."""
        return self.position


class CitationRow(NamedTuple):
    """A clause that a firing cites."""

    entry: int
    position: Any
    firing: Any
    clause: Any
    lost: Any

    @property
    def place(self) -> Any:
        """Which of its entry's rows it is."""
        return self.position


class ScoreRow(NamedTuple):
    """How one indicator came out."""

    entry: int
    indicator: Any
    name: Any
    path: Any
    weight: Any
    kept: Any
    lost: Any
    open: Any
    status: Any
    claimed: Any
    before_override: Any
    assumed: Any
    parts: Any

    @property
    def place(self) -> Any:
        """Which of its entry's rows it is."""
        return self.indicator


class ResultRow(NamedTuple):
    """A named value besides points."""

    entry: int
    position: Any
    name: Any
    title: Any
    kind: Any
    unit: Any
    value: Any
    status: Any
    firings: Any
    unassessed: Any

    @property
    def place(self) -> Any:
        """Which of its entry's rows it is."""
        return self.position


ChildRow: TypeAlias = FactRow | AggregateRow | FiringRow | PostingRow | CitationRow | ScoreRow | ResultRow
"""A row that belongs to an evaluation."""

TableRow: TypeAlias = SourceRow | RulesetRow | EvaluationRow | EntryRow | CheckpointRow | TileRow | ChildRow
"""A row of a table."""

ROWS: Mapping[type[LedgerTable], type[TableRow]] = {
    SourceTable: SourceRow,
    RulesetTable: RulesetRow,
    EvaluationTable: EvaluationRow,
    EntryTable: EntryRow,
    CheckpointTable: CheckpointRow,
    TileTable: TileRow,
    FactTable: FactRow,
    AggregateTable: AggregateRow,
    FiringTable: FiringRow,
    PostingTable: PostingRow,
    CitationTable: CitationRow,
    ScoreTable: ScoreRow,
    ResultTable: ResultRow,
}
"""The rows of each table but that of the format, which holds one number."""

CHILD_ROWS: Mapping[type[LedgerTable], Callable[[Iterable[Any]], ChildRow]] = {
    FactTable: FactRow._make,
    AggregateTable: AggregateRow._make,
    FiringTable: FiringRow._make,
    PostingTable: PostingRow._make,
    CitationTable: CitationRow._make,
    ScoreTable: ScoreRow._make,
    ResultTable: ResultRow._make,
}
"""How the rows that belong to an evaluation are made of what is stored, by their tables."""

REPEATED = ("kind", "at", "actor", "evaluation", "supersedes", "standing", "reason")
"""The columns of an entry, beside its number, that repeat its body."""
