"""The expressions of a document: checked at their place, and worked out where they depend on no facts."""

from __future__ import annotations

from collections.abc import Mapping

from engine.base.faults import Fault, RulesetError
from engine.language.check import check
from engine.language.compute import computation
from engine.language.context import CannotCompute, Context
from engine.language.expression import Expression
from engine.language.fold import readings_in, walk
from engine.language.parser import ExpressionError
from engine.language.scope import Scope
from engine.language.typed import (
    NUMBER,
    TEXT,
    Aggregate,
    Call,
    CaseField,
    Const,
    HasResult,
    Inline,
    Matched,
    ResultOf,
    Score,
    Type,
    Typed,
)
from engine.language.vocabulary import reserved
from engine.ruleset.rule_text import Under
from engine.ruleset.source_text import SourceText

CASE: Mapping[str, Type] = {"department": TEXT, "year": NUMBER}
"""What every case's head has."""

RESERVED = reserved()
"""Names that neither a parameter nor an alias may take, in either language."""

_NO_CONTEXT = Context({}, {}, {}, lambda _score, _context: 0)


def fault(error: ExpressionError | CannotCompute, written: SourceText) -> Fault:
    """Turn an expression's error into a fault at its place in the document."""
    return Fault(error.what, error.remedy, written.place_at(error.offset))


def checked(written: SourceText, scope: Scope, expected: Type | None = None) -> Expression:
    """Check an expression of the document; `RulesetError` at its line and column."""
    try:
        return check(written.text, scope, expected)
    except ExpressionError as error:
        raise RulesetError(fault(error, written)) from None


def constant(tree: Typed) -> Const | None:
    """Return the value of an expression that depends on no facts, or None."""
    if isinstance(tree, Const):
        return tree
    if any(map(_depends_on_the_case, walk(tree))):
        return None
    try:
        value = computation(tree, None)((), _NO_CONTEXT)
    except CannotCompute:
        return None
    return Const(value, tree.type, tree.span, readings=readings_in([tree]))


def _depends_on_the_case(node: Typed) -> bool:
    """Return whether a node needs facts, a calendar or scores."""
    if isinstance(node, Call):
        return node.function in ("next_workday", "workdays_after", "weight_of", "is_indicator")
    return isinstance(node, CaseField | Matched | Inline | Score | ResultOf | HasResult | Aggregate)


def applies(under: Under, readings: Mapping[str, str]) -> bool:
    """Return whether something applies under the chosen readings."""
    return all(readings[reading] in alternatives for reading, alternatives in under)
