"""The total is scaled up where something does not apply, and never above the full score."""

from __future__ import annotations

from typing import Any

import pytest

from engine.base.faults import EvaluationError, RulesetError
from engine.receipt import plain
from tests.engine.levels import not_applying, outcome, two
from tests.engine.mini import fact, indicator, program, scored


def test_the_total_is_scaled_up_where_something_does_not_apply() -> None:
    """得分 ÷ 适用分值 × 满分, rounded; the levels stay as they are."""
    receipt = scored(not_applying("10 / 3"))
    assert outcome(receipt) == ("6.66", "0", [("", "rescaling", "6.66", "3.33", "-3.33", "0", "")])
    assert plain(receipt.content)["indicators"][1]["status"] == "not_applicable"
    says = plain(receipt.content)["firings"][-1]["says"]["zh"]
    assert says == "适用分值 10 分，得 3.33 分，折算为满分 20 分：6.66 分。"


def test_nothing_is_scaled_where_everything_applies() -> None:
    """No posting, no remark."""
    assert outcome(scored(two(total={"rescale": "applicable"}))) == ("14", "0", [])


def test_open_points_are_scaled_too() -> None:
    """So that the range of the total is that of the full score."""
    form = not_applying()
    open_one = fact("not_assessed", "N", indicator=1, reason="未到期")
    assert outcome(scored(form, open_one))[:2] == ("0", "20")


def test_a_form_of_which_nothing_applies_has_no_score() -> None:
    """An error, not a division by zero."""
    form = not_applying()
    form["indicators"][0] = {**indicator({"not_applicable": "excluded"}), "path": ["投入", "资金"]}
    with pytest.raises(EvaluationError, match="No indicator applies"):
        scored(form)


def test_excluded_needs_a_form_that_scales() -> None:
    """Else the weight would be lost without a word."""
    form = not_applying()
    del form["total"]
    with pytest.raises(RulesetError) as refused:
        program(form)
    assert {found.code for found in refused.value.faults} == {"rule.excluded-without-rescale"}


@pytest.mark.parametrize(
    ("act", "total"),
    [
        ({"override": {"to": 4, "scope": "indicator"}}, "10"),
        ({"override": {"to": 10, "scope": "indicator"}}, "16"),
        ({"adjust": 5}, "11"),
        ({"override": {"to": 10, "scope": "level_1"}}, "16"),
    ],
)
def test_what_is_given_all_the_same_applies(act: dict[str, Any], total: str) -> None:
    """So the total is never above the full score: what is given of 10 left-out points counts among those that apply."""
    form = not_applying()
    form["indicators"][1] = {
        **indicator({"not_applicable": "excluded"}, act, number=2), "path": ["效果", "产出"],
    }  # fmt: skip
    assert outcome(scored(form))[0] == total
