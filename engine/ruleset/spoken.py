"""Faults of a ruleset name the words of the language in the form in which the ruleset is written.

Messages name keys in English. Where a ruleset has Chinese keys, what is in backquotes is put into Chinese, and in
messages about the document's structure also the keys that they quote or list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from engine.base.faults import Fault, Problem, RulesetError
from engine.base.messages import Listing, Message, msg
from engine.documents.node import Node
from engine.facts.naming import Key
from engine.language.vocabulary import vocabulary

_STRUCTURE = ("value.", "form.", "rule.", "band.", "checklist.", "case-file.")
"""The beginnings of the codes of faults that speak of keys; others quote what the ruleset itself names."""
_BACKQUOTED = re.compile(r"`([^`]*)`")
_QUOTED = re.compile(r"“([a-z][a-z_0-9]*)”")
_WITH_COLON = re.compile(r"“([a-z][a-z_0-9]*):")
_KEYS = frozenset({"key", "form", "action", "bound"})
"""The values of messages that are keys."""
_KEY = re.compile(r"[a-z][a-z_0-9]*(?=\s*:)|^[a-z][a-z_0-9]*$")
_VALUE = re.compile(r"(?<=: )[a-z][a-z_0-9]*$")
_TRUTH = {"true": "是", "false": "否"}


@contextmanager
def in_form_of(root: Node) -> Iterator[None]:
    """Let the faults that are raised name keys as the ruleset's document does."""
    try:
        yield
    except RulesetError as error:
        if not is_chinese(root):
            raise
        raise type(error)(*map(in_chinese, error.faults)) from None


def spoken(message: Message, root: Node) -> Message:
    """Return a message whose keys in backquotes are those of the form in which a ruleset's document is written."""
    return _Spoken(message.template, message.values) if type(message) is Message and is_chinese(root) else message


def is_chinese(root: Node) -> bool:
    """Return whether most of a document's own keys are in Chinese; a key in English has no other source."""
    keys = [key for key, _ in root.entries or ()]
    return 2 * sum(vocabulary("keys").chinese.get(key.text) == key.source for key in keys) > len(keys)


def in_chinese(fault: Fault) -> Fault:
    """Return a fault that says the words of the language in Chinese."""
    structure = fault.code.startswith(_STRUCTURE)
    remedy: Message = fault.remedy
    if type(remedy) is Message:
        remedy = _Spoken(remedy.template, _values(remedy) if structure else remedy.values)
    what = _SpokenProblem(fault.what.template, _values(fault.what), code=fault.code) if structure else fault.what
    return replace(fault, what=what, remedy=remedy)


@dataclass(frozen=True, slots=True)
class _Spoken(Message):
    """A message whose words of the language are said in Chinese."""

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence in the language of `translate`."""
        return _text(self, translate)


@dataclass(frozen=True, slots=True)
class _SpokenProblem(Problem):
    """The same of what is wrong."""

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence in the language of `translate`."""
        return _text(self, translate)


def _text(message: Message, translate: Callable[[str], str]) -> str:
    """Put the keys that a template quotes into Chinese before it is filled in, and those in backquotes after."""

    def quoting(template: str) -> str:
        return _QUOTED.sub(lambda found: f"“{_key(found[1])}”", translate(template))

    said = _BACKQUOTED.sub(_backquoted, Message(message.template, message.values).text(quoting))
    return _WITH_COLON.sub(lambda found: f"“{_key(found[1])}:", said)


def _values(message: Message) -> dict[str, object]:
    """Return the values of a message: keys, their labels and lists of them in Chinese."""
    return {name: _value(name, value) for name, value in message.values.items()}


def _value(name: str, value: object) -> object:
    if isinstance(value, Listing):
        return _listed(value)
    if isinstance(value, Key):
        return _key(str(value.values["name"]))
    if isinstance(value, Message) and isinstance(called := value.values.get("name"), str):
        title = value.values.get("title", "")
        return (
            msg("“{name}”", name=_key(called))
            if title in ("", _key(called))
            else replace(value, values={"name": _key(called), "title": title})
        )
    return _key(value) if name in _KEYS and isinstance(value, str) else value


def _listed(listing: Listing) -> Listing:
    words = listing.values["words"]
    assert isinstance(words, tuple)  # noqa: S101 - made by `listing` alone
    words = tuple(word.values["name"] if isinstance(word, Key) else word for word in words)
    texts = [word for word in words if isinstance(word, str)]
    part = vocabulary("values" if all(word in vocabulary("values").chinese for word in texts) else "keys")
    return Listing(
        listing.template, {"words": tuple(part.chinese.get(w, w) if isinstance(w, str) else w for w in words)}
    )


def _key(word: str) -> str:
    return vocabulary("keys").chinese.get(word, word)


def _backquoted(found: re.Match[str]) -> str:
    values = {**vocabulary("values").chinese, **_TRUTH}
    said = _VALUE.sub(lambda word: values.get(word[0], word[0]), found[1])
    return f"`{_KEY.sub(lambda word: _key(word[0]), said)}`"
