"""Expressions as a reader of the form would say them, and the numbers that are read back out of a receipt."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from engine.base.numbers import Number
from engine.facts.model import Fact, FactType, FieldType, Kind
from engine.language.check import check
from engine.language.context import Context
from engine.language.figures import figures
from engine.language.scope import Scope
from engine.language.show import numbers_shown
from engine.language.typed import NUMBER, Const
from engine.language.worded import worded
from engine.language.wording import Wording

FIELDS = {
    "rate": FieldType("rate", Kind.NUMBER, title="完成率"),
    "amount": FieldType("amount", Kind.NUMBER, "万元", title="金额"),
    "kind": FieldType("kind", Kind.TEXT, title="类别"),
    "met": FieldType("met", Kind.BOOLEAN, title="达标"),
    "day": FieldType("day", Kind.DATE, title="日期"),
    "extra": FieldType("extra", Kind.NUMBER, optional=True, title="加分"),
}
ITEM, OTHER = (FactType(name, FIELDS, title) for name, title in (("item", "事项"), ("other_item", "其他事项")))
SCOPE = Scope(
    {"item": ITEM, "other_item": OTHER},
    aliases={"it": "item"},
    constants={
        "weight": Const(15, NUMBER, (0, 0), "weight"),
        "pass_line": Const(Fraction(3, 5), NUMBER, (0, 0), "pass_line"),
    },
    units=frozenset({"万元", "天"}),
)
SHARES = frozenset({("item", "rate"), ("other_item", "rate"), ("", "pass_line")})
ZH = Wording(
    chinese=True,
    names={"item": "事项", "other_item": "其他事项", "pass_line": "及格线"},
    fields={(kind, name): field.title for kind in ("item", "other_item") for name, field in FIELDS.items()},
    shares=SHARES,
)
EN = Wording(chinese=False, shares=SHARES)
FACT = Fact(
    "item",
    "甲",
    {"rate": Fraction(59, 175), "amount": Fraction(5, 2), "kind": "产出", "met": True, "day": date(2024, 2, 8)},
)


def no_score(*_: object) -> Number:
    """Nothing here asks for a score."""
    raise AssertionError


def context() -> Context:
    """Return what is known in a case with one item."""
    return Context({}, {"item": [FACT], "other_item": []}, {}, no_score)


SAID = [
    ("weight * it.rate / count(item where item.kind == '产出')",
     "分值 × 完成率 ÷ 事项个数（类别 = “产出”）", "15 × 33.71% ÷ 1",
     "weight × rate ÷ number of item facts (kind = “产出”)"),
    ("min(1, it.rate / pass_line) * 2", "（完成率 ÷ 及格线，不超过 1） × 2", "（33.71% ÷ 60%，不超过 1） × 2",
     "(rate ÷ pass line, at most 1) × 2"),
    ("round(weight * it.rate, 2)", "分值 × 完成率，四舍五入到 2 位小数", "15 × 33.71%，四舍五入到 2 位小数",
     "weight × rate, rounded to 2 decimals"),
    ("it.amount / sum(item.amount)", "金额 ÷ 事项的金额合计", "2.5 万元 ÷ 2.5 万元", "amount ÷ sum of amount of item"),
    ("if it.met then weight else 0", "如果达标为“是”，则为分值，否则为 0", "15", "weight if met is yes, else 0"),
    ("0 - it.rate", "−完成率", "−33.71%", "−rate"),
    ("1 - abs(it.rate - 1)", "1 − （完成率 − 1）的绝对值", "1 − （33.71% − 1）的绝对值",
     "1 − absolute value of (rate − 1)"),
    ("default(it.extra, 0)", "加分（未填的为 0）", "0", "extra (0 where it is not given)"),
    ("it.met and not has(it.extra)", "达标为“是” 且 未填加分", "是 且 是", "met is yes and extra is not given"),
    ("not it.met or it.rate >= pass_line", "达标为“否” 或 完成率 ≥ 及格线", "否 或 33.71% ≥ 60%",
     "met is no or rate ≥ pass line"),
    ("it.rate in 0..1", "完成率 在 0 至 1 之间", "33.71% 在 0 至 1 之间", "rate is between 0 and 1"),
    ("it.kind in ['产出', '效益']", "类别为“产出”或“效益”", "“产出”为“产出”或“效益”", "kind is “产出” or “效益”"),
    ("it.day + 20 天", "日期 + 20 天", "2024-02-08 + 20 天", "day + 20 天"),
    ("any(other_item where other_item.kind == it.kind)", "有其他事项（类别 = 事项的类别）", "否",
     "there is a other item fact (kind = kind of item)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "zh", "numbers", "en"), SAID)
def test_an_expression_is_said_in_both_languages(text: str, zh: str, numbers: str, en: str) -> None:
    """By the titles in Chinese, by plain names in English; with its numbers, which come from the receipt's text."""
    expression = check(text, SCOPE).canonical
    assert (worded(expression, ZH), worded(expression, EN)) == (zh, en)
    shown = numbers_shown(expression, None)((FACT,), context())
    found = figures([expression], shown)
    assert found is not None, shown
    assert worded(expression, ZH, found[0]) == numbers


def test_numbers_of_another_formula_are_not_read() -> None:
    """A value is never taken from a text that is not that of the formula."""
    expression = check("weight * it.rate", SCOPE).canonical
    for other in ("15 + 1", "14 * 1", "15 * it.rate", "", "15 * 1 天"):
        assert figures([expression], other) is None


@pytest.mark.parametrize("kind", ["'", "(", "1/3", "a' and 'b", "\\d+"])
def test_a_text_with_signs_of_the_language_is_read_as_a_text(kind: str) -> None:
    """Whatever a department writes, the numbers behind it are found."""
    expression = check("if it.kind == '产出' then 1 else it.rate", SCOPE).canonical
    also = check("it.kind == '产出' or it.rate > 1", SCOPE).canonical
    fact = Fact("item", "乙", {**FACT.values, "kind": kind})
    for each, said in ((expression, "33.71%"), (also, f"“{kind}” = “产出” 或 33.71% > 1")):
        found = figures([each], numbers_shown(each, None)((fact,), context()))
        assert found is not None
        assert worded(each, ZH, found[0]) == said
