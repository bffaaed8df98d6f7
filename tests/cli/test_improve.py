"""What it would take, as people read it: golden texts in both languages at two widths, and the same as JSON."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rich.cells import cell_len

import examples
import schemas
from tests.cli.program import EXAMPLE, Program
from tests.golden import matches_golden

GOLDEN = Path(__file__).parent / "golden"
FILES = {
    "commerce": examples.FOLDER / "jiangmen-commerce-2024" / "as-printed.yaml",
    "spot-check": examples.FOLDER / "jiangmen-commerce-2024" / "spot-check.yaml",
    "national": examples.FOLDER / "national-project-2020" / "project.yaml",
}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Program]:
    """Each example in a ledger of its own, and a case that loses points in many ways."""
    made = {}
    full = Path(examples.FOLDER).parent / "rulesets" / "jiangmen" / "department-special" / "2024" / "cases"
    files = {**FILES, "losses": full / "full-marks.yaml", "visible": EXAMPLE / "visible-only.yaml"}
    for name, file in files.items():
        made[name] = Program(tmp_path_factory.mktemp(name))
        text = file.read_text("utf-8")
        if name == "losses":
            text = _with_losses(text)
        result = made[name].run("evaluate", "-", text=text)
        assert result.returncode == 0, result.stderr
    return made


def _with_losses(text: str) -> str:
    """Return the case of full marks with points lost in many ways."""
    changes = {
        "target: 100, actual: 100, unit: 家}\n    - {id: T2": "target: 100, actual: 50, unit: 家}\n    - {id: T2",
        "id: K62, indicator: 6, number: 2, met: 是": "id: K62, indicator: 6, number: 2, met: 部分, "
        "points: 0.4, reason: 缺中长期规划, reviewer: 张三",
        "evaluated: true": "evaluated: false",
        "selected_openly: true, progress_matches: true": "selected_openly: false, progress_matches: false",
        "audit_finding: []": "audit_finding: [{id: A1, problem: 超范围支出, year: 2024, source: 审计局, "
        "document: 审计报告, to_be_rectified: true, funds_diverted: false, repeated_or_unrectified: false}]",
        "handled_in_time: true": "handled_in_time: false",
        "approved_on: 2024-09-02, published_on: 2024-09-10, checks: 10, checks_passed: 10": "approved_on: 2024-09-02",
        "deadline: 2024-03-31, published_on: 2024-03-31": "deadline: 2024-03-31, published_on: 2024-04-09",
        "budget_adjustment: []": "budget_adjustment: [{id: B1, amount: 2000 万元, kind: 科目, exemption: 无}]",
    }
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", [*FILES, "losses", "visible"])
def test_what_people_read(name: str, language: str, width: int, recorded: dict[str, Program]) -> None:
    """As a person has read it; no line is wider than the terminal."""
    program = recorded[name]
    shown = program.run("improve", "latest", COLUMNS=str(width), FENMING_LANG=language)
    assert shown.returncode == 0, shown.stderr
    assert matches_golden(GOLDEN / f"improve.{name}.{language}.{width}.txt", shown.stdout)
    assert all(cell_len(line) <= width for line in shown.stdout.splitlines())


def test_as_json(recorded: dict[str, Program]) -> None:
    """Numbers are exact texts, and the answer says that the receipt was made again."""
    program = recorded["commerce"]
    answer = program.json("improve", "latest", "1")
    assert answer["reproduced"] is True
    assert answer["open"] == []
    [indicator] = answer["indicators"]
    [loss] = indicator["losses"]
    [proposal] = loss["proposals"]
    assert (indicator["number"], indicator["lost"], loss["lost"]) == (1, "0.75", "0.75")
    assert (proposal["gain"], proposal["kept"], proposal["full"], proposal["less"]) == ("0.75", "15", True, True)
    [change] = proposal["changes"]
    [field] = change["fields"]
    assert (change["act"], change["fact"]) == ("set", "T02")
    assert (field["field"], field["before"], field["after"], field["bound"]) == ("actual", "177", "165", None)


@pytest.mark.parametrize("name", [*FILES, "losses", "visible"])
def test_keeps_to_its_schema(name: str, recorded: dict[str, Program]) -> None:
    """In either language the answer is the same."""
    answer = recorded[name].json("improve", "latest")
    Draft202012Validator(schemas.schema("improvement.json")).validate(answer)
    assert json.loads(recorded[name].run("improve", "latest", "--json", FENMING_LANG="zh").stdout) == answer


def test_the_order_of_indicators(recorded: dict[str, Program]) -> None:
    """Those with the most points to gain come first, equal ones by number; then the others by number."""
    for program in recorded.values():
        indicators = program.json("improve", "latest")["indicators"]
        keys = [(-_most(each), each["number"] is None, each["number"] or 0) for each in indicators]
        assert keys == sorted(keys)


def _most(indicator: dict[str, Any]) -> Fraction:
    proposals = [proposal for loss in indicator["losses"] for proposal in loss["proposals"]]
    return max((Fraction(each["gain"]) for each in proposals if not each["assumed"]), default=Fraction(0))


def test_a_reviewers_opinion_is_somebody_elses_act(recorded: dict[str, Program]) -> None:
    """As is a spot check, of which is also said that it is assumed."""
    [output] = recorded["national"].json("improve", "latest", "2")["indicators"]
    [reduced] = [loss["none"] for loss in output["losses"] if "张三" in loss["says"]["zh"]]
    assert (reduced["why"], reduced["assumed"]) == ("fixed", None)
    [checked] = recorded["spot-check"].json("improve", "latest", "11")["indicators"]
    [loss] = checked["losses"]
    assert (loss["none"]["why"], loss["none"]["assumed"]) == ("fixed", "表上没有抽查；此为说明归零规则的示例")
    assert loss["none"]["assumed"] in loss["none"]["says"]["en"]


def test_an_indicator_that_lost_nothing(recorded: dict[str, Program]) -> None:
    """Is named, and nothing is said of the others."""
    shown = recorded["commerce"].run("improve", "latest", "5").stdout
    assert "5 新增预算项目事前绩效评估: nothing was lost, and nothing is open." in shown


def test_an_indicator_that_is_not_there(recorded: dict[str, Program]) -> None:
    """Is refused in the words of `explain`."""
    program = recorded["national"]
    result = program.run("improve", "latest", "9")
    assert (result.returncode, "There is no indicator 9" in result.stderr) == (5, True)


def test_nothing_lost(tmp_path: Path) -> None:
    """Is said."""
    program = Program(tmp_path)
    full = Path(examples.FOLDER).parent / "rulesets" / "jiangmen" / "department-special" / "2024" / "cases"
    assert program.run("evaluate", str(full / "full-marks.yaml")).returncode == 0
    shown = program.run("improve", "latest").stdout
    assert "Nothing was lost, and nothing is open." in shown
