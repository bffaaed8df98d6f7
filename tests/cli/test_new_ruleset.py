"""`ruleset new` copies a ruleset whole, and `ruleset confirm` writes down who has confirmed what of it."""

from __future__ import annotations

import json
import os
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from engine.base.faults import Busy, Refused, Unavailable
from engine.ruleset.rewrite import with_confirmations
from tests.cli.program import Program
from workflow.confirm import Wanted, confirm, select
from workflow.files import replace_file, write_folder
from workflow.new_ruleset import new_ruleset

ROOT = Path(__file__).parents[2] / "rulesets"
SOURCE = ROOT / "demo" / "schemes" / "1"
FORM, NEXT = "jiangmen/department-special/2024", "jiangmen/department-special/2025"


class Maintainer:
    """Somebody with a folder of rulesets of their own."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.own = program.folder / "own"
        self.own.mkdir()

    def run(self, *words: str, language: str = "en") -> tuple[int, str, str]:
        """Run a command on rulesets; return the exit code and what is printed."""
        done = self.program.run("ruleset", *words, "--rulesets", str(self.own), FENMING_LANG=language, COLUMNS="400")
        return done.returncode, done.stdout, done.stderr

    def new(self, id_: str = "demo/schemes/2025", origin: str = "demo/schemes/1") -> Path:
        """Copy a ruleset, and return the folder of the new one."""
        code, _, said = self.run("new", id_, "--from", origin)
        assert code == 0, said
        return self.own / id_

    def confirm(self, *words: str, ruleset: str = "demo/schemes/2025") -> tuple[int, str, str]:
        """Confirm something."""
        return self.run("confirm", ruleset, *words, "--by", "李四", "--on", "2025-01-10")

    def unreviewed(self, ruleset: str = "demo/schemes/2025") -> list[str]:
        """Return what the examination finds unreviewed."""
        answer = json.loads(self.run("test", ruleset, "--json")[1])
        return [each["name"] for each in answer["findings"] if each["id"] == "unreviewed"]

    def files(self) -> list[str]:
        """Return all that is in the folder of rulesets."""
        return sorted(file.relative_to(self.own).as_posix() for file in self.own.rglob("*"))


@pytest.fixture
def maintainer(program: Program) -> Maintainer:
    """Return one."""
    return Maintainer(program)


def test_the_form_of_a_year_is_copied_for_the_next(maintainer: Maintainer) -> None:
    """Only its id, its year and where it comes from are new; cases follow; the calendar that it needs is there."""
    code, said, _ = maintainer.run("new", NEXT, "--from", FORM)
    assert code == 0
    folder = maintainer.own / NEXT
    copied = sum(file.is_file() for file in (ROOT / FORM).rglob("*"))
    assert f"to {folder}: {copied} files." in said
    assert f"fenming ruleset confirm {NEXT} --unchanged --by NAME --rulesets {maintainer.own}" in said
    old, new = (
        (place / "ruleset.yaml").read_text("utf-8").splitlines() for place in (ROOT / FORM, folder)
    )  # fmt: skip
    added = [line for line in new if line not in old]
    assert added[:4] == [f"编号: {NEXT}", "年度: 2025", "来源:", f"  自: {FORM}"]
    assert len(added) == 6
    assert len(new) == len(old) + 4
    for file in (ROOT / FORM).rglob("*.*"):
        copy = folder / file.relative_to(ROOT / FORM)
        if file.name == "full-marks.yaml":
            assert f"ruleset: {NEXT}\ncase: {{department: 示例局, year: 2025}}" in copy.read_text("utf-8")
        elif file.name != "ruleset.yaml":
            assert copy.read_bytes() == file.read_bytes()
    calendar = maintainer.own / "calendars" / "cn.yaml"
    assert calendar.read_bytes() == (ROOT / "calendars" / "cn.yaml").read_bytes()


def test_it_is_said_in_chinese_and_as_json(maintainer: Maintainer) -> None:
    """The same facts."""
    code, said, _ = maintainer.run("new", "demo/schemes/2025", "--from", "demo/schemes/1", language="zh")
    assert code == 0
    assert "条款、参数、口径共 11 项，均待确认。" in said
    assert "fenming ruleset test demo/schemes/2025 --strict" in said
    answer = json.loads(maintainer.run("new", "demo/a/b", "--from", "demo/schemes/2025", "--year", "2026", "--json")[1])
    assert (answer["id"], answer["year"], answer["revision"], answer["unreviewed"]) == ("demo/a/b", 2026, 1, 11)
    assert answer["provenance"]["from"] == "demo/schemes/2025"
    assert answer["changed"] == ["ruleset.yaml", "cases/good.yaml"]
    assert answer["calendar"] is None
    assert set(answer["files"]) == {
        file.relative_to(SOURCE).as_posix() for file in SOURCE.rglob("*") if file.is_file()
    }  # fmt: skip


def test_line_breaks_marks_and_other_files_stay(maintainer: Maintainer) -> None:
    """A file from Windows stays one; hidden files and rulesets below are not copied."""
    source = maintainer.program.folder / "win"
    shutil.copytree(SOURCE, source)
    text = (source / "ruleset.yaml").read_text("utf-8").replace("\n", "\r\n")
    (source / "ruleset.yaml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    (source / "README.md").write_bytes(b"\xff\xfe not text")
    (source / ".hidden").write_text("x")
    shutil.copytree(SOURCE, source / "below")
    folder = maintainer.new(origin=str(source))
    new = (folder / "ruleset.yaml").read_bytes()
    assert new.startswith(b"\xef\xbb\xbf# yaml-language-server")
    assert "\r\n年度: 2025\r\n来源:\r\n  自: demo/schemes/1\r\n".encode() in new
    assert new.count(b"\n") == new.count(b"\r\n")
    assert (folder / "README.md").read_bytes() == b"\xff\xfe not text"
    assert sorted(file.name for file in folder.iterdir()) == ["README.md", "cases", "facts", "ruleset.yaml"]
    assert maintainer.confirm("--all")[0] == 0
    after = (folder / "ruleset.yaml").read_bytes()
    assert after.startswith(new.rstrip())
    assert after.count(b"\n") == after.count(b"\r\n")


@pytest.mark.parametrize(
    ("words", "code", "fault"),
    [
        (("demo/schemes/1", "--from", "demo/schemes/1", "--year", "2025"), 4, "ruleset.exists"),
        (("demo/there/2025", "--from", "demo/schemes/1"), 4, "ruleset.folder-exists"),
        (("demo/schemes/2024/2025", "--from", "demo/schemes/1"), 4, "ruleset.within-another"),
        (("Demo/2025", "--from", "demo/schemes/1"), 2, "option.ruleset-id"),
        (("../demo/2025", "--from", "demo/schemes/1"), 2, "option.ruleset-id"),
        (("2025", "--from", "demo/schemes/1"), 2, "option.ruleset-id"),
        (("demo/next", "--from", "demo/schemes/1"), 2, "option.year-missing"),
        (("demo/1825", "--from", "demo/schemes/1"), 2, "option.year-missing"),
        (("demo/2025", "--from", "demo/schemes/1", "--year", "2026"), 2, "option.year-twice"),
        (("demo/2025", "--from", "demo/schemes/1", "--year", "99"), 2, "option.number"),
        (("demo/2025", "--from", "demo/schemes/1", "--year", "x"), 2, "option.number"),
        (("demo/2025", "--from", "demo/schemes/9"), 5, "ruleset.missing"),
        (("demo/2025", "--from", "broken/2024"), 3, "ruleset.weights-total"),
        (("demo/2025", "--from", "gbk/2024"), 3, "document.not-utf-8"),
        (("demo/2025", "--from", "cases/2024"), 3, "yaml."),
        (("demo/2025",), 2, "option.missing"),
        (("demo/2025", "--from", ""), 2, "option.empty"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    maintainer: Maintainer, words: tuple[str, ...], code: int, fault: str
) -> None:
    """In both languages, with a code."""
    (maintainer.own / "demo" / "there" / "2025").mkdir(parents=True)
    maintainer.new("demo/schemes/2024")
    text = (SOURCE / "ruleset.yaml").read_text("utf-8")
    for name, old, new in (("broken", "分值: 30", "分值: 31"), ("gbk", "", ""), ("cases", "", "")):
        shutil.copytree(SOURCE, maintainer.own / name / "2024")
        changed = text.replace("编号: demo/schemes/1", f"编号: {name}/2024").replace(old, new)
        (maintainer.own / name / "2024" / "ruleset.yaml").write_text(changed, "gbk" if name == "gbk" else "utf-8")
    (maintainer.own / "cases" / "2024" / "cases" / "good.yaml").write_text("a: [", "utf-8")
    before = maintainer.files()
    for language in ("en", "zh"):
        done = maintainer.run("new", *words, language=language)
        assert (done[0], done[1]) == (code, ""), done
        assert f"[{fault}" in done[2]
        assert language == "en" or any("\u4e00" <= character <= "\u9fff" for character in done[2])
    assert maintainer.files() == before


def test_a_folder_that_takes_nothing_is_left_as_it_was(maintainer: Maintainer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither half a ruleset, nor a calendar, nor empty folders are left."""
    usual = Path.rename

    def full(part: Path, target: Path) -> Path:
        if target.name in ("b", "2025"):
            raise OSError(28, "No space left on device")
        return usual(part, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(Unavailable, match="No space left on device"):
        write_folder(maintainer.own / "a" / "b", {"c/d": b"x"})
    with pytest.raises(Unavailable):
        new_ruleset(NEXT, FORM, None, maintainer.own)
    assert maintainer.files() == []


def test_the_folder_of_ones_own_is_made(maintainer: Maintainer) -> None:
    """With the new ruleset in it; on an error it is not left behind."""
    maintainer.own.rmdir()
    assert maintainer.run("new", "demo/schemes/2025", "--from", "demo/schemes/9")[0] == 5
    assert not maintainer.own.exists()
    assert maintainer.run("new", "demo/schemes/2025", "--from", "demo/schemes/1")[0] == 0
    assert (maintainer.own / "demo" / "schemes" / "2025" / "ruleset.yaml").is_file()


def test_a_ruleset_is_not_copied_into_itself(maintainer: Maintainer) -> None:
    """The folder of one's own rulesets may be below the ruleset that is copied."""
    outer = maintainer.program.folder / "outer"
    shutil.copytree(SOURCE, outer)
    (outer / "own").mkdir()
    with pytest.raises(Refused, match="would be inside the ruleset"):
        new_ruleset("demo/2025", str(outer), None, outer / "own")


def test_in_a_folder_of_ones_own_an_id_of_the_program_may_be_used(maintainer: Maintainer) -> None:
    """The new ruleset then takes the place of the program's own, which the command says, in words and as JSON."""
    said = maintainer.run("new", "demo/payments/1", "--from", "demo/schemes/1", "--year", "2025")[1]
    assert "The program comes with a ruleset demo/payments/1 as well; where this folder is named, yours counts." in said
    shown = json.loads(maintainer.run("show", "demo/payments/1", "--json")[1])
    assert shown["provenance"]["from"] == "demo/schemes/1"
    answer = json.loads(maintainer.run("new", "demo/schemes/2025", "--from", "demo/payments/1", "--json")[1])
    assert answer["hides"] is None
    assert maintainer.run("new", "demo/payments/1", "--from", "demo/schemes/1", "--year", "2025")[0] == 4


def test_items_are_confirmed_one_by_one(maintainer: Maintainer) -> None:
    """And are no longer found; the rest is, with its place."""
    folder = maintainer.new()
    assert len(maintainer.unreviewed()) == 11
    code, said, _ = maintainer.confirm("clause", "1.1", "2.1", "参数 及格线", "条款3.1")
    assert code == 0
    assert said.splitlines()[0].startswith("条款 1.1  预算执行率95%以上得满分")
    assert said.splitlines()[3:5] == ["条款 3.1  单位成本不高于标准得满分；高于标准的，得分=标准÷单位成本×分值。",
                                      "4 items confirmed by 李四 on 2025-01-10."]  # fmt: skip
    assert "7 clauses, parameters and readings are not reviewed: 条款 " in said
    left = ["条款 4.1", "条款 4.2", "条款 5.1", "条款 5.2"]
    left += ["参数 满分线", "参数 八成线", "参数 单位成本标准"]
    assert sorted(maintainer.unreviewed()) == sorted(left)
    lines = (folder / "ruleset.yaml").read_text("utf-8").splitlines()
    assert lines[-5] == "已确认:"
    assert re.fullmatch(r'  条款 1\.1: \{决定人: 李四, 日期: 2025-01-10, 内容摘要: "[0-9a-f]{12}"\}', lines[-4])
    assert maintainer.run("test", "demo/schemes/2025", "--strict")[0] == 1
    answer = json.loads(maintainer.run("confirm", "demo/schemes/2025", "--all", "--by", "王五", "--json")[1])
    assert (sorted(answer["confirmed"]), answer["left"]) == (sorted(left), [])
    assert maintainer.unreviewed() == []
    assert maintainer.run("test", "demo/schemes/2025", "--strict")[0] == 0
    code, said, _ = maintainer.confirm("--all")
    assert said.splitlines() == [
        "There is nothing to confirm; nothing was written.",
        "Every clause, parameter and reading is reviewed.",
    ]


def test_the_unchanged_are_confirmed(maintainer: Maintainer) -> None:
    """Not what was changed, nor what a changed rule carries out; a change afterwards undoes it."""
    folder = maintainer.new()
    file = folder / "ruleset.yaml"
    text = file.read_text("utf-8")
    changed = text.replace("95%以上得满分", "96%以上得满分").replace("满分线: {数值: 95%", "满分线: {数值: 96%")
    file.write_text(changed.replace("封顶: 分值 × 得分(4)", "封顶: 1 × 分值 × 得分(4)"), "utf-8")
    assert "8 items confirmed" in maintainer.confirm("--unchanged")[1]
    assert sorted(maintainer.unreviewed()) == ["参数 满分线", "条款 1.1", "条款 5.2"]
    file.write_text(file.read_text("utf-8").replace("及格线: {数值: 60%", "及格线: {数值: 6%"), "utf-8")
    assert "参数 及格线" in maintainer.unreviewed()
    shown = maintainer.run("test", "demo/schemes/2025")[1]
    assert "“参数 及格线” has changed since 李四 confirmed it on 2025-01-10." in shown
    shown = maintainer.run("test", "demo/schemes/2025", language="zh")[1]
    assert "“条款 1.1”尚未有人确认（规则集复制自 demo/schemes/1）。" in shown


def test_review_is_shown(maintainer: Maintainer) -> None:
    """By `show` of each item, by `diff` in sum, and by both as JSON."""
    folder = maintainer.new()
    maintainer.confirm("clause 1.1", "parameter 及格线")
    file = folder / "ruleset.yaml"
    file.write_text(file.read_text("utf-8").replace("及格线: {数值: 60%", "及格线: {数值: 61%"), "utf-8")
    shown = maintainer.run("show", "demo/schemes/2025")[1]
    for words in ("Copied from demo/schemes/1, revision 1, text ", "Reviewed: 1 of 11 clauses, parameters and readings",
                  "Confirmed by 李四 on 2025-01-10", "Changed since 李四 confirmed it on 2025-01-10"):  # fmt: skip
        assert shown.count(words) == 1, words
    assert shown.count("Not reviewed") == 9
    assert "Reviewed" not in maintainer.run("show", "demo/schemes/1")[1]
    compared = maintainer.run("diff", "demo/schemes/1", "demo/schemes/2025")[1]
    assert "Reviewed: 1 of 11 clauses, parameters and readings" in compared
    answer = json.loads(maintainer.run("diff", "demo/schemes/1", "demo/schemes/2025", "--json")[1])
    assert (answer["old"]["provenance"], answer["old"]["review"]) == (None, None)
    assert answer["new"]["provenance"]["from"] == "demo/schemes/1"
    answer = json.loads(maintainer.run("show", "demo/schemes/2025", "--json")[1])
    states = {each["item"]: (each["state"], each["by"]) for each in answer["review"]}
    assert states["条款 1.1"] == ("confirmed", "李四")
    assert states["参数 及格线"] == ("changed", "李四")
    assert states["条款 2.1"] == ("unreviewed", None)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("clause 1.l",), 5, "Did you mean one of these: “条款 1.1”"),
        (("及格线",), 5, "“参数 及格线”"),
        (("clause",), 5, "“clause”"),
        (("clause", "1.1", "parameter"), 5, "“parameter”"),
        (("reading R7",), 5, "no clause, parameter or reading called “reading R7”"),
        ((), 2, "option.what-to-confirm"),
        (("clause 1.1", "--all"), 2, "option.what-to-confirm"),
        (("--all", "--unchanged"), 2, "option.what-to-confirm"),
        (("clause 1.1", "--on", "2025-02-30"), 2, "“2025-02-30” is not a date."),
        (("clause 1.1", "--on", "20250110"), 2, "option.date"),
        (("clause 1.1", "--on", ""), 2, "option.empty"),
        (("clause 1.1", "--by", " "), 2, "option.by"),
        (("clause 1.1", "--by", "王\n五"), 2, "option.by"),
        (("clause 1.1", "--by", "王" * 201), 2, "option.by"),
    ],
)
def test_what_cannot_be_confirmed_is_said(maintainer: Maintainer, words: tuple[str, ...], code: int, said: str) -> None:
    """With a remedy, in both languages; nothing is written."""
    folder = maintainer.new()
    before = (folder / "ruleset.yaml").read_bytes()
    for language in ("en", "zh"):
        done = maintainer.run("confirm", "demo/schemes/2025", "--by", "李四", *words, language=language)
        assert (done[0], done[1]) == (code, "")
        assert language == "zh" or said in done[2]
        assert language == "en" or any("\u4e00" <= character <= "\u9fff" for character in done[2])
    assert (folder / "ruleset.yaml").read_bytes() == before


def test_the_unchanged_need_their_source_as_it_was(maintainer: Maintainer) -> None:
    """A ruleset without one, a source that is gone, and one that has changed."""
    first = maintainer.new("demo/schemes/2025")
    maintainer.new("demo/schemes/2026", "demo/schemes/2025")
    (first / "ruleset.yaml").write_text((first / "ruleset.yaml").read_text("utf-8") + "# x\n", "utf-8")
    code, _, said = maintainer.confirm("--unchanged", ruleset="demo/schemes/2026")
    assert (code, "no longer the text from which" in said) == (4, True)
    shutil.rmtree(first)
    code, _, said = maintainer.confirm("--unchanged", ruleset="demo/schemes/2026")
    assert (code, "There is no ruleset “demo/schemes/2025”" in said) == (5, True)
    code, _, said = maintainer.confirm("--unchanged", ruleset="demo/schemes/1")
    assert (code, "does not say from which one" in said) == (4, True)


def test_a_file_that_somebody_edits_is_left_to_them(maintainer: Maintainer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it changed before the new text was made, or while it was written; the folder holds nothing else."""
    file = maintainer.new() / "ruleset.yaml"
    selection = select("demo/schemes/2025", Wanted(("clause 1.1",)), maintainer.own)
    original = file.read_bytes()
    file.write_bytes(original + b"# edited\n")
    with pytest.raises(Refused, match="has been changed since it was read"):
        confirm(selection, "李四", date(2025, 1, 10))
    file.write_bytes(original)

    def edited_meanwhile(*given: object) -> str:
        file.write_bytes(original + b"# edited\n")
        return with_confirmations(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("workflow.confirm.with_confirmations", edited_meanwhile)
    with pytest.raises(Refused, match="has been changed since it was read"):
        confirm(selection, "李四", date(2025, 1, 10))
    assert file.read_bytes() == original + b"# edited\n"
    assert sorted(each.name for each in file.parent.iterdir()) == ["cases", "facts", "ruleset.yaml"]


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its permissions stay, a link stays a link, and one program at a time writes."""
    file, link = tmp_path / "a.yaml", tmp_path / "link.yaml"
    file.write_bytes(b"old")
    file.chmod(0o640)
    link.symlink_to(file)
    replace_file(link, b"old", b"new")
    assert (file.read_bytes(), file.stat().st_mode & 0o777, link.is_symlink()) == (b"new", 0o640, True)
    part = tmp_path / ".a.yaml.part"
    part.write_bytes(b"")
    with pytest.raises(Busy, match="Another program is writing"):
        replace_file(file, b"new", b"newer")
    assert part.exists()
    part.unlink()

    def failing(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(Unavailable, match="No space left"):
        replace_file(file, b"new", b"newer")
    assert (file.read_bytes(), part.exists()) == (b"new", False)
