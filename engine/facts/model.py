"""What a fact is: a typed, frozen record with its evidence; and what a fact type allows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, TypeAlias, Union

from engine.base.numbers import Number, exact_text
from engine.base.places import NOWHERE, Place

Value: TypeAlias = Union[Number, str, bool, date, "Fact"]
"""What a field holds. Another fact is a reference to it (derived facts only)."""


class Kind(Enum):
    """The kinds of value that the rule language knows."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class FieldType:
    """One field of a fact type: its kind, its unit, and whether it may be left out."""

    name: str
    kind: Kind
    unit: str = ""
    """The unit of a number, such as 万元; empty for a plain number (a percentage is a plain number)."""
    optional: bool = False
    title: str = ""
    choices: tuple[str, ...] = ()
    """The words that a text may be; empty if any text is allowed."""
    refers_to: str = ""
    """The fact type that a reference points to."""
    label: bool = False
    """Whether a text is the id of a fact."""
    fixed: bool = False
    """Whether nobody is advised to change it: it is past, or somebody else's act."""
    step: Number | None = None
    """The smallest difference of a number that means something; None where there is none."""


@dataclass(frozen=True, slots=True)
class FactType:
    """One type of fact: its fields by name, and whether a case has one or many."""

    name: str
    fields: Mapping[str, FieldType]
    title: str = ""
    single: bool = False
    fixed: bool = False
    """Whether nobody is advised to avoid such a fact: whether there is one is past, or somebody else's act."""
    schema: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """Its JSON Schema, by which given facts are checked."""


@dataclass(frozen=True, slots=True)
class FileDigest:
    """What an evidence file held when the facts were submitted, in so few words that it can be recognised."""

    sha256: str
    """In lower-case hexadecimal."""
    size: int
    """In bytes."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of supporting material (佐证材料) listed with a fact."""

    title: str
    reference: str = ""
    file: str = ""
    """A path as it was written, from the folder of the facts file; empty where no file is named."""
    digest: FileDigest | None = None
    """None where no file is named, or where nobody looked: in golden cases, and before there were digests."""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """One fact of a case; `id` is unique in the case, optional fields that were left out are absent."""

    type: str
    id: str
    values: Mapping[str, Value]
    assumed: str = ""
    """Why the fact is assumed and not taken from a document; empty where it is not."""
    evidence: tuple[Evidence, ...] = ()
    place: Place = NOWHERE
    converted: Mapping[str, str] = field(default_factory=dict)
    """The amounts that were given in another unit, by field, as they were written."""
    owner: Fact | None = None
    """The fact that lists it, where it is itself a piece of evidence."""


MatchedFacts: TypeAlias = tuple[Fact, ...]
"""The facts that a rule's patterns matched, in the patterns' order."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A validated case: whose it is, and its facts sorted by type, those of a type as they were given."""

    case: Mapping[str, str]
    """The head of the case, `department` and `year` at least, as text."""
    facts: tuple[Fact, ...]
    stated: frozenset[str] = field(default_factory=frozenset)
    """The fact types that the file names; an empty list states that there are none, a missing one states nothing."""
    place: Place = field(default=Place(pointer="/facts"), compare=False)
    """Where the facts begin in their file."""
    in_chinese: bool = field(default=False, compare=False)
    """Whether the file calls them by their titles, and messages are to do so too."""


def place_of(facts: Iterable[Fact]) -> Place | None:
    """Return where the first of some facts is written that has a place in a file."""
    return next((fact.place for fact in facts if fact.place.file), None)


class Label(str):
    """The id of a fact as a value: it only distinguishes facts, and no order is made from it (law 8)."""

    __slots__ = ()


def value_text(value: Value) -> str:
    """Write a value as canonical text: exact numbers, true/false, ISO dates, a fact's id."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Fraction):
        return exact_text(value)
    return value.isoformat() if isinstance(value, date) else value.id
