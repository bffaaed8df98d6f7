"""Which optional fields a condition shows to be there."""

from __future__ import annotations

from engine.language.expression import conjuncts
from engine.language.fold import fold
from engine.language.typed import FieldOf, Has, HasResult, Matched, Typed

A_RESULT = "result"
"""What the way to a result begins with, so that it is no way to a fact."""


def established(tree: Typed) -> frozenset[tuple[str, str]]:
    """Return the optional fields and results that a condition, where it holds, shows to be there."""
    parts = conjuncts(tree)
    fields = {(path_text(part.base), part.field) for part in parts if isinstance(part, Has)}
    return frozenset(fields | {(A_RESULT, part.result) for part in parts if isinstance(part, HasResult)})


def path_text(tree: Typed) -> str:
    """Name a fact by the way to it: the same name for the same fact of a match."""
    return fold(tree, _step)


def _step(node: Typed, before: tuple[str, ...]) -> str:
    match node:
        case Matched():
            return f"#{node.pattern}"
        case FieldOf():
            return f"{before[0]}.{node.field}"
        case _:
            return "?"
