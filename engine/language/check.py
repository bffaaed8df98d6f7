"""Look up every name of a syntax tree and check types and units; the result is a typed tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.base.messages import listing, msg
from engine.facts.model import FieldType, Kind
from engine.language import functions, syntax
from engine.language.agreement import comparable, described, field_type, fits, same, unknown
from engine.language.parser import ExpressionError, parse
from engine.language.scope import NotYetKnown, Scope
from engine.language.typed import (
    BOOLEAN,
    DATE,
    NUMBER,
    TEXT,
    Aggregate,
    CaseField,
    Const,
    Default,
    FieldOf,
    Has,
    Inline,
    Logic,
    Matched,
    Operation,
    Score,
    Type,
    Typed,
    patterns_of,
    walk,
)

_OF_INDICATORS = ("score", "open_points", "weight_of", "is_indicator")
"""What can be asked of an indicator by its number."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression: its text, its typed tree."""

    text: str
    tree: Typed

    @property
    def type(self) -> Type:
        """The type of its value."""
        return self.tree.type


def check(text: str, scope: Scope, expected: Type | None = None) -> Expression:
    """Parse and type an expression; `ExpressionError` at the character that is wrong."""
    checker = _Checker(text, scope)
    tree = checker.typed(parse(text))
    if expected is not None and not fits(tree.type, expected):
        raise ExpressionError(
            msg(
                "This gives {found}, where {wanted} is needed.", found=described(tree.type), wanted=described(expected)
            ),
            msg("Change the formula so that it gives what is needed here."),
            tree.span[0],
        )
    return Expression(text, tree)


def established(node: Typed) -> frozenset[tuple[str, str]]:
    """Return the optional fields that a condition, where it holds, shows to be there (for `Scope.present`)."""
    if isinstance(node, Has):
        return frozenset({(_path_text(node.base), node.field)})
    if isinstance(node, Logic) and node.name == "and":
        return frozenset().union(*map(established, node.operands))
    return frozenset()


class _Checker:
    """One pass over one expression."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.text = text
        self.scope = scope
        self.width = len(scope.aliases)
        self.patterns = {alias: number for number, alias in enumerate(scope.aliases)}
        self.standing: str | None = None
        """The fact type of the aggregate that is being read."""
        self.present = set(scope.present)

    def typed(self, node: syntax.Syntax) -> Typed:
        """Return the typed tree of a syntax node."""
        match node:
            case syntax.Literal():
                return self.literal(node)
            case syntax.Name():
                return self.name(node)
            case syntax.Path():
                return self.path(node)
            case syntax.Unary():
                return self.unary(node)
            case syntax.Binary():
                return self.binary(node)
            case syntax.OneOf():
                return self.one_of(node)
            case syntax.Within():
                item, low, high = (self.typed(n) for n in (node.item, node.low, node.high))
                for end in (low, high):
                    comparable("<=", item, end)
                return Operation("within", (item, low, high), BOOLEAN, node.span)
            case syntax.Choice():
                condition = self.boolean(node.condition)
                before = set(self.present)
                self.narrow(condition)
                then = self.typed(node.then)
                self.present = before
                otherwise = self.typed(node.otherwise)
                same(then, otherwise)
                return Logic("if", (condition, then, otherwise), then.type, node.span)
            case syntax.Call():
                return self.call(node)

    def literal(self, node: syntax.Literal) -> Typed:
        """Type a constant by its value."""
        if isinstance(node.value, bool):
            return Const(node.value, BOOLEAN, node.span)
        if isinstance(node.value, str):
            return Const(node.value, TEXT, node.span)
        if isinstance(node.value, date):
            return Const(node.value, DATE, node.span)
        if node.unit and node.unit not in self.scope.units:
            raise unknown(
                msg("The unit “{name}” is not known here.", name=node.unit), node.unit, self.scope.units, node.span
            )
        return Const(node.value, Type(Kind.NUMBER, ((node.unit, 1),) if node.unit else ()), node.span)

    def name(self, node: syntax.Name) -> Typed:
        """Look a bare name up: alias, inline, constant, or the fact of an aggregate."""
        scope = self.scope
        if node.name == self.standing:
            return Matched(self.width, Type(Kind.FACT, fact_type=node.name), node.span)
        if node.name in self.patterns:
            return Matched(self.patterns[node.name], Type(Kind.FACT, fact_type=scope.aliases[node.name]), node.span)
        if node.name in scope.inline:
            body = scope.inline[node.name]
            return Inline(node.name, body, body.type, node.span)
        if node.name in scope.constants:
            constant = scope.constants[node.name]
            return Const(constant.value, constant.type, node.span, named=True, readings=constant.readings)
        if node.name in scope.fact_types or node.name in scope.pending:
            raise ExpressionError(
                msg(
                    "“{name}” is a fact type: use it inside an aggregate, such as count({name}).",
                    name=node.name,
                ),
                msg("Use an aggregate, or match the fact with `each` and use its alias."),
                node.span[0],
            )
        known = [*self.patterns, *scope.constants, *scope.inline, "case", *scope.spoken]
        raise unknown(msg("The name “{name}” is not known here.", name=node.name), node.name, known, node.span)

    def path(self, node: syntax.Path) -> Typed:
        """Look up a field of a fact, or something of the case's head."""
        if isinstance(node.base, syntax.Name) and node.base.name == "case" and "case" not in self.patterns:
            if node.field not in self.scope.case:
                raise unknown(msg("A case has no “{name}”.", name=node.field), node.field, self.scope.case, node.span)
            return CaseField(node.field, self.scope.case[node.field], node.span)
        base, found = self.field(node)
        if found.optional and (_path_text(base), node.field) not in self.present:
            raise ExpressionError(
                msg("“{field}” may be missing from a fact “{type}”.", field=node.field, type=base.type.fact_type),
                msg("Guard it: has({text}) before it, or default({text}, …) in its place.", text=self.slice(node.span)),
                node.span[0],
            )
        return FieldOf(base, node.field, field_type(found), node.span)

    def field(self, node: syntax.Path) -> tuple[Typed, FieldType]:
        """Return the fact that a path starts from, and the type of its field."""
        base = self.typed(node.base)
        if base.type.kind is not Kind.FACT:
            raise ExpressionError(
                msg(
                    "“{text}” is not a fact, so it has no field “{field}”.",
                    text=self.slice(node.base.span),
                    field=node.field,
                ),
                msg("Take a field of an alias that `each` names."),
                node.span[0],
            )
        if base.type.fact_type in self.scope.pending:
            raise NotYetKnown(base.type.fact_type)
        fields = self.scope.fact_types[base.type.fact_type].fields
        if node.field not in fields:
            raise unknown(
                msg("A fact “{type}” has no field “{name}”.", type=base.type.fact_type, name=node.field),
                node.field,
                fields,
                (node.span[1] - len(node.field), node.span[1]),
            )
        return base, fields[node.field]

    def unary(self, node: syntax.Unary) -> Typed:
        """Type `not x` and `-x`."""
        if node.operator == "not":
            return Operation("not", (self.boolean(node.operand, narrows=False),), BOOLEAN, node.span)
        operand = self.number(node.operand)
        return Operation("negative", (operand,), operand.type, node.span)

    def binary(self, node: syntax.Binary) -> Typed:
        """Type logic, comparison and arithmetic."""
        operator = node.operator
        if operator in ("and", "or"):
            before = set(self.present)
            left = self.boolean(node.left, narrows=operator == "and")
            right = self.boolean(node.right, narrows=operator == "and")
            if operator == "or":
                self.present = before
            return Logic(operator, (left, right), BOOLEAN, node.span)
        left, right = self.typed(node.left), self.typed(node.right)
        if operator in ("==", "!=", "<", "<=", ">", ">="):
            comparable(operator, left, right)
            return Operation(operator, (left, right), BOOLEAN, node.span)
        result = functions.arithmetic(operator, left.type, right.type)
        if result is None:
            raise ExpressionError(
                msg(
                    "{left} and {right} cannot be combined by “{operator}”.",
                    left=described(left.type),
                    right=described(right.type),
                    operator=operator,
                ),
                msg("Numbers are added in the same unit only; dates take days (20 天)."),
                node.span[0],
            )
        return Operation(operator, (left, right), result, node.span)

    def one_of(self, node: syntax.OneOf) -> Typed:
        """Type `x in [...]`; each option must be comparable with the item."""
        item = self.typed(node.item)
        options = tuple(self.typed(option) for option in node.options)
        for option in options:
            comparable("==", item, option)
        return Operation("one_of", (item, *options), BOOLEAN, node.span)

    def call(self, node: syntax.Call) -> Typed:
        """Type a function call or an aggregate."""
        if node.function in functions.AGGREGATES:
            return self.aggregate(node)
        known = [*functions.FUNCTIONS, *functions.AGGREGATES, "has", "default", *_OF_INDICATORS]
        if node.function not in known:
            raise unknown(msg("There is no function “{name}”.", name=node.function), node.function, known, node.span)
        if node.where is not None:
            raise ExpressionError(
                msg("“where” belongs in an aggregate, and {name} is not one.", name=node.function),
                msg("The aggregates are: {names}.", names=listing(functions.AGGREGATES)),
                node.span[0],
            )
        if node.function in ("has", "default"):
            return self.optional(node)
        if node.function in _OF_INDICATORS:
            return self.indicator(node)
        operands = tuple(self.typed(argument) for argument in node.arguments)
        result = functions.FUNCTIONS[node.function].result(tuple(o.type for o in operands))
        if result is None:
            raise ExpressionError(
                msg("{name} cannot take these values.", name=node.function),
                msg("It is used as {usage}.", usage=functions.FUNCTIONS[node.function].usage),
                node.span[0],
            )
        return Operation(node.function, operands, result, node.span)

    def optional(self, node: syntax.Call) -> Typed:
        """Type has(x.f) and default(x.f, v)."""
        wanted = 1 if node.function == "has" else 2
        path = node.arguments[0]
        if len(node.arguments) != wanted or not isinstance(path, syntax.Path):
            raise ExpressionError(
                msg("{name} cannot take these values.", name=node.function),
                msg("It is used as {usage}.", usage="has(t.field)" if wanted == 1 else "default(t.field, 0)"),
                node.span[0],
            )
        base, found = self.field(path)
        if node.function == "has":
            return Has(base, path.field, BOOLEAN, node.span)
        otherwise = self.typed(node.arguments[1])
        value = FieldOf(base, path.field, field_type(found), path.span)
        same(value, otherwise)
        return Default(base, path.field, otherwise, value.type, node.span)

    def indicator(self, node: syntax.Call) -> Typed:
        """Type what is asked of an indicator; its number is written out but in weight_of(n) and is_indicator(n)."""
        argument = node.arguments[0]
        if node.function == "is_indicator" and len(node.arguments) == 1:
            return Operation("is_indicator", (self.number(argument),), BOOLEAN, node.span)
        if node.function == "weight_of" and len(node.arguments) == 1 and not isinstance(argument, syntax.Literal):
            return Operation("weight_of", (self.number(argument),), NUMBER, node.span)
        if (
            len(node.arguments) != 1
            or not isinstance(argument, syntax.Literal)
            or argument.value not in self.scope.weights
        ):
            raise ExpressionError(
                msg("{name} needs the number of an indicator of this ruleset.", name=node.function),
                msg("Write the number itself, such as {name}(1).", name=node.function),
                node.span[0],
            )
        number = int(argument.value)  # type: ignore[arg-type]
        if node.function == "weight_of":
            return Const(self.scope.weights[number], NUMBER, node.span, named=True)
        return Score(number, "open" if node.function == "open_points" else "kept", NUMBER, node.span)

    def aggregate(self, node: syntax.Call) -> Typed:
        """Type an aggregate: find the one fact type that it runs over, then its parts."""
        if self.standing is not None:
            raise ExpressionError(
                msg("An aggregate cannot be inside another."),
                msg("Derive a fact with the inner figure first."),
                node.span[0],
            )
        shape = functions.AGGREGATES[node.function]
        over = self.runs_over(node)
        if len(node.arguments) != shape.arguments:
            raise ExpressionError(
                msg("{name} cannot take these values.", name=node.function),
                msg("It is used as {usage}.", usage=shape.usage),
                node.span[0],
            )
        before = set(self.present)
        self.standing = over
        where = self.boolean(node.where) if node.where is not None else None
        arguments = tuple(self.typed(argument) for argument in node.arguments)
        self.standing = None
        self.present = before
        result = shape.result(tuple(a.type for a in arguments))
        if result is None:
            raise ExpressionError(
                msg("{name} cannot take these values.", name=node.function),
                msg("It is used as {usage}.", usage=shape.usage),
                node.span[0],
            )
        parts = (*arguments, *((where,) if where else ()))
        return Aggregate(
            node.function,
            over,
            self.width,
            arguments,
            where,
            self.slice(node.span),
            self.scope.name if any(isinstance(n, Const) and n.named for p in parts for n in walk(p)) else "",
            any(patterns_of(part, self.width) for part in parts),
            result,
            node.span,
        )

    def runs_over(self, node: syntax.Call) -> str:
        """Return the fact type that an aggregate names, which must be exactly one."""
        known = {*self.scope.fact_types, *self.scope.pending}
        named = sorted(
            {name.name for name in syntax.names(node) if name.name in known and name.name not in self.patterns}
        )
        if len(named) != 1:
            raise ExpressionError(
                msg(
                    "{name} must run over one fact type; it names {found}.",
                    name=node.function,
                    found=listing(named),
                ),
                msg("Name one fact type, such as {usage}.", usage=functions.AGGREGATES[node.function].usage),
                node.span[0],
            )
        if named[0] in self.scope.pending:
            raise NotYetKnown(named[0])
        return named[0]

    def boolean(self, node: syntax.Syntax, *, narrows: bool = True) -> Typed:
        """Type a condition; what has(…) establishes holds for what follows."""
        before = set(self.present)
        found = self.typed(node)
        if not narrows:
            self.present = before
        if found.type.kind is not Kind.BOOLEAN:
            raise ExpressionError(
                msg(
                    "This gives {found}, where {wanted} is needed.",
                    found=described(found.type),
                    wanted=described(BOOLEAN),
                ),
                msg("Write a condition, such as t.actual > 0."),
                found.span[0],
            )
        if narrows:
            self.narrow(found)
        return found

    def narrow(self, node: Typed) -> None:
        """Note the optional fields that a condition, where it holds, shows to be there."""
        self.present |= established(node)

    def number(self, node: syntax.Syntax) -> Typed:
        """Type something that must be a number, in any unit."""
        found = self.typed(node)
        if found.type.kind is not Kind.NUMBER:
            raise ExpressionError(
                msg(
                    "This gives {found}, where {wanted} is needed.",
                    found=described(found.type),
                    wanted=described(NUMBER),
                ),
                msg("Write a number or a formula."),
                found.span[0],
            )
        return found

    def slice(self, span: tuple[int, int]) -> str:
        """Return the text of a span."""
        return self.text[span[0] : span[1]]


def _path_text(node: Typed) -> str:
    match node:
        case Matched():
            return f"#{node.pattern}"
        case FieldOf():
            return f"{_path_text(node.base)}.{node.field}"
        case _:
            return "?"
