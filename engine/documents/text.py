"""Decode a document's bytes, and what both readers share: limits, and how a fault is told."""

from __future__ import annotations

import re

from engine.errors import Fault, InvalidInput, Message, Place, msg

MAX_BYTES = 32 * 1024 * 1024
"""The largest document that is read."""

MAX_DEPTH = 64
"""How deep mappings and lists may be nested."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def decode(data: bytes, file: str) -> str:
    """Return a document's text; `InvalidInput` unless it is UTF-8 of a sensible size."""
    if len(data) > MAX_BYTES:
        raise InvalidInput.because(
            msg("The file has {size} bytes; {most} are read at most.", size=len(data), most=MAX_BYTES),
            msg("Split the case into smaller files, or remove what does not belong to it."),
            Place(file),
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InvalidInput.because(
            msg("The file is not UTF-8 text: byte {offset} cannot be read.", offset=error.start),
            msg("Save it as UTF-8. Spreadsheet programs and old editors often write GBK instead."),
            Place(file, line),
        ) from None


def forbidden_character(text: str, file: str) -> Fault | None:
    """Return a fault for the first character that no document may hold: controls, lone surrogates."""
    found = _FORBIDDEN.search(text)
    if found is None:
        return None
    return Fault(
        msg("The file holds a character that cannot stand in a text: U+{code}.", code=f"{ord(found[0]):04X}"),
        msg("Remove it; it often comes from copying out of another program."),
        spot(text, found.start(), file),
    )


def spot(text: str, position: int, file: str, pointer: str = "") -> Place:
    """Return the place of a character."""
    start = text.rfind("\n", 0, position) + 1
    return Place(file, text.count("\n", 0, position) + 1, position - start + 1, pointer)


def escaped(name: str) -> str:
    """Return a key as it stands in a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def too_deep(place: Place) -> Fault:
    """Return the fault of a document that is nested too deep."""
    return Fault(
        msg("The document is nested more than {most} deep.", most=MAX_DEPTH),
        msg("No facts file or ruleset needs that; look for a missing closing bracket."),
        place,
    )


def twice(name: str, first: Place, place: Place) -> Fault:
    """Return the fault of a key that stands twice in one mapping."""
    return Fault(
        msg("“{name}” stands twice here; first on line {line}.", name=name, line=first.line),
        msg("Keep one of them: which one counts would be a guess."),
        place,
    )


def unreadable_number(text: str, place: Place) -> Fault:
    """Return the fault of something that looks like a number and is none that is read."""
    return Fault(
        msg("“{text}” is no number that can be read exactly.", text=text[:60]),
        msg("Write a plain decimal such as 2265.02; put it in quotes if it is a text."),
        place,
    )


def refuse(what: Message, remedy: Message, place: Place) -> InvalidInput:
    """Return the error of a document that cannot be read on."""
    return InvalidInput(Fault(what, remedy, place))
