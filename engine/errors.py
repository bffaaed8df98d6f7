"""Errors that say what is wrong, where, and what to do, in any language.

The engine never formats for a reader: it raises messages whose English template is also the key of the
gettext catalogue. Whoever shows the error translates the template and puts the values in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to be translated: an English `str.format` template and the values named in it."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence in the language of `translate` (English unless told)."""
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
    """Return what a document says on one line, so that no part of it can look like a line of ours."""
    return _BREAK.sub(_LINE_BREAK, text)


@dataclass(frozen=True, slots=True)
class Told(Message):
    """A sentence that a document itself gives in both languages; the catalogue tells which one is wanted."""

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence in the language of `translate`."""
        return str(self.values["zh" if translate(LANGUAGE) == CHINESE else "en"])


LANGUAGE = "language: en"
"""The catalogue's entry that tells a catalogue's language; the Chinese one translates it to `CHINESE`."""

CHINESE = "language: zh"


def told(words: Mapping[str, str]) -> Told:
    """Make a message of words in both languages, by `zh` and `en`."""
    return Told("", words)


def msg(template: str, /, **values: object) -> Message:
    """Make a message; the name is also the keyword by which the catalogue's extractor finds templates."""
    return Message(template, values)


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input something stands: file, line and column (from 1), JSON pointer (RFC 6901)."""

    file: str = ""
    line: int | None = None
    column: int | None = None
    pointer: str = ""

    def __str__(self) -> str:
        spot = ":".join(str(part) for part in (self.file, self.line, self.column) if part not in ("", None))
        return " ".join(part for part in (spot, self.pointer) if part)


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: what, where, and the remedy."""

    what: Message
    remedy: Message
    where: Place = NOWHERE

    def __str__(self) -> str:
        place = f"{self.where}: " if str(self.where) else ""
        return f"{place}{self.what} {self.remedy}"


class FenmingError(Exception):
    """The base of every error that fenming raises on purpose; it carries at least one fault."""

    exit_code = 3

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults

    @classmethod
    def because(cls, what: Message, remedy: Message, where: Place = NOWHERE) -> Self:
        """Make an error of one fault."""
        return cls(Fault(what, remedy, where))

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class InvalidInput(FenmingError):
    """A document that was given is wrong; nothing was evaluated or written."""


class RulesetError(InvalidInput):
    """A ruleset is wrong."""


class FactsError(InvalidInput):
    """A facts file is wrong."""


class EvaluationError(FenmingError):
    """An evaluation cannot give a score, such as on a division by zero; nothing was written."""


class MatchersDisagree(EvaluationError):
    """The two matchers found different firings, so there is no score (law 3)."""


class TooManyFirings(EvaluationError):
    """The rules keep firing beyond the cap, as when a rule derives what makes it fire again."""


class BeyondMatcher(RulesetError):
    """A rule cannot be made safe for the matching engine."""


def raise_all(kind: type[FenmingError], faults: Iterable[Fault]) -> None:
    """Raise one error with every fault, in the order of their places; do nothing where there is none."""
    ordered = sorted(faults, key=_place_order)
    if ordered:
        raise kind(*ordered)


def _place_order(fault: Fault) -> tuple[str, int, int, str, str]:
    where = fault.where
    return (where.file, where.line or 0, where.column or 0, where.pointer, str(fault.what))
