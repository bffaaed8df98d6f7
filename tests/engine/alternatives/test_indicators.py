"""Each indicator of the Jiangmen form loses points in the ways that its clauses know; the exact change is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from engine.alternatives.improve import improve
from engine.facts import open_facts, read_facts
from engine.facts.model import Fact, Facts
from engine.scoring.evaluate import evaluate
from tests.compiled import program_of, ruleset_of
from tests.engine.alternatives.applied import brief, check
from workflow.library import folder_of

NAME = "jiangmen/department-special/2024"


@cache
def full() -> Facts:
    """Return the facts of a case with full marks."""
    text = (folder_of(NAME, None) / "cases" / "full-marks.yaml").read_text("utf-8")
    ruleset = ruleset_of(NAME)
    return read_facts(open_facts(text, "full-marks.yaml"), ruleset.facts, ruleset.conversions)


def changed(*added: Fact, **values: Mapping[str, Any]) -> Facts:
    """Return those facts with some added, and with the values of some changed; None leaves a field empty."""
    made = []
    for fact in full().facts:
        new = {**fact.values, **values.get(fact.id, {})}
        made.append(replace(fact, values={name: value for name, value in new.items() if value is not None}))
    return replace(full(), facts=(*made, *added))


def finding(name: str, **classes: bool) -> Fact:
    """Return a finding of an audit, of the first class where none is said."""
    of = {"to_be_rectified": not classes, "funds_diverted": False, "repeated_or_unrectified": False, **classes}
    return Fact("audit_finding", name, {"problem": name, "year": 2024, "source": "审计局", "document": "报告", **of})


def new_project(name: str, *, evaluated: bool) -> Fact:
    """Return a new project that needs an evaluation."""
    return Fact("new_project", name, {"name": name, "needs_evaluation": True, "evaluated": evaluated})


NOT_MET = {"selected_openly": False, "progress_matches": False}
UNPUBLISHED = {"published_on": None, "checks": None, "checks_passed": None}


@pytest.mark.parametrize(
    ("number", "facts", "said"),
    [
        (1, changed(T1={"actual": 59}), ["产出一 actual 59→100 +15 all | 产出一 actual 59→60 +9"]),
        (1, changed(T1={"actual": 75}), ["产出一 actual 75→100 +3.75 all"]),
        (1, changed(T1={"actual": 151}), ["产出一 actual 151→150 +7.5 all less"]),
        (1, changed(T1={"direction": "≤", "actual": 160}), ["产出一 actual 160→100 +5.62 all"]),
        (1, changed(T1={"direction": "≤", "actual": 60}), ["产出一 actual 60→200/3 +7.5 all less"]),
        (1, changed(goal_report={"reported": False}), ["整体绩效目标申报 reported false→true +15 all"]),
        (2, changed(T2={"actual": 59}), ["效益一 actual 59→100 +15 all | 效益一 actual 59→60 +9"]),
        (3, changed(S1={"self_score": 70}), ["专项 self_score 70→80 +2.5 all"]),
        (4, changed(K42={"met": "否"}), ["评分标准符合情况（指标序号4，标准序号2） met 否→是 +3 all"]),
        (
            6,
            changed(K61={"met": "部分", "points": 0, "reason": "缺", "reviewer": "张三"}),
            ["评分标准符合情况（指标序号6，标准序号1） met 部分→是 points 0→∅* reason 缺→∅* reviewer 张三→∅* +1 all"],
        ),
        (7, changed(K71={"met": "否"}), ["评分标准符合情况（指标序号7，标准序号1） met 否→是 +2 all"]),
        (5, changed(N1={"evaluated": False}), ["新增一 evaluated false→true +1 all"]),
        (
            5,
            changed(*(new_project(f"N{n}", evaluated=n < 4) for n in (2, 3, 4))),
            ["N4 evaluated false→true +0.5 all"],
        ),
        (8, changed(P1={"basis": "无"}), ["项目一 basis 无→红头文件 +7 all | 项目一 basis 无→比选 +7 all"]),
        (9, changed(P1={"costs_reviewed": False}), ["项目一 costs_reviewed false→true +1 all"]),
        (9, changed(P1=NOT_MET), ["项目一 selected_openly false→true progress_matches false→true +1 all"]),
        (
            10,
            changed(Fact("budget_adjustment", "B1", {"amount": 2000, "kind": "科目", "exemption": "无"})),
            ["预算调剂（科目，无） amount 2000→5000/3 +0.4 all"],
        ),
        (
            10,
            changed(Fact("supplementary_funding", "F1", {"amount": 4000, "exemption": "无"})),
            ["年中追加资金（无） amount 4000→2500 +1.2 all"],
        ),
        (11, changed(finding("甲")), ["−甲 +0.5 all"]),
        (11, changed(finding("甲", funds_diverted=True)), ["−甲 +0.5 all"]),
        (11, changed(finding("甲", repeated_or_unrectified=True)), ["−甲 +1 all"]),
        (
            11,
            changed(*(finding(f"问题{n}", repeated_or_unrectified=True) for n in range(5))),
            ["−问题0 & −问题1 +1 | −问题0 & −问题2 +1 | −问题0 & −问题3 +1"],
        ),
        (12, changed(K122={"met": "否"}), ["评分标准符合情况（指标序号12，标准序号2） met 否→是 +1.5 all"]),
        (13, changed(W1={"handled_in_time": False}), ["预警一 handled_in_time false→true +1 all"]),
        (13, changed(V1={"reported_in_time": False}), ["重点评价一 reported_in_time false→true +1 all"]),
        (13, changed(K133={"met": "否"}), ["评分标准符合情况（指标序号13，标准序号3） met 否→是 +1 all"]),
        (
            14,
            changed(D1={"published_on": date(2024, 3, 22)}),
            ["预决算公开（预算） published_on 2024-03-22→2024-03-21 +0.1 all"],
        ),
        (14, changed(D1={"checks_passed": 7}), ["预决算公开（预算） checks_passed 7→10 +0.12 all"]),
        (
            14,
            changed(D2=UNPUBLISHED),
            ["预决算公开（决算） published_on ∅→2024-09-23 checks ∅→1* checks_passed ∅→1* +1 all"],
        ),
        (
            15,
            changed(E1={"published_on": date(2024, 4, 9)}),
            ["绩效信息公开（绩效目标） published_on 2024-04-09→2024-03-31 +0.5 all"],
        ),
        (15, changed(E2={"published_on": None}), ["绩效信息公开（绩效自评） published_on ∅→2024-10-31 +0.5 all"]),
    ],
)
def test_the_exact_change(number: int, facts: Facts, said: list[str]) -> None:
    """Is named, with what it gains."""
    evaluation = evaluate(program_of(NAME, {}), facts)
    improvement = improve(evaluation, number)
    assert [line.split(": ", 1)[1] for line in brief(improvement)] == said
    assert check(evaluation, improvement) == len(said[0].split(" | "))


@pytest.mark.parametrize(
    ("readings", "actual", "said"),
    [
        ({"R1": "fails"}, 60, "产出一 actual 60→100 +15 all | 产出一 actual 60→>60 +9"),
        ({"R2": "half"}, 151, "产出一 actual 151→<150 +7.5 all less"),
    ],
)
def test_an_open_bound(readings: dict[str, str], actual: int, said: str) -> None:
    """Where the value itself is not enough, the change says more than, or less than."""
    facts = changed(T1={"actual": actual})
    evaluation = evaluate(program_of(NAME, readings), facts)
    improvement = improve(evaluation, 1)
    [line] = brief(improvement)
    assert said in line
    check(evaluation, improvement)


def test_an_assumed_fact_comes_after_advice() -> None:
    """However much it would gain."""
    facts = changed(T1={"actual": 50}, N1={"evaluated": False})
    facts = replace(facts, facts=tuple(replace(f, assumed="推定" if f.id == "T1" else "") for f in facts.facts))
    found = improve(evaluate(program_of(NAME, {}), facts))
    assert [each.number for each in found.indicators] == [5, 1]
    assert all(proposal.assumed == "推定" for proposal in found.indicators[1].losses[0].proposals)


def test_the_search_is_bounded_and_says_so() -> None:
    """With room for few trials there is less, and the answer says that there may be more."""
    evaluation = evaluate(program_of(NAME, {}), changed(T1={"actual": 59}, T2={"actual": 59}))
    assert improve(evaluation, most=2).bounded
    assert not improve(evaluation).bounded
