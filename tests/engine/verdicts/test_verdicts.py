"""What a verdict finds of each kind of condition, and how it says so, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from engine.base.messages import Message
from engine.facts.model import Fact, Value
from engine.scoring.evaluate import evaluate
from engine.scoring.evaluation import Evaluation
from engine.verdicts import WrittenRule, verdicts_of
from engine.verdicts.form import FormWords
from engine.verdicts.observations import Chosen, Compared, FieldRead, Joined, Negated
from engine.verdicts.rule import MOST_PARTNERS
from engine.verdicts.unapplied import unapplied_rules
from engine.verdicts.words import Line, VerdictWords, inactive_words
from i18n import translator
from tests.engine.mini import case, fact, indicator, program, ruleset

ZH = translator("zh")
AWARD = {"award": 1}


def project(id_: str = "P", **values: Value) -> Fact:
    """Return a project whose fields are given or usual."""
    usual: dict[str, Value] = {
        "name": "码头", "amount": 30, "met": True, "day": date(2024, 3, 5), "kind": "甲", "score": Fraction(59, 100)
    }  # fmt: skip
    return Fact("project", id_, {**usual, **values})


def evaluated(*facts: Fact, rules: tuple[Mapping[str, Any], ...], **more: Any) -> Evaluation:
    """Evaluate facts by the rules of an indicator that is awarded anyway."""
    return evaluate(program(ruleset(indicator({"award": 10}, *rules), **more)), case(*facts))


def rule(evaluation: Evaluation, name: str = "1/r1") -> WrittenRule:
    """Return the verdict on a rule."""
    return next(each for each in verdicts_of(evaluation) if each.name == name)


def stopped(where: str | list[str], *facts: Fact, **more: Any) -> tuple[Evaluation, WrittenRule, Any]:
    """Return an evaluation, a rule that fails on a project, and the observed of its first failed condition."""
    checks = ({"each": {"p": "project"}, "where": where, "flag": "notice"},)
    evaluation = evaluated(*(facts or (project(),)), rules=checks, **more)
    found = rule(evaluation)
    [candidate] = found.candidates
    assert candidate.stopped is not None
    return evaluation, found, candidate.stopped.observed


def said(evaluation: Evaluation, found: WrittenRule) -> tuple[str, str]:
    """Return the sentence of the first failed condition in English and Chinese."""
    [candidate] = found.candidates
    assert candidate.stopped is not None
    line = VerdictWords(evaluation).condition(found.rule, candidate.stopped, candidate.facts)
    return line.words.text(), line.words.text(ZH)


@pytest.mark.parametrize(
    ("where", "distance", "needed", "english", "chinese"),
    [
        ("p.score >= 60%", Fraction(-1, 100), (">=", Fraction(6, 10), True),
         "score is 59%; it must be at least 60%, and is 1 percentage point below", "还差 1 个百分点"),
        ("60% < p.score", Fraction(-1, 100), (">", Fraction(6, 10), False), "must be more than 60%", "须高于 60%"),
        ("p.amount < 30 万元", 0, ("<", 30, False), "30 万元; it must be less than 30 万元", "须低于 30 万元"),
        ("p.amount <= 29.5 万元", Fraction(1, 2), ("<=", Fraction(59, 2), True), "0.5 万元 above", "超出 0.5 万元"),
        ("p.amount == 3 万元", 27, ("==", 3, True), "it must be 3 万元", "须为 3 万元"),
        ("p.amount != 30 万元", 0, ("!=", 30, False), "it must not be 30 万元", "须不为 30 万元"),
        ("p.kind == '乙'", None, ("==", "乙", True), "kind is “甲”; it must be “乙”", "kind为“甲”，须为“乙”"),
    ],
)  # fmt: skip
def test_a_comparison(where: str, distance: Any, needed: tuple[str, Value, bool], english: str, chinese: str) -> None:
    """The value read, the threshold, the exact distance, and what the field must be."""
    evaluation, found, observed = stopped(where)
    assert isinstance(observed, Compared)
    assert observed.distance == distance
    assert (observed.needed.comparator.value, *observed.needed.values, observed.needed.included) == needed
    assert observed.needed.field is not None
    one, other = said(evaluation, found)
    assert english in one
    assert chinese in other


@pytest.mark.parametrize(
    ("where", "days", "english", "chinese"),
    [
        ("p.day > next_workday(p.day)", 0, "day is 2024-03-05; it must be after next_workday(day) (2024-03-05)",
         "day为 2024-03-05，须晚于顺延至工作日(day)（2024-03-05）"),
        ("p.day + 3 天 < p.day", 3, "day + 3 天 is 2024-03-05 + 3 天 = 2024-03-08; it must be before day", "晚了 3 天"),
    ],
)  # fmt: skip
def test_a_date(where: str, days: int, english: str, chinese: str) -> None:
    """Distances between dates are in days."""
    evaluation, found, observed = stopped(where, calendar="calendar")
    assert observed.distance == days
    one, other = said(evaluation, found)
    assert english in one
    assert chinese in other


def test_what_is_between_or_among() -> None:
    """The nearer end is needed; of several choices any."""
    evaluation, found, observed = stopped("p.amount in 40 万元..50 万元")
    assert (observed.distance, observed.needed.comparator.value, observed.needed.values) == (-10, ">=", (40,))
    assert "it must be from 40 万元 to 50 万元" in said(evaluation, found)[0]
    *_, observed = stopped("p.amount in 10 万元..20 万元")
    assert (observed.distance, observed.needed.comparator.value, observed.needed.values) == (10, "<=", (20,))
    *_, observed = stopped("p.amount in 50 万元..40 万元")
    assert observed.needed is None
    evaluation, found, observed = stopped("p.name in ['桥', '路']")
    assert observed.needed.values == ("桥", "路")
    assert said(evaluation, found)[0] == "name is “码头”; it must be one of: “桥”, “路”"


def test_what_must_not_hold_is_explained_by_what_it_says() -> None:
    """Nothing inside it is traced, whatever it is."""
    evaluation, found, observed = stopped("not (p.score < 60% and p.met)")
    assert isinstance(observed, Negated)
    assert said(evaluation, found) == (
        "“score < 60% and met” holds, and it must not",
        "“score < 60% 且 met”成立，不成立才触发",
    )
    *_, observed = stopped("not p.met")
    assert observed.needed.values == (False,)
    evaluation, found, _ = stopped("not has(p.extra)", project(extra=1))
    assert said(evaluation, found) == ("?extra is filled in, and must not be", "已填“?extra”，而按规则不得填")


def test_that_one_of_several_must_not_hold_is_said_without_negations() -> None:
    """What holds is named; a part that is not negated keeps the condition as it is written."""
    evaluation, found, _ = stopped("not p.met or not (p.score < 60%)")
    assert said(evaluation, found) == (
        "all of these hold, and at least one must not: “met”, “score < 60%”",
        "以下各项均成立，至少有一项不成立才触发：“met”、“score < 60%”",
    )
    evaluation, found, _ = stopped("not p.met or p.score > 1")
    assert said(evaluation, found)[0] == "none of these holds: “not met or score > 1”"


def test_what_is_joined_is_said_part_by_part() -> None:
    """Of `or` every part that was tried; of `and` inside it up to the one that fails."""
    evaluation, found, observed = stopped("p.score > 1 or (p.met and p.kind == '乙') or not p.met")
    assert isinstance(observed, Joined)
    [candidate] = found.candidates
    line = VerdictWords(evaluation).condition(found.rule, candidate.conditions[0], candidate.facts)
    assert line.words.text().startswith("none of these holds: “score > 1 or met and")
    assert [below.words.text() for below in line.below] == [
        "score is 0.59; it must be more than 1, and is 0.41 below",
        "“met and kind == '乙'” does not hold",
        "“met” holds, and it must not",
    ]
    assert [below.words.text() for below in line.below[1].below] == ["met is yes", "kind is “甲”; it must be “乙”"]


def test_what_is_chosen_is_said_with_its_reason() -> None:
    """Of `if` the condition and the branch that it chose."""
    evaluation, found, observed = stopped("if p.met then p.score >= 60% else p.kind == '甲'")
    assert isinstance(observed, Chosen)
    [candidate] = found.candidates
    line = VerdictWords(evaluation).condition(found.rule, candidate.conditions[0], candidate.facts)
    assert [(below.holds, below.words.text()[:12]) for below in line.below] == [
        (True, "met is yes"),
        (False, "score is 59%"),
    ]


@pytest.mark.parametrize(
    ("where", "english"),
    [
        ("has(p.extra)", "?extra is not filled in"),
        ("default(p.extra, 2) > 2", "default(?extra, 2) is 2; it must be more than 2"),
        ("count(project) > 1", "count(project) is 1; it must be more than 1"),
        ("any(project where project.kind == '乙')", "“any(project where project.kind == '乙')” does not hold"),
        ("contains(p.name, '桥')", "“contains(name, '桥')” does not hold: contains('码头', '桥')"),
        (
            "p.amount / 4 万元 > 8",
            "amount / 4 万元 is 30 万元 / 4 万元 = 7.5; it must be more than 8, and is 0.5 below",
        ),
    ],
)
def test_other_values(where: str, english: str) -> None:
    """Optional fields, defaults, aggregates, functions and formulas, with the numbers put in."""
    evaluation, found, _ = stopped(where)
    assert said(evaluation, found)[0] == english


def test_what_was_not_reached() -> None:
    """Conditions are tried in order; after the first that fails none is."""
    _, found, _ = stopped(["p.met", "p.score > 1", "p.kind == '甲'"])
    [candidate] = found.candidates
    assert [each.truth for each in candidate.conditions] == ["holds", "fails", "unreached"]


def test_a_guard_fails_for_every_fact() -> None:
    """The case as a whole is looked at first, wherever it is written."""
    check = {"each": {"p": "project"}, "where": ["p.score > 1", "count(project) > 5"], "flag": "notice"}
    found = rule(evaluated(project("A"), project("B"), rules=(check,)))
    assert [[each.truth for each in candidate.conditions] for candidate in found.candidates] == [
        ["fails", "unreached"]
    ] * 2
    assert [candidate.conditions[0].condition.patterns for candidate in found.candidates] == [(), ()]


def test_a_rule_of_no_fact() -> None:
    """It has one candidate: the case."""
    found = rule(evaluated(rules=({"when": "count(project) == 0", "flag": "notice"},)))
    [candidate] = found.candidates
    assert (candidate.facts, candidate.rows, found.fired) == ((), ((),), True)


JOINED = {"each": {"a": "link", "b": "link"}, "where": ["a.end == b.start", "b.end - a.start > 4"], "flag": "notice"}


def links(*pairs: tuple[int, int]) -> list[Fact]:
    """Return links."""
    return [fact("link", f"L{number}", start=start, end=end) for number, (start, end) in enumerate(pairs)]


def test_a_rule_of_several_facts_shows_the_nearest_partner() -> None:
    """For each fact of the first pattern: every row that fired, or the one that got the furthest."""
    found = rule(evaluated(*links((1, 2), (2, 6), (6, 7)), rules=(JOINED,)))
    first, second, third = found.candidates
    assert [[each.id for each in row] for row in first.rows] == [["L0", "L1"]]
    assert [each.id for each in second.rows[0]] == ["L1", "L2"]
    assert (third.fired, third.tried, third.untried) == (False, 3, 0)
    nearest = rule(evaluated(*links((1, 2), (2, 3)), rules=(JOINED,))).candidates[0]
    assert [each.id for each in nearest.facts] == ["L0", "L1"]
    assert nearest.stopped is not None
    assert nearest.stopped.condition.text == "b.end - a.start > 4"


def test_the_partner_that_gets_the_furthest_is_not_the_first() -> None:
    """The first partner fails at once; the second meets one condition more."""
    check = {"each": {"a": "link", "b": "link"}, "where": "b.end > a.start and b.end - a.start > 4", "flag": "notice"}
    nearest = rule(evaluated(*links((5, 0), (0, 7)), rules=(check,))).candidates[0]
    assert [each.id for each in nearest.facts] == ["L0", "L1"]
    assert [each.truth for each in nearest.conditions] == ["holds", "fails"]
    assert (nearest.tried, nearest.untried) == (2, 0)


def test_how_many_partners_are_tried_is_bounded_and_said() -> None:
    """No more than a few are looked at one by one; whether the rule fired does not depend on it."""
    found = rule(evaluated(*links(*((n, -n) for n in range(1, 60))), rules=(JOINED,)))
    candidate = found.candidates[0]
    assert (candidate.tried, candidate.untried) == (MOST_PARTNERS, 59 - MOST_PARTNERS)
    found = rule(evaluated(*links(*((n, -n) for n in range(1, 60)), (-1, 9)), rules=(JOINED,)))
    assert found.candidates[0].fired


def test_what_lacks_a_partner() -> None:
    """The fact type of which there is none is named."""
    check = {"each": {"p": "project", "l": "link"}, "where": "p.met", "flag": "notice"}
    [candidate] = rule(evaluated(project(), rules=(check,))).candidates
    assert (candidate.fired, candidate.lacks, candidate.stopped) == (False, "link", None)


def test_the_rows_of_a_band_table_are_one_rule() -> None:
    """What people see is the row that fired; the others say what they lack."""
    bands = {
        "each": {"p": "project"}, "cites": ["1.1"],
        "bands": {"measure": "p.score", "rows": [
            {"below": "60%", "gives": 0}, {"to": "100%", "gives": 1}, {"above": "100%", "gives": 2},
        ]},
        "award": "band",
    }  # fmt: skip
    evaluation = evaluate(program(ruleset(indicator(bands))), case(project()))
    found = rule(evaluation, "1/r0")
    [candidate] = found.candidates
    assert (len(found.verdicts), candidate.fired) == (3, True)
    assert [each.condition.text for each in candidate.conditions] == ["p.score < 0.6"]
    words = VerdictWords(evaluation)
    others = [
        words.condition(found.rule, other.stopped, other.facts)
        for other in found.other_rows(candidate)
        if other.stopped
    ]
    assert [line.words.text() for line in others] == [
        "score is 59%; it must be at least 60%, and is 1 percentage point below",
        "score is 59%; it must be more than 100%, and is 41 percentage points below",
    ]


def test_why_a_rule_was_not_tried() -> None:
    """An indicator that is not assessed, with the fact that says so."""
    left = fact("not_assessed", "N", indicator=1, reason="未报")
    found = rule(evaluated(left, rules=({"deduct": 1, "each": {"p": "project"}},)))
    assert found.inactive is not None
    assert (found.inactive.indicators, found.inactive.fact) == ((1,), left)
    assert inactive_words(found.inactive).text() == "not tried: indicator 1 is not assessed"


def test_a_rule_of_every_indicator_is_no_rule_of_another_reading() -> None:
    """What applies only in another reading is named where it is written, in an indicator; no section is made up."""
    reading = {
        "clause": "1.1", "question": "问", "chosen": "one", "authority": "无",
        "decided": {"by": "某", "on": "2024-01-01"},
        "alternatives": {name: {"zh": "一", "en": "a", "scores": "0"} for name in ("one", "other")},
    }  # fmt: skip
    rules: list[dict[str, Any]] = [{"id": "spread", "cites": ["1.1"], "each": {"j": "judgement"}, "deduct": "j.points"},
             {"id": "own", "cites": ["1.1"], "deduct": 1}]  # fmt: skip
    spread, own = ({**each, "under": {"R1": ["other"]}} for each in rules)
    document = ruleset(indicator({"award": 10}, own), every_indicator=[spread], readings={"R1": reading})
    assert [each.name for each in unapplied_rules(FormWords(program(document)))] == ["1/own"]
    assert not list(unapplied_rules(FormWords(program(document, {"R1": "other"}))))


def test_the_context_is_the_final_one() -> None:
    """A verdict sees the facts that rules derived."""
    derive = {"id": "d", "cites": ["1.1"], "each": {"p": "project"}, "derive": {"twice": {"of": "p.score * 2"}}}
    check = {"each": {"t": "twice"}, "where": "t.of > 2", "flag": "notice"}
    found = rule(evaluated(project(), rules=(check,), definitions=[derive]))
    [candidate] = found.candidates
    assert candidate.stopped is not None
    assert candidate.stopped.observed is not None
    assert getattr(candidate.stopped.observed, "value", None) == Fraction(118, 100)
    assert candidate.stopped.needed is not None
    assert candidate.stopped.needed.field == FieldRead(0, "of")


def test_a_line_is_a_value() -> None:
    """Lines can be compared, as other faces do."""
    assert Line(Message("a"), holds=True) == Line(Message("a"), holds=True)
