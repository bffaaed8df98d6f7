"""All the texts that a score depends on, and their digest: what a replay needs and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

RULESET = "ruleset.yaml"
CALENDAR = "calendar.yaml"
TRANSLATIONS = {"en": "ruleset.en.yaml", "zh": "ruleset.zh.yaml"}
"""The files with the translations of a ruleset's texts into a language, each text with its translation."""
_ENCODER = msgspec.json.Encoder(order="sorted")
_OWN, _SHARED = "facts/", "shared/"


def canonical(content: Any) -> bytes:
    """Write JSON in the canonical form of RFC 8785.

    The content holds only texts, booleans, None, small integers, lists, and mappings or structures whose keys sort
    alike everywhere (`sorts_alike`). For these msgspec's sorted output is the canonical one, ten times as fast as the
    standard library's and the pure `rfc8785`, against which the tests check it.
    """
    return _ENCODER.encode(content)


def sorts_alike(name: str) -> bool:
    """Return whether a name is before or after others in every encoding alike: no character is above U+D7FF."""
    return name.isascii() or all(character < "\ud800" for character in name)


def sha256(data: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Sources:
    """The ruleset's text, each fact type's schema and the calendar, by name.

    A fact type of the ruleset's own is in its text, or a file below `facts/`; one that several rulesets share is below
    `shared/`.
    """

    files: Mapping[str, str]

    @property
    def manifest(self) -> dict[str, str]:
        """The digest of each text by its name."""
        return {name: sha256(text.encode()) for name, text in sorted(self.files.items())}

    @property
    def digest(self) -> str:
        """One digest for all the texts."""
        return sha256(canonical(self.manifest))

    @property
    def text(self) -> str:
        """One digest for the ruleset's own texts: ruleset.yaml and its own fact types."""
        return sha256(canonical({name: digest for name, digest in self.manifest.items() if is_own(name)}))


def is_own(name: str) -> bool:
    """Return whether a source with this name belongs to its ruleset alone."""
    return name == RULESET or name in TRANSLATIONS.values() or name.startswith(_OWN)


def fact_type_file(name: str) -> str:
    """Return the name of the source with a fact type of the ruleset's own, as JSON Schema."""
    return f"{_OWN}{name}.json"


def notation_file(name: str) -> str:
    """Return the name of the source with a fact type of the ruleset's own, in the notation of docs/rule-language.md."""
    return f"{_OWN}{name}.yaml"


def shared_type_file(name: str) -> str:
    """Return the name of the source with a fact type that several rulesets share."""
    return f"{_SHARED}{name}.json"
