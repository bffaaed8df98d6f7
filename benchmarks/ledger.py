"""`python -m benchmarks.ledger`: what sealing, verifying, proving and explaining cost.

Sealing and verifying are compared with the same without them.

Everything is made in a temporary folder, some 15 GB of it with the default sizes (TMPDIR chooses the disk). Where the
programs of a PostgreSQL server are installed, one is started for it, as for the tests.
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
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from rich.console import Console
from sqlalchemy import Connection

from audit.ledger.append import insert_rows
from audit.ledger.entries import size_of
from audit.ledger.ledger import open_ledger
from audit.ledger.tiles import StoredTree
from audit.log.merkle import leaf_hash, root_from_inclusion
from audit.tables.rows import EntryRow
from audit.tables.schema import EntryTable, LedgerTable
from audit.verify import verify
from benchmarks.appending import KEY, on_postgresql, on_sqlite, open_new, submissions
from benchmarks.explaining import explaining
from tests.audit.postgres import programs, running


def verifying(folder: Path, count: int, workers: Sequence[int]) -> tuple[list[float], float]:
    """Return the seconds that verification takes by so many processes, and bare reading and hashing of every row."""
    taken = []
    with open_new(str(folder / "ledger.db"), folder) as ledger:
        for start in range(0, count, 1000):
            ledger.append_all(submissions(start, min(1000, count - start), 1))
        for processes in workers:
            started = time.perf_counter()
            report = verify(ledger, key=KEY.public, workers=processes)
            taken.append(time.perf_counter() - started)
            if not report.sound or report.evaluations != count:
                raise SystemExit(f"the ledger does not verify: {report.findings[:3]}")
    return taken, bare_reading(folder / "ledger.db")


def bare_reading(path: Path) -> float:
    """Return the seconds that it takes to read every row of a file, and to hash each."""
    with closing(sqlite3.connect(path)) as connection:
        started = time.perf_counter()
        for each in LedgerTable.metadata.sorted_tables:
            for row in connection.execute(f'SELECT * FROM "{each.name}"'):  # noqa: S608 - our tables
                hashlib.sha256("".join(map(str, row)).encode()).digest()
        return time.perf_counter() - started


def grow(connection: Connection, count: int) -> None:
    """Append entries of which only the tree matters here."""
    start = size_of(connection)
    bodies = [b'{"index":%d}' % index for index in range(start, start + count)]
    leaves = [leaf_hash(body) for body in bodies]
    values = [
        EntryRow(start + n, "other", "", "", None, None, None, "", leaf.hex(), body.decode())
        for n, (body, leaf) in enumerate(zip(bodies, leaves, strict=True))
    ]
    insert_rows(connection, EntryTable, values)
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


def appending(console: Console, count: int, server: str) -> None:
    """Print what sealing costs, for small and large evaluations, many or one in a transaction."""
    for lines in (1, 40):
        for batch, most in ((1000, count // lines), (1, 200)):
            made = max(most // batch, 1) * batch
            what = f"{lines} postings, {batch} in a transaction"
            sealed, same, bare = on_sqlite(made, batch, lines)
            console.print(
                f"SQLite, {what}: {sealed:,.0f} evaluations sealed a second, {same:,.0f} inserted bare into the same "
                f"database, {sealed / same:.2f}; {bare:,.0f} where no trigger guards it, {sealed / bare:.2f}."
            )
            if server:
                sealed, same = on_postgresql(server, made, batch, lines)
                console.print(
                    f"PostgreSQL, {what}: {sealed:,.0f} evaluations sealed a second, {same:,.0f} inserted bare into "
                    f"the same database, {sealed / same:.2f}."
                )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger")
    parser.add_argument("--append", type=int, default=20_000, help="how many evaluations are appended")
    parser.add_argument("--verify", type=int, default=1_000_000, help="how many entries are verified")
    parser.add_argument("--prove", type=int, default=10_000_000, help="how many entries the largest tree has")
    parser.add_argument("--explain", type=int, default=100_000, help="how many evaluations the largest ledger holds")
    chosen = parser.parse_args()
    console = Console(width=120)
    if programs() is None:
        console.print("No programs of a PostgreSQL server were found (apt install postgresql): SQLite alone.")
        appending(console, chosen.append, "")
    else:
        with running(fsync="on") as server:
            appending(console, chosen.append, server.url("nothing"))
    with tempfile.TemporaryDirectory() as folder:
        workers = sorted({1, os.cpu_count() or 1})
        times, bare = verifying(Path(folder), chosen.verify, workers)
        for processes, taken in zip(workers, times, strict=True):
            console.print(
                f"{chosen.verify:,} entries verified in {taken:.1f} s by {processes} processes; bare reading and "
                f"hashing of every row by one in {bare:.1f} s: {taken / bare:.2f}."
            )
    with tempfile.TemporaryDirectory() as folder:
        for size, milliseconds, hashes in proving(Path(folder), chosen.prove):
            console.print(f"A proof in a tree of {size:,} entries: {milliseconds:.2f} ms, {hashes} hashes.")
    with tempfile.TemporaryDirectory() as folder:
        for size, milliseconds in explaining(Path(folder), chosen.explain):
            console.print(f"Explaining one of {size:,} evaluations: {milliseconds:.1f} ms.")


if __name__ == "__main__":
    main()
