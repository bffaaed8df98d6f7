"""The one way through a typed tree: from the leaves to the root, each node with what its parts have come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TypeVar

from engine.language.typed import (
    Aggregate,
    Arithmetic,
    Call,
    CaseField,
    Choice,
    Compare,
    Const,
    Default,
    FieldOf,
    Has,
    HasResult,
    Inline,
    Logic,
    Matched,
    Minus,
    Not,
    OneOf,
    ResultOf,
    Score,
    Typed,
    Within,
)

Result = TypeVar("Result")
Node = TypeVar("Node", bound=Typed)


def children(node: Typed) -> tuple[Typed, ...]:
    """Return the parts of a node in the order of the text, but for an aggregate, whose condition comes last."""
    match node:
        case Const() | CaseField() | Matched() | Score() | ResultOf() | HasResult():
            return ()
        case FieldOf() | Has():
            return (node.base,)
        case Default():
            return (node.base, node.otherwise)
        case Compare() | Arithmetic() | Logic():
            return (node.left, node.right)
        case Within():
            return (node.item, node.low, node.high)
        case OneOf():
            return (node.item, *node.options)
        case Minus() | Not():
            return (node.operand,)
        case Choice():
            return (node.condition, node.then, node.otherwise)
        case Call():
            return node.arguments
        case Inline():
            return (node.body,)
        case Aggregate():
            return (*node.arguments, *((node.where,) if node.where is not None else ()))


def fold(tree: Typed, combine: Callable[[Typed, tuple[Result, ...]], Result]) -> Result:
    """Return what a tree comes to, where `combine` says what a node does from what its parts do.

    How deep the tree of `1 + 2 * 3` is:

    >>> from engine.language.check import check
    >>> from engine.language.scope import Scope
    >>> fold(check("1 + 2 * 3", Scope({})).tree, lambda node, depths: 1 + max(depths, default=0))
    3
    """
    parts = children(tree)
    return combine(tree, tuple([fold(part, combine) for part in parts]) if parts else ())


def walk(tree: Typed) -> list[Typed]:
    """Return a node and all below it, from the root on, in the order of the text."""
    return fold(tree, _with_all_below)


def _with_all_below(node: Typed, below: tuple[list[Typed], ...]) -> list[Typed]:
    return [node, *chain.from_iterable(below)]


def nodes(kind: type[Node], trees: Iterable[Typed]) -> Iterator[Node]:
    """Yield the nodes of one kind in some trees, such as every `Aggregate`."""
    return (node for tree in trees for node in walk(tree) if isinstance(node, kind))


def readings_in(trees: Iterable[Typed]) -> frozenset[str]:
    """Return the readings that decide a number in some expressions."""
    return frozenset().union(*(constant.readings for constant in nodes(Const, trees)))


def patterns_of(tree: Typed, width: int) -> tuple[int, ...]:
    """Return which of a rule's `width` patterns a tree looks at, ascending."""
    return tuple(sorted({node.pattern for node in nodes(Matched, [tree]) if node.pattern < width}))
