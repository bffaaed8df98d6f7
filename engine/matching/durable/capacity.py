"""Keeps a partition of rules inside what the rule engine can hold, by building its tree of conditions beforehand.

Past its limits the engine writes beyond its tables, hangs or dies. The tree here is the one that it builds: under the
root a node for each fact type, under that a node for each comparison, shared by patterns that begin alike.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from engine.matching.durable.shapes import Literal, Pattern, Shape
from engine.matching.durable.wire import Property

MAX_PENDING = 56
"""Nodes that one fact can leave waiting on the engine's stack of 64."""
MAX_CHILDREN = 200
"""Nodes under one node; the engine's table of 512 must never fill."""
MAX_LEAVES = 128
"""Patterns that end at one node; the engine's table has 256 places and is read past its end."""
MAX_PROPERTIES = 120
"""Properties of one fact; the engine holds 253, its own included."""
MAX_SHAPES = 400
"""Rules of one partition; the engine holds 4,096 and looks at each of them for every firing."""


@dataclass(slots=True)
class _Node:
    children: dict[Hashable, _Node] = field(default_factory=dict)
    leaves: int = 0
    pending: int = 0
    """The most nodes that a fact which reached this one can leave waiting."""

    def weigh(self) -> None:
        """Work out `pending` from the children: of equalities on one property, a fact can meet one."""
        at_once: set[Hashable] = set()
        for key in self.children:
            at_once.add(key.what if isinstance(key, Literal) and key.operator == "$eq" else key)
        deepest = max((child.pending for child in self.children.values()), default=0)
        self.pending = len(at_once) - 1 + max(1, deepest) if self.children else 0

    @property
    def full(self) -> bool:
        return self.pending > MAX_PENDING or len(self.children) > MAX_CHILDREN or self.leaves > MAX_LEAVES


class Network:
    """The tree of one partition."""

    def __init__(self) -> None:
        self._types: dict[str, _Node] = {}
        self._properties: dict[str, set[Property]] = {}
        self._shapes = 0

    def add(self, shape: Shape) -> bool:
        """Take a shape in; False where it is too much: the partition must do without it, and take no more."""
        self._shapes += 1
        for name, wanted in properties_by_type([shape]).items():
            self._properties.setdefault(name, set()).update(wanted)
        paths = [self._grow(pattern) for pattern in shape]
        return not (
            self._shapes > MAX_SHAPES
            or len(self._types) > MAX_CHILDREN
            or any(len(own) > MAX_PROPERTIES for own in self._properties.values())
            or any(node.full for path in paths for node in path)
        )

    def _grow(self, pattern: Pattern) -> list[_Node]:
        """Lay a pattern's path from its type to its end; links are never shared."""
        node = self._types.setdefault(pattern.type, _Node())
        path = [node]
        for key in (*pattern.literals, *(object() for _ in pattern.links)):
            node = node.children.setdefault(key, _Node())
            path.append(node)
        node.leaves += 1
        for node in reversed(path):
            node.weigh()
        return path


def properties_by_type(shapes: Iterable[Shape]) -> dict[str, set[Property]]:
    """Return the properties that shapes look at, by fact type."""
    found: dict[str, set[Property]] = {}
    for shape in shapes:
        for pattern in shape:
            own = found.setdefault(pattern.type, set())
            own.update(pattern.properties)
            for link in pattern.links:
                found.setdefault(shape[link.pattern].type, set()).add(link.other)
    return found
