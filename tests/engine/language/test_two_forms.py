"""Expressions in Chinese and in English mean the same, and have one spelling in receipts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.facts.model import Fact, FactType, FieldType, Kind
from engine.language import calls, functions
from engine.language.check import check
from engine.language.compute import computation
from engine.language.context import CannotCompute, Context
from engine.language.parser import ExpressionError
from engine.language.respell import Spelling, respelt
from engine.language.scope import Scope
from engine.language.typed import NUMBER, TEXT, Const
from engine.language.vocabulary import plain_signs, vocabulary
from schemas import schema

FIELDS = {
    "rate": FieldType("rate", Kind.NUMBER, title="完成率"),
    "amount": FieldType("amount", Kind.NUMBER, "万元", title="金额"),
    "kind": FieldType("kind", Kind.TEXT, choices=("产出", "效益"), title="类别"),
    "met": FieldType("met", Kind.BOOLEAN, title="达标"),
    "day": FieldType("day", Kind.DATE, title="日期"),
    "extra": FieldType("extra", Kind.NUMBER, optional=True, title="备查数"),
}
SCOPE = Scope(
    {"target": FactType("target", FIELDS), "other": FactType("other", {"size": FieldType("size", Kind.NUMBER)})},
    aliases={"t": "target"},
    constants={"pass_line": Const(Fraction(3, 5), NUMBER, (0, 0)), "weight": Const(10, NUMBER, (0, 0))},
    case={"year": NUMBER, "department": TEXT},
    weights={1: 15, 2: 5},
    units=frozenset({"万元", "天"}),
    titles={"绩效指标": "target", "及格线": "pass_line"},
)
CHINESE = Spelling(
    chinese=True,
    titles={"target": "绩效指标", "pass_line": "及格线"},
    fields={("target", name): found.title for name, found in FIELDS.items()},
)


def chinese(text: str, scope: Scope = SCOPE) -> str:
    """Return an expression in its Chinese form."""
    expression = check(text, scope)
    return respelt(text, expression.tree, expression.aliases, CHINESE)[0]


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("分值 × 完成率 ÷ 个数(绩效指标)", "weight * t.rate / count(target)"),
        ("t.完成率 ≥ 及格线 且 非 t.达标", "t.rate >= pass_line and not t.met"),
        ("完成率≥60％", "t.rate >= 60%"),
        ("t.类别 = '产出'", "t.kind == '产出'"),
        ('类别 ≠ "产出"', "t.kind != '产出'"),
        ("类别 属于 【'产出'、'效益'】", "t.kind in ['产出', '效益']"),
        ("完成率 属于 0..1", "t.rate in 0..1"),
        ("如果 达标 则 １ 否则 0.5", "if t.met then 1 else 0.5"),
        ("个数(绩效指标 其中 类别 = '产出')", "count(target where target.kind == '产出')"),
        ("个数(绩效指标 其中 绩效指标.类别 = t.类别)", "count(target where target.kind == t.kind)"),
        ("合计(绩效指标.金额) ＋ 5万元", "sum(target.amount) + 5 万元"),
        ("取小（1，完成率）", "min(1, t.rate)"),
        ("已填(备查数) 且 备查数 > 0", "has(t.extra) and t.extra > 0"),
        ("缺省为(t.备查数, 0) + 1", "default(t.extra, 0) + 1"),
        ("分值(1) − 得分(2)", "weight_of(1) - score(2)"),
        ("本案.年度 = 2024 或 是", "case.year == 2024 or true"),
        ("( ( 1 + 2 ) ) * (3)", "(1 + 2) * 3"),
        ("1 - (2 - 3)", "1 - (2 - 3)"),
        ("(1 - 2) - 3", "1 - 2 - 3"),
        ("-(1 + 2)", "-(1 + 2)"),
        ("not (t.met or t.met)", "not (t.met or t.met)"),
        ("(if t.met then 1 else 2) + 1", "(if t.met then 1 else 2) + 1"),
        ("日期 + 20天 > 2024-05-01", "t.day + 20 天 > 2024-05-01"),
    ],
)
def test_both_forms_have_one_spelling(written: str, canonical: str) -> None:
    """The canonical text is itself read as the same, and so is the Chinese one that is made from it."""
    assert check(written, SCOPE).canonical.text == canonical
    assert check(canonical, SCOPE).canonical.text == canonical
    assert check(chinese(canonical), SCOPE).canonical.text == canonical


def test_the_chinese_form_reads_like_the_form() -> None:
    """Signs, words and titles."""
    assert chinese("weight * t.rate / count(target where target.kind == '产出')") == (
        "分值 × t.完成率 ÷ 个数(绩效指标 其中 绩效指标.类别 = '产出')"
    )
    assert (
        chinese("if t.met and not t.rate != pass_line then 60% else 0")
        == "如果 t.达标 且 非 t.完成率 ≠ 及格线 则 60% 否则 0"
    )


@pytest.mark.parametrize(
    ("text", "offset", "words"),
    [
        ("t.完成 > 1", 2, "“完成”"),
        ("及格 > 1", 0, "“及格”"),
        ("大小(1, 2)", 0, "“大小”"),
        ("t.完成率 ≥ '高'", 0, "cannot be compared"),
        ("备查数 > 0", 0, "“备查数” may be missing"),
        ("个数(绩效指标 其中 类别 = '成本')", 16, "can never be “成本”"),
        ("完成率 ≥ 60％ 且", 11, "ends too early"),
    ],
)
def test_errors_are_at_the_character_that_was_written(text: str, offset: int, words: str) -> None:
    """And use the words that were written."""
    with pytest.raises(ExpressionError) as caught:
        check(text, SCOPE)
    assert words in str(caught.value.what)
    assert caught.value.offset == offset


def test_a_bare_field_needs_one_owner() -> None:
    """With two facts that have the field, none is meant; an alias, a parameter or a word goes before a field."""
    two = replace(SCOPE, aliases={"t": "target", "u": "target"})
    with pytest.raises(ExpressionError, match="The name “完成率” is not known here"):
        check("完成率 > 1", two)
    assert (
        check("count(target where 完成率 > t.完成率)", two).canonical.text == "count(target where target.rate > t.rate)"
    )
    named = replace(SCOPE, constants={**SCOPE.constants, "rate": Const(1, NUMBER, (0, 0))})
    assert check("rate > t.rate", named).canonical.text == "rate > t.rate"
    mixed = replace(SCOPE, aliases={"t": "target", "o": "other"})
    assert check("size > 完成率", mixed).canonical.text == "o.size > t.rate"


def test_texts_keep_their_signs() -> None:
    """Outside of quotes a sign is plain, at the same place; inside it is the document's."""
    assert plain_signs("（１）＋'（一）×' ÷ “x”") == "(1)+'（一）×' / “x”"
    assert check("t.kind == '产出'", SCOPE).canonical.text == "t.kind == '产出'"


def numbers(depth: int) -> st.SearchStrategy[str]:
    """Return expressions that give plain numbers."""
    leaves = st.sampled_from(["1", "0.25", "60%", "t.rate", "pass_line", "weight", "count(target)", "weight_of(1)"])
    if depth == 0:
        return leaves
    below, conditions = numbers(depth - 1), booleans(depth - 1)
    return st.one_of(
        leaves,
        st.tuples(below, st.sampled_from(["+", "-", "*", "/"]), below).map(lambda p: f"({p[0]}) {p[1]} ({p[2]})"),
        below.map(lambda text: f"-({text})"),
        st.tuples(below, below).map(lambda p: f"min({p[0]}, {p[1]})"),
        st.tuples(conditions, below, below).map(lambda p: f"(if {p[0]} then {p[1]} else {p[2]})"),
        st.just("sum(target.rate where target.met)"),
        st.just("default(t.extra, 3)"),
    )


def booleans(depth: int) -> st.SearchStrategy[str]:
    """Return expressions that give conditions."""
    leaves = st.sampled_from(["t.met", "true", "has(t.extra)", "t.kind == '产出'", "t.kind in ['产出', '效益']"])
    if depth == 0:
        return leaves
    below, numeric = booleans(depth - 1), numbers(depth - 1)
    comparators = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    return st.one_of(
        leaves,
        st.tuples(below, st.sampled_from(["and", "or"]), below).map(lambda p: f"({p[0]}) {p[1]} ({p[2]})"),
        below.map(lambda text: f"not ({text})"),
        st.tuples(numeric, comparators, numeric).map(lambda p: f"({p[0]}) {p[1]} ({p[2]})"),
        st.tuples(numeric, numeric).map(lambda p: f"({p[0]}) in 0..({p[1]})"),
    )


def value(text: str) -> Any:
    """Return what an expression gives for one fact, or that it has no value."""
    fact = Fact(
        "target", "A", {"rate": Fraction(7, 10), "amount": 5, "kind": "产出", "met": True, "day": date(2024, 1, 2)}
    )
    context = Context({"year": 2024, "department": "局"}, {"target": [fact]}, {1: 15, 2: 5}, lambda _score, _context: 0)
    try:
        return computation(check(text, SCOPE).tree, None)((fact,), context)
    except CannotCompute as error:
        return error.what.code


@given(st.one_of(numbers(3), booleans(3)))
@settings(max_examples=200)
def test_random_expressions_mean_the_same_in_both_forms(text: str) -> None:
    """There and back again: one spelling, one value, and fewer brackets change nothing."""
    canonical = check(text, SCOPE).canonical.text
    spelt = chinese(text)
    assert check(canonical, SCOPE).canonical.text == canonical
    assert check(spelt, SCOPE).canonical.text == canonical
    assert value(text) == value(canonical) == value(spelt)


def test_the_vocabulary_is_a_pair_of_words_each() -> None:
    """No Chinese word has two meanings in its part, and every word of the language is there."""
    for part in ("operators", "keywords", "functions", "words", "values"):
        found = vocabulary(part)
        assert len(found.chinese) == len(found.english), part
    known = [*functions.FUNCTIONS, *functions.AGGREGATES, *calls.OPTIONAL, *calls.OF_INDICATORS]
    assert set(vocabulary("functions").chinese) == set(known)
    assert not set(vocabulary("keywords").english) & set(vocabulary("words").english)


def test_every_key_of_a_ruleset_has_both_forms() -> None:
    """As the JSON Schema lists them; in each place a Chinese key has one meaning. So has every key of golden cases."""
    found: set[str] = set()
    chinese = vocabulary("keys").chinese

    def keys(node: object) -> None:
        if isinstance(node, dict):
            properties = node.get("properties", {})
            found.update(properties)
            assert len({chinese.get(key) for key in properties}) == len(properties), properties.keys()
            for below in node.values():
                keys(below)
        elif isinstance(node, list):
            for below in node:
                keys(below)

    keys(schema("ruleset.json"))
    keys(schema("cases.json"))
    assert found <= set(vocabulary("keys").chinese), found - set(vocabulary("keys").chinese)
