"""`python -m benchmarks.form`: one evaluation of the seed's form, against the least that it could take.

The least is what the C module of durable_rules takes for the same calls with the same facts, and what it takes to write
the receipt's JSON and its digest. What is beside that is fenming: validated facts encoded, the plain matcher, exact
arithmetic, postings, formulas, sentences.
"""

from __future__ import annotations

import ctypes
import gc
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import durable_rules_engine

from benchmarks.improving import seed_case
from engine.base.sources import canonical, sha256
from engine.facts.model import Facts
from engine.program import Program, compile_ruleset
from engine.receipt.make import make_receipt
from engine.scoring.evaluate import evaluate

MODULE = "durable_rules_engine"
AIM = 20.0
"""How many times the least an evaluation may take."""
TURNS = 15
_AT_ONCE_MS = 60
"""How long about one measurement is repeated."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Options of glibc's mallopt: how much free memory it keeps, and from which size on it keeps none."""


class Recorder:
    """The C module, with every call noted and what it gave."""

    error = durable_rules_engine.error

    def __init__(self) -> None:
        self.calls: list[tuple[Callable[..., Any], tuple[Any, ...], Any]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function = getattr(durable_rules_engine, name)

        def noted(*given: Any) -> Any:
            answer = function(*given)
            self.calls.append((function, given, answer))
            return answer

        return noted


class BareForm:
    """The calls of one evaluation to the C module, to be made again without anything around them."""

    def __init__(self, program: Program, facts: Facts) -> None:
        recorder = Recorder()
        self._owner = compile_ruleset(program.ruleset, program.readings)  # its handles live as long as it does
        sys.modules[MODULE] = recorder  # type: ignore[assignment]  # it replaces the module
        try:
            evaluate(self._owner, facts)
        finally:
            sys.modules[MODULE] = durable_rules_engine
        recorder.calls.clear()  # the first evaluation has made the handles
        evaluate(self._owner, facts)
        self._calls = [(function, given) for function, given, _ in recorder.calls]
        if [function(*given) for function, given in self._calls] != [answer for *_, answer in recorder.calls]:
            sys.exit("the C module answers the same calls in another way")

    def run(self) -> None:
        """Make the calls."""
        for function, given in self._calls:
            function(*given)


@dataclass(frozen=True, slots=True)
class FormTimes:
    """The median milliseconds of processor time for one evaluation of the form, and for parts of it alone."""

    rules: int
    facts: int
    evaluation: float
    bare: float
    """The C module's calls."""
    written: float
    """The receipt's JSON and its digest."""
    times_bare: float
    times_least: float

    @property
    def line(self) -> str:
        """The figures in a sentence."""
        return (
            f"The seed's form, {self.rules} rules and {self.facts} facts: {self.evaluation:.2f} ms; the bare C module "
            f"on the same facts {self.bare:.3f} ms ({self.times_bare:.0f} times); the least, with JSON and SHA-256, "
            f"{self.bare + self.written:.3f} ms: {self.times_least:.1f} times (aim: {AIM:g})."
        )


def form_times(turns: int = TURNS) -> FormTimes:
    """Measure in turns; the ratios are medians of those of each turn."""
    _keep_pages()
    case = seed_case()
    content = make_receipt(case).content
    bare = BareForm(case.program, case.facts)
    work: tuple[Callable[[], object], ...] = (
        lambda: make_receipt(evaluate(case.program, case.facts)),
        bare.run,
        lambda: sha256(canonical(content)),
    )
    once = [_milliseconds(each, 3) for each in work]
    gc.collect()
    gc.freeze()
    found = [
        [_milliseconds(each, max(1, int(_AT_ONCE_MS / took))) for each, took in zip(work, once, strict=True)]
        for _ in range(turns)
    ]
    evaluation, alone, written = (statistics.median(times) for times in zip(*found, strict=True))
    return FormTimes(
        rules=len(case.program.rules),
        facts=len(case.facts.facts),
        evaluation=evaluation,
        bare=alone,
        written=written,
        times_bare=statistics.median(whole / least for whole, least, _ in found),
        times_least=statistics.median(whole / (least + text) for whole, least, text in found),
    )


def _keep_pages() -> None:
    """Let the C library keep the memory that is freed.

    Else it depends on where things happen to lie whether each run takes its pages from the system again, which triples
    the time of the C module's calls.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        for option in (_TRIM_THRESHOLD, _MMAP_THRESHOLD):
            set_option(option, 1 << 25)


def _milliseconds(work: Callable[[], object], repeats: int) -> float:
    """Return how much of the processor's time some work takes."""
    started = time.process_time()
    for _ in range(repeats):
        work()
    return (time.process_time() - started) * 1000 / repeats


if __name__ == "__main__":
    print(form_times().line)
