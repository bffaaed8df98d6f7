"""Whether types and units agree, and how it is said that they do not."""

from __future__ import annotations

from collections.abc import Iterable

from engine.base.comparators import Comparator
from engine.base.faults import Problem, problem
from engine.base.likeness import likeliest
from engine.base.messages import Message, listing, msg
from engine.facts.model import FieldType, Kind
from engine.language.parser import ExpressionError
from engine.language.typed import Const, Default, FieldOf, Type, Typed, Unit


def fits(found: Type, expected: Type) -> bool:
    """Return whether a value of one type may be used where the other is expected: the same kind, unit and fact.

    An id fits only another id: what it spells decides nothing.
    """
    return (
        found.kind is expected.kind
        and found.unit == expected.unit
        and found.fact_type == expected.fact_type
        and found.label is expected.label
    )


def described(type_: Type) -> Message:
    """Name a type for a person."""
    if type_.label:
        return msg("the id of a fact")
    if type_.kind is Kind.NUMBER and type_.unit:
        return msg("a number in {unit}", unit=unit_text(type_.unit))
    if type_.kind is Kind.FACT:
        return msg("a fact “{type}”", type=type_.fact_type)
    return {
        Kind.NUMBER: msg("a plain number"),
        Kind.TEXT: msg("a text"),
        Kind.BOOLEAN: msg("true or false"),
        Kind.DATE: msg("a date"),
    }[type_.kind]


def unit_text(unit: Unit) -> str:
    """Write a unit such as 万元 or 万元/家."""
    over = "·".join(name if power == 1 else f"{name}^{power}" for name, power in unit if power > 0)
    under = "·".join(name if power == -1 else f"{name}^{-power}" for name, power in unit if power < 0)
    return f"{over or '1'}/{under}" if under else over


def field_type(field_: FieldType) -> Type:
    """Return the type of a fact's field."""
    return Type(field_.kind, ((field_.unit, 1),) if field_.unit else (), field_.refers_to, field_.choices, field_.label)


def comparable(comparator: Comparator, left: Typed, right: Typed) -> None:
    """Refuse a comparison between different kinds or units, or with a word that can never occur."""
    if not fits(left.type, right.type) or (comparator.needs_order and left.type.kind not in (Kind.NUMBER, Kind.DATE)):
        raise ExpressionError(
            problem(
                "expression.compare",
                "{left} and {right} cannot be compared by “{operator}”.",
                left=described(left.type),
                right=described(right.type),
                operator=comparator.value,
            ),
            msg("Compare like with like: the same kind, and numbers in the same unit (0 万元, not 0)."),
            left.span[0],
        )
    for one, other in ((left, right), (right, left)):
        if (
            isinstance(other, Const)
            and isinstance(other.value, str)
            and one.type.choices
            and other.value not in one.type.choices
        ):
            raise _impossible(one, other.value, other.span)


def _impossible(compared: Typed, word: str, span: tuple[int, int]) -> ExpressionError:
    """Say that a value is never this word."""
    named = msg("“{name}”", name=compared.field) if isinstance(compared, FieldOf | Default) else msg("This")
    known = listing(compared.type.choices)
    what = problem(
        "expression.never",
        "{field} can never be “{word}”; its values are {known}.",
        field=named,
        word=word,
        known=known,
    )
    near = likeliest(word, compared.type.choices)
    remedy = msg("Did you mean “{near}”?", near=near) if near else msg("Compare it with one of its values.")
    return ExpressionError(what, remedy, span[0])


def same(left: Typed, right: Typed) -> None:
    """Refuse two ways of one value that differ in type."""
    if not fits(left.type, right.type):
        raise ExpressionError(
            problem(
                "expression.alternatives",
                "One of the two values is {left}, the other {right}.",
                left=described(left.type),
                right=described(right.type),
            ),
            msg("Both values must be of the same kind, in the same unit."),
            right.span[0],
        )


def unknown(what: Problem, name: str, known: Iterable[str], span: tuple[int, int]) -> ExpressionError:
    """Make the error for a name that is not there, with the nearest one that is."""
    names = sorted(set(known))
    near = likeliest(name, names)
    remedy = msg("Did you mean “{near}”?", near=near) if near else msg("What is known: {names}.", names=listing(names))
    return ExpressionError(what, remedy, span[0])
