"""Which optional fields a condition shows to be there."""

from __future__ import annotations

from engine.language.expression import conjuncts
from engine.language.fold import fold
from engine.language.typed import FieldOf, Has, Matched, Typed


def established(tree: Typed) -> frozenset[tuple[str, str]]:
    """Return the optional fields that a condition, where it holds, shows to be there (for `Scope.present`)."""
    return frozenset((path_text(part.base), part.field) for part in conjuncts(tree) if isinstance(part, Has))


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
