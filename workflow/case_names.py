"""Golden cases that call rules as the ruleset writes them, in Chinese or in English: read as receipts name them."""

from __future__ import annotations

from dataclasses import replace

from engine.documents import Node
from engine.language.vocabulary import vocabulary
from engine.ruleset import Ruleset
from engine.ruleset.clauses import CHECKS, DEFINITIONS, EVERY_INDICATOR, EVERY_ROW

_SECTIONS = (CHECKS, DEFINITIONS, EVERY_INDICATOR, EVERY_ROW)


def rule_meant(name: str, ruleset: Ruleset) -> str:
    """Return the name of a rule, perhaps with its part, as receipts have it: `checks/total` for `核对/总分不符`."""
    section, _, rest = name.partition("/")
    own = ".".join(ruleset.names.get(each, each) for each in rest.split("."))
    return f"{vocabulary('keys').meant(section, _SECTIONS)}/{own}" if rest else name


def expected_meant(expected: Node, ruleset: Ruleset) -> Node:
    """Return what is expected with its rules and results as receipts name them."""

    def named(node: Node, name: str) -> Node:
        return node if name == node.text else replace(node, value=name, text=name, source=node.source or node.text)

    def meant(node: Node) -> Node:
        return named(node, rule_meant(node.text, ruleset)) if node.is_scalar else node

    def result(node: Node) -> Node:
        return named(node, ruleset.names.get(node.text, node.text))

    def entry(key: Node, value: Node) -> tuple[Node, Node]:
        if key.text == "flags":
            return key, replace(value, elements=tuple(map(meant, value.elements)))
        if key.text == "results":
            return key, replace(value, entries=tuple((result(name), wanted) for name, wanted in value.entries or ()))
        if key.text == "sentences":
            return key, replace(value, entries=tuple((meant(rule), said) for rule, said in value.entries or ()))
        return key, value

    return replace(expected, entries=tuple(entry(*each) for each in expected.entries or ()))
