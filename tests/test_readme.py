"""The READMEs' output is real: what is shown after a command is what the command prints."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.cli.program import PROJECT, within
from tools import readme


def here(words: Sequence[str], folder: Path, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the program in this process; `make readme` starts one for each command."""
    return within(words, folder, environ, "")


@pytest.mark.parametrize(("page", "language"), readme.PAGES.items())
def test_a_readme_shows_what_the_program_prints(
    page: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every line of a console block is in the output, in that place; a line … leaves something out."""
    assert len(readme.blocks_of((PROJECT / page).read_text("utf-8"))) >= 10
    readme.prepare(tmp_path)
    monkeypatch.setattr(readme, "start", here)
    found = readme.differences(PROJECT / page, tmp_path, [], language)
    assert list(found) == []


def test_both_readmes_show_the_same_commands() -> None:
    """But for the words of a reason."""
    commands = [
        [re.sub(r"--reason .*", "", block.command) for block in readme.blocks_of((PROJECT / page).read_text("utf-8"))]
        for page in readme.PAGES
    ]
    assert commands[0] == commands[1]


@pytest.mark.parametrize(
    ("shown", "printed", "wrong"),
    [
        ("a b", "a b", None),
        ("a", "a b", "…"),
        ("b", "a b", "b"),
        ("a c", "a b c", "c"),
        ("a … c", "a b c", None),
        ("… c", "a b c", None),
        ("a …", "a b c", None),
        ("… b …", "a b c", None),
        ("a … c …", "a b c", None),
        ("… b", "a b c", "b"),
        ("b …", "a b c", "b"),
        ("… c … a", "a b c", "a"),
        ("… a b …", "a a b", None),
        ("… x …", "a b", "x"),
        ("… b … b", "a b", "b"),
        ("", "", None),
        ("…", "", None),
        ("a", "", "a"),
        ("", "a", "…"),
    ],
)
def test_what_counts_as_a_difference(shown: str, printed: str, wrong: str | None) -> None:
    """Lines follow one another, from the beginning to the end, but for what a line … leaves out."""
    assert readme.difference(shown.split(), printed.split()) == wrong


OUTPUT = ["Card of 2024", "one: 10 points, all kept", "two: 5 points, 1 lost", "three: 7 points", "Total 21", "Done"]


@pytest.mark.parametrize(
    ("shown", "new"),
    [
        (["Total 20", "Done."], OUTPUT),
        (["…", "two: 5 points, 2 lost", "…"], ["…", OUTPUT[2], "…"]),
        (["Card of 2023", "one: 10 points, 1 lost", "…"], [*OUTPUT[:2], "…"]),
        (["…", "two: 5 points, 2 lost", "Total 20", "…"], ["…", *OUTPUT[2:5], "…"]),
        (["…", "two: 5 points, 1 lost", "…", "Total 20", "Done"], ["…", OUTPUT[2], "…", *OUTPUT[4:]]),
        (["Card of 2024", "…", "one: 10 points, all kept", "…"], [*OUTPUT[:2], "…"]),
        (["…", "Wholly other words", "…", "Done"], ["…", "Done"]),
        (["…"], ["…"]),
    ],
)
def test_an_update_shows_the_same_places_of_a_new_output(shown: list[str], new: list[str]) -> None:
    """Found by the lines most like those shown; and what it writes is not a difference."""
    assert readme.updated(shown, OUTPUT) == new
    assert readme.difference(new, OUTPUT) is None
    assert readme.updated(new, OUTPUT) == new


def test_an_update_changes_nothing_but_the_blocks(tmp_path: Path) -> None:
    """Every word around them stays, and a second update changes nothing."""
    page, program = tmp_path / "page.md", ["printf", "%s\\n"]
    before = "# One\n```console\n$ fenming a b\na\n```\n\n```console\n$ fenming x > file\n```\n```console\n$ fenming "
    page.write_text(f"{before}d e f\n…\nf\n```\nend\n", "utf-8")
    readme.update(page, tmp_path, program, "en")
    text = page.read_text("utf-8")
    assert text == before.replace("b\na\n", "b\na\nb\n") + "d e f\n…\nf\n```\nend\n"
    assert (tmp_path / "file").read_text("utf-8") == "x\n"
    readme.update(page, tmp_path, program, "en")
    assert page.read_text("utf-8") == text
    assert list(readme.differences(page, tmp_path, program, "en")) == []
    page.write_text(text.replace("…", "g"), "utf-8")
    assert list(readme.differences(page, tmp_path, program, "en")) == ["page.md: fenming d e f: g"]


def test_a_block_that_is_no_command_is_refused() -> None:
    """Otherwise it would never be run."""
    with pytest.raises(ValueError, match=r"\$ ls"):
        readme.blocks_of("```console\n$ ls\n```\n")


def test_what_a_command_leaves_in_a_clone_is_reported(tmp_path: Path) -> None:
    """By its name, unless .gitignore covers it."""
    readme.must("git", "init", "--quiet", str(tmp_path))
    (tmp_path / ".gitignore").write_text(".gitignore\n*.db\n", "utf-8")
    (tmp_path / "fenming.db").write_text("", "utf-8")
    assert list(readme.left(tmp_path, "make demo")) == []
    (tmp_path / "stray").write_text("", "utf-8")
    [line] = readme.left(tmp_path, "make demo")
    assert line.startswith("make demo leaves “?? stray” behind")


def test_what_the_readmes_make_is_ignored(tmp_path: Path) -> None:
    """Ledger, checkpoints, keys, proof and the demo's folder leave a clone clean."""
    readme.must("git", "init", "--quiet", str(tmp_path))
    shutil.copy(PROJECT / ".gitignore", tmp_path)
    made = ["fenming.db", "fenming.db.checkpoints/checkpoints", "fenming-demo/README.txt", "bureau.key", "bureau.pub"]
    for name in (*made, "deduction.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", "utf-8")
    assert [line.split("“")[1].split("”")[0] for line in readme.left(tmp_path, "")] == ["?? .gitignore"]


def test_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown option runs nothing."""
    assert readme.main(["--help"]) == 2
    assert "--update" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "README.zh-CN.md",
        "CONTRIBUTING.md",
        "docs/README.md",
        "docs/rule-language.md",
        "docs/rule-language.zh-CN.md",
        "docs/checks/README.md",
        "docs/checks/README.zh-CN.md",
        "docs/receipt.md",
        "docs/ledger-format.md",
        "docs/maintainer-guide/README.md",
        "docs/maintainer-guide/README.zh-CN.md",
    ],
)
def test_links_lead_somewhere(name: str) -> None:
    """Every relative link of the documents leads to a file."""
    page = PROJECT / name
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{name}: {target}"
