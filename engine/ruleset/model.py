"""A ruleset as its document says it: frozen records whose expressions are still text, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.base.calendar import Calendar
from engine.base.numbers import Number
from engine.base.places import Place
from engine.base.result_kind import ResultKind
from engine.documents.node import Node
from engine.facts.model import FactType
from engine.ruleset.provenance import Confirmation, Provenance


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a composed text that is written in the document."""

    start: int
    """Where it begins in the composed text."""
    length: int
    node: Node
    at: int = 0
    """Where it begins in the text of its node."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text of the document that has to be read further, such as an expression, or one composed of several."""

    text: str
    node: Node
    pieces: tuple[Piece, ...] = ()
    """What a composed text consists of, in its order; what is between them was added by the language."""

    def place_at(self, offset: int) -> Place:
        """Return the place of a character in the document; of one that was added, the begin of the piece after it."""
        if not self.pieces:
            return self.node.place_at(offset)
        after = (piece for piece in self.pieces if offset < piece.start + max(piece.length, 1))
        piece = next(after, self.pieces[-1])
        return piece.node.place_at(piece.at + min(max(offset - piece.start, 0), piece.length))


@dataclass(frozen=True, slots=True)
class Form:
    """What a rule was written as, where the language has a form for it: its pieces by their keys."""

    kind: str
    """steps, pro_rata, mean or veto."""
    pieces: Mapping[str, SourceText] = field(default_factory=dict)
    reading: str = ""
    """The reading that decides how steps are counted; empty where the form itself says so."""
    steps: str = ""
    """How steps are counted here: whole, begun or pro_rata."""


@dataclass(frozen=True, slots=True)
class Bilingual:
    """Words in Chinese and English."""

    zh: SourceText
    en: SourceText


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


Under = tuple[tuple[str, frozenset[str]], ...]
"""In which readings something applies: pairs of a reading and its alternatives; empty for always."""


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
class Band:
    """One row of a band table: where it ends (or, the last, where it begins), and what it gives."""

    bound: str
    """One of below, to, above, from."""
    limit: SourceText
    gives: SourceText
    under: Under
    falls: bool
    node: Node


@dataclass(frozen=True, slots=True)
class RuleText:
    """One rule as written."""

    id: str
    cites: tuple[str, ...]
    action: str
    """One of derive, award, deduct, cap, adjust, override, not_applicable, flag, result."""
    node: Node
    readings: tuple[str, ...] = ()
    under: Under = ()
    parts: tuple[str, ...] = ()
    """The parts that it posts to, each by itself; empty for the only one, or the indicator as a whole."""
    each: Mapping[str, str] = field(default_factory=dict)
    where: tuple[SourceText, ...] = ()
    when: tuple[SourceText, ...] = ()
    bands_on: SourceText | None = None
    bands: tuple[Band, ...] = ()
    formula: SourceText | None = None
    """The points of an award, deduction, cap, adjustment or override, or the value of a result."""
    of: SourceText | None = None
    scope: str = ""
    """How far an override or a cap reaches: part, indicator, level_2, level_1, total; empty where it is not said."""
    level: str = ""
    """The level that a rule of the total acts on; empty for the total itself."""
    option: str = ""
    """full or zero where not applicable; notice or warning of a flag."""
    derives: str = ""
    fields: Mapping[str, SourceText] = field(default_factory=dict)
    say: Bilingual | None = None
    form: Form | None = None
    """The form that it was written in; what it says is in the other fields too."""


@dataclass(frozen=True, slots=True)
class ResultText:
    """A named value besides points, with the rules that give it."""

    name: str
    title: str
    kind: ResultKind
    unit: str
    choices: tuple[str, ...]
    """Of a text, the words of which it is one; empty for any."""
    optional: bool
    """Whether a case may have none."""
    cites: tuple[str, ...]
    rules: tuple[RuleText, ...]
    node: Node


@dataclass(frozen=True, slots=True)
class Requirement:
    """What the facts of an indicator must satisfy before it can be scored."""

    that: SourceText
    say: Bilingual
    remedy: Bilingual
    each: Mapping[str, str]
    where: tuple[SourceText, ...]
    under: Under


@dataclass(frozen=True, slots=True)
class EveryRow:
    """What holds for each row of every indicator that takes its rows from facts."""

    requires: tuple[Requirement, ...] = ()
    rules: tuple[RuleText, ...] = ()


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
    every_row: EveryRow = EveryRow()
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
