"""Bringing a ledger of an older format into a new one: each entry as it was, to the byte, and the old ledger untouched.

What counts has been the same in every format: the bodies of the entries, the receipts, and the texts of the rulesets.
All other columns are made from these anew; the old ones are compared with them first, for afterwards nothing would
show that somebody had changed them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, column, func, select
from sqlalchemy import table as sql_table
from sqlalchemy.exc import DBAPIError

from audit import errors, rows
from audit.append import insert_rows
from audit.database import open_database
from audit.log.merkle import leaf_hash
from audit.queries import ENTRY, EVALUATION, RULESET, SOURCE
from audit.stored import EntryRow, Leaf, Stretch, entry_faults
from audit.tables import CHILDREN, FORMAT, Format, Row, table
from audit.tree import StoredTree
from audit.verify.belongings import check_rulesets, doubled_corrections
from engine.errors import Message, msg
from engine.sources import sha256

_AT_ONCE = 1000

_ENTRIES = select(*(ENTRY.c[name] for name in rows.ENTRY_COLUMNS), column("body_sha256"), ENTRY.c.body).order_by(
    ENTRY.c.index
)
"""Format 1 kept the digest of each body where there is now its hash as a leaf."""

_COUNT = select(func.count()).select_from(ENTRY)


@contextmanager
def older_ledger(url: str) -> Iterator[OlderLedger]:
    """Open a ledger of an older format, to read what counts of it; `LedgerError` where it is none, or is damaged."""
    database = open_database(url, create=False, timeout=30.0)
    try:
        with database.begin(writing=False) as connection:
            version = None
            if str(Format.__tablename__) in database.tables(connection):
                version = connection.execute(select(func.max(table(Format).c.version))).scalar_one()
            if not isinstance(version, int):
                raise errors.not_a_ledger(database.name)
            if version > FORMAT:
                raise errors.newer(database.name, version, FORMAT)
            if version == FORMAT:
                raise errors.not_older(database.name, FORMAT)
            older = OlderLedger(database.name, connection, connection.execute(_COUNT).scalar_one())
            if (fault := next(older.faults(), None)) is not None:
                raise errors.damaged(database.name, fault)
            yield older
    except DBAPIError as error:
        raise database.explain(error) from error
    finally:
        database.engine.dispose()


@dataclass(frozen=True, slots=True)
class OlderLedger:
    """A ledger of an older format, as one transaction sees it."""

    path: str
    """How messages name it: never with a password."""
    connection: Connection
    size: int

    def copy(self, target: Connection) -> None:
        """Write all of it into the tables of a new ledger."""
        for each in (SOURCE, RULESET):
            insert_rows(target, each, [tuple(row) for row in self.connection.execute(select(each))])
        for stretch in self._stretches():
            tree = StoredTree(target, min(stretch.entries))
            insert_rows(target, EVALUATION, list(stretch.evaluations.values()))
            for number, evaluation in stretch.evaluations.items():
                for child, values in rows.child_rows(number, orjson.loads(evaluation[8])):
                    insert_rows(target, table(child), values)
            insert_rows(target, ENTRY, list(stretch.entries.values()))
            tree.grow([leaf.hash for leaf in stretch.leaves.values()])

    def faults(self) -> Iterator[Message]:
        """Tell what does not fit together, as verification would."""
        read: Counter[str] = Counter()
        rulesets: dict[Any, tuple[int, Any]] = {}
        for stretch in self._stretches():
            read += stretch.count()
            for number, entry in stretch.entries.items():
                for fault in entry_faults(self.connection, entry, stretch):
                    yield msg("entry {entry}: {fault}", entry=number, fault=fault)
                if number in stretch.evaluations:
                    told = orjson.loads(stretch.evaluations[number][8])["ruleset"]
                    rulesets.setdefault(told["digest"], (number, told))
        for each in (ENTRY, EVALUATION, *[table(child) for child in CHILDREN]):
            if self.connection.execute(select(func.count()).select_from(each)).scalar_one() != read[each.name]:
                yield msg("{table} has rows that belong to no entry", table=each.name)
        yield from (each.what for each in doubled_corrections(self.connection, self.size))
        yield from (each.what for each in check_rulesets(self.connection, rulesets, self.size))

    def _stretches(self) -> Iterator[Stretch]:
        """Read the old rows as those of today's format; an entry beyond a gap is in none."""
        for start in range(0, self.size, _AT_ONCE):
            yield self._stretch(start, min(start + _AT_ONCE, self.size))

    def _stretch(self, start: int, stop: int) -> Stretch:
        within = ENTRY.c.index.between(start, stop - 1)
        entries, leaves = {}, {}
        for row in self.connection.execute(_ENTRIES.where(within)):
            text = rows.stored_bytes(row.body)
            leaf = Leaf(text, leaf_hash(text))
            # A wrong digest becomes a wrong hash, and is told as such.
            entry = EntryRow._make(row)._replace(leaf_hash=leaf.hash.hex() if sha256(text) == row.body_sha256 else "")
            entries[entry.number], leaves[entry.number] = entry, leaf
        evaluations = select(EVALUATION).where(EVALUATION.c.entry.between(start, stop - 1)).order_by(EVALUATION.c.entry)
        return Stretch(
            entries,
            leaves,
            {row.entry: tuple(row) for row in self.connection.execute(evaluations)},
            {child: self._rows(child, start, stop) for child in CHILDREN},
            floats=True,
        )

    def _rows(self, child: type[Row], start: int, stop: int) -> dict[Any, list[rows.Values]]:
        """Read the rows behind evaluations; in format 1 they name these by their ids."""
        _, *names = table(child).columns.keys()
        old = sql_table(table(child).name, column("evaluation"), *map(column, names))
        found = (
            select(EVALUATION.c.entry, *(old.c[name] for name in names))
            .join_from(old, EVALUATION, EVALUATION.c.id == old.c.evaluation)
            .where(EVALUATION.c.entry.between(start, stop - 1))
            .order_by(EVALUATION.c.entry, old.c[names[0]])
        )
        selected = [tuple(row) for row in self.connection.execute(found)]
        return {entry: list(group) for entry, group in groupby(selected, itemgetter(0))}
