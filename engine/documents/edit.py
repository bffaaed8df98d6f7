"""Edit a YAML document as text: replace, remove and add entries of its mappings; all else stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from engine.documents.colons import PlainText
from engine.documents.yaml_reader import as_read

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a mapping, and where its text is: the offsets of its key, of its value, and of its end."""

    key: str
    start: int
    value: int
    end: int
    mapping: Mapping | None
    """The value, where that is a mapping."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping as it is written."""

    entries: tuple[Entry, ...]
    in_braces: bool

    def get(self, *keys: str) -> Entry | None:
        """Return the entry that has one of some keys."""
        return next((entry for entry in self.entries if entry.key in keys), None)


@dataclass(frozen=True, slots=True)
class Edit:
    """What takes the place of a piece of a text."""

    start: int
    end: int
    text: str = ""


def mapping_in(text: str) -> Mapping | None:
    """Return the mapping that a document is; None where it is something else. The document must be one that reads."""
    plain = as_read(text)
    root = yaml.compose(plain.text, Loader=_LOADER)
    return _mapping(root, plain) if isinstance(root, yaml.MappingNode) else None


def _mapping(node: Any, plain: PlainText) -> Mapping:
    return Mapping(
        tuple(
            Entry(
                key.value,
                plain.offset(key.start_mark.index),
                plain.offset(value.start_mark.index),
                plain.offset(_end(value)),
                _mapping(value, plain) if isinstance(value, yaml.MappingNode) else None,
            )
            for key, value in node.value
        ),
        bool(node.flow_style),
    )


def _end(node: Any) -> int:
    """Return where a node ends; the mark of a list or mapping without brackets is behind what follows it."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with some pieces of it replaced, which do not overlap."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def replacing_value(text: str, entry: Entry, value: str) -> Edit:
    """Replace the value of an entry; a block of text keeps the line break that ends it."""
    kept = len(text[entry.value : entry.end]) - len(text[entry.value : entry.end].rstrip("\r\n"))
    blank = "" if entry.value > entry.start + len(entry.key) and text[entry.value - 1] in " \t" else " "
    return Edit(entry.value, entry.end - kept, blank + value)


def removing(text: str, mapping: Mapping, entry: Entry) -> Edit:
    """Remove an entry of a mapping that has others as well: its lines, or what is between the commas."""
    if not mapping.in_braces:
        return Edit(_line_start(text, entry.start), line_end(text, entry.end))
    at = mapping.entries.index(entry)
    if at + 1 < len(mapping.entries):
        return Edit(entry.start, mapping.entries[at + 1].start)
    return Edit(mapping.entries[at - 1].end if at else entry.start, entry.end)


def adding_lines(text: str, at: int, lines: Sequence[str]) -> Edit:
    """Add lines where a line begins, or at the end of the text, with line breaks as the text has them."""
    newline = newline_of(text)
    first = newline if at and not text[:at].endswith("\n") else ""
    return Edit(at, at, first + "".join(f"{line}{newline}" for line in lines))


def newline_of(text: str) -> str:
    """Return the line break that a text uses."""
    return "\r\n" if "\r\n" in text else "\n"


def line_end(text: str, at: int) -> int:
    """Return where the line after the one that holds a piece ends, given where the piece ends."""
    if at and text[at - 1] == "\n":
        return at
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def indent_of(text: str, entry: Entry) -> str:
    """Return what is on the line of an entry before it."""
    return text[_line_start(text, entry.start) : entry.start]


def document_end(text: str) -> int:
    """Return where the document ends: the end of the text, or the line that ends it, `...`."""
    plain = as_read(text)
    events = yaml.parse(plain.text, Loader=_LOADER)
    ends: Iterator[Any] = (event for event in events if isinstance(event, yaml.DocumentEndEvent) and event.explicit)
    return next((plain.offset(event.start_mark.index) for event in ends), len(text))


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1
