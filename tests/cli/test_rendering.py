"""How lines break and values are written: nothing is lost, nothing is too wide, no word is cut."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from cli import main
from cli.render.words import file_words
from cli.terminal.printable import one_line, printable
from cli.terminal.wrapping import Wrapped, wrapped
from engine.base.messages import msg, plural, reason_of
from i18n import translator
from tests.cli.program import EXAMPLE

TEXT = st.text(st.sampled_from("分明得失，。、（）“”《》 aB1.,()%-\n"), max_size=80)


@given(TEXT, st.integers(2, 40))
def test_wrapping_keeps_every_character_and_the_width(text: str, width: int) -> None:
    """All characters but spaces come through in order, and no line is wider than there is room."""
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in lines)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("若干政策措施》，对2023年", 12, ["若干政策措", "施》，对2023", "年"]),
        ("share(rate(T07)), share", 14, ["share(rate", "(T07)), share"]),
        ("一二三四（五六七", 10, ["一二三四", "（五六七"]),
        ("完成率为60%-100%的", 14, ["完成率为", "60%-100%的"]),
        ("abcdefghij)", 10, ["abcdefghij", ")"]),
        ("一，，，，，，，，", 6, ["一，，", "，，，", "，，，"]),
        ("上\n\n下", 10, ["上", "", "下"]),
        ("甲：1  公益一类编制数：6", 34, ["甲：1  公益一类编制数：6"]),
        ("财供人数：50  公益编制：6  单位数：2", 24, ["财供人数：50", "公益编制：6  单位数：2"]),
        ("甲：一二三四五六七八  乙", 14, ["甲：一二三四五", "六七八  乙"]),
        ("国家规则集，第 1 版", 16, ["国家规则集，", "第 1 版"]),
        ("项目支出共计 12276.32 万元", 18, ["项目支出共计", "12276.32 万元"]),
        ("得 12.5 分", 4, ["得", "12.5", "分"]),
        ("", 10, [""]),
    ],
)
def test_where_lines_break(text: str, width: int, lines: list[str]) -> None:
    """No line begins with closing or ends with opening punctuation where that can be helped; words stay whole."""
    assert wrapped(text, width) == lines


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("File “a/b/c/d/e/f” is gone.", 10, ["File", "“a/b/c/d/e/f”", "is gone."]),
        ("文件“甲/乙丙丁/戊.db”没有了。", 12, ["文件", "“甲/乙丙丁/戊.db”", "没有了。"]),
        ("It is in “a/b/c/d/e”.", 10, ["It is in", "“a/b/c/d/e”."]),
        ("Key:\naaaaaaaaaaaa+bbb", 10, ["Key:", "aaaaaaaaaaaa+bbb"]),
        ("Run `a b c d`; end.", 10, ["Run", "`a b c d`;", "end."]),
        ("the key's name", 10, ["the key's", "name"]),
    ],
)
def test_what_is_copied_stays_whole(text: str, width: int, lines: list[str]) -> None:
    """A path, a key or a command too long for a line has one of its own, with at most its punctuation."""
    assert wrapped(text, width, whole=True) == lines


@given(st.text(st.sampled_from("分明，。“”/ab`(). \n"), max_size=60), st.integers(2, 20))
def test_wrapping_whole_keeps_every_character(text: str, width: int) -> None:
    """And a line is too wide for nothing but what cannot be broken, with the punctuation behind it."""
    lines = wrapped(text, width, whole=True)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        word = line.rstrip("，。”).")
        assert cell_len(line) <= width or wrapped(word, 2, whole=True) in ([word], [word[:1], word[1:]])


ACTING = st.sampled_from("\x1b\x9b\x7f\u202a\u202e\u2066\u2069\u2028\u200b\xad\u3164\U000e0041")


@given(st.lists(st.one_of(ACTING, st.characters(exclude_characters="\\")), max_size=40).map("".join))
def test_nothing_reaches_the_terminal_but_text(text: str) -> None:
    """What moves a cursor, turns the direction of writing or is not seen is written out; the rest stays as it is."""
    shown = printable(text)
    assert not {unicodedata.category(c) for c in shown if c not in "\n\t"} & {"Cc", "Cs", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(c) for c in shown} & {"LRO", "RLO", "LRE", "RLE", "PDF", "LRI", "RLI", "PDI"}
    assert not set(shown) & set("\u200b\u200d\u2060\xad\u3164\ufeff\U000e0041")
    assert (
        re.sub(r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8}))", lambda found: chr(int(found[1] or found[2], 16)), shown) == text
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileNotFoundError(2, "No such file or directory"), "没有这个文件或文件夹"),
        (OSError("{odd} words"), "{odd} words"),
    ],
)
def test_the_systems_words_are_reported_in_the_readers_language(error: OSError, said: str) -> None:
    """Where they are known; else as they are."""
    assert reason_of(error).text(translator("zh")) == said


FORGED = "第一行\n合计  100  100  优\r\n├── 1 部门决策\u2028x"


def test_no_text_of_several_lines_forges_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reason may have line breaks; card, explanation and list show it as one paragraph."""
    monkeypatch.setenv("FENMING_LANG", "zh")
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setenv("FENMING_LEDGER", str(tmp_path / "fenming.db"))
    text = (EXAMPLE / "as-printed.yaml").read_text("utf-8")
    reason = "第一行\n合计  100  100  优\r\n├── 1 部门决策"
    file = tmp_path / "facts.yaml"
    written = re.sub(r"(?m)^( +reason: ).*$", lambda found: found[1] + json.dumps(reason), text)
    written = re.sub(r"assumed: [^,}\n]*", lambda _: f"assumed: {json.dumps(reason)}", written)
    assert written != text
    file.write_text(written, "utf-8")
    assert main.run(["evaluate", str(file)]) == 0
    card = capsys.readouterr().out
    assert main.run(["explain", "latest", "--depth", "2"]) == 0
    reported = capsys.readouterr().out
    for output in (card, reported):
        assert "第一行 ⏎ 合计  100  100  优 ⏎ ├── 1 部门决策" in output
        for line in output.splitlines():
            bare = line.strip(" │")
            assert not bare.startswith(("合计  100  100  优", "├── 1 部门决策")), line


def test_what_is_one_line_stays_one() -> None:
    """Whatever its source: line breaks are shown by a sign, the rest by codes."""
    assert one_line(FORGED) == "第一行 ⏎ 合计  100  100  优 ⏎ ├── 1 部门决策 ⏎ x"
    assert one_line("a\tb\x1b[2J\u202e") == "a b\\u001b[2J\\u202e"
    assert msg("{name}", name=FORGED).text().count("\n") == 0


def test_counts_have_their_number() -> None:
    """One file is not files."""
    assert str(plural("{count} file", "{count} files", count=1)) == "1 file"
    assert str(plural("{count} file", "{count} files", count="1")) == "1 file"
    assert [str(plural("{count} file", "{count} files", count=n)) for n in (0, 2)] == ["0 files", "2 files"]
    assert plural("{count} entry", "{count} entries", count=1).text(translator("zh")) == "1 条"
    assert str(file_words("a" * 64, 1)).startswith("1 byte, ")


@given(st.text("甲a ，", min_size=1, max_size=30), st.integers(0, 6), st.integers(0, 8), st.integers(24, 40))
def test_a_hanging_text_fits_its_room(text: str, indent: int, hang: int, width: int) -> None:
    """However wide the characters at its beginning are: nothing is cut off."""
    console = Console(width=width, color_system=None)
    with console.capture() as capture:
        console.print(Wrapped(" " * indent + text, hang=hang))
    lines = capture.get().rstrip("\n").split("\n")
    assert "…" not in "".join(lines)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
