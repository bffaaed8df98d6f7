"""Which optional fields a condition shows to be there."""

from __future__ import annotations

from engine.language.fold import fold
from engine.language.operators import Connective
from engine.language.typed import FieldOf, Has, Logic, Matched, Typed


def established(tree: Typed) -> frozenset[tuple[str, str]]:
    """Return the optional fields that a condition, where it holds, shows to be there (for `Scope.present`)."""
    return fold(tree, _shown_by)


def _shown_by(node: Typed, parts: tuple[frozenset[tuple[str, str]], ...]) -> frozenset[tuple[str, str]]:
    if isinstance(node, Has):
        return frozenset({(path_text(node.base), node.field)})
    if isinstance(node, Logic) and node.connective is Connective.AND:
        return frozenset().union(*parts)
    return frozenset()


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
