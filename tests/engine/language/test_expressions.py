"""Expressions: what they compute, what they refuse, and at which character."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.base.calendar import Calendar
from engine.base.numbers import exact_text
from engine.facts.model import Fact, FactType, FieldType, Kind
from engine.language.check import check
from engine.language.compute import computation
from engine.language.context import CannotCompute, Context
from engine.language.parser import MAX_LENGTH, ExpressionError, parse, unit_of
from engine.language.scope import Scope
from engine.language.sentence import Sentence, template
from engine.language.show import numbers_shown
from engine.language.typed import NUMBER, TEXT, Const

FIELDS = {
    "rate": FieldType("rate", Kind.NUMBER),
    "amount": FieldType("amount", Kind.NUMBER, "万元"),
    "kind": FieldType("kind", Kind.TEXT, choices=("甲", "乙")),
    "name": FieldType("name", Kind.TEXT),
    "met": FieldType("met", Kind.BOOLEAN),
    "day": FieldType("day", Kind.DATE),
    "extra": FieldType("extra", Kind.NUMBER, optional=True),
    "of": FieldType("of", Kind.FACT, refers_to="item"),
}
SCOPE = Scope(
    {"item": FactType("item", FIELDS), "empty": FactType("empty", FIELDS)},
    aliases={"t": "item", "u": "item"},
    constants={"line": Const(Fraction(3, 5), NUMBER, (0, 0))},
    case={"year": NUMBER, "department": TEXT},
    weights={1: 15, 2: 5},
    units=frozenset({"万元", "亿元", "天"}),
)
CALENDAR = Calendar(date(2024, 1, 1), date(2024, 12, 31), frozenset({date(2024, 5, 1)}), frozenset({date(2024, 5, 11)}))


def item(id_: str = "A", **values: Any) -> Fact:
    """Return a fact with every field but the optional one."""
    base: dict[str, Any] = {"rate": 2, "amount": 100, "kind": "甲", "name": "名", "met": True, "day": date(2024, 4, 30)}
    fact = Fact("item", id_, {**base, **values})
    return Fact("item", id_, {"of": fact, **fact.values})


def value(text: str, *facts: Fact) -> Any:
    """Compute an expression over t and u, which are the first and the last fact given."""
    given_facts = facts or (item(),)
    context = Context(
        {"year": 2024, "department": "局"},
        {"item": list(given_facts)},
        {1: 15, 2: 5},
        lambda score, _context: int(score.name) * 2,
    )
    return computation(check(text, SCOPE).tree, CALENDAR)((given_facts[0], given_facts[-1]), context)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("1 / 3", Fraction(1, 3)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("60% * 5", 3),
        ("-t.rate + 5", 3),
        ("- 2 * 3", -6),
        ("t.rate == 2 and not t.met or t.kind == '甲'", True),
        ("if t.met then 1 else 1 / 0", 1),
        ("t.rate in 1..2", True),
        ("t.rate in 2.1..3", False),
        ("t.kind in ['乙', '甲']", True),
        ("t.amount / 50 万元", 2),
        ("t.amount + 1 万元 == 101 万元", True),
        ("min(3, t.rate, 5)", 2),
        ("max(t.day, 2024-01-01) == t.day", True),
        ("abs(0 - 7)", 7),
        ("floor(7 / 2)", 3),
        ("ceil(7 / 2)", 4),
        ("floor(-7 / 2)", -4),
        ("round(2.345, 2)", Fraction(235, 100)),
        ("contains(t.name, '名')", True),
        ("text(case.year - 1, '年')", "2023年"),
        ("text(t.kind, t.rate / 4, t.name, 1 / 3)", "甲0.5名1/3"),
        ("contains('2024年会议', text(case.year, '年'))", True),
        ("year(t.day)", 2024),
        ("t.day + 1 天", date(2024, 5, 1)),
        ("(2024-05-03 - t.day) / 1 天", 3),
        ("next_workday(t.day + 1 天)", date(2024, 5, 2)),
        ("next_workday(2024-05-11)", date(2024, 5, 11)),
        ("workdays_after(t.day, 2)", date(2024, 5, 3)),
        ("has(t.extra)", False),
        ("default(t.extra, 9)", 9),
        ("not has(t.extra) or t.rate > 100", True),
        ("case.year - 1", 2023),
        ("score(2) + weight_of(1)", 19),
        ("weight_of(t.rate)", 5),
        ("line", Fraction(3, 5)),
        ("t.of.rate", 2),
        ("t.of == u", False),
        ("count(empty)", 0),
        ("sum(empty.rate)", 0),
        ("any(empty where empty.met)", False),
        ("all(empty.met)", True),
    ],
)
def test_values(text: str, wanted: Any) -> None:
    """An expression computes exactly what it says."""
    assert value(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("count(item where item.rate > 1)", 2),
        ("sum(item.amount) / 1 万元", 300),
        ("mean(item.rate)", 2),
        ("weighted_mean(item.rate, item.amount)", Fraction(7, 3)),
        ("min_of(item.rate)", 1),
        ("max_of(item.rate where item.rate < 3)", 2),
        ("any(item where item.rate == 3)", True),
        ("all(item.met)", False),
        ("count(item where item.rate < t.rate)", 0),
        ("count(item where item.rate < u.rate)", 2),
        ("sum(item.rate * u.rate)", 18),
    ],
)
def test_aggregates(text: str, wanted: Any) -> None:
    """An aggregate runs over all facts of its type, and may look at the matched facts."""
    facts = [item("A", rate=1, amount=50), item("B", rate=2, amount=100, met=False), item("C", rate=3, amount=150)]
    assert value(text, *facts) == wanted


@pytest.mark.parametrize(
    ("text", "offset", "what"),
    [
        ("", 0, "empty"),
        ("1 +", 3, "ends too early"),
        ("1 < t.rate < 3", 11, "“<” is not allowed here"),
        ("t.rate ? 1", 7, "cannot be read"),
        ("t.rat > 1", 2, "no field “rat”"),
        ("x.rate > 1", 0, "“x” is not known"),
        ("t.rate + t.amount", 0, "cannot be combined"),
        ("t.rate == 'x'", 0, "cannot be compared"),
        ("t.amount > 0", 0, "cannot be compared"),
        ("t.kind < '乙'", 0, "cannot be compared"),
        ("t.kind == '丙'", 10, "never be “丙”"),
        ("t.kind in ['甲', '丙']", 16, "never be “丙”"),
        ("t.extra > 1", 0, "may be missing"),
        ("t.extra > 1 and has(t.extra)", 0, "may be missing"),
        ("not has(t.extra) and t.extra > 1", 21, "may be missing"),
        ("has(t.extra) or t.extra > 1", 16, "may be missing"),
        ("(has(t.extra) or t.met) and t.extra > 1", 28, "may be missing"),
        ("not (has(t.extra)) or t.extra > 1", 22, "may be missing"),
        ("t.amount == 1", 0, "a number in 万元 and a plain number"),
        ("t.amount / 1 天 == 1", 0, "a number in 万元/天 and a plain number"),
        ("1 / t.amount == 1", 0, "a number in 1/万元 and a plain number"),
        ("t.amount * t.amount == 1", 0, "a number in 万元^2 and a plain number"),
        ("workdays_after(t.day, t.amount)", 0, "cannot take these"),
        ("workdays_after(t.rate, 1)", 0, "cannot take these"),
        ("round(t.rate, t.amount)", 0, "cannot take these"),
        ("text(t.amount)", 0, "cannot take these"),
        ("text('甲', t.met)", 0, "cannot take these"),
        ("t + 1", 0, "cannot be combined"),
        ("t.rate.x", 0, "is not a fact"),
        ("item.rate > 1", 0, "is a fact type"),
        ("mean(item.rate * mean(item.rate))", 17, "cannot be inside another"),
        ("sum(t.rate)", 0, "one fact type"),
        ("sum(item.rate + empty.rate)", 0, "one fact type"),
        ("sum(item.kind)", 0, "cannot take these"),
        ("summ(item.rate)", 0, "no function “summ”"),
        ("min(1)", 0, "cannot take these"),
        ("min(1, 2 where t.met)", 0, "belongs in an aggregate"),
        ("if t.met then 1 else 'x'", 21, "One of the two values is"),
        ("if 1 then 2 else 3", 3, "true or false"),
        ("score(9)", 0, "number of an indicator"),
        ("score(t.rate)", 0, "number of an indicator"),
        ("5 箱", 0, "“箱” is not known"),
        ("2024-02-30", 0, "not a day"),
        ("case.month", 0, "no “month”"),
        ("t.day + 1", 0, "cannot be combined"),
        ("t.day * 2", 0, "cannot be combined"),
        ("has(t)", 0, "cannot take these"),
        ("1" * 50, 0, "too long"),
        ("1+" * 160 + "1", 0, "more than 150"),
        ("1 " * MAX_LENGTH, 0, "characters long"),
        ("count(item.rate)", 0, "count cannot take these values"),
        ("any(item.met)", 0, "any cannot take these values"),
    ],
)
def test_refusals_point_at_the_character(text: str, offset: int, what: str) -> None:
    """A wrong expression is refused with what is wrong, at its character, with a remedy."""
    with pytest.raises(ExpressionError) as caught:
        check(text, SCOPE)
    assert what in str(caught.value.what)
    assert caught.value.offset == offset
    assert str(caught.value.remedy)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("1 / (t.rate - 2)", "divides by zero"),
        ("mean(empty.rate)", "no fact to run over"),
        ("weighted_mean(item.rate, item.rate - 2)", "divides by zero"),
        ("next_workday(2025-01-01)", "does not cover 2025-01-01"),
        ("next_workday(2024-12-31 + 1 天)", "does not cover"),
        ("weight_of(t.rate + 7)", "no indicator 9"),
    ],
)
def test_what_cannot_be_computed_says_so(text: str, what: str) -> None:
    """A value that does not exist is an error with a remedy, never a number."""
    with pytest.raises(CannotCompute, match=what) as caught:
        value(text)
    assert str(caught.value.remedy)


def test_guard_lets_an_optional_field_be_used() -> None:
    """has(…) before it, in the same condition or choice, is enough."""
    assert value("has(t.extra) and t.extra > 1", item(extra=2)) is True
    assert value("if has(t.extra) then t.extra else 0", item(extra=7)) == 7


def test_formula_shows_its_numbers() -> None:
    """The formula with the numbers put in keeps its operators and shows values exactly."""
    text = "t.rate * line / count(item) + t.amount / 3 万元"
    shown = numbers_shown(check(text, SCOPE), None)
    context = Context({}, {"item": [item()]}, {}, lambda _number, _context: 0)
    assert shown((item(rate=Fraction(1, 3)), item()), context) == "(1/3) * 0.6 / 1 + 100 万元 / 3 万元"


def test_sentence_is_filled() -> None:
    """A sentence shows values rounded for reading, percentages by `:%`, changes with their sign by `:+`."""
    pieces = template("“{t.name}”完成 {t.rate:%}，{t.rate}，{t.amount}，{t.rate:+}，{0 - t.rate:+}", SCOPE, None)
    context = Context({}, {}, {}, lambda _number, _context: 0)
    row = (item(rate=Fraction(1, 3)), item())
    assert Sentence.of(pieces, ()).fill(row, context)["zh"] == "“名”完成 33.33%，0.33，100 万元，+0.33，−0.33"


def test_yes_and_no_are_words_of_the_language_of_a_sentence() -> None:
    """A condition is 是 or 否 in Chinese, yes or no in English."""
    sentence = Sentence.of(template("{t.rate > 1}", SCOPE, None), template("{t.rate < 1}", SCOPE, None))
    context = Context({}, {}, {}, lambda _number, _context: 0)
    assert sentence.fill((item(rate=2), item()), context) == {"zh": "是", "en": "no"}


@pytest.mark.parametrize("text", ["{t.rate", "t.rate}", "{t.rat}", "{t.rate:x}", "{t.kind:%}"])
def test_wrong_sentence_is_refused(text: str) -> None:
    """A sentence with an open bracket, an unknown name or form is refused when the ruleset is read."""
    with pytest.raises(ExpressionError):
        template(text, SCOPE, None)


@given(st.text(alphabet="t.rate met()+-*/<>=!,'% 万元0123and or not if then else where count[]", max_size=40))
def test_any_text_parses_or_is_refused(text: str) -> None:
    """No text makes the parser fail in another way than its own."""
    offset = 0
    try:
        check(text, SCOPE)
    except ExpressionError as error:
        offset = error.offset
    assert 0 <= offset <= len(text)


@given(st.integers(-999, 999), st.integers(1, 99), st.integers(-999, 999), st.integers(1, 99))
def test_arithmetic_is_exact(a: int, b: int, c: int, d: int) -> None:
    """Arithmetic agrees with fractions, to the last digit."""
    got = value(f"({a} / {b}) * 3 + ({c} / {d}) - 0.1" if a >= 0 and c >= 0 else f"0 - {abs(a)} / {b} - {abs(c)} / {d}")
    wanted = (
        Fraction(a, b) * 3 + Fraction(c, d) - Fraction(1, 10)
        if a >= 0 and c >= 0
        else -Fraction(abs(a), b) - Fraction(abs(c), d)
    )
    assert got == wanted
    assert Fraction(exact_text(got)) == wanted


@pytest.mark.parametrize(
    ("text", "unit"),
    [("10000 万元", "万元"), ("5", ""), ("1 万元 + 1 万元", ""), ("'10 万元'", ""), ("万元", ""), ("", "")],
)
def test_the_unit_of_a_quantity_is_read_from_its_tree(text: str, unit: str) -> None:
    """Anything but one quantity has none."""
    assert unit_of(text) == unit


def test_parse_is_remembered() -> None:
    """The same text gives the same tree, parsed once."""
    assert parse("t.rate + 12345") is parse("t.rate + 12345")
