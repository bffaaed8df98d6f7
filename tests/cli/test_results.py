"""Results besides points, as people read and test them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from cli import main
from tests.cli.conftest import Run
from tests.golden import matches_golden

SOURCE = Path(main.__file__).parents[1] / "rulesets" / "demo" / "payments" / "1"
GOLDEN = Path(__file__).parent / "golden"
FACTS = """
ruleset: demo/payments/1
case: {department: 示例局, year: 2024}
facts:
  合同: {合同金额: 120.5 万元, 验收日期: 2024-12-10}
  服务: {约定次数: 300, 完成次数: 290, 满意度: 70%}
  违约: [{id: B1, 事由: 擅自转包, assumed: 来电所说}, {id: B2, 事由: 迟延履行}]
"""
OPEN = "  not_assessed: [{id: N1, indicator: 2, reason: 调查未结束}]\n"


@pytest.fixture
def run(fenming: Run) -> Run:
    """Return what runs a command in a folder with a case."""
    Path("case.yaml").write_text(FACTS, "utf-8")
    Path("open.yaml").write_text(FACTS.replace("  违约: [", "  违约: []\n  x: [").split("  x: ")[0] + OPEN, "utf-8")
    return fenming


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_card_shows_the_results_below_its_table(language: str, width: int, run: Run) -> None:
    """Settled ones with their sentences, open ones with what they wait for; as a person has read it."""
    shown = [run("evaluate", file, "--dry-run", language=language, width=width) for file in ("case.yaml", "open.yaml")]
    assert matches_golden(GOLDEN / f"results-card.{language}.{width}.txt", "\n\n".join(shown))
    assert all(cell_len(line) <= width for text in shown for line in text.splitlines())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_result_is_explained_like_points(language: str, run: Run) -> None:
    """By its name or its title, each firing with its rule, clause, facts and formula; and with all that was lost."""
    run("evaluate", "case.yaml")
    deep = "--depth", "all"
    one = run("explain", "latest", "payment", *deep, language=language)
    assert one == run("explain", "latest", "应付金额", *deep, language=language)
    text = "\n".join(
        [one, *(run("explain", "latest", name, *deep, language=language) for name in ("conclusion", "deviation"))]
    )
    assert matches_golden(GOLDEN / f"results-explained.{language}.txt", text)
    whole = run("explain", "latest", language=language)
    assert [name in whole for name in ("应付金额", "考核结论", "完成偏差率", "整改期限")] == [True] * 4


def test_a_result_that_is_not_there_is_named_with_those_that_are(run: Run) -> None:
    """With a code of its own; where one is called nearly so, that one."""
    run("evaluate", "case.yaml")
    shown = run("explain", "latest", "something", ends=5)
    assert "evaluation.no-such-result" in shown
    assert "payment, conclusion, deviation, rectify_by" in shown
    assert "“payment”?" in run("explain", "latest", "paymnt", ends=5)


def test_json_has_the_results(run: Run) -> None:
    """On the card with the firings behind each, in an explanation with their formulas."""
    card = json.loads(run("evaluate", "case.yaml", "--json"))
    found = {result["name"]: result for result in card["results"]}
    assert [(name, line["value"], line["unit"]) for name, line in found.items()] == [
        ("payment", "108.45", "万元"),
        ("conclusion", "整改", ""),
        ("deviation", "-1/30", ""),
        ("rectify_by", "2025-01-09", ""),
    ]
    assert [firing["facts"] for firing in found["conclusion"]["firings"]] == [["B1"], ["B2"]]
    assert [line["assumed"] for line in found.values()] == [False, True, False, False]
    explained: dict[str, Any] = json.loads(run("explain", "latest", "payment", "--json"))["explanation"]
    assert explained["indicators"] == []
    [payment] = explained["results"]
    [firing] = payment["firings"]
    formulas = {formula["name"]: formula["value"]["receipt"] for formula in firing["formulas"]}
    assert formulas == {"when": "true", "value": "108.45"}


def test_the_ledger_holds_and_replays_results(run: Run) -> None:
    """To the byte."""
    run("evaluate", "case.yaml")
    run("replay", "latest")
    run("audit", "verify")


CASES = """base: full.yaml
cases:
  - {name: 对, expect: {results: {payment: 120万元, 考核结论: 通过, deviation: 0%, rectify_by: null}}}
  - {name: 错, expect: {results: {payment: 108 万元, rectify_by: 2025-01-09, nothing: null}}}
"""


def test_a_golden_case_expects_results(run: Run, tmp_path: Path) -> None:
    """By name or title; what differs is reported, also where a result has no value."""
    shutil.copytree(SOURCE, tmp_path / "form")
    for file in (tmp_path / "form" / "cases").glob("*.cases.*"):
        file.unlink()
    (tmp_path / "form" / "cases" / "a.cases.yaml").write_text(CASES, "utf-8")
    shown = run("ruleset", "test", "form", ends=1)
    assert "2 cases, 1 differ" in shown
    assert "Result payment: 108 万元 is expected, 120 万元 is found." in shown
    assert "Result rectify_by: 2025-01-09 is expected, – is found." in shown
    assert "There is no result nothing in the ruleset." in shown
    assert "The cases reach 5 of 9 rules" in shown
    assert "No golden case reaches the rule 应付金额/部分" in shown
    assert "untested-threshold" in shown


def test_a_difference_of_results_is_shown(run: Run, tmp_path: Path) -> None:
    """What a result is, and its rules, under its own heading; one that was added or dropped, too."""
    shutil.copytree(SOURCE, tmp_path / "new")
    file = tmp_path / "new" / "ruleset.yaml"
    text = file.read_text("utf-8")
    for old, new in (
        ("选项: [通过, 整改]", "选项: [通过, 整改, 终止]"),
        ("取值: 验收日期 + 30 天", "取值: 验收日期 + 20 天"),
        ("  完成偏差率:\n    类型: 百分比", "  完成率偏差:\n    类型: 百分比"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    shown = run("ruleset", "diff", str(SOURCE), "new")
    for words in (
        "Choices: 通过, 整改 → 通过, 整改, 终止",
        "Result deviation (完成偏差率), dropped: a percentage",
        "Result 完成率偏差, added: a percentage",
        "Amount: accepted_on + 30 天 → accepted_on + 20 天",
    ):
        assert words in shown, shown
