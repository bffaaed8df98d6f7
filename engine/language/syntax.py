"""The syntax tree of an expression, as written: nothing is looked up or typed yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from engine.base.comparators import Comparator
from engine.base.numbers import Number
from engine.language.operators import Connective, Operator

Span: TypeAlias = tuple[int, int]
"""Where a piece is in the expression's text: first character, and the one after the last."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant as written; a percentage is its share, a quantity keeps its unit."""

    value: Number | str | bool | date
    unit: str
    span: Span


@dataclass(frozen=True, slots=True)
class Name:
    """A name: an alias, a parameter, a fact type inside an aggregate, or a word such as `weight`."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Path:
    """A field of something: `t.actual`, `c.of.name`."""

    base: Syntax
    field: str
    span: Span


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x` or `not x`."""

    operator: str
    operand: Syntax
    span: Span


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic, comparison, `and`, `or`."""

    operator: Comparator | Operator | Connective
    left: Syntax
    right: Syntax
    span: Span


@dataclass(frozen=True, slots=True)
class OneOf:
    """`x in ['a', 'b']`."""

    item: Syntax
    options: tuple[Syntax, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Within:
    """`x in low..high`, both ends included."""

    item: Syntax
    low: Syntax
    high: Syntax
    span: Span


@dataclass(frozen=True, slots=True)
class Choice:
    """`if a then b else c`."""

    condition: Syntax
    then: Syntax
    otherwise: Syntax
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an aggregate over facts; `where` narrows an aggregate."""

    function: str
    arguments: tuple[Syntax, ...]
    where: Syntax | None
    span: Span


Syntax: TypeAlias = Literal | Name | Path | Unary | Binary | OneOf | Within | Choice | Call


def written(node: Syntax, text: str) -> str:
    """Return what is written of a node in the expression's text."""
    return text[node.span[0] : node.span[1]]


def children(node: Syntax) -> tuple[Syntax, ...]:
    """Return the nodes that a node consists of, in the order of the text."""
    match node:
        case Path():
            return (node.base,)
        case Unary():
            return (node.operand,)
        case Binary():
            return (node.left, node.right)
        case OneOf():
            return (node.item, *node.options)
        case Within():
            return (node.item, node.low, node.high)
        case Choice():
            return (node.condition, node.then, node.otherwise)
        case Call():
            return (*node.arguments, *((node.where,) if node.where else ()))
        case Literal() | Name():
            return ()


def walk(node: Syntax) -> Iterator[Syntax]:
    """Yield a node and all below it."""
    yield node
    for part in children(node):
        yield from walk(part)


def names(node: Syntax) -> Iterator[Name]:
    """Return every bare name in a syntax tree, in the order of the text."""
    if isinstance(node, Name):
        yield node
    for part in children(node):
        yield from names(part)
