"""Entries of a YAML document are replaced, removed and added as text; what is around them stays."""

from __future__ import annotations

import pytest

from engine.documents.edit import (
    Edit,
    adding_lines,
    document_end,
    edited,
    line_end,
    mapping_in,
    removing,
    replacing_value,
)

TEXT = """\
# head
id: a/1   # the id
list:
  - x
  # within
  - "y"
# before b
b: {c: 1, d: 2}  # after b
block: |
  text

last: z
"""


def replaced(text: str, key: str, value: str) -> str:
    """Return the text with the value of a key replaced."""
    found = mapping_in(text)
    assert found is not None
    entry = found.get(key)
    assert entry is not None
    return edited(text, [replacing_value(text, entry, value)])


def removed(text: str, *keys: str) -> str:
    """Return the text without an entry, which the keys lead to."""
    found = mapping_in(text)
    for key in keys[:-1]:
        above = found.get(key) if found is not None else None
        found = above.mapping if above is not None else None
    assert found is not None
    entry = found.get(keys[-1])
    assert entry is not None
    return edited(text, [removing(text, found, entry)])


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        ("id", "a/1 ", "n "),
        ("list", '- x\n  # within\n  - "y"', "n"),
        ("b", "{c: 1, d: 2}", "n"),
        ("block", "|\n  text\n\n", "n\n\n"),
        ("last", "z", "n"),
    ],
)
def test_only_the_value_is_replaced(key: str, old: str, new: str) -> None:
    """Comments, blanks and line breaks after it stay."""
    assert replaced(TEXT, key, "n") == TEXT.replace(old, new)
    windows = TEXT.replace("\n", "\r\n")
    assert replaced(windows, key, "n") == windows.replace(old.replace("\n", "\r\n"), new.replace("\n", "\r\n"))


def test_an_empty_value_gets_a_blank_before_the_new_one() -> None:
    """Otherwise the colon would belong to it."""
    assert replaced("a:\nb: 1\n", "a", "n") == "a: n\nb: 1\n"


@pytest.mark.parametrize(
    ("keys", "gone"),
    [
        (("id",), "id: a/1   # the id\n"),
        (("list",), 'list:\n  - x\n  # within\n  - "y"\n'),
        (("b",), "b: {c: 1, d: 2}  # after b\n"),
        (("b", "c"), "c: 1, "),
        (("b", "d"), ", d: 2"),
        (("block",), "block: |\n  text\n\n"),
        (("last",), "last: z\n"),
    ],
)
def test_only_the_entry_is_removed(keys: tuple[str, ...], gone: str) -> None:
    """Its lines, or what is between the commas."""
    assert removed(TEXT, *keys) == TEXT.replace(gone, "")


def test_the_only_entry_in_braces_leaves_them_empty() -> None:
    """There is no comma to remove."""
    assert removed("a: {b: 1}\n", "a", "b") == "a: {}\n"


def test_lines_are_added_with_the_line_breaks_of_the_text() -> None:
    """And a line that does not end gets its end first."""
    assert edited("a: 1\r\nb: 2", [adding_lines("a: 1\r\nb: 2", 10, ["c: 3"])]) == "a: 1\r\nb: 2\r\nc: 3\r\n"
    assert edited("a: 1\n", [adding_lines("a: 1\n", 5, ["c: 3"])]) == "a: 1\nc: 3\n"


def test_ends() -> None:
    """A document ends before `...`; a line after its break."""
    assert document_end("a: 1\n...\n# more\n") == 5
    assert document_end("a: 1\n") == 5
    assert (line_end("ab\ncd", 1), line_end("ab\ncd", 3), line_end("ab\ncd", 4)) == (3, 3, 5)


def test_edits_are_of_the_text_as_it_was() -> None:
    """Their order does not matter, and an addition at the start of a removal is kept."""
    edits = [Edit(0, 1, "x"), Edit(2, 2, "+"), Edit(2, 3)]
    assert edited("abcd", edits) == edited("abcd", edits[::-1]) == "xb+d"


def test_what_is_not_a_mapping_has_no_entries() -> None:
    """A list, for example."""
    assert mapping_in("- a\n") is None
