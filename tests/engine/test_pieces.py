"""Programs of one ruleset share what no reading changes, and score as if they did not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

import pytest

from engine.base.faults import InvalidInput
from engine.facts import open_facts, read_facts
from engine.facts.model import Facts
from engine.program import Pieces, Program, compile_pieces, compile_ruleset
from engine.receipt.make import make_receipt
from engine.ruleset import Ruleset, read_ruleset
from engine.scoring.evaluate import evaluate
from tests.compiled import ruleset_of
from tests.engine.alternatives.test_readings import combinations, with_readings
from tests.engine.generate import random_facts, random_sources
from tests.workflow.recorded import COMMERCE, PROJECT


def outcome(program: Callable[[], Program], facts: Facts) -> bytes | str:
    """Return the receipt of a case, or why it has none, be it for the ruleset or for the facts."""
    try:
        return make_receipt(evaluate(program(), facts)).text
    except InvalidInput as error:
        return str(error)


def assert_alike(found: Ruleset, readings: list[dict[str, str]], facts: Facts) -> None:
    """See that a program of shared pieces gives the receipt, or the error, of one that is compiled by itself."""
    pieces = Pieces(found)
    for chosen in readings:
        shared = outcome(partial(compile_pieces, pieces, chosen), facts)
        assert shared == outcome(partial(compile_ruleset, found, chosen), facts), chosen


@pytest.mark.parametrize("seed", range(15))
def test_random_rulesets_score_the_same(seed: int) -> None:
    """Under every combination of readings, those too under which a rule is wrong."""
    random = Random(seed)
    found = read_ruleset(with_readings(random_sources(random), random))
    assert_alike(found, list(combinations(found)), random_facts(random))


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("jiangmen/department-special/2024", COMMERCE / "visible-only.yaml"),
        ("national/project-self-evaluation/2020", PROJECT),
    ],
)
def test_shipped_rulesets_score_the_same(name: str, file: Path) -> None:
    """Under each alternative of each reading."""
    found = ruleset_of(name)
    facts = read_facts(open_facts(file.read_text("utf-8"), ""), found.facts, found.conversions, {})
    single = [{reading.id: choice} for reading in found.readings.values() for choice in reading.alternatives]
    assert_alike(found, [{}, *single], facts)


def test_what_no_reading_changes_is_compiled_once() -> None:
    """Of the 105 rules of the seed's form most are the same under another reading."""
    pieces = Pieces(ruleset_of("jiangmen/department-special/2024"))
    one, other = compile_pieces(pieces), compile_pieces(pieces, {"R4": "as-printed"})
    known = {id(rule.formulas) for rule in one.rules}
    fresh = [rule.name for rule in other.rules if rule.formulas and id(rule.formulas) not in known]
    assert fresh == ["2/mean-of-outputs"]
    assert [rule.match.index for rule in other.rules] == list(range(len(other.rules)))
