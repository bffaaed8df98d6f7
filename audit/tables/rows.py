"""From a receipt to rows: the columns that SQL can ask about, each a copy of what the receipt says.

A row stands as the tuple of its values, in the order in which its table declares its columns.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from audit.tables.schema import Aggregate, Fact, Firing, Posting, Row, Score
from engine.base.folding import folded
from engine.base.sources import canonical
from engine.receipt import Content, Receipt

Values: TypeAlias = tuple[Any, ...]
"""One row."""

ENTRY_COLUMNS = ("index", "kind", "at", "actor", "evaluation", "supersedes", "standing", "reason")
"""The columns of an entry that repeat its body."""

RULESET_COLUMNS = ("id", "revision", "title", "text")
"""The columns of a ruleset that repeat what receipts say of it, beside its digest."""


class EvaluationRow(NamedTuple):
    """A row of the evaluations, as it is stored; nothing about it is certain but its entry's number."""

    entry: int
    id: Any
    ruleset: Any
    department: Any
    department_key: Any
    year: Any
    total: Any
    open: Any
    grade: Any
    receipt_sha256: Any
    receipt: Any


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
        content.open,
        content.grade,
        receipt.sha256,
        receipt.text.decode(),
    )


def child_rows(entry: int, content: Content) -> Iterator[tuple[type[Row], list[Values]]]:
    """Return the rows of each table that belongs to an evaluation, in the order in which they are written."""
    for row, make in _MAKERS:
        yield row, list(make(entry, content))


def entry_row(body: Mapping[str, Any], text: bytes, leaf: bytes) -> Values:
    """Return the row of an entry, from its body, the body's canonical text and the hash of that as a leaf."""
    return (*map(body.get, ENTRY_COLUMNS), leaf.hex(), text.decode())


def parsed(stored: object) -> Mapping[str, Any]:
    """Return the JSON object that a stored text holds; an empty one where it holds none."""
    try:
        found = json.loads(stored) if isinstance(stored, str | bytes) else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def stored_bytes(stored: object) -> bytes:
    """Return the bytes of a stored text, whatever someone has put into its place."""
    if isinstance(stored, str):
        return stored.encode("utf-8", "surrogateescape")
    return stored if isinstance(stored, bytes) else b""


def _json(value: object) -> str:
    return canonical(value).decode()


@lru_cache(maxsize=4096)
def _list(values: tuple[Any, ...]) -> str:
    """Write a list of texts or numbers; the same few come again and again."""
    return canonical(values).decode()


def _facts(entry: int, content: Content) -> Iterator[Values]:
    position = 0
    for given in content.facts:
        assumed, evidence = bool(given.assumed), _json(given.evidence)
        yield entry, position, given.type, given.id, _json(given.values), assumed, given.assumed, evidence, None
        position += 1
    for fact in content.derived:
        yield entry, position, fact.type, fact.id, _json(fact.values), fact.assumed, "", "[]", fact.firing
        position += 1


def _aggregates(entry: int, content: Content) -> Iterator[Values]:
    for position, figure in enumerate(content.aggregates):
        yield entry, position, figure.text, figure.value, _json(figure.facts)


def _firings(entry: int, content: Content) -> Iterator[Values]:
    for position, firing in enumerate(content.firings):
        yield (
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


def _postings(entry: int, content: Content) -> Iterator[Values]:
    for position, posting in enumerate(content.postings):
        yield (
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
        )


def _scores(entry: int, content: Content) -> Iterator[Values]:
    for score in content.indicators:
        yield (
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


_MAKERS: Sequence[tuple[type[Row], Callable[[int, Content], Iterable[Values]]]] = (
    (Fact, _facts),
    (Aggregate, _aggregates),
    (Firing, _firings),
    (Posting, _postings),
    (Score, _scores),
)
