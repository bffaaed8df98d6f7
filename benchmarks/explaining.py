"""What explaining one evaluation costs, by how many others the ledger holds."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import examples
from benchmarks.appending import open_new, submissions
from workflow.record import Recording, record
from workflow.score import score
from workflow.settings import Settings
from workflow.show import show

_BATCH = 1000
_TIMES = 21


def explaining(folder: Path, largest: int) -> Iterator[tuple[int, float]]:
    """Yield, for ledgers of growing size, the median milliseconds of finding, checking and explaining one evaluation.

    The ruleset is read and compiled already, as it is for every evaluation after the first.
    """
    file = examples.FOLDER / "jiangmen-commerce-2024" / "as-printed.yaml"
    with open_new(str(folder / "ledger.db"), folder) as ledger:
        evaluation = record(ledger, score(str(file), Settings(), None), Recording("bench")).id
        for start in range(0, largest, _BATCH):
            ledger.append_all(submissions(start, _BATCH, 1))
            size = start + _BATCH
            if size in (1_000, 10_000, 100_000, 1_000_000):
                show(ledger, evaluation).explanation("1")
                times = []
                for _ in range(_TIMES):
                    started = time.perf_counter()
                    show(ledger, evaluation).explanation("1")
                    times.append((time.perf_counter() - started) * 1000)
                yield size, statistics.median(times)
