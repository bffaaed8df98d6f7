"""Which value each name of a formula has, read out of the text that shows the formula with its numbers.

A receipt holds both texts and no tree. From the tree of the first comes a pattern for the second.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.facts.model import Kind
from engine.language.expression import Expression
from engine.language.fold import children
from engine.language.show import value_shown
from engine.language.syntax import Span
from engine.language.typed import (
    Aggregate,
    CaseField,
    Choice,
    Const,
    Default,
    FieldOf,
    Has,
    HasResult,
    Inline,
    Logic,
    Matched,
    ResultOf,
    Score,
    Typed,
)
from engine.language.typing_rules import unit_text

_VALUE: Mapping[Kind, str] = {
    Kind.NUMBER: r"\(-?[0-9]+/[0-9]+\)|-?[0-9]+(?:\.[0-9]+)?",
    Kind.BOOLEAN: "true|false",
    Kind.TEXT: "'.*?'",
    Kind.DATE: "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    Kind.FACT: ".+?",
}
"""What a value looks like in a formula, by its kind."""

SHOWN_BY_VALUE = CaseField, FieldOf, Has, Default, Inline, Score, ResultOf, HasResult, Aggregate
"""The nodes in whose place a formula with numbers shows a value."""

Figures = Mapping[Span, str]
"""By its span, the value of each name; of `if`, `and` and `or` also which part is shown, as an empty text."""


def figures(pieces: Sequence[Expression | str], numbers: str) -> tuple[Figures, ...] | None:
    """Return the values of each expression, where what is shown is expressions with words between them.

    None where the numbers are not those of these expressions.

    >>> from engine.language.check import check
    >>> from engine.language.scope import Scope
    >>> from engine.language.typed import NUMBER, Const
    >>> scope = Scope({}, constants={"weight": Const(5, NUMBER, (0, 6), "weight")})
    >>> figures([check("weight * 2", scope)], "5 * 2")
    ({},)
    """
    pattern = _Pattern()
    text = "".join(pattern.piece(piece) for piece in pieces)
    found = re.fullmatch(text, numbers, re.DOTALL)
    if found is None:
        return None
    values: list[dict[Span, str]] = [{} for _ in range(pattern.expressions)]
    for name, (number, span) in pattern.groups.items():
        if (value := found[name]) is not None:
            values[number][span] = value
    return tuple(values)


@dataclass(slots=True)
class _Pattern:
    """The pattern of one text with numbers, while it is made."""

    text: str = ""
    expressions: int = 0
    groups: dict[str, tuple[int, Span]] = field(default_factory=dict)

    def piece(self, piece: Expression | str) -> str:
        """Return the pattern of an expression, or of words between them."""
        if isinstance(piece, str):
            return re.escape(piece)
        self.text, self.expressions = piece.text, self.expressions + 1
        return self.between(piece.tree, (0, len(piece.text)))

    def between(self, node: Typed, span: Span) -> str:
        """Return the pattern of a node with the text around it."""
        start, end = node.span
        return re.escape(self.text[span[0] : start]) + self.node(node) + re.escape(self.text[end : span[1]])

    def node(self, node: Typed) -> str:
        """Return the pattern of a node; the other way round of `engine.language.show`."""
        match node:
            case Const(name="") | Matched():
                return re.escape(self.text[node.span[0] : node.span[1]])
            case Const():
                return re.escape(value_shown(node.value, node.type))
            case Logic():
                stops = f"{self.group(node.left.span, '')}{self.between(node.left, node.left.span)}"
                return f"(?:{stops}|{self.group(node.span, '')}{self.operands(node)})"
            case Choice():
                then, otherwise = (
                    f"{self.group(branch.span, '')}{self.between(branch, branch.span)}"
                    for branch in (node.then, node.otherwise)
                )
                return f"(?:{then}|{otherwise})"
            case _ if isinstance(node, SHOWN_BY_VALUE):
                unit = unit_text(node.type.unit) if node.type.kind is Kind.NUMBER else ""
                return self.group(node.span, _VALUE[node.type.kind]) + re.escape(f" {unit}" if unit else "")
            case _:
                return self.operands(node)

    def operands(self, node: Typed) -> str:
        """Return the pattern of every operand, with the signs between them."""
        pieces, position = [], node.span[0]
        for operand in children(node):
            pieces.append(re.escape(self.text[position : operand.span[0]]) + self.node(operand))
            position = operand.span[1]
        return "".join(pieces) + re.escape(self.text[position : node.span[1]])

    def group(self, span: Span, pattern: str) -> str:
        """Return a pattern whose text is the value at a span."""
        name = f"v{len(self.groups)}"
        self.groups[name] = (self.expressions - 1, span)
        return f"(?P<{name}>{pattern})"
