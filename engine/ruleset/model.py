"""A ruleset as its document says it: frozen records whose expressions are still text, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.base.calendar import Calendar
from engine.base.numbers import Number
from engine.documents.node import Node
from engine.facts.model import FactType
from engine.ruleset.provenance import Confirmation, Provenance
from engine.ruleset.rule_text import EveryRow, Requirement, ResultText, RuleText, Under
from engine.ruleset.source_text import SourceText


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to read an unclear clause, and what it scores."""

    zh: str
    en: str
    scores_zh: str
    scores_en: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A register entry: an unclear clause, the reading that was chosen, and the alternatives (口径)."""

    id: str
    clause: str
    question_zh: str
    question_en: str
    chosen: str
    alternatives: Mapping[str, Alternative]
    authority: str
    decided_by: str
    decided_on: str
    node: Node


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the form with its name and clause; another reading may have another value."""

    name: str
    value: SourceText
    under: tuple[tuple[str, str, SourceText], ...]
    """(reading, alternative, value)"""
    cites: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A share of an indicator's weight that is settled by itself."""

    id: str
    weight: SourceText | None
    """None for the whole weight."""
    method: str
    """award or deduct"""
    title: str
    cites: tuple[str, ...]
    under: Under


@dataclass(frozen=True, slots=True)
class Rows:
    """How an indicator's rows are taken from facts: each fact is a line of the form, settled by itself."""

    alias: str
    fact_type: str
    where: tuple[SourceText, ...]
    weight: SourceText
    name: SourceText
    path: tuple[SourceText, ...]
    """The names of the levels between the indicator and the row."""
    columns: Mapping[str, SourceText]
    claimed: SourceText | None
    reason: SourceText | None
    node: Node


@dataclass(frozen=True, slots=True)
class Criterion:
    """One item of a checklist: what it is worth, what it says, and which clauses it carries out."""

    number: int
    id: str
    """The id of its part."""
    weight: SourceText
    words: str
    cites: tuple[str, ...]
    needed: SourceText | None
    """On which condition it is asked for; None for always."""
    condition: SourceText | None
    """The condition on the facts by which it is met; None where a fact says whether it is."""
    node: Node


@dataclass(frozen=True, slots=True)
class Level:
    """A level above the indicators, with the weight that the form gives it."""

    path: tuple[str, ...]
    weight: Number
    node: Node


@dataclass(frozen=True, slots=True)
class Total:
    """What is done with the total once all indicators are settled."""

    rescales: bool = False
    """Whether the score of what applies is scaled up to the full score."""
    rules: tuple[RuleText, ...] = ()


@dataclass(frozen=True, slots=True)
class Checklist:
    """符合的得 N 分: what an indicator's parts, requirements and rules were written as."""

    items: tuple[Criterion, ...]
    partial: Mapping[str, Under]
    """Whether a criterion that is met in part gives points (yes, no), and in which readings."""
    cites: tuple[str, ...] = ()
    """The clauses that say what is met in part gives."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A level-3 indicator as printed, with the rules that score it."""

    number: int
    path: tuple[str, ...]
    name: str
    weight: Number
    explanation: str
    clauses: Mapping[str, str]
    evidence_asked: tuple[str, ...]
    remarks: str
    parts: tuple[Part, ...]
    requires: tuple[Requirement, ...]
    rules: tuple[RuleText, ...]
    node: Node
    rows: Rows | None = None
    checklist: Checklist | None = None
    """What it was written as, where that is a checklist; what it says is in the other fields too."""


@dataclass(frozen=True, slots=True)
class Corrigendum:
    """Why and when a later revision of a ruleset was made."""

    reason: str
    on: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Findings of one check that the ruleset's maintainer has accepted."""

    check: str
    reason: str
    names: tuple[str, ...]
    """The names of the findings; empty for all of the check."""
    node: Node


@dataclass(frozen=True, slots=True)
class Ruleset:
    """A whole ruleset, read but not yet compiled under a choice of readings."""

    id: str
    revision: int
    corrigendum: Corrigendum | None
    """What this revision corrects; the first one corrects nothing."""
    title: str
    issuer: str
    year: int
    places: int
    grades: tuple[tuple[str, Number], ...]
    """Name and lowest total, the highest first."""
    calendar: Calendar | None
    conversions: Mapping[str, tuple[Number, str]]
    facts: Mapping[str, FactType]
    optional: frozenset[str]
    head: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    readings: Mapping[str, Reading]
    clauses: Mapping[str, str]
    """Every clause of the ruleset by id, the indicators' included."""
    definitions: tuple[RuleText, ...]
    indicators: tuple[Indicator, ...]
    checks: tuple[RuleText, ...]
    every_indicator: tuple[RuleText, ...]
    """Rules that apply in every indicator."""
    digest: str
    """The digest of all sources."""
    text: str
    """The digest of the ruleset's own texts, which its id and revision name."""
    node: Node
    """The whole document."""
    accepted: tuple[Acceptance, ...] = ()
    source: str = ""
    """The document that the form is from."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The names of what the ruleset calls otherwise, by what it calls them."""
    every_row: EveryRow = field(default_factory=EveryRow)
    levels: tuple[Level, ...] = ()
    """The levels that it declares."""
    total: Total = Total()
    provenance: Provenance | None = None
    """The ruleset from which this one was copied."""
    reviewed: tuple[Confirmation, ...] = ()
    """What has been confirmed of it since."""
    results: Mapping[str, ResultText] = field(default_factory=dict)
    """The values besides points, in the order of the card."""

    @property
    def weight(self) -> Number:
        """The full score."""
        return sum((indicator.weight for indicator in self.indicators), start=0)
