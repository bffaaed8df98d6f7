"""A longer run of the laws: `python -m tests.soak 100000` evaluates that many random cases in two processes.

Rulesets and facts come from consecutive seeds; a failure prints the seed that gives it again.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from random import Random

from engine.base.faults import EvaluationError, FactsError
from engine.program import compile_ruleset
from engine.receipt import plain
from engine.receipt.make import make_receipt
from engine.ruleset import read_ruleset
from engine.scoring.evaluate import evaluate
from engine.verdicts import compile_verdicts
from tests.engine.generate import random_facts, random_sources, shuffled
from tests.engine.laws import RIGHTLY_REFUSED, check_books, check_closed, check_results
from tests.engine.verdicts.laws import check_verdicts
from tests.evaluated import receipt_of

CASES_EACH = 20
"""How many cases are evaluated by each random ruleset."""

WORKERS = 2


def one_seed(seed: int) -> tuple[int, int, int, int]:
    """Evaluate the cases of one ruleset.

    Return how many gave a score, how many rightly none, all firings, and how many failed conditions were made to hold.
    """
    random = Random(seed)
    program = compile_ruleset(read_ruleset(random_sources(random)))
    judges = compile_verdicts(program)
    scored = refused = firings = needed = 0
    try:
        for _ in range(CASES_EACH):
            facts = random_facts(random)
            try:
                evaluation = evaluate(program, facts, limit=50_000)
            except (EvaluationError, FactsError) as error:
                if not RIGHTLY_REFUSED.search(str(error)):
                    raise
                refused += 1
                continue
            receipt = make_receipt(evaluation)
            needed += check_verdicts(evaluation, judges)
            check_books(plain(receipt.content))
            check_closed(plain(receipt.content))
            check_results(plain(receipt.content))
            assert receipt_of(program, shuffled(facts, random), limit=50_000).text == receipt.text
            scored += 1
            firings += len(plain(receipt.content)["firings"])
    except BaseException as error:
        error.add_note(f"seed {seed}")
        raise
    return scored, refused, firings, needed


def main(wanted: int, first: int = 0) -> None:
    """Run until `wanted` cases have been evaluated."""
    started = time.monotonic()
    scored = refused = firings = needed = 0
    seeds = range(first, first + -(-wanted // CASES_EACH))
    with ProcessPoolExecutor(WORKERS) as pool:
        for number, (s, r, f, n) in enumerate(pool.map(one_seed, seeds, chunksize=20), 1):
            scored, refused, firings, needed = scored + s, refused + r, firings + f, needed + n
            if number % 250 == 0:
                print(
                    f"{number * CASES_EACH:>8} cases, {firings} firings, {time.monotonic() - started:.0f} s", flush=True
                )
    print(
        f"{scored + refused} random cases of {len(seeds)} random rulesets: {scored} scored, each twice, "
        f"{refused} rightly refused (no value), {firings} firings, no disagreement, all books balance; "
        f"every verdict agrees, {needed} failed conditions held with what they needed; "
        f"{time.monotonic() - started:.0f} s"
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
