"""A connection to a ledger's file without fenming, as anyone has who has the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def bare_connection(path: Path | str) -> Iterator[sqlite3.Connection]:
    """Connect with sqlite3 alone; commit at the end and close."""
    with closing(sqlite3.connect(path)) as connection, connection:
        yield connection
