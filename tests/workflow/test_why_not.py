"""Which rules and facts are meant by what people call them, and what is said where none is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from audit.ledger.ledger import Ledger
from engine.base.faults import NotFound, UsageFault
from tests.workflow.recorded import COMMERCE, record_file
from workflow.ledger import open_ledger
from workflow.why_not import RuleVerdicts, all_rules, why_not


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """Return a ledger that holds the example as it is printed."""
    settings, _ = record_file(tmp_path_factory.mktemp("ledger"), COMMERCE / "as-printed.yaml")
    with closing(open_ledger(settings)) as opened:
        yield opened


def names(found: RuleVerdicts) -> list[str]:
    """Return the names of the rules that an answer is about."""
    return [rule.name for rule in found.rules] + [rule.name for rule in found.unapplied]


@pytest.mark.parametrize(
    ("called", "meant"),
    [
        ("1/mean", ["1/mean"]),
        ("1/平均得分", ["1/mean"]),
        ("share", ["definitions/share"]),
        ("得分率", ["definitions/share"]),
        ("公用规则/得分率", ["definitions/share"]),
        ("公用规则/share", ["definitions/share"]),
        ("definitions／share", ["definitions/share"]),
        ("4/criterion", ["4/criterion.c1", "4/criterion.c2", "4/criterion.c3"]),
        ("4/标准得分.标准二", ["4/criterion.c2"]),
        ("核对/印作合计", ["checks/printed-total"]),
        ("5/无新增得零", ["5/none-new-zero"]),
    ],
)
def test_a_rule_is_called_in_either_form(ledger: Ledger, called: str, meant: list[str]) -> None:
    """As receipts have it, or as it is written, with its section or without where only one is called so."""
    assert names(why_not(ledger, "latest", called)) == meant


@pytest.mark.parametrize(
    ("called", "near"), [("1/meen", "“1/mean”"), ("平均得份", "“平均得分”"), ("zzzzzz", "--all-rules")]
)
def test_a_rule_that_is_not_there(ledger: Ledger, called: str, near: str) -> None:
    """The nearest names are suggested, in the form in which it was asked for."""
    with pytest.raises(NotFound, match=near):
        why_not(ledger, "latest", called)


def test_a_name_of_several_rules(ledger: Ledger) -> None:
    """They are named, and none of them is guessed."""
    with pytest.raises(UsageFault, match="1/mean, 2/mean"):
        why_not(ledger, "latest", "平均得分")


@pytest.mark.parametrize("called", ["T12", "实际吸收外资", "rate(T12)"])
def test_a_fact_is_called_by_its_id_or_its_name(ledger: Ledger, called: str) -> None:
    """A derived fact also by what it stems from."""
    [rule] = why_not(ledger, "latest", "1/mean", called).rules
    [candidate] = rule.candidates
    assert [fact.id for fact in candidate.facts] == ["share(rate(T12))"]
    assert candidate.stopped is not None
    assert candidate.stopped.needed is not None
    assert candidate.stopped.needed.values == ("产出",)


@pytest.mark.parametrize(
    ("rule", "fact", "remedy"),
    [
        ("1/mean", "T99", "“T09”"),
        ("8/founded", "zzz", "Name one of them: 2024年国际贸易"),
        ("1/not-reported", "T12", "looks at no fact|Name one of them"),
        ("13/reported", "zzz", "leave the fact out"),
        ("5/none-new", "zzz", "looks at no fact"),
    ],
)
def test_a_fact_that_the_rule_cannot_match(ledger: Ledger, rule: str, fact: str, remedy: str) -> None:
    """The nearest are suggested, or those that there are."""
    with pytest.raises(NotFound, match=remedy):
        why_not(ledger, "latest", rule, fact)


def test_all_rules_of_an_indicator(ledger: Ledger) -> None:
    """Its own, those that derive what they look at, and those that apply only in other readings."""
    found = all_rules(ledger, "latest", "10")
    assert names(found) == ["10/rates", "10/total", "10/judged", "10/rates-final", "10/adjusted", "10/added"]
    assert "definitions/share" in names(all_rules(ledger, "latest", "1"))
    with pytest.raises(NotFound, match="no indicator 99"):
        all_rules(ledger, "latest", "99")


def test_all_rules_are_those_of_the_program(ledger: Ledger) -> None:
    """Each once, whatever it did."""
    found = all_rules(ledger, "latest")
    assert [rule.name for rule in found.rules] == list(
        dict.fromkeys(rule.name for rule in found.reproduced.program.rules)
    )
    fired = {firing.rule for firing, _ in found.reproduced.evaluation.firings}
    assert {rule.name for rule in found.rules if rule.fired} == fired
