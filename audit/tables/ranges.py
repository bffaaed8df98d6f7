"""Reading the ledger's rows as they are, a range of entries at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, select
from sqlalchemy.exc import DBAPIError

from audit.log.merkle import leaf_hash
from audit.tables import rows
from audit.tables.queries import RULESET, written
from audit.tables.rows import EvaluationRow, Values
from audit.tables.schema import CHILDREN, Entry, Evaluation, Row, table
from engine.receipt.model import RulesetName

_ENTRY = table(Entry)
_EVALUATION = table(Evaluation)


class EntryRow(NamedTuple):
    """A row of the entries, as it is stored; nothing about it is certain but its number."""

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


class Leaf(NamedTuple):
    """What an entry is in the tree."""

    body: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Stretch:
    """All rows of some neighbouring entries."""

    entries: Mapping[int, EntryRow]
    leaves: Mapping[int, Leaf]
    evaluations: Mapping[int, EvaluationRow]
    children: Mapping[type[Row], Mapping[Any, list[Values]]]
    floats: bool = False
    """Whether some value is a float, which to Python may equal what should stand there; nothing of ours is one."""
    rulesets: Mapping[str, RulesetName] = field(default_factory=dict)
    """What the ledger says of the rulesets that have scored, by their digests, where that was read as well."""

    def count(self) -> Counter[str]:
        """Return how many rows of each table there are."""
        found = Counter({_ENTRY.name: len(self.entries), _EVALUATION.name: len(self.evaluations)})
        found.update({table(child).name: sum(map(len, each.values())) for child, each in self.children.items()})
        return found


def read_stretch(connection: Connection, start: int, stop: int, *, rulesets: bool = False) -> Stretch:
    """Read all rows that belong to the entries from `start` to `stop`, and the names of their `rulesets` if asked."""
    entries = {row[0]: EntryRow._make(row) for row in _between(connection, _ENTRY, "index", start, stop)}
    children = {child: _between(connection, table(child), "entry", start, stop) for child in CHILDREN}
    bodies = ((index, rows.stored_bytes(entry.body)) for index, entry in entries.items())
    evaluations = {row[0]: EvaluationRow._make(row) for row in _between(connection, _EVALUATION, "entry", start, stop)}
    return Stretch(
        entries,
        {index: Leaf(body, leaf_hash(body)) for index, body in bodies},
        evaluations,
        {
            child: {entry: list(own) for entry, own in groupby(found, itemgetter(0))}
            for child, found in children.items()
        },
        any(float in map(type, chain.from_iterable(found)) for found in children.values()),
        ruleset_names(connection, {str(row.ruleset) for row in evaluations.values()}) if rulesets else {},
    )


def ruleset_names(connection: Connection, digests: Collection[str]) -> dict[str, RulesetName]:
    """Return what the ledger says of these rulesets, by their digests."""
    found = connection.execute(select(RULESET).where(RULESET.c.digest.in_(sorted(digests))))
    return {row.digest: RulesetName(row.id, row.revision, row.title, row.digest, row.text) for row in found}


def _between(connection: Connection, each: Table, key: str, start: int, stop: int) -> Sequence[Values]:
    """Return whole rows in the order of their keys, straight from the driver."""
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(column.name) for column in each.columns)
    order = ", ".join(quote(column.name) for column in each.primary_key.columns)
    where = f"{quote(key)} >= {start:d} AND {quote(key)} < {stop:d}"
    query = f"SELECT {columns} FROM {written(connection, each)} WHERE {where} ORDER BY {order}"  # noqa: S608 - our own names
    cursor = connection.exec_driver_sql(query).cursor
    try:
        return cursor.fetchall()
    except connection.dialect.loaded_dbapi.Error as error:
        # As SQLAlchemy tells it; its own rows take twice the time.
        raise DBAPIError.instance(query, None, error, connection.dialect.loaded_dbapi.Error) from error
