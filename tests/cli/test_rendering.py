"""How lines break and values are written: nothing is lost, nothing is too wide, no word is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cli.render.words import brief
from cli.render.wrapping import wrapped

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
