"""What sealing costs: evaluations appended to a ledger, against the same rows inserted by executemany alone."""

from __future__ import annotations

import gc
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from sqlalchemy import make_url

from audit.ledger.ledger import Ledger, open_ledger
from audit.ledger.submission import Submission
from audit.log.keys import new_key
from engine.base.sources import Sources, canonical
from engine.receipt import Receipt, read_receipt

AT = datetime(2024, 12, 1, tzinfo=UTC)
SOURCES = Sources({"ruleset.yaml": "id: bench/form/1\n", "calendar.yaml": "2024: []\n"})
KEY = new_key("bench.example/fenming")
ONCE = ("source", "ruleset")
EACH = ("evaluation", "fact", "aggregate", "firing", "posting", "citation", "score", "result", "entry", "tile")
NAMES = ONCE + EACH


def receipt(number: int, lines: int) -> Receipt:
    """Return a receipt whose books balance, with so many facts, firings and postings."""
    line = {"weight": str(lines), "kept": str(lines), "lost": "0", "open": "0"}
    content = {
        "format": "fenming/receipt/1", "semantics": 1,
        "ruleset": {
            "id": "bench/form/1",
            "revision": 1,
            "title": "部门整体支出绩效自评",
            "digest": SOURCES.digest,
            "text": SOURCES.text,
        },
        "readings": {},
        "case": {"department": f"部门{number}", "year": "2024"},
        "stated": ["target"],
        "facts": [
            {
                "type": "target", "id": f"T{n}", "values": {"target": "320"}, "assumed": "", "converted": {},
                "evidence": [],
            }
            for n in range(lines)
        ],
        "derived": [],
        "aggregates": [],
        "firings": [
            {
                "rule": "1/share", "indicator": 1, "part": "whole", "action": "award", "option": "", "clauses": ["1.1"],
                "readings": [], "readings_unused": [], "facts": [f"T{n}"], "aggregates": [], "assumed": False,
                "formulas": [
                    {
                        "name": "points", "kind": "points", "gives": "number", "text": "weight / n",
                        "numbers": f"{lines} / {lines}", "value": "1",
                    }
                ],
                "says": {"zh": "服务企业数：已完成，得 1 分。", "en": "Enterprises served: done, 1 point."},
            }
            for n in range(lines)
        ],
        "postings": [
            {
                "indicator": 1, "part": "whole", "firing": n, "kind": "award", "asked": "1", "kept": "1", "lost": "0",
                "open": "0", "limit": "",
            }
            for n in range(lines)
        ],
        "indicators": [
            {
                "number": 1, "name": "产出指标完成情况", "path": ["履职效能"], **line, "status": "assessed",
                "claimed": None, "before_override": None, "assumed": False,
                "parts": [{"id": "whole", "title": "", **line, "status": "assessed"}],
            }
        ],
        "levels": [{"path": ["履职效能"], **line}],
        "weight": str(lines), "total": str(lines), "open": "0", "grade": "优",
        "grades": ["优"], "before_override": None, "notices": [],
    }  # fmt: skip
    return read_receipt(canonical(content))


def submissions(start: int, count: int, lines: int) -> list[Submission]:
    """Return evaluations of so many departments."""
    return [Submission(receipt(n, lines), SOURCES, "operator", AT) for n in range(start, start + count)]


def open_new(url: str, folder: Path) -> Ledger:
    """Make a ledger with a key, whose checkpoints are kept in a folder."""
    return open_ledger(url, create=True, checkpoints=folder / "checkpoints", signer=KEY)


def seal(ledger: Ledger, count: int, batch: int, lines: int) -> float:
    """Append so many evaluations, so many in a transaction, and return how many a second are appended."""
    batches = [submissions(start, batch, lines) for start in range(0, count, batch)]
    gc.collect()
    gc.freeze()  # what was made so far is out of the collector's way, for both alike
    started = time.perf_counter()
    for each in batches:
        ledger.append_all(each)
    return count / (time.perf_counter() - started)


def on_sqlite(count: int, batch: int, lines: int) -> tuple[float, float, float]:
    """Return how many evaluations a second are sealed, and how many the same rows make when they are inserted bare.

    Bare first into the same database, whose triggers guard it, then into one without triggers.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        with open_new(str(folder / "ledger.db"), folder) as ledger:
            sealed = seal(ledger, count, batch, lines)
        with closing(sqlite3.connect(folder / "ledger.db")) as connection:
            made = connection.execute("SELECT type, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
            rows = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in NAMES}  # noqa: S608 - our tables
        rates = []
        for database, left_out in (("same.db", None), ("bare.db", "trigger")):
            with closing(sqlite3.connect(folder / database, isolation_level=None)) as connection:
                connection.execute("PRAGMA synchronous = EXTRA")
                for kind, statement in made:
                    if kind != left_out:
                        connection.execute(statement)
                rates.append(insert(connection, "?", rows, count, batch))
    return sealed, rates[0], rates[1]


def on_postgresql(server: str, count: int, batch: int, lines: int) -> tuple[float, float]:
    """Return how many evaluations a second are sealed, and how many are inserted bare into the same tables."""
    with TemporaryDirectory() as folder, database(server) as url, database(server) as same:
        with open_new(url, Path(folder)) as ledger:
            sealed = seal(ledger, count, batch, lines)
        with closing(psycopg.connect(url)) as connection:
            rows = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in NAMES}  # noqa: S608 - our tables
        open_ledger(same, create=True).close()
        with closing(psycopg.connect(same, autocommit=True)) as connection, closing(connection.cursor()) as cursor:
            return sealed, insert(cursor, "%s", rows, count, batch)


@contextmanager
def database(server: str) -> Iterator[str]:
    """Make a database for a while, and give its address."""
    address, name = make_url(server), f"fenming_bench_{secrets.token_hex(4)}"
    with closing(psycopg.connect(server, autocommit=True)) as admin:
        admin.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        try:
            yield address.set(database=name).render_as_string(hide_password=False).replace(" ", "%20")
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def insert(cursor: Any, mark: str, rows: dict[str, list[tuple[Any, ...]]], count: int, batch: int) -> float:
    """Insert the same rows by executemany, so many evaluations in a transaction; return how many a second."""

    def some(name: str, start: int, end: int) -> None:
        found = rows[name][len(rows[name]) * start // count : len(rows[name]) * end // count]
        if found:
            marks = ", ".join([mark] * len(found[0]))
            cursor.executemany(f'INSERT INTO "{name}" VALUES ({marks})', found)  # noqa: S608 - our tables

    for name in ONCE:
        some(name, 0, count)
    started = time.perf_counter()
    for start in range(0, count, batch):
        cursor.execute("BEGIN")
        for name in EACH:
            some(name, start, start + batch)
        cursor.execute("COMMIT")
    return count / (time.perf_counter() - started)
