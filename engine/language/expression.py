"""A checked expression: its text and its typed tree."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.operators import Connective
from engine.language.respell import respelt
from engine.language.typed import Logic, Type, Typed


@dataclass(frozen=True, slots=True)
class Expression:
    """A text of the rule language that was checked, or a part of one, with its typed tree."""

    text: str
    """The whole text, in which the nodes of the tree have their spans."""
    tree: Typed
    aliases: tuple[str, ...] = ()
    """What its patterns are called, in order."""

    @property
    def canonical(self) -> Expression:
        """The same in the one spelling of receipts; errors are placed by the text as it was written."""
        return Expression(*respelt(self.text, self.tree, self.aliases), self.aliases)

    @property
    def type(self) -> Type:
        """The type of its value."""
        return self.tree.type

    @property
    def conjuncts(self) -> tuple[Expression, ...]:
        """The conditions that `and` joins, in order."""
        return tuple(Expression(self.text, tree, self.aliases) for tree in conjuncts(self.tree))


def conjuncts(tree: Typed) -> tuple[Typed, ...]:
    """Return the conditions that `and` joins, in order; the tree itself where it joins none."""
    if isinstance(tree, Logic) and tree.connective is Connective.AND:
        return (*conjuncts(tree.left), *conjuncts(tree.right))
    return (tree,)
