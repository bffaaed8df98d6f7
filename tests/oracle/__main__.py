"""Compare many random cases: `python -m tests.oracle 10000 [--seed N]`."""

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat

from tests.oracle.compare import BLOCK, compare_block

SHOWN = 10
STEP = 1_000


def main() -> int:
    """Compare the cases on every core; return 1 where any differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle")
    parser.add_argument("cases", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, help="how many processes; by default one for each core")
    given = parser.parse_args()
    started = time.monotonic()
    counts: Counter[str] = Counter()
    blocks = range(-(-given.cases // BLOCK))
    sizes = [min(BLOCK, given.cases - block * BLOCK) for block in blocks]
    with ProcessPoolExecutor(given.processes) as pool:
        for compared in pool.map(compare_block, repeat(given.seed), blocks, sizes):
            for disagreement in compared.disagreements[: max(0, SHOWN - counts["different"])]:
                print(disagreement, end="\n\n", flush=True)
            before = counts["cases"]
            counts += compared.counts
            counts["different"] += len(compared.disagreements)
            if counts["cases"] // STEP > before // STEP and counts["cases"] < given.cases:
                print(f"{counts['cases']} cases, {counts['different']} disagreements", file=sys.stderr, flush=True)
    print(
        f"{counts['cases']} cases under {len(blocks)} choices of readings: {counts['different']} disagreements. "
        f"{counts['judged']} were judged, {counts['judged several times']} of them several times on one indicator; "
        f"{counts['overridden']} had an override; {counts['open']} had open points, "
        f"{counts['without one grade']} of them no single grade. "
        f"Seed {given.seed}, {time.monotonic() - started:.0f} s."
    )
    return 1 if counts["different"] else 0


if __name__ == "__main__":
    sys.exit(main())
