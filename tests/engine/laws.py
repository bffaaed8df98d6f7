"""The laws that every receipt keeps, as functions that the property tests and the soak share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

RIGHTLY_REFUSED = re.compile(
    "divides by zero|no fact to run over|is not assessed|leaves unassessed|No indicator applies|It cannot be a row"
)
"""What an evaluation of random rules may rightly end with: a formula that has no value, an open indicator judged, or a
row that is not what is required of every row."""

SIDES = ("kept", "lost", "open")


def check_books(content: Mapping[str, Any]) -> None:
    """Law 2: for every indicator weight = kept + lost + open, and each is the sum of its postings."""
    for indicator in content["indicators"]:
        postings = [p for p in content["postings"] if p["indicator"] == indicator["number"]]
        for side in SIDES:
            assert _sum(postings, side) == Fraction(indicator[side]), indicator
        assert _balances(indicator), indicator
        assert 0 <= Fraction(indicator["kept"]) <= Fraction(indicator["weight"]), indicator
        assert 0 <= Fraction(indicator["open"]) <= Fraction(indicator["weight"]), indicator
        assert len(indicator["kept"].partition(".")[2]) <= 2, indicator
        assert all(_balances(part) for part in indicator["parts"]), indicator
    for posting in content["postings"]:
        firing = content["firings"][posting["firing"]]
        assert firing["rule"]
        assert firing["clauses"] or firing["action"] in ("rounding", "rescaling"), firing
        limited = Fraction(posting["asked"]) not in (
            Fraction(posting["kept"]), Fraction(posting["lost"]), -Fraction(posting["kept"]),
        )  # fmt: skip
        if posting["kind"] in ("award", "deduction") and limited:
            assert posting["limit"] in ("cap", "floor"), posting
    posted = [posting for posting in content["postings"] if posting["indicator"] is None]
    of_total = [posting for posting in posted if not posting["level"]]
    firsts = [level for level in content["levels"] if len(level["path"]) == 1]
    for side, whole in (("kept", content["total"]), ("open", content["open"])):
        assert _sum([*content["indicators"], *posted], side) == Fraction(whole)
        assert _sum([*firsts, *of_total], side) == Fraction(whole)
    assert all(_sum([posting], "kept") + _sum([posting], "lost") + _sum([posting], "open") == 0 for posting in posted)
    assert all(_balances(level) for level in content["levels"])
    assert (content["grade"] is None) == (len(content["grades"]) > 1)


def check_results(content: Mapping[str, Any]) -> None:
    """A result is what each of its firings gives; one without a value says why, and no firing gives to none."""
    given: list[int] = []
    for result in content.get("results", ()):
        firings = [content["firings"][number] for number in result["firings"]]
        values = {line["value"] for firing in firings for line in firing["formulas"] if line["kind"] == "result"}
        assert all(firing["rule"].startswith(f"{result['name']}/") for firing in firings), result
        match result["status"]:
            case "settled":
                assert values == {result["value"]}, result
            case "open":
                assert result["value"] is None, result
                assert {1, *result["unassessed"]} <= {line["number"] for line in content["indicators"]}, result
                assert result["unassessed"], result
            case _:
                assert (result["status"], result["value"], firings) == ("none", None, []), result
        given += result["firings"]
    acting = [number for number, firing in enumerate(content["firings"]) if firing["action"] == "result"]
    assert sorted(given) == acting


def _sum(lines: Iterable[Mapping[str, Any]], side: str) -> Fraction:
    return sum((Fraction(line[side]) for line in lines), start=Fraction(0))


def _balances(line: Mapping[str, Any]) -> bool:
    return sum(Fraction(line[side]) for side in SIDES) == Fraction(line["weight"])


def without_labels(content: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what a receipt says of points, without the ids of facts and the names of rules (law 8)."""
    indicators = [
        (i["number"], *(i[side] for side in SIDES), i["status"], str(i["before_override"]))
        for i in content["indicators"]
    ]
    rows = {part["id"] for line in content["indicators"] for part in line["parts"] if "row" in part}
    postings = sorted(
        (
            p["indicator"] or 0, p.get("level", []), "" if p["part"] in rows else p["part"],
            p["kind"], p["asked"], *(p[side] for side in SIDES), p["limit"],
            content["firings"][p["firing"]]["action"], content["firings"][p["firing"]]["clauses"],
            content["firings"][p["firing"]]["says"]["zh"],
        )
        for p in content["postings"]
    )  # fmt: skip
    results = [
        (r["name"], r["value"], r["status"], r["unassessed"], len(r["firings"])) for r in content.get("results", ())
    ]
    return indicators, postings, results, content["total"], content["open"], content["grades"]


def check_closed(content: Mapping[str, Any]) -> None:
    """Whatever a receipt names is in it: facts, aggregates, readings, firings."""
    ids = {fact["id"] for fact in content["facts"]} | {fact["id"] for fact in content["derived"]}
    ids |= {f"{fact['id']}/e{n}" for fact in content["facts"] for n in range(1, len(fact["evidence"]) + 1)}
    for firing in content["firings"]:
        assert set(firing["facts"]) <= ids, firing
        assert set(firing["readings"]) <= content["readings"].keys(), firing
        assert not set(firing["readings"]) & set(firing["readings_unused"]), firing
        assert all(0 <= number < len(content["aggregates"]) for number in firing["aggregates"])
    for figure in content["aggregates"]:
        assert set(figure["facts"]) <= ids, figure
    for fact in content["derived"]:
        assert content["firings"][fact["firing"]]["action"] == "derive"
