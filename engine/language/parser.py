"""Parse an expression by grammar into its syntax tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, v_args
from lark.exceptions import VisitError

from engine.base.comparators import Comparator
from engine.base.faults import Problem, problem
from engine.base.messages import Message, msg
from engine.base.numbers import Number, divide, read_decimal
from engine.documents.punctuation import sign_at
from engine.language.operators import Connective, Operator
from engine.language.syntax import Binary, Call, Choice, Literal, Name, OneOf, Path, Span, Syntax, Unary, Within
from engine.language.vocabulary import plain_signs, vocabulary

GRAMMAR = r"""
?start: expression
?expression: disjunction
    | _IF expression _THEN expression _ELSE expression      -> choice
?disjunction: conjunction | disjunction OR conjunction      -> binary
?conjunction: negation | conjunction AND negation           -> binary
?negation: comparison | NOT negation                        -> unary
?comparison: sum
    | sum COMPARE sum                                       -> binary
    | sum _IN sum ".." sum                                  -> within
    | sum _IN "[" sum ("," sum)* "]"                        -> one_of
?sum: product | sum SIGN product                            -> binary
?product: factor | product TIMES factor                     -> binary
?factor: path | SIGN factor                                 -> unary
?path: atom | path "." NAME                                 -> field
?atom: "(" expression ")"                                   -> group
    | NAME                                                  -> name
    | NAME "(" expression ("," expression)* [_WHERE expression] ")"  -> call
    | DATE                                                  -> date
    | QUANTITY                                              -> quantity
    | NUMBER                                                -> number
    | STRING                                                -> string
    | TRUE                                                  -> true
    | FALSE                                                 -> false

OR.5: /(or|或)(?!\w)/
AND.5: /(and|且)(?!\w)/
NOT.5: /(not|非)(?!\w)/
TRUE.5: /(true|是)(?!\w)/
FALSE.5: /(false|否)(?!\w)/
_IN.5: /(in|属于)(?!\w)/
_IF.5: /(if|如果)(?!\w)/
_THEN.5: /(then|则)(?!\w)/
_ELSE.5: /(else|否则)(?!\w)/
_WHERE.5: /(where|其中)(?!\w)/
COMPARE: "==" | "=" | "!=" | "<=" | ">=" | "<" | ">" | "≠" | "≤" | "≥"
SIGN: "+" | "-"
TIMES: "*" | "/"
NAME: /[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]*/
DATE.3: /\d{4}-\d{2}-\d{2}/
QUANTITY.2: /\d+(\.\d+)?\s*(%|(?!(且|或|非|属于|其中|如果|则|否则|是|否)(?!\w))[\u4e00-\u9fff]+)/
NUMBER.1: /\d+(\.\d+)?/
STRING: /'[^'\n]*'|"[^"\n]*"/
%ignore /\s+/
"""

MAX_LENGTH = 2_000
"""The longest expression that is read, in characters."""

_MAX_OPERATORS = 150
_OPERATOR = re.compile(r"[-+*/(\[.×÷（【]|\b(?:and|or|not|if|且|或|非|如果)\b")
_DIGITS = re.compile(r"[\d.]+")


class ExpressionError(Exception):
    """An expression is wrong at some character; the code that knows the document adds file and line."""

    def __init__(self, what: Problem, remedy: Message, offset: int = 0) -> None:
        super().__init__(str(what))
        self.what = what
        self.remedy = remedy
        self.offset = offset


def parse(text: str) -> Syntax:
    """Return the syntax tree of an expression; `ExpressionError` with the offset where it cannot be read."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            problem(
                "expression.too-long",
                "The expression is {length} characters long; {most} are allowed.",
                length=len(text),
                most=MAX_LENGTH,
            ),
            msg("Derive a fact with a part of it first, and use that fact here."),
        )
    if len(_OPERATOR.findall(text)) > _MAX_OPERATORS:
        raise ExpressionError(
            problem(
                "expression.too-deep",
                "The expression has more than {most} operators and brackets.",
                most=_MAX_OPERATORS,
            ),
            msg("Derive a fact with a part of it first, and use that fact here."),
        )
    return _parsed(text)


def unit_of(text: str) -> str:
    """Return the unit of an expression that is only a quantity, such as `10000 万元`; empty for any other text."""
    try:
        node = parse(text)
    except ExpressionError:
        return ""
    return node.unit if isinstance(node, Literal) else ""


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Syntax:
    try:
        tree = _BUILD.transform(_parser().parse(plain_signs(text)))
    except UnexpectedEOF as error:
        raise _ends_early(text) from error
    except UnexpectedCharacters as error:
        offset: int = getattr(error, "pos_in_stream", 0)
        if (sign := sign_at(text, offset)) is not None:
            raise ExpressionError(
                problem("expression.punctuation", "The expression has {name}.", name=sign.name), sign.remedy, offset
            ) from error
        raise ExpressionError(
            problem(
                "expression.unreadable", "The expression cannot be read at “{rest}”.", rest=text[offset : offset + 12]
            ),
            msg("Put texts in quotes, write units in Chinese or as %, and compare with == != < <= > >=."),
            offset,
        ) from error
    except UnexpectedInput as error:
        token = getattr(error, "token", None)
        if token is None or token.type == "$END":
            raise _ends_early(text) from error
        raise ExpressionError(
            problem("expression.unexpected", "“{word}” is not allowed here in an expression.", word=str(token)),
            msg("Look for a missing operator, bracket or quote before it; comparisons cannot be chained."),
            token.start_pos or 0,
        ) from error
    except VisitError as error:
        if isinstance(error.orig_exc, ExpressionError):
            raise error.orig_exc from None
        raise
    return tree


def _ends_early(text: str) -> ExpressionError:
    if not text.strip():
        return ExpressionError(
            problem("expression.empty", "The expression is empty."), msg("Write a formula or a condition.")
        )
    return ExpressionError(
        problem("expression.ends-early", "The expression ends too early."),
        msg("Complete it: a bracket or a value is missing."),
        len(text),
    )


def tokens(text: str) -> Iterator[Token]:
    """Yield the words and signs of an expression that can be read, each with its place."""
    return _parser().lex(plain_signs(text))


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", propagate_positions=True)


def _span(meta: Any) -> Span:
    return (meta.start_pos, meta.end_pos)


@v_args(meta=True)
class _Build(Transformer[Token, Syntax]):
    """Turn the parser's reductions into syntax nodes."""

    def binary(self, meta: Any, parts: list[Any]) -> Syntax:
        left, operator, right = parts
        return Binary(_SIGNS[str(operator)], left, right, _span(meta))

    def unary(self, meta: Any, parts: list[Any]) -> Syntax:
        operator, operand = parts
        return Unary(_KEYWORDS.canonical(str(operator)), operand, _span(meta)) if operator != "+" else operand

    def within(self, meta: Any, parts: list[Any]) -> Syntax:
        return Within(parts[0], parts[1], parts[2], _span(meta))

    def one_of(self, meta: Any, parts: list[Any]) -> Syntax:
        return OneOf(parts[0], tuple(parts[1:]), _span(meta))

    def choice(self, meta: Any, parts: list[Any]) -> Syntax:
        return Choice(parts[0], parts[1], parts[2], _span(meta))

    def field(self, meta: Any, parts: list[Any]) -> Syntax:
        return Path(parts[0], str(parts[1]), _span(meta))

    def group(self, _meta: Any, parts: list[Any]) -> Syntax:
        group: Syntax = parts[0]
        return group

    def name(self, meta: Any, parts: list[Any]) -> Syntax:
        return Name(str(parts[0]), _span(meta))

    def call(self, meta: Any, parts: list[Any]) -> Syntax:
        return Call(_FUNCTIONS.canonical(str(parts[0])), tuple(parts[1:-1]), parts[-1], _span(meta))

    def date(self, meta: Any, parts: list[Any]) -> Syntax:
        try:
            day = date.fromisoformat(str(parts[0]))
        except ValueError:
            raise ExpressionError(
                problem("expression.date", "“{date}” is not a day of the calendar.", date=str(parts[0])),
                msg("Write the year, month and day as in 2024-12-31."),
                meta.start_pos,
            ) from None
        return Literal(day, "", _span(meta))

    def quantity(self, meta: Any, parts: list[Any]) -> Syntax:
        text = str(parts[0])
        digits = _DIGITS.match(text)[0]  # type: ignore[index]  # the grammar's token begins with them
        value, unit = _number(digits, meta.start_pos), text[len(digits) :].strip()
        if unit == "%":
            return Literal(divide(value, 100), "", _span(meta))
        return Literal(value, unit, _span(meta))

    def number(self, meta: Any, parts: list[Any]) -> Syntax:
        return Literal(_number(str(parts[0]), meta.start_pos), "", _span(meta))

    def string(self, meta: Any, parts: list[Any]) -> Syntax:
        return Literal(str(parts[0])[1:-1], "", _span(meta))

    def true(self, meta: Any, _parts: list[Any]) -> Syntax:
        return Literal(value=True, unit="", span=_span(meta))

    def false(self, meta: Any, _parts: list[Any]) -> Syntax:
        return Literal(value=False, unit="", span=_span(meta))


_KEYWORDS, _FUNCTIONS = vocabulary("keywords"), vocabulary("functions")
_BUILD = _Build()
_SIGNS: Mapping[str, Comparator | Operator | Connective] = {
    sign.value: sign for signs in (Comparator, Operator, Connective) for sign in signs
} | {
    "=": Comparator.EQUAL, "≠": Comparator.UNEQUAL, "≤": Comparator.AT_MOST, "≥": Comparator.AT_LEAST,
    "且": Connective.AND, "或": Connective.OR,
}  # fmt: skip


def _number(text: str, offset: int) -> Number:
    value = read_decimal(text)
    if value is None:
        raise ExpressionError(
            problem("expression.long-number", "The number “{number}” is too long.", number=text),
            msg("Write fewer digits."),
            offset,
        )
    return value
