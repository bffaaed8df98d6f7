"""The law of places: whatever character of a text one asks for, its place is where the file has it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.base.places import Place
from engine.documents import Node, read_document
from engine.documents.node import at_pointer

INLINE = st.sampled_from("ab分明 '\"\\:#-,.%😀")
LETTERS = INLINE | st.just("\n")
TEXTS = st.text(LETTERS, min_size=1, max_size=40)
NAMES = st.text(INLINE, min_size=1, max_size=40)


def scalars(node: Node) -> Iterator[Node]:
    """Yield every scalar of a tree, keys too."""
    for key, value in node.entries or ():
        yield key
        yield from scalars(value)
    for element in node.elements:
        yield from scalars(element)
    if node.is_scalar:
        yield node


def character(text: str, place: Place) -> str:
    """Return the character at a place, and the next."""
    assert place.line is not None
    assert place.column is not None
    return text.split("\n")[place.line - 1][place.column - 1 :][:2]


def check(text: str, file: str) -> None:
    """Compare every visible character of every scalar with the file's."""
    for node in scalars(read_document(text, file)):
        for offset, wanted in enumerate(node.text):
            found = character(text, node.place_at(offset))
            if not wanted.isspace():
                assert found[:1] == wanted or (node.source[:1] == '"' and found[:1] == "\\"), (node.source, offset)


@given(st.dictionaries(NAMES, st.lists(TEXTS, max_size=2), min_size=1, max_size=2), st.booleans())
def test_in_json(value: Any, ascii_only: bool) -> None:
    """Escapes and pairs of surrogates are one character each."""
    check(json.dumps(value, ensure_ascii=ascii_only, indent=1), "x.json")


@given(st.lists(TEXTS, min_size=1, max_size=2), st.sampled_from([None, '"', "'"]), st.integers(8, 40))
def test_in_yaml(value: Any, style: Any, width: int) -> None:
    """Plain or quoted, on one line or folded over several."""
    check(yaml.safe_dump({"k": value}, allow_unicode=True, default_style=style, width=width), "x.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "a: |\n  first 一\n  second 二\n\n  third\n",
        "a: |-\n    first\n      deeper\n    second\n",
        "a:\n  - >\n    first 一\n    second\n\n    third\n    fourth\n",
        "a: plain text\n  that goes on\n\n  and on\nb: 'it''s'\nc: \"x\\ty\\\n  z\"\n",
        "a: |\n\n  after an empty line\n",
    ],
)
def test_in_blocks(text: str) -> None:
    """Indentation is not part of a text, and folded lines are joined."""
    check(text, "x.yaml")


def test_the_end_of_a_text_has_a_place() -> None:
    """An error may be that something is missing there."""
    node = read_document("a: 'it''s'\nb: |\n  x\nc: y\n", "x.yaml")
    assert str(node["a"].place_at(4)) == "x.yaml:1:10 /a"
    assert str(node["b"].place_at(99)) == "x.yaml:4:1 /b"
    assert str(node["c"].place_at(1)) == "x.yaml:4:5 /c"
    assert Node(Place("x")).place_at(3) == Place("x")


def test_a_pointer_leads_to_its_node() -> None:
    """Keys with a slash or a tilde are escaped, and a key has the pointer of its value."""
    root = read_document('{"a/b": [1, {"~": 2}]}', "x.json")
    inner = at_pointer(root, ["a/b", 1, "~"])
    assert inner.value == 2
    assert inner.place.pointer == "/a~1b/1/~0"
    key = root["a/b"].elements[1].key("~")
    assert key is not None
    assert key.place == Place("x.json", 1, 14, "/a~1b/1/~0")
    assert root.key("b") is None
    with pytest.raises(KeyError):
        root["b"]
