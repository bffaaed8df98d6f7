"""Say what could be meant by a name that an expression does not know, in the form in which the name is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.base.faults import problem
from engine.base.likeness import likeliest
from engine.base.messages import Message, listing, msg
from engine.base.numbers import Number, exact_text
from engine.facts.model import FieldType
from engine.facts.words import is_chinese
from engine.language import syntax
from engine.language.parser import ExpressionError
from engine.language.scope import Scope
from engine.language.vocabulary import vocabulary

_POINTS = ("分",)
_PERCENTAGE_POINTS = ("个百分点", "百分点")
_MONEY = "元"
"""How the units of money end."""


def unknown_name(node: syntax.Name, scope: Scope, running: str | None) -> ExpressionError:
    """Make the error for a bare name, with the nearest of all names that are possible, or what is known."""
    what = problem("expression.unknown-name", "The name “{name}” is not known here.", name=node.name)
    return ExpressionError(what, _remedy(node.name, scope, running), node.span[0])


def unknown_unit(node: syntax.Literal, scope: Scope) -> ExpressionError:
    """Make the error for a unit; points and percentage points are none, and an amount of money is not misspelt."""
    what = problem("expression.unknown-unit", "The unit “{name}” is not known here.", name=node.unit)
    figure, known = exact_text(node.value) if isinstance(node.value, Number) else "", sorted(scope.units)
    near = None if node.unit.endswith(_MONEY) else likeliest(node.unit, known)
    if node.unit in _POINTS:
        remedy = msg("Write the figure alone: `{example}`.", example=figure)
    elif node.unit in _PERCENTAGE_POINTS:
        remedy = msg("Write it as `{example}`.", example=f"{figure}%")
    elif near:
        remedy = msg("Did you mean “{near}”?", near=near)
    else:
        remedy = msg(
            "Convert the figure to a unit that is known: {names}; or declare it under `units`.", names=listing(known)
        )
    return ExpressionError(what, remedy, node.span[0])


def field_names(scope: Scope, fields: Mapping[str, FieldType], *, chinese: bool) -> list[str]:
    """Return what fields are called in one form: in Chinese by the title, where no other field has it."""
    titles = [found.title for found in fields.values()]
    return [
        found.title
        if chinese and is_chinese(found.title) and titles.count(found.title) == 1
        else _called(name, scope, chinese=chinese)
        for name, found in fields.items()
    ]


def _remedy(name: str, scope: Scope, running: str | None) -> Message:
    chinese = is_chinese(name)
    matched = {*scope.aliases.values(), running}
    others = {type_: found.fields for type_, found in scope.fact_types.items() if type_ not in matched}
    each = vocabulary("keys").spelt("each", chinese=chinese)
    if having := [type_ for type_, fields in others.items() if scope.field(name, fields) in fields]:
        types = [_called(type_, scope, chinese=chinese) for type_ in having]
        return msg(
            "It is a field of {types}, which is not matched here: add `{each}: {type}`.",
            types=listing(types),
            each=each,
            type=types[0],
        )
    here = dict.fromkeys(_known(scope, running, chinese=chinese))
    possible = {
        field: _called(type_, scope, chinese=chinese)
        for type_, fields in others.items()
        for field in (*fields, *field_names(scope, fields, chinese=chinese))
    } | dict.fromkeys((*_known(scope, running, chinese=not chinese), *here))
    near = likeliest(name, possible)
    if not near:
        return msg("What is known: {names}.", names=listing(here))
    if (type_ := possible[near]) is None:
        return msg("Did you mean “{near}”?", near=near)
    return msg(
        "Did you mean “{near}”, a field of “{type}”? It is not matched here: add `{each}: {type}`.",
        near=near,
        each=each,
        type=type_,
    )


def _known(scope: Scope, running: str | None, *, chinese: bool) -> Iterator[str]:
    """Yield what may be named in one form: facts and their fields, figures, results, words, levels."""
    types = [*scope.aliases.values(), *([running] if running else [])]
    for alias in (*scope.aliases, *([running] if running else [])):
        yield _called(alias, scope, chinese=chinese)
    for type_ in types:
        if type_ in scope.fact_types:
            yield from field_names(scope, scope.fact_types[type_].fields, chinese=chinese)
    for name in (*scope.constants, *scope.inline, *scope.results, "case", "total", *scope.spoken):
        yield _called(name, scope, chinese=chinese)
    for path in scope.levels:
        if path:
            yield path[-1]


def _called(name: str, scope: Scope, *, chinese: bool) -> str:
    """Return what something is called in one form: a word of the language, or by its title."""
    if not chinese or is_chinese(name):
        return name
    titled = [title for title, own in scope.titles.items() if own == name and is_chinese(title)]
    return titled[0] if titled else vocabulary("words").spelt(name, chinese=True)
