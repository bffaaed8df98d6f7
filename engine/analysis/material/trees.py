"""Questions that several checks ask of a typed tree."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import fields

from engine.base.numbers import Number
from engine.facts.model import Value
from engine.language.compute import computation
from engine.language.context import CannotCompute, Context
from engine.language.fold import children, fold, walk
from engine.language.typed import Aggregate, Call, CaseField, Const, HasResult, Matched, ResultOf, Score, Typed

_SKIPPED = frozenset({"span", "readings", "name", "text", "scope"})
_NO_CONTEXT = Context({}, {}, {}, lambda _score, _context: 0)
_OF_THE_CASE = ("next_workday", "workdays_after", "weight_of", "is_indicator")


def key(tree: Typed) -> Hashable:
    """Return what a tree is, wherever it is written: equal for two trees that compute the same in the same way."""
    return fold(tree, _key)


def _key(node: Typed, parts: tuple[Hashable, ...]) -> Hashable:
    own = tuple(
        value
        for each in fields(node)
        if each.name not in _SKIPPED and isinstance(value := getattr(node, each.name), Hashable)
        if not _is_tree(value)
    )
    return (type(node).__name__, own, parts)


def _is_tree(value: object) -> bool:
    return isinstance(value, tuple) or hasattr(value, "span")


def constant_value(tree: Typed) -> Value | None:
    """Return what a tree is worth in every case, with the row of its band table put in; None where it depends."""
    if isinstance(tree, Const):
        return tree.value
    if any(_depends(node) for node in walk(tree)):
        return None
    try:
        found: Value = computation(tree, None)((), _NO_CONTEXT)
    except CannotCompute:
        return None
    return found


def constant_number(tree: Typed) -> Number | None:
    """Return the number that a tree is in every case; None where it depends on the case, or is not a number."""
    value = constant_value(tree)
    return value if isinstance(value, Number) and not isinstance(value, bool) else None


def _depends(node: Typed) -> bool:
    return isinstance(node, CaseField | Matched | Score | ResultOf | HasResult | Aggregate) or (
        isinstance(node, Call) and node.function in _OF_THE_CASE
    )


def matched_patterns(tree: Typed) -> frozenset[int]:
    """Return which of a rule's patterns a tree looks at; the fact that an aggregate is at is none of them."""
    return fold(tree, _patterns)


def _patterns(node: Typed, parts: tuple[frozenset[int], ...]) -> frozenset[int]:
    if isinstance(node, Matched):
        return frozenset({node.pattern})
    below = frozenset[int]().union(*parts)
    if isinstance(node, Aggregate):
        return below - {node.pattern} if node.correlated else frozenset()
    return below


def outside_aggregates(tree: Typed) -> Iterator[Typed]:
    """Yield a node and all below it, except what is inside an aggregate."""
    yield tree
    if not isinstance(tree, Aggregate):
        for part in children(tree):
            yield from outside_aggregates(part)
