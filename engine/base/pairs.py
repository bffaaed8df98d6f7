"""Which things of one list are which of another: by what they say."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pairs(Generic[T]):
    """What is in both, and what is only in the one or the other."""

    both: tuple[tuple[T, T], ...]
    dropped: tuple[T, ...]
    added: tuple[T, ...]


Key: TypeAlias = Callable[[T], Hashable]
"""By what a thing is recognised."""


def paired(old: Iterable[T], new: Iterable[T], *alike: tuple[Key[T], Key[T]]) -> Pairs[T]:
    """Pair what is alike, first by the first keys, then what is left by the next.

    A key of the old things is compared with one of the new. Where several have one key, they are paired in order.
    """
    left, all_of = list(old), list(new)
    right, both = all_of, list[tuple[T, T]]()
    for old_key, new_key in alike:
        waiting: dict[Hashable, list[T]] = {}
        for thing in right:
            waiting.setdefault(new_key(thing), []).append(thing)
        rest: list[T] = []
        for thing in left:
            found = waiting.get(old_key(thing))
            if found:
                both.append((thing, found.pop(0)))
            else:
                rest.append(thing)
        left, right = rest, [thing for things in waiting.values() for thing in things]
    order = {id(thing): position for position, thing in enumerate(all_of)}
    both.sort(key=lambda pair: order[id(pair[1])])
    right.sort(key=lambda thing: order[id(thing)])
    return Pairs(tuple(both), tuple(left), tuple(right))


def same(key: Key[T]) -> tuple[Key[T], Key[T]]:
    """Return a key that serves both sides."""
    return key, key
