"""The typed tree of an expression: every name looked up, every type and unit known.

A compiled rule keeps its trees. What is done with a tree is a fold over it (`fold`): computing its value (`compute`),
showing it with its numbers (`show`), naming the aggregates behind it (`trace`), telling the matchers what they can
compare by themselves (`engine.program.translation`). A node knows its place in the expression's text by its `span`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, TypeAlias

from engine.base.comparators import Comparator
from engine.base.numbers import Number
from engine.facts.model import Kind
from engine.language.operators import Connective, Operator
from engine.language.syntax import Span

Scored: TypeAlias = int | tuple[str, ...]
"""What has a score: an indicator by its number, or a level by its path; the empty path is the total."""

TOTAL: tuple[str, ...] = ()
"""The path of the whole form."""

Unit: TypeAlias = tuple[tuple[str, int], ...]
"""A unit as sorted (name, exponent) pairs; empty for a plain number."""


@dataclass(frozen=True, slots=True)
class Type:
    """What an expression gives: a kind, the unit of a number, the type of a fact."""

    kind: Kind
    unit: Unit = ()
    fact_type: str = ""
    choices: tuple[str, ...] = ()
    label: bool = False
    """Whether a text is the id of a fact, which only distinguishes facts and carries no weight (law 8)."""


NUMBER = Type(Kind.NUMBER)
BOOLEAN = Type(Kind.BOOLEAN)
TEXT = Type(Kind.TEXT)
DATE = Type(Kind.DATE)
LABEL = Type(Kind.TEXT, label=True)
DAYS = Type(Kind.NUMBER, (("天", 1),))


@dataclass(frozen=True, slots=True)
class Const:
    """A constant: a literal, or what a name such as a parameter or `weight` is worth in every case."""

    value: Number | str | bool | date
    type: Type
    span: Span
    name: str = ""
    """What the text calls it, such as `full_from` or `weight_of(3)`; empty for a literal, which is its own name."""
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
    """A field of a fact: `t.actual`."""

    base: Typed
    field: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Has:
    """Whether an optional field is there: `has(t.actual)`."""

    type: ClassVar[Type] = BOOLEAN
    base: Typed
    field: str
    span: Span


@dataclass(frozen=True, slots=True)
class Default:
    """An optional field, or something else where it is not there: `default(t.actual, 0)`."""

    base: Typed
    field: str
    otherwise: Typed
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values compared: `t.actual >= t.target`."""

    type: ClassVar[Type] = BOOLEAN
    comparator: Comparator
    left: Typed
    right: Typed
    span: Span


@dataclass(frozen=True, slots=True)
class Within:
    """Whether a value lies between two others, both included: `x in low..high`."""

    type: ClassVar[Type] = BOOLEAN
    item: Typed
    low: Typed
    high: Typed
    span: Span


@dataclass(frozen=True, slots=True)
class OneOf:
    """Whether a value is one of several: `x in ['a', 'b']`."""

    type: ClassVar[Type] = BOOLEAN
    item: Typed
    options: tuple[Typed, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two values added, subtracted, multiplied or divided."""

    operator: Operator
    left: Typed
    right: Typed
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Minus:
    """A number with its sign turned: `-x`."""

    operand: Typed
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Not:
    """A condition that must not hold: `not x`."""

    type: ClassVar[Type] = BOOLEAN
    operand: Typed
    span: Span


@dataclass(frozen=True, slots=True)
class Logic:
    """Two conditions joined by `and` or `or`."""

    type: ClassVar[Type] = BOOLEAN
    connective: Connective
    left: Typed
    right: Typed
    span: Span


@dataclass(frozen=True, slots=True)
class Choice:
    """`if condition then one else other`; only the one that is chosen is computed."""

    condition: Typed
    then: Typed
    otherwise: Typed
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A function of values that are computed first: `max(a, b)`."""

    function: str
    arguments: tuple[Typed, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Inline:
    """A name that represents another expression, such as `band`."""

    name: str
    body: Typed
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Score:
    """The points that another indicator or a level keeps, or those that are open in it."""

    type: ClassVar[Type] = NUMBER
    of: Scored
    measure: str
    """kept or open"""
    name: str
    """What is asked of: the number of an indicator, the quoted name of a level, or `total`."""
    span: Span


@dataclass(frozen=True, slots=True)
class ResultOf:
    """The value of a result: `payment`."""

    result: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class HasResult:
    """Whether a result has a value: `has(payment)`."""

    type: ClassVar[Type] = BOOLEAN
    result: str
    span: Span


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A figure over all facts of one type, perhaps narrowed; `pattern` is the place of the fact that it is at."""

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
    Const
    | CaseField
    | Matched
    | FieldOf
    | Has
    | Default
    | Compare
    | Within
    | OneOf
    | Arithmetic
    | Minus
    | Not
    | Logic
    | Choice
    | Call
    | Inline
    | Score
    | ResultOf
    | HasResult
    | Aggregate
)
