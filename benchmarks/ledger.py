"""`python -m benchmarks.ledger`: what sealing, verifying and proving cost, as ratios to the same without them.

Everything is made in a temporary folder, some 15 GB of it with the default sizes (TMPDIR chooses the disk).
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import Connection

from audit.append import Submission, insert_rows, size_of
from audit.ledger import Ledger, open_ledger
from audit.log.keys import new_key
from audit.log.merkle import leaf_hash, root_from_inclusion
from audit.queries import ENTRY
from audit.tables import Row
from audit.tree import StoredTree
from audit.verify import verify
from engine.receipt import Receipt
from engine.sources import Sources, canonical, sha256

AT = datetime(2024, 12, 1, tzinfo=UTC)
SOURCES = Sources({"ruleset.yaml": "id: bench/form/1\n", "calendar.yaml": "2024: []\n"})
KEY = new_key("bench.example/fenming")


def receipt(number: int, lines: int) -> Receipt:
    """Return a receipt whose books balance, with so many facts, firings and postings."""
    line = {"weight": str(lines), "kept": str(lines), "lost": "0"}
    content = {
        "format": "fenming/receipt/1",
        "ruleset": {"id": "bench/form/1", "title": "部门整体支出绩效自评", "digest": SOURCES.digest},
        "readings": {},
        "case": {"department": f"部门{number}", "year": "2024"},
        "stated": ["target"],
        "facts": [
            {"type": "target", "id": f"T{n}", "values": {"target": "320"}, "assumed": "", "evidence": []}
            for n in range(lines)
        ],
        "derived": [],
        "aggregates": [],
        "firings": [
            {
                "rule": "1/share", "indicator": 1, "part": "whole", "action": "award", "option": "", "clauses": ["1.1"],
                "readings": [], "facts": [f"T{n}"], "aggregates": [], "assumed": False,
                "formulas": [{"name": "points", "text": "weight / n", "numbers": f"{lines} / {lines}", "value": "1"}],
                "says": {"zh": "服务企业数：已完成，得 1 分。", "en": "Enterprises served: done, 1 point."},
            }
            for n in range(lines)
        ],
        "postings": [
            {
                "indicator": 1, "part": "whole", "firing": n, "kind": "award", "asked": "1", "kept": "1", "lost": "0",
                "limit": "",
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
        "weight": str(lines), "total": str(lines), "grade": "优",
        "total_before_override": None, "grade_before_override": None,
    }  # fmt: skip
    text = canonical(content)
    return Receipt(content, text, sha256(text))


def submissions(start: int, count: int, lines: int) -> list[Submission]:
    """Return evaluations of so many departments."""
    return [Submission(receipt(n, lines), SOURCES, "operator", AT) for n in range(start, start + count)]


def open_new(folder: Path) -> Ledger:
    """Make a ledger with checkpoints and a key."""
    return open_ledger(str(folder / "ledger.db"), create=True, checkpoints=folder / "checkpoints", signer=KEY)


def contents(path: Path) -> tuple[list[tuple[str, str]], dict[str, list[tuple[Any, ...]]]]:
    """Return how a ledger's tables, indexes and triggers are made, each with its kind, and all rows of the tables."""
    with closing(sqlite3.connect(path)) as connection:
        statements = connection.execute("SELECT type, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        names = [each.name for each in Row.metadata.sorted_tables]
        return statements, {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}  # noqa: S608 - our tables


def appending(folder: Path, count: int, batch: int, lines: int) -> tuple[float, float, float]:
    """Return how many evaluations a second are sealed, so many in a transaction, and how many are inserted bare.

    Bare first into the same database, whose triggers guard it, then into one without triggers.
    """
    batches = [submissions(start, batch, lines) for start in range(0, count, batch)]
    with open_new(folder) as ledger:
        gc.collect()
        gc.freeze()  # what was made so far is out of the collector's way, for both alike
        started = time.perf_counter()
        for each in batches:
            ledger.append_all(each)
        sealed = count / (time.perf_counter() - started)
    statements, tables = contents(folder / "ledger.db")
    unguarded = [each for each in statements if each[0] != "trigger"]
    rates = [
        bare_inserting(folder / name, made, tables, count, batch)
        for name, made in (("same.db", statements), ("bare.db", unguarded))
    ]
    return sealed, rates[0], rates[1]


def bare_inserting(
    path: Path, statements: list[tuple[str, str]], tables: dict[str, list[tuple[Any, ...]]], count: int, batch: int
) -> float:
    """Return how many evaluations a second the same rows make, inserted by executemany, so many in a transaction."""
    order = ("evaluation", "fact", "aggregate", "firing", "posting", "score", "entry", "tile")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = EXTRA")
        for _, statement in statements:
            connection.execute(statement)
        for name in tables.keys() - set(order):
            insert(connection, name, tables[name])
        started = time.perf_counter()
        for start in range(0, count, batch):
            connection.execute("BEGIN")
            for name in order:
                found = tables[name]
                insert(connection, name, found[start * len(found) // count : (start + batch) * len(found) // count])
            connection.execute("COMMIT")
        return count / (time.perf_counter() - started)


def insert(connection: sqlite3.Connection, name: str, rows: list[tuple[Any, ...]]) -> None:
    """Insert whole rows."""
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)  # noqa: S608 - our tables


def verifying(folder: Path, count: int, workers: int) -> tuple[float, float]:
    """Return the seconds that verification takes, and bare reading and hashing of every row of the same file."""
    with open_new(folder) as ledger:
        for start in range(0, count, 1000):
            ledger.append_all(submissions(start, min(1000, count - start), 1))
        started = time.perf_counter()
        report = verify(ledger, key=KEY.public, workers=workers)
        taken = time.perf_counter() - started
    if not report.sound or report.evaluations != count:
        raise SystemExit(f"the ledger does not verify: {report.findings[:3]}")
    return taken, bare_reading(folder / "ledger.db")


def bare_reading(path: Path) -> float:
    """Return the seconds that it takes to read every row of a file, and to hash each."""
    with closing(sqlite3.connect(path)) as connection:
        started = time.perf_counter()
        for each in Row.metadata.sorted_tables:
            for row in connection.execute(f'SELECT * FROM "{each.name}"'):  # noqa: S608 - our tables
                hashlib.sha256("".join(map(str, row)).encode()).digest()
        return time.perf_counter() - started


def grow(connection: Connection, count: int) -> None:
    """Append entries of which only the tree matters here."""
    start = size_of(connection)
    bodies = [b'{"index":%d}' % index for index in range(start, start + count)]
    leaves = [leaf_hash(body) for body in bodies]
    values = [
        (start + n, "other", "", "", None, None, "", leaf.hex(), body.decode())
        for n, (body, leaf) in enumerate(zip(bodies, leaves, strict=True))
    ]
    insert_rows(connection, ENTRY, values)
    StoredTree(connection, start).grow(leaves)


def proving(folder: Path, largest: int) -> Iterator[tuple[int, float, int]]:
    """Return, for trees of growing size in one ledger, the median milliseconds of a proof and its hashes."""
    dice = random.Random(0)
    with open_ledger(str(folder / "ledger.db"), create=True) as ledger:
        for _ in range(0, largest, 10_000):
            with ledger.reading() as connection:
                grow(connection, 10_000)
        size = 10_000
        while size <= largest:
            times, proof = [], []
            for _ in range(101):
                index = dice.randrange(size)
                with ledger.reading() as connection:
                    started = time.perf_counter()
                    tree = StoredTree(connection, size)
                    proof = tree.inclusion(index, size)
                    times.append((time.perf_counter() - started) * 1000)
                    leaf = leaf_hash(b'{"index":%d}' % index)
                    if root_from_inclusion(index, size, leaf, proof) != tree.root():
                        raise SystemExit("a proof does not prove")
            yield size, statistics.median(times), len(proof)
            size *= 10


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger")
    parser.add_argument("--append", type=int, default=20_000, help="how many evaluations are appended")
    parser.add_argument("--verify", type=int, default=1_000_000, help="how many entries are verified")
    parser.add_argument("--prove", type=int, default=10_000_000, help="how many entries the largest tree has")
    chosen = parser.parse_args()
    console = Console(width=120)
    for lines in (1, 40):
        for batch, count in ((1000, chosen.append // lines), (1, 200)):
            with tempfile.TemporaryDirectory() as folder:
                sealed, same, bare = appending(Path(folder), max(count // batch, 1) * batch, batch, lines)
            console.print(
                f"SQLite, {lines} postings, {batch} in a transaction: {sealed:,.0f} evaluations sealed a second, "
                f"{same:,.0f} inserted bare into the same database, {sealed / same:.2f} (to reach: 0.5); "
                f"{bare:,.0f} where no trigger guards it, {sealed / bare:.2f}."
            )
    with tempfile.TemporaryDirectory() as folder:
        workers = os.cpu_count() or 1
        taken, bare = verifying(Path(folder), chosen.verify, workers)
        console.print(
            f"{chosen.verify:,} entries verified in {taken:.1f} s by {workers} processes; bare reading and hashing of "
            f"every row in {bare:.1f} s: {taken / bare:.2f} (to reach: 2)."
        )
    with tempfile.TemporaryDirectory() as folder:
        for size, milliseconds, hashes in proving(Path(folder), chosen.prove):
            console.print(f"A proof in a tree of {size:,} entries: {milliseconds:.2f} ms, {hashes} hashes.")


if __name__ == "__main__":
    main()
