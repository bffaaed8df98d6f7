"""Figures in words: known in every form, and compared with the numbers of the rules."""

from __future__ import annotations

from fractions import Fraction

import pytest

from engine.analysis.checks.numerals import figures
from tests.analysis.changed import examined

EQUAL = {
    Fraction(3, 5): (
        "60%",
        "60 %",
        "６０％",
        "0.6",
        "六成",
        "六折",
        "百分之六十",
        "百分之60",
        "五分之三",
        "3/5",
        "6成",
        "60%-100%",
    ),
    Fraction(1, 2): ("50%", "0.5", "一半", "五成", "五折", "减半", "二分之一", "百分之五十", "50-100%"),
    Fraction(85, 100): ("85%", "八成五", "八五折", "8.5折", "0.85"),
    20: ("20日", "20 天", "二十日", "20", "二十个工作日"),
    105: ("一百零五分", "105分"),
    500: ("500万元", "五百元"),
    3: ("3个", "三个", "超过3个的", "three: 3"),
}


@pytest.mark.parametrize(("value", "text"), [(value, text) for value, texts in EQUAL.items() for text in texts])
def test_a_figure_is_known_in_every_form(value: int | Fraction, text: str) -> None:
    """The forms of one figure are equal."""
    assert any(value in figure.values for figure in figures(text)), text


@pytest.mark.parametrize(
    "text",
    [
        "1.首先",
        "（1）符合的",
        "第3项",
        "第三条",
        "2024年",
        "一是及时",
        "二级指标",
        "level-2 indicator",
        "a level 1 that",
        "R10",
        "完成",
        "统一",
    ],
)
def test_what_numbers_something_is_not_a_figure(text: str) -> None:
    """Ordinals, items of a list, years and names hold no figure."""
    assert figures(text) == []


def test_an_item_of_a_list_may_begin_with_a_figure() -> None:
    """`2.5分` is a figure; `2.五分` has one after the item's number."""
    assert [figure.values for figure in figures("2.5分；3.六成")] == [(Fraction(5, 2),), (Fraction(3, 5),)]


@pytest.mark.parametrize("value", ["60%", "0.6", "3 / 5"])
def test_a_parameter_that_its_clause_says_in_other_words(value: str) -> None:
    """However it is written, 60% is 60%."""
    words = ("60%以上不足80%得五成；不足60%不得分", "六成以上不足80%得一半；不足六折不得分")
    assert examined(words, ("red_line: {value: 60%,", f"red_line: {{value: {value},")).found.findings == ()


@pytest.mark.parametrize(
    ("name", "old", "new"), [("yellow_line", "80%", "85%"), ("green_line", "95%", "90%"), ("red_line", "60%", "0.65")]
)
def test_a_parameter_that_contradicts_its_clause(name: str, old: str, new: str) -> None:
    """It is found at the parameter, with the clause's figures; so is a clause that was changed."""
    found = examined((f"{name}: {{value: {old},", f"{name}: {{value: {new},"))
    [finding] = found.of("figure-in-clause")
    assert (finding.name, finding.where.line) == (f"{name} 1.1", found.line(f"{name}: {{"))
    for figure in ("95%", "80%", "60%", "五成"):
        assert figure in str(finding.what)


def test_a_share_of_a_clause_that_nothing_has() -> None:
    """A parameter with the value of another one leaves its own figure over."""
    ends = (("{below: green_line,", "{to: green_line,"), ("{from: green_line,", "{above: green_line,"))
    found = examined(("green_line: {value: 95%,", "green_line: {value: 80%,"), *ends)
    assert found.lines("figure-in-clause") == [("1.1 95%", found.line('"1.1":'))]
    assert examined(("得五成；", "得四成；")).lines("figure-in-clause") == [("1.1 四成", found.line('"1.1":'))]


def test_a_clause_that_says_another_number() -> None:
    """Numbers that are not shares are compared with numbers that are not shares."""
    said = ("单位成本不高于标准得满分", "单位成本不高于120元得满分")
    [finding] = examined(said).of("figure-in-clause")
    assert finding.name == "target_cost 3.1"
    assert examined((said[0], "单位成本不高于100元得满分")).of("figure-in-clause") == []
    assert examined((said[0], "单位成本不高于一百元得满分")).of("figure-in-clause") == []
    assert examined((said[0], "单位成本不高于八成得满分")).of("figure-in-clause") == []


@pytest.mark.parametrize(
    ("words", "wrong"), [("满分线 90%", "90%"), ("满分线九成", "九成"), ("满分线 95%", ""), ("满分线九成五", "")]
)
def test_a_sentence_that_contradicts_its_rule(words: str, wrong: str) -> None:
    """A figure that is written out goes stale when the parameter changes."""
    found = examined(('zh: "执行率 {e.spent / e.budget:%}，得', f'zh: "{words}，执行率 {{e.spent / e.budget:%}}，得'))
    lines = [(f"1/banded {wrong}", found.line(words))] if wrong else []
    assert found.lines("figure-in-sentence") == lines


def test_a_sentence_of_another_number() -> None:
    """What the sentence of a rule without parameters says is not compared; an ordinal never is."""
    assert examined(("单位成本 {e.unit_cost}，标准", "第2档单位成本 {e.unit_cost}，标准")).found.findings == ()
    [finding] = examined(("标准 {target_cost}，得", "标准 120 元，得")).of("figure-in-sentence")
    assert finding.name == "3/inverse 120"
