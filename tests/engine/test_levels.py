"""Levels and the total: declared weights, caps and overrides of a level, scaling, names in expressions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.base.faults import FactsError, RulesetError
from engine.explanation.card import IndicatorRow, LevelRow, card_of
from engine.explanation.scored import ScoredCase
from engine.facts.model import Facts
from engine.receipt import Receipt, plain
from engine.ruleset import read_ruleset
from tests.engine.levels import not_applying, outcome, total_rule, two
from tests.engine.mini import TYPES, fact, indicator, program, ruleset, scored, sources
from tests.evaluated import receipt_of


def test_a_cap_of_the_total_is_posted_on_the_total() -> None:
    """The indicators keep what they have; the total loses what is above the cap."""
    assert outcome(scored(two(**total_rule(cap=12)))) == ("12", "0", [("", "cap", "12", "-2", "2", "0", "")])
    assert outcome(scored(two(**total_rule(cap=15)))) == ("14", "0", [("", "cap", "15", "0", "0", "0", "")])


def test_a_cap_of_a_level_counts_before_one_of_the_total() -> None:
    """Levels are settled from below, and the total sees what is left."""
    rules = [{"cites": ["1.1"], "cap": 5, "level": "投入"}, {"cites": ["1.1"], "cap": 10}]
    receipt = scored(two(total={"rules": rules}))
    posted = [("投入", "cap", "5", "-3", "3", "0", ""), ("", "cap", "10", "-1", "1", "0", "")]
    assert outcome(receipt) == ("10", "0", posted)
    assert [(level["path"], level["kept"]) for level in plain(receipt.content)["levels"]][:2] == [
        (["投入"], "5"), (["投入", "资金"], "8"),
    ]  # fmt: skip


@pytest.mark.parametrize(("scope", "total"), [("indicator", "9"), ("level_2", "9"), ("level_1", "9"), ("total", "3")])
def test_a_cap_in_an_indicator_reaches_as_far_as_it_says(scope: str, total: str) -> None:
    """Up to the total."""
    form = two()
    form["indicators"][0] = {**indicator({"award": 8}, {"cap": {"to": 3, "scope": scope}}), "path": ["投入", "资金"]}
    assert outcome(scored(form))[0] == total


def test_an_override_of_a_level_sets_it_and_nothing_sets_each_of_its_indicators() -> None:
    """What is set to nothing shows nothing at every indicator under it."""
    assert outcome(scored(two(**total_rule(override={"to": 3, "scope": "total"})))) == (
        "3", "0", [("", "override", "3", "-11", "11", "0", "")],
    )  # fmt: skip
    zeroed = scored(two(**total_rule(override={"to": 0, "scope": "total"})))
    assert outcome(zeroed) == ("0", "0", [])
    assert [line["kept"] for line in plain(zeroed.content)["indicators"]] == ["0", "0"]
    assert plain(zeroed.content)["before_override"]["total"] == "14"
    level = two(**total_rule(override={"to": 10, "scope": "total"}, level="效果"))
    assert outcome(scored(level)) == ("18", "0", [("效果", "override", "10", "4", "-4", "0", "")])
    assert plain(scored(level).content)["before_override"]["total"] == "14"


@pytest.mark.parametrize("scope", [{}, {"scope": "total"}])
@pytest.mark.parametrize("level", [{}, {"level": "效果"}])
@pytest.mark.parametrize("act", ["override", "cap"])
def test_in_the_total_an_act_needs_no_scope(act: str, scope: dict[str, str], level: dict[str, str]) -> None:
    """It is of the total, or of the level that the rule names."""
    receipt = scored(two(**total_rule(**{act: {"to": 3, **scope}}, **level)))
    assert outcome(receipt)[0] == ("11" if level else "3")


@pytest.mark.parametrize("scope", ["level", "层级", "total", "总分"])
def test_a_veto_of_a_level_sets_each_of_its_indicators_to_nothing(scope: str) -> None:
    """In either form of the language; `total` beside a level is that level's too."""
    zeroed = scored(two(**total_rule(veto=scope, level="效果")))
    assert [line["kept"] for line in plain(zeroed.content)["indicators"]] == ["8", "0"]


@pytest.mark.parametrize(
    ("act", "code"),
    [({"override": {"to": 3}}, "rule.no-scope"), ({"veto": "level"}, "rule.level-outside-total")],
)
def test_an_act_in_an_indicator_says_how_far_it_reaches(act: dict[str, Any], code: str) -> None:
    """An indicator has no level of its own that the rule could name."""
    form = two()
    form["indicators"][0]["rules"].append({"cites": ["1.1"], **act})
    with pytest.raises(RulesetError) as refused:
        program(form)
    assert [found.code for found in refused.value.faults] == [code]


@pytest.mark.parametrize("key", ["veto", "一票否决", "override"])
def test_a_refusal_calls_an_action_as_it_is_written(key: str) -> None:
    """A veto is not called an override."""
    act: Any = {"to": 0, "scope": "total"} if key == "override" else "total"
    with pytest.raises(RulesetError) as refused:
        program(two(checks=[{"cites": ["1.1"], key: act}]))
    (fault,) = refused.value.faults
    assert f"“{key}”" in str(fault.what)


def test_of_several_overrides_of_a_level_the_lowest_counts() -> None:
    """Also where the lowest sets it to nothing."""
    rules = [{"cites": ["1.1"], "override": {"to": to, "scope": "total"}} for to in (7, 4)]
    assert outcome(scored(two(total={"rules": rules})))[2] == [
        ("", "override", "4", "-10", "10", "0", ""), ("", "override", "7", "0", "0", "0", "stricter"),
    ]  # fmt: skip
    with_nothing = [*rules, {"cites": ["1.1"], "override": {"to": 0, "scope": "total"}}]
    assert outcome(scored(two(total={"rules": with_nothing})))[0] == "0"


def before(receipt: Receipt) -> str:
    """Return what a receipt says of the total before overrides."""
    outcome(receipt)
    return str(plain(receipt.content)["before_override"]["total"])


def test_without_its_overrides_a_total_is_settled_again() -> None:
    """What an override hides may be capped, and counts in every level above and in what is scaled."""
    veto = {"override": {"to": 0, "scope": "indicator"}}
    form = two(**total_rule(cap=12))
    form["indicators"][0] = {**indicator({"award": 8}, veto), "path": ["投入", "资金"]}
    assert (outcome(scored(form))[0], before(scored(form))) == ("6", "12")
    rules = [
        {"cites": ["1.1"], "override": {"to": 10, "scope": "total"}, "level": "效果"},
        {"cites": ["1.1"], "cap": 15},
    ]
    form = two(total={"rules": rules})
    assert (outcome(scored(form))[0], before(scored(form))) == ("15", "14")
    form = not_applying()
    form["indicators"][0] = {**indicator({"award": 6}, veto), "path": ["投入", "资金"]}
    assert (outcome(scored(form))[0], before(scored(form))) == ("0", "12")


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([{"override": {"to": 3, "scope": "total"}}], "Before the override: 14, 差."),
        ([{"override": {"to": 0, "scope": "total"}}], "Before points were set to zero: 14, 差."),
        (
            [{"override": {"to": 0, "scope": "total"}, "level": "投入"}, {"override": {"to": 3, "scope": "total"}}],
            "Before the override: 14, 差.",
        ),
    ],
)
def test_the_card_says_set_to_zero_only_where_it_was(rules: list[dict[str, Any]], said: str) -> None:
    """Not where a level was set to another amount."""
    document = two(total={"rules": [{"cites": ["1.1"], **rule} for rule in rules]})
    card = card_of(ScoredCase(scored(document).content, read_ruleset(sources(document)), ""))
    assert str(card.before_override) == said


def test_a_cap_of_the_total_limits_what_is_open() -> None:
    """The range of the total ends at the cap."""
    open_one = fact("not_assessed", "N", indicator=2, reason="未到期")
    assert outcome(scored(two(**total_rule(cap=12)), open_one))[:2] == ("8", "4")
    assert outcome(scored(two(**total_rule(cap=5)), open_one))[:2] == ("5", "0")
    assert outcome(scored(two(**total_rule(override={"to": 5, "scope": "total"})), open_one))[:2] == ("5", "0")


@pytest.mark.parametrize(
    ("condition", "total"),
    [
        ("score('投入') >= 8", "3"),
        ("score('投入') > 8", "14"),
        ("投入 >= 8 and 效果 < weight_of('效果')", "3"),
        ("得分('投入／资金') >= 8", "3"),
    ],
)
def test_levels_are_names(condition: str, total: str) -> None:
    """By their own name, or by their path where two have it."""
    condition = condition.replace("／", "/")
    assert outcome(scored(two(**total_rule(when=condition, cap=3))))[0] == total


def test_the_total_is_a_name_in_checks() -> None:
    """And so is the full score."""
    check = {"id": "low", "cites": ["1.1"], "when": "total < full_score * 80%", "flag": "notice"}
    flagged = plain(scored(two(checks=[check])).content)["firings"]
    assert [line["rule"] for line in flagged if line["action"] == "flag"] == ["checks/low"]
    enough = plain(scored(two(first=10, checks=[check])).content)["firings"]
    assert [line["rule"] for line in enough if line["action"] == "flag"] == []


def test_a_check_of_the_total_sees_what_caps_leave() -> None:
    """The rules of the total come first."""
    check = {"id": "low", "cites": ["1.1"], "when": "总分 = 5", "flag": "notice"}
    receipt = scored(two(checks=[check], **total_rule(cap=5)))
    assert any(line["rule"] == "checks/low" for line in plain(receipt.content)["firings"])


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (total_rule(when="total > 5", cap=3), "rule.circle"),
        (total_rule(cap=3, level="投人"), "expression.no-level"),
        (total_rule(deduct=3), "rule.not-of-total"),
        (total_rule(cap={"to": 3, "scope": "level_2"}), "rule.scope-in-total"),
        (total_rule(veto="level"), "rule.no-level"),
        ({"levels": [{"name": "投入", "weight": 9}, {"name": "效果", "weight": 10}]}, "ruleset.level-weight"),
        ({"levels": [{"name": "投入", "weight": 10}]}, "ruleset.level-undeclared"),
        ({"levels": [{"name": "投入", "weight": 10}, {"name": "效果", "weight": 10}] * 2}, "ruleset.level-twice"),
        (
            {"levels": [{"name": name, "weight": 10} for name in ("投入", "效果", "过程")]},
            "ruleset.level-unused",
        ),
        ({"total": {"rules": [{"cites": ["1.1"], "cap": "score('资')"}]}}, "expression.no-level"),
        ({"parameters": {"total": {"value": 3, "cites": ["1.1"]}}}, "ruleset.name-taken"),
        ({"grades": [{"name": "优", "from": "九成"}, {"name": "差", "from": 0}]}, "value.pattern"),
    ],
)
def test_what_does_not_fit_is_refused(more: dict[str, Any], code: str) -> None:
    """With a code, while the ruleset is read."""
    with pytest.raises(RulesetError) as refused:
        program(two(**more))
    assert code in {found.code for found in refused.value.faults}


def test_a_misspelt_level_has_a_near_one() -> None:
    """An indicator under a level that is not declared is reported with what it may have meant."""
    levels = [{"name": "投入", "weight": 10}, {"name": "效果效益", "weight": 10}]
    with pytest.raises(RulesetError, match="效果"):
        program(two(levels=levels))


def test_declared_levels_that_add_up_change_nothing() -> None:
    """At any depth."""
    levels = [{"name": "投入", "weight": 10}, {"name": "效果", "weight": 10}, {"name": ["投入", "资金"], "weight": 10},
              {"name": ["效果", "产出"], "weight": 10}]  # fmt: skip
    one, other = plain(scored(two(levels=levels)).content), plain(scored(two()).content)
    assert one["indicators"] == other["indicators"]
    assert one["levels"] == other["levels"]


def test_grades_may_go_by_rate() -> None:
    """As shares of the full score."""
    grades = [{"name": "优", "from": "70%"}, {"name": "差", "from": 0}]
    assert plain(scored(two(grades=grades)).content)["grade"] == "优"
    assert plain(scored(two(first="7.99", grades=grades)).content)["grade"] == "差"


def test_the_card_has_the_indicators_of_a_level_together() -> None:
    """Wherever the ruleset has them; otherwise an indicator would be below the heading of another level."""
    paths = (["甲", "一"], ["甲"], ["乙", "二"], ["甲", "一"], ["乙", "三"], ["甲"])
    document = ruleset(*({**indicator(number=n, weight=1), "path": path} for n, path in enumerate(paths, 1)))
    receipt = scored(document)
    rows = card_of(ScoredCase(receipt.content, read_ruleset(sources(document)), "")).rows
    shown = [
        row.line.number if isinstance(row, IndicatorRow) else row.name
        for row in rows
        if isinstance(row, IndicatorRow | LevelRow)
    ]
    assert shown == ["甲", "一", 1, 4, 2, 6, "乙", "二", 3, "三", 5]


def test_what_is_set_to_nothing_stays_nothing_whatever_is_below() -> None:
    """A veto of the total counts over an override of a level."""
    rules = [
        {"cites": ["1.1"], "veto": "total"},
        {"cites": ["1.1"], "level": "投入", "override": {"to": 5, "scope": "total"}},
    ]
    assert outcome(scored(two(total={"rules": rules}))) == (
        "0",
        "0",
        [("投入", "override", "5", "0", "0", "0", "stricter")],
    )


def test_an_indicator_that_is_not_assessed_caps_the_total_all_the_same() -> None:
    """What it says of the total does not depend on its own points."""
    form = two()
    form["indicators"][0] = {**indicator({"award": 8}, {"cap": {"to": 3, "scope": "total"}}), "path": ["投入", "资金"]}
    open_one = fact("not_assessed", "N", indicator=1, reason="未到期")
    assert outcome(scored(form, open_one))[:2] == ("3", "0")
    form["indicators"][0]["rules"][1]["each"] = {"j": "judgement"}
    assert outcome(scored(form, open_one, fact("judgement", "J", points=1)))[:2] == ("3", "0")


def test_a_cap_of_a_level_is_rounded() -> None:
    """As an override is."""
    assert outcome(scored(two(**total_rule(cap="20 / 3"))))[0] == "6.67"


@pytest.mark.parametrize("asked", ["score(2) >= 0", "total > 1", "open_points('效果') == 0", "count(made) == 0"])
def test_a_requirement_asks_for_nothing_that_rules_give(asked: str) -> None:
    """No rule has fired when it is asked."""
    words = {"zh": "缺", "en": "missing"}
    made = {"id": "d", "cites": ["1.1"], "each": {"j": "judgement"}, "derive": {"made": {"points": "j.points"}}}
    form = two(definitions=[made])
    form["indicators"][0]["requires"] = [{"that": asked, "say": words, "remedy": words}]
    with pytest.raises(RulesetError) as refused:
        program(form)
    assert {found.code for found in refused.value.faults} == {"expression.too-early"}
    form["indicators"][0]["requires"] = [{"that": "true", "say": words, "remedy": {"zh": "{score(2)}", "en": "x"}}]
    with pytest.raises(RulesetError) as refused:
        program(form)
    assert {found.code for found in refused.value.faults} == {"expression.too-early"}


@pytest.mark.parametrize("assessed", [True, False])
@pytest.mark.parametrize("inside", [True, False])
def test_what_only_the_total_looks_at_must_be_stated(*, inside: bool, assessed: bool) -> None:
    """A veto whose fact is not mentioned is no veto that did not happen."""
    veto = {"each": {"l": "link"}, "veto": "total"}
    form = two(facts={name: {} if name == "link" else {"optional": True} for name in TYPES})
    if inside:
        form["indicators"][0]["rules"].append({"id": "veto", "cites": ["1.1"], **veto})
    else:
        form |= total_rule(**veto)
    given_facts = () if assessed else (fact("not_assessed", "N", indicator=1, reason="未到期"),)
    silent = Facts({"department": "某局", "year": "2024"}, given_facts, frozenset({"not_assessed"}))
    with pytest.raises(FactsError, match="link"):
        receipt_of(program(form), silent)
    assert plain(receipt_of(program(form), replace(silent, stated=frozenset({"link", "not_assessed"}))).content)
