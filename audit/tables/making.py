"""Making rows: the columns that SQL can ask about, each a copy of what a receipt or an entry's body says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import Any

from audit.log.entries import Entry
from audit.tables.rows import (
    REPEATED,
    AggregateRow,
    ChildRow,
    CitationRow,
    EntryRow,
    EvaluationRow,
    FactRow,
    FiringRow,
    PostingRow,
    ResultRow,
    RulesetRow,
    ScoreRow,
)
from audit.tables.schema import (
    AggregateTable,
    CitationTable,
    FactTable,
    FiringTable,
    LedgerTable,
    PostingTable,
    ResultTable,
    ScoreTable,
)
from engine.base.folding import folded
from engine.base.numbers import exact_text, simplest
from engine.base.sources import canonical
from engine.receipt import Content, Receipt
from engine.receipt.model import RulesetName


def ruleset_row(name: RulesetName, manifest: Mapping[str, str]) -> RulesetRow:
    """Return the row of a ruleset, which its digest identifies."""
    return RulesetRow(name.digest, name.id, name.revision, name.title, name.text, _json(manifest))


def evaluation_row(evaluation: str, index: int, receipt: Receipt) -> EvaluationRow:
    """Return the row of the evaluation itself."""
    content = receipt.content
    return EvaluationRow(
        index,
        evaluation,
        content.ruleset.digest,
        content.case.department,
        folded(content.case.department),
        content.case.year,
        content.total,
        millionths(Fraction(content.total)),
        content.open,
        content.grade,
        receipt.sha256,
        receipt.text.decode(),
    )


_MOST = 2**63 - 1


def millionths(number: Fraction) -> int:
    """Return a number in millionths, rounded down, as far as a database holds it."""
    return max(-_MOST, min(_MOST, floor(number * 1_000_000)))


def losses(content: Content, indicator: int | None = None) -> dict[int, Fraction]:
    """Return what each firing that posts takes in an indicator, or in all, by its number."""
    lost: dict[int, Fraction] = {}
    for posting in content.postings:
        if indicator in (None, posting.indicator):
            lost[posting.firing] = lost.get(posting.firing, Fraction(0)) + Fraction(posting.lost)
    return lost


def child_rows(entry: int, content: Content) -> Iterator[tuple[type[LedgerTable], Sequence[ChildRow]]]:
    """Return the rows of each table that belongs to an evaluation, in the order in which they are written."""
    yield FactTable, list(_facts(entry, content))
    yield AggregateTable, list(_aggregates(entry, content))
    yield FiringTable, list(_firings(entry, content))
    yield PostingTable, list(_postings(entry, content))
    yield CitationTable, list(_citations(entry, content))
    yield ScoreTable, list(_scores(entry, content))
    yield ResultTable, list(_results(entry, content))


def entry_row(entry: Entry, body: bytes, leaf: bytes) -> EntryRow:
    """Return the row of an entry, from what it says, its body as canonical text, and the hash of that as a leaf."""
    repeated = (getattr(entry, name, None) for name in REPEATED)
    return EntryRow._make((entry.index, *repeated, leaf.hex(), body.decode()))


def _json(value: object) -> str:
    return canonical(value).decode()


@lru_cache(maxsize=4096)
def _list(values: tuple[Any, ...]) -> str:
    """Write a list of texts or numbers; the same few come again and again."""
    return canonical(values).decode()


def _facts(entry: int, content: Content) -> Iterator[FactRow]:
    position = 0
    for given in content.facts:
        assumed, evidence = bool(given.assumed), _json(given.evidence)
        yield FactRow(
            entry, position, given.type, given.id, _json(given.values), assumed, given.assumed, evidence, None
        )
        position += 1
    for fact in content.derived:
        yield FactRow(entry, position, fact.type, fact.id, _json(fact.values), fact.assumed, "", "[]", fact.firing)
        position += 1


def _aggregates(entry: int, content: Content) -> Iterator[AggregateRow]:
    for position, figure in enumerate(content.aggregates):
        yield AggregateRow(entry, position, figure.text, figure.value, _json(figure.facts))


def _firings(entry: int, content: Content) -> Iterator[FiringRow]:
    for position, firing in enumerate(content.firings):
        yield FiringRow(
            entry,
            position,
            firing.rule,
            firing.indicator,
            firing.part,
            firing.action,
            firing.option,
            _list(firing.clauses),
            _list(firing.readings),
            _list(firing.facts),
            _list(firing.aggregates),
            firing.assumed,
            _json(firing.formulas),
            firing.says.zh,
            firing.says.en,
        )


def _postings(entry: int, content: Content) -> Iterator[PostingRow]:
    for position, posting in enumerate(content.postings):
        yield PostingRow(
            entry,
            position,
            posting.indicator,
            posting.part,
            posting.firing,
            posting.kind,
            posting.asked,
            posting.kept,
            posting.lost,
            posting.open,
            posting.limit,
            None if posting.level is None else _list(posting.level),
        )


def _citations(entry: int, content: Content) -> Iterator[CitationRow]:
    """Yield the clauses of the firings that derive no fact, each with what its firing takes in all."""
    taken, deriving = losses(content), {fact.firing for fact in content.derived}
    position = 0
    for number, firing in enumerate(content.firings):
        for clause in firing.clauses if number not in deriving else ():
            lost = exact_text(simplest(taken.get(number, Fraction(0))))
            yield CitationRow(entry, position, number, clause, lost)
            position += 1


def _scores(entry: int, content: Content) -> Iterator[ScoreRow]:
    for score in content.indicators:
        yield ScoreRow(
            entry,
            score.number,
            score.name,
            _json(score.path),
            score.weight,
            score.kept,
            score.lost,
            score.open,
            score.status,
            score.claimed,
            None if score.before_override is None else _json(score.before_override),
            score.assumed,
            _json(score.parts),
        )


def _results(entry: int, content: Content) -> Iterator[ResultRow]:
    for position, result in enumerate(content.results):
        yield ResultRow(
            entry,
            position,
            result.name,
            result.title,
            result.kind,
            result.unit,
            result.value,
            result.status,
            _list(result.firings),
            _list(result.unassessed),
        )
