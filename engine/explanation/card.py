"""The card: the printed form with its head, its table by levels, and the reason for what was lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.base.messages import Message, listing, msg
from engine.base.numbers import exact_text, simplest
from engine.explanation.names import alternative_name
from engine.explanation.notices import notice_words
from engine.explanation.reasons import indicator_reasons, level_reasons, row_reasons
from engine.explanation.scored import ScoredCase
from engine.explanation.words import (
    FieldValue,
    PointsRange,
    field_values,
    result_words,
    says,
)
from engine.receipt.model import (
    Content,
    IndicatorLine,
    LevelLine,
    Outcome,
    PartLine,
    ResultLine,
    RowLine,
)


@dataclass(frozen=True, slots=True)
class HeadSection:
    """Facts of one type that the form's head shows."""

    title: str
    facts: tuple[tuple[FieldValue, ...], ...]


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A level above the indicators, or above the rows of one; `depth` counts from 0."""

    line: LevelLine
    depth: int
    points: PointsRange
    reasons: tuple[Message, ...] = ()
    """What was taken from the level as a whole."""
    above_rows: int | None = None
    """Where it is between an indicator and its rows: how far below the indicator, from 0."""

    @property
    def name(self) -> str:
        """The level's own name."""
        return self.line.path[self.depth]


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator with its score and the reasons for what it lost."""

    line: IndicatorLine
    points: PointsRange
    is_claimed_blank: bool
    """Whether the department's own score was left blank on the form."""
    reasons: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class PartRow:
    """A row of an indicator that a fact gives, with its columns and the reasons for what it lost."""

    line: PartLine
    row: RowLine
    points: PointsRange
    reasons: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A value besides points, and the sentences of the rules that give it."""

    line: ResultLine
    value: Message
    is_assumed: bool
    """Whether it rests on an assumed fact."""
    reasons: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Assumption:
    """Why a fact is assumed, and the indicators whose points rest on it, and the results by their titles."""

    reason: str
    indicators: tuple[int, ...]
    results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """All that the card shows, in its order."""

    case: ScoredCase
    head: tuple[HeadSection, ...]
    rows: tuple[LevelRow | IndicatorRow | PartRow, ...]
    total: PointsRange
    total_reasons: tuple[Message, ...]
    """What was taken from the total as a whole, or scaled."""
    claimed_total: str | None
    before_override: Message | None
    left_open: tuple[int, ...]
    assumptions: tuple[Assumption, ...]
    notices: tuple[Message, ...]
    remarks: tuple[Message, ...]
    """What somebody should look at, although no points are taken for it."""
    changed_readings: tuple[tuple[str, Message], ...]
    """The readings that are not the ruleset's own choice, with what was chosen."""
    results: tuple[ResultRow, ...] = ()
    """The values besides points, below the table."""
    depends: Message | None = None
    """Says that the grade depends on the open points; None where it does not."""

    @property
    def indicators(self) -> Iterator[IndicatorRow]:
        """The rows of the indicators."""
        return (row for row in self.rows if isinstance(row, IndicatorRow))


def card_of(case: ScoredCase) -> Card:
    """Return the card of a scored case."""
    content, ruleset = case.content, case.ruleset
    claims = [Fraction(line.claimed) for line in content.indicators if line.claimed is not None]
    changed = [
        (name, alternative_name(ruleset.readings[name], value, case.own_names))
        for name, value in content.readings.items()
        if ruleset.readings[name].chosen != value
    ]
    return Card(
        case=case,
        head=tuple(_head(case)),
        rows=tuple(_rows(case)),
        total=PointsRange.read(content.total, content.open),
        total_reasons=tuple(level_reasons(case, ())),
        claimed_total=exact_text(simplest(sum(claims, start=Fraction(0)))) if claims else None,
        before_override=_before_all(case),
        left_open=tuple(line.number for line in content.indicators if Fraction(line.open) > 0),
        assumptions=tuple(_assumptions(case)),
        notices=tuple(notice_words(case, notice) for notice in content.notices),
        remarks=tuple(says(firing, case.own_names) for firing in case.flags()),
        changed_readings=tuple(changed),
        results=tuple(_result(case, line) for line in content.results),
        depends=on_open_points(content.grades),
    )


def on_open_points(grades: Sequence[str]) -> Message | None:
    """Say that the grade depends on the open points, where these leave several grades possible."""
    if len(grades) == 1:
        return None
    return msg("The grade depends on the open points: it can be {grades}.", grades=listing(grades))


def grade_words(outcome: Outcome | Content) -> Message:
    """Say which grade a total has, or which ones are possible while points are open."""
    if outcome.grade is not None:
        return msg("{grade}", grade=outcome.grade)
    return msg("possible grades: {grades}", grades=" / ".join(outcome.grades))


def _assumptions(case: ScoredCase) -> Iterator[Assumption]:
    results = case.assumed_results()
    for reason, numbers in case.assumptions().items():
        if numbers or reason in results:
            yield Assumption(reason, tuple(numbers), tuple(results.get(reason, ())))


def _result(case: ScoredCase, line: ResultLine) -> ResultRow:
    firings = [case.content.firings[number] for number in line.firings] if line.status == "settled" else []
    said = {firing.says: says(firing, case.own_names) for firing in firings}
    return ResultRow(line, result_words(line), any(firing.assumed for firing in firings), tuple(said.values()))


def _head(case: ScoredCase) -> Iterator[HeadSection]:
    for name in case.ruleset.head:
        fact_type = case.ruleset.facts[name]
        given = [field_values(fact_type, fact.values) for fact in case.content.facts if fact.type == name]
        if given:
            yield HeadSection(fact_type.title, tuple(given))


def _rows(case: ScoredCase) -> Iterator[LevelRow | IndicatorRow | PartRow]:
    levels = {level.path: level for level in case.content.levels}

    def new_levels(path: tuple[str, ...], of_indicator: int) -> Iterator[LevelRow]:
        """Yield the levels down to a path that have not been yielded yet; so many are above the indicator."""
        for depth in range(len(path)):
            level = levels.pop(path[: depth + 1], None)
            if level is not None:
                points = PointsRange.read(level.kept, level.open)
                inside = depth - of_indicator if depth >= of_indicator else None
                yield LevelRow(level, depth, points, tuple(level_reasons(case, level.path)), inside)

    for line in _by_level(case.content.indicators):
        yield from new_levels(line.path, len(line.path))
        claim = case.claim(line.number)
        yield IndicatorRow(
            line,
            PointsRange.read(line.kept, line.open),
            claim is not None and line.claimed is None,
            tuple(indicator_reasons(case, line)),
        )
        for part, row in _rows_by_level(line):
            yield from new_levels((*line.path, *row.path), len(line.path))
            points = PointsRange.read(part.kept, part.open)
            yield PartRow(part, row, points, tuple(row_reasons(case, line, part, row)))


def _rows_by_level(line: IndicatorLine) -> list[tuple[PartLine, RowLine]]:
    """Return the rows of an indicator, those of one level together, where its first one is."""
    rows = [(part, part.row) for part in line.parts if part.row is not None]
    order = list(dict.fromkeys(row.path[: depth + 1] for _, row in rows for depth in range(len(row.path))))
    return sorted(rows, key=lambda each: [order.index(each[1].path[: n + 1]) for n in range(len(each[1].path))])


def _by_level(lines: Sequence[IndicatorLine]) -> list[IndicatorLine]:
    """Return the indicators with those of one level together; levels are in the order of their first indicators."""
    places: dict[tuple[str, ...], int] = {}
    keys: dict[int, list[int]] = {}
    for line in lines:
        above = [places.setdefault(line.path[: depth + 1], len(places) + len(keys)) for depth in range(len(line.path))]
        keys[line.number] = [*above, len(places) + len(keys)]
    return sorted(lines, key=lambda line: keys[line.number])


def _before_all(case: ScoredCase) -> Message | None:
    """Say what the total was before overrides."""
    before = case.content.before_override
    if before is None:
        return None
    overridden = [line for line in case.content.indicators if line.before_override is not None]
    values = {"points": str(PointsRange.read(before.total, before.open)), "grade": grade_words(before)}
    of_levels = any(posting.kind == "override" and posting.level is not None for posting in case.content.postings)
    if not of_levels and all(Fraction(line.kept) == Fraction(line.open) == 0 for line in overridden):
        return msg("Before points were set to zero: {points}, {grade}.", **values)
    return msg("Before the override: {points}, {grade}.", **values)
