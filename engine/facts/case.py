"""The name of the department in the head of a facts file: written so that nobody can take it for another."""

from __future__ import annotations

from collections.abc import Iterator

from engine.base.faults import Fault, problem
from engine.base.folding import marks_on_han
from engine.base.messages import msg
from engine.documents import Node
from engine.documents.text import break_in, shortened
from engine.facts.naming import label
from schemas import schema

_DEPARTMENT = schema("facts.json")["properties"]["case"]["properties"]["department"]


def department_faults(root: Node) -> Iterator[Fault]:
    """Report white space at the ends of the department's name, doubled or wide, and marks on Chinese characters."""
    case = root.get("case")
    node = None if case is None else case.get("department")
    if node is None or not isinstance(node.value, str) or not node.text.strip():
        return
    name, text = label("department", _DEPARTMENT), node.text
    if break_in(text) is not None:
        # A line break is reported for any field that is to be on one line.
        return
    plain = " ".join(text.split())
    if plain != text:
        at = next((n for n, (a, b) in enumerate(zip(text, plain, strict=False)) if a != b), len(plain))
        yield Fault(
            problem("case.spaces", "{label} has spaces that do not belong there: “{text}”.", label=name, text=text),
            msg("Write it as “{plain}”.", plain=shortened(plain)),
            node.place_at(at),
        )
    for at in marks_on_han(text):
        yield Fault(
            problem(
                "case.combining-mark",
                "{label} has a combining mark on “{character}”: U+{code}.",
                label=name,
                character=text[at - 1],
                code=f"{ord(text[at]):04X}",
            ),
            msg("Remove the mark: a Chinese character has none."),
            node.place_at(at),
        )
