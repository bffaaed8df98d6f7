"""Over random rulesets and facts: what is proposed gains what it says, and no smaller step does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.alternatives.improve import improve
from engine.base.faults import FenmingError
from engine.base.numbers import Number
from engine.base.sources import Sources
from engine.facts.model import Fact, Facts
from engine.program import Program, compile_ruleset
from engine.ruleset import read_ruleset
from engine.scoring.evaluate import evaluate
from tests.engine.alternatives.applied import check
from tests.engine.generate import random_facts, random_sources

FEW = settings(max_examples=max(settings().max_examples // 10, 5))
LAST = 40
"""The numbers that are tried one by one go from none to this."""

AWARDS = [
    "min(10, done / 3)",
    "if done > cost then 10 else 2",
    "10 * done / (done + cost + 1)",
    "max(0, 10 - abs(done - cost))",
    "if done * 2 in cost..cost + 9 then 9 else min(4, done / cost2)",
    "round(10 * min(1, done / 17), 0)",
    "floor(done / 7)",
    "10 - min(10, done * done / 40)",
    "if done / (cost + 1) >= 60% then (if done / (cost + 1) > 150% then 5 else 10 * min(1, done / (cost + 1))) else 0",
]


@cache
def program(award: str) -> Program:
    """Return the program of a ruleset with one award over whole numbers."""
    fields: dict[str, dict[str, Any]] = {
        name: {"type": "integer", "title": name, "minimum": 0, "maximum": LAST} for name in ("done", "cost")
    }
    fields["cost"]["x-fixed"] = True
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "fenming:facts/work", "title": "工作",
        "description": "Some work.", "type": "object", "x-single": True, "x-fixed": False,
        "properties": fields, "required": ["done", "cost"], "additionalProperties": False,
    }  # fmt: skip
    rule = {"id": "r", "cites": ["1.1"], "each": {"w": "work"}, "award": _named(award), "of": "weight"}
    document = {
        "id": "test/form/1", "title": "试题", "issuer": "某局", "year": 2024, "full_score": 10,
        "rounding": {"places": 2, "mode": "half_up", "at": "indicator"}, "grades": [{"name": "优", "from": 0}],
        "facts": {"work": {}},
        "indicators": [{
            "number": 1, "path": ["一级", "二级"], "name": "指标", "weight": 10, "clauses": {"1.1": "条款"},
            "rules": [rule],
        }],
    }  # fmt: skip
    files = {"ruleset.yaml": json.dumps(document, ensure_ascii=False), "facts/work.json": json.dumps(schema)}
    return compile_ruleset(read_ruleset(Sources(files)), {})


def _named(award: str) -> str:
    return award.replace("cost2", "17").replace("cost", "w.cost").replace("done", "w.done")


def case(done: int, cost: int) -> Facts:
    """Return the case of some work."""
    fact = Fact("work", "work", {"done": done, "cost": cost})
    return Facts({"department": "某局", "year": "2024"}, (fact,), frozenset({"work"}))


def nearest(kept: Mapping[int, Number], done: int) -> list[tuple[int, Number]]:
    """Return by trying all: the values that keep more than every nearer one, the smaller of two that are as near."""
    found, best = [], kept[done]
    for value in sorted(kept, key=lambda each: (abs(each - done), each)):
        if kept[value] > best:
            best = kept[value]
            found.append((value, best))
    return found


@settings(max_examples=max(settings().max_examples // 2, 20))
@given(st.sampled_from(AWARDS), st.integers(0, LAST), st.integers(0, LAST))
@example(AWARDS[0], 0, 0)
@example(AWARDS[5], 3, 0)
def test_the_nearest_whole_number_is_found(award: str, done: int, cost: int) -> None:
    """The first that gains is among those that trying every number finds, and the best is as good as the best there.

    Where a score rises step by step, only where it bends or jumps is proposed, and the nearest of what gains as much.
    """
    compiled = program(award)
    kept = {value: evaluate(compiled, case(value, cost)).outcome.kept for value in range(LAST + 1)}
    tried = nearest(kept, done)
    evaluation = evaluate(compiled, case(done, cost))
    improvement = improve(evaluation)
    check(evaluation, improvement)
    losses = [loss for each in improvement.indicators for loss in each.losses]
    proposals = [proposal for loss in losses for proposal in loss.proposals]
    found = sorted((p.changes[0].fields[0].after, kept[done] + p.gain) for p in proposals)
    assert set(found) <= set(tried) or award == AWARDS[6]
    if tried:
        assert max(gain for _, gain in found) == tried[-1][1]


@pytest.mark.parametrize("done", range(0, 30, 3))
def test_what_is_further_than_the_edges_that_are_followed_is_searched(done: int) -> None:
    """Every whole number is an edge here; the search finds what is behind them, and does not step over the last."""
    evaluation = evaluate(program("if floor(done) >= 30 then 10 else 1"), case(done, 0))
    improvement = improve(evaluation)
    assert check(evaluation, improvement) == 1
    [[proposal]] = [loss.proposals for each in improvement.indicators for loss in each.losses]
    assert proposal.changes[0].fields[0].after == 30


@FEW
@given(st.integers(0, 2**32))
def test_over_random_rulesets(seed: int) -> None:
    """Whatever the rules are, what is proposed is true."""
    random = Random(seed)
    try:
        compiled = compile_ruleset(read_ruleset(random_sources(random)), {})
        evaluation = evaluate(compiled, random_facts(random, 6), limit=2_000)
    except FenmingError:
        return
    check(evaluation, improve(evaluation, most=60))


@pytest.mark.long
@pytest.mark.parametrize("start", range(0, 400, 100))
def test_over_many_random_rulesets(start: int) -> None:
    """Each of the seeds below 400."""
    for seed in range(start, start + 100):
        test_over_random_rulesets.hypothesis.inner_test(seed)  # type: ignore[attr-defined]
