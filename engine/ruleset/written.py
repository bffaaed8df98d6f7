"""What the things of a ruleset are called where it is written: findings use these names, in Chinese or in English."""

from __future__ import annotations

from collections.abc import Iterable

from engine.documents import Node
from engine.language.spelling import one_each
from engine.ruleset.clauses import PlacedRule
from engine.ruleset.model import Ruleset

_QUOTES = "\"'"


def written(node: Node | None, name: str) -> str:
    """Return how a name is written, which a node is read as; the name itself without a node that is read so."""
    if node is None or node.text != name:
        return name
    return node.source.strip(_QUOTES) or name


def key_written(node: Node | None, name: str) -> str:
    """Return how a key of a mapping is written."""
    return written(node.key(name) if node is not None else None, name)


def own_names(ruleset: Ruleset) -> dict[str, str]:
    """Return what a ruleset calls, in one way only, what has another name in receipts, by that other name."""
    return one_each((name, own) for own, name in ruleset.names.items())


def rule_written(placed: PlacedRule, ruleset: Ruleset) -> str:
    """Return a rule's section and id, such as `4/criterion` or `核对/印作合计`."""
    holder = ruleset.node.get("results") if placed.section in ruleset.results else ruleset.node
    return f"{key_written(holder, placed.section)}/{written(placed.rule.node.get('id'), placed.rule.id)}"


def part_written(placed: PlacedRule, part: str) -> str:
    """Return what a rule calls one of its parts."""
    listed = placed.rule.node.get("part")
    nodes: Iterable[Node] = listed.elements if listed is not None else ()
    return next((written(node, part) for node in nodes if node.text == part), part)


def type_written(ruleset: Ruleset, fact_type: str) -> str:
    """Return what a fact type is called; one of the ruleset's own may be listed by its title."""
    listed, title = ruleset.node.get("facts"), ruleset.facts[fact_type].title
    if listed is not None and listed.key(fact_type) is None and listed.key(title) is not None:
        return title
    return key_written(listed, fact_type)


def field_written(ruleset: Ruleset, fact_type: str, field: str) -> str:
    """Return a field with its fact type: by the titles, where the ruleset lists the type by its title."""
    called = type_written(ruleset, fact_type)
    title = ruleset.facts[fact_type].fields[field].title if called != fact_type else ""
    return f"{called}.{title or field}"


def parameter_written(ruleset: Ruleset, name: str) -> str:
    """Return what a parameter is called."""
    return key_written(ruleset.node.get("parameters"), name)


def alternative_written(ruleset: Ruleset, reading: str, name: str) -> str:
    """Return what an alternative of a reading is called."""
    return key_written(ruleset.readings[reading].node.get("alternatives"), name)
