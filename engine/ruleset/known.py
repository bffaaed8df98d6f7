"""What the forms of a rule may look at elsewhere in the ruleset: its readings, and its fact types."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from engine.base.faults import Fault, problem
from engine.base.messages import Message, listing, msg
from engine.documents.node import Node
from engine.facts.model import FactType
from engine.language.vocabulary import vocabulary
from engine.ruleset.rule_text import Under
from engine.ruleset.word_alternatives import written_alternatives


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a ruleset before its rules are read."""

    readings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The alternatives of each reading."""
    written: Mapping[str, str] = field(default_factory=dict)
    """What the ruleset writes for alternatives that are called otherwise."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The names that the ruleset gives to what it calls otherwise."""

    elsewhere: frozenset[str] = frozenset()
    """The bare names that mean something else than a field: parameters, results, levels, derived types, by any name."""
    singles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The fact types of which a case has one fact at most, each with the names and titles of its fields."""

    types: frozenset[str] = frozenset()
    """The fact types that are given."""
    in_rows: bool = False
    """Whether the rules are those of each row, whose fact each of them matches first."""

    def meant(self, word: str) -> str:
        """Return the name that a word of an expression means."""
        return self.names.get(word) or vocabulary("words").canonical(word)


def known_of(root: Node, types: Mapping[str, FactType]) -> Known:
    """Return what the rest of a ruleset's document says, and its fact types."""
    readings = {name: node["alternatives"].items() for name, node in _entries(root, "readings")}
    return Known(
        {name: tuple(key for key, _ in alternatives) for name, alternatives in readings.items()},
        written_alternatives(root),
        {name: node.text for name, node in _entries(root, "names")},
        frozenset((*_titled(root), *_levels(root), *_derived(root))),
        {
            name: frozenset(word for found in fact_type.fields.values() for word in (found.name, found.title))
            for name, fact_type in types.items()
            if fact_type.single
        },
        frozenset(types),
    )


def _titled(root: Node) -> Iterator[str]:
    """Yield the names and titles of parameters and results."""
    for key in ("parameters", "results"):
        for name, node in _entries(root, key):
            title = node.get("title")
            yield from (name, *([title.text] if title is not None else ()))


def _levels(root: Node) -> Iterator[str]:
    """Yield the names of the levels above the indicators."""
    for indicator in root["indicators"].elements:
        yield from (name.text for name in indicator["path"].elements)


def _derived(root: Node) -> Iterator[str]:
    """Yield the names of the fact types that rules derive."""
    holders = [root[key] for key in ("definitions", "checks", "every_indicator") if root.get(key) is not None]
    within = [*root["indicators"].elements, *([root["every_row"]] if root.get("every_row") is not None else ())]
    holders += [holder["rules"] for holder in within if holder.get("rules") is not None]
    for rule in (rule for rules in holders for rule in rules.elements):
        derive = rule.get("derive")
        yield from (name for name, _ in (derive.items() if derive is not None else ()))


def _entries(root: Node, key: str) -> Iterator[tuple[str, Node]]:
    found = root.get(key)
    return found.items() if found is not None else iter(())


def choices(node: Node, words: Collection[str], known: Known, faults: list[Fault]) -> dict[str, Under]:
    """Return which of some words of the language apply, and under which readings.

    What is written is one of the words, or a reading whose alternatives are called by them.
    """
    if node.text in words:
        return {node.text: ()}
    alternatives = known.readings.get(node.text)
    if alternatives is None:
        what = problem("form.word", "“{word}” is not known here.", word=node.text)
        faults.append(Fault(what, _known_words(words, known), node.place))
        return {}
    meant = {each: vocabulary("values").meant(each, words) for each in alternatives}
    for each, word in meant.items():
        if word not in words:
            what = problem(
                "form.alternative",
                "Reading {name} decides this, but its alternative “{alternative}” does not say how.",
                name=node.text,
                alternative=known.written.get(each, each),
            )
            remedy = msg("Call its alternatives by these words: {words}.", words=listing(words))
            faults.append(Fault(what, remedy, node.place))
    return {word: ((node.text, frozenset({each})),) for each, word in meant.items() if word in words}


def _known_words(words: Collection[str], known: Known) -> Message:
    """Say which words can be written, and which readings decide among them."""
    fitting = [
        name
        for name, alternatives in known.readings.items()
        if all(vocabulary("values").meant(each, words) in words for each in alternatives)
    ]
    if fitting:
        return msg(
            "Write one of: {words}; or a reading that decides it: {readings}.",
            words=listing(words),
            readings=listing(fitting),
        )
    return msg(
        "Write one of: {words}; or the id of a reading whose alternatives are called by these words.",
        words=listing(words),
    )
