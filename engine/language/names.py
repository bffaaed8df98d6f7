"""What the names, paths and literals of an expression are, each looked up in its scope."""

from __future__ import annotations

from datetime import date

from engine.base.faults import problem
from engine.base.messages import listing, msg
from engine.facts.model import FieldType, Kind
from engine.facts.words import is_chinese
from engine.language import syntax
from engine.language.parser import ExpressionError
from engine.language.presence import A_RESULT, path_text
from engine.language.scope import NotYetKnown, Scope
from engine.language.suggestions import field_names, unknown_name, unknown_unit
from engine.language.typed import (
    BOOLEAN,
    DATE,
    TEXT,
    TOTAL,
    CaseField,
    Const,
    FieldOf,
    Inline,
    Matched,
    ResultOf,
    Score,
    Type,
    Typed,
)
from engine.language.typing_rules import field_type, unknown
from engine.language.vocabulary import reserved, vocabulary


def literal(node: syntax.Literal, scope: Scope) -> Const:
    """Type a constant by its value."""
    if isinstance(node.value, bool):
        return Const(node.value, BOOLEAN, node.span)
    if isinstance(node.value, str):
        return Const(node.value, TEXT, node.span)
    if isinstance(node.value, date):
        return Const(node.value, DATE, node.span)
    if node.unit and node.unit not in scope.units:
        raise unknown_unit(node, scope)
    return Const(node.value, Type(Kind.NUMBER, ((node.unit, 1),) if node.unit else ()), node.span)


def named(node: syntax.Name, scope: Scope, running: str | None, present: set[tuple[str, str]], text: str) -> Typed:
    """Look a bare name up: alias, inline, constant, or the fact type over which an aggregate is `running`.

    Another name is that of a field: of the fact that the aggregate is at, else of the one matched fact that has it.
    """
    name, patterns = scope.meant(node.name), scope.patterns
    if name == running:
        return Matched(len(patterns), Type(Kind.FACT, fact_type=name), node.span)
    if name in patterns:
        return Matched(patterns[name], Type(Kind.FACT, fact_type=scope.aliases[name]), node.span)
    if name in scope.inline:
        body = scope.inline[name]
        return Inline(name, body, body.type, node.span)
    if name in scope.constants:
        constant = scope.constants[name]
        return Const(constant.value, constant.type, node.span, name, constant.readings)
    if (meant := level(node, scope, running)) is not None:
        return Score(meant, "kept", f"'{node.name}'" if meant else "total", node.span)
    if name in scope.results:
        return result(name, node, scope, present)
    holder = owner(node, scope, running)
    if holder is not None:
        return path(holder, syntax.Path(node, node.name, node.span), scope, present, text)
    if name in scope.fact_types or name in scope.pending:
        raise ExpressionError(
            problem(
                "expression.bare-type",
                "“{name}” is a fact type: use it inside an aggregate, such as count({name}).",
                name=name,
            ),
            msg("Use an aggregate, or match the fact with `each` and use its alias."),
            node.span[0],
        )
    if len(fields := _fields_called(node, scope, running)) > 1:
        raise ExpressionError(
            problem(
                "expression.several-facts",
                "“{name}” can be a field of several facts: {fields}.",
                name=node.name,
                fields=listing(f"{fact_type}.{node.name}" for fact_type, _ in fields),
            ),
            msg(
                "Match the fact that is meant with `each`, and write {text}, in `where` if it is a condition.",
                text=f"{fields[0][1]}.{node.name}",
            ),
            node.span[0],
        )
    raise unknown_name(node, scope, running)


def level(node: syntax.Name, scope: Scope, running: str | None, function: str = "score") -> tuple[str, ...] | None:
    """Return the path of the level that a bare name means, the empty one for the total; None for another name.

    `ExpressionError` where a field could be meant too; `function` of the level's name in quotes is then the level.
    """
    name = scope.meant(node.name)
    if name == running or any(name in known for known in (scope.aliases, scope.inline, scope.constants)):
        return None
    if scope.total(name):
        return TOTAL
    found = scope.levels_called(node.name)
    others = (scope.results, scope.fact_types, scope.pending)
    if len(found) != 1 or any(name in known for known in others):
        return None
    fields = _fields_called(node, scope, running)
    if fields:
        raise ExpressionError(
            problem(
                "expression.level-or-field",
                "“{name}” can mean the level of that name, or the field {field}.",
                name=node.name,
                field=listing(f"{fact_type}.{node.name}" for fact_type, _ in fields),
            ),
            msg(
                "For the level, write {level}; for the field, match its fact with `each` and write {text}, "
                "in `where` if it is a condition.",
                level=f"{function}('{node.name}')",
                text=f"{fields[0][1]}.{node.name}",
            ),
            node.span[0],
        )
    return found[0]


def _fields_called(node: syntax.Name, scope: Scope, running: str | None) -> list[tuple[str, str]]:
    """Return the fact types of which a bare name could be a field, each with what one of its facts is called here.

    They are those of the facts that are matched and of the aggregate, and those of which a case has one fact at most.
    """
    called = {fact_type: alias for alias, fact_type in scope.aliases.items()}
    called |= {running: running} if running else {}
    called |= {name: "it" for name, found in scope.fact_types.items() if found.single and name not in called}
    return [
        (name, alias)
        for name, alias in called.items()
        if name in scope.fact_types
        and scope.field(node.name, scope.fact_types[name].fields) in scope.fact_types[name].fields
    ]


def result(name: str, node: syntax.Name, scope: Scope, present: set[tuple[str, str]]) -> ResultOf:
    """Look up the value of a result, which must be `present` where the result is optional."""
    found = scope.results[name]
    if found.optional and (A_RESULT, name) not in present:
        raise ExpressionError(
            problem("expression.no-result", "The result “{name}” may have no value.", name=node.name),
            msg("Guard it: has({text}) before it, or default({text}, …) in its place.", text=node.name),
            node.span[0],
        )
    return ResultOf(name, found.type, node.span)


def owner(node: syntax.Name, scope: Scope, running: str | None) -> Matched | None:
    """Return the fact whose field a bare name is: that of the aggregate, else the one matched fact that has it.

    `ExpressionError` for a word of the language, which no field replaces, though it means nothing here.
    """
    types = [*scope.aliases.values(), *([running] if running else ())]
    having = [
        number
        for number, name in enumerate(types)
        if name in scope.fact_types
        and scope.field(node.name, scope.fact_types[name].fields) in scope.fact_types[name].fields
    ]
    at = [number for number in having if number == len(scope.aliases)] or having
    if len(at) != 1:
        return None
    if node.name in reserved():
        fact = [*scope.aliases, running][at[0]]
        raise ExpressionError(
            problem("expression.word", "“{name}” is a word of the language, which means nothing here.", name=node.name),
            msg("If a field is meant, write it with its fact: {text}.", text=f"{fact}.{node.name}"),
            node.span[0],
        )
    return Matched(at[0], Type(Kind.FACT, fact_type=types[at[0]]), node.span)


def is_of_the_case(node: syntax.Path, scope: Scope) -> bool:
    """Return whether a path begins at the case itself, as `case.year` does."""
    return (
        isinstance(node.base, syntax.Name)
        and scope.meant(node.base.name) == "case"
        and node.base.name not in scope.aliases
    )


def case_field(node: syntax.Path, scope: Scope) -> CaseField:
    """Look up something of the case's head."""
    name = _WORDS.canonical(node.field)
    if name not in scope.case:
        raise unknown(
            problem("expression.case-field", "A case has no “{name}”.", name=node.field),
            node.field,
            [_WORDS.spelt(each, chinese=is_chinese(node.field)) for each in scope.case],
            node.span,
        )
    return CaseField(name, scope.case[name], node.span)


def field_of(base: Typed, node: syntax.Path, scope: Scope, text: str) -> FieldType:
    """Return the type of the field that a path takes of a fact."""
    if base.type.kind is not Kind.FACT:
        raise ExpressionError(
            problem(
                "expression.not-a-fact",
                "“{text}” is not a fact, so it has no field “{field}”.",
                text=syntax.written(node.base, text),
                field=node.field,
            ),
            msg("Take a field of an alias that `each` names."),
            node.span[0],
        )
    if base.type.fact_type in scope.pending:
        raise NotYetKnown(base.type.fact_type)
    fields = scope.fact_types[base.type.fact_type].fields
    name = scope.field(node.field, fields)
    if name not in fields:
        raise unknown(
            problem(
                "expression.unknown-field",
                "A fact “{type}” has no field “{name}”.",
                type=base.type.fact_type,
                name=node.field,
            ),
            node.field,
            field_names(scope, fields, chinese=is_chinese(node.field)),
            (node.span[1] - len(node.field), node.span[1]),
        )
    return fields[name]


def path(base: Typed, node: syntax.Path, scope: Scope, present: set[tuple[str, str]], text: str) -> FieldOf:
    """Look up a field of a fact, which must be `present` where it is optional."""
    found, written = field_of(base, node, scope, text), syntax.written(node, text)
    if found.optional and (path_text(base), found.name) not in present:
        raise ExpressionError(
            problem(
                "expression.may-be-missing",
                "“{field}” may be missing from a fact “{type}”.",
                field=node.field,
                type=base.type.fact_type,
            ),
            msg("Guard it: has({text}) before it, or default({text}, …) in its place.", text=written),
            node.span[0],
        )
    return FieldOf(base, found.name, field_type(found), node.span)


_WORDS = vocabulary("words")
