"""The example: the figures that the printed form must give, and the card that shows them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.program import EXAMPLE, Program
from tests.golden import matches_golden

PRINTED = ["14.25", "11.04", "20", "8", "2", "5", "5", "7", "7", "2", "4", "5", None, "1", "1"]
GOLDEN = Path(__file__).parent / "golden"


def test_as_printed(program: Program) -> None:
    """The printed column comes out exactly: 92.29 to 95.29, 优, indicator 13 left blank."""
    answer = program.json("evaluate", str(EXAMPLE / "as-printed.yaml"))
    assert (answer["total"], answer["open"], answer["weight"]) == ("92.29", "3", "100")
    assert (answer["grade"], answer["grades"]) == ("优", ["优"])
    assert [i["number"] for i in answer["indicators"]] == list(range(1, 16))
    assert [i["claimed"] for i in answer["indicators"]] == PRINTED
    assert [i["kept"] if i["status"] != "not_assessed" else None for i in answer["indicators"]] == PRINTED
    assert answer["indicators"][12]["status"] == "not_assessed"
    assert answer["indicators"][4]["status"] == "not_applicable"


def test_in_full_it_would_be_more(program: Program, tmp_path: Path) -> None:
    """With indicator 13 scored in full the total is 95.29."""
    text = (EXAMPLE / "as-printed.yaml").read_text("utf-8")
    start, end = text.index("  not_assessed:"), text.index("  claim:")
    linked = "    - {id: K13-3, indicator: 13, number: 3, met: 是}\n"
    text = text[:start] + text[end:]
    text = text.replace("  criterion:\n", "  monitoring_warning: []\n  key_evaluation: []\n  criterion:\n" + linked)
    file = tmp_path / "full.yaml"
    file.write_text(text, "utf-8")
    answer = program.json("evaluate", str(file))
    assert answer["total"] == "95.29"


def test_spot_check(program: Program) -> None:
    """A spot check zeroes 预算执行: 86.29 to 89.29, 良, with the score before it in the trail."""
    answer = program.json("evaluate", str(EXAMPLE / "spot-check.yaml"))
    assert (answer["total"], answer["open"], answer["grade"]) == ("86.29", "3", "良")
    assert answer["before_override"] == {"total": "92.29", "open": "3", "grade": "优", "grades": ["优"]}
    assert [answer["indicators"][n]["before_override"]["kept"] for n in (9, 10)] == ["2", "4"]


def test_spot_check_is_as_printed_but_for_the_check() -> None:
    """The two files differ by their first comment and the spot check alone."""
    one, other = (
        (EXAMPLE / name).read_text("utf-8").splitlines()[1:] for name in ("as-printed.yaml", "spot-check.yaml")
    )
    assert other[: len(one)] == one
    assert other[len(one) :][1] == "  spot_check:"


def test_visible_only(program: Program) -> None:
    """What the form shows gives 12.50 for the outputs against 14.25 claimed, and no grade while 64 points are open."""
    answer = program.json("evaluate", str(EXAMPLE / "visible-only.yaml"))
    assert (answer["total"], answer["open"], answer["grade"]) == ("26", "64", None)
    assert answer["grades"] == ["优", "良", "中", "差"]
    first, second = answer["indicators"][:2]
    assert (first["kept"], first["claimed"], first["assumed"]) == ("12.5", "14.25", False)
    assert second["kept"] == "7.5"
    card = program.run("show", "latest").stdout
    assert "Claimed 14.25: 1.75 more than the score." in re.sub(r"\s+", " ", card)


def test_assumed_facts_show_on_the_card(program: Program) -> None:
    """What the form does not print is marked next to the score, and its reason is below."""
    card = program.run("evaluate", str(EXAMPLE / "as-printed.yaml")).stdout
    assert "14.25※" in card
    assert "自评14.25分恰为十项产出指标、一项得一半时的得分" in re.sub(r"\s+", "", card)


def test_the_budget_that_does_not_add_up_is_reported(program: Program) -> None:
    """1233.07 against 969.9 is a warning; no figure is repaired."""
    answer = program.json("evaluate", str(EXAMPLE / "as-printed.yaml"))
    [flag] = [flag for flag in answer["flags"] if flag["rule"] == "checks/budget-by-level"]
    assert "1233.07" in flag["says"]["zh"]
    assert "969.9" in flag["says"]["zh"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", ["80", "120"])
@pytest.mark.parametrize("command", ["show", "explain 1", "explain 10", "explain"])
def test_what_people_read(program: Program, language: str, width: str, command: str) -> None:
    """The card and the explanation, at two widths, in both languages, as golden files."""
    program.run("evaluate", str(EXAMPLE / "spot-check.yaml"))
    name, *rest = command.split()
    result = program.run(name, "latest", *rest, COLUMNS=width, FENMING_LANG=language)
    assert result.returncode == 0, result.stderr
    shown = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2024-12-31T00:00:00Z", result.stdout)
    file = GOLDEN / f"{command.replace(' ', '-')}.{language}.{width}.txt"
    assert matches_golden(file, shown), f"{file.name} differs; FENMING_UPDATE_GOLDEN=1 writes it anew"


def test_no_line_is_wider_than_the_terminal(program: Program) -> None:
    """At 80 columns nothing wraps by itself, in either language."""
    for language in ("zh", "en"):
        card = program.run("evaluate", str(EXAMPLE / "as-printed.yaml"), COLUMNS="80", FENMING_LANG=language).stdout
        assert max(cell_len(line) for line in card.splitlines()) <= 80
