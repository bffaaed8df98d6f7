"""Reading the ledger's rows as they are, a range of entries at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from audit.log.merkle import leaf_hash
from audit.tables.queries import RULESET, written
from audit.tables.rows import CHILD_ROWS, ChildRow, EntryRow, EvaluationRow, RulesetRow
from audit.tables.schema import EntryTable, EvaluationTable, LedgerTable, table
from audit.tables.stored import plain_text, stored_bytes
from engine.receipt.model import RulesetName

R = TypeVar("R")

_ENTRY = attrgetter("entry")


class Leaf(NamedTuple):
    """What an entry is in the tree."""

    body: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class EntryRange:
    """All rows of some neighbouring entries."""

    entries: Mapping[int, EntryRow]
    leaves: Mapping[int, Leaf]
    evaluations: Mapping[int, EvaluationRow]
    children: Mapping[type[LedgerTable], Mapping[Any, Sequence[ChildRow]]]
    floats: bool = False
    """Whether some value is a float, which to Python may equal what should be there; nothing of ours is one."""
    rulesets: Mapping[str, RulesetName] = field(default_factory=dict)
    """What the ledger says of the rulesets that have scored, by their digests, where that was read as well."""

    def count(self) -> Counter[str]:
        """Return how many rows of each table there are."""
        found = Counter({table(EntryTable).name: len(self.entries), table(EvaluationTable).name: len(self.evaluations)})
        found.update({table(child).name: sum(map(len, each.values())) for child, each in self.children.items()})
        return found


def read_range(connection: Connection, start: int, stop: int, *, rulesets: bool = False) -> EntryRange:
    """Read all rows that belong to the entries from `start` to `stop`, and the names of their `rulesets` if asked."""
    numbers = range(start, stop)
    entries = _between(connection, EntryTable, EntryRow._make, "index", numbers)
    evaluations = _between(connection, EvaluationTable, EvaluationRow._make, "entry", numbers)
    children = {child: _between(connection, child, make, "entry", numbers) for child, make in CHILD_ROWS.items()}
    bodies = {entry.number: stored_bytes(entry.body) for entry in entries}
    return EntryRange(
        {entry.number: entry for entry in entries},
        {number: Leaf(body, leaf_hash(body)) for number, body in bodies.items()},
        {evaluation.entry: evaluation for evaluation in evaluations},
        {child: {entry: list(own) for entry, own in groupby(found, _ENTRY)} for child, found in children.items()},
        any(float in map(type, chain.from_iterable(found)) for found in children.values()),
        ruleset_names(connection, {plain_text(each.ruleset) for each in evaluations}) if rulesets else {},
    )


def ruleset_names(connection: Connection, digests: Collection[str]) -> dict[str, RulesetName]:
    """Return what the ledger says of these rulesets, by their digests."""
    found = connection.execute(select(RULESET).where(RULESET.c.digest.in_(sorted(digests))))
    return {row.digest: row.name for row in map(RulesetRow._make, found)}


def _between(
    connection: Connection, of: type[LedgerTable], make: Callable[[Iterable[Any]], R], key: str, numbers: range
) -> list[R]:
    """Return whole rows in the order of their keys, straight from the driver."""
    each = table(of)
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(column.name) for column in each.columns)
    order = ", ".join(quote(column.name) for column in each.primary_key.columns)
    where = f"{quote(key)} >= {numbers.start:d} AND {quote(key)} < {numbers.stop:d}"
    query = f"SELECT {columns} FROM {written(connection, each)} WHERE {where} ORDER BY {order}"  # noqa: S608 - our own names
    cursor = connection.exec_driver_sql(query).cursor
    try:
        return [make(row) for row in cursor.fetchall()]
    except connection.dialect.loaded_dbapi.Error as error:
        # Plain tuples; SQLAlchemy's own rows take twice the time.
        raise DBAPIError.instance(query, None, error, connection.dialect.loaded_dbapi.Error) from error
