"""Laws of verification's own adding up: what the engine makes balances, and no altered amount does."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.checks.balance import book_faults
from engine.base.numbers import exact_text, simplest
from engine.base.sources import canonical
from engine.program import compile_ruleset
from engine.receipt import ReceiptError, read_receipt
from engine.ruleset import read_ruleset
from tests.engine.generate import random_facts, random_sources
from tests.engine.laws import SIDES
from tests.engine.test_laws import evaluated

SEEDS = st.integers(0, 2**32)
SOME = settings(max_examples=settings().max_examples * 3 // 10)
"""For laws that try every line of the receipts of an example."""
DELTAS = ("1", "-1", "0.01", "-0.000000000001", "1/3")


@cache
def contents(seed: int) -> tuple[Any, ...]:
    """Return what the receipts of a random ruleset say, as verification reads them."""
    random = Random(seed)
    program = compile_ruleset(read_ruleset(random_sources(random)))
    receipts = [evaluated(program, random_facts(random)) for _ in range(3)]
    return tuple(json.loads(receipt.text) for receipt in receipts if receipt is not None)


def refused(content: Any) -> bool:
    """Tell whether a receipt with this content is refused: by its reader, or because its books do not balance."""
    try:
        return any(True for _ in book_faults(read_receipt(canonical(content)).content))
    except ReceiptError:
        return True


def amounts(content: Any) -> Iterator[tuple[Any, str]]:
    """Give every amount that must add up: the object that holds it, and its name."""
    for posting in content["postings"]:
        yield from ((posting, "kept"), (posting, "lost"), (posting, "open"))
    lines = [*content["indicators"], *content["levels"]]
    lines += [part for indicator in content["indicators"] for part in indicator["parts"]]
    for line in lines:
        yield from ((line, "kept"), (line, "lost"), (line, "open"), (line, "weight"))
    yield from ((content, "total"), (content, "open"), (content, "weight"))


@given(SEEDS)
def test_what_the_engine_makes_balances(seed: int) -> None:
    """Whatever the ruleset and the facts."""
    for content in contents(seed):
        assert not refused(content)


@given(SEEDS, st.data())
def test_no_altered_amount_balances(seed: int, data: st.DataObject) -> None:
    """Of a posting, a part, an indicator, a level or the whole: by much, little, or a third."""
    for original in contents(seed):
        content = copy.deepcopy(original)
        places = list(amounts(content))
        line, name = places[data.draw(st.integers(0, len(places) - 1))]
        line[name] = exact_text(simplest(Fraction(line[name]) + Fraction(data.draw(st.sampled_from(DELTAS)))))
        assert refused(content), (name, line)


@pytest.mark.parametrize("number", range(4))
def test_every_amount_counts(number: int) -> None:
    """Each amount of a receipt in turn."""
    for original in contents(number):
        for at in range(sum(1 for _ in amounts(original))):
            content = copy.deepcopy(original)
            line, name = list(amounts(content))[at]
            line[name] = exact_text(simplest(Fraction(line[name]) + 1))
            assert refused(content), (name, line)


@SOME
@given(SEEDS)
def test_no_posting_can_be_dropped_or_doubled(seed: int) -> None:
    """Unless it is of nothing; nor can one name a firing that is not there."""
    for original in contents(seed):
        for at, posting in enumerate(original["postings"]):
            if any(Fraction(posting[side]) for side in SIDES):
                dropped = [*original["postings"][:at], *original["postings"][at + 1 :]]
                for postings in (dropped, [*original["postings"], posting]):
                    assert refused({**original, "postings": postings})
            for firing in (-1, len(original["firings"])):
                stray = [*original["postings"][:at], {**posting, "firing": firing}, *original["postings"][at + 1 :]]
                assert refused({**original, "postings": stray})


@SOME
@given(SEEDS)
def test_no_line_can_be_missing_or_made_up(seed: int) -> None:
    """A level or an indicator left out or reported twice, or points under a part that is not there."""
    for original in contents(seed):
        for name in ("levels", "indicators"):
            lines = original[name]
            for at, line in enumerate(lines):
                for changed in ([*lines[:at], *lines[at + 1 :]], [*lines, line]):
                    assert refused({**original, name: changed}), (name, line)
        for posting in original["postings"][:1]:
            stray = {**posting, "part": "nowhere", "kept": "1", "lost": "-1"}
            assert refused({**original, "postings": [*original["postings"], stray]})


@pytest.mark.parametrize(
    "grades",
    [
        {"grade": None, "grades": ["优"]},
        {"grade": "优", "grades": ["优", "差"]},
        {"grade": "优", "grades": ["差"]},
        {"grade": None, "grades": ["优", "差"], "open": "0"},
        {"grade": None, "grades": ["差", "差"]},
    ],
)
def test_a_grade_is_the_only_one_that_is_possible(grades: dict[str, Any]) -> None:
    """Of the total, and of what it was before overrides; one that is known has no other."""
    faults = {"its grade is not the only one that is possible", "it has more grades than are possible"}
    original = next(content for content in contents(1) if content["postings"])
    before = {"total": original["total"], "open": original["open"], "grade": "差", "grades": ["差"], **grades}
    for forged in ({**original, **grades}, {**original, "before_override": before}):
        found = {str(fault) for fault in book_faults(read_receipt(canonical(forged)).content)}
        assert found & faults


def test_a_forged_receipt_keeps_nobody_adding() -> None:
    """Amounts with exponents, sums over denominators of many digits, forms of a thousand levels: refused at once."""
    original = next(content for content in contents(1) if content["postings"])
    many = [{**original["postings"][0], "kept": f"1/{10**300 + number}"} for number in range(1000)]
    indicator = {**original["indicators"][0], "path": ["层"] * 1000}
    for forged in (
        {"postings": [{**original["postings"][0], "kept": "1e1000000000"}]},
        {"postings": [*original["postings"], *many]},
        {"indicators": [indicator, *original["indicators"][1:]]},
    ):
        assert refused({**original, **forged})
