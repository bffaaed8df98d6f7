"""`python -m benchmarks.finding`: what finding costs in ledgers of growing size, against the same SQL without fenming.

What is found is the same at every size: 100 evaluations that lost points under one clause, spread over the ledger.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from rich.console import Console
from sqlalchemy.dialects import sqlite

from audit.ledger.submission import Submission
from audit.tables.criteria import Criteria
from audit.tables.queries import ENTRY
from benchmarks.appending import AT, SOURCES, open_new, receipt
from engine.base.sources import canonical
from engine.receipt import Receipt, plain, read_receipt

FOUND = 100
CRITERIA = Criteria(clause="9.9", lost=True)


def losing(number: int) -> Receipt:
    """Return a receipt that loses its point under the clause."""
    content = plain(receipt(number, 1).content)
    content["firings"][0]["clauses"] = ["9.9"]
    indicator = content["indicators"][0]
    for line in (content["postings"][0], indicator, indicator["parts"][0], content["levels"][0]):
        line["kept"], line["lost"] = "0", "1"
    content["total"], content["grade"], content["grades"] = "0", "差", ["差"]
    content["postings"][0]["asked"] = "0"
    return read_receipt(canonical(content))


def milliseconds(act: Callable[[], object]) -> float:
    """Return how long an act takes."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def finding(folder: Path, size: int) -> tuple[float, float, float, float]:
    """Return the median milliseconds of finding, of the SQL alone, of the checks, and of one evaluation by its id."""
    with open_new(str(folder / "ledger.db"), folder) as ledger:
        every = size // FOUND
        for start in range(0, size, 1000):
            numbers = range(start, min(start + 1000, size))
            made = (losing(n) if n % every == 0 else receipt(n, 1) for n in numbers)
            ledger.append_all([Submission(each, SOURCES, "operator", AT) for each in made])
        query = CRITERIA.query.order_by(ENTRY.c.index.desc())
        sql = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
        found = ledger.search(CRITERIA)
        if len(found) != FOUND:
            raise SystemExit(f"{len(found)} evaluations were found, not {FOUND}")
        times: dict[str, list[float]] = {"find": [], "sql": [], "check": [], "one": []}
        with closing(sqlite3.connect(folder / "ledger.db")) as bare:
            for _ in range(101):
                times["find"].append(milliseconds(lambda: ledger.search(CRITERIA)))
                times["sql"].append(milliseconds(lambda: bare.execute(sql).fetchall()))
            for turn in range(15):  # apart from the above: what is read here drives the pages of the other from memory
                times["check"].append(milliseconds(lambda: [ledger.checked(each) for each in found]))
                wanted = found[turn % FOUND].id
                times["one"].append(milliseconds(lambda wanted=wanted: ledger.checked(ledger.find(wanted))))  # type: ignore[misc]
        return tuple(statistics.median(found) for found in times.values())  # type: ignore[return-value]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.finding")
    parser.add_argument("--largest", type=int, default=100_000, help="how many evaluations the largest ledger has")
    chosen = parser.parse_args()
    console = Console(width=120)
    size = 1_000
    while size <= chosen.largest:
        with tempfile.TemporaryDirectory() as folder:
            find, sql, check, one = finding(Path(folder), size)
        console.print(
            f"{size:,} evaluations: {FOUND} found by clause and loss in {find:.2f} ms, by bare SQL in {sql:.2f} ms, "
            f"{find / sql:.2f}; checked in {check:.2f} ms more; one by its id, checked, in {one:.2f} ms."
        )
        size *= 10


if __name__ == "__main__":
    main()
