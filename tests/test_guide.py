"""The maintainer's guide is real: its changes make the ruleset that is shipped, and its commands print what it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.cli.program import within
from tests.compiled import ruleset_of
from tools import guide, readme

TEXT = {page: (guide.GUIDE / page).read_text("utf-8") for page in guide.PAGES}


def here(words: Sequence[str], folder: Path, environ: Mapping[str, str]) -> CompletedProcess[str]:
    """Run the program in this process; `make guide` starts one for each command."""
    return within(words, folder, environ, "")


@pytest.mark.parametrize(("page", "language"), guide.PAGES.items())
def test_the_guide_makes_the_ruleset_that_is_shipped(
    page: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every shown line is printed in that place, and every file comes out as it is in rulesets/."""
    monkeypatch.setattr(readme, "start", here)
    bench = guide.Bench(tmp_path, language, program=())
    assert list(guide.differences(page, TEXT[page], bench)) == []
    assert "ruleset.yaml" in guide.files(bench.made)


def test_both_pages_do_the_same() -> None:
    """The same commands, and the same changes of the same files, in the same order."""
    chinese, english = (
        [(block.kind, block.file, block.commands or block.content) for block in guide.blocks_of(text)]
        for text in TEXT.values()
    )
    assert chinese == english
    assert {kind for kind, _, _ in chinese} == {"console", "diff", "csv"}


@pytest.mark.parametrize("page", guide.PAGES)
def test_every_block_is_done(page: str) -> None:
    """No other block is in the pages: it would be neither run nor applied."""
    assert TEXT[page].count("```") == 2 * len(guide.blocks_of(TEXT[page]))


def test_the_ruleset_says_that_it_is_fictional() -> None:
    """In its title, which every card shows."""
    assert "〔虚构示例〕" in str(ruleset_of(guide.MADE).title)


FILE = "a\nb\nc\n\nd\nb\ne\n"


@pytest.mark.parametrize(
    ("change", "new"),
    [
        ("-b\n+B\n", "a\nB\nc\n\nd\nb\ne\n"),
        (" d\n-b\n+B\n", "a\nb\nc\n\nd\nB\ne\n"),
        ("-a\n…\n-b\n…\n-b\n", "c\n\nd\ne\n"),
        (" c\n\n+x\n d\n", "a\nb\nc\n\nx\nd\nb\ne\n"),
        ("+x\n a\n…\n e\n+y\n", "x\na\nb\nc\n\nd\nb\ne\ny\n"),
    ],
)
def test_a_change_is_made_where_its_lines_are(change: str, new: str) -> None:
    """Each piece after the one before it."""
    assert guide.patched(FILE, guide.Block("diff", "file", change)) == new


@pytest.mark.parametrize("change", ["-x\n", "-b\n…\n-a\n", " a\n-c\n", "+x\n", "-b\n…\n"])
def test_a_change_that_has_no_place_is_an_error(change: str) -> None:
    """Otherwise the guide would say something that it does not do."""
    with pytest.raises(ValueError, match="file does not have"):
        guide.patched(FILE, guide.Block("diff", "file", change))


def test_what_cannot_be_done_is_an_error(tmp_path: Path) -> None:
    """A command that is none of the guide's, and a new file that is there already."""
    bench = guide.Bench(tmp_path, "en", program=())
    with pytest.raises(ValueError, match="rm -r own"):
        bench.do(guide.Block("console", "", "$ rm -r own\n"))
    bench.do(guide.Block("csv", "new.csv", "a,b\n"))
    assert (tmp_path / "new.csv").read_text("utf-8") == "a,b\n"
    with pytest.raises(ValueError, match=r"new\.csv is there already"):
        bench.do(guide.Block("csv", "new.csv", ""))


def test_commands_are_done_in_order(tmp_path: Path) -> None:
    """What is set counts for the commands after it; what the last prints is what there is to show."""
    bench = guide.Bench(tmp_path, "en", program=("printf", "%s\\n"))
    block = guide.Block("console", "", "$ mkdir own\n$ export A=b\n$ fenming c d\nshown\n")
    assert bench.do(block) == ["c", "d"]
    assert (bench.environ["A"], (tmp_path / "own").is_dir()) == ("b", True)
    assert (block.shown, block.printing(["x"]).content) == (
        ["shown"], "$ mkdir own\n$ export A=b\n$ fenming c d\nx\n",
    )  # fmt: skip


def test_a_difference_is_reported(tmp_path: Path) -> None:
    """Of a line that is shown and not printed, and of the ruleset that is shipped."""
    bench = guide.Bench(tmp_path, "en", program=("printf", "%s\\n"))
    found = list(guide.differences("page", "```console\n$ mkdir own\n$ fenming a\nb\n```\n", bench))
    assert found[0] == "page: fenming a: b"
    assert f"page: ruleset.yaml is not what is in rulesets/{guide.MADE}" in found[1:]


def test_an_update_writes_both_pages_and_the_ruleset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The changes of the Chinese page go into the English one; the words around them stay."""
    monkeypatch.setattr(guide, "GUIDE", tmp_path)
    monkeypatch.setattr(guide, "ROOT", tmp_path)
    monkeypatch.setattr(guide, "PROGRAM", ("printf", "%s\\n"))
    made = f"own/{guide.MADE}"
    blocks = "```console\n$ mkdir own\n$ mkdir own/jiangmen\n$ mkdir own/jiangmen/department-special\n"
    blocks += f"$ mkdir {made}\n$ fenming {{0}}\n{{1}}```\n{{2}}\n```yaml {made}/ruleset.yaml\n{{3}}\n```\n"
    (tmp_path / "README.zh-CN.md").write_text(blocks.format("a", "", "文字", "新"), "utf-8")
    (tmp_path / "README.md").write_text(blocks.format("z", "", "words", "old"), "utf-8")
    guide.update()
    assert (tmp_path / "README.zh-CN.md").read_text("utf-8") == blocks.format("a", "a\n", "文字", "新")
    assert (tmp_path / "README.md").read_text("utf-8") == blocks.format("a", "a\n", "words", "新")
    assert (tmp_path / "rulesets" / guide.MADE / "ruleset.yaml").read_text("utf-8") == "新\n"


def test_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown option runs nothing."""
    assert guide.main(["--help"]) == 2
    assert "--update" in capsys.readouterr().err
