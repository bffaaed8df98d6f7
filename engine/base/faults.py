"""Faults: what is wrong, where, and what to do; and the errors that carry them.

    FenmingError             exit  HTTP   the caller should
    ├── InvalidInput            3   422   correct a document or a value
    │   ├── UsageFault          2   400   correct the command or the request
    │   ├── RulesetError                  correct the ruleset
    │   │   └── BeyondMatcher             rewrite a rule that cannot be matched safely
    │   ├── FactsError                    correct the facts
    │   └── EvaluationError               correct what has no score, such as a division by zero
    │       └── TooManyFirings            bound a rule that makes itself fire again
    ├── Refused                 4   409   decide: what is asked goes against the record as it is
    ├── NotFound                5   404   name something else
    ├── Damaged                 6   500   stop: what fenming relies on is not as it must be
    │   ├── MatchersDisagree              report it: the two matchers found different firings (law 3)
    │   └── Unexpected         70         report it: fenming itself failed
    ├── Unavailable            69   503   have the file, the disk or the server seen to
    └── Busy                   75   503   wait, and try again

Each fault has a code that stays the same whatever its words become. docs/errors.md lists them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar, Self

from engine.base.messages import Message
from engine.base.places import NOWHERE, Place


@dataclass(frozen=True, slots=True)
class Problem(Message):
    """What is wrong: a sentence with a stable code, such as `facts.unit`."""

    code: str = field(kw_only=True)


def problem(code: str, template: str, /, **values: object) -> Problem:
    """Make a problem; the name is also the keyword by which the catalogue's extractor finds templates.

    >>> problem("ledger.missing", "There is no ledger at “{path}”.", path="a.db").code
    'ledger.missing'
    """
    return Problem(template, values, code=code)


def plural_problem(code: str, one: str, many: str, /, *, count: int | str, **values: object) -> Problem:
    """Make a problem that holds a `count`: by `one` where it is 1, else by `many`; both are in the catalogue."""
    return Problem(one if str(count) == "1" else many, {"count": count, **values}, code=code)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: what, where, and the remedy."""

    what: Problem
    remedy: Message
    where: Place = NOWHERE

    @property
    def code(self) -> str:
        """The stable code, such as `facts.unit`."""
        return self.what.code

    def __str__(self) -> str:
        place = f"{self.where}: " if str(self.where) else ""
        return f"{place}{self.what} {self.remedy}"


class FenmingError(Exception):
    """The base of every error that fenming raises on purpose; it carries at least one fault."""

    exit_code: ClassVar[int]
    """With what a command ends."""
    status: ClassVar[int]
    """The HTTP status that answers a request (RFC 9110)."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults

    @classmethod
    def because(cls, what: Problem, remedy: Message, where: Place = NOWHERE) -> Self:
        """Make an error of one fault."""
        return cls(Fault(what, remedy, where))

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class InvalidInput(FenmingError):
    """A document or a value that was given is wrong; nothing was evaluated or written."""

    exit_code, status = 3, 422


class UsageFault(InvalidInput):
    """A command or a request contradicts itself, or does not say all that it must."""

    exit_code, status = 2, 400


class RulesetError(InvalidInput):
    """A ruleset is wrong."""


class BeyondMatcher(RulesetError):
    """A rule cannot be made safe for the matching engine."""


class FactsError(InvalidInput):
    """A facts file is wrong."""


class EvaluationError(InvalidInput):
    """An evaluation cannot give a score, such as on a division by zero; nothing was written."""


class TooManyFirings(EvaluationError):
    """The rules keep firing beyond the cap, as when a rule derives what makes it fire again."""


class Refused(FenmingError):
    """What is asked goes against the record, or against what protects it; nothing was written."""

    exit_code, status = 4, 409


class NotFound(FenmingError):
    """What was named is not there."""

    exit_code, status = 5, 404


class Damaged(FenmingError):
    """What fenming relies on is not as it wrote it, or contradicts itself; no result can be trusted."""

    exit_code, status = 6, 500


class MatchersDisagree(Damaged):
    """The two matchers found different firings, so there is no score (law 3)."""


class Unexpected(Damaged):
    """Something that fenming does not provide for went wrong in it."""

    exit_code = 70


class Unavailable(FenmingError):
    """A file, a disk or a server does not do what it is asked; somebody must see to it."""

    exit_code, status = 69, 503


class Busy(FenmingError):
    """Another program is using what is needed; the same request may succeed later."""

    exit_code, status = 75, 503


def raise_all(kind: type[FenmingError], faults: Iterable[Fault]) -> None:
    """Raise one error with every fault, in the order of their places; do nothing if there is no fault."""
    ordered = sorted(faults, key=_place_order)
    if ordered:
        raise kind(*ordered)


def _place_order(fault: Fault) -> tuple[str, int, int, str, str]:
    where = fault.where
    return (where.file, where.line or 0, where.column or 0, where.pointer, str(fault.what))
