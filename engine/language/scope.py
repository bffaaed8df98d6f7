"""What an expression may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.base.numbers import Number
from engine.facts.model import FactType
from engine.language.typed import Const, Type, Typed


class NotYetKnown(Exception):
    """A derived fact type is named whose fields are not known yet; the caller tries again later."""


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
    present: frozenset[tuple[str, str]] = frozenset()
    """The optional fields that are known to be there, as `established` gives them."""
    name: str = ""
    """Whose `weight` the constants hold."""
    spoken: tuple[str, ...] = ()
    """Names that only a sentence knows, such as `taken`."""
    units: frozenset[str] = frozenset()
    """The units that may be written."""

    @property
    def patterns(self) -> Mapping[str, int]:
        """The number of each alias's pattern."""
        return {alias: number for number, alias in enumerate(self.aliases)}
