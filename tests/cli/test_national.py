"""The national self-evaluation of a project: its rows as the card shows them, and what wrong rows are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

import examples
from cli import main
from engine.ruleset import read_ruleset
from tests.golden import matches_golden
from workflow.library import folder_of, sources_of

PROJECT = examples.FOLDER / "national-project-2020" / "project.yaml"
GOLDEN = Path(__file__).parent / "golden"


def evaluated(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, **environ: str
) -> tuple[int, str, str]:
    """Return how a dry run ends, and what it prints."""
    for key, value in environ.items():
        monkeypatch.setenv(key, value)
    capsys.readouterr()
    code = main.run(["evaluate", str(file), "--dry-run"])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_how_the_example_is_shown(
    language: str, width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a person has read it: rows by level in the order of the file; no line is wider than the terminal."""
    code, text, _ = evaluated(PROJECT, capsys, monkeypatch, FENMING_LANG=language, COLUMNS=str(width))
    assert code == 0
    assert matches_golden(GOLDEN / f"national.{language}.{width}.txt", text)
    assert all(cell_len(line) <= width for line in text.splitlines())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("分值: 15, ", "", "缺少“分值”"),
        ("分值: 15, 自评得分: 15", "分值: 12, 自评得分: 12", "指标 2 各行分值合计为 47，该指标的分值是 50"),
        ("评定档次: 部分达成, ", "", "缺少“评定档次”"),
        ("实际完成值: 16.8", "实际完成值: 16.8万元左右", "实际完成值填数，不带单位；不能用数表示的，性质填“定性”。"),
        ("计量单位: 万元,", "计量单位: 万元, 评定档次: 达成,", "填了“评定档次”，与其他各项矛盾"),
        ("评定比例: 70%", "评定比例: 85%", "“设备投入使用的及时性”评为部分达成，给分值的 85%，不在这一档之内"),
        ("自评得分: 9.7", "自评得分: 11", "“送检单位满意度”（满意度）一行自评 11 分，而分值只有 10 分"),
    ],
)
def test_a_wrong_row_is_named(
    old: str, new: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what is wrong with it, before anything is scored."""
    text = PROJECT.read_text("utf-8")
    assert old in text
    file = tmp_path / "project.yaml"
    file.write_text(text.replace(old, new, 1), "utf-8")
    code, _, errors = evaluated(file, capsys, monkeypatch, FENMING_LANG="zh", COLUMNS="400")
    assert (code, said in errors) == (3, True), errors


def test_its_words_are_marked_as_paraphrases() -> None:
    """Nobody has compared them with the document itself."""
    ruleset = read_ruleset(sources_of(folder_of("national/project-self-evaluation/2020", None)))
    assert ruleset.clauses
    assert [clause for clause, words in ruleset.clauses.items() if not words.startswith("〔转述〕")] == []
