"""Where in a document something is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input something is: file, line and column (from 1), JSON pointer (RFC 6901)."""

    file: str = ""
    line: int | None = None
    column: int | None = None
    pointer: str = ""

    def __str__(self) -> str:
        spot = ":".join(str(part) for part in (self.file, self.line, self.column) if part not in ("", None))
        return " ".join(part for part in (spot, self.pointer) if part)


NOWHERE = Place()
