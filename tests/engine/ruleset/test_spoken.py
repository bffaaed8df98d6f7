"""Faults name the words of the language in the form in which the ruleset is written."""

from __future__ import annotations

import pytest

import schemas
from engine.base.faults import FenmingError
from engine.base.sources import RULESET, Sources
from engine.program import compile_ruleset
from engine.ruleset import read_ruleset
from i18n import translator
from tests.chinese import HEAD

TEXT = (
    HEAD
    + """\
满分: 5
事实:
  新增预算项目: {}
指标:
  - 序号: 1
    上级指标: [一级, 二级]
    名称: 事前评估
    分值: 5
    计分方式: 扣分制
    评分标准: {"1.1": 未评估的扣分。, "1.2": 扣完为止。}
    规则:
      - 编号: over
        依据: ["1.1"]
        逐项: 新增预算项目
        扣分: 1
"""
)


def test_full_width_digits_are_numbers() -> None:
    """Where a number is wanted; a text keeps them."""
    text = TEXT.replace("分值: 5", "分值: ５", 1).replace("满分: 5", "满分: ５．０", 1).replace("试评表", "表１", 1)
    files = {f"shared/{name}.json": text for name, text in schemas.fact_types().items()}
    found = read_ruleset(Sources({**files, RULESET: text}))
    assert (found.indicators[0].weight, found.title) == (5, "表１")


def faults_said(text: str, language: str) -> str:
    """Return what the faults of a ruleset say."""
    files = {f"shared/{name}.json": text for name, text in schemas.fact_types().items()}
    with pytest.raises(FenmingError) as caught:
        compile_ruleset(read_ruleset(Sources({**files, RULESET: text})))
    translate = translator(language)
    return "\n".join(f"{f.what.text(translate)} {f.remedy.text(translate)}" for f in caught.value.faults)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    分值: 5\n", "", "缺少“分值”。 请补上“分值:”，填写数字。"),
        ("满分: 5\n", "", "更正分值；如果评分表的满分不同，写明 `满分: 5`。"),
        ('        依据: ["1.1"]\n', "", "加上 `依据:`"),
        ("        扣分: 1\n", "        加分: 1\n", "改用 `扣分`，或给分项写上 `计分方式: 加分制`。"),
        ("        扣分: 1\n", "        扣分: 1\n        一票否决: 分项\n", "规则“over”有 2 个动作：扣分、一票否决。"),
        (
            "        扣分: 1\n",
            "        改定: {至: 0, 范围: 全部}\n",
            "请从中选填：分项、三级指标、二级指标、一级指标、总分。",
        ),
        ("扣分制", "扣分法", "是否应为“扣分制”？可选：加分制、扣分制。"),
    ],
)
def test_a_chinese_ruleset_is_answered_with_chinese_keys(old: str, new: str, said: str) -> None:
    """Keys, fixed words and lists of them; the names of rules stay as they are."""
    assert old in TEXT
    found = faults_said(TEXT.replace(old, new, 1), "zh")
    assert said in found


def test_a_reader_in_english_sees_the_keys_that_are_written() -> None:
    """The form is the ruleset's, the language the reader's."""
    found = faults_said(TEXT.replace("    分值: 5\n", ""), "en")
    assert found == "“分值” is missing. Add `分值:` and a number."


def test_a_ruleset_in_english_is_answered_in_english() -> None:
    """In whatever language the reader asks."""
    text = TEXT.replace("编号: test", "id: test", 1).replace("    分值: 5\n", "", 1)
    for chinese, english in {
        "名称: 试": "title: 试",
        "制定单位": "issuer",
        "年度": "year",
        "舍入": "rounding",
        "等级": "grades",
    }.items():
        text = text.replace(chinese, english, 1)
    assert "“weight”（分值）" in faults_said(text, "zh")
