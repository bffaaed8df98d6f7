"""Base 64 in its one canonical spelling, as notes, proofs and keys use it."""

from __future__ import annotations

import base64
import binascii


def encoded(data: bytes) -> str:
    """Write bytes in base 64."""
    return base64.b64encode(data).decode()


def decoded(text: str) -> bytes | None:
    """Read base 64; None where it is written in any other way than `encoded` would."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    return data if encoded(data) == text else None
