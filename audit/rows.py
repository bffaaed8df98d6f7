"""From a receipt to rows: the columns that SQL can ask about, each a copy of what the receipt says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from audit.tables import Aggregate, Fact, Firing, Posting, Row, Score
from engine.receipt import Receipt
from engine.sources import canonical, sha256

Rows: TypeAlias = Sequence[Mapping[str, Any]]

ID_DIGITS = 16
"""How many hexadecimal digits an evaluation's id has."""


def evaluation_id(index: int, receipt_sha256: str) -> str:
    """Return the id of the evaluation with this receipt at this entry."""
    return sha256(f"{index}:{receipt_sha256}".encode())[:ID_DIGITS]


def evaluation_row(evaluation: str, index: int, receipt: Receipt) -> Mapping[str, Any]:
    """Return the row of the evaluation itself."""
    content = receipt.content
    return {
        "id": evaluation,
        "entry": index,
        "ruleset": content["ruleset"]["digest"],
        "department": content["case"]["department"],
        "year": str(content["case"]["year"]),
        "total": content["total"],
        "grade": content["grade"],
        "receipt_sha256": receipt.sha256,
        "receipt": receipt.text.decode(),
    }


def child_rows(evaluation: str, content: Mapping[str, Any]) -> Iterator[tuple[type[Row], Rows]]:
    """Return the rows of each table that belongs to an evaluation, in the order in which they are written."""
    makers = ((Fact, _facts), (Aggregate, _aggregates), (Firing, _firings), (Posting, _postings), (Score, _scores))
    for row, make in makers:
        yield row, [{"evaluation": evaluation, **values} for values in make(content)]


def entry_row(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the row of an entry; its columns repeat its body."""
    text = canonical(body)
    columns = ("index", "kind", "at", "actor", "evaluation", "supersedes", "reason")
    return {**{name: body[name] for name in columns}, "body": text.decode(), "body_sha256": sha256(text)}


def _json(value: object) -> str:
    return canonical(value).decode()


def _facts(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    given = content["facts"]
    for position, fact in enumerate((*given, *content["derived"])):
        derived = position >= len(given)
        yield {
            "position": position,
            "type": fact["type"],
            "id": fact["id"],
            "fields": _json(fact["values"]),
            "assumed": bool(fact["assumed"]),
            "assumed_reason": "" if derived else fact["assumed"],
            "evidence": _json([] if derived else fact["evidence"]),
            "derived_by": fact["firing"] if derived else None,
        }


def _aggregates(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for position, figure in enumerate(content["aggregates"]):
        yield {
            "position": position,
            "formula": figure["text"],
            "value": figure["value"],
            "facts": _json(figure["facts"]),
        }


def _firings(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for position, firing in enumerate(content["firings"]):
        yield {
            "position": position,
            **{name: firing[name] for name in ("rule", "indicator", "part", "action", "option", "assumed")},
            **{name: _json(firing[name]) for name in ("clauses", "readings", "facts", "aggregates", "formulas")},
            "says_zh": firing["says"]["zh"],
            "says_en": firing["says"]["en"],
        }


def _postings(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for position, posting in enumerate(content["postings"]):
        columns = ("indicator", "part", "firing", "kind", "asked", "kept", "lost")
        yield {"position": position, **{name: posting[name] for name in columns}, "limited_by": posting["limit"]}


def _scores(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for score in content["indicators"]:
        columns = ("name", "weight", "kept", "lost", "status", "claimed", "before_override", "assumed")
        yield {
            "indicator": score["number"],
            **{name: score[name] for name in columns},
            "path": _json(score["path"]),
            "parts": _json(score["parts"]),
        }
