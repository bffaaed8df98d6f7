"""Rules, results and requirements as written: frozen records whose expressions are still text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.base.result_kind import ResultKind
from engine.documents.node import Node
from engine.ruleset.source_text import Bilingual, SourceText


@dataclass(frozen=True, slots=True)
class Form:
    """What a rule was written as, where the language has a form for it: its pieces by their keys."""

    kind: str
    """steps, pro_rata, mean, veto, or checklist, whose rules have no pieces of their own."""
    pieces: Mapping[str, SourceText] = field(default_factory=dict)
    reading: str = ""
    """The reading that decides how steps are counted; empty where the form itself says so."""
    steps: str = ""
    """How steps are counted here: whole, begun or pro_rata."""


Under = tuple[tuple[str, frozenset[str]], ...]
"""In which readings something applies: pairs of a reading and its alternatives; empty for always."""


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
    form: str = ""
    """The form that it comes from, checklist; empty where it was written."""


@dataclass(frozen=True, slots=True)
class EveryRow:
    """What holds for each row of every indicator that takes its rows from facts."""

    requires: tuple[Requirement, ...] = ()
    rules: tuple[RuleText, ...] = ()
