"""Read stored texts; content that fenming never wrote is read without an internal error."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_HALF = re.compile("[\ud800-\udfff]|\\\\u[dD][89a-fA-F]")
"""Half a character, as it is or escaped: what we write has none."""


def parsed(stored: object) -> Mapping[str, Any]:
    """Return the JSON object that a stored text holds; an empty one where it holds none, or halves of characters."""
    try:
        found = json.loads(stored) if isinstance(stored, str | bytes) else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and not (isinstance(stored, str) and _HALF.search(stored)) else {}


def plain_text(stored: object) -> str:
    """Return a stored text as one that a database can be asked for, whatever someone has put into its place."""
    return stored_bytes(stored).decode("utf-8", "replace")


def stored_bytes(stored: object) -> bytes:
    """Return the bytes of a stored text, whatever someone has put into its place."""
    if isinstance(stored, str):
        return stored.encode("utf-8", "surrogateescape")
    return stored if isinstance(stored, bytes) else b""
