"""Make texts harmless for a reader: what cannot be seen is shown by its code, what is one line stays one."""

from __future__ import annotations

import re

from engine.base.messages import on_one_line
from engine.documents.text import UNSEEN

_UNSEEN = re.compile(f"[{UNSEEN}\r\u17b4\u17b5\u180b-\u180f]")
_BASIC_PLANE = 0xFFFF


def printable(text: str) -> str:
    """Return a text with controls, what turns the direction, and what is not seen, by their codes."""
    return _UNSEEN.sub(lambda found: _code(ord(found[0])), text)


def one_line(text: str) -> str:
    """Return a document's text on one line, so that no part of it can look like a line of the program."""
    return printable(on_one_line(text.strip())).replace("\t", " ")


def _code(point: int) -> str:
    return f"\\u{point:04x}" if point <= _BASIC_PLANE else f"\\U{point:08x}"
