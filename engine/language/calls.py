"""What the functions and aggregates of an expression take, and what they give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeGuard

from engine.base.faults import problem
from engine.base.messages import listing, msg
from engine.facts.words import is_chinese
from engine.language import functions, syntax
from engine.language.fold import nodes, patterns_of
from engine.language.levels import not_one_level
from engine.language.parser import ExpressionError
from engine.language.respell import respelt
from engine.language.scope import NotYetKnown, Scope
from engine.language.typed import NUMBER, TOTAL, Aggregate, Call, Const, Score, Type, Typed
from engine.language.typing_rules import unknown
from engine.language.vocabulary import vocabulary

OPTIONAL = ("has", "default")
"""What can be asked of an optional field."""

OF_INDICATORS = ("score", "open_points", "weight_of", "is_indicator")
"""What can be asked of an indicator by its number; the first three also of a level by its name, and of the total."""


def refuse_unknown(node: syntax.Call) -> None:
    """Refuse a call of no function, and `where` in any but an aggregate."""
    name = node.function
    if name in functions.AGGREGATES:
        return
    known = [*functions.FUNCTIONS, *functions.AGGREGATES, *OPTIONAL, *OF_INDICATORS]
    if name not in known:
        spelt = [vocabulary("functions").spelt(each, chinese=is_chinese(name)) for each in known]
        raise unknown(
            problem("expression.unknown-function", "There is no function “{name}”.", name=name), name, spelt, node.span
        )
    if node.where is not None:
        raise ExpressionError(
            problem("expression.where", "“where” belongs in an aggregate, and {name} is not one.", name=name),
            msg("The aggregates are: {names}.", names=listing(functions.AGGREGATES)),
            node.span[0],
        )


def function(node: syntax.Call, arguments: tuple[Typed, ...]) -> Call:
    """Type the call of a function."""
    called = functions.FUNCTIONS[node.function]
    if any(argument.type.label for argument in arguments):
        raise ExpressionError(
            problem("expression.id", "An id only distinguishes facts; {name} cannot use it.", name=node.function),
            msg("Compare it with the id of another fact, or use a field that the department fills in."),
            node.span[0],
        )
    return Call(node.function, arguments, _result(called.result, arguments, node, called.usage), node.span)


def optional_field(node: syntax.Call) -> syntax.Path | syntax.Name:
    """Return the path in has(x.f) or default(x.f, v), or the bare name of the field."""
    count = 1 if node.function == "has" else 2
    path = node.arguments[0]
    if len(node.arguments) != count or not isinstance(path, syntax.Path | syntax.Name):
        raise cannot_take_field(node)
    return path


def cannot_take_field(node: syntax.Call) -> ExpressionError:
    """Return the error of has(…) and default(…) of something other than a field."""
    return _cannot_take(node, "has(t.field)" if node.function == "has" else "default(t.field, 0)")


def asks_by_formula(node: syntax.Call) -> bool:
    """Return whether the number of the indicator may be computed: in is_indicator(n), and in weight_of(n).

    A bare name in weight_of(…) may also be that of a level, which comes first.
    """
    if len(node.arguments) != 1:
        return False
    written_out = isinstance(node.arguments[0], syntax.Literal)
    return node.function == "is_indicator" or (node.function == "weight_of" and not written_out)


def of_indicator(node: syntax.Call, scope: Scope) -> Const | Score:
    """Type what is asked of an indicator whose number is written out, of a level by its name, or of the total."""
    argument = node.arguments[0]
    level = _level(argument, scope) if len(node.arguments) == 1 else None
    if level is not None and node.function != "is_indicator":
        path, name = level
        if node.function == "weight_of":
            return Const(scope.levels[path], NUMBER, node.span, f"weight_of({name})")
        return Score(path, "open" if node.function == "open_points" else "kept", name, node.span)
    if len(node.arguments) != 1 or not isinstance(argument, syntax.Literal) or argument.value not in scope.weights:
        raise ExpressionError(
            problem(
                "expression.indicator-number",
                "{name} needs the number of an indicator of this ruleset, or the name of a level.",
                name=node.function,
            ),
            msg("Write the number itself, such as {name}(1).", name=node.function),
            node.span[0],
        )
    number = int(argument.value)  # type: ignore[arg-type]
    if node.function == "weight_of":
        return Const(scope.weights[number], NUMBER, node.span, f"weight_of({number})")
    return Score(number, "open" if node.function == "open_points" else "kept", str(number), node.span)


def _level(argument: syntax.Syntax, scope: Scope) -> tuple[tuple[str, ...], str] | None:
    """Return the path and the name of the level that an argument names, in quotes or bare; None for anything else."""
    if isinstance(argument, syntax.Name) and scope.total(scope.meant(argument.name)):
        return TOTAL, "total"
    name = argument.name if isinstance(argument, syntax.Name) else argument.value if _is_text(argument) else None
    if not isinstance(name, str):
        return None
    found = scope.levels_called(name)
    if len(found) == 1:
        return found[0], f"'{name}'"
    what, remedy = not_one_level(name, found, scope.levels)
    raise ExpressionError(what, remedy, argument.span[0])


def _is_text(argument: syntax.Syntax) -> TypeGuard[syntax.Literal]:
    return isinstance(argument, syntax.Literal) and isinstance(argument.value, str)


def runs_over(node: syntax.Call, scope: Scope) -> str:
    """Return the fact type that an aggregate names, which must be exactly one, with as many arguments as it takes."""
    shape = functions.AGGREGATES[node.function]
    known = {*scope.fact_types, *scope.pending} - scope.aliases.keys()
    named = sorted({meant for name in syntax.names(node) if (meant := scope.meant(name.name)) in known})
    named = named or _of_matched(node, scope)
    if len(named) != 1:
        raise ExpressionError(
            problem(
                "expression.aggregate-type",
                "{name} must run over one fact type; it names {found}.",
                name=node.function,
                found=listing(named),
            ),
            msg("Name one fact type, such as {usage}.", usage=shape.usage),
            node.span[0],
        )
    if named[0] in scope.pending:
        raise NotYetKnown(named[0])
    if len(node.arguments) != shape.arguments:
        raise _cannot_take(node, shape.usage)
    return named[0]


def _of_matched(node: syntax.Call, scope: Scope) -> list[str]:
    """Return the matched fact types that have a bare field which an aggregate names: `sum(cost)` is of all of them."""
    bare = [name.name for name in syntax.names(node) if scope.meant(name.name) not in scope.constants]
    found = []
    for fact_type in dict.fromkeys(scope.aliases.values()):
        if fact_type in scope.pending:
            raise NotYetKnown(fact_type)
        fields = scope.fact_types[fact_type].fields if fact_type in scope.fact_types else {}
        found += [fact_type] if any(scope.field(name, fields) in fields for name in bare) else []
    return found


def aggregate(
    node: syntax.Call, over: str, arguments: tuple[Typed, ...], where: Typed | None, scope: Scope, text: str
) -> Aggregate:
    """Type an aggregate over the facts of one type."""
    shape = functions.AGGREGATES[node.function]
    parts = (*arguments, *((where,) if where else ()))
    width = len(scope.aliases)
    found = Aggregate(
        node.function,
        over,
        width,
        arguments,
        where,
        "",
        scope.name if any(constant.name for constant in nodes(Const, parts)) else "",
        any(patterns_of(part, width) for part in parts),
        _result(shape.result, arguments, node, shape.usage),
        node.span,
    )
    return replace(found, text=respelt(text, found, tuple(scope.aliases))[0])


def _result(result: functions.ResultType, arguments: Sequence[Typed], node: syntax.Call, usage: str) -> Type:
    found = result(tuple(argument.type for argument in arguments))
    if found is None:
        raise _cannot_take(node, usage)
    return found


def _cannot_take(node: syntax.Call, usage: str) -> ExpressionError:
    return ExpressionError(
        problem("expression.arguments", "{name} cannot take these values.", name=node.function),
        msg("It is used as {usage}.", usage=usage),
        node.span[0],
    )
