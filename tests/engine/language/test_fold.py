"""Trees are kept and folded: every node is reached, names are known, and matchers get what they can compare."""

from __future__ import annotations

from typing import get_args

import pytest

from engine.base.comparators import Comparator
from engine.language.check import check
from engine.language.expression import conjuncts
from engine.language.fold import children, fold, nodes, patterns_of, walk
from engine.language.scope import ResultType, Scope
from engine.language.typed import NUMBER, Aggregate, Compare, Const, FieldOf, Inline, Typed
from engine.matching.interface import Comparison, Join
from engine.matching.interface import Test as Computed
from engine.program.program import CompiledRule
from engine.program.translation import condition
from tests.engine.language.test_expressions import SCOPE
from tests.engine.mini import indicator, program, ruleset

EVERY_KIND = """
    if t.rate in 1..line and not has(t.extra) or t.kind in ['甲'] then max(-score(1), default(u.extra, case.year))
    else count(item where item.of == t) + band + default(pay, 0)
"""


def scope() -> Scope:
    """Return the tests' scope with a band table's `band` and a result."""
    found = {name: getattr(SCOPE, name) for name in Scope.__slots__}
    return Scope(**found | {"inline": {"band": tree("2 * line")}, "results": {"pay": ResultType(NUMBER)}})


def tree(text: str, within: Scope = SCOPE) -> Typed:
    return check(text, within).tree


def test_a_fold_reaches_every_node_once() -> None:
    """The expression has every kind of node, and each is given what its own parts have come to."""
    whole = tree(EVERY_KIND, scope())
    assert {type(node) for node in walk(whole)} == set(get_args(Typed))
    counted = fold(whole, lambda node, parts: 1 + sum(parts) if len(parts) == len(children(node)) else 0)
    assert counted == len(list(walk(whole))) == len({id(node) for node in walk(whole)})


def test_a_walk_goes_from_the_root_in_the_order_of_the_text() -> None:
    """A node comes before its parts, and the parts in their order."""
    found = list(walk(tree("t.rate + 1 > u.rate")))
    assert isinstance(found[0], Compare)
    assert [node.field for node in found if isinstance(node, FieldOf)] == ["rate", "rate"]
    assert patterns_of(found[0], 2) == (0, 1)
    assert patterns_of(tree("sum(item.rate)"), 2) == ()


def test_a_named_value_knows_its_name() -> None:
    """A literal has none; the same number under two names is two values."""
    named = [constant.name for constant in nodes(Const, [tree("line + weight_of(1) + 15 + t.rate")])]
    assert named == ["line", "weight_of(1)", ""]
    band = next(nodes(Inline, [tree("band", scope())]))
    assert (band.name, [constant.name for constant in nodes(Const, [band])]) == ("band", ["", "line"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("t.rate > 1", Comparison(0, "rate", Comparator.ABOVE, 1)),
        ("1 > u.rate", Comparison(1, "rate", Comparator.BELOW, 1)),
        ("1 == t.rate", Comparison(0, "rate", Comparator.EQUAL, 1)),
        ("t.kind != '甲'", Comparison(0, "kind", Comparator.UNEQUAL, "甲")),
        ("t.met", Comparison(0, "met", Comparator.EQUAL, constant=True)),
        ("not u.met", Comparison(1, "met", Comparator.EQUAL, constant=False)),
        ("t.rate == u.rate", Join(0, "rate", 1, "rate")),
        ("t.of == u", Join(0, "of", 1, "")),
    ],
)
def test_a_matcher_compares_what_it_can(text: str, expected: Comparison | Join) -> None:
    """A field with a constant, or two facts' fields for equality."""
    assert condition(tree(text), 2, None) == expected


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("t.rate + 1 > 2", (0,)),
        ("t.rate < u.rate", (0, 1)),
        ("t.rate == t.amount / 1 万元", (0,)),
        ("t.of.rate == 1", (0,)),
        ("not (t.met and u.met)", (0, 1)),
        ("1 == 1", ()),
        ("any(item where item.met)", ()),
        ("count(item where item.rate > u.rate) > 1", (1,)),
        ("t == t.of", (0,)),
    ],
)
def test_what_no_matcher_can_compare_is_computed(text: str, patterns: tuple[int, ...]) -> None:
    """It is a test of the patterns that it looks at."""
    found = condition(tree(text), 2, None)
    assert isinstance(found, Computed)
    assert found.patterns == patterns


def test_conjuncts_are_split_through_brackets_and_no_further() -> None:
    """`and` inside `or` stays as it is."""
    parts = conjuncts(tree("t.met and (u.met and t.rate > 1) and (t.met or u.met and t.met)"))
    assert len(parts) == 4
    assert conjuncts(parts[-1]) == (parts[-1],)


def rule(**more: object) -> CompiledRule:
    parameters = {"quota": {"value": "3", "cites": ["1.1"]}}
    return program(ruleset(indicator(more), parameters=parameters)).rules[0]


def test_a_compiled_rule_keeps_its_trees() -> None:
    """What it relies on is read from its trees; a text that spells like a parameter is not the parameter."""
    by_name = rule(each={"p": "project"}, where="p.score > quota and p.met", award="min(quota, sum(link.start))")
    by_text = rule(each={"p": "project"}, where="p.name == 'quota'", award="3")
    assert [len(list(walk(each.tree))) for each in by_name.conditions] == [4, 2]
    assert [constant.name for constant in nodes(Const, by_name.trees)] == ["quota", "quota"]
    assert [aggregate.text for aggregate in nodes(Aggregate, by_name.trees)] == ["sum(link.start)"]
    assert not any(constant.name for constant in nodes(Const, by_text.trees))
    assert by_name.formulas[0].text == "min(quota, sum(link.start))"
