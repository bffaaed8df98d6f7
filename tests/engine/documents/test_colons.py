"""A full-width colon after a key: read as a plain one where nothing else can be meant, and left alone elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.base.faults import InvalidInput
from engine.documents import Node, to_plain
from engine.documents.colons import plain_colons
from engine.documents.edit import document_end, edited, mapping_in, replacing_value
from engine.documents.yaml_reader import as_read, read_yaml

KEYS = st.sampled_from(["标题", "事实", "name", "分值（分）", "甲", "乙", "丙", "说明"])
TEXTS = st.sampled_from(
    ["某表", "一：二", '"三: 四"', "'五：六'", "[七, 八]", "{九: 十}", "十一  # 注: 十二", "12", "|"]
)
TREES: st.SearchStrategy[Any] = st.recursive(
    TEXTS,
    lambda inner: (
        st.dictionaries(KEYS, inner, min_size=2, max_size=4)
        | st.lists(st.dictionaries(KEYS, inner, min_size=2, max_size=3), min_size=1, max_size=3)
    ),
    max_leaves=10,
)
DOCUMENTS = st.dictionaries(KEYS, TREES, min_size=1, max_size=4)


def lines(tree: Any, indent: int, wide: Iterator[bool], *, all_wide: bool) -> Iterator[str]:
    """Write a mapping or a list as a block, with full-width colons after some keys or after all."""
    for number, (key, value) in enumerate(tree.items()):
        colon = "：" if all_wide or (next(wide) and (number or not indent)) else ": "
        if isinstance(value, dict):
            yield from (" " * indent + key + colon.rstrip(), *lines(value, indent + 2, wide, all_wide=all_wide))
        elif isinstance(value, list):
            yield " " * indent + key + colon.rstrip()
            for item in value:
                first, *others = lines(item, indent + 4, wide, all_wide=all_wide)
                yield from (f"{' ' * indent}  - {first.lstrip()}", *others)
        elif value == "|":
            yield from (f"{' ' * indent}{key}{colon}|", f"{' ' * indent}  丙：丁", f"{' ' * indent}  戊: 己")
        else:
            yield " " * indent + key + colon + value


def written(tree: Any, wide: list[bool], *, all_wide: bool = False) -> str:
    """Return a document with full-width colons."""
    return "\n".join([*lines(tree, 0, iter(wide), all_wide=all_wide), ""])


def nodes(node: Node) -> Iterator[Node]:
    """Yield every scalar of a document, keys too."""
    for key, value in node.entries or ():
        yield key
        yield from nodes(value)
    for each in node.elements:
        yield from nodes(each)
    if node.is_scalar:
        yield node


WIDE = st.lists(st.booleans(), min_size=200, max_size=200)


@given(DOCUMENTS, WIDE, st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_it_is_read_as_a_plain_one(tree: Any, wide: list[bool], all_wide: bool, newline: str) -> None:
    """The document is the same, and each key and value is where the file has it."""
    text = written(tree, wide, all_wide=all_wide).replace("\n", newline)
    plain = written(tree, [False] * 200).replace("\n", newline)
    found = read_yaml(text, "x.yaml")
    assert to_plain(found) == to_plain(read_yaml(plain, "x.yaml"))
    for node in nodes(found):
        assert node.place.line is not None
        assert node.place.column is not None
        there = text.split("\n")[node.place.line - 1][node.place.column - 1 :]
        assert there.startswith((node.source or node.text, '"', "'", "|"))


@given(DOCUMENTS, WIDE)
def test_an_edit_is_the_same_edit(tree: Any, wide: list[bool]) -> None:
    """A value is replaced where it is, and all else stays."""
    text, plain = written(tree, wide), written(tree, [False] * 200)
    for key in tree:
        found = mapping_in(text)
        assert found is not None
        entry = found.get(key)
        assert entry is not None
        assert re.fullmatch(f"{re.escape(key)}(：|: ?)\\s*", text[entry.start : entry.value])
        new = edited(text, [replacing_value(text, entry, "新值")])
        assert to_plain(read_yaml(new, "x")) == {**to_plain(read_yaml(plain, "x")), key: "新值"}
    assert document_end(text + "...\n# 完\n") == len(text)


@given(st.lists(st.text("甲：: -#'\"[{}]|a", max_size=7).map(lambda line: "  " * (len(line) % 3) + line), max_size=6))
def test_what_yaml_reads_stays(pieces: list[str]) -> None:
    """A mapping or list that reads as it is written keeps its meaning, whatever colons it has."""
    text = "\n".join(pieces)
    try:
        there = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - texts alone
        found = read_yaml(text, "x.yaml")
    except (yaml.YAMLError, InvalidInput, TypeError):
        return
    if isinstance(there, dict) and any("：" in str(key) for key in there):
        return
    if isinstance(there, dict | list):
        assert as_read(text).text == text
        assert not found.is_scalar


@given(st.lists(st.text("甲：: -#'\"[{}]|a\r", max_size=9), max_size=6))
def test_offsets_lead_back(pieces: list[str]) -> None:
    """Each character of the plain text is the one of the original, but for the colons and the blanks put in."""
    text = "\n".join(pieces)
    plain = plain_colons(text)
    left = [each for at, each in enumerate(plain.text) if at not in plain.blanks]
    assert len(left) == len(text)
    for at, each in enumerate(plain.text):
        if at not in plain.blanks:
            original = text[plain.offset(at)]
            assert each == original or (each, original) == (":", "：")


@pytest.mark.parametrize(
    "text",
    [
        "条文: 一：二\n",
        "条文:\n  一：二\n",
        "条文:\n  一：二\n  三：四\n",
        "依据:\n  - 粤财：1号\n  - 粤财：2号\n",
        "说明: |\n  甲：乙\n",
        "说明: 甲\n  乙：丙\n",
        '说明: "甲\n  乙：丙"\n',
        "a: [b,\n c：d]\n",
    ],
)
def test_texts_stay(text: str) -> None:
    """A colon within a text is part of it."""
    assert as_read(text).text == text
    assert as_read("标题：x\n" + text).text == "标题: x\n" + text


def test_a_list_of_texts_below_a_wide_colon_stays_one() -> None:
    """Only items of several entries are entries."""
    assert to_plain(read_yaml("依据：\n  - 粤财：1号\n  - 粤财：2号\n", "x")) == {"依据": ["粤财：1号", "粤财：2号"]}


@pytest.mark.parametrize(("text", "place"), [("a: 1\n标题：某表: 2024\n", (2, 3)), ("a：b: c\n", (1, 2))])
def test_two_colons_are_ambiguous(text: str, place: tuple[int, int]) -> None:
    """Which of them ends the key is for the author to say."""
    with pytest.raises(InvalidInput) as caught:
        read_yaml(text, "x.yaml")
    (fault,) = caught.value.faults
    assert (fault.code, fault.where.line, fault.where.column) == ("document.punctuation", *place)


def test_another_mistake_is_at_its_place() -> None:
    """Columns do not count the blank that is put in."""
    with pytest.raises(InvalidInput) as caught:
        read_yaml('a：1\nb："\\q"\nc：@d\n', "x.yaml")
    assert {(fault.where.line, fault.where.column) for fault in caught.value.faults} == {(2, 5)}
    with pytest.raises(InvalidInput) as caught:
        read_yaml("a：1\n标题：&x 2\n", "x.yaml")
    assert [(fault.where.line, fault.where.column) for fault in caught.value.faults] == [(2, 4)]


RULESETS = sorted((Path(__file__).parents[3] / "rulesets").rglob("ruleset.yaml"))


def colons(node: Any) -> Iterator[int]:
    """Yield where the colons are after the keys of mappings in blocks, but for the first of each."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        yield from (key.end_mark.index for key, _ in node.value[1:])
        for _, value in node.value:
            yield from colons(value)
    if isinstance(node, yaml.SequenceNode) and not node.flow_style:
        for value in node.value:
            yield from colons(value)


@pytest.mark.parametrize("file", RULESETS, ids=lambda file: "/".join(file.parts[-4:-1]))
def test_a_ruleset_is_the_same(file: Path) -> None:
    """One whose entries all have full-width colons, where no other colon is on the line."""
    wide = text = file.read_text("utf-8")
    for at in colons(yaml.compose(text)):
        rest = text[at + 1 : text.find("\n", at)]
        if rest.lstrip().startswith(("{", "[", "'", '"')) or not re.search(r":(?= |$)", rest):
            wide = f"{wide[:at]}：{wide[at + 1 :]}"
    assert wide.count("：") > text.count("：") + 20
    assert to_plain(read_yaml(wide, "x")) == to_plain(read_yaml(text, "x"))
