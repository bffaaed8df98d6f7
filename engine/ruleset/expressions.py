"""The expressions of a document: checked at their place, and worked out where they depend on no facts."""

from __future__ import annotations

from collections.abc import Mapping

from engine.base.faults import Fault, RulesetError
from engine.language.check import Expression, check
from engine.language.compute import CannotCompute, World, computation
from engine.language.parser import ExpressionError
from engine.language.scope import Scope
from engine.language.typed import NUMBER, TEXT, Const, Logic, Operation, Type, Typed, readings_in, walk
from engine.ruleset.model import Under, Written

CASE: Mapping[str, Type] = {"department": TEXT, "year": NUMBER}
"""What every case's head has."""

RESERVED = frozenset(
    {"number", "weight", "part_weight", "part_number", "part_title", "band", "case", "points", "taken"}
)
"""Names that neither a parameter nor an alias may take."""

_NO_WORLD = World({}, {}, {}, lambda _score, _world: 0)


def fault(error: ExpressionError | CannotCompute, written: Written) -> Fault:
    """Turn an expression's error into a fault at its place in the document."""
    return Fault(error.what, error.remedy, written.node.place_at(error.offset))


def checked(written: Written, scope: Scope, expected: Type | None = None) -> Expression:
    """Check an expression of the document; `RulesetError` at its line and column."""
    try:
        return check(written.text, scope, expected)
    except ExpressionError as error:
        raise RulesetError(fault(error, written)) from None


def constant(tree: Typed) -> Const | None:
    """Return the value of an expression that depends on no facts, or None."""
    if isinstance(tree, Const):
        return tree
    if not all(isinstance(node, Const | Operation | Logic) for node in walk(tree)):
        return None
    if any(isinstance(node, Operation) and node.name in _NEEDS_MORE for node in walk(tree)):
        return None
    try:
        value = computation(tree, None)((), _NO_WORLD)
    except CannotCompute:
        return None
    return Const(value, tree.type, tree.span, named=True, readings=readings_in([tree]))


_NEEDS_MORE = frozenset({"next_workday", "workdays_after", "weight_of", "is_indicator"})


def applies(under: Under, readings: Mapping[str, str]) -> bool:
    """Return whether something applies under the chosen readings."""
    return all(readings[reading] in alternatives for reading, alternatives in under)
