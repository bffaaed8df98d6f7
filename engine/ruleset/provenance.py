"""Where a ruleset comes from, and what of it has been confirmed since: records of its sections of these names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.documents import Node


@dataclass(frozen=True, slots=True)
class Provenance:
    """The ruleset from which another was copied."""

    origin: str
    """Its id."""
    revision: int
    text: str
    """The digest of its own text, as it then was."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """That somebody has confirmed a clause, a parameter or a reading."""

    item: str
    """As it is written, such as “clause 5.1”."""
    by: str
    on: str
    content: str
    """The beginning of the digest of what was confirmed."""
    node: Node


def provenance_record(node: Node | None) -> Provenance | None:
    """Return where a ruleset comes from, if it says so."""
    if node is None:
        return None
    return Provenance(node["from"].text, int(node["revision"].text), node["text"].text)


def confirmation_records(node: Node | None) -> tuple[Confirmation, ...]:
    """Return what has been confirmed of a ruleset."""
    return tuple(_confirmations(node)) if node is not None else ()


def _confirmations(node: Node) -> Iterator[Confirmation]:
    for key, entry in node.entries or ():
        yield Confirmation(key.text, entry["by"].text, entry["on"].text, entry["as"].text, key)
