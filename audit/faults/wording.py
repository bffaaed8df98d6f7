"""How messages name entries: how many, or which."""

from __future__ import annotations

from engine.base.messages import Message, msg, plural


def entry_count(count: int | str) -> Message:
    """Say how many entries."""
    return plural("{count} entry", "{count} entries", count=count)


def entry_range(first: int, last: int) -> Message:
    """Say which entries, by the first and the last."""
    if first == last:
        return msg("entry {entry}", entry=first)
    return msg("entries {first} to {last}", first=first, last=last)
