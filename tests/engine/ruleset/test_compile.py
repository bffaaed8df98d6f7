"""Compiling a ruleset: names, bands, parts, readings, strata, and what is refused at which place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.base.faults import RulesetError, TooManyFirings
from engine.base.numbers import read_decimal
from engine.receipt import plain
from tests.engine.laws import check_books
from tests.engine.mini import case, fact, indicator, kept, program, ruleset, scored
from tests.evaluated import receipt_of

READING = {
    "clause": "1.1",
    "question": {"zh": "问", "en": "Question"},
    "chosen": "one",
    "alternatives": {"one": {"zh": "一", "en": "one", "scores": "1"}, "two": {"zh": "二", "en": "two", "scores": "2"}},
    "authority": "法",
    "decided": {"by": "某", "on": "2024-01-01"},
}


def bands(*rows: dict[str, Any], on: str = "j.points") -> dict[str, Any]:
    """Return a ruleset whose one award is what a band table gives."""
    rule = {"each": {"j": "judgement"}, "bands": {"measure": on, "rows": list(rows)}, "award": "band"}
    return ruleset(indicator(rule), readings={"R1": READING})


TABLE = (
    {"below": "60%", "gives": 0, "under": {"R1": "one"}},
    {"to": "60%", "gives": 0, "under": {"R1": "two"}},
    {"to": "100%", "gives": "5"},
    {"above": "100%", "gives": "10"},
)


@pytest.mark.parametrize(
    ("reading", "points", "wanted"),
    [
        ("one", "0.5999", "0"),
        ("one", "0.6", "5"),
        ("two", "0.6", "0"),
        ("two", "0.6001", "5"),
        ("one", "1", "5"),
        ("one", "1.0001", "10"),
    ],
)
def test_bands_cover_each_number_once(reading: str, points: str, wanted: str) -> None:
    """Every number falls into one row, and the reading decides whose the boundary is."""
    number = read_decimal(points)
    assert number is not None
    receipt = scored(bands(*TABLE), fact("judgement", "J", points=number), readings={"R1": reading})
    assert kept(receipt) == wanted
    awards = [f for f in plain(receipt.content)["firings"] if f["action"] == "award"]
    assert len(awards) == 1
    decided = ["R1"] if number <= 1 else []
    assert (awards[0]["readings"], awards[0]["readings_unused"]) == (decided, [] if decided else ["R1"])


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        (({"to": 1, "gives": 0}, {"from": 1, "gives": 1}), "a gap or an overlap"),
        (({"to": 1, "gives": 0}, {"above": 2, "gives": 1}), "a gap or an overlap"),
        (({"to": 1, "gives": 0}, {"to": 2, "gives": 1}), "must cover everything that is left"),
        (({"to": 2, "gives": 0}, {"to": 1, "gives": 1}, {"above": 1, "gives": 2}), "must rise"),
        (({"above": 2, "gives": 0}, {"above": 3, "gives": 1}), "Only the last row"),
        (({"to": 2, "gives": 2}, {"above": 2, "gives": 1}), "gives less"),
        (({"to": "j.points", "gives": 0}, {"above": 2, "gives": 1}), "must be constant"),
        (({"to": 2, "below": 2, "gives": 0}, {"above": 2, "gives": 1}), "2 ends"),
        (({"to": 2, "gives": 0}, {"above": 2, "gives": 1, "under": {"R1": "two"}}), "at least two rows"),
    ],
)
def test_broken_band_tables_are_refused(rows: tuple[dict[str, Any], ...], what: str) -> None:
    """Gaps, overlaps, falling rows and silent drops never reach an evaluation."""
    with pytest.raises(RulesetError, match=what):
        program(bands(*rows))


def test_bands_on_dates() -> None:
    """A band table may run over dates, and its rows are named by them."""
    rule = {
        "each": {"p": "project"},
        "bands": {
            "measure": "p.day",
            "rows": [{"to": "2024-06-30", "gives": 7}, {"above": "2024-06-30", "gives": 3, "falls": True}],
        },
        "award": "band",
    }
    project: dict[str, Any] = {"name": "甲", "amount": 1, "met": True, "kind": "甲", "score": 1}
    for day, wanted in ((date(2024, 6, 30), "7"), (date(2024, 7, 1), "3")):
        receipt = scored(ruleset(indicator(rule)), fact("project", "P", day=day, **project))
        assert kept(receipt) == wanted
        [firing] = [f for f in plain(receipt.content)["firings"] if f["action"] == "award"]
        assert "2024-06-30" in firing["formulas"][0]["text"]


def refused(document: dict[str, Any], what: str) -> None:
    """Assert that a ruleset is refused, with a place and a remedy."""
    with pytest.raises(RulesetError, match=what) as caught:
        program(document)
    for fault in caught.value.faults:
        assert fault.where.file == "ruleset.yaml", fault
        assert fault.where.line
        assert str(fault.remedy)


NEED = {"that": "1 > 0", "say": {"zh": "字", "en": "w"}, "remedy": {"zh": "字", "en": "w"}}
PARTS = [{"id": "a", "weight": 6, "cites": ["1.1"]}, {"id": "b", "weight": 4, "cites": ["1.1"]}]


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (ruleset(indicator({"award": "weigth"})), "“weigth” is not known"),
        (ruleset(indicator({"award": 1, "deduct": 1})), "2 actions"),
        (ruleset(indicator({})), "has no action"),
        (ruleset(indicator({"award": 1}, parts=PARTS)), "does not say which"),
        (ruleset(indicator({"award": 1, "part": "c"}, parts=PARTS)), "no part “c”"),
        (ruleset(indicator({"award": 1, "part": "a"}, parts=PARTS[:1])), "add to 6"),
        (ruleset(indicator({"award": 1}, method="deduct")), "starts full"),
        (ruleset(indicator({"deduct": 1, "of": 1})), "belongs to an award"),
        (ruleset(indicator({"award": 1, "cites": ["9.9"]})), "has no clause “9.9”"),
        (ruleset(indicator({"award": 1, "under": {"R9": "x"}})), "has no reading “R9”"),
        (
            ruleset(indicator({"award": 1, "under": {"R1": "x"}}), readings={"R1": READING}),
            "Reading R1 has no alternative “x”",
        ),
        (ruleset(indicator({"award": 1, "each": {"p": "projct"}})), "the rule can never fire"),
        (ruleset(indicator({"award": 1, "each": {"weight": "project"}})), "already has a meaning"),
        (ruleset(indicator({"award": 1, "id": "a"}, {"award": 1, "id": "a"})), "Indicator 1 has two rules named “a”"),
        (ruleset(indicator({"award": 1}), indicator({"award": 1})), "Two indicators have the number 1"),
        (
            ruleset(indicator({"award": 1}), definitions=[{"id": "x", "cites": ["1.1"], "award": 1}]),
            "can derive or flag only",
        ),
        (
            ruleset(indicator({"award": 1}), parameters={"weight": {"value": 1, "cites": ["1.1"]}}),
            "already has a meaning",
        ),
        (
            ruleset(indicator({"award": 1}), parameters={"x": {"value": "count(project)", "cites": ["1.1"]}}),
            "not constant",
        ),
        (ruleset(indicator({"award": 1}), head=["nothing"]), "lists no fact type “nothing”"),
        (ruleset(indicator({"award": 1}, {"part": "whole", "flag": "notice"})), "“part” has no meaning"),
        (ruleset(indicator({"part": "whole", "override": {"to": 0, "scope": "indicator"}})), "“part” has no meaning"),
        (ruleset(indicator({"award": 1}), grades=[{"name": "优", "from": 90}]), "begin at 0"),
        (ruleset(indicator({"award": 1}), units={"亿元": "x"}), "is not known"),
        (ruleset(indicator({"award": 1}, parts=[{**PARTS[0], "weight": "count(project)"}])), "constant above zero"),
        (ruleset(indicator({"award": 1}, parts=[{**PARTS[0], "weight": 0}])), "constant above zero"),
        (
            ruleset(indicator({"award": 1}, requires=[{**NEED, "each": {"a": "project", "b": "link"}}])),
            "one fact at a time",
        ),
        (ruleset(indicator({"award": 1}, requires=[{**NEED, "each": {"a": "nothing"}}])), "not a given fact type"),
        (ruleset(indicator({"award": 1}, parts=[*PARTS, PARTS[0]])), "two parts named “a”"),
        (ruleset(indicator({"award": 1}), facts={"evidence": {}}), "is made from the evidence"),
        (ruleset(indicator({"award": 1}), facts={"nosuch": {}}), "no schema"),
        (
            ruleset(
                indicator({"award": 1}),
                definitions=[
                    {"id": "d", "cites": ["1.1"], "each": {"p": "project"}, "derive": {"x": {"v": "1 / p.amount"}}}
                ],
            ),
            "compound unit",
        ),
        (ruleset(indicator({"award": 1}), units={"亿元": 3}), "not a number of another unit"),
        (ruleset(indicator({"cap": "score(2)"}), indicator({"cap": "score(1)"}, number=2)), "depend on themselves"),
        (
            ruleset(indicator({"each": {"p": "project"}, "award": 1, "say": {"zh": "{p.nam}", "en": "x"}})),
            "no field “nam”",
        ),
    ],
)
def test_wrong_rulesets_are_refused_with_their_place(document: dict[str, Any], what: str) -> None:
    """Each mistake is refused before any evaluation, at its line."""
    refused(document, what)


def test_fault_points_at_the_character_inside_an_expression() -> None:
    """The column of a fault in an expression is that of the wrong character in the file."""
    text = '{"award": "1 + weigth"'
    with pytest.raises(RulesetError) as caught:
        program(ruleset(indicator({"award": "1 + weigth"})))
    [fault] = caught.value.faults
    assert fault.where.pointer == "/indicators/0/rules/0/award"
    assert text  # the document is written one entry a line, so the column counts from the entry's indent
    assert fault.where.column == len('     "award": "1 + ') + 1


def test_all_faults_are_reported_at_once() -> None:
    """A maintainer sees every mistake in one go."""
    with pytest.raises(RulesetError) as caught:
        program(ruleset(indicator({"award": "x"}, {"award": "y"}), indicator({"award": "z"}, number=2)))
    assert [str(fault.what) for fault in caught.value.faults] == [f"The name “{n}” is not known here." for n in "xyz"]


def test_derived_facts_chain_and_aggregate_in_strata() -> None:
    """A fact derived from facts is matched, then aggregated, then derived from again."""
    definitions = [
        {"id": "total", "cites": ["1.1"], "derive": {"total": {"sum": "sum(half.value)"}}},
        {
            "id": "half",
            "cites": ["1.1"],
            "each": {"j": "judgement"},
            "derive": {"half": {"of": "j", "value": "j.points / 2"}},
        },
    ]
    document = ruleset(indicator({"each": {"t": "total"}, "award": "t.sum"}), definitions=definitions)
    receipt = scored(document, fact("judgement", "A", points=3), fact("judgement", "B", points=4))
    assert kept(receipt) == "3.5"
    assert [d["id"] for d in plain(receipt.content)["derived"]] == ["total()", "half(A)", "half(B)"]


REACH = [
    {"id": "base", "cites": ["1.1"], "each": {"a": "link"}, "derive": {"reach": {"start": "a.start", "end": "a.end"}}},
    {
        "id": "step",
        "cites": ["1.1"],
        "each": {"r": "reach", "a": "link"},
        "where": "r.end == a.start",
        "derive": {"reach": {"start": "r.start", "end": "a.end"}},
    },
]


def test_recursive_rules_reach_their_end() -> None:
    """A rule may match what it derives, and stops when nothing new fires."""
    document = ruleset(indicator({"award": "count(reach)"}), definitions=REACH)
    links = [fact("link", f"L{n}", start=n, end=n + 1) for n in range(3)]
    receipt = scored(document, *links)
    assert kept(receipt) == "6"
    check_books(plain(receipt.content))


def test_runaway_rules_are_stopped() -> None:
    """Rules that feed themselves for ever end in an error that says so."""
    document = ruleset(indicator({"award": "count(reach)"}), definitions=REACH)
    with pytest.raises(TooManyFirings):
        receipt_of(program(document), case(fact("link", "L", start=1, end=1)), limit=500)


def test_parameter_follows_its_reading() -> None:
    """A parameter has another value in another reading, and its rules rely on that reading."""
    parameters = {"base": {"value": 2, "cites": ["1.1"], "under": {"R1": {"two": 1}}}}
    document = ruleset(indicator({"award": "base"}), parameters=parameters, readings={"R1": READING})
    for reading, wanted in (("one", "2"), ("two", "1")):
        receipt = scored(document, readings={"R1": reading})
        assert kept(receipt) == wanted
        assert plain(receipt.content)["firings"][0]["readings"] == ["R1"]
        assert plain(receipt.content)["readings"] == {"R1": reading}


@pytest.mark.parametrize("name", ["R9=one", "R1=nine"])
def test_unknown_reading_is_refused(name: str) -> None:
    """A reading or alternative that the ruleset lacks is refused with what it has."""
    reading, alternative = name.split("=")
    with pytest.raises(RulesetError, match=r"R1|one"):
        program(ruleset(indicator({"award": 1}), readings={"R1": READING}), {reading: alternative})


def test_a_formula_says_what_it_is_for() -> None:
    """By its tree, not by its text or its name: a field may be called like a formula, and a text look like one."""
    fields = {
        "when": "p.score + 1",
        "band": "p.name",
        "points": "default(p.extra, 1)",
        "of": "'a-(1/3)'",
        "day": "p.day",
    }
    derive = {"id": "d", "cites": ["1.1"], "each": {"p": "project"}, "derive": {"made": fields}}
    award = {"each": {"m": "made"}, "when": "count(made) > 0", "award": "min(m.when, 10)", "of": "weight"}
    project = fact("project", "P", score=2, name="3/2024", day=date(2024, 5, 1), met=True, kind="甲", amount=1)
    content = scored(ruleset(indicator(award), definitions=[derive]), project).content
    assert [(f.name, f.kind, f.gives.value) for firing in content.firings[:2] for f in firing.formulas] == [
        ("when", "field", "number"),
        ("band", "copy", "text"),
        ("points", "field", "number"),
        ("of", "copy", "text"),
        ("day", "copy", "date"),
        ("when", "when", "boolean"),
        ("points", "points", "number"),
        ("of", "of", "number"),
    ]
    assert content.derived[0].values == {
        "when": "3",
        "band": "3/2024",
        "points": "1",
        "of": "a-(1/3)",
        "day": "2024-05-01",
    }
