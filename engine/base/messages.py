"""Messages that can be said in any language.

The engine never formats for a reader: it makes messages whose English template is also the key of the gettext
catalogue. The code that shows a message translates the template and puts the values in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to be translated: an English `str.format` template and the values named in it."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence in the language of `translate` (English by default)."""
        shown = {name: _shown(value, translate) for name, value in self.values.items()}
        return translate(self.template).format(**shown)

    def __str__(self) -> str:
        return self.text()


def _shown(value: object, translate: Callable[[str], str]) -> object:
    if isinstance(value, Message):
        return value.text(translate)
    return on_one_line(value) if isinstance(value, str) else value


_BREAK = re.compile(r"[^\S\n]*(?:\r\n|[\n\r\v\f\x85\u2028\u2029])[^\S\n]*")
_LINE_BREAK = " ⏎ "


def on_one_line(text: str) -> str:
    """Return what a document says on one line, so that no part of it can look like a line of the output."""
    return _BREAK.sub(_LINE_BREAK, text)


@dataclass(frozen=True, slots=True)
class BilingualText(Message):
    """A sentence that a document itself gives in both languages; the catalogue says which one is wanted."""

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence in the language of `translate`."""
        return on_one_line(str(self.values["zh" if translate(LANGUAGE) == CHINESE else "en"]))


LANGUAGE = "language: en"
"""The catalogue's entry that names its language; the Chinese one translates it to `CHINESE`."""

CHINESE = "language: zh"


def bilingual_text(words: Mapping[str, str]) -> BilingualText:
    """Make a message of words in both languages, by `zh` and `en`."""
    return BilingualText("", words)


def msg(template: str, /, **values: object) -> Message:
    """Make a message; the name is also the keyword by which the catalogue's extractor finds templates."""
    return Message(template, values)


@dataclass(frozen=True, slots=True)
class Listing(Message):
    """Several words in a row, which each language joins in its own way; a word may be a message itself."""

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return the words, joined as the language of `translate` joins them."""
        words = self.values["words"]
        assert isinstance(words, tuple)  # noqa: S101 - made by `listing` alone
        return translate(self.template).join(str(_shown(word, translate)) for word in words)


def listing(words: Iterable[object], empty: Message | None = None) -> Message:
    """Make a message that lists words; `empty`, or “none”, if there is no word."""
    found = tuple(words)
    return Listing(msg(", ").template, {"words": found}) if found else empty or msg("none")


def plural(one: str, many: str, /, *, count: int | str, **values: object) -> Message:
    """Make a message that holds a `count`: by `one` where it is 1, else by `many`; both are in the catalogue."""
    return Message(one if str(count) == "1" else many, {"count": count, **values})


REASONS = {
    each.template: each
    for each in (
        msg("No such file or directory"),
        msg("Permission denied"),
        msg("Operation not permitted"),
        msg("Is a directory"),
        msg("Not a directory"),
        msg("File exists"),
        msg("File name too long"),
        msg("File too large"),
        msg("No space left on device"),
        msg("Read-only file system"),
        msg("Too many levels of symbolic links"),
        msg("Input/output error"),
        msg("Bad file descriptor"),
        msg("Illegal seek"),
        msg("Disk quota exceeded"),
        msg("Too many open files"),
    )
}
"""What the system says when it refuses a file; it says so in English."""


def reason_of(error: OSError) -> Message:
    """Return why the system refused."""
    words = error.strerror or str(error)
    return REASONS.get(words) or Message("{words}", {"words": words})
