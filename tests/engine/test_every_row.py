"""What holds for the rows of every indicator: written once, it is as if each indicator with rows had it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.base.faults import FenmingError, RulesetError
from engine.receipt import plain
from tests.engine.mini import indicator, program, ruleset, scored
from tests.engine.test_rows import ROWS, SHARE, project

WORDS = {"zh": "额度为零。", "en": "An amount of nothing."}
NEEDED = {"that": "p.amount > 0 万元", "say": WORDS, "remedy": WORDS}


def both(every_row: Any, *rules: Any) -> dict[str, Any]:
    """Return a form with an indicator whose rows are 甲, and one whose rows are 乙."""
    return ruleset(
        *(
            indicator(*rules, number=number, weight=10, rows_from={**ROWS, "where": f"p.kind == '{kind}'"})
            for number, kind in ((1, "甲"), (2, "乙"))
        ),
        clauses={"n.1": "各行按额度得分。"},
        **({} if every_row is None else {"every_row": every_row}),
    )


FACTS = project("A", 10, 50), project("B", 4, 60, kind="乙"), project("C", 6, 300, kind="乙")


def kept(document: dict[str, Any]) -> list[list[tuple[str, str]]]:
    """Return what each row keeps, by indicator."""
    content = plain(scored(document, *FACTS).content)
    return [[(part["id"], part["kept"]) for part in line["parts"]] for line in content["indicators"]]


def test_its_rules_are_those_of_each_row() -> None:
    """And carry out the clause that they cite, under the number of each indicator."""
    shared = both({"rules": [{**SHARE, "id": "share", "cites": ["n.1"]}]})
    assert kept(shared) == kept(both(None, SHARE)) == [[("A", "3.33")], [("B", "1.6"), ("C", "6")]]
    firings = plain(scored(shared, *FACTS).content)["firings"]
    assert {(f["rule"], *f["clauses"]) for f in firings if f["rule"].endswith("share")} == {
        ("1/share", "n.1"), ("2/share", "n.1"),
    }  # fmt: skip


def test_an_indicators_own_rules_act_beside_them() -> None:
    """On its own rows only."""
    document = both({"rules": [{**SHARE, "cites": ["n.1"]}]})
    document["indicators"][1]["rules"] = [{"id": "off", "cites": ["2.1"], "deduct": 1}]
    assert kept(document) == [[("A", "3.33")], [("B", "0.6"), ("C", "5")]]


def test_its_requirements_look_at_the_rows_of_each_indicator() -> None:
    """The fact is called as the indicator's rows call it, and the fault names the indicator."""
    every = {"rules": [{**SHARE, "cites": ["n.1"]}], "requires": [NEEDED]}
    assert kept(both(every)) == kept(both(None, SHARE))
    with pytest.raises(FenmingError, match="Indicator 2") as error:
        scored(both(every), project("A", 10), project("B", 10, 0, kind="乙"))
    assert [found.code for found in error.value.faults] == ["facts.requirement"]


def test_it_is_refused_where_no_indicator_has_rows() -> None:
    """Nothing would ever be scored by it."""
    with pytest.raises(RulesetError) as error:
        program(ruleset(indicator({"award": 1}), every_row={"rules": [{"cites": ["1.1"], "award": 1}]}))
    assert {found.code for found in error.value.faults} == {"ruleset.no-rows"}


def test_a_fault_in_it_is_reported_once() -> None:
    """However many indicators have rows."""
    with pytest.raises(RulesetError) as error:
        program(both({"rules": [{"cites": ["n.1"], "award": "p.nothing"}]}))
    assert len(error.value.faults) == 1


def test_two_rules_of_one_name_are_refused() -> None:
    """One of every row, and one of the indicator."""
    rule = {"id": "share", "cites": ["n.1"], **SHARE}
    with pytest.raises(RulesetError) as error:
        program(both({"rules": [rule]}, {**rule, "cites": ["1.1"]}))
    assert "indicator.rule-twice" in {found.code for found in error.value.faults}
