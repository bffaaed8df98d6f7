"""The laws of reading: YAML and JSON give the same exact values, and what is not exact is refused."""

import json
import re
import sys
import unicodedata
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.base.faults import InvalidInput
from engine.base.numbers import MAX_DIGITS
from engine.documents import Node, decode, read_document, to_plain, yaml_reader
from engine.documents.binary import binary_kind
from engine.documents.text import MAX_BYTES, MAX_DEPTH, forbidden_code

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"])).filter(lambda word: forbidden_code(word) is None)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=3).filter(lambda d: len(f"{d:f}") <= MAX_DIGITS)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS.filter(lambda w: w != "<<"), inner, max_size=4),
    max_leaves=12,
).filter(lambda value: value is not None)


LONG = ["a: @" + "x" * 300_000, "x: '" + "y\n" * 200_000]
"""Texts that are too long to be parsed once more for a better message."""


def refused(text: str, file: str) -> list[str]:
    """Return what is wrong with a document that is refused."""
    with pytest.raises(InvalidInput) as error:
        read_document(text, file)
    return [str(fault) for fault in error.value.faults]


@given(VALUES)
def test_json_and_yaml_give_what_was_written(value: Any) -> None:
    """JSON is YAML too, so one text serves for both."""
    text = json.dumps(value, ensure_ascii=False)
    assert to_plain(read_document(text, "x.json")) == value
    assert to_plain(read_document(text, "x.yaml")) == value


@given(
    st.lists(st.text("ab分明 '\"\\:#-,.%?!&*[]{}>|@`~=\n"), max_size=3),
    st.sampled_from([None, '"', "'", "|", ">"]),
    st.integers(10, 90),
)
def test_yaml_in_any_style_gives_what_was_written(texts: list[str], style: Any, width: int) -> None:
    """Plain, quoted, folded or in blocks."""
    text = yaml.safe_dump({"key": texts}, allow_unicode=True, default_style=style, width=width)
    if yaml.safe_load(text) == {"key": texts}:  # PyYAML loses some line breaks itself
        assert to_plain(read_document(text, "x.yaml")) == {"key": texts}


@given(DECIMALS)
def test_a_decimal_is_read_by_its_digits(number: Decimal) -> None:
    """In both languages, and never through a binary float."""
    text = f"{number:f}"
    for file in ("x.yaml", "x.json"):
        assert read_document(f"[{text}]", file).elements[0].value == Fraction(text)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0.1", Fraction(1, 10)),
        ("+5", 5),
        ("-0", 0),
        ("1.50", Fraction(3, 2)),
        ("2e3", 2000),
        ("true", True),
        ("~", None),
        ("null", None),
        ("yes", "yes"),
        ("True", "True"),
        ("NULL", "NULL"),
        ("2024-12-31", "2024-12-31"),
        ("12:30:45", "12:30:45"),
        ("60%", "60%"),
        ("1,000", "1,000"),
        ("'5'", "5"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_a_plain_yaml_scalar_is_what_the_core_schema_says(written: str, value: object) -> None:
    """No dates, no sexagesimals, no words for true."""
    found = read_document(f"key: {written}", "x.yaml")["key"].value
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "written",
    ["0x1F", "0o17", "0b11", "017", "1_000", ".5", "5.", ".inf", "-.INF", ".NaN", "nan", "1e31", "9" * 41, "00"],
)
def test_what_looks_like_a_number_and_is_none_is_refused(written: str) -> None:
    """It is neither guessed nor taken for a text."""
    (fault,) = refused(f"key: {written}", "x.yaml")
    assert written in fault
    assert read_document(f"key: '{written}'", "x.yaml")["key"].value == written


def tree(node: Node) -> Any:
    """Return all that a tree says, to be compared."""
    if node.entries is not None:
        return (node.place, [(tree(key), tree(value)) for key, value in node.entries])
    if node.is_sequence:
        return (node.place, [tree(element) for element in node.elements])
    return (node.place, node.value, node.text)


@given(VALUES, st.sampled_from([None, '"', "'"]), st.booleans())
def test_both_yaml_parsers_give_the_same_tree(value: Any, style: Any, flow: bool) -> None:
    """The one in C is only quicker."""
    text = yaml.safe_dump(value, allow_unicode=True, default_style=style, default_flow_style=flow)
    found = []
    for loader in (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yaml_reader, "_LOADER", loader)
            try:
                found.append(tree(read_document(text, "x.yaml")))
            except InvalidInput as error:
                found.append([str(fault) for fault in error.faults])
    assert found[0] == found[1]


@pytest.mark.parametrize("file", ["x.yaml", "x.json"])
def test_nesting_has_a_limit(file: str) -> None:
    """The deepest document is read, and one deeper is refused without exhausting the stack."""
    read_document("[" * MAX_DEPTH + "]" * MAX_DEPTH, file)
    (fault,) = refused("[" * 100_000, file)
    assert f"more than {MAX_DEPTH} levels deep" in fault


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a: 0x1\nb: 007\na: 2\ntrue: x\nc: &y 1\nd: !!int 3\n<<: {e: 1}\n: z\n", 8),
        ("a: .nan\nb: [\n", 2),
        ("a: *b\nc: d: e\n", 2),
        ("- {? : z}\n", 1),
        ('["a" "b"]', 1),
        ('{"a": 1 2}', 1),
        ('{"a": "b', 1),
        ('{"a": NaN, "a": 01, "b": "\\u0000", "c": 1,}', 5),
    ],
)
def test_all_faults_are_reported_at_once(text: str, count: int) -> None:
    """As far as the text can be parsed, and in the order of their places."""
    file = "x.json" if text.startswith(("{", "[")) else "x.yaml"
    with pytest.raises(InvalidInput) as error:
        read_document(text, file)
    places = [(fault.where.line, fault.where.column) for fault in error.value.faults]
    assert len(places) == count
    assert places == sorted(places)


def test_forbidden_characters_are_reported_ten_at_most() -> None:
    """A file that is not text would otherwise report thousands."""
    assert len(refused("a: \x00\n" * 50, "x.yaml")) == 10


def test_a_document_has_a_largest_size() -> None:
    """As bytes and as text."""
    with pytest.raises(InvalidInput, match="32 MiB"):
        decode(b"#" * (MAX_BYTES + 1), "x.yaml")
    assert "32 MiB" in refused("#" * (MAX_BYTES + 1), "x.yaml")[0]


@pytest.mark.parametrize(
    ("data", "offset", "place"),
    [
        ("甲: 乙".encode("gbk"), 0, "x:1:1"),
        (b"\xef\xbb\xbfa: \xff", 6, "x:1:4"),
        ("年: 1\n名: ".encode() + b"\xff", 12, "x:2:4"),
    ],
)
def test_bytes_that_are_no_utf8_are_reported_by_offset_and_place(data: bytes, offset: int, place: str) -> None:
    """A byte order mark counts as bytes of the file and not as a column."""
    with pytest.raises(InvalidInput) as error:
        decode(data, "x")
    (fault,) = error.value.faults
    assert f"byte {offset} " in str(fault.what)
    assert str(fault.where) == place
    assert "UTF-8" in str(fault.remedy)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    """Editors on Windows write one."""
    assert decode(b"\xef\xbb\xbfa: 1", "x") == "a: 1"
    assert read_document("\ufeff{}", "x.json").is_mapping


def test_the_name_chooses_the_reader() -> None:
    """Anything but .json is YAML."""
    assert read_document("a: 1", "X.YML").is_mapping
    assert refused("a: 1", "X.JSON")


@pytest.mark.parametrize(
    "text",
    [
        '"\\UFFFFFFFF"',
        '"\\ud800"',
        '"\\x"',
        "a: ? b",
        "a: |0\n b",
        "--- a\n--- b: [",
        "%X\na: b",
        "%YAML 2.0\n--- a",
        *LONG,
    ],
)
@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
def test_yaml_that_cannot_be_parsed_is_refused(text: str, loader: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """By either parser, also where the one would not say why."""
    monkeypatch.setattr(yaml_reader, "_LOADER", loader)
    assert refused(text, "x.yaml")


def test_no_character_that_cannot_be_seen_is_let_through() -> None:
    """All controls, formats and separators of lines are refused, but for line breaks and the tab."""
    unseen = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) in unseen and character not in "\t\n\r":
            assert forbidden_code(character) == code, f"{code:04X}"
    for character in "\u115f\u1160\u3164\uffa0\u2800\u034f":
        assert forbidden_code(f"a{character}") == ord(character)
    assert forbidden_code("中文 text\u3000①②・“”…—é\U0001f600\ufe0f\ue000") is None


@pytest.mark.parametrize(("text", "file"), [('{"a\\nb": 1}', "x.json"), ('"a\\tb": 1', "x.yaml")])
def test_a_name_is_on_one_line(text: str, file: str) -> None:
    """Otherwise the name could be taken for a line of what is shown."""
    (reported,) = refused(text, file)
    assert re.search(r"The name “a b” contains the character U\+000[9A]", reported)


def test_what_an_archive_holds_is_read_from_its_members() -> None:
    """Not from what is packed inside one of them, whichever way it is written; a damaged one is an archive too."""
    inner = BytesIO()
    with ZipFile(inner, "w") as book:
        book.writestr("xl/workbook.xml", "<x/>")
    outer = BytesIO()
    with ZipFile(outer, "w") as archive:
        archive.writestr("附件.xlsx", inner.getvalue())
    assert str(binary_kind(inner.getvalue())) == "an Excel workbook (.xlsx)"
    assert str(binary_kind(outer.getvalue())) == "a compressed archive"
    for length in range(4, len(inner.getvalue())):
        assert binary_kind(inner.getvalue()[:length]) is not None
    assert str(binary_kind(inner.getvalue()[:50])) == "an Excel workbook (.xlsx)"
    assert binary_kind(b"ruleset: a\n") is None
