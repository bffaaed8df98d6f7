"""A form of two levels for tests, and how its total comes out."""

from __future__ import annotations

from typing import Any

from audit.checks.balance import book_faults
from engine.receipt import Receipt, plain, read_receipt
from tests.engine.laws import check_books
from tests.engine.mini import indicator, ruleset


def two(*, first: Any = 8, second: Any = 6, **more: Any) -> dict[str, Any]:
    """Return a form of two levels, with 10 points each."""
    return ruleset(
        {**indicator({"award": first}), "path": ["投入", "资金"]},
        {**indicator({"award": second}, number=2), "path": ["效果", "产出"]},
        **more,
    )


def total_rule(**rule: Any) -> dict[str, Any]:
    """Return a section `total` with one rule."""
    return {"total": {"rules": [{"cites": ["1.1"], **rule}]}}


def outcome(receipt: Receipt) -> tuple[str, str, list[tuple[str, ...]]]:
    """Return the total, what is open, and (level, kind, asked, kept, lost, open, limit) of what is posted on levels."""
    content = plain(receipt.content)
    check_books(content)
    assert list(book_faults(receipt.content)) == []
    assert read_receipt(receipt.text).content == receipt.content
    posted = [
        ("/".join(p["level"]), *(p[name] for name in ("kind", "asked", "kept", "lost", "open", "limit")))
        for p in content["postings"]
        if p["indicator"] is None
    ]
    return content["total"], content["open"], posted


def not_applying(points: Any = 6) -> dict[str, Any]:
    """Return a form whose second indicator does not apply."""
    form = two(total={"rescale": "applicable"})
    form["indicators"][0] = {**indicator({"award": points}), "path": ["投入", "资金"]}
    form["indicators"][1] = {**indicator({"not_applicable": "excluded"}, number=2), "path": ["效果", "产出"]}
    return form
