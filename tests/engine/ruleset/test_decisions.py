"""Who decided the readings may be said once for all of them, and an alternative may be called by a word."""

from __future__ import annotations

import pytest

import schemas
from engine.base.faults import RulesetError
from engine.base.sources import RULESET, Sources
from engine.program import compile_ruleset
from engine.ruleset import Ruleset, read_ruleset
from engine.ruleset.word_form import word_form
from i18n import translator

DECIDED = "决定: {决定人: 甲, 日期: 2024-12-01}\n"
OWN = ", 决定: {决定人: 乙, 日期: 2025-01-01}"
TEXT = (
    """
编号: test/form/1
名称: 试评表
制定单位: 某局
年度: 2024
舍入: {小数位数: 2, 方式: 四舍五入, 何处: 三级指标}
等级: [{名称: 优, 自: 0}]
满分: 5
事实: {新增预算项目: {}}
"""
    + DECIDED
    + """口径:
  R1: {条款: "1.1", 问题: 何时, 采用: 满分, 可选: {满分: {中文: 得满分, 得分情形: 5分}}, 权威依据: 通知}
  R2: {条款: "1.1", 问题: 何时, 采用: 一半, 可选: {一半: {中文: 得一半, 得分情形: 2.5分}}, 权威依据: 通知"""
    + OWN
    + """}
指标:
  - 序号: 1
    上级指标: [一级, 二级]
    名称: 事前评估
    分值: 5
    评分标准: {"1.1": 未评估的扣分。}
    规则:
      - {编号: 得满, 口径为: {R1: 满分}, 且须: 个数(新增预算项目) < 满分, 加分: 满分}
名称对照: {满分: full, 一半: half, 得满: filled}
"""
)


def ruleset(text: str) -> Ruleset:
    """Return the ruleset of a text."""
    files = {f"shared/{name}.json": found for name, found in schemas.fact_types().items()}
    return read_ruleset(Sources({**files, RULESET: text}))


def test_a_reading_is_decided_as_all_are_or_as_it_says() -> None:
    """What a reading says itself comes first."""
    found = ruleset(TEXT).readings
    assert (found["R1"].decided_by, found["R1"].decided_on) == ("甲", "2024-12-01")
    assert (found["R2"].decided_by, found["R2"].decided_on) == ("乙", "2025-01-01")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "口径 R1 没有写明由谁、何时决定。 请在其中补上 `决定: {决定人: …, 日期: 2025-03-01}`"),
        ("en", "Reading R1 does not say who decided it, and when. Add `决定: {决定人: …, 日期: 2025-03-01}`"),
    ],
)
def test_a_reading_that_nobody_decided_is_refused(language: str, said: str) -> None:
    """At its line, and only that reading."""
    with pytest.raises(RulesetError) as caught:
        ruleset(TEXT.replace(DECIDED, ""))
    (fault,) = caught.value.faults
    translate = translator(language)
    assert f"{fault.what.text(translate)} {fault.remedy.text(translate)}".startswith(said)
    assert (fault.code, fault.where.line) == ("ruleset.undecided", TEXT[: TEXT.index("R1: {")].count("\n"))


def test_a_word_means_itself_though_an_alternative_is_called_by_it() -> None:
    """满分 is the full score in expressions, and an alternative where alternatives are named."""
    found = ruleset(TEXT)
    assert dict(found.readings["R1"].alternatives).keys() == {"full"}
    compile_ruleset(found)
    assert word_form(found, chinese=False).expression("个数(新增预算项目) < 满分") == "count(new_project) < full_score"
    assert word_form(found, chinese=True).expression("count(new_project) < full_score") == "个数(新增预算项目) < 满分"


def test_words_in_neither_language_are_asked_for_once() -> None:
    """One of the two is enough, so what is missing is not both."""
    with pytest.raises(RulesetError) as caught:
        ruleset(TEXT.replace("满分: {中文: 得满分, 得分情形: 5分}", "满分: {得分情形: 5分}"))
    assert [fault.code for fault in caught.value.faults] == ["value.no-words"]
    ruleset(TEXT.replace("中文: 得满分", "英文: Full"))
