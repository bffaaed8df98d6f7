"""`python -m benchmarks.improving`: what it would take in the form of the seed, in evaluations of the same case.

The two are measured in turns in one run, so that the ratio does not depend on what else the machine does.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable

import examples
from engine.alternatives.improve import improve
from engine.facts import open_facts, read_facts
from engine.scoring.evaluate import evaluate
from engine.scoring.evaluation import Evaluation
from workflow.library import find
from workflow.programs import PROGRAMS

FILE = examples.FOLDER / "jiangmen-commerce-2024" / "as-printed.yaml"
MOST = 100.0
"""How many evaluations' time the whole case may take."""
TURNS = 15


def seed_case() -> Evaluation:
    """Return the seed's case, scored."""
    document = open_facts(FILE.read_text("utf-8"), str(FILE))
    ruleset = find(document.ruleset, None).ruleset
    return evaluate(PROGRAMS.program(ruleset, {}), read_facts(document, ruleset.facts, ruleset.conversions))


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def ratio(turns: int = TURNS) -> tuple[float, float, float]:
    """Return the median milliseconds of one evaluation and of `improve`, and the median of their ratios by turns."""
    scored = seed_case()
    improve(scored)
    gc.collect()
    gc.freeze()
    pairs = [
        (
            milliseconds(lambda: [evaluate(scored.program, scored.facts) for _ in range(20)]) / 20,
            milliseconds(lambda: improve(scored)),
        )
        for _ in range(turns)
    ]
    evaluations, improvements = zip(*pairs, strict=True)
    ratios = [improved / evaluated for evaluated, improved in pairs]
    return statistics.median(evaluations), statistics.median(improvements), statistics.median(ratios)


def main() -> None:
    """Print the figures; exit 1 where they miss the aim."""
    evaluated, improved, times = ratio()
    print(f"one evaluation: {evaluated:.1f} ms; improve of the whole case: {improved:.0f} ms; ratio {times:.1f}")
    sys.exit(times > MOST)


if __name__ == "__main__":
    main()
