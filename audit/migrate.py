"""Bringing a ledger of an older format into a new one: each entry as it was, to the byte, and the old ledger untouched.

What counts has been the same in every format: the bodies of the entries, the receipts, and the texts of the rulesets.
All other columns are made from these anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from audit import errors, rows
from audit.append import insert_rows
from audit.database import open_database
from audit.entries import EVALUATION_KIND
from audit.log.merkle import leaf_hash
from audit.queries import ENTRY, EVALUATION, RULESET, SOURCE
from audit.tables import FORMAT, Format, table
from audit.tree import StoredTree
from engine.errors import msg
from engine.receipt import Receipt
from engine.sources import sha256

_AT_ONCE = 1000

_READ = (
    select(ENTRY.c.body, EVALUATION.c.receipt)
    .join_from(ENTRY, EVALUATION, EVALUATION.c.id == ENTRY.c.evaluation, isouter=True)
    .order_by(ENTRY.c.index)
)


@contextmanager
def older_ledger(url: str) -> Iterator[OlderLedger]:
    """Open a ledger of an older format, to read what counts of it; `LedgerError` where it is none."""
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
            yield OlderLedger(database.name, connection)
    except DBAPIError as error:
        raise database.explain(error) from error
    finally:
        database.engine.dispose()


@dataclass(frozen=True, slots=True)
class OlderLedger:
    """A ledger of an older format, as one transaction sees it."""

    name: str
    connection: Connection

    def copy(self, target: Connection) -> None:
        """Write all of it into the tables of a new ledger; `LedgerError` where it is damaged."""
        _copy_texts(self.connection, target)
        _copy_entries(self.connection, target, self.name)


def _copy_texts(source: Connection, target: Connection) -> None:
    for each in (SOURCE, RULESET):
        insert_rows(target, each, [tuple(row) for row in source.execute(select(each))])


def _copy_entries(source: Connection, target: Connection, path: str) -> None:
    size = 0
    found = source.execute(_READ)
    while page := list(islice(found, _AT_ONCE)):
        tree = StoredTree(target, size)
        leaves, entries = [], []
        for text, receipt in page:
            body = rows.parsed(text)
            if body.get("index") != size:
                raise errors.damaged(path, msg("entry {entry} is missing or not what it was", entry=size))
            if body["kind"] == EVALUATION_KIND:
                _copy_evaluation(target, body, receipt, path)
            leaves.append(leaf_hash(text.encode()))
            entries.append(rows.entry_row(body, text.encode(), leaves[-1]))
            size += 1
        insert_rows(target, ENTRY, entries)
        tree.grow(leaves)


def _copy_evaluation(target: Connection, body: Any, text: object, path: str) -> None:
    index = body["index"]
    if not isinstance(text, str) or sha256(text.encode()) != body["receipt_sha256"]:
        raise errors.damaged(path, msg("the receipt of entry {entry} is not what it was", entry=index))
    receipt = Receipt(json.loads(text), text.encode(), body["receipt_sha256"])
    insert_rows(target, EVALUATION, [rows.evaluation_row(body["evaluation"], index, receipt)])
    for row, values in rows.child_rows(index, receipt.content):
        insert_rows(target, table(row), values)
