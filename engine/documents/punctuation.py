"""Find Chinese punctuation where a document or an expression needs plain signs, and say what to write instead."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from engine.base.faults import Fault, problem
from engine.base.messages import Message, msg
from engine.base.places import Place
from engine.documents.node import Node


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of Chinese writing: what it is called, and what to write in its place."""

    name: Message
    remedy: Message


def _sign(name: Message, plain: str) -> Sign:
    return Sign(name, msg("Write “{plain}”.", plain=plain))


_QUOTES = msg("Chinese quotation marks")
_DOUBLE_QUOTES = Sign(_QUOTES, msg('Write plain quotes: "…".'))
_SINGLE_QUOTES = Sign(_QUOTES, msg("Write plain quotes: '…'."))
_SIGNS = {
    "：": Sign(msg("a full-width colon “：”"), msg("Write “: ”, a plain colon and a space.")),
    "，": Sign(msg("a full-width comma “，”"), msg("Write “, ”, a plain comma and a space.")),
    "“": _DOUBLE_QUOTES,
    "”": _DOUBLE_QUOTES,
    "‘": _SINGLE_QUOTES,
    "’": _SINGLE_QUOTES,
    "％": _sign(msg("a full-width percent sign “％”"), "%"),
    "×": _sign(msg("a multiplication sign “×”"), "*"),
    "÷": _sign(msg("a division sign “÷”"), "/"),
}
_OTHERS = {"−": "-", "≥": ">=", "≤": "<=", "≠": "!=", "【": "[", "】": "]", "。": "."}
_CLOSING = {"“": "”", "‘": "’"}

_NAMED_LINE = re.compile(r"^[ ]*(?:- +)*[A-Za-z_][\w.\-]*(：)", re.MULTILINE)
_ANY_NAMED_LINE = re.compile(r"^[ ]*(?:- +)*[^\W\d][\w.\-（）()、]*(：)(?!.*:(?: |$))", re.MULTILINE)
_WITH_VALUE = re.compile(r"(?:- +)*[^\s\-].*:[ ]+\S")
_IN_BRACKETS = re.compile(r"""(?:(，)[ ]*(?=[\w.\-]+[ ]*[:：])|(?<=["'}\]])[ ]*(，))""")
_BLOCK = re.compile(r"^([ ]*).*[:\-][ ]+[|>][-+0-9]*[ ]*(?:#.*)?$")


def sign_at(text: str, position: int) -> Sign | None:
    """Return the Chinese sign at a position of a text, or None for any other character."""
    character = text[position : position + 1]
    if character in _SIGNS:
        return _SIGNS[character]
    plain = _OTHERS.get(character) or unicodedata.normalize("NFKC", character)
    known = plain != character and plain.isascii()
    return _sign(msg("the sign “{character}”", character=character), plain) if known else None


def sign_fault(character: str, place: Place) -> Fault | None:
    """Return the fault of a Chinese sign in a document, or None for any other character."""
    sign = sign_at(character, 0)
    if sign is None:
        return None
    return Fault(
        problem("document.punctuation", "Line {line} has {name}.", line=place.line, name=sign.name), sign.remedy, place
    )


def signs_between_entries(text: str, file: str, stopped: int | None) -> list[Fault]:
    """Return a fault for each Chinese colon and comma between the entries of a YAML text that cannot be read.

    `stopped` is the line at which the parser gave up: only there are commas looked for. A colon counts after a name at
    the beginning of a line, and not within a block of text.
    """
    faults: list[Fault | None] = []
    block: int | None = None
    for number, line in enumerate(text.split("\n"), 1):
        indent = len(line) - len(line.lstrip(" "))
        if block is not None and (not line.strip() or indent > block):
            continue
        block = len(found[1]) if (found := _BLOCK.match(line)) else None
        places = [match.start(1) for match in _NAMED_LINE.finditer(line)]
        if number == stopped and ("{" in line or "[" in line):
            places += [match.start(match.lastindex or 0) for match in _IN_BRACKETS.finditer(line)]
        faults += [sign_fault(line[at], Place(file, number, at + 1)) for at in places]
    return [fault for fault in faults if fault is not None]


def colons_about(text: str, file: str, stopped: int, *, before: bool) -> list[Fault]:
    """Return a fault for each line with a name in any writing and a full-width colon, next to where a parser stopped.

    They are the lines just `before` that one, or that one and those just after it. Lines that go on with a text which
    the line above them begins are not entries.
    """
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    above = [each for each in lines if each[0] < stopped]
    ordered = above[::-1] if before else lines[len(above) :]
    found: list[tuple[int, int]] = []
    for number, line in ordered:
        match = _ANY_NAMED_LINE.match(line)
        if match is None or line.count('"') % 2:
            break
        found.append((number, match.start(1)))
    if not found:
        return []
    first = min(found)[0]
    begins = [line for number, line in lines if number < first][-1:]
    if before and begins and _WITH_VALUE.match(begins[0].lstrip(" ")) and _goes_on(begins[0], text, first):
        return []
    faults = [sign_fault("：", Place(file, number, at + 1)) for number, at in sorted(found)]
    return [fault for fault in faults if fault is not None]


def _goes_on(above: str, text: str, number: int) -> bool:
    """Return whether a line is indented more than the one above it, whose text it then goes on with."""
    line = text.split("\n")[number - 1]
    return len(line) - len(line.lstrip(" ")) > len(above) - len(above.lstrip(" "))


def colon_fault(node: Node) -> Fault | None:
    """Return the fault of a plain text that begins, on one of its lines, with a name and a full-width colon."""
    source = node.source or node.text
    found = (_NAMED_LINE.search(source) or _ANY_NAMED_LINE.match(source)) if isinstance(node.value, str) else None
    if found is None or node.place.line is None or node.place.column is None:
        return None
    before = source[: found.start(1)]
    lines = before.count("\n")
    column = len(before) - before.rfind("\n") if lines else node.place.column + len(before)
    return sign_fault(found[1], replace(node.place, line=node.place.line + lines, column=column))


def quoted_fault(text: str, place: Place) -> Fault | None:
    """Return the fault of a plain text that is wrapped in Chinese quotation marks; None for any other text."""
    opening, closing = text[:1], _CLOSING.get(text[:1])
    if closing is None or text.find(closing) != len(text) - 1 or text.count(opening) != 1:
        return None
    what = problem("document.punctuation", "Line {line} has {name}.", line=place.line, name=_QUOTES)
    remedy = msg(
        "Write plain quotes: \"{inside}\". If the marks belong to the text, write '{text}'.",
        inside=text[1:-1],
        text=text,
    )
    return Fault(what, remedy, place)


def colon_in_name(text: str, place: Place) -> Fault | None:
    """Return the fault of an unquoted name that holds a full-width colon; None for any other name."""
    at = text.find("：")
    if at < 0 or place.column is None:
        return None
    return sign_fault("：", replace(place, column=place.column + at))
