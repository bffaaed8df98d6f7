"""What things are called in one language, and how their values are written for a reader of the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from engine.base.numbers import exact_text, percentage, reading_text, simplest, terminates
from engine.facts.model import Kind
from engine.language.typed import (
    Aggregate,
    Const,
    Default,
    FieldOf,
    Inline,
    ResultOf,
    Type,
    Typed,
)
from engine.language.typing_rules import unit_text
from engine.language.vocabulary import vocabulary

_WORDS = vocabulary("words")


@dataclass(frozen=True, slots=True)
class Wording:
    """What things are called in one language, and which numbers are shares."""

    chinese: bool
    names: Mapping[str, str] = field(default_factory=dict)
    """What parameters, results and fact types are called; those that are missing keep their names."""
    fields: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """What fields are called, by the name of their fact type and their own."""
    shares: frozenset[tuple[str, str]] = frozenset()
    """The fields that are written as percentages, and with no fact type the parameters and results."""

    def name(self, name: str) -> str:
        """Return what a parameter, a result or a fact type is called."""
        return self.names.get(name) or plain_name(_WORDS.spelt(name, chinese=self.chinese), chinese=self.chinese)

    def field(self, fact_type: str, name: str) -> str:
        """Return what a field is called."""
        return self.fields.get((fact_type, name)) or plain_name(name, chinese=self.chinese)

    def is_share(self, node: Typed) -> bool:
        """Return whether a number is written as a percentage."""
        match node:
            case Const(name=name) if name:
                return ("", name) in self.shares
            case ResultOf():
                return ("", node.result) in self.shares
            case FieldOf() | Default():
                return (node.base.type.fact_type, node.field) in self.shares
            case Inline():
                return ("", node.name) in self.shares or self.is_share(node.body)
            case Aggregate(function="mean" | "weighted_mean" | "min_of" | "max_of"):
                return self.is_share(node.arguments[0])
            case _:
                return False

    def value(self, text: str, type_: Type, *, share: bool = False) -> str:
        """Write a value of a receipt: a number in short, with its unit, or as a percentage.

        >>> Wording(chinese=True).value("59/175", Type(Kind.NUMBER), share=True)
        '33.71%'
        """
        if type_.kind is Kind.NUMBER:
            number = simplest(Fraction(text))
            shown = percentage(number) if share else exact_text(number) if terminates(number) else reading_text(number)
            unit = unit_text(type_.unit)
            return shown.replace("-", "−") + (f" {unit}" if unit else "")
        if type_.kind is Kind.BOOLEAN:
            return self.truth(value=text == "true")
        return f"“{text}”" if type_.kind is Kind.TEXT else text

    def truth(self, *, value: bool) -> str:
        """Return yes or no."""
        return ("是" if value else "否") if self.chinese else ("yes" if value else "no")


def plain_name(name: str, *, chinese: bool) -> str:
    """Return a name without the signs that stand for spaces in English."""
    return name if chinese else name.replace("_", " ").replace("-", " ")


def after_chinese(words: str) -> str:
    """Return words as they follow a Chinese one: with a space before a number."""
    return f" {words}" if words[:1].isascii() else words
