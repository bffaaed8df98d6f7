"""`python -m benchmarks.ledger`: what sealing, verifying and proving cost, as ratios to the same without them.

Everything is made in a temporary folder, some 15 GB of it with the default sizes (TMPDIR chooses the disk).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from rich.console import Console
from sqlalchemy import Connection

from audit.append import insert_rows, size_of
from audit.ledger import open_ledger
from audit.log.merkle import leaf_hash, root_from_inclusion
from audit.queries import ENTRY
from audit.tables import Row
from audit.tree import StoredTree
from audit.verify import verify
from benchmarks.appending import KEY, on_postgresql, on_sqlite, open_new, submissions


def verifying(folder: Path, count: int, workers: int) -> tuple[float, float]:
    """Return the seconds that verification takes, and bare reading and hashing of every row of the same file."""
    with open_new(str(folder / "ledger.db"), folder) as ledger:
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
    parser.add_argument("--postgresql", metavar="URL", help="a server's database, beside which others may be made")
    chosen = parser.parse_args()
    console = Console(width=120)
    for lines in (1, 40):
        for batch, most in ((1000, chosen.append // lines), (1, 200)):
            count = max(most // batch, 1) * batch
            what = f"{lines} postings, {batch} in a transaction"
            sealed, same, bare = on_sqlite(count, batch, lines)
            console.print(
                f"SQLite, {what}: {sealed:,.0f} evaluations sealed a second, {same:,.0f} inserted bare into the same "
                f"database, {sealed / same:.2f} (to reach: 0.5); {bare:,.0f} where no trigger guards it, "
                f"{sealed / bare:.2f}."
            )
            if chosen.postgresql:
                sealed, same = on_postgresql(chosen.postgresql, count, batch, lines)
                console.print(
                    f"PostgreSQL, {what}: {sealed:,.0f} evaluations sealed a second, {same:,.0f} inserted bare into "
                    f"the same database, {sealed / same:.2f} (to reach: 0.5)."
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
