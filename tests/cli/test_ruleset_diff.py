"""`ruleset diff`: what one ruleset changes compared with another, in the policy's terms."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from rich.cells import cell_len

from cli import main
from cli.render.diff_words import PROPERTY, THING
from engine.analysis import said
from engine.analysis.difference import Change, Difference, Part, differences
from engine.analysis.side import Side
from engine.ruleset import Ruleset
from engine.ruleset.clauses import placed_rules
from tests.golden import matches_golden
from workflow.comparison import compare
from workflow.library import find, rulesets

FOLDER = Path(__file__).parent
OLD, NEW = FOLDER / "compared" / "old", FOLDER / "compared" / "new"


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Compare the two rulesets and return what is printed."""
    assert main.run(["ruleset", "diff", str(OLD), str(NEW), *words]) == 0
    return capsys.readouterr().out


def both() -> tuple[Ruleset, Ruleset]:
    """Return the two rulesets."""
    return find(str(OLD), None).ruleset, find(str(NEW), None).ruleset


@pytest.mark.parametrize("width", ["80", "120"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_people_read(
    language: str, width: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a person has read it; no line is wider than the terminal."""
    monkeypatch.setenv("FENMING_LANG", language)
    monkeypatch.setenv("COLUMNS", width)
    text = shown(capsys)
    assert matches_golden(FOLDER / "golden" / f"ruleset-diff.{language}.{width}.txt", text)
    assert all(cell_len(line) <= int(width) for line in text.splitlines())


def test_json_has_every_difference_in_both_languages(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same in whichever language the reader has."""
    answers = []
    for language in ("zh", "en"):
        monkeypatch.setenv("FENMING_LANG", language)
        answers.append(json.loads(shown(capsys, "--json")))
    assert answers[0] == answers[1]
    assert (answers[0]["old"]["id"], answers[0]["new"]["id"]) == ("test/form/2024", "test/form/2025")
    assert len(answers[0]["differences"]) == len(differences(*both()))
    weight = next(each for each in answers[0]["differences"] if each["property"] == "weight")
    assert weight == {
        "part": "indicator",
        "change": "changed",
        "name": "1",
        "title": "预算执行率",
        "section": "1",
        "property": "weight",
        "old": {"zh": "60", "en": "60"},
        "new": {"zh": "55", "en": "55"},
    }


def test_one_of_each_is_found() -> None:
    """Whatever a maintainer may change, and how."""
    found = {(each.part, each.change) for each in differences(*both())}
    both_ways = {Change.ADDED, Change.DROPPED, Change.CHANGED}
    for part in (Part.FIELD, Part.PARAMETER, Part.READING, Part.RULE, Part.INDICATOR, Part.CLAUSE, Part.FACT_TYPE):
        assert {change for of_part, change in found if of_part is part} >= both_ways, part
    assert {(part, Change.MOVED) for part in (Part.INDICATOR, Part.CLAUSE, Part.RULE)} <= found
    assert {
        (Part.ALTERNATIVE, Change.ADDED),
        (Part.ALTERNATIVE, Change.CHANGED),
        (Part.RULESET, Change.CHANGED),
    } <= found


def facts(found: tuple[Difference, ...]) -> set[tuple[str, str, str]]:
    """Return what each difference is about, in short."""
    return {(each.change.value, f"{each.part.value} {each.name}", each.property) for each in found}


def test_what_is_moved_is_not_dropped_and_added() -> None:
    """A new number of an indicator changes neither its clauses nor its rules."""
    found = facts(differences(*both()))
    assert ("moved", "indicator 3", "number") in found
    assert ("moved", "indicator 3", "path") in found
    assert ("moved", "clause 4.2", "clause_id") in found
    assert ("moved", "clause 4.3", "clause_id") in found
    assert ("moved", "rule 4/unrecorded", "place") in found
    assert not [each for each in found if each[1] in ("clause 3.1", "rule 3/share") and each[0] != "dropped"]


@pytest.mark.parametrize("name", list(rulesets(None)))
def test_a_ruleset_says_the_same_as_itself(name: str) -> None:
    """Nothing is reported that is not there."""
    assert compare(name, name, None).differences == ()


def test_the_other_way_round_is_the_mirror_image() -> None:
    """What was added is dropped, what moved moves back, and values change places."""
    old, new = both()
    there, back = differences(old, new), differences(new, old)
    mirror = {Change.ADDED: Change.DROPPED, Change.DROPPED: Change.ADDED}
    assert Counter((each.part, mirror.get(each.change, each.change), each.property) for each in there) == Counter(
        (each.part, each.change, each.property) for each in back
    )
    assert Counter((str(each.old), str(each.new)) for each in there) == Counter(
        (str(each.new), str(each.old)) for each in back
    )


def test_spelling_and_order_are_not_differences(tmp_path: Path) -> None:
    """Expressions in the other form, and entries in another order, say the same."""
    text = (OLD / "ruleset.yaml").read_text("utf-8")
    assert "weight * mean(visit.satisfied)" in text
    text = text.replace("weight * mean(visit.satisfied)", "分值×平均(上门服务.satisfied)")
    text = text.replace("when: count(visit) > 0", "且须: 个数(上门服务)>0")
    lines = text.splitlines(keepends=True)
    first, second = (
        next(at for at, line in enumerate(lines) if line.startswith(f"  {name}_l")) for name in ("pass", "half")
    )
    lines[first], lines[second] = lines[second], lines[first]
    (tmp_path / "ruleset.yaml").write_text("".join(lines), "utf-8")
    assert compare(str(OLD), str(tmp_path), None).differences == ()


def test_every_property_has_words() -> None:
    """Whatever differs can be shown."""
    old, _ = both()
    side = Side(old)
    reading = old.readings["R1"]
    placed = next(placed_rules(old))
    names = {
        *said.head(side),
        *said.fact_type(side, old.facts["visit"]),
        *said.fact_field(old.facts["visit"], old.facts["visit"].fields["place"]),
        *said.indicator(side, old.indicators[0]),
        *said.parameter(side, old.parameters["pass_line"]),
        *said.reading(side, reading),
        *said.alternative(reading, "full"),
        *said.rule(side, placed),
        *said.result(side, next(iter(find("demo/payments/1", None).ruleset.results.values()))),
    }
    assert names | {"clause_id", "text", "place", "id"} == set(PROPERTY)
    assert set(THING) == set(Part)
