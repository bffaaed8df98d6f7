"""A reading whose alternatives are words of the language has the same alternatives in Chinese as in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from engine.base.faults import RulesetError
from engine.base.sources import RULESET, Sources
from engine.facts.model import Fact, Facts
from engine.program import compile_ruleset
from engine.program.scopes import chosen_readings
from engine.receipt import plain
from engine.ruleset import read_ruleset
from engine.ruleset.model import Ruleset
from tests.chinese import HEAD
from tests.evaluated import receipt_of

TEXT = (
    HEAD
    + """\
满分: 5
事实: {人员: {只有一条: true, 比率: 数字}}
参数: {每级: {数值: 1%, 依据: ["1.1"], 口径为: {R1: {不足按一步: 2%}}}}
口径:
  R1:
    条款: "1.1"
    问题: 不足一个百分点
    采用: 整步
    可选: {整步: {中文: 不扣, 得分情形: 不扣}, 不足按一步: {中文: 按一步, 得分情形: 扣}}
    权威依据: 通知
    决定: {决定人: 甲, 日期: 2024-12-01}
指标:
  - 序号: 1
    上级指标: [一级, 二级]
    名称: 在职人员控制率
    分值: 5
    计分方式: 扣分制
    评分标准: {"1.1": 每超过1个百分点扣0.5分。}
    规则:
      - {编号: 按比例, 扣分: {每: 每级, 超过: 100%, 按: 比率, 扣: 0.5, 步长: R1}, 说明: "扣 {实计} 分。"}
      - {编号: 另扣, 口径为: {R1: [不足按一步]}, 且须: 比率 > 1, 扣分: 1, 说明: 另扣。}
"""
)


def ruleset(text: str) -> Ruleset:
    """Return the ruleset of a text."""
    return read_ruleset(Sources({RULESET: text}))


def content(found: Ruleset, readings: Mapping[str, str]) -> Any:
    """Return what a receipt says, without the digests of the ruleset's text."""
    facts = Facts({"department": "某局", "year": "2024"}, (Fact("人员", "1", {"比率": 2}),), frozenset({"人员"}))
    said = plain(receipt_of(compile_ruleset(found, readings), facts).content)
    del said["ruleset"]
    return said


ENGLISH = TEXT.replace("整步", "whole").replace("不足按一步", "begun")
MIXED = TEXT.replace("采用: 整步", "采用: whole")


@pytest.mark.parametrize("other", [ENGLISH, MIXED])
@pytest.mark.parametrize(("chinese", "english"), [("整步", "whole"), ("不足按一步", "begun")])
def test_the_receipt_holds_the_english_word(other: str, chinese: str, english: str) -> None:
    """Whatever the ruleset and the override are written in."""
    found = content(ruleset(TEXT), {"R1": chinese})
    assert english in str(found)
    assert chinese not in str(found["readings"])
    assert found == content(ruleset(TEXT), {"R1": english}) == content(ruleset(other), {"R1": english})


def test_a_ruleset_may_still_call_an_alternative_otherwise() -> None:
    """A name for other alternatives stays as it is written, and so does everything else that is called by a word."""
    found = ruleset(TEXT)
    assert [rule.id for rule in found.indicators[0].rules] == ["按比例", "按比例", "另扣"]
    assert chosen_readings(found, {}) == {"R1": "whole"}
    with pytest.raises(RulesetError):
        chosen_readings(found, {"R1": "按比例"})
    other = ruleset(
        TEXT.replace("不足按一步: {中文", "另行: {中文").replace("不足按一步", "另行").replace("步长: R1", "步长: 整步")
    )
    assert list(other.readings["R1"].alternatives) == ["整步", "另行"]
