"""What an expression is computed from: the facts of a match, and what is known at that moment of the evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engine.base.faults import Problem
from engine.base.messages import Message
from engine.base.numbers import Number
from engine.facts.model import Fact, MatchedFacts, Value
from engine.language.typed import HasResult, ResultOf, Score


class CannotCompute(Exception):
    """A value cannot be computed from these facts; whoever knows the rule adds which and where."""

    def __init__(self, what: Problem, remedy: Message, offset: int, facts: tuple[Fact, ...] = ()) -> None:
        super().__init__(str(what))
        self.what = what
        self.remedy = remedy
        self.offset = offset
        self.facts = facts
        """The facts whose values cause it; empty where they are not known."""


class Unassessed(CannotCompute):
    """A value is not known, since an indicator that it rests on is not assessed."""

    def __init__(self, what: Problem, remedy: Message, offset: int, indicators: frozenset[int]) -> None:
        super().__init__(what, remedy, offset)
        self.indicators = indicators


@dataclass(frozen=True, slots=True)
class AggregateResult:
    """The value of an aggregate, and the facts that it runs over."""

    text: str
    value: Any
    facts: tuple[Fact, ...]


def _no_results(node: ResultOf | HasResult, _context: Context) -> Value:
    raise KeyError(node.result)


@dataclass(slots=True)
class Context:
    """What is known at a moment of one evaluation; it grows from stratum to stratum."""

    case: Mapping[str, Value]
    facts: dict[str, list[Fact]]
    weights: Mapping[int, Number]
    score: Callable[[Score, Context], Number]
    """What another indicator keeps, or what is open in it; `CannotCompute` for the points kept while some are open."""
    result: Callable[[ResultOf | HasResult, Context], Value] = _no_results
    """The value of a result, or whether it has one; `CannotCompute` for the value of one without."""
    aggregates: dict[tuple[str, str], AggregateResult] = field(default_factory=dict)
    """Aggregates that do not depend on a match, by scope and text; lower strata never change, so they stay as found."""


Computation: TypeAlias = Callable[[MatchedFacts, Context], Any]
"""Computes a value for a match; `CannotCompute` where there is none.

Inside an aggregate the matched facts are followed by the fact that it is at.
"""
