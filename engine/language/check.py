"""Look up every name of a syntax tree and check types and units; the result is a typed tree."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from engine.base.comparators import Comparator
from engine.base.faults import problem
from engine.base.messages import msg
from engine.facts.model import Kind
from engine.language import calls, functions, names, syntax
from engine.language.expression import Expression
from engine.language.operators import Connective, Operator
from engine.language.parser import ExpressionError, parse
from engine.language.presence import established
from engine.language.scope import Scope
from engine.language.typed import (
    BOOLEAN,
    NUMBER,
    Arithmetic,
    Call,
    Choice,
    Compare,
    Default,
    FieldOf,
    Has,
    HasResult,
    Logic,
    Minus,
    Not,
    OneOf,
    ResultOf,
    Type,
    Typed,
    Within,
)
from engine.language.typing_rules import comparable, described, field_type, fits, same


def check(text: str, scope: Scope, expected: Type | None = None) -> Expression:
    """Parse and type an expression; `ExpressionError` at the character that is wrong."""
    tree = _Checker(text, scope).typed(parse(text))
    if expected is not None and not fits(tree.type, expected):
        raise ExpressionError(
            problem(
                "expression.result",
                "This gives {found}, where {wanted} is needed.",
                found=described(tree.type),
                wanted=described(expected),
            ),
            msg("Change the formula so that it gives what is needed here."),
            tree.span[0],
        )
    return Expression(text, tree, tuple(scope.aliases))


class _Checker:
    """One pass over one expression."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.text = text
        self.scope = scope
        self.running: str | None = None
        """The fact type of the aggregate that is being read."""
        self.present = set(scope.present)

    def typed(self, node: syntax.Syntax) -> Typed:
        """Return the typed tree of a syntax node."""
        match node:
            case syntax.Literal():
                return names.literal(node, self.scope)
            case syntax.Name():
                return names.named(node, self.scope, self.running, self.present, self.text)
            case syntax.Path() if names.is_of_the_case(node, self.scope):
                return names.case_field(node, self.scope)
            case syntax.Path():
                return names.path(self.typed(node.base), node, self.scope, self.present, self.text)
            case syntax.Unary():
                return self.unary(node)
            case syntax.Binary():
                return self.binary(node)
            case syntax.OneOf():
                item = self.typed(node.item)
                options = tuple(self.typed(option) for option in node.options)
                for option in options:
                    comparable(Comparator.EQUAL, item, option)
                return OneOf(item, options, node.span)
            case syntax.Within():
                item, low, high = (self.typed(part) for part in (node.item, node.low, node.high))
                for end in (low, high):
                    comparable(Comparator.AT_MOST, item, end)
                return Within(item, low, high, node.span)
            case syntax.Choice():
                condition = self.boolean(node.condition)
                before = set(self.present)
                self.present |= established(condition)
                then = self.typed(node.then)
                self.present = before
                otherwise = self.typed(node.otherwise)
                same(then, otherwise)
                return Choice(condition, then, otherwise, then.type, node.span)
            case syntax.Call():
                return self.call(node)

    def unary(self, node: syntax.Unary) -> Not | Minus:
        """Type `not x` and `-x`."""
        if node.operator == "not":
            return Not(self.boolean(node.operand, narrows=False), node.span)
        operand = self.number(node.operand)
        return Minus(operand, operand.type, node.span)

    def binary(self, node: syntax.Binary) -> Typed:
        """Type logic, comparison and arithmetic."""
        match node.operator:
            case Connective():
                return self.logic(node, node.operator)
            case Comparator():
                left, right = self.typed(node.left), self.typed(node.right)
                comparable(node.operator, left, right)
                return Compare(node.operator, left, right, node.span)
            case Operator():
                left, right = self.typed(node.left), self.typed(node.right)
                result = functions.arithmetic(node.operator, left.type, right.type)
                if result is None:
                    raise ExpressionError(
                        problem(
                            "expression.combine",
                            "{left} and {right} cannot be combined by “{operator}”.",
                            left=described(left.type),
                            right=described(right.type),
                            operator=node.operator.value,
                        ),
                        msg("Numbers are added in the same unit only; dates take days (20 天)."),
                        node.span[0],
                    )
                return Arithmetic(node.operator, left, right, result, node.span)

    def logic(self, node: syntax.Binary, connective: Connective) -> Logic:
        """Type `and` and `or`; what `and` requires holds for what follows."""
        before = set(self.present)
        both = connective is Connective.AND
        left = self.boolean(node.left, narrows=both)
        right = self.boolean(node.right, narrows=both)
        if not both:
            self.present = before
        return Logic(connective, left, right, node.span)

    def call(self, node: syntax.Call) -> Typed:
        """Type a function call or an aggregate."""
        calls.refuse_unknown(node)
        if node.function in functions.AGGREGATES:
            return self.aggregate(node)
        if node.function in calls.OPTIONAL:
            return self.optional(node)
        if node.function in calls.OF_INDICATORS:
            if calls.asks_by_formula(node) and not self.names_level(node):
                result = BOOLEAN if node.function == "is_indicator" else NUMBER
                return Call(node.function, (self.number(node.arguments[0]),), result, node.span)
            return calls.of_indicator(node, self.scope)
        return calls.function(node, tuple(self.typed(argument) for argument in node.arguments))

    def names_level(self, node: syntax.Call) -> bool:
        """Return whether weight_of(…) or is_indicator(…) names a level or the total, without quotes."""
        (argument,) = node.arguments
        if not isinstance(argument, syntax.Name):
            return False
        return names.level(argument, self.scope, self.running, node.function) is not None

    def optional(self, node: syntax.Call) -> Typed:
        """Type has(x.f) and default(x.f, v), and the same of a result."""
        path = calls.optional_field(node)
        if isinstance(path, syntax.Name) and self.scope.meant(path.name) in self.scope.results:
            return self.optional_result(node, path)
        base = self.typed(path.base) if isinstance(path, syntax.Path) else self.holder(node, path)
        if isinstance(path, syntax.Name):
            path = syntax.Path(path, path.name, path.span)
        meant = names.field_of(base, path, self.scope, self.text)
        if node.function == "has":
            return Has(base, meant.name, node.span)
        otherwise, found = self.typed(node.arguments[1]), field_type(meant)
        same(FieldOf(base, meant.name, found, path.span), otherwise)
        return Default(base, meant.name, otherwise, found, node.span)

    def optional_result(self, node: syntax.Call, name: syntax.Name) -> HasResult | Choice:
        """Type has(r), and default(r, v) as `if has(r) then r else v`."""
        result = self.scope.meant(name.name)
        there = HasResult(result, name.span)
        if node.function == "has":
            return replace(there, span=node.span)
        value = ResultOf(result, self.scope.results[result].type, name.span)
        otherwise = self.typed(node.arguments[1])
        same(value, otherwise)
        return Choice(there, value, otherwise, value.type, node.span)

    def holder(self, node: syntax.Call, name: syntax.Name) -> Typed:
        """Return the fact whose field a bare name is, in has(f) and default(f, v)."""
        found = names.owner(name, self.scope, self.running) if name.name not in self.scope.aliases else None
        if found is None:
            raise calls.cannot_take_field(node)
        return found

    def aggregate(self, node: syntax.Call) -> Typed:
        """Type an aggregate: find the one fact type that it runs over, then its parts."""
        if self.running is not None:
            raise ExpressionError(
                problem("expression.nested-aggregate", "An aggregate cannot be inside another."),
                msg("Derive a fact with the inner figure first."),
                node.span[0],
            )
        over = calls.runs_over(node, self.scope)
        before = set(self.present)
        self.running = over
        where = self.boolean(node.where) if node.where is not None else None
        arguments = tuple(self.typed(argument) for argument in node.arguments)
        self.running = None
        self.present = before
        return calls.aggregate(node, over, arguments, where, self.scope, self.text)

    def boolean(self, node: syntax.Syntax, *, narrows: bool = True) -> Typed:
        """Type a condition; what has(…) establishes holds for what follows."""
        before = set(self.present)
        found = self.typed(node)
        if not narrows:
            self.present = before
        if found.type.kind is not Kind.BOOLEAN:
            _refuse(found, BOOLEAN)
        if narrows:
            self.present |= established(found)
        return found

    def number(self, node: syntax.Syntax) -> Typed:
        """Type something that must be a number, in any unit."""
        found = self.typed(node)
        if found.type.kind is not Kind.NUMBER:
            _refuse(found, NUMBER)
        return found


def _refuse(found: Typed, wanted: Type) -> NoReturn:
    raise ExpressionError(
        problem(
            "expression.result",
            "This gives {found}, where {wanted} is needed.",
            found=described(found.type),
            wanted=described(wanted),
        ),
        msg("Write a condition, such as t.actual > 0.") if wanted is BOOLEAN else msg("Write a number or a formula."),
        found.span[0],
    )
