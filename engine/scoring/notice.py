"""Notices: what readers should know although it is not wrong, so that nothing is silent (law 5).

They are written into the receipt as they are, distinguished by their `kind`.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct


class _Notice(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """Something that readers should know."""


class OtherYear(_Notice, frozen=True, tag="other_year"):
    """The case is of another year than the ruleset."""

    case: str
    ruleset: str


class UnusedFact(_Notice, frozen=True, tag="unused_fact"):
    """A given fact has no effect; `unassessed` lists the unassessed indicators whose rules would look at it."""

    fact: str
    type: str
    unassessed: tuple[int, ...]


class AwardCapped(_Notice, frozen=True, tag="award_capped"):
    """An award asked for more points than its part had left to give."""

    indicator: int
    part: str
    facts: tuple[str, ...]
    asked: str
    kept: str


class Converted(_Notice, frozen=True, tag="converted"):
    """A value was written in another unit, and converted."""

    fact: str
    type: str
    field: str
    written: str
    value: str


class ClaimsIncomplete(_Notice, frozen=True, tag="claims_incomplete"):
    """The department's own total leaves out indicators."""

    claimed: str
    count: int
    indicators: int
    missing: tuple[int, ...]


Notice: TypeAlias = OtherYear | UnusedFact | AwardCapped | Converted | ClaimsIncomplete
