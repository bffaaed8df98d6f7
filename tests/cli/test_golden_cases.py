"""`ruleset test`: what differs, what is not read and what is not there is reported in the reader's language."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cli import main

SOURCE = Path(main.__file__).parents[1] / "rulesets" / "demo" / "schemes" / "1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a ruleset with a folder of golden cases that holds only the facts to build on."""
    shutil.copytree(SOURCE, tmp_path / "form")
    for name in ("schemes.cases.yaml", "bands.cases.csv"):
        (tmp_path / "form" / "cases" / name).unlink()
    return tmp_path / "form"


class Runner:
    """Runs the cases of a folder in this process."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.capsys, self.monkeypatch = folder, capsys, monkeypatch
        monkeypatch.setenv("COLUMNS", "200")

    def run(self, cases: str, language: str = "en", *more: str) -> tuple[int, str]:
        """Write the cases, run them, and return the exit code and what is printed."""
        if cases:
            (self.folder / "cases" / "a.cases.yaml").write_text(f"base: good.yaml\ncases:\n{cases}", "utf-8")
        self.monkeypatch.setenv("FENMING_LANG", language)
        code = main.run(["ruleset", "test", str(self.folder), *more])
        shown = self.capsys.readouterr()
        return code, shown.out + shown.err


@pytest.fixture
def runner(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Runner:
    """Return the runner of the folder."""
    return Runner(folder, capsys, monkeypatch)


DIFFERENT = '  - {name: 甲, expect: {total: "1", grade: null, indicators: {"1": {kept: "2"}, "99": {kept: "1"}}}}\n'


def test_differences_are_in_the_readers_language(runner: Runner) -> None:
    """Each says what was expected and what was found."""
    code, told = runner.run(DIFFERENT)
    assert code == 1
    assert "total: 1 is expected, " in told
    assert "grade: – is expected, " in told
    assert "Indicator 1, kept: 2 is expected, " in told
    assert "There is no indicator 99" in told
    assert "1 case, 1 differ." in told
    code, told = runner.run(DIFFERENT, "zh")
    assert code == 1
    for words in ("total：应为 1，实为", "指标 1 的 kept：应为 2，实为", "没有第 99 项指标", "1 个案例，1 个不同。"):
        assert words in told
    assert "expected" not in told


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("words", ["is not a number of anything", "service", "The facts do not mention", "没有说到"])
def test_an_expected_error_is_found_in_either_language(runner: Runner, language: str, words: str) -> None:
    """Whichever language the reader has; another error, or none, is a difference."""
    case = f'  - {{name: 甲, facts: {{service: null}}, expect: {{error: "{words}"}}}}\n'
    code, told = runner.run(case, language)
    assert code == (1 if words == "is not a number of anything" else 0), told
    if code:
        assert ("An error at" in told) == (language == "en")
        assert ("报错" in told) == (language == "zh")
    code, told = runner.run(f'  - {{name: 甲, expect: {{error: "{words}"}}}}\n', language)
    assert code == 1
    assert ("is expected, but there is no error" in told) == (language == "en")


@pytest.mark.parametrize(
    ("expected", "fits"),
    [("facts.not-mentioned", True), ("facts.unit", False), ("not-mentioned", False), ("ts.not-mentioned", False)],
)
def test_an_error_is_expected_by_its_whole_code(runner: Runner, expected: str, fits: bool) -> None:
    """A part of a code, or another code, is not the one; a difference names the code that there is."""
    code, told = runner.run(f'  - {{name: 甲, facts: {{service: null}}, expect: {{error: "{expected}"}}}}\n', "en")
    assert code == (0 if fits else 1), told
    assert ("[facts.not-mentioned]" in told) != fits


def test_an_error_of_the_facts_has_its_remedy(runner: Runner) -> None:
    """As `evaluate` shows it, in the text and as JSON."""
    case = "  - {name: 甲, facts: {service: null}, expect: {grade: 优}}\n"
    code, told = runner.run(case, "en")
    assert code == 1
    [line] = [line for line in told.splitlines() if "[facts.not-mentioned]" in line]
    assert "`service: []` if there was none" in line
    [differing] = json.loads(runner.run(case, "en", "--json")[1])["differ"]
    assert differing["differences"] == [line.strip()]


CASES = """\
  - {name: 甲, expect: {total: "1"}}
  - {name: 乙, expect: {total: "1"}}
  - {name: 丙, facts: {service: []}, expect: {total: "1"}}
"""


def test_an_error_of_the_base_file_is_shown_once(runner: Runner) -> None:
    """With how many cases it stops, and which where it is not all; other differences stay with their cases."""
    file = runner.folder / "cases" / "good.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("visits: 10", "visits: 多"), "utf-8")
    _, told = runner.run(CASES, "zh")
    assert told.count("[value.type]") == 1
    assert "2 个案例因此不能计分：甲、乙。" in told
    assert "  丙\n" in told
    assert "  甲\n" not in told
    file.write_text(text.replace("ruleset:", "rule:"), "utf-8")
    _, told = runner.run(CASES, "zh")
    assert "以 good.yaml 为基础的 3 个案例都因此不能计分。" in told


def test_no_cases_are_reported(runner: Runner) -> None:
    """Otherwise a ruleset without cases would pass."""
    (runner.folder / "cases" / "good.yaml").unlink()
    for language, words in (("en", "There are no golden cases"), ("zh", "没有标准案例")):
        code, told = runner.run("", language)
        assert code == 1
        assert words in told
    (runner.folder / "cases").rmdir()
    assert runner.run("")[0] == 1


@pytest.mark.parametrize("name", ["b.case.yaml", "b.cases.yml", "other.yaml", "more/c.cases.yaml", "notes.txt"])
def test_a_file_that_is_not_read_is_reported(runner: Runner, name: str) -> None:
    """A misnamed file of cases would otherwise pass without being run."""
    file = runner.folder / "cases" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("x: 1\n", "utf-8")
    (runner.folder / "cases" / ".hidden").write_text("", "utf-8")
    case = '  - {name: 甲, expect: {indicators: {"1": {status: assessed}}}}\n'
    for language, words in (("en", "is not read"), ("zh", "没有被读取")):
        code, told = runner.run(case, language)
        assert code == 1
        assert f"cases/{name} {words}" in told
    code, told = runner.run(case, "en", "--json")
    assert (code, json.loads(told)["unread"]) == (1, [name])
    file.unlink()
    assert runner.run(case)[0] == 0


def test_flags_can_be_expected(runner: Runner) -> None:
    """By the names of the rules that flag, all of them."""
    code, told = runner.run("  - {name: 甲, expect: {flags: [checks/nothing]}}\n")
    assert code == 1
    assert "flags: checks/nothing is expected, – is found." in told
    assert runner.run("  - {name: 甲, expect: {flags: []}}\n")[0] == 0


NAMES = "超支: over, 从严: strict, 从宽: lenient, 以第四项封顶: capped"
WRITTEN = """
口径:
  R1: {条款: "1.1", 问题: 问, 采用: 从宽, 可选: {从宽: {中文: 甲, 得分情形: 一}, 从严: {中文: 乙, 得分情形: 二}},
       权威依据: 条文, 决定: {决定人: 人, 日期: 2024-12-01}}
核对:
  - {编号: 超支, 依据: ["1.1"], 口径为: {R1: 从严}, 逐项: {e: execution}, 条件: e.spent > e.budget, 提示: 警告,
     说明: "超支 {e.spent - e.budget}。"}
"""


@pytest.mark.parametrize(
    ("reading", "rule"), [("从严", "核对/超支"), ("strict", "checks/over"), ("从严", "checks/超支")]
)
def test_alternatives_and_rules_are_called_as_the_ruleset_writes_them(runner: Runner, reading: str, rule: str) -> None:
    """Or as receipts name them."""
    file = runner.folder / "ruleset.yaml"
    file.write_text(file.read_text("utf-8").replace("以第四项封顶: capped", NAMES) + WRITTEN, "utf-8")
    facts = "facts: {execution: {budget: 100 万元, spent: 130 万元, unit_cost: 100 元}}"
    expected = f"expect: {{flags: [{rule}], sentences: {{{rule}: 超支 30 万元。}}}}"
    code, told = runner.run(f"  - {{name: 甲, readings: {{R1: {reading}}}, {facts}, {expected}}}\n")
    assert code == 0, told
    assert "2 of 2 alternatives" in told
    code, told = runner.run(f"  - {{name: 甲, readings: {{R1: {reading}}}, expect: {{flags: [{rule}]}}}}\n")
    assert code == 1
    assert "flags: checks/over is expected, – is found." in told
    assert runner.run(f"  - {{name: 甲, {facts}, expect: {{flags: []}}}}\n")[0] == 0


def test_a_text_without_quotes_has_the_remedy_of_quotes(runner: Runner) -> None:
    """A number where a text is wanted is not to be filled in or removed, but quoted."""
    code, told = runner.run('  - {name: 甲, expect: {indicators: {"1": {kept: 9}}}}\n')
    assert code == 3
    assert 'Put it in quotes, so that it is a text: "9".' in told
