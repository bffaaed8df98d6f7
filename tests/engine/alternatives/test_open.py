"""What to supply for an indicator that is not assessed is what makes it assessed, and no less."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.alternatives.improve import improve
from engine.alternatives.improvement import OpenPoints
from engine.base.faults import FactsError
from engine.facts import open_facts, read_facts
from engine.facts.model import Facts
from engine.scoring.evaluate import evaluate
from tests.cli.program import EXAMPLE
from tests.compiled import program_of, ruleset_of

NAME = "jiangmen/department-special/2024"
PROGRAM = program_of(NAME, {})


def visible() -> Facts:
    """Return the facts of the form as it was printed, with eleven indicators open."""
    ruleset = ruleset_of(NAME)
    text = (EXAMPLE / "visible-only.yaml").read_text("utf-8")
    return read_facts(open_facts(text, "visible-only.yaml"), ruleset.facts, ruleset.conversions)


FACTS = visible()
OPENS = improve(evaluate(PROGRAM, FACTS), most=0).opens


@pytest.mark.parametrize("each", OPENS, ids=lambda each: str(each.number))
def test_none_is_said_only_where_it_is_accepted(each: OpenPoints) -> None:
    """With every type empty that may be, and the fact removed, the faults ask only for what else is to be supplied."""
    titles = {PROGRAM.ruleset.facts[name].title: name for name in PROGRAM.ruleset.facts}
    empty = {name for title, name in titles.items() if f"“{title}”, or that there is none" in map(str, each.supply)}
    asked = {name for title, name in titles.items() if f"“{title}”" in map(str, each.supply)}
    needs = next(plan.needs for plan in PROGRAM.indicators if plan.number == each.number)
    assert empty | asked == {name for name in needs if name not in FACTS.stated}
    rest = tuple(fact for fact in FACTS.facts if fact.id != each.fact)
    assert len(rest) == len(FACTS.facts) - 1
    assert asked, "each of these indicators needs a fact that must be there"
    single = {name for name in asked if PROGRAM.ruleset.facts[name].single}
    for name in asked - single:
        with pytest.raises(FactsError):
            evaluate(PROGRAM, replace(FACTS, facts=rest, stated=FACTS.stated | empty | single | {name}))


def test_the_fact_to_remove_is_named() -> None:
    """With the word of the facts file, and by its id."""
    [each] = [each for each in OPENS if each.number == 13]
    assert (each.fact, str(each.remove)) == ("N13", "Then remove “未评” for indicator 13.")
