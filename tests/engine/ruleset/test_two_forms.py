"""A ruleset in Chinese scores like the same one in English, to the byte of the receipt but for its own digests."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import schemas
from engine.base.faults import EvaluationError, FactsError, RulesetError
from engine.base.sources import RULESET, TRANSLATIONS, Sources
from engine.language.spelling import WordForm
from engine.language.vocabulary import vocabulary
from engine.program.compile import compile_ruleset
from engine.receipt import plain
from engine.ruleset import Ruleset, read_ruleset
from engine.ruleset.word_form import word_form
from tests.compiled import ruleset_of
from tests.engine.generate import random_facts, random_sources
from tests.engine.test_laws import evaluated

SCHEMA = schemas.schema("ruleset.json")


def resolved(says: dict[str, Any]) -> dict[str, Any]:
    """Return what a schema refers to."""
    if "$ref" not in says:
        return says
    found: Any = SCHEMA
    for step in says["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return {**resolved(found), **{key: value for key, value in says.items() if key != "$ref"}}


def in_chinese(content: Any, says: dict[str, Any], form: WordForm) -> Any:
    """Return a document in the Chinese form: its keys, fixed words, names and expressions."""
    says = resolved(says)
    if isinstance(content, dict):
        fields = says.get("properties", {})
        made = {}
        for key, value in content.items():
            below = fields.get(key) or says.get("additionalProperties") or {}
            named = vocabulary("keys").chinese[key] if key in fields else form.name(key) if says.get("x-names") else key
            made[named] = in_chinese(value, below if isinstance(below, dict) else {}, form)
        return made
    if isinstance(content, list):
        return [in_chinese(each, says.get("items", {}), form) for each in content]
    if not isinstance(content, str):
        return content
    if "enum" in says:
        return vocabulary("values").chinese[content]
    if content in says.get("x-words", ()):
        return vocabulary("values").chinese[content]
    if says.get("x-name"):
        return form.name(content)
    if says.get("title") in ("条件", "前提") or says.get("description") == "An expression of the rule language.":
        return form.expression(content)
    return form.sentence(content) if "{" in content else content


NAMES = {"款": "pay", "线": "line", "某项": "x", "某事": "d", "推出零": "d0", "推出一": "d1", "值": "value", "其": "of"}


def chinese_sources(sources: Sources) -> Sources:
    """Return the sources of the same ruleset in Chinese, with both names of everything declared."""
    document = json.loads(sources.files[RULESET])
    other = {name: chinese for chinese, name in NAMES.items()}
    form = WordForm(chinese=True, names=other, fields={"value": "值", "of": "其"})
    spelt = {**in_chinese(document, SCHEMA, form), vocabulary("keys").chinese["names"]: NAMES}
    return Sources({**sources.files, RULESET: yaml.safe_dump(spelt, allow_unicode=True, sort_keys=False)})


def test_a_bare_field_is_called_by_its_other_name() -> None:
    """As after a dot; a word of the language is that word."""
    form = WordForm(chinese=True, names={"pay": "款"}, fields={"rate": "率", "total": "合计数"})
    assert form.expression("rate + pay.rate > total") == "率 + 款.率 > 总分"


def said(sources: Sources, random: Random) -> list[Any]:
    """Return what three random cases score, without the digests of the texts."""
    program = compile_ruleset(read_ruleset(sources))
    found: list[Any] = []
    for _ in range(3):
        try:
            receipt = evaluated(program, random_facts(random))
        except (EvaluationError, FactsError) as error:
            found.append(error.faults[0].code)
            continue
        content = None if receipt is None else plain(receipt.content)
        if content is not None:
            del content["ruleset"]["digest"], content["ruleset"]["text"]
        found.append(content)
    return found


@given(st.integers(0, 2**32))
@settings(max_examples=40)
def test_both_forms_of_random_rulesets_score_the_same(seed: int) -> None:
    """Every line of the receipt, names and formulas included."""
    sources = random_sources(Random(seed))
    chinese = chinese_sources(sources)
    text = chinese.files[RULESET]
    assert "award:" not in text
    assert "指标:" in text
    assert said(sources, Random(seed + 1)) == said(chinese, Random(seed + 1))


SMALL = """
编号: demo/zh/1
名称: 试用评分表
制定单位: 某市财政局
年度: 2024
舍入: {小数位数: 2, 方式: 四舍五入, 何处: 三级指标}
等级: [{名称: 优, 自: 90}, {名称: 差, 自: 0}]
事实:
  绩效指标完成情况: {}
参数:
  及格线: {数值: 60％, 依据: 办法}
评分标准: {办法: 某办法}
名称对照: {完成情况: completion, 率: rate}
公用规则:
  - 编号: 完成率
    依据: 办法
    逐项: 绩效指标完成情况
    条件: 方向 = '≥'
    推出: {完成情况: {率: 实际完成值 ÷ 年初目标值}}
指标:
  - 序号: 1
    上级指标: [产出]
    名称: 产出完成
    分值: 100
    评分标准: {"1.1": 按完成率得分，60%以下不得分。}
    规则:
      - 逐项: 完成情况
        条件: 率 ≥ 及格线
        加分: 分值 × 取小（1，率） ÷ 个数（完成情况）
        占分: 分值 ÷ 个数(完成情况)
        说明: 完成率 {率:%}，得 {实计} 分。
"""
SHARED = {"shared/performance_target.json": schemas.fact_types()["performance_target"]}


def small(text: str = SMALL, **beside: str) -> Ruleset:
    """Return the small ruleset."""
    translations = {TRANSLATIONS[language]: said for language, said in beside.items()}
    return read_ruleset(Sources({RULESET: text, **SHARED, **translations}))


def test_a_ruleset_needs_no_english() -> None:
    """Keys, words, titles, full-width signs; a rule without id, cites and alias has the only ones that it can have."""
    program = compile_ruleset(small())
    (rule,) = [rule for rule in program.rules if rule.indicator == 1]
    assert rule.name == "1/1"
    assert rule.clauses == ("1.1",)
    assert [formula.text for formula in rule.formulas] == [
        "weight * min(1, it.rate) / count(completion)",
        "weight / count(completion)",
    ]
    assert word_form(small(), chinese=True).expression("it.rate * count(completion)") == "该项.率 × 个数(完成情况)"


def test_a_fact_type_keeps_its_title_where_a_rule_has_its_name() -> None:
    """The Jiangmen ruleset calls a rule 标准得分, criterion in receipts, which is a fact type too."""
    form = word_form(ruleset_of("jiangmen/department-special/2024"), chinese=True)
    assert form.name("criterion") == "评分标准符合情况"


def test_a_text_in_one_language_serves_both_until_it_is_translated() -> None:
    """The other language may be in a file beside the ruleset, which belongs to its own texts."""
    rule = small().indicators[0].rules[0]
    assert rule.say is not None
    assert rule.say.zh.text == rule.say.en.text == "完成率 {率:%}，得 {实计} 分。"
    translated = small(en='"完成率 {率:%}，得 {实计} 分。": "{rate:%} reached: {taken}."\n')
    rule = translated.indicators[0].rules[0]
    assert rule.say is not None
    assert (rule.say.zh.text, rule.say.en.text) == ("完成率 {率:%}，得 {实计} 分。", "{rate:%} reached: {taken}.")
    assert translated.text != small().text
    with pytest.raises(RulesetError) as caught:
        compile_ruleset(small(en='"完成率 {率:%}，得 {实计} 分。": "{rates} reached."\n'))
    assert caught.value.faults[0].where.file == TRANSLATIONS["en"]


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "words"),
    [
        ("分值: 100", "分直: 100", "value.unknown-field", 24, "“分直”"),
        ("条件: 率 ≥ 及格线", "条件: 率 ≥ 及格", "expression.unknown-name", 28, "“及格”"),
        ("加分: 分值", "加分: 大小(1)", "expression.unknown-function", 29, "“大小”"),
        ("方式: 四舍五入", "方式: 去尾", "value.not-a-choice", 6, "“去尾”"),
        ("条件: 方向 = '≥'", "条件: 方向 = '>'", "expression.never", 18, "“>”"),
        ("    分值: 100", "    分值: 100\n    weight: 100", "value.unknown-field", 24, "“分值”"),
        ("逐项: 绩效指标完成情况", "逐项: 绩效指标", "rule.never-fires", 15, "“绩效指标”"),
    ],
)
def test_a_mistake_is_reported_in_the_words_that_were_written(
    old: str, new: str, code: str, line: int, words: str
) -> None:
    """At its line."""
    assert SMALL.count(old) == 1
    with pytest.raises(RulesetError) as caught:
        compile_ruleset(small(SMALL.replace(old, new)))
    found = {fault.code: fault for fault in caught.value.faults}
    assert code in found, [str(fault) for fault in caught.value.faults]
    assert found[code].where.line == line
    assert words in str(found[code])
