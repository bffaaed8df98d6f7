"""A ruleset's id is its place below a folder of rulesets."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli import main
from tests.cli.program import PROJECT, Program
from workflow.library import rulesets

OWN = "demo/schemes/1"
COPY = "demo/schemes/2"
FACTS = PROJECT / "rulesets" / OWN / "cases" / "good.yaml"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return a folder of rulesets with a copy of a ruleset, in which nothing was changed."""
    folder = tmp_path / "library"
    shutil.copytree(PROJECT / "rulesets" / OWN, folder / COPY)
    shutil.copytree(PROJECT / "rulesets" / "calendars", folder / "calendars")
    return folder


def rename(folder: Path, *files: str) -> None:
    """Give files of a copy the id of their place."""
    for file in files:
        text = (folder / file).read_text("utf-8")
        (folder / file).write_text(text.replace(OWN, COPY), "utf-8")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", (f"The id is “{OWN}”, but the ruleset is in the folder “{COPY}”.", f"`编号: {COPY}`")),
        ("zh", (f"编号是“{OWN}”，而规则集所在的文件夹是“{COPY}”。", f"`编号: {COPY}`")),
    ],
)
def test_an_id_that_is_not_the_place(program: Program, library: Path, language: str, words: tuple[str, ...]) -> None:
    """Every command refuses it with file and line, whether it is found by id or by path, and writes nothing."""
    facts = library.parent / "facts.yaml"
    facts.write_text(FACTS.read_text("utf-8").replace(OWN, COPY), "utf-8")
    for command in (
        ("ruleset", "test", COPY),
        ("ruleset", "show", str(library / COPY)),
        ("facts", "template", COPY),
        ("facts", "types", COPY),
        ("evaluate", str(facts)),
    ):
        result = program.run(*command, FENMING_LANG=language, FENMING_RULESETS=str(library), COLUMNS="200")
        assert (result.returncode, result.stdout) == (3, ""), command
        assert f"{library / COPY}/ruleset.yaml:3:5 /编号" in result.stderr, command
        for word in words:
            assert word in result.stderr, command
    assert not program.ledger.exists()
    listed = program.run("ruleset", "list", "--rulesets", str(library))
    assert listed.returncode == 3
    assert listed.stdout.count(OWN) == 1


def test_it_is_reported_with_every_other_fault(
    library: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One reading of the ruleset reports the id and what else is wrong."""
    monkeypatch.setenv("FENMING_LANG", "en")
    file = library / COPY / "ruleset.yaml"
    file.write_text(file.read_text("utf-8").replace("事实: {", "事实: {nosuch: {}, ", 1), "utf-8")
    assert main.run(["ruleset", "test", COPY, "--rulesets", str(library)]) == 3
    reported = capsys.readouterr().err
    assert "is in the folder" in reported
    assert "“nosuch”" in reported


def test_a_place_is_known_however_it_is_spelt(
    library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By a path from elsewhere, by a link to the folder of rulesets, by a link among the rulesets."""
    monkeypatch.chdir(library / "demo")
    (library.parent / "link").symlink_to(library)
    (library / "my").mkdir()
    (library / "my" / "form").symlink_to(library / COPY)
    rename(library / COPY, "ruleset.yaml", "cases/good.yaml")
    for spelt in (COPY, "schemes/2", f"../{COPY}", f"{library.parent}/link/{COPY}"):
        assert main.run(["ruleset", "show", spelt, "--rulesets", str(library), "--json"]) == 0, spelt
    assert main.run(["ruleset", "show", "my/form", "--rulesets", str(library), "--json"]) == 3
    assert "my/form" in capsys.readouterr().err


def test_elsewhere_there_is_no_place(library: Path) -> None:
    """A ruleset that is named by a path outside of the folders of rulesets may have any id."""
    assert main.run(["ruleset", "test", str(library / COPY)]) == 0
    assert main.run(["ruleset", "test", str(library / COPY), "--rulesets", str(library / COPY)]) == 0


def test_replay_asks_for_no_place(program: Program, library: Path) -> None:
    """What was recorded by a ruleset elsewhere is shown and replayed, wherever that ruleset went."""
    facts = library.parent / "facts.yaml"
    facts.write_text(FACTS.read_text("utf-8").replace(OWN, str(library / COPY)), "utf-8")
    assert program.run("evaluate", str(facts)).returncode == 0
    for command in (("replay", "--all"), ("show", "latest"), ("explain", "latest", "1")):
        result = program.run(*command, FENMING_RULESETS=str(library))
        assert result.returncode == 0, result.stderr


def test_golden_cases_of_another_ruleset(
    library: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The facts that the cases build on must name the ruleset that they are next to; the file on disk is named."""
    monkeypatch.setenv("COLUMNS", "200")
    command = ["ruleset", "test", COPY, "--rulesets", str(library)]
    rename(library / COPY, "ruleset.yaml")
    for language, words in (
        ("en", f"These facts are for the ruleset “{OWN}”, but the file is next to “{COPY}”."),
        ("zh", f"这些事实属于规则集“{OWN}”，却放在“{COPY}”旁边。"),
    ):
        monkeypatch.setenv("FENMING_LANG", language)
        assert main.run(command) == 3
        reported = capsys.readouterr().err
        assert f"{library / COPY}/cases/good.yaml:1:10 /ruleset" in reported
        assert words in reported
        assert f"`ruleset: {COPY}`" in reported
    rename(library / COPY, "cases/good.yaml")
    assert main.run(command) == 0


@pytest.mark.parametrize(("page", "section"), [("rule-language.md", "Next year"), ("rule-language.zh-CN.md", "新一年")])
def test_next_year_as_a_language_page_tells(
    page: str, section: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first command works: the copy is made in a folder of one's own, which is made too."""
    text = (PROJECT / "docs" / page).read_text("utf-8").split(f"\n## {section}\n")[1]
    lines = [line.split() for line in text.splitlines()]
    copied = next(words for words in lines if words[:1] == ["fenming"])
    assert copied[:3] == ["fenming", "ruleset", "new"]
    monkeypatch.chdir(tmp_path)
    assert main.run(copied[1:]) == 0, capsys.readouterr().err
    assert (tmp_path / "own" / copied[3] / "ruleset.yaml").is_file()


@pytest.mark.parametrize("name", ["rule-language.md", "rule-language.zh-CN.md"])
def test_the_language_page_names_the_schema_as_rulesets_do(name: str) -> None:
    """The editor's line on the page is the one that the rulesets begin with, and leads to the schema."""
    page = (PROJECT / "docs" / name).read_text("utf-8")
    for ruleset in rulesets(None):
        folder = PROJECT / "rulesets" / ruleset
        if len(folder.relative_to(PROJECT).parts) == 4:
            first = (folder / "ruleset.yaml").read_text("utf-8").splitlines()[0]
            assert f"    {first}\n" in page
            assert (folder / first.partition("$schema=")[2]).is_file()
