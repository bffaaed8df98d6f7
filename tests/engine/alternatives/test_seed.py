"""What it would take in the form of the seed, and in the national example: the figures that the issue names."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

import examples
from engine.alternatives.improve import improve
from engine.alternatives.improvement import Improvement, Proposal
from engine.facts import open_facts, read_facts
from engine.scoring.evaluate import evaluate
from engine.scoring.evaluation import Evaluation
from tests.compiled import program_of
from tests.engine.alternatives.applied import brief, check

COMMERCE = examples.FOLDER / "jiangmen-commerce-2024"


@cache
def scored(file: Path) -> Evaluation:
    """Return an example's evaluation."""
    document = open_facts(file.read_text("utf-8"), str(file))
    program = program_of(document.ruleset, {})
    return evaluate(program, read_facts(document, program.ruleset.facts, program.ruleset.conversions))


@cache
def improved(file: Path) -> Improvement:
    """Return what it would take in an example."""
    return improve(scored(file))


def proposals(improvement: Improvement, number: int) -> list[Proposal]:
    """Return all proposals for an indicator."""
    found = next(each for each in improvement.indicators if each.number == number)
    return [proposal for loss in found.losses for proposal in loss.proposals]


def test_less_credit_insurance_scores_more() -> None:
    """177 insured companies score half, 165 score in full: the one piece of advice that there is."""
    [advice] = proposals(improved(COMMERCE / "as-printed.yaml"), 1)
    [change] = advice.changes
    assert (change.name, change.fields[0].before, change.fields[0].after) == ("支持购买进出口信用保险企业数", 177, 165)
    assert (advice.gain, advice.full, advice.less, advice.assumed) == (Fraction(3, 4), True, True, "")


def test_foreign_capital_passes_at_21_and_is_full_at_35() -> None:
    """From 11.8; since the figure is assumed, both are marked and neither is advice."""
    found = proposals(improved(COMMERCE / "as-printed.yaml"), 2)
    steps = [each for each in found if each.changes[0].name == "实际吸收外资"]
    assert [(each.changes[0].fields[0].after, each.gain, each.full) for each in steps] == [
        (35, Fraction(15, 4), True),
        (21, Fraction(9, 4), False),
    ]
    assert all(each.assumed == "表上写“超11.8亿元”，以11.8计" and not each.less for each in steps)


def test_open_points_say_what_to_supply() -> None:
    """For the indicator whose score is left blank, and how much it can be worth."""
    [each] = improved(COMMERCE / "as-printed.yaml").opens
    assert (each.number, each.open) == (13, 3)
    assert [str(what).split("”")[0] for what in each.supply] == [
        "“绩效监控预警", "“重点评价", "Give a criterion with indicator 13, number 3, and met 是 or 否.",
    ]  # fmt: skip


def test_nothing_helps_against_a_spot_check() -> None:
    """It is somebody else's act, and what lies below it is not scored."""
    for each in improved(COMMERCE / "spot-check.yaml").indicators:
        if each.number in (10, 11):
            assert [(loss.why_none, loss.proposals) for loss in each.losses] == [("fixed", ())]


@pytest.mark.parametrize("name", ["as-printed", "spot-check", "visible-only"])
def test_every_proposal_gains_what_it_says(name: str) -> None:
    """And one step less does not."""
    assert check(scored(COMMERCE / f"{name}.yaml"), improved(COMMERCE / f"{name}.yaml"))


def test_the_national_example() -> None:
    """Results can change; the reviewer's judgements cannot."""
    file = examples.FOLDER / "national-project-2020" / "project.yaml"
    assert sorted(brief(improved(file))) == [
        "1 −1: 项目资金 spent 508.5→565 +1 all",
        "2 −1.2: 单台设备平均成本 actual 16.8→15 +1.2 all",
        "2 −1.5: fixed",
        "2 −1.5: fixed",
        "2 −1: 更新检测设备 actual 28→30 +1 all",
        "3 −1: fixed",
        "4 −0.3: 送检单位满意度 actual 87.3→90 +0.3 all",
    ]
    check(scored(file), improved(file))


def test_one_indicator_alone() -> None:
    """Is looked at as among all."""
    evaluation = scored(COMMERCE / "as-printed.yaml")
    alone = improve(evaluation, 2)
    assert [each.number for each in alone.indicators] == [2]
    assert not alone.opens
    assert alone.indicators[0] in improved(COMMERCE / "as-printed.yaml").indicators
    assert improve(evaluation, 13).opens == improved(COMMERCE / "as-printed.yaml").opens
