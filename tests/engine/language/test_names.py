"""What a bare name means: a level, a field, a word of the language; two meanings are never chosen between silently."""

from __future__ import annotations

from typing import Any

import pytest

from engine.base.faults import Fault, RulesetError
from tests.engine.mini import fact, indicator, program, ruleset, scored


def form(*, level: str = "产出", facts: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Return a form of two levels, of 60 and 40 points, that keeps 30 and 40 of them."""
    document = ruleset(
        {**indicator({"award": 30}, weight=60), "path": [level]},
        {**indicator({"award": 40}, weight=40, number=2), "path": ["过程"]},
        **more,
    )
    document["facts"] |= facts or {}
    return document


def total_rule(**rule: Any) -> dict[str, Any]:
    """Return a section `total` with one rule that caps at 10."""
    return {"total": {"rules": [{"cites": ["1.1"], "cap": 10, **rule}]}}


def refused(document: dict[str, Any]) -> list[Fault]:
    """Return the faults of a ruleset."""
    with pytest.raises(RulesetError) as error:
        program(document)
    return list(error.value.faults)


def single(**fields: str) -> dict[str, Any]:
    """Return a fact type of which a case has one fact, with numbers as its fields, each by its title."""
    listed = {name: {"kind": "number", "title": title} for name, title in fields.items()}
    return {"single": True, "optional": True, "fields": listed}


@pytest.mark.parametrize(
    ("condition", "capped"),
    [
        ("weight_of(产出) == 60", True),
        ("weight_of('产出') == 60", True),
        ("产出 < weight_of(产出)", True),
        ("产出 = 分值(产出)", False),
        ("weight_of(total) == 100", True),
        ("分值(总分) = 满分", True),
    ],
)
def test_the_weight_of_a_level_needs_no_quotes(condition: str, capped: bool) -> None:
    """Its score is not taken as the number of an indicator."""
    total = scored(form(**total_rule(when=condition))).content.total
    assert total == ("10" if capped else "70")


def test_the_weight_of_an_indicator_is_still_asked_by_a_formula() -> None:
    """By the name of something that is no level."""
    own = [{"id": "same", "cites": ["1.1"], "award": "weight_of(number) / 2"}]
    document = form()
    document["indicators"][0]["rules"] = own
    assert scored(document).content.total == "70"


@pytest.mark.parametrize("asked", ["is_indicator(产出)", "is_indicator('产出')", "is_indicator(total)"])
def test_a_level_is_not_asked_whether_it_is_an_indicator(asked: str) -> None:
    """Its score would be taken as a number."""
    assert {fault.code for fault in refused(form(**total_rule(when=asked)))} <= {
        "expression.indicator-number", "expression.result",
    }  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [
        {"parameters": {"产出": {"value": 3, "cites": ["1.1"]}}},
        {"parameters": {"line": {"value": 3, "title": "过程", "cites": ["1.1"]}}},
        {"results": {"pay": {"title": "产出", "cites": ["1.1"], "rules": [{"result": "1"}]}}},
    ],
)
def test_nothing_is_called_like_a_level(more: dict[str, Any]) -> None:
    """A parameter or a result of that name would silently take the level's place."""
    assert [fault.code for fault in refused(form(**more))] == ["ruleset.level-name"]


BOTH = {"单": single(a="产出", z="余额")}
LEVEL_OR_FIELD = "expression.level-or-field"


@pytest.mark.parametrize("each", [{}, {"each": "单"}, {"each": {"x": "单"}}])
@pytest.mark.parametrize("award", ["产出", "weight_of(产出) / 2", "产出 + z", "sum(单.a where 产出 > 1)"])
def test_a_bare_name_of_a_level_and_a_field_is_refused(each: dict[str, Any], award: str) -> None:
    """Whether or not the rule matches the fact, so that a level's name means the same in every rule."""
    (fault,) = refused(form(facts=BOTH, checks=[{"cites": ["1.1"], **each, "where": f"{award} > 3", "flag": "notice"}]))
    assert fault.code == LEVEL_OR_FIELD
    assert "单.产出" in str(fault.what)
    assert ("weight_of('产出')" if "weight_of" in award else "score('产出')") in str(fault.remedy)


@pytest.mark.parametrize(
    ("each", "condition"),
    [
        ({}, "score('产出') == 30"),
        ({}, "score(产出) == 30"),
        ({}, "weight_of('产出') == 60"),
        ({"each": "单"}, "it.产出 == 5"),
        ({"each": {"x": "单"}}, "x.产出 == 5"),
        ({}, "z == 7"),
        ({}, "sum(单.产出) == 5"),
    ],
)
def test_what_the_refusal_says_to_write_is_understood(each: dict[str, Any], condition: str) -> None:
    """A level in quotes, or a field of its fact."""
    document = form(facts=BOTH, **total_rule(**each, where=condition))
    assert scored(document, fact("单", "S", a=5, z=7)).content.total == "10"


ELSEWHERE: dict[str, Any] = {
    "parameters": {"rate": {"title": "率", "value": 6, "cites": ["1.1"]}},
    "results": {"pay": {"title": "应付", "cites": ["1.1"], "rules": [{"result": 6, "say": "付"}]}},
    "definitions": [{"id": "d", "cites": ["1.1"], "derive": {"推得": {"size": "6"}}, "say": "得"}],
}


@pytest.mark.parametrize("word", ["分值 * 0.1", "满分 * 0.06", "序号 * 6", "number * 6", "率", "sum(推得.size)"])
def test_what_means_something_else_chooses_no_fact(word: str) -> None:
    """A word of the language, a parameter, a derived type: the rule fires though there is no such fact."""
    document = form(facts={"复核": single(a="分值", b="满分", d="序号", f="率", g="推得", number="号")}, **ELSEWHERE)
    document["indicators"][0]["rules"] = [{"cites": ["1.1"], "award": word}]
    assert scored(document).content.total == "46"


def test_the_total_and_results_choose_no_fact() -> None:
    """Though a fact of which a case has one has fields of these titles."""
    other = {"cites": ["1.1"], "rules": [{"result": "应付 + 总分", "say": "付"}]}
    more = {**ELSEWHERE, "results": {**ELSEWHERE["results"], "other": other}}
    receipt = scored(form(facts={"复核": single(a="应付", b="总分")}, **more))
    assert [found.value for found in receipt.content.results] == ["6", "76"]


@pytest.mark.parametrize("key", ["when", "where"])
def test_a_condition_chooses_the_one_fact_that_has_its_field(key: str) -> None:
    """Wherever it is written."""
    document = form(facts={"单": single(z="余额")}, **total_rule(**{key: ["余额 > 1", "count(project) == 0"]}))
    assert scored(document, fact("单", "S", z=2)).content.total == "10"
    assert scored(document, fact("单", "S", z=1)).content.total == "70"
    assert scored(document).content.total == "70"


@pytest.mark.parametrize("rule", [{"when": "z > 1"}, {"where": "余额 > 1"}, {"cap": "z * 2 + q"}])
def test_a_field_of_two_facts_names_both(rule: dict[str, Any]) -> None:
    """The rule must say which is meant."""
    facts = {"单": single(z="余额"), "双": single(z="余额", q="量")}
    (fault,) = refused(form(facts=facts, **total_rule(**rule)))
    assert fault.code == "expression.several-facts"
    assert "单" in str(fault.what)
    assert "双" in str(fault.what)


@pytest.mark.parametrize("title", ["分值", "满分", "总分", "序号", "取值", "weight", "total", "该项", "it"])
@pytest.mark.parametrize("section", ["parameters", "results", "facts"])
def test_nothing_is_titled_by_a_word_of_the_language(section: str, title: str) -> None:
    """The word would silently mean something else; a parameter is told where its value is written."""
    more: dict[str, Any] = {
        "parameters": {"line": {"title": title, "value": 5, "cites": ["1.1"]}},
        "results": {"line": {"title": title, "cites": ["1.1"], "rules": [{"result": 1, "say": "付"}]}},
        "facts": {"line": {"title": title, "fields": {"a": "number"}}},
    }
    (fault,) = refused(form(**{section: more[section]}))
    assert fault.code == "ruleset.title-taken"
    assert f"/{section}/line" in str(fault.where)


def test_a_title_that_names_gives_a_parameter_is_refused_too() -> None:
    """As it is what the parameter is called by."""
    names: dict[str, Any] = {"names": {"满分": "full_line"}, "parameters": {"满分": {"value": 5, "cites": ["1.1"]}}}
    assert [fault.code for fault in refused(form(**names))] == ["ruleset.title-taken"]


ROW = {
    "复核": {
        "optional": True,
        "fields": {"w": {"kind": "number", "title": "分值"}, "v": {"kind": "number", "title": "取值"}},
    }
}


def test_a_word_of_the_language_stays_that_word_beside_a_field_of_that_title() -> None:
    """The field is written with its fact."""
    rules = [{"cites": ["1.1"], "each": "复核", "award": award} for award in ("分值 * 0.1", "it.分值 * 0.1", "it.取值")]
    document = form(facts=ROW)
    document["indicators"][0]["rules"] = rules
    assert scored(document, fact("复核", "S", w=10, v=2)).content.total == "49"


@pytest.mark.parametrize("award", ["取值", "value + 1", "default(取值, 1)", "sum(取值)", "sum(复核.w where 取值 > 1)"])
def test_a_word_of_the_language_is_no_field_even_where_it_means_nothing(award: str) -> None:
    """So that it never means a field in one place and itself in another."""
    document = form(
        facts={"复核": {"optional": True, "fields": {"w": "number", "value": {"kind": "number", "title": "取值"}}}}
    )
    document["indicators"][0]["rules"] = [{"cites": ["1.1"], "each": "复核", "award": award}]
    (fault,) = refused(document)
    assert fault.code == "expression.word"
    assert ".取值" in str(fault.remedy) or ".value" in str(fault.remedy)
