"""What a receipt holds, line by line, as frozen values whose names are those of its JSON.

Amounts and numbers are exact texts, a decimal or a fraction in lowest terms ("14.25", "1/3"), so that nothing is
rounded on the way. A firing, an aggregate or a fact is named by its position or id; `read_receipt` sees to it that what
is named is there. docs/receipt.md describes the format.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from engine.base.result_kind import ResultKind
from engine.base.status import ResultStatus, Status
from engine.scoring.formula_line import FormulaLine
from engine.scoring.notice import Notice

FORMAT: TypeAlias = Literal["fenming/receipt/1"]

Exact: TypeAlias = Annotated[str, Meta(pattern=r"^-?[0-9]{1,400}(\.[0-9]{1,400}|/[1-9][0-9]{0,400})?\Z")]
"""An exact number as a text; no exponents, with which a forged receipt could keep its readers counting."""

Count: TypeAlias = Annotated[int, Meta(ge=0)]
"""A position or a size."""


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """One object of a receipt."""


class RulesetName(Line, frozen=True):
    """Which ruleset has scored: its id and revision, and the digests of all its sources and of its own text."""

    id: str
    revision: int
    title: str
    digest: str
    text: str


class Case(Line, frozen=True):
    """Who is scored, for which year."""

    department: str
    year: str


class EvidenceLine(Line, frozen=True, omit_defaults=True):
    """One piece of evidence; `sha256` and `size` only where its file was read."""

    title: str
    reference: str
    file: str
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")] | None = None
    size: Count | None = None


class FactLine(Line, frozen=True):
    """One fact that was given; `assumed` says why it is assumed, and is empty where a document shows it."""

    type: str
    id: str
    values: dict[str, str | bool]
    assumed: str
    converted: dict[str, str]
    evidence: tuple[EvidenceLine, ...]


class DerivedLine(Line, frozen=True):
    """One fact that a rule has derived, with the firing that did so."""

    type: str
    id: str
    values: dict[str, str | bool]
    firing: Count
    assumed: bool


class AggregateLine(Line, frozen=True):
    """One aggregate, such as a sum, with the facts that it was taken over."""

    text: str
    value: str
    facts: tuple[str, ...]


class Sentence(Line, frozen=True):
    """What a firing says, in both languages; empty where its rule has no sentence."""

    zh: str
    en: str


class FiringLine(Line, frozen=True):
    """One rule that has fired for some facts."""

    rule: str
    indicator: int | None
    part: str
    action: str
    option: str
    clauses: tuple[str, ...]
    readings: tuple[str, ...]
    readings_unused: tuple[str, ...]
    facts: tuple[str, ...]
    aggregates: tuple[Count, ...]
    assumed: bool
    formulas: tuple[FormulaLine, ...]
    says: Sentence


class BookedLine(Line, frozen=True):
    """What a line of the books keeps, loses and leaves open."""

    kept: Exact
    lost: Exact
    open: Exact


class WeighedLine(BookedLine, frozen=True):
    """A line of the books that has a weight: weight = kept + lost + open."""

    weight: Exact


class PostingLine(BookedLine, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the books: what a firing asked for, and what it kept, lost or left open.

    One on a level as a whole, or on the total, has no indicator, and the level's path, which is empty for the total.
    """

    indicator: int | None
    part: str
    firing: Count
    kind: str
    asked: Exact
    limit: str
    level: tuple[str, ...] | None = None


class RowLine(Line, frozen=True):
    """What a part says as a row of the form; `claimed` is the department's own score."""

    path: tuple[str, ...]
    columns: dict[str, str]
    claimed: Exact | None
    reason: str


class PartLine(WeighedLine, frozen=True, kw_only=True, omit_defaults=True):
    """One part of an indicator; `row` only where a fact gives it."""

    id: str
    title: str
    status: Status
    row: RowLine | None = None


class Before(Line, frozen=True):
    """What an indicator kept and left open before an override."""

    kept: Exact
    open: Exact


class IndicatorLine(WeighedLine, frozen=True, kw_only=True):
    """One indicator with its score; `claimed` is the department's own."""

    number: int
    name: str
    path: tuple[str, ...]
    status: Status
    claimed: Exact | None
    before_override: Before | None
    assumed: bool
    parts: tuple[PartLine, ...]


class LevelLine(WeighedLine, frozen=True, kw_only=True):
    """One level above the indicators."""

    path: tuple[str, ...]


class Outcome(Line, frozen=True):
    """A total, and the grades that are possible with the points that are open; `grade` where it is only one."""

    total: Exact
    open: Exact
    grade: str | None
    grades: tuple[str, ...]


class ResultLine(Line, frozen=True):
    """A named value besides points, as each of its firings gives it; null where it is open, or where there is none."""

    name: str
    title: str
    kind: ResultKind
    unit: str
    value: str | None
    status: ResultStatus
    firings: tuple[Count, ...]
    unassessed: tuple[int, ...]


class Content(Line, frozen=True, omit_defaults=True):
    """All that a receipt holds; `results` only where the ruleset has some."""

    format: FORMAT
    semantics: int
    ruleset: RulesetName
    readings: dict[str, str]
    case: Case
    stated: tuple[str, ...]
    facts: tuple[FactLine, ...]
    derived: tuple[DerivedLine, ...]
    aggregates: tuple[AggregateLine, ...]
    firings: tuple[FiringLine, ...]
    postings: tuple[PostingLine, ...]
    indicators: tuple[IndicatorLine, ...]
    levels: tuple[LevelLine, ...]
    weight: Exact
    total: Exact
    open: Exact
    grade: str | None
    grades: tuple[str, ...]
    before_override: Outcome | None
    notices: tuple[Notice, ...]
    results: tuple[ResultLine, ...] = ()

    def indicator(self, number: int) -> IndicatorLine:
        """Return an indicator's line; `KeyError` where the receipt has none of this number."""
        for line in self.indicators:
            if line.number == number:
                return line
        raise KeyError(number)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt's content, its canonical JSON (RFC 8785) and the SHA-256 of that."""

    content: Content
    text: bytes
    sha256: str
