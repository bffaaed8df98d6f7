"""What a rule may leave out where only one meaning is possible: the one fact of which it speaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.language.functions import AGGREGATES
from engine.language.parser import ExpressionError, parse
from engine.language.syntax import Call, Name, Path, Syntax, children
from engine.ruleset.expressions import RESERVED
from engine.ruleset.known import Known
from engine.ruleset.rule_text import RuleText

THE_ONE = "it"
"""What a fact is called where nothing else is said."""
_BRACES = re.compile(r"\{([^{}:：]*)")


def with_each(rule: RuleText, known: Known) -> RuleText:
    """Return a rule that names no fact, but fields of one fact type of which a case has one fact at most, with it.

    What its conditions on the case ask of that fact they then ask as conditions on the fact.
    """
    if rule.each or not known.singles:
        return rule
    fields = _fields(_texts(rule), known)
    types = [fact_type for fact_type, own in known.singles.items() if own & fields]
    if len(types) != 1:
        return rule
    own = known.singles[types[0]]
    of_fact = [bool(own & _fields([written.text], known)) for written in rule.when]
    where = (*(written for written, asks in zip(rule.when, of_fact, strict=True) if asks), *rule.where)
    when = tuple(written for written, asks in zip(rule.when, of_fact, strict=True) if not asks)
    return replace(rule, each={THE_ONE: types[0]}, where=where, when=when)


def _fields(texts: Iterable[str], known: Known) -> frozenset[str]:
    """Return the bare names that can only be those of fields: what has another meaning chooses no fact."""
    bare = frozenset(_bare(texts)) - RESERVED - known.elsewhere
    return frozenset(known.names.get(name, name) for name in bare) - known.elsewhere


def _bare(texts: Iterable[str]) -> Iterator[str]:
    """Yield the names that stand for themselves in some expressions, but for those inside aggregates."""
    for text in texts:
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
    written = [*rule.when, *rule.where, rule.formula, rule.of, rule.bands_on, *rule.fields.values()]
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
