"""Find a character of a scalar's text in the way the scalar is written: quoted, escaped, folded or as a block."""

from __future__ import annotations

import re

_FOLD = r"[ \t]*(?:\r?\n[ \t]*)+"
_PLAIN = re.compile(rf"{_FOLD}|.", re.DOTALL)
_SINGLE = re.compile(rf"''|{_FOLD}|.", re.DOTALL)
_DOUBLE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # JSON writes a character beyond U+FFFF as a pair
    r"|\\(?:x..|u....|U.{8}|\r?\n[ \t]*|.)"
    rf"|{_FOLD}|.",
    re.DOTALL,
)
_UNITS = {"": _PLAIN, "'": _SINGLE, '"': _DOUBLE}
_HEADER = re.compile(r"[|>][^\n]*\n")
_INDENT = re.compile(r"(?:[ \t]*\n)*( *)")


def source_offset(source: str, offset: int) -> int:
    """Return where in `source` the text's character at `offset` is written; its end if there is no such character."""
    if source[:1] in ("|", ">") and (header := _HEADER.match(source)):
        return _in_block(source, header.end(), offset)
    quote = source[:1] if source[:1] in ("'", '"') else ""
    stop = len(source) - len(quote)
    for unit in _UNITS[quote].finditer(source, len(quote), stop):
        offset -= _width(unit[0])
        if offset < 0:
            return unit.start()
    return stop


def _width(unit: str) -> int:
    """Return how many characters of text a piece of source represents."""
    breaks = unit.count("\n")
    if unit.startswith("\\"):
        return 0 if breaks else 1
    return max(1, breaks - 1)


def _in_block(source: str, start: int, offset: int) -> int:
    """Find a character of a block; its lines lose their common indentation, and a folded one its line breaks."""
    indent = len(found[1]) if (found := _INDENT.match(source, start)) else 0
    folded = source[0] == ">"
    position = start
    while True:
        end = source.find("\n", position)
        end = len(source) if end < 0 else end
        begins = min(position + indent, end)
        if offset <= end - begins or end == len(source):
            return min(begins + offset, len(source))
        offset -= end - begins + 1
        position = end + 1
        if folded and end > begins and source[position : position + 1] == "\n":
            position += 1  # of several line breaks the first is folded away
