"""What a rule may leave out where only one meaning is possible: the one fact of which it speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from engine.language.functions import AGGREGATES
from engine.language.parser import ExpressionError, parse
from engine.language.syntax import Call, Name, Path, Syntax, children
from engine.ruleset.known import Known
from engine.ruleset.model import RuleText

THE_ONE = "it"
"""What a fact is called where nothing else is said."""
_BRACES = re.compile(r"\{([^{}:：]*)")


def with_each(rule: RuleText, known: Known) -> RuleText:
    """Return a rule that names no fact, but fields of one fact type of which a case has one fact at most, with it."""
    if rule.each or not known.singles:
        return rule
    fields = {known.names.get(name, name) for name in _bare(rule)} - known.parameters
    types = [fact_type for fact_type, own in known.singles.items() if own & fields]
    return replace(rule, each={THE_ONE: types[0]}) if len(types) == 1 else rule


def _bare(rule: RuleText) -> Iterator[str]:
    """Yield the names that stand for themselves in what a rule says, but for those inside aggregates."""
    for text in _texts(rule):
        try:
            tree = parse(text)
        except ExpressionError:
            continue
        yield from _names(tree)


def _texts(rule: RuleText) -> Iterator[str]:
    value = rule.node.get(rule.action)
    pieces = (
        [node.text for _, node in value.items() if node.is_scalar] if value is not None and value.is_mapping else []
    )
    written = [*rule.where, rule.formula, rule.of, rule.bands_on, *rule.fields.values()]
    written += [each for band in rule.bands for each in (band.limit, band.gives)]
    yield from (*pieces, *(each.text for each in written if each is not None))
    if rule.say is not None:
        yield from (found[1] for say in (rule.say.zh, rule.say.en) for found in _BRACES.finditer(say.text))


def _names(node: Syntax) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    elif not (isinstance(node, Call) and node.function in AGGREGATES) and not (
        isinstance(node, Path) and isinstance(node.base, Name)
    ):
        for part in children(node):
            yield from _names(part)
