"""Values of a field that no rule mentions, although rules distinguish facts by that field."""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.checks.finding import Finding
from engine.analysis.checks.unused import place_in
from engine.analysis.material.material import Material
from engine.base.comparators import Comparator
from engine.base.messages import msg
from engine.language.fold import walk
from engine.language.typed import Choice, Compare, Const, FieldOf, Not, OneOf, Typed
from engine.ruleset.written import field_written

_Field = tuple[str, str]


def unmentioned_values(material: Material) -> Iterator[Finding]:
    """Find the values of a given fact's field that no rule compares it with, unless a rule takes all the others."""
    mentioned: dict[_Field, set[str]] = {}
    complete: set[_Field] = set()
    for tree in material.trees:
        for compared, words in _comparisons(tree):
            mentioned.setdefault(compared, set()).update(words)
        complete |= set(_with_the_rest(tree))
    for (fact_type, field), values in mentioned.items():
        known = material.ruleset.facts.get(fact_type)
        if known is None or (fact_type, field) in complete:
            continue
        called = field_written(material.ruleset, fact_type, field)
        for value in known.fields[field].choices:
            if value not in values:
                yield Finding(
                    "unmentioned-value",
                    f"{called} {value}",
                    msg("No rule mentions “{value}” of {field}.", value=value, field=called),
                    msg("Add the rule for it; accept the finding if such facts are meant to change nothing."),
                    place_in(material.ruleset, "facts", fact_type),
                )


def _comparisons(tree: Typed) -> Iterator[tuple[_Field, set[str]]]:
    """Yield each field that is compared with words, and the words."""
    for node in walk(tree):
        if isinstance(node, Compare):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(one, FieldOf) and one.type.choices and isinstance(other, Const):
                    yield (one.base.type.fact_type, one.field), {str(other.value)}
        elif isinstance(node, OneOf) and isinstance(node.item, FieldOf) and node.item.type.choices:
            words = {str(option.value) for option in node.options if isinstance(option, Const)}
            yield (node.item.base.type.fact_type, node.item.field), words


def _with_the_rest(tree: Typed) -> Iterator[_Field]:
    """Yield each field of which a condition takes all other values too: by !=, by `not`, by `else`."""
    for node in walk(tree):
        if isinstance(node, Not):
            yield from (field for field, _ in _comparisons(node.operand))
        elif isinstance(node, Choice):
            yield from (field for field, _ in _comparisons(node.condition))
        elif isinstance(node, Compare) and node.comparator is Comparator.UNEQUAL:
            yield from (field for field, _ in _comparisons(node))
