"""`ruleset test` as an examination: findings in the reader's language, --strict, --suggest, --json, acceptances."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cli import main

SOURCE = Path(__file__).parents[1] / "schemes"
MISTAKES = Path(__file__).parents[1] / "mistakes"
SPARE = ("parameters:\n", 'parameters:\n  spare: {value: 3, cites: ["3.1"]}\n')
ACCEPTED = ("\nparameters:\n", "\naccepted: {unused-parameter: {reason: 留待明年, at: [spare]}}\n\nparameters:\n")


class Examiner:
    """Examines a copy of the usual schemes in this process."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.capsys, self.monkeypatch = folder, capsys, monkeypatch
        monkeypatch.setenv("COLUMNS", "200")

    def change(self, *changes: tuple[str, str]) -> None:
        """Replace some words of the ruleset."""
        file = self.folder / "ruleset.yaml"
        text = file.read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        file.write_text(text, "utf-8")

    def run(self, *options: str, language: str = "en") -> tuple[int, str]:
        """Examine it, and return the exit code and what is printed."""
        self.monkeypatch.setenv("FENMING_LANG", language)
        code = main.run(["ruleset", "test", str(self.folder), *options])
        return code, self.capsys.readouterr().out


@pytest.fixture
def examiner(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Examiner:
    """Return an examiner."""
    shutil.copytree(SOURCE, tmp_path / "form")
    return Examiner(tmp_path / "form", capsys, monkeypatch)


def test_findings_follow_the_cases(examiner: Examiner) -> None:
    """With place, id, name, what and remedy; they change the exit code with --strict only."""
    assert examiner.run("--strict")[0] == 0
    examiner.change(SPARE)
    code, shown = examiner.run()
    assert code == 0
    cases, finding, *_ = shown.split("\n\n")
    assert cases == "17 cases, 0 differ."
    assert finding.splitlines()[0].startswith(f"{examiner.folder}/ruleset.yaml:12:")
    assert finding.splitlines()[1:] == [
        "  unused-parameter: spare",
        "  Nothing uses the parameter “spare”.",
        "  Let the rule of its clause use it in place of a number, or remove it.",
    ]
    assert shown.endswith("1 finding, 0 accepted.\n")
    assert "reach 7 of 7 rules, 4 of 4 rows of bands and 0 of 0 alternatives." in shown
    assert examiner.run("--strict")[0] == 1


def test_findings_are_in_the_readers_language(examiner: Examiner) -> None:
    """In Chinese too."""
    examiner.change(SPARE)
    (examiner.folder / "cases" / "bands.cases.csv").unlink()
    _, shown = examiner.run(language="zh")
    assert "参数“spare”没有任何地方使用。" in shown
    assert "规则 1/banded 还缺案例：e.spent / e.budget 略低于、略高于 red_line。" in shown
    assert shown.endswith("5 项发现，另有 0 项已接受。\n")
    assert "No " not in shown


def test_what_is_accepted_is_counted(examiner: Examiner) -> None:
    """And does not make --strict fail."""
    examiner.change(SPARE, ACCEPTED)
    code, shown = examiner.run("--strict")
    assert code == 0
    assert shown.endswith("0 findings, 1 accepted.\n")


def test_an_acceptance_needs_a_reason(examiner: Examiner) -> None:
    """Otherwise the ruleset is refused."""
    examiner.change(SPARE, (ACCEPTED[0], ACCEPTED[1].replace("reason: 留待明年, ", "")))
    assert examiner.run()[0] == 3


def test_findings_as_json(examiner: Examiner) -> None:
    """Each with its id, name, sentences and place; what is accepted, and what the cases reach."""
    examiner.change(SPARE)
    code, shown = examiner.run("--json", "--strict")
    answer = json.loads(shown)
    assert code == 1
    [finding] = answer["findings"]
    assert (finding["id"], finding["name"], finding["line"]) == ("unused-parameter", "spare", 12)
    assert finding["pointer"] == "/parameters/spare/value"
    assert finding["file"].endswith("ruleset.yaml")
    assert answer["accepted"] == []
    assert answer["reached"]["rows"] == {"reached": 4, "of": 4}
    examiner.change(ACCEPTED)
    answer = json.loads(examiner.run("--json")[1])
    assert (answer["findings"], [each["name"] for each in answer["accepted"]]) == ([], ["spare"])


def test_suggested_cases_can_be_put_beside_the_others(examiner: Examiner) -> None:
    """They differ until a person has put in what the clause gives."""
    table = examiner.folder / "cases" / "bands.cases.csv"
    table.unlink()
    answer = json.loads(examiner.run("--suggest", "--json")[1])
    assert [case["position"] for case in answer["cases"]] == ["below", "above", "below", "at", "above", "above"]
    assert (answer["cases"][3]["field"], answer["cases"][3]["value"]) == ("execution.execution.spent", "80 万元")
    assert answer["without"] == []
    code, shown = examiner.run("--suggest")
    assert code == 0
    (examiner.folder / "cases" / "suggested.cases.yaml").write_text(shown, "utf-8")
    code, after = examiner.run()
    assert code == 1
    assert "17 cases, 6 differ." in after
    assert "kept: ? is expected, 24 is found." in after
    assert after.endswith("0 findings, 0 accepted.\n")
    assert examiner.run("--suggest")[1] == "# Every threshold has its cases.\n"


def test_nothing_is_suggested_without_a_case_to_build_on(examiner: Examiner) -> None:
    """There are no facts then."""
    shutil.rmtree(examiner.folder / "cases")
    code, shown = examiner.run("--suggest")
    assert (code, shown[:29]) == (0, "# There are no golden cases: ")


def test_a_combination_of_readings_that_a_rule_needs_is_compiled(examiner: Examiner) -> None:
    """A mistake in a rule that applies under two alternatives together is reported, though no case is under both."""
    reading = (
        '{clause: "1.1", question: {zh: 问, en: Q}, chosen: a, alternatives: {a: {zh: 甲, en: A, scores: 一}, '
        "b: {zh: 乙, en: B, scores: 二}}, authority: 条文, decided: {by: 人, on: 2024-12-01}}"
    )
    rule = (
        "      - id: pro-rata\n",
        '      - {id: both, cites: ["2.1"], under: {R1: b, R2: b}, award: misspelt}\n      - id: pro-rata\n',
    )
    examiner.change(("\nindicators:\n", f"\nreadings:\n  R1: {reading}\n  R2: {reading}\n\nindicators:\n"), rule)
    assert examiner.run()[0] == 3


def test_cases_are_suggested_in_the_form_of_the_ruleset(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys, readings, titles of types and fields; they are read again, and differ until they are confirmed."""
    shutil.copytree(MISTAKES / "form", tmp_path / "test" / "form" / "2024")
    examiner = Examiner(tmp_path / "test" / "form" / "2024", capsys, monkeypatch)
    (examiner.folder / "cases" / "bands.cases.csv").unlink()
    lines = examiner.run("--suggest", language="zh")[1].splitlines()
    assert lines[:6] == [
        "# 把“?”换成按条款应得的数；不要照抄规则集的结果。",
        "基础: full-marks.yaml",
        "案例:",
        '  - 名称: "1/分档 资金情况.支出数 = 599.4 万元 (< 及格线)"',
        "    事实: {资金情况: {预算数: 1000 万元, 支出数: 599.4 万元}}",
        '    预期: {指标: {"1": {得分: "?"}}}  # 规则集给出 0',
    ]
    (examiner.folder / "cases" / "suggested.cases.yaml").write_text("\n".join(lines), "utf-8")
    code, after = examiner.run(language="zh")
    assert code == 1
    assert "指标 1 的 得分：应为 ?，实为 0。" in after
    assert "案例中写 `口径: {R1: 不及格}`" in after


@pytest.mark.parametrize(("old", "new"), [("  资金情况: {预算数", "  funds: {budget"), ("资金情况", "资金情况")])
def test_suggested_cases_have_titles_whatever_the_base_has(
    old: str, new: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ruleset lists the type by its title."""
    shutil.copytree(MISTAKES / "form", tmp_path / "test" / "form" / "2024")
    examiner = Examiner(tmp_path / "test" / "form" / "2024", capsys, monkeypatch)
    examiner.change(
        ("  资金情况:\n    只有一条: 是\n", "  资金情况:\n    英文名: funds\n    只有一条: 是\n"),
        ("    预算数: 万元 > 0\n", "    预算数: {类型: 万元 > 0, 英文名: budget}\n"),
    )
    (examiner.folder / "cases" / "bands.cases.csv").unlink()
    base = examiner.folder / "cases" / "full-marks.yaml"
    text = base.read_text("utf-8")
    assert old in text
    base.write_text(text.replace(old, new), "utf-8")
    shown = examiner.run("--suggest", language="zh")[1]
    assert "    事实: {资金情况: {预算数: 1000 万元, 支出数: 599.4 万元}}" in shown
