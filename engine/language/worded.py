"""Write an expression as a reader of the form would say it, with its names or with their values put in.

A field is called by its title, without the fact that it belongs to; a figure over facts by what it counts; a share as a
percentage. Such a text cannot be read again: that is what `engine.language.respell` writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from engine.base.numbers import exact_text
from engine.facts.model import Kind
from engine.language.expression import Expression
from engine.language.figures import SHOWN_BY_VALUE, Figures
from engine.language.fold import nodes
from engine.language.operators import Connective, Operator
from engine.language.phrases import AFTERWARDS, FIGURES, PHRASES, is_phrase, limit_of
from engine.language.respell import AND, ANY, ATOM, FACTOR, NOT, OR, PRODUCT, SUM, tightness
from engine.language.typed import (
    Aggregate,
    Arithmetic,
    Call,
    CaseField,
    Choice,
    Compare,
    Const,
    Default,
    FieldOf,
    Has,
    HasResult,
    Inline,
    Logic,
    Matched,
    Minus,
    Not,
    OneOf,
    ResultOf,
    Score,
    Typed,
    Within,
)
from engine.language.vocabulary import vocabulary
from engine.language.wording import Wording, after_chinese, plain_name

_SIGNS = {Operator.ADD: "+", Operator.SUBTRACT: "−", Operator.MULTIPLY: "×", Operator.DIVIDE: "÷"}
_NUMBER = re.compile(r"\(?(-?[0-9.]+(?:/[0-9]+)?)\)?")


def worded(expression: Expression, wording: Wording, values: Figures | None = None) -> str:
    """Return an expression in words; with `values`, each name's value, and of `if` the branch that is taken.

    >>> from engine.language.check import check
    >>> from engine.language.scope import Scope
    >>> worded(check("min(1, 2 * 50%) / 3", Scope({})), Wording(chinese=False))
    '(2 × 50%, at most 1) ÷ 3'
    """
    running = frozenset(node.pattern for node in nodes(Aggregate, [expression.tree]))
    holders: dict[str, set[int]] = {}
    for node in nodes(FieldOf, [expression.tree]):
        if isinstance(node.base, Matched):
            holders.setdefault(wording.field(node.base.type.fact_type, node.field), set()).add(node.base.pattern)
    writer = _Writer(expression.text, wording, values, holders, running)
    return writer.condition(expression.tree, ANY)


@dataclass(frozen=True, slots=True)
class _Writer:
    """One expression in one language."""

    text: str
    wording: Wording
    values: Figures | None
    holders: Mapping[str, set[int]]
    """Which facts have a field that is called so."""
    running: frozenset[int]
    """The facts that figures run over."""
    inside: int | None = None
    """The fact that the figure runs over which is being written."""

    def put(self, node: Typed, level: int) -> str:
        """Write a node, in brackets where it holds less tightly than its place asks."""
        if self.values is not None and isinstance(node, Choice):
            return self.put(node.then if node.then.span in self.values else node.otherwise, level)
        words = self.node(node)
        return self.bracketed(words) if self.tightness(node) < level else words

    def tightness(self, node: Typed) -> int:
        """Return how tightly a node holds together as it is written here, where a limit follows what it limits."""
        return ANY if is_phrase(node) else tightness(node)

    def bracketed(self, words: str) -> str:
        """Write words in brackets."""
        return f"（{words}）" if self.wording.chinese and not words.isascii() else f"({words})"

    def either(self, chinese: str, english: str, **words: str) -> str:
        """Write a phrase in the language of the text."""
        return (chinese if self.wording.chinese else english).format(**words)

    def node(self, node: Typed) -> str:
        """Write a node."""
        if self.values is not None and isinstance(node, SHOWN_BY_VALUE):
            return self.valued(node, self.values)
        match node:
            case Const():
                return self.constant(node)
            case Compare():
                sign = vocabulary("operators").spelt(node.comparator.value, chinese=True)
                return f"{self.put(node.left, SUM)} {sign} {self.put(node.right, SUM)}"
            case Within() | OneOf():
                return self.membership(node)
            case Arithmetic():
                return self.arithmetic(node)
            case Minus():
                return f"−{self.put(node.operand, FACTOR)}"
            case Not():
                return self.negated(node.operand)
            case Logic():
                return self.logic(node)
            case Choice():
                return self.choice(node)
            case Call():
                return self.call(node)
            case _:
                return self.named(node)

    def membership(self, node: Within | OneOf) -> str:
        """Write that a value is in a range or in a list."""
        item = self.put(node.item, SUM)
        if isinstance(node, Within):
            ends = {"low": self.put(node.low, SUM), "high": self.put(node.high, SUM)}
            return self.either("{x} 在 {low} 至 {high} 之间", "{x} is between {low} and {high}", x=item, **ends)
        options = self.either("或", " or ").join(self.put(each, ANY) for each in node.options)
        return self.either("{x}为{options}", "{x} is {options}", x=item, options=options)

    def arithmetic(self, node: Arithmetic) -> str:
        """Write two values with a sign between them; 0 − x is −x."""
        if node.operator is Operator.SUBTRACT and isinstance(node.left, Const) and node.left.value == 0:
            return f"−{self.put(node.right, FACTOR)}"
        level = SUM if node.operator in (Operator.ADD, Operator.SUBTRACT) else PRODUCT
        return f"{self.put(node.left, level)} {_SIGNS[node.operator]} {self.put(node.right, level + 1)}"

    def constant(self, node: Const) -> str:
        """Write a constant: its name, or its value."""
        if node.name and self.values is None:
            return self.asked(node.name) if node.name.endswith(")") else self.wording.name(node.name)
        value, share = node.value, self.wording.is_share(node)
        if not node.name:
            share = self.text[node.span[0] : node.span[1]].endswith("%")
        if isinstance(value, bool):
            return self.wording.truth(value=value)
        if isinstance(value, str):
            return f"“{value}”"
        if isinstance(value, date):
            return value.isoformat()
        return self.wording.value(exact_text(value), node.type, share=share)

    def valued(self, node: Typed, values: Figures) -> str:
        """Write the value of a name."""
        text, type_ = values.get(node.span, ""), node.type
        if type_.kind is Kind.NUMBER and (found := _NUMBER.match(text)):
            return self.wording.value(found[1], type_, share=self.wording.is_share(node))
        return self.wording.value(text[1:-1] if type_.kind is Kind.TEXT else text, type_)

    def asked(self, call: str) -> str:
        """Write what is asked of an indicator or a level, such as `weight_of(3)`."""
        name, of = call.removesuffix(")").split("(", 1)
        of = self.either("第 {n} 项", "indicator {n}", n=of) if of.isdecimal() else f"“{of.strip(chr(39))}”"
        words = {
            "score": ("{of}的得分", "score of {of}"),
            "open_points": ("{of}的待定分", "open points of {of}"),
            "weight_of": ("{of}的分值", "weight of {of}"),
        }
        return self.either(*words.get(name, (call, call)), of=of)

    def named(self, node: Typed) -> str:
        """Write what is called by a name."""
        match node:
            case Matched():
                return self.wording.name(node.type.fact_type)
            case CaseField():
                return self.wording.name(node.field)
            case FieldOf():
                return self.path(node.base, node.field)
            case Has():
                return self.either("已填{x}", "{x} is given", x=self.path(node.base, node.field))
            case Default():
                words = {"x": self.path(node.base, node.field), "y": self.put(node.otherwise, ANY)}
                return self.either("{x}（未填的为 {y}）", "{x} ({y} where it is not given)", **words)
            case Inline():
                return self.wording.name(node.name)
            case Score(name="total", measure="kept"):
                return self.wording.name("total")
            case Score():
                return self.asked(f"{'open_points' if node.measure == 'open' else 'score'}({node.name})")
            case ResultOf():
                return self.wording.name(node.result)
            case HasResult():
                return self.either("有{x}", "there is a {x}", x=self.wording.name(node.result))
            case Aggregate():
                return self.aggregate(node)
            case _:
                return self.text[node.span[0] : node.span[1]]

    def path(self, base: Typed, name: str) -> str:
        """Write a field: by its title alone where only one fact can be meant."""
        title = self.wording.field(base.type.fact_type, name)
        if isinstance(base, Matched) and not self.is_doubtful(base.pattern, title):
            return title
        return self.either("{base}的{title}", "{title} of {base}", base=self.put(base, ATOM), title=title)

    def is_doubtful(self, pattern: int, title: str) -> bool:
        """Return whether a field of another fact could be meant by the title."""
        if pattern == self.inside:
            return False
        others = self.holders.get(title, set()) - {pattern}
        return bool(others - self.running if self.inside is None else others)

    def negated(self, operand: Typed) -> str:
        """Write a condition that must not hold."""
        if self.values is not None and isinstance(operand, SHOWN_BY_VALUE):
            return self.wording.truth(value=self.values.get(operand.span) != "true")
        match operand:
            case FieldOf():
                return self.either("{x}为“否”", "{x} is no", x=self.put(operand, SUM))
            case Has():
                return self.either("未填{x}", "{x} is not given", x=self.path(operand.base, operand.field))
            case HasResult():
                return self.either("没有{x}", "there is no {x}", x=self.wording.name(operand.result))
            case Aggregate(function="any"):
                over = replace(self, inside=operand.pattern).over(operand)
                return self.either("没有{x}", "there is no {x}", x=over)
            case _:
                return self.either("并非：{x}", "not {x}", x=self.put(operand, NOT))

    def logic(self, node: Logic) -> str:
        """Write joined conditions; with values, no operand that no longer matters."""
        level = OR if node.connective is Connective.OR else AND
        if self.values is not None and node.span not in self.values:
            return self.condition(node.left, level)
        sign = self.either("且", "and") if node.connective is Connective.AND else self.either("或", "or")
        return f"{self.condition(node.left, level)} {sign} {self.condition(node.right, level + 1)}"

    def condition(self, node: Typed, level: int) -> str:
        """Write a condition; a field that is yes or no says which."""
        if isinstance(node, FieldOf) and node.type.kind is Kind.BOOLEAN and self.values is None:
            return self.either("{x}为“是”", "{x} is yes", x=self.put(node, SUM))
        return self.put(node, level)

    def choice(self, node: Choice) -> str:
        """Write `if`."""
        condition, then, otherwise = (
            self.condition(node.condition, ANY),
            self.put(node.then, ANY),
            self.put(node.otherwise, ANY),
        )
        if not self.wording.chinese:
            return f"{then} if {condition}, else {otherwise}"
        rest = f"否则{otherwise}" if isinstance(node.otherwise, Choice) else f"否则为{after_chinese(otherwise)}"
        return f"如果{condition}，则为{after_chinese(then)}，{rest}"

    def call(self, node: Call) -> str:
        """Write a function of values."""
        if (limit := limit_of(node)) is not None:
            limited, by = limit
            words = ("不超过", "at most") if node.function == "min" else ("不低于", "at least")
            return self.afterwards(limited, f"{self.either(*words)} {self.put(by, ANY)}")
        if node.function == "round" and len(node.arguments) > 1:
            return self.afterwards(node.arguments[0], self.rounded(node.arguments[1]))
        if (after := AFTERWARDS.get(node.function)) is not None:
            return self.afterwards(node.arguments[0], self.either(*after))
        arguments = [self.put(each, ANY) for each in node.arguments]
        if (phrase := PHRASES.get(node.function)) is not None:
            grouped = self.put(node.arguments[0], ATOM)
            return self.either(*phrase, x=grouped, y=arguments[-1])
        name = vocabulary("functions").spelt(node.function, chinese=self.wording.chinese)
        return f"{plain_name(name, chinese=self.wording.chinese)}({', '.join(arguments)})"

    def afterwards(self, node: Typed, said: str) -> str:
        """Write what is done with a value behind it."""
        return f"{self.put(node, ANY)}{self.either('，', ', ')}{said}"

    def rounded(self, places: Typed) -> str:
        """Write to how many decimals a value is rounded."""
        if self.values is None and not (isinstance(places, Const) and not places.name):
            return self.either("按{y}四舍五入", "rounded to {y}", y=self.put(places, ANY))
        return self.either("四舍五入到 {y} 位小数", "rounded to {y} decimals", y=self.put(places, ANY))

    def over(self, node: Aggregate) -> str:
        """Write which facts a figure is over."""
        name = self.wording.name(node.fact_type)
        if node.where is None:
            return name
        return self.either("{x}（{where}）", "{x} ({where})", x=name, where=self.condition(node.where, ANY))

    def aggregate(self, node: Aggregate) -> str:
        """Write a figure over facts by what it counts or adds up."""
        inside = replace(self, inside=node.pattern)
        name, over = self.wording.name(node.fact_type), inside.over(node)
        narrowed = over.removeprefix(name)
        arguments = [inside.condition(each, ATOM) for each in node.arguments]
        words = {"name": name, "over": over, "narrowed": narrowed, "x": arguments[0] if arguments else ""}
        return self.either(*FIGURES[node.function], **words, y=arguments[1] if len(arguments) > 1 else "")
