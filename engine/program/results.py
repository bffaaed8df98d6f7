"""What a program knows of each result before any case: its kind, its unit, and what its rules may give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.base.faults import Fault, Problem, RulesetError, problem
from engine.base.messages import Message, listing, msg
from engine.base.places import Place
from engine.base.result_kind import ResultKind
from engine.language.expression import Expression
from engine.language.scope import ResultType, Scope
from engine.language.typed import BOOLEAN, DATE, NUMBER, TEXT, Choice, Const, Inline, Type, Typed, Unit
from engine.language.vocabulary import no_titles
from engine.ruleset.clauses import SECTIONS
from engine.ruleset.expressions import RESERVED, checked
from engine.ruleset.model import Ruleset
from engine.ruleset.rule_text import ResultText, RuleText
from engine.ruleset.source_text import SourceText

_TYPES: Mapping[str, Type] = {"percent": NUMBER, "date": DATE, "yes or no": BOOLEAN}


@dataclass(frozen=True, slots=True)
class ResultPlan:
    """A result under the chosen readings."""

    name: str
    title: str
    kind: ResultKind
    unit: str
    type: Type
    optional: bool
    needs: tuple[str, ...]
    """The fact types that must be stated for it to be settled."""
    asks: frozenset[int]
    """The indicators whose scores its rules ask."""
    place: Place


def type_of(result: ResultText) -> Type:
    """Return the type of a result's values."""
    if result.kind == "text":
        return Type(TEXT.kind, choices=result.choices)
    return _TYPES[result.kind] if result.kind in _TYPES else Type(NUMBER.kind, unit_of(result.unit))


def unit_of(written: str) -> Unit:
    """Return a unit as expressions have it: one name, or one over another.

    >>> unit_of("元/人次")
    (('人次', -1), ('元', 1))
    """
    over, _, under = written.partition("/")
    return tuple(sorted([(over, 1)] * bool(over) + [(under, -1)] * bool(under)))


def result_types(ruleset: Ruleset) -> dict[str, ResultType]:
    """Return what expressions may know of the results, by name."""
    return {name: ResultType(type_of(result), result.optional) for name, result in ruleset.results.items()}


def name_faults(ruleset: Ruleset) -> Iterator[Fault]:
    """Find the results whose name has another meaning, and what is titled by a word of the language."""
    yield from _title_faults(ruleset)
    yield from _level_faults(ruleset)
    derived = {rule.derives for rules in _all_rules(ruleset) for rule in rules}
    taken = {*RESERVED, *SECTIONS, *ruleset.facts, *ruleset.parameters, *derived}
    for result in ruleset.results.values():
        if result.name in taken:
            yield Fault(
                problem("ruleset.name-taken", "The name “{name}” already has a meaning.", name=result.name),
                msg("Give the result another name."),
                result.node.place,
            )


def _title_faults(ruleset: Ruleset) -> Iterator[Fault]:
    """Find the fact types, parameters and results that are titled by a word of the language: it means itself."""
    facts = ruleset.node["facts"]
    titled = [(found.title, facts.key(name) or facts) for name, found in ruleset.facts.items()]
    titled += [(found.title, found.value.node) for found in ruleset.parameters.values()]
    titled += [(found.title, found.node) for found in ruleset.results.values() if found.title != found.name]
    for title, node in titled:
        if title in no_titles():
            yield Fault(
                problem("ruleset.title-taken", "The title “{title}” is a word of the rule language.", title=title),
                msg("Give it another title."),
                node.place,
            )


def _level_faults(ruleset: Ruleset) -> Iterator[Fault]:
    """Find the parameters and results that are called like a level, which rules name too."""
    levels = {name for indicator in ruleset.indicators for name in indicator.path}
    named = [({each.name, each.title}, each.value.node.place) for each in ruleset.parameters.values()]
    named += [({each.name, each.title}, each.node.place) for each in ruleset.results.values()]
    for called, place in named:
        for name in sorted(called & levels):
            yield Fault(
                problem("ruleset.level-name", "“{name}” is also the name of a level.", name=name),
                msg("Give the parameter or the result another name: rules call the level by it."),
                place,
            )


def _all_rules(ruleset: Ruleset) -> Iterator[tuple[RuleText, ...]]:
    yield from (ruleset.definitions, ruleset.checks, ruleset.every_indicator, ruleset.every_row.rules)
    yield from (indicator.rules for indicator in ruleset.indicators)


def value_of(written: SourceText, scope: Scope, result: ResultText) -> Expression:
    """Check what a rule gives as the value of a result; `RulesetError` where the result cannot be that."""
    expression = checked(written, scope, type_of(result))
    if result.choices:
        for node in _leaves(expression.tree):
            fault = _never(node, result)
            if fault is not None:
                raise RulesetError(Fault(*fault, written.node.place_at(node.span[0])))
    return expression


def _leaves(tree: Typed) -> Iterator[Typed]:
    """Yield what a text may come from: each branch of `if`, and the row of a band table."""
    match tree:
        case Choice():
            yield from _leaves(tree.then)
            yield from _leaves(tree.otherwise)
        case Inline():
            yield from _leaves(tree.body)
        case _:
            yield tree


def _never(node: Typed, result: ResultText) -> tuple[Problem, Message] | None:
    """Say what a text may be that is none of a result's choices."""
    words = (str(node.value),) if isinstance(node, Const) else node.type.choices
    others = [word for word in words if word not in result.choices]
    if words and not others:
        return None
    known = listing(result.choices)
    what = (
        problem(
            "result.not-a-choice",
            "The result “{name}” can never be “{word}”; its values are {known}.",
            name=result.title,
            word=listing(others),
            known=known,
        )
        if others
        else problem(
            "result.any-text",
            "This may be any text; the values of the result “{name}” are {known}.",
            name=result.title,
            known=known,
        )
    )
    return what, msg("Give one of these, or add the word to `choices`.")
