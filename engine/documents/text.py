"""Decode a document's bytes, and what both readers share: limits, and how a fault is worded."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

from engine.base.confidential import key_in
from engine.base.faults import Fault, InvalidInput, Problem, problem, raise_all
from engine.base.messages import Message, msg
from engine.base.places import Place
from engine.documents.binary import binary_kind

MAX_BYTES = 32 * 1024 * 1024
"""The largest document that is read."""

MAX_DEPTH = 64
"""How deep mappings and lists may be nested."""

UNSEEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
"""Characters that cannot be seen, as a class of a regular expression.

They are the controls except tab and line breaks, what turns the direction of writing or joins letters (Cf, Zl and Zp
of Unicode), blanks that count as letters, and halves of characters.
"""

_FORBIDDEN = re.compile(f"[{UNSEEN}]")
_LINE_BREAK = re.compile(r"[\t\n\r]")
_MOST_CHARACTERS = 10
"""How many forbidden characters are reported; a file that is not text holds thousands."""


def decode(data: bytes, file: str) -> str:
    """Return a document's text; `InvalidInput` unless it is UTF-8 of a sensible size."""
    if len(data) > MAX_BYTES:
        raise InvalidInput(_too_large(file))
    kind = binary_kind(data)
    if kind is not None:
        raise InvalidInput(_no_text(file, kind))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise InvalidInput(_no_text(file, msg("binary data"))) from None
        # The offset is that of the file, whose byte order mark the decoder does not count.
        start = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        begin = data.rfind(b"\n", 0, start) + 1
        column = len(data[begin:start].removeprefix(b"\xef\xbb\xbf").decode()) + 1
        raise InvalidInput.because(
            problem("document.not-utf-8", "The file is not UTF-8 text: byte {offset} cannot be read.", offset=start),
            msg("Save it as UTF-8 in your editor; spreadsheet programs often save GBK (ANSI) instead."),
            Place(file, data.count(b"\n", 0, start) + 1, column),
        ) from None


def check_text(text: str, file: str) -> None:
    """Refuse a text that is too large, is empty, or holds a private key or characters that no document may hold."""
    if len(text) > MAX_BYTES:
        raise InvalidInput(_too_large(file))
    # Before any other fault, which might show a part of it.
    if (position := key_in(text)) is not None:
        raise InvalidInput(_holds_key(spot(text, position, file)))
    faults = [
        forbidden(ord(found[0]), spot(text, found.start(), file))
        for found in islice(_FORBIDDEN.finditer(text), _MOST_CHARACTERS)
    ]
    raise_all(InvalidInput, faults)
    if not text.strip():
        raise InvalidInput(is_empty(file))


def forbidden_code(text: str) -> int | None:
    """Return the code of the first character that no text may hold, not even by an escape."""
    found = _FORBIDDEN.search(text)
    return ord(found[0]) if found else None


def forbidden(code: int, place: Place) -> Fault:
    """Return the fault of a character that no document may hold: one that cannot be seen, or half a character."""
    shown = f"U+{code:04X}"
    name = unicodedata.name(chr(code), "")
    return Fault(
        problem(
            "document.invisible-character",
            "The invisible character {character} is not allowed.",
            character=f"{shown} ({name})" if name else shown,
        ),
        msg("Remove {character}; such characters often come from copying out of another program.", character=shown),
        place,
    )


def break_in(text: str) -> int | None:
    """Return where the first character is that no text of one line may hold: a line break or a tab; else None."""
    found = _LINE_BREAK.search(text)
    return found.start() if found else None


def name_of_several_lines(name: str, place: Place) -> Fault | None:
    """Return the fault of a name in a mapping that is not on one line."""
    at = break_in(name)
    if at is None:
        return None
    character = f"U+{ord(name[at]):04X}"
    return Fault(
        problem(
            "document.name-of-several-lines",
            "The name “{name}” contains the character {character}.",
            name=shortened(name),
            character=character,
        ),
        msg("Write the name on one line, without {character}.", character=character),
        place,
    )


def is_empty(file: str) -> Fault:
    """Return the fault of a document that holds nothing."""
    return Fault(
        problem("document.empty", "The file is empty."),
        msg(
            "Write what it should hold. `fenming facts template RULESET` prints a facts file to fill in; "
            "`fenming ruleset list` lists the rulesets."
        ),
        Place(file),
    )


def too_deep(place: Place) -> Fault:
    """Return the fault of a document that is nested too deep."""
    return Fault(
        problem("document.too-deep", "The document is nested more than {most} levels deep.", most=MAX_DEPTH),
        msg("No document needs that many levels; look for a bracket that is not closed."),
        place,
    )


def twice(name: str, first: Place, place: Place) -> Fault:
    """Return the fault of a name that occurs twice in one mapping."""
    return Fault(
        problem(
            "document.duplicate-key", "Duplicate key “{name}”; first used on line {line}.", name=name, line=first.line
        ),
        msg("Keep one of them; fenming does not guess which one counts."),
        place,
    )


def unreadable_number(text: str, place: Place) -> Fault:
    """Return the fault of something that looks like a number but cannot be read as one."""
    return Fault(
        problem("document.number", "“{text}” cannot be read as an exact number.", text=shortened(text)),
        msg("Write a plain decimal such as 2265.02; if it is not a number but a text, put it in quotes."),
        place,
    )


def shortened(text: str, most: int = 60) -> str:
    """Return a text on one line, cut where it is long, to be shown in a message."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def spot(text: str, position: int, file: str, pointer: str = "") -> Place:
    """Return the place of a character."""
    start = text.rfind("\n", 0, position) + 1
    return Place(file, text.count("\n", 0, position) + 1, position - start + 1, pointer)


def escaped(name: str) -> str:
    """Return a key as a JSON pointer spells it (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def unreadable(what: Problem, remedy: Message, place: Place) -> InvalidInput:
    """Return the error of a document that cannot be read on from here."""
    return InvalidInput(Fault(what, remedy, place))


def _holds_key(place: Place) -> Fault:
    return Fault(
        problem("document.private-key", "There is a private key here; it is not shown."),
        msg(
            "Name the intended file, or remove the key. To sign, pass the key by "
            "`--signing-key` or FENMING_KEY; only its owner should be able to read it."
        ),
        place,
    )


def _no_text(file: str, kind: Message) -> Fault:
    return Fault(
        problem("document.not-text", "The file is {kind}; fenming reads text in YAML or JSON.", kind=kind),
        msg("Enter its content in a facts file; `fenming facts template RULESET` prints one to fill in."),
        Place(file),
    )


def _too_large(file: str) -> Fault:
    return Fault(
        problem("document.too-large", "The file is larger than the limit of {most} MiB.", most=MAX_BYTES // 1024**2),
        msg("Remove what does not belong to the case."),
        Place(file),
    )
