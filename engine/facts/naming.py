"""Name fields and fact types in messages: by name and title, or by the title alone where the file is in Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.base.faults import Fault, Problem
from engine.base.messages import Listing, Message, msg
from engine.documents import Node
from engine.facts.words import is_chinese


@dataclass(frozen=True, slots=True)
class Key(Message):
    """A key that is to be written: a name, for which a Chinese file has a title."""


@dataclass(frozen=True, slots=True)
class _Label(Message):
    """A name in quotes, and its title."""


def key(name: str, schema: Mapping[str, Any]) -> Key | str:
    """Name a key as it is to be written."""
    title = schema.get("title", "")
    return Key("{name}", {"name": name, "title": title}) if title not in ("", name) else name


def label(name: str, schema: Mapping[str, Any]) -> Message:
    """Name a field by its name and its title, where that is another word."""
    title = schema.get("title", "")
    if title in ("", name):
        return msg("“{name}”", name=name)
    return _Label(msg("“{name}” ({title})").template, {"name": name, "title": title})


def as_written(faults: Sequence[Fault], root: Node) -> Sequence[Fault]:
    """Return the faults of a facts file, which name keys in Chinese where most of the file's own are."""
    keys = list(_keys(root)) if faults else []
    return [in_titles(fault) for fault in faults] if 2 * sum(map(is_chinese, keys)) > len(keys) else faults


def _keys(node: Node) -> Iterable[str]:
    for name, value in node.entries or ():
        yield name.source or name.text
        yield from _keys(value)
    for each in node.elements:
        yield from _keys(each)


def in_titles(fault: Fault) -> Fault:
    """Return a fault that calls fields and fact types by their titles alone."""
    what, remedy = fault.what, fault.remedy
    what = Problem(what.template, _values(what), code=what.code)
    return replace(fault, what=what, remedy=replace(remedy, values=_values(remedy)))


def _values(message: Message) -> dict[str, object]:
    return {name: _in_titles(value) for name, value in message.values.items()}


def _in_titles(value: object) -> object:
    if isinstance(value, Key):
        return value.values["title"]
    if isinstance(value, _Label):
        return msg("“{name}”", name=value.values["title"])
    if isinstance(value, Listing):
        words = value.values["words"]
        assert isinstance(words, tuple)  # noqa: S101 - made by `listing` alone
        return replace(value, values={"words": tuple(map(_in_titles, words))})
    return replace(value, values=_values(value)) if isinstance(value, Message) else value
