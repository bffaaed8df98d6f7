"""Many processes evaluating into one ledger, on each database: `python -m tests.load [EVALUATIONS] [PROCESSES]`.

Each evaluation is a whole one, from the facts of a department of its own to its receipt.
"""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import msgspec

from audit.ledger.ledger import open_ledger
from audit.log.keys import SigningKey
from audit.verify import Report, verify
from cli.commands.demo import EXAMPLE
from engine.receipt.model import Case
from tests.audit.postgres import running
from tests.audit.reading import entries
from workflow.replay import recompute
from workflow.score import score
from workflow.settings import Settings

KEY = SigningKey("czj.example/fenming", bytes(32))


def work(url: str, kept: str, name: str, count: int) -> list[tuple[str, float]]:
    """Evaluate the example for so many departments; return the ids, and the seconds that each append took."""
    found = []
    scored = score(str(EXAMPLE), Settings())
    receipt, sources = scored.receipt, scored.sources
    again = recompute
    with open_ledger(url, create=True, checkpoints=Path(kept), signer=KEY, timeout=300) as ledger:
        for number in range(count):
            case = Case(f"{receipt.content.case.department} {name}-{number}", receipt.content.case.year)
            made = again(sources, msgspec.structs.replace(receipt.content, case=case))
            started = time.perf_counter()
            recorded = ledger.append(made, sources, actor="load", at=datetime.now(UTC))
            found.append((recorded.id, time.perf_counter() - started))
    return found


def load(url: str, kept: Path, processes: int, each: int) -> tuple[Report, list[float]]:
    """Let processes evaluate at once, and verify; return the report and the seconds of each append."""
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        done = [pool.submit(work, url, str(kept), str(number), each) for number in range(processes)]
        found = [line for future in done for line in future.result()]
    with open_ledger(url, create=False, checkpoints=kept) as ledger:
        report = verify(ledger, key=KEY.public)
        there = [evaluation.id for evaluation in ledger.evaluations()]
        numbers = [entry.index for entry in entries(ledger)]
    reported = [identity for identity, _ in found]
    if not report.sound or len(set(reported)) != len(reported) or sorted(reported) != sorted(there):
        raise SystemExit(
            f"lost, doubled or changed: {len(reported)} reported, {len(there)} there, {report.findings[:3]}"
        )
    if numbers != list(range(len(there) + 1)):
        raise SystemExit("the entries are not numbered without a gap")
    return report, sorted(seconds for _, seconds in found)


def reported(url: str, kept: Path, count: int, processes: int) -> str:
    """Load a ledger, and return what came of it."""
    started = time.perf_counter()
    report, waits = load(url, kept, processes, count // processes)
    seconds = time.perf_counter() - started
    return (
        f"{processes} processes, {report.evaluations} evaluations in {seconds:.0f} s with their verification; "
        f"{report.checkpoints} checkpoints, {report.signed} signed; nothing lost, nothing doubled. "
        f"An append took {waits[len(waits) // 2] * 1000:.0f} ms in the median, {waits[-1] * 1000:.0f} ms at most."
    )


def main() -> None:
    """Load a ledger on SQLite and one on PostgreSQL, and print what came of it."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    with tempfile.TemporaryDirectory() as folder:
        print("SQLite:", reported(f"{folder}/ledger.db", Path(folder) / "kept", count, processes), flush=True)
    with tempfile.TemporaryDirectory() as folder, running() as server:
        print("PostgreSQL:", reported(server.url("ledger"), Path(folder) / "kept", count, processes))


if __name__ == "__main__":
    main()
