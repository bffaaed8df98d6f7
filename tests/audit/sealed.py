"""A ledger that was right once, and someone who has the database and changes it behind the ledger's back."""

from __future__ import annotations

import shutil
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg.adapt import Buffer, Loader
from sqlalchemy import Integer

from audit.database.postgresql.guards import triggers
from audit.database.sqlite.guards import guards
from audit.ledger.ledger import Ledger, open_ledger
from audit.ledger.submission import Submission
from audit.log.keys import SigningKey
from audit.tables.schema import CHILDREN, LedgerTable
from audit.verify import Report, verify
from tests.audit.bare import Bare
from tests.audit.postgres import Server
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources

KEYS = [SigningKey("czj.example/fenming", bytes([n]) * 32) for n in (1, 2)]
TABLES = sorted(LedgerTable.metadata.tables)
OF_ENTRIES = {"entry": "index", "evaluation": "entry", **{str(child.__tablename__): "entry" for child in CHILDREN}}


class Sealed(ABC):
    """The ledger, its checkpoints in a folder, and the means to change both and to put them back."""

    samples: int
    """How many bytes of each value are tried."""

    def __init__(self, url: str, here: Path) -> None:
        self.url = url
        self.here = here

    @property
    def folder(self) -> Path:
        """Where its checkpoints are."""
        return self.here / "kept"

    @property
    def copy(self) -> Path:
        """Where a copy is kept."""
        return self.here.with_name(f"{self.here.name}-copy")

    def open(self, signer: SigningKey | None = None, folder: Path | None = None) -> Ledger:
        """Open it with its checkpoints, or with those of another folder."""
        return open_ledger(self.url, create=True, checkpoints=folder or self.folder, signer=signer)

    def report(self) -> Report:
        """Verify it with the key that signed it first."""
        with open_ledger(self.url, create=False, checkpoints=self.folder) as ledger:
            return verify(ledger, key=KEYS[0].public)

    def keep(self) -> None:
        """Keep a copy."""
        shutil.copytree(self.here, self.copy)

    def put_back(self) -> None:
        """Put the copy back."""
        shutil.rmtree(self.here)
        shutil.copytree(self.copy, self.here)

    @abstractmethod
    def change(self, *statements: str, values: tuple[object, ...] = ()) -> None:
        """Change it, past its triggers, which stand again afterwards."""

    @abstractmethod
    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask it; texts come as their bytes."""

    @abstractmethod
    def clear(self) -> None:
        """Take the ledger away, and leave its checkpoints."""


class SealedFile(Sealed):
    """On SQLite, in the folder of its checkpoints."""

    samples = 5

    def change(self, *statements: str, values: tuple[object, ...] = ()) -> None:
        with closing(sqlite3.connect(self.url, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN")
            for name in guards():
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement, values)
            for text in guards().values():
                connection.execute(text)
            connection.execute("COMMIT")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.url)) as connection:
            connection.text_factory = bytes
            return connection.execute(query).fetchall()

    def clear(self) -> None:
        Path(self.url).unlink()


class SealedDatabase(Sealed):
    """On PostgreSQL, where a superuser changes it, and another database holds the copy."""

    samples = 2

    def __init__(self, url: str, here: Path, server: Server, kept: str) -> None:
        super().__init__(url, here)
        self.server = server
        self.kept = kept

    def change(self, *statements: str, values: tuple[object, ...] = ()) -> None:
        # A cast without a function puts any bytes into a text, as a broken disk does.
        off = [f'ALTER TABLE "{name}" DISABLE TRIGGER USER' for name in TABLES]
        on = [f'ALTER TABLE "{each.table}" ENABLE ALWAYS TRIGGER {each.name}' for each in triggers()]
        off += ["SET LOCAL session_replication_role = replica", "CREATE CAST (bytea AS text) WITHOUT FUNCTION"]
        with closing(psycopg.connect(self.url, autocommit=True)) as connection, connection.transaction():
            bare = Bare(connection)
            bare.execute(";".join(off))
            for statement in statements:
                bare.execute(statement, values)
            bare.execute(";".join([*on, "DROP CAST (bytea AS text)"]))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(psycopg.connect(self.url)) as connection:
            connection.adapters.register_loader("text", _AsBytes)
            return connection.execute(query.encode()).fetchall()

    def put_back(self) -> None:
        super().put_back()
        self._make(self.kept)

    def clear(self) -> None:
        self._make("nothing")

    def _make(self, template: str) -> None:
        name = self.url.rpartition("/")[2]
        self.server.execute("DROP DATABASE {} WITH (FORCE)", name)
        self.server.create(name, template)


class _AsBytes(Loader):
    """Leaves a text as it is."""

    def load(self, data: Buffer) -> bytes:
        return bytes(data)


def sealed_file(url: str, batches: list[int]) -> Sealed:
    """Fill a ledger on SQLite, and keep a copy."""
    sealed = SealedFile(url, Path(url).parent)
    _fill(sealed, batches)
    sealed.keep()
    return sealed


@contextmanager
def sealed_database(url: str, here: Path, server: Server, batches: list[int]) -> Iterator[Sealed]:
    """Fill a ledger on PostgreSQL, and keep a copy."""
    sealed = SealedDatabase(url, here, server, "")
    _fill(sealed, batches)
    sealed.keep()
    with server.database(url.rpartition("/")[2]) as sealed.kept:
        yield sealed


def _fill(sealed: Sealed, batches: list[int]) -> None:
    """Record evaluations, with a change of keys after the first batch, corrections, and two rulesets."""
    both = [make_sources(), make_sources("修订")]
    made = 0
    for number, size in enumerate(batches):
        with sealed.open(KEYS[number > 0]) as ledger:
            submissions = []
            for n in range(made, made + size):
                sources = both[n % 2]
                receipt = make_receipt(1 + n % 3, department=f"部门{n}", sources=sources)
                submissions.append(Submission(receipt, sources, ACTOR, AT + timedelta(seconds=n)))
            recorded = ledger.append_all(submissions)
            made += size
            form = submissions[0].sources
            corrected = make_receipt(2, department=recorded[0].department, missed=2, sources=form)
            ledger.append_all([Submission(corrected, form, ACTOR, AT, recorded[0].id, "复核")])
            if number == 0:
                ledger.rotate(KEYS[1], actor=ACTOR, at=AT, reason="年度更换")


def places(report: Report) -> set[int]:
    """Return the faulty entries."""
    return {n for f in report.findings if f.entry is not None for n in range(f.entry, (f.last or f.entry) + 1)}


def altered(value: Any, place: int = 0, *, table: str = "", column: str = "") -> Any:
    """Return another value of the same kind; of a text or bytes one with a changed bit, valid UTF-8 or not."""
    if isinstance(value, bytes):
        if not value:
            return b"x"
        at = place % len(value)
        return value[:at] + bytes([value[at] ^ 1 << place % 8]) + value[at + 1 :]
    if value is None:
        return 1000 if isinstance(LedgerTable.metadata.tables[table].columns[column].type, Integer) else "x"
    return not value if isinstance(value, bool) else value + 1000


def append(ledger: Ledger, department: str = "新部门") -> None:
    """Record one more evaluation."""
    ledger.append(make_receipt(department=department), make_sources(), actor=ACTOR, at=AT)


def leave_behind(sealed: Sealed, *, many: int = 1, stored: bool = False) -> None:
    """Record evaluations, the last correcting the first, whose checkpoint is not in the folder, or nowhere."""
    with open_ledger(sealed.url, create=False, signer=KEYS[1]) as ledger:
        first = ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
        others = [Submission(make_receipt(1, department=f"另{n}"), make_sources(), ACTOR, AT) for n in range(many)]
        corrected = Submission(make_receipt(2), make_sources(), ACTOR, AT, first.id, "复核")
        ledger.append_all([*others, corrected])
    if not stored:
        sealed.change("DELETE FROM checkpoint WHERE size > 10")
