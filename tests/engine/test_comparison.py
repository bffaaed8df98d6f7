"""Laws of a comparison: what differs adds up, whichever two scores are compared."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.explanation import ScoredCase, scored_case
from engine.explanation.comparison import Comparison, PostingChange, compare, compare_claim
from engine.program import compile_ruleset
from engine.receipt import Receipt
from engine.ruleset import read_ruleset
from tests.engine.generate import random_facts, random_sources
from tests.engine.mini import indicator, ruleset, scored, sources
from tests.engine.test_laws import evaluated
from tests.workflow.recorded import COMMERCE
from workflow.library import find
from workflow.score import score
from workflow.settings import Settings


def check_sums(comparison: Comparison) -> None:
    """See that each difference is the sum of its postings' differences, and the total's of all of them."""

    def total(changes: Iterator[PostingChange]) -> Fraction:
        return sum((Fraction(change.difference) for change in changes), Fraction(0))

    for each in comparison.indicators:
        assert total(iter(each.postings)) + each.weight_change == Fraction(each.points.difference)
    everything = (change for each in comparison.indicators for change in each.postings)
    weights = sum(each.weight_change for each in comparison.indicators)
    assert total(everything) + weights + total(iter(comparison.levels)) == Fraction(comparison.total.difference)


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_differences_are_sums_of_postings(seed: int) -> None:
    """For two random cases of a random ruleset."""
    random = Random(seed)
    form = read_ruleset(random_sources(random))
    program = compile_ruleset(form)
    found = [evaluated(program, random_facts(random)) for _ in range(4)]
    cases = [scored_case(receipt, form) for receipt in found if isinstance(receipt, Receipt)]
    for first, second in pairwise(cases):
        check_sums(compare(first, second))
        assert not [each for each in compare(first, first).indicators if each.postings]


def case(name: str, **readings: str) -> ScoredCase:
    """Return an example of the Jiangmen form, scored."""
    found = score(str(COMMERCE / name), Settings(), readings)
    return scored_case(found.receipt, found.ruleset)


def test_a_spot_check_is_one_posting_of_each_indicator_it_zeroes() -> None:
    """The level-2 indicator loses 6 points: 2 and 4."""
    comparison = compare(case("as-printed.yaml"), case("spot-check.yaml"))
    check_sums(comparison)
    differing = {each.line.number: [change.difference for change in each.postings] for each in comparison.both}
    assert {number: found for number, found in differing.items() if found} == {10: [-2], 11: [-4]}
    assert comparison.total.difference == -6
    assert comparison.total.deviation is None, "three points are open"


def test_the_deviation_is_the_share_of_the_first() -> None:
    """偏离度 = (self − re-check) ÷ self, for an indicator that is assessed; none where nothing was claimed."""
    comparison = compare(case("as-printed.yaml"), case("as-printed.yaml", R4="as-printed"))
    [changed] = [each for each in comparison.both if each.postings]
    assert (changed.line.number, changed.line.kept) == (2, "14.25")
    assert changed.points.deviation == (Fraction("11.04") - Fraction("14.25")) / Fraction("11.04")
    zero = compare(case("spot-check.yaml"), case("as-printed.yaml"))
    assert next(each for each in zero.both if each.line.number == 10).points.deviation is None


def test_a_claim_is_compared_with_the_score() -> None:
    """The visible outputs alone give 12.50 against 14.25 claimed, 12.28 % too much."""
    comparison = compare_claim(case("visible-only.yaml"))
    first = comparison.indicators[0]
    assert (first.points.first and first.points.first.kept, first.points.difference) == (
        Fraction("14.25"),
        Fraction("-1.75"),
    )
    assert first.points.deviation == Fraction(7, 57)
    assert sum(Fraction(change.difference) for change in first.postings) == Fraction(first.line.kept) - 15
    blank = next(each for each in comparison.indicators if each.line.number == 13)
    assert (blank.points.first, blank.points.deviation) == (None, None)
    assert not comparison.total.is_known, "a score that was left blank is missing from the sum of the others"


def test_two_years_are_aligned_by_what_they_say() -> None:
    """An indicator is the same by its name, though its number is another; what only one year has is listed."""
    old, new = (full_marks(year) for year in (2024, 2025))
    comparison = compare(old, new)
    check_sums(comparison)
    for each in comparison.both:
        assert each.first is not None
        assert each.first.name == each.line.name
    alone = [(each.line.name, each.first is None) for each in comparison.alone]
    names = [{line.name for line in year.content.indicators} for year in (old, new)]
    assert {name for name, _ in alone} == names[0] ^ names[1]
    assert all(is_new == (name in names[1]) for name, is_new in alone)
    assert alone, "the fictional form of 2025 has a new indicator"


def test_an_indicator_that_is_renamed_is_known_by_its_clauses() -> None:
    """Of another ruleset, once those with the same name are paired."""

    def of(id_: str, name: str, clause: str) -> ScoredCase:
        renamed = {"name": name, "clauses": {"2.1": clause}}
        document = ruleset(indicator({"award": 3}), indicator({"award": 4}, number=2, **renamed), id=id_)
        return scored_case(scored(document), read_ruleset(sources(document)))

    old = of("test/form/1", "旧名", "同一条款")
    assert [each.first is not None for each in compare(old, of("test/form/2", "新名", "同一 条款")).both] == [
        True,
        True,
    ]
    assert len(list(compare(old, of("test/form/2", "新名", "另一条款")).alone)) == 2


def full_marks(year: int) -> ScoredCase:
    """Return the case with full marks beside a year's ruleset."""
    found = find(f"jiangmen/department-special/{year}", None)
    case_of = score(str(found.folder / "cases" / "full-marks.yaml"), Settings())
    return scored_case(case_of.receipt, case_of.ruleset)
