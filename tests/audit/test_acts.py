"""Verification refuses a posting that its firing cannot have made, and a total that overrides and caps do not allow."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from audit.checks.balance import book_faults
from engine.base.numbers import exact_text, simplest
from engine.base.sources import canonical
from engine.receipt import read_receipt
from tests.audit.test_balance import contents
from tests.engine.mini import fact, indicator, ruleset, scored


def _form(*indicators: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return a form of as many first levels as indicators."""
    return ruleset(*({**each, "path": [f"级{n}", "下"]} for n, each in enumerate(indicators, 1)), **more)


def _total(**rule: Any) -> dict[str, Any]:
    return {"total": {"rules": [{"cites": ["1.1"], **rule}]}}


JUDGED = indicator({"award": "10 / 3", "of": "5"}, {"deduct": "0.5"}, {"cap": "2.7"}, {"adjust": "0.001"})
FORMS: Mapping[str, dict[str, Any]] = {
    "acts": _form(JUDGED, indicator({"award": 12}, number=2), indicator({"deduct": 3}, number=3, method="deduct")),
    "limited": _form(indicator({"award": 9}, {"adjust": 3}), indicator({"award": 5}, {"deduct": 7}, number=2)),
    "capped": _form(indicator({"award": 8}), indicator({"award": 6}, number=2), **_total(cap=12)),
    "set": _form(
        indicator({"award": 8}),
        indicator({"award": 6}, number=2),
        **_total(override={"to": "3.333", "scope": "total"}),
    ),
    "vetoed": _form(
        indicator({"award": 8}, {"override": {"to": 4, "scope": "indicator"}}), indicator({"award": 6}, number=2)
    ),
    "scaled": _form(
        indicator({"award": "10 / 3"}),
        indicator({"not_applicable": "excluded"}, number=2),
        total={"rescale": "applicable"},
    ),
    "open": _form(indicator({"award": 8}), indicator({"award": 6}, number=2)),
}


@cache
def _text(form: str) -> bytes:
    waits = [fact("not_assessed", "N", indicator=2, reason="留空")] if form == "open" else []
    return scored(FORMS[form], *waits).text


def content(form: str) -> Any:
    """Return what a receipt of a form says."""
    return json.loads(_text(form))


def faults(said: Any) -> list[str]:
    """Return what verification finds in a receipt's books."""
    return [str(fault) for fault in book_faults(read_receipt(canonical(said)).content)]


def posting(said: Any, kind: str) -> Any:
    """Return the first posting of a kind."""
    return next(each for each in said["postings"] if each["kind"] == kind)


def _add(line: Any, name: str, points: int) -> None:
    line[name] = exact_text(simplest(Fraction(line[name]) + points))


def _move(line: Any, points: int, *names: str) -> None:
    for name, sign in zip(names, (1, -1), strict=True):
        _add(line, name, sign * points)


def _give(said: Any, points: int, *, indicator: bool) -> None:
    """Let the sums come out for a posting that gives so many points of what was lost, of the first indicator or all."""
    if indicator:
        for line in (said["indicators"][0], *said["levels"][:2]):
            _move(line, points, "kept", "lost")
    _add(said, "total", points)


def _level_posting(said: Any, kind: str, firing: int) -> None:
    """Invent four points for the total."""
    moved = {"kept": "4", "lost": "-4", "open": "0", "asked": "4", "limit": "", "part": "", "kind": kind}
    said["postings"].append({**moved, "indicator": None, "level": [], "firing": firing})
    _give(said, 4, indicator=False)


def _invented_level_posting(said: Any) -> None:
    _level_posting(said, "bonus", 0)


def _level_posting_of_an_award(said: Any) -> None:
    _level_posting(said, "override", 0)


def _level_award(said: Any) -> None:
    _level_posting(said, "award", 0)


def _level_posting_of_a_cap(said: Any) -> None:
    _level_posting(said, "cap", posting(said, "cap")["firing"])


def _indicator_override_on_a_level(said: Any) -> None:
    _level_posting(said, "override", posting(said, "override")["firing"])


def _level_posting_with_a_part(said: Any) -> None:
    posting(said, "cap")["part"] = "whole"


def _cap_of_another_level(said: Any) -> None:
    posting(said, "cap")["level"] = ["级1"]
    _move(said["levels"][0], -2, "kept", "lost")


def _points_from_a_level(said: Any) -> None:
    _add(posting(said, "override"), "kept", 5)
    _give(said, 5, indicator=False)
    said["weight"] = "25"


def _asked_of(kind: str) -> Callable[[Any], None]:
    def forge(said: Any) -> None:
        _add(posting(said, kind), "asked", 1)

    forge.__name__ = f"_asked_of_{kind}"
    return forge


def _more_from(kind: str) -> Callable[[Any], None]:
    """Let a posting of the first indicator give a point more than it asks, and all sums with it."""

    def forge(said: Any) -> None:
        line = next(each for each in said["postings"] if each["kind"] == kind and each["indicator"] == 1)
        _move(line, 1, "kept", "lost")
        if line["part"]:
            _move(said["indicators"][0]["parts"][0], 1, "kept", "lost")
        _give(said, 1, indicator=True)

    forge.__name__ = f"_more_from_{kind}"
    return forge


def _as_kind(kind: str, other: str) -> Callable[[Any], None]:
    def forge(said: Any) -> None:
        posting(said, kind)["kind"] = other

    forge.__name__ = f"_{kind}_as_{other}"
    return forge


def _twice(said: Any) -> None:
    said["postings"].append({**posting(said, "adjustment")})


def _of_another_indicator(said: Any) -> None:
    one, other = (each for each in said["postings"] if each["kind"] == "award")
    one["firing"], other["firing"] = other["firing"], one["firing"]


def _left_out(said: Any) -> None:
    said["postings"].remove(posting(said, "cap"))
    _give(said, 2, indicator=False)


def _scaled(said: Any) -> None:
    """Scale to another total, in the firing too."""
    line = posting(said, "rescaling")
    _move(line, 2, "kept", "lost")
    line["asked"] = said["firings"][line["firing"]]["formulas"][0]["value"] = "8.66"
    _give(said, 2, indicator=False)


def _scaled_from_more(said: Any) -> None:
    _scaled(said)
    said["firings"][posting(said, "rescaling")["firing"]]["formulas"][0]["numbers"] = "4.33 / 10 * 20"


def _set_higher(said: Any) -> None:
    line = posting(said, "override")
    _move(line, 2, "kept", "lost")
    _give(said, 2, indicator=line["indicator"] is not None)


def _above_the_cap(said: Any) -> None:
    _move(posting(said, "cap"), 1, "kept", "lost")
    _give(said, 1, indicator=False)


def _no_before(said: Any) -> None:
    said["before_override"] = None


def _invented_before(said: Any) -> None:
    said["before_override"] = {"total": "20", "open": "0", "grade": "优", "grades": ["优"]}


def _impossible_before(said: Any) -> None:
    said["before_override"]["total"] = "21"


def _other_before(said: Any) -> None:
    said["before_override"]["total"] = "15"


def _no_before_of_an_indicator(said: Any) -> None:
    said["indicators"][0]["before_override"] = None


def _other_before_of_an_indicator(said: Any) -> None:
    said["indicators"][0]["before_override"]["kept"] = "9"


def _invented_before_of_an_indicator(said: Any) -> None:
    said["indicators"][1]["before_override"] = {"kept": "9", "open": "0"}


def _points_for_what_is_open(said: Any) -> None:
    posting(said, "not_assessed")["asked"] = "10"


KIND, PLACE, ASKED = "not of the kind of its firing", "not where its firing posts", "not what its firing asks for"
FORGERIES: list[tuple[str, Callable[[Any], None], str]] = [
    ("capped", _invented_level_posting, KIND),
    ("open", _level_posting_of_an_award, KIND),
    ("open", _level_award, PLACE),
    ("capped", _level_posting_of_a_cap, PLACE),
    ("vetoed", _indicator_override_on_a_level, PLACE),
    ("capped", _level_posting_with_a_part, PLACE),
    ("capped", _cap_of_another_level, PLACE),
    ("set", _points_from_a_level, ASKED),
    *(("acts", _asked_of(kind), ASKED) for kind in ("award", "deduction", "cap", "adjustment", "rest", "rounding")),
    *(("limited", _asked_of(kind), ASKED) for kind in ("deduction", "limit")),
    *(("acts", _more_from(kind), ASKED) for kind in ("award", "adjustment", "rounding")),
    ("limited", _more_from("limit"), ASKED),
    ("capped", _asked_of("cap"), ASKED),
    ("set", _asked_of("override"), ASKED),
    ("vetoed", _asked_of("override"), ASKED),
    ("scaled", _asked_of("rescaling"), ASKED),
    ("scaled", _asked_of("not_applicable"), ASKED),
    ("acts", _as_kind("award", "rest"), KIND),
    ("acts", _as_kind("cap", "adjustment"), KIND),
    ("acts", _as_kind("deduction", "cap"), KIND),
    ("vetoed", _as_kind("override", "cap"), KIND),
    ("acts", _twice, PLACE),
    ("open", _points_for_what_is_open, ASKED),
    ("limited", _of_another_indicator, PLACE),
    ("capped", _left_out, "has no posting"),
    ("scaled", _scaled, "not scaled by its formula"),
    ("scaled", _scaled_from_more, "not scaled by its formula"),
    ("set", _set_higher, "not as its override sets it"),
    ("vetoed", _set_higher, "not as its override sets it"),
    ("capped", _above_the_cap, "above its cap"),
    ("set", _no_before, "does not say what the total was"),
    ("capped", _invented_before, "does not say what the total was"),
    ("set", _impossible_before, "is impossible"),
    ("set", _other_before, "does not add up"),
    ("vetoed", _no_before_of_an_indicator, "does not say what it was before"),
    ("vetoed", _other_before_of_an_indicator, "was not so before"),
    ("vetoed", _invented_before_of_an_indicator, "does not say what it was before"),
]


@pytest.mark.parametrize("form", FORMS)
def test_what_was_not_forged_is_accepted(form: str) -> None:
    """Each of the forms that the forgeries start from."""
    assert faults(content(form)) == []


@pytest.mark.parametrize(
    ("form", "forge", "found"), FORGERIES, ids=[f"{form}-{forge.__name__.strip('_')}" for form, forge, _ in FORGERIES]
)
def test_a_forged_act_is_refused(form: str, forge: Callable[[Any], None], found: str) -> None:
    """By the check that it is meant for."""
    said = content(form)
    forge(said)
    assert any(found in fault for fault in faults(said)), faults(said)


@pytest.mark.parametrize("number", range(6))
def test_no_posting_can_ask_for_something_else(number: int) -> None:
    """Of random receipts, each in turn: what is asked follows from the firing."""
    for original in contents(number):
        for at, line in enumerate(original["postings"]):
            changed = copy.deepcopy(original)
            _add(changed["postings"][at], "asked", 1)
            assert faults(changed), line
