"""The typed tree of an expression: every name looked up, every type and unit known.

This one tree serves the matchers (through `engine.program.conditions`), the scoring (`compute`), and the
explanation (`formula`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from engine.base.numbers import Number
from engine.facts.model import Kind
from engine.language.syntax import Span

Unit: TypeAlias = tuple[tuple[str, int], ...]
"""A unit as sorted (name, exponent) pairs; empty for a plain number."""


@dataclass(frozen=True, slots=True)
class Type:
    """What an expression gives: a kind, the unit of a number, the type of a fact."""

    kind: Kind
    unit: Unit = ()
    fact_type: str = ""
    choices: tuple[str, ...] = ()


NUMBER = Type(Kind.NUMBER)
BOOLEAN = Type(Kind.BOOLEAN)
TEXT = Type(Kind.TEXT)
DATE = Type(Kind.DATE)
DAYS = Type(Kind.NUMBER, (("天", 1),))


@dataclass(frozen=True, slots=True)
class Const:
    """A constant: a literal, a parameter, a weight."""

    value: Number | str | bool | date
    type: Type
    span: Span
    named: bool = False
    """Whether the text holds a name here, for which a formula shows the value."""
    readings: frozenset[str] = frozenset()
    """The readings that decide a parameter's value."""


@dataclass(frozen=True, slots=True)
class CaseField:
    """Something of the case's head, such as its year."""

    field: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Matched:
    """The fact that a pattern matched; inside an aggregate also the fact that it is at."""

    pattern: int
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class FieldOf:
    """A field of a fact."""

    base: Typed
    field: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Has:
    """Whether an optional field is there."""

    base: Typed
    field: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Default:
    """An optional field, or something else where it is not there."""

    base: Typed
    field: str
    otherwise: Typed
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator or a function on values that are computed first."""

    name: str
    operands: tuple[Typed, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Logic:
    """`and`, `or`, `if`: later operands are computed only where they matter."""

    name: str
    operands: tuple[Typed, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Inline:
    """A name for another expression, such as `band`."""

    name: str
    body: Typed
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Score:
    """The points that another indicator keeps, or those that are open in it."""

    indicator: int
    measure: str
    """kept or open"""
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A figure over all facts of one type, perhaps narrowed; `pattern` is the position of the fact in hand."""

    function: str
    fact_type: str
    pattern: int
    arguments: tuple[Typed, ...]
    where: Typed | None
    text: str
    scope: str
    """What besides the text decides its value: whose weight `weight` is."""
    correlated: bool
    """Whether it looks at the rule's own facts, so that each match has its own figure."""
    type: Type
    span: Span = field(default=(0, 0))


Typed: TypeAlias = (
    Const | CaseField | Matched | FieldOf | Has | Default | Operation | Logic | Inline | Score | Aggregate
)


def children(node: Typed) -> tuple[Typed, ...]:
    """Return the parts of a node, an aggregate's included."""
    if isinstance(node, FieldOf | Has):
        return (node.base,)
    if isinstance(node, Default):
        return (node.base, node.otherwise)
    if isinstance(node, Operation | Logic):
        return node.operands
    if isinstance(node, Inline):
        return (node.body,)
    if isinstance(node, Aggregate):
        return (*node.arguments, *((node.where,) if node.where else ()))
    return ()


def readings_in(trees: Iterable[Typed]) -> frozenset[str]:
    """Return the readings that decide a number in some expressions."""
    return frozenset().union(*(n.readings for tree in trees for n in walk(tree) if isinstance(n, Const)))


def walk(node: Typed) -> Iterator[Typed]:
    """Yield a node and all below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def patterns_of(node: Typed, width: int) -> tuple[int, ...]:
    """Return which of a rule's `width` patterns the node looks at, ascending."""
    return tuple(sorted({n.pattern for n in walk(node) if isinstance(n, Matched) and n.pattern < width}))
