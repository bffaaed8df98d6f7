"""What an expression may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.base.numbers import Number
from engine.facts.model import FactType, FieldType
from engine.language.levels import levels_called
from engine.language.typed import TOTAL, Const, Type, Typed
from engine.language.vocabulary import vocabulary


class NotYetKnown(Exception):
    """A derived fact type is named whose fields are not known yet; the caller tries again later."""


@dataclass(frozen=True, slots=True)
class ResultType:
    """What is known of a result before any case: the type of its value, and whether there may be none."""

    type: Type
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may name."""

    fact_types: Mapping[str, FactType]
    pending: frozenset[str] = frozenset()
    """Derived fact types whose fields are not known yet."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Alias to fact type, in the patterns' order."""
    constants: Mapping[str, Const] = field(default_factory=dict)
    """Parameters, `weight`, `part_weight`."""
    case: Mapping[str, Type] = field(default_factory=dict)
    inline: Mapping[str, Typed] = field(default_factory=dict)
    weights: Mapping[int, Number] = field(default_factory=dict)
    """The weight of each indicator, for `score(n)` and `weight_of(n)`."""
    levels: Mapping[tuple[str, ...], Number] = field(default_factory=dict)
    """The weight of each level above the indicators by its path, and of the total by the empty one."""
    results: Mapping[str, ResultType] = field(default_factory=dict)
    """The results that the ruleset declares."""
    present: frozenset[tuple[str, str]] = frozenset()
    """The optional fields and results that are known to be there, as `established` gives them."""
    name: str = ""
    """Whose `weight` the constants hold."""
    spoken: tuple[str, ...] = ()
    """Names that only a sentence knows, such as `taken`."""
    units: frozenset[str] = frozenset()
    """The units that may be written."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Other names by which parameters and fact types may be called, such as their titles, each with its own name."""

    @property
    def patterns(self) -> Mapping[str, int]:
        """The number of each alias's pattern."""
        return {alias: number for number, alias in enumerate(self.aliases)}

    def meant(self, name: str) -> str:
        """Return the name that a word means in the ruleset: itself, or what has that title or Chinese form."""
        if any(name in known for known in (self.aliases, self.inline, self.constants, self.results, self.fact_types)):
            return name
        return self.titles.get(name) or _WORDS.canonical(name)

    def levels_called(self, name: str) -> list[tuple[str, ...]]:
        """Return the paths of the levels with a name, or the one whose whole path is written, as `A/B`."""
        return levels_called(name, self.levels)

    def total(self, name: str) -> bool:
        """Return whether a name is that of the total."""
        return name == "total" and TOTAL in self.levels

    def field(self, name: str, fields: Mapping[str, FieldType]) -> str:
        """Return the name of the field that a name or a title means; the name itself where there is no such field."""
        if name in fields:
            return name
        titled = [other for other, found in fields.items() if found.title == name]
        return titled[0] if len(titled) == 1 else self.titles.get(name, name)


_WORDS = vocabulary("words")
