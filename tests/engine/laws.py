"""The laws that every receipt keeps, as functions that the property tests and the soak share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

RIGHTLY_REFUSED = re.compile("divides by zero|no fact to run over")
"""What an evaluation of random rules may rightly end with: a formula that has no value."""


def check_books(content: Mapping[str, Any]) -> None:
    """Law 2: for every indicator weight = kept + lost, and both are the sums of its postings."""
    for indicator in content["indicators"]:
        postings = [p for p in content["postings"] if p["indicator"] == indicator["number"]]
        kept, lost = (sum((Fraction(p[side]) for p in postings), start=Fraction(0)) for side in ("kept", "lost"))
        assert kept == Fraction(indicator["kept"]), indicator
        assert lost == Fraction(indicator["lost"]), indicator
        assert kept + lost == Fraction(indicator["weight"]), indicator
        assert 0 <= kept <= Fraction(indicator["weight"]), indicator
        assert len(indicator["kept"].partition(".")[2]) <= 2, indicator
        for part in indicator["parts"]:
            assert Fraction(part["kept"]) + Fraction(part["lost"]) == Fraction(part["weight"]), part
    for posting in content["postings"]:
        firing = content["firings"][posting["firing"]]
        assert firing["rule"]
        assert firing["clauses"] or firing["action"] == "rounding", firing
        limited = Fraction(posting["asked"]) not in (
            Fraction(posting["kept"]), Fraction(posting["lost"]), -Fraction(posting["kept"]),
        )  # fmt: skip
        if posting["kind"] in ("award", "deduction") and limited:
            assert posting["limit"] in ("cap", "floor"), posting
    total = sum((Fraction(i["kept"]) for i in content["indicators"]), start=Fraction(0))
    assert total == Fraction(content["total"])
    firsts = [level for level in content["levels"] if len(level["path"]) == 1]
    assert sum((Fraction(level["kept"]) for level in firsts), start=Fraction(0)) == total
    for level in content["levels"]:
        assert Fraction(level["kept"]) + Fraction(level["lost"]) == Fraction(level["weight"])


def check_closed(content: Mapping[str, Any]) -> None:
    """Whatever a receipt names is in it: facts, aggregates, readings, firings."""
    ids = {fact["id"] for fact in content["facts"]} | {fact["id"] for fact in content["derived"]}
    ids |= {f"{fact['id']}/e{n}" for fact in content["facts"] for n in range(1, len(fact["evidence"]) + 1)}
    for firing in content["firings"]:
        assert set(firing["facts"]) <= ids, firing
        assert set(firing["readings"]) <= content["readings"].keys(), firing
        assert all(0 <= number < len(content["aggregates"]) for number in firing["aggregates"])
    for figure in content["aggregates"]:
        assert set(figure["facts"]) <= ids, figure
    for fact in content["derived"]:
        assert content["firings"][fact["firing"]]["action"] == "derive"
