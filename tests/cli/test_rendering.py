"""How lines break and values are written: nothing is lost, nothing is too wide, no word is cut."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cli.i18n import translator
from cli.render.printable import printable
from cli.render.words import brief
from cli.render.wrapping import wrapped
from engine.errors import reason_of

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
    """A path, a key or a command too long for a line stands on one of its own, with at most its punctuation."""
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
def test_the_systems_words_are_told_in_the_readers_language(error: OSError, said: str) -> None:
    """Where they are known; else as they are."""
    assert reason_of(error).text(translator("zh")) == said


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("177/110", "≈1.6091"),
        ("1.14375", "1.14375"),
        ("0.12345678", "≈0.1235"),
        ("-1/3", "≈-0.3333"),
        ("2024/12", "2024/12"),
        ("0012", "0012"),
        ("1e5", "1e5"),
        ("优", "优"),
        (True, "True"),
    ],
)
def test_only_exact_numbers_are_written_briefly(value: object, shown: str) -> None:
    """A text that looks like a number, such as a document's number, stays as it is."""
    assert brief(value) == shown
