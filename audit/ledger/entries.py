"""The entries that are stored: how many, the first one's hash, the keys that they name, and what covers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from audit.faults import errors
from audit.log.entries import (
    CoverEntry,
    KeyEntry,
    read_entry,
)
from audit.log.keys import NamedKey, parse_public_key
from audit.log.merkle import leaf_hash
from audit.tables import rows
from audit.tables.queries import ENTRY, KEYS, OTHERS
from audit.tables.records import Cover, KeyChange
from audit.tables.stored import parsed, stored_bytes
from engine.base.messages import msg


def size_of(connection: Connection) -> int:
    """Return how many entries there are, which are numbered from 0 without a gap."""
    newest = connection.execute(select(func.max(ENTRY.c.index))).scalar_one()
    return 0 if newest is None else int(newest) + 1


def first_leaf(connection: Connection) -> bytes:
    """Return the leaf hash of the first entry, from which the ledger has its identity."""
    stored = connection.execute(select(ENTRY.c.leaf_hash).where(ENTRY.c.index == 0)).scalar_one_or_none()
    if not isinstance(stored, str) or not re.fullmatch("[0-9a-f]{64}", stored):
        raise errors.CorruptRecord(msg("the leaf hash of entry 0"))
    return bytes.fromhex(stored)


def keys_of(connection: Connection) -> list[NamedKey]:
    """Return the keys that entries name, in their order, each with its entry; the last one is in force."""
    found = []
    for index, body in connection.execute(KEYS.order_by(ENTRY.c.index)):
        key = parse_public_key(str(parsed(body).get("key")))
        if key is None:
            raise errors.CorruptRecord(msg("the entry that names its key"))
        found.append(NamedKey(index, key))
    return found


def other_entries(connection: Connection) -> Iterator[KeyChange | Cover]:
    """Return the entries that record no evaluation, in their order, once their bodies have been checked."""
    for row in map(rows.EntryRow._make, connection.execute(OTHERS.order_by(ENTRY.c.index)).all()):
        text = stored_bytes(row.body)
        entry = read_entry(text.decode("utf-8", "replace"))
        said = (row.number, row.at, row.actor, row.reason)
        if (
            entry is None
            or (entry.index, entry.at, entry.actor, entry.reason) != said
            or leaf_hash(text).hex() != row.leaf_hash
        ):
            raise errors.CorruptRecord(msg("entry {entry}", entry=row.number))
        if isinstance(entry, CoverEntry):
            yield Cover(*said, entry.first, entry.last)
        elif isinstance(entry, KeyEntry) and (key := parse_public_key(entry.key)) is not None:
            yield KeyChange(*said, key)
