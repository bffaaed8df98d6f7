"""One program in many threads, and many processes that compile it once each: the same receipts as in one thread."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from random import Random
from threading import Barrier

import pytest

from engine.base.faults import EvaluationError, FactsError
from engine.base.sources import Sources
from engine.facts import Facts, open_facts, read_facts
from engine.program import Program, compile_ruleset, compile_sources
from engine.ruleset import read_ruleset
from tests.engine.generate import random_facts, random_sources
from tests.engine.mini import case, fact, indicator, ruleset, sources
from tests.evaluated import receipt_of
from tests.oracle.generate import RULESET, case_text, choose_readings
from workflow.library import find

THREADS, CASES, SEED = 3, 20, 11


@pytest.fixture
def restless() -> Iterator[None]:
    """Let threads take turns a hundred times as often as they do."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(usual / 100)
    yield
    sys.setswitchinterval(usual)


def outcome(program: Program, facts: Facts) -> str:
    """Return the name of a case's receipt, or what the program refuses."""
    try:
        return receipt_of(program, facts, limit=20_000).sha256
    except (EvaluationError, FactsError) as error:
        return str(error)


def in_threads(program: Program, cases: list[Facts]) -> list[list[str]]:
    """Evaluate all cases in each of some threads, in an order of its own, from the same moment on."""
    start = Barrier(THREADS)

    def evaluated(thread: int) -> list[str]:
        order = Random(thread).sample(range(len(cases)), len(cases))
        start.wait()
        found = {number: outcome(program, cases[number]) for number in order}
        return [found[number] for number in range(len(cases))]

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(evaluated, range(THREADS)))


@pytest.mark.usefixtures("restless")
def test_threads_evaluate_the_form_with_one_program() -> None:
    """Each has the answers that one thread alone has."""
    readings = choose_readings(SEED, 0)
    program = compile_ruleset(find(RULESET, None).ruleset, readings)
    cases = [
        read_facts(
            open_facts(case_text(SEED, number, readings), "case.json"),
            program.ruleset.facts,
            program.ruleset.conversions,
        )
        for number in range(CASES)
    ]
    alone = [outcome(program, facts) for facts in cases]
    assert len(set(alone)) == CASES
    assert in_threads(program, cases) == [alone] * THREADS


@pytest.mark.usefixtures("restless")
def test_threads_evaluate_random_rules_with_one_program() -> None:
    """Rules that derive facts for each other have several sessions open at once."""
    for seed in range(5):
        random = Random(seed)
        program = compile_ruleset(read_ruleset(random_sources(random)))
        cases = [random_facts(random) for _ in range(CASES)]
        alone = [outcome(program, facts) for facts in cases]
        assert in_threads(program, cases) == [alone] * THREADS


_READING = {
    "clause": "1.1",
    "question": {"zh": "问", "en": "Question"},
    "chosen": "one",
    "alternatives": {"one": {"zh": "一", "en": "one", "scores": "1"}, "two": {"zh": "二", "en": "two", "scores": "2"}},
    "authority": "法",
    "decided": {"by": "某", "on": "2024-01-01"},
}
_PROGRAM: list[Program] = []


def start(texts: Sources, readings: Mapping[str, str]) -> None:
    """Compile the program of a worker process, at its start."""
    _PROGRAM.append(compile_sources(texts, readings))


def work(facts: Facts) -> tuple[str, int]:
    """Evaluate one case in a worker process; return how many programs it has compiled, too."""
    return outcome(_PROGRAM[0], facts), len(_PROGRAM)


def test_a_worker_process_compiles_once_from_texts_and_readings() -> None:
    """It starts with nothing of this process, and has the same answers."""
    awards = [
        {"each": {"j": "judgement"}, "award": points, "under": {"R1": name}}
        for name, points in (("one", "j.points"), ("two", "1"))
    ]
    texts = sources(ruleset(indicator(*awards), readings={"R1": _READING}))
    cases = [case(fact("judgement", "J", points=points)) for points in range(6)]
    for readings in ({}, {"R1": "two"}):
        program = compile_sources(texts, readings)
        with ProcessPoolExecutor(2, multiprocessing.get_context("spawn"), start, (texts, readings)) as pool:
            assert list(pool.map(work, cases)) == [(outcome(program, facts), 1) for facts in cases]
