"""The forms of the commonest clauses score like the rules that they stand for, written out by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import schemas
from engine.base.faults import EvaluationError, FactsError, RulesetError
from engine.base.sources import RULESET, Sources
from engine.facts.model import Fact, Facts
from engine.program import compile_ruleset
from engine.receipt import plain
from engine.ruleset import read_ruleset
from engine.ruleset.model import Ruleset
from i18n import translator
from tests.chinese import HEAD
from tests.engine.generate import fact_schema, random_facts
from tests.engine.random_formulas import TYPES
from tests.engine.test_laws import evaluated
from tests.evaluated import receipt_of

READING = {
    "clause": "1.1",
    "question": {"zh": "问", "en": "Question"},
    "authority": "通知",
    "decided": {"by": "某", "on": "2024-01-01"},
}
SAY = {"zh": "{it.amount}，{taken} 分。", "en": "{it.amount}: {taken}."}


def ruleset(
    *rules: Mapping[str, Any], chosen: str = "", alternatives: Mapping[str, str] | None = None, **more: Any
) -> Ruleset:
    """Return a ruleset of one indicator with some rules, and perhaps a reading whose alternatives are named."""
    indicator = {"number": 1, "path": ["一"], "name": "指标", "weight": 6, "clauses": {"1.1": "条款"}, **more}
    indicator = {key: value for key, value in indicator.items() if value is not None}
    document: dict[str, Any] = {
        "id": "test/form/1",
        "title": "试",
        "issuer": "某局",
        "year": 2024,
        "rounding": {"places": 2, "mode": "half_up", "at": "indicator"},
        "full_score": 6,
        "grades": [{"name": "优", "from": 0}],
        "facts": {**{name: {} for name in TYPES}, "criterion": {"optional": True}},
        "indicators": [{**indicator, "rules": [{"id": f"r{n}", **rule} for n, rule in enumerate(rules)]}],
    }
    if alternatives is not None:
        named = {name: {"zh": "甲", "en": "a", "scores": "分"} for name in alternatives}
        document["readings"] = {"R1": {**READING, "chosen": chosen, "alternatives": named}}
        document["names"] = {name: other for name, other in alternatives.items() if name != other}
    files = {f"facts/{name}.json": fact_schema(name) for name in TYPES}
    files["shared/criterion.json"] = schemas.fact_types()["criterion"]
    return read_ruleset(Sources({**files, RULESET: json.dumps(document, ensure_ascii=False)}))


def scores(found: Ruleset, facts: Facts, readings: Mapping[str, str] | None = None) -> Any:
    """Return what a case scores, without the digests and the words of formulas; the code of an error."""
    try:
        receipt = evaluated(compile_ruleset(found, readings), facts)
    except (EvaluationError, FactsError) as error:
        return [fault.code for fault in error.faults]
    if receipt is None:
        return None
    content = plain(receipt.content)
    del content["ruleset"]
    for firing in content["firings"]:
        for formula in firing["formulas"]:
            del formula["text"], formula["numbers"]
        del firing["aggregates"]
    del content["aggregates"]
    return content


EACH: dict[str, Any] = {"each": "item", "say": SAY}
COUNT: Mapping[str, Callable[[str], str]] = {
    "whole": lambda steps: f"floor({steps})",
    "begun": lambda steps: f"ceil({steps})",
    "pro_rata": lambda steps: f"({steps})",
}
LIMITS, STEPS, TAKES = ("1", "60%", "-0.5", "1/3"), ("0.3", "1%", "2"), ("0.5", "1", "it.amount * it.amount")


def by_hand(word: str, limit: str, step: str, points: str, *, above: bool) -> tuple[str, str]:
    """Return where a rule for each step fires and what it gives, as it was written before there was a form."""
    measure = "(it.rate + it.amount)"
    beyond = f"({measure} - ({limit})) / ({step})" if above else f"(({limit}) - {measure}) / ({step})"
    return f"{measure} {'>' if above else '<'} ({limit})", f"({points}) * {COUNT[word](beyond)}"


@given(
    st.integers(0, 2**32),
    st.sampled_from(LIMITS),
    st.sampled_from(STEPS),
    st.sampled_from(TAKES),
    st.sampled_from(["over", "below"]),
    st.sampled_from(["award", "deduct"]),
)
@settings(max_examples=20)
def test_points_for_each_step(seed: int, limit: str, step: str, points: str, key: str, action: str) -> None:
    """Whole, begun and pro rata, above or below a limit, taken or given, by itself or as a reading decides."""
    facts = random_facts(Random(seed))
    more: dict[str, Any] = {"of": "1"} if action == "award" else {}
    form = {"for_each": step, key: limit, "measure": "it.rate + it.amount", "gives" if more else "take": points}
    method: dict[str, Any] = {"method": action}
    names = {"整步": "whole", "不足按一步": "begun", "按比例": "pro_rata"}
    by_reading = {**EACH, "where": "it.met", action: {**form, "steps": "R1"}, **more}
    one = ruleset(by_reading, chosen="whole", alternatives=names, **method)
    assert {rule.id for rule in one.indicators[0].rules} == {"r0"}
    for word in COUNT:
        where, formula = by_hand(word, limit, step, points, above=key == "over")
        hand = {**EACH, "where": ["it.met", where], action: formula, **more}
        formed = {**EACH, "where": "it.met", action: {**form, "steps": word}, **more}
        assert scores(ruleset(formed, **method), facts) == scores(ruleset(hand, **method), facts)
        other = {word: word for word in COUNT}
        two = ruleset({**hand, "under": {"R1": word}}, chosen="whole", alternatives=other, **method)
        assert scores(one, facts, {"R1": word}) == scores(two, facts, {"R1": word})


@given(st.integers(0, 2**32))
@settings(max_examples=20)
def test_pro_rata_with_floor_and_cap(seed: int) -> None:
    """Nothing below the floor, at most the cap; without a floor never less than nothing."""
    facts = random_facts(Random(seed), most=3)
    below = "if it.rate < {floor} then 0 else {of} * min(it.rate, {cap})"
    pairs: list[tuple[dict[str, str], str, dict[str, str]]] = [
        ({"pro_rata": "it.rate"}, "weight * max(0, min(it.rate, 1))", {"of": "weight"}),
        ({"pro_rata": "it.rate", "cap": "80%"}, "weight * max(0, min(it.rate, 0.8))", {"of": "weight"}),
        (
            {"pro_rata": "it.rate + 1 - 1", "floor": "60%"},
            below.format(floor=0.6, of="weight", cap=1),
            {"of": "weight"},
        ),
        (
            {"pro_rata": "it.rate", "floor": "0.5", "cap": "1.5"},
            below.format(floor=0.5, of=2, cap=1.5),
            {"of": "1 + 1"},
        ),
    ]
    for form, formula, of in pairs:
        given_of = of if of["of"] != "weight" else {}
        formed = ruleset({**EACH, "award": form, **given_of})
        assert scores(formed, facts) == scores(ruleset({**EACH, "award": formula, **of}), facts)


@given(st.integers(0, 2**32))
@settings(max_examples=20)
def test_a_mean_gives_each_fact_its_share(seed: int) -> None:
    """Each fact settles the slice that its weight is of all that the rule matches; without weights all are equal."""
    facts = random_facts(Random(seed))
    total = "sum(abs(item.amount) + 1 where (item.met or item.rate > 1) and item.kind != '丙')"
    number = "count(item where (item.met or item.rate > 1) and item.kind != '丙')"
    where = ["met or it.rate > 1", "it.kind != '丙'"]
    weighted = {**EACH, "where": where, "award": {"mean": "min(it.rate, 1)", "weights": "abs(it.amount) + 1"}}
    plain_mean = {**EACH, "where": where, "award": {"mean": "min(rate, 1)"}}
    share, equal = f"weight * (abs(it.amount) + 1) / {total}", f"weight / {number}"
    for form, of in ((weighted, share), (plain_mean, equal)):
        hand = {**EACH, "where": where, "award": f"{of} * min(it.rate, 1)", "of": of}
        assert scores(ruleset(form), facts) == scores(ruleset(hand), facts)


@pytest.mark.parametrize("scope", ["indicator", "level_2", "part"])
def test_a_veto_is_an_override_to_nothing(scope: str) -> None:
    """一票否决: the same sentence, the same postings."""
    facts = random_facts(Random(5))
    award = {"award": "1", "of": "6", "each": {"x": "item"}, "where": "x.met"}
    say = {"say": {"zh": "否决", "en": "Veto"}} if scope == "level_2" else {}
    veto, override = {"veto": scope, **say}, {"override": {"to": 0, "scope": scope}, **say}
    found = scores(ruleset(award, {**EACH, **veto}), facts)
    assert found == scores(ruleset(award, {**EACH, **override}), facts)
    assert any(firing["action"] == "override" for firing in found["firings"])


CRITERIA = [
    Fact("criterion", "K1", {"indicator": 1, "number": 1, "met": "是"}),
    Fact("criterion", "K2", {"indicator": 1, "number": 2, "met": "否"}),
    Fact(
        "criterion", "K3", {"indicator": 1, "number": 3, "met": "部分", "points": 1, "reason": "理", "reviewer": "张"}
    ),
]


def case(*facts: Fact) -> Facts:
    """Return a case with some facts."""
    return Facts({"department": "某局", "year": "2024"}, facts, frozenset((*TYPES, "criterion")))


def kept(found: Ruleset, facts: Facts, **readings: str) -> Any:
    """Return what the indicator keeps; the codes of the errors of a case that is refused."""
    content = scores(found, facts, readings)
    return content if isinstance(content, list) else content["indicators"][0]["kept"]


ITEMS: list[dict[str, Any]] = [{"1": "甲"}, {"weight * 50%": "乙"}, {"2": "丙"}]


def test_a_checklist_makes_parts_and_clauses() -> None:
    """Each criterion is a part; the clauses are the criteria's words where the indicator has none of its own."""
    own = ruleset(clauses=None, checklist=ITEMS).indicators[0]
    assert dict(own.clauses) == {"1.1": "甲", "1.2": "乙", "1.3": "丙"}
    assert [(part.id, part.cites) for part in own.parts] == [("c1", ("1.1",)), ("c2", ("1.2",)), ("c3", ("1.3",))]
    listed = ruleset(
        clauses={"1.1": "一", "1.2": "二", "1.9": "三"}, checklist=[*ITEMS[:2], {"2": "丙", "cites": "1.9"}]
    )
    assert listed.indicators[0].parts[2].cites == ("1.9",)


@pytest.mark.parametrize(
    ("partial", "expected"), [(None, "1"), ("no", "1"), ("yes", "2"), ("R1", "2"), ({"R1": "discretion"}, "1")]
)
def test_partial_credit_is_fixed_or_a_reading(partial: Any, expected: str) -> None:
    """The reading's alternatives are the words of the language in either form, or named one by one."""
    alternatives = (
        {"可酌情": "yes", "不酌情": "no"} if partial == "R1" else {"strict": "strict", "discretion": "discretion"}
    )
    checklist = ITEMS if partial is None else {"items": ITEMS, "partial": partial}
    found = ruleset(
        chosen=next(iter(alternatives.values())), alternatives=alternatives, clauses=None, checklist=checklist
    )
    assert kept(found, case(*CRITERIA)) == expected
    if isinstance(partial, dict):
        assert kept(found, case(*CRITERIA), R1="discretion") == "2"


@pytest.mark.parametrize("partial", [None, "no"])
def test_points_that_do_not_count_are_named(partial: str | None) -> None:
    """Where nothing is given at discretion, the reason says which of the reviewer's points are left out."""
    checklist = ITEMS if partial is None else {"items": ITEMS, "partial": partial}
    receipt = receipt_of(compile_ruleset(ruleset(clauses=None, checklist=checklist)), case(*CRITERIA))
    [said] = [firing.says for firing in receipt.content.firings if "partly-not" in firing.rule]
    assert said.zh == "丙：不完全符合，不得分；所填酌情得分 1 分不计入。"
    assert said.en == "丙: only partly met; no points; the 1 points given at discretion do not count."


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (CRITERIA[:2], "现有 2 条"),
        ([*CRITERIA, replace(CRITERIA[0], id="K9")], "现有 4 条"),
        ([*CRITERIA[:2], replace(CRITERIA[0], id="K9", values={**CRITERIA[0].values, "number": 4})], "没有第 4 条标准"),
        (
            [CRITERIA[0], CRITERIA[1], replace(CRITERIA[2], values={**CRITERIA[2].values, "points": 2})],
            "应少于该条分值 2",
        ),
        ([replace(CRITERIA[0], values={**CRITERIA[0].values, "points": 0}), *CRITERIA[1:]], "部分符合的才填"),
    ],
)
def test_a_checklist_refuses_facts_that_do_not_answer_it(facts: list[Fact], words: str) -> None:
    """One fact for each criterion and no other; discretion only in part, and for less than the weight."""
    with pytest.raises(FactsError) as caught:
        receipt_of(compile_ruleset(ruleset(clauses=None, checklist=ITEMS)), case(*facts))
    assert any(words in fault.what.text(translator("zh")) for fault in caught.value.faults)


def test_a_criterion_may_depend_on_the_case() -> None:
    """One is asked for only where it applies; another is met where the facts say so."""
    checklist = [
        {"1": "甲"},
        {"3": "乙", "needed": "count(item) > 0"},
        {"2": "丙", "if": "any(item where item.met) or count(item) = 0"},
    ]
    found = ruleset(clauses=None, checklist=checklist)
    item = replace(random_facts(Random(5)).facts[0], type="item")
    item = replace(item, values={**item.values, "met": False})
    assert kept(found, case(CRITERIA[0])) == "3"
    assert kept(found, case(CRITERIA[0], item)) == ["facts.requirement"]
    assert kept(found, case(CRITERIA[0], CRITERIA[1], item)) == "1"


@pytest.mark.parametrize(
    ("rule", "piece"),
    [
        ({"deduct": {"for_each": "1%", "over": "1", "measure": "it.x", "take": "1", "steps": "whole"}}, "it.x"),
        (
            {"deduct": {"for_each": "it.day", "over": "1", "measure": "it.rate", "take": "1", "steps": "whole"}},
            "it.rate",
        ),
        ({"deduct": {"for_each": "1", "over": "oops", "measure": "it.rate", "take": "1", "steps": "begun"}}, "oops"),
        ({"deduct": {"for_each": "1", "over": "1", "measure": "it.rate", "take": "nope", "steps": "begun"}}, "nope"),
        ({"award": {"pro_rata": "it.rate", "floor": "flour"}}, "flour"),
        ({"award": {"pro_rata": "it.rate", "cap": "1 +"}}, "1 +"),
        ({"award": {"mean": "it.rate", "weights": "(it.amount"}}, "(it.amount"),
        ({"award": {"mean": "it.rate", "weights": "it.weight"}}, "it.weight"),
    ],
)
def test_an_error_is_reported_where_the_piece_stands(rule: dict[str, Any], piece: str) -> None:
    """Not where the form begins: the maintainer never sees the composed formula."""
    with pytest.raises(RulesetError) as caught:
        compile_ruleset(ruleset({**EACH, **rule}, method="deduct" if "deduct" in rule else "award"))
    ((kind, form),) = rule.items()
    key = next(key for key, value in form.items() if value == piece)
    assert {fault.where.pointer for fault in caught.value.faults} == {f"/indicators/0/rules/0/{kind}/{key}"}


def test_a_rule_that_speaks_of_a_single_fact_needs_no_each() -> None:
    """Where a bare field belongs to exactly one type of which a case has one fact at most."""
    text = (
        HEAD
        + """\
满分: 5
事实:
  人员编制: {只有一条: true, 在职人员数: 整数, 编制数: 整数 > 0}
指标:
  - 序号: 1
    上级指标: [一级, 二级]
    名称: 在职人员控制率
    分值: 5
    计分方式: 扣分制
    评分标准: {"1.1": 在职人员控制率小于等于100%的计5分；每超过1个百分点扣0.5分，扣完为止。}
    规则:
      - 扣分: {每: 1%, 超过: 100%, 按: 在职人员数 ÷ 编制数, 扣: 0.5, 步长: 整步}
        说明: 控制率 {在职人员数 ÷ 编制数:%}，扣 {实计} 分。
"""
    )
    program = compile_ruleset(read_ruleset(Sources({RULESET: text})))
    fact = Fact("人员编制", "1", {"在职人员数": 1025, "编制数": 1000})
    facts = Facts({"department": "某局", "year": "2024"}, (fact,), frozenset({"人员编制"}))
    firing = plain(receipt_of(program, facts).content)["firings"][0]
    assert firing["says"]["zh"] == "控制率 102.5%，扣 1 分。"
    assert firing["formulas"][0]["text"] == "0.5 * floor((it.在职人员数 / it.编制数 - 100%) / 1%)"
    full = replace(fact, values={"在职人员数": 1000, "编制数": 1000})
    assert plain(receipt_of(program, replace(facts, facts=(full,))).content)["firings"][0]["action"] == "rest"
