"""Errors that say what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from engine.base.messages import Message
from engine.base.places import NOWHERE, Place


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: what, where, and the remedy."""

    what: Message
    remedy: Message
    where: Place = NOWHERE

    def __str__(self) -> str:
        place = f"{self.where}: " if str(self.where) else ""
        return f"{place}{self.what} {self.remedy}"


class FenmingError(Exception):
    """The base of every error that fenming raises on purpose; it carries at least one fault."""

    exit_code = 3

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults

    @classmethod
    def because(cls, what: Message, remedy: Message, where: Place = NOWHERE) -> Self:
        """Make an error of one fault."""
        return cls(Fault(what, remedy, where))

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class UsageFault(FenmingError):
    """What was asked for is not there, or cannot be done as it was asked: an option, a file, a name."""

    exit_code = 2


class InvalidInput(FenmingError):
    """A document that was given is wrong; nothing was evaluated or written."""


class RulesetError(InvalidInput):
    """A ruleset is wrong."""


class FactsError(InvalidInput):
    """A facts file is wrong."""


class EvaluationError(FenmingError):
    """An evaluation cannot give a score, such as on a division by zero; nothing was written."""


class MatchersDisagree(EvaluationError):
    """The two matchers found different firings, so there is no score (law 3)."""


class TooManyFirings(EvaluationError):
    """The rules keep firing beyond the cap, as when a rule derives what makes it fire again."""


class BeyondMatcher(RulesetError):
    """A rule cannot be made safe for the matching engine."""


def raise_all(kind: type[FenmingError], faults: Iterable[Fault]) -> None:
    """Raise one error with every fault, in the order of their places; do nothing if there is no fault."""
    ordered = sorted(faults, key=_place_order)
    if ordered:
        raise kind(*ordered)


def _place_order(fault: Fault) -> tuple[str, int, int, str, str]:
    where = fault.where
    return (where.file, where.line or 0, where.column or 0, where.pointer, str(fault.what))
