"""All the texts that a score depends on, and their digest: what a replay needs and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

RULESET = "ruleset.yaml"
CALENDAR = "calendar.yaml"


def canonical(content: Any) -> bytes:
    """Write JSON in the canonical form of RFC 8785.

    The content holds only texts, booleans, None, small integers, lists, and mappings with ASCII keys. For these
    orjson's sorted output is the canonical one, ten times as fast as the standard library's and the pure `rfc8785`,
    against which the tests check it.
    """
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def sha256(data: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Sources:
    """The ruleset's text, each fact type's schema and the calendar, by name."""

    files: Mapping[str, str]

    @property
    def manifest(self) -> dict[str, str]:
        """The digest of each text by its name."""
        return {name: sha256(text.encode()) for name, text in sorted(self.files.items())}

    @property
    def digest(self) -> str:
        """One digest for all the texts."""
        return sha256(canonical(self.manifest))


def fact_type_file(name: str) -> str:
    """Return the name under which a fact type's schema stands."""
    return f"facts/{name}.json"
