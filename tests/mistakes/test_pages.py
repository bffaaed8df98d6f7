"""The Chinese pages of the checks: what a page says to avoid gives its finding, and what it says to prefer gives none.

The examples are of form/ with its cases in Chinese. What a page prefers is in there, word for word; what it says to
avoid is put in its place, except what is in there too and only shows the context. `…` separates what is apart.
"""

from __future__ import annotations

import re
import shutil
import textwrap
from pathlib import Path

import pytest
import yaml

from cli import main
from engine.analysis.examination import CHECKS, UNNEEDED
from engine.language.vocabulary import vocabulary
from tests.mistakes.test_mistakes import HERE, ID, reports
from workflow.library import CASES

PAGES = Path(main.__file__).parents[1] / "docs" / "checks"
AVOID, PREFER = "不要这样写", "应当这样写"
OF_CONFIRMATIONS = "unreviewed", "unneeded-confirmation"
HEAD = {"ruleset": "规则集", "case": "案卷", "department": "部门", "facts": "事实"}


WORDS = {**vocabulary("keys").chinese, **HEAD}


def in_chinese(file: Path) -> str:
    """Return a file of the form's cases with its keys, or the names of its columns, in Chinese."""
    text = file.read_text("utf-8")
    key = r"(?<![^,.\n])[a-z_]+(?=[,.])" if file.suffix == ".csv" else r"(?<![\w.])[a-z_]+(?=:)"
    return re.sub(key, lambda found: WORDS.get(found[0], found[0]), text)


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """Return a folder of rulesets with a copy of the form, its cases in Chinese."""
    shutil.copytree(HERE / "form", tmp_path / ID)
    for file in (tmp_path / ID / CASES).iterdir():
        file.write_text(in_chinese(file), "utf-8")
    return tmp_path


def section(page: str, heading: str) -> str:
    """Return what is under a heading of a page."""
    return page.split(f"\n## {heading}\n", 1)[1].split("\n## ", maxsplit=1)[0]


def pieces(text: str) -> list[str]:
    """Return the pieces of a section's examples, without comments; a piece of a comment alone is empty."""
    example = "\n".join(line if line.startswith("    ") else "    …" for line in text.strip("\n").splitlines())
    parts = re.split(r"^ *…\n?", f"{example}\n", flags=re.MULTILINE)
    return [re.sub(r"(^|  ) *#.*$", "", textwrap.dedent(part), flags=re.MULTILINE) for part in parts if part.strip()]


class Form:
    """The files of the form, in which a page's pieces are."""

    def __init__(self, folder: Path) -> None:
        self.files = {file: file.read_text("utf-8") for file in sorted(folder.rglob("*.*")) if file.is_file()}

    def places(self, piece: str) -> list[tuple[Path, re.Match[str]]]:
        """Return where a piece is, as a whole number of lines, indented in any way."""
        lines = [re.escape(line.rstrip()) for line in piece.strip("\n").splitlines()]
        pattern = r"^(?P<indent> *)" + r"[ ]*\n(?P=indent)".join(lines) + r" *$\n"
        found = [(file, re.finditer(pattern, text, re.MULTILINE)) for file, text in self.files.items()]
        return [(file, match) for file, matches in found for match in matches]

    def edit(self, old: str, new: str) -> None:
        """Put one piece in the place of another, which the form has once."""
        [(file, match)] = self.places(old)
        lines = textwrap.indent(f"{new.strip()}\n" if new.strip() else "", match["indent"])
        text = self.files[file]
        self.files[file] = f"{text[: match.start()]}{lines}{text[match.end() :]}"
        file.write_text(self.files[file], "utf-8")


@pytest.mark.parametrize("check", [*CHECKS, UNNEEDED])
def test_what_a_page_avoids_is_found(check: str, form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing is found in what it prefers."""
    page = (PAGES / f"{check}.zh-CN.md").read_text("utf-8")
    if check in OF_CONFIRMATIONS:
        words = ["--all", "--by", "李四", "--on", "2025-01-10", "--rulesets", str(form)]
        assert main.run(["ruleset", "confirm", ID, *words]) == 0, capsys.readouterr()
    assert reports(form) == set()
    files = Form(form / ID)
    avoided = pieces(section(page, AVOID))
    preferred = [piece for piece in pieces(section(page, PREFER)) if not piece.startswith("fenming ")]
    assert [piece for piece in preferred if len(files.places(piece)) != 1] == []
    changed = [piece for piece in avoided if not piece.strip() or not files.places(piece)]
    for old, new in zip((piece for piece in preferred if piece not in avoided), changed, strict=True):
        files.edit(old, new)
    assert check in {report.id for report in reports(form)}


@pytest.mark.parametrize("page", ["README", "clause-without-rule"])
def test_an_acceptance_on_a_page_is_read(page: str, form: Path) -> None:
    """With the finding that it accepts."""
    text = (PAGES / f"{page}.zh-CN.md").read_text("utf-8")
    [example] = [piece for piece in pieces(text.split("\n## 为什么\n")[-1]) if piece.startswith("已接受:")]
    (entry,) = yaml.safe_load(example)["已接受"].items()
    ruleset = form / ID / "ruleset.yaml"
    changed = ruleset.read_text("utf-8").replace('      "4.3":', '      "5.0": 导语。\n      "4.3":')
    ruleset.write_text(changed, "utf-8")
    assert {report.id for report in reports(form)} == {"clause-without-rule"}
    ruleset.write_text(changed.replace("已接受:\n", f"已接受:\n  {entry[0]}: {entry[1]}\n").replace("'", '"'), "utf-8")
    assert reports(form) == set()


def test_the_finding_in_the_list_is_as_printed(
    form: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a clause that was added to the form; the list of the checks is named below, in the reader's language."""
    monkeypatch.setenv("FENMING_LANG", "zh")
    monkeypatch.setenv("COLUMNS", "200")
    ruleset = form / ID / "ruleset.yaml"
    text = ruleset.read_text("utf-8").replace('      "4.3":', '      "4.4": 投诉人不满意的，酌情扣分。\n      "4.3":')
    ruleset.write_text(text, "utf-8")
    main.run(["ruleset", "test", ID, "--rulesets", str(form)])
    printed = capsys.readouterr().out.replace(f"{form / ID}/", "")
    [shown] = [piece for piece in pieces((PAGES / "README.zh-CN.md").read_text("utf-8")) if piece.startswith("ruleset")]
    assert shown in printed
    assert "各种发现的说明见 docs/checks/README.zh-CN.md。" in printed
