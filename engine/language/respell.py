"""Write an expression in one spelling, whatever spelling it was read in: the English one of receipts, or the Chinese.

Names are those of the ruleset, or in Chinese the titles; a bare field gets its fact; every sign has a space around it;
brackets are where they are needed. So a receipt holds the same text for formulas that mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.language.operators import Connective, Operator
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
from engine.language.vocabulary import plain_signs, vocabulary

ANY, OR, AND, NOT, COMPARISON, SUM, PRODUCT, FACTOR, ATOM = range(9)
"""How tightly the parts of an expression hold together, as the grammar has it."""
_TEXT_MARKS = ("'", '"')
_QUANTITY = re.compile(r"([0-9.]+)\s*(\D+)")
_OPERATORS, _KEYWORDS, _FUNCTIONS, _WORDS = (
    vocabulary(part) for part in ("operators", "keywords", "functions", "words")
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """In which form the words are written, and what fact types, parameters and fields are called in it."""

    chinese: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)
    """What parameters and fact types are called; those that are missing keep their names."""
    fields: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """What fields are called, by the name of their fact type and their own."""
    bare: bool = False
    """Whether a field of the fact that a rule matches is written alone, where it matches only one."""


ENGLISH = Spelling()


def respelt(text: str, tree: Typed, aliases: Sequence[str], spelling: Spelling = ENGLISH) -> tuple[str, Typed]:
    """Return an expression in a spelling: its text, and its tree with the spans in that text.

    `text` is the one that the tree's spans are of, and `aliases` are those of its patterns, in order.

    >>> from engine.language.check import check
    >>> from engine.language.scope import Scope
    >>> check("取小（１，2）×( 3＋4 )", Scope({})).canonical.text
    'min(1, 2) * (3 + 4)'
    """
    writer = _Writer(plain_signs(text), aliases, spelling)
    spelt = writer.put(tree, ANY)
    return "".join(writer.pieces), spelt


@dataclass(slots=True)
class _Writer:
    """What has been written so far."""

    text: str
    aliases: Sequence[str]
    spelling: Spelling
    pieces: list[str] = field(default_factory=list)
    position: int = 0

    def say(self, words: str) -> None:
        self.pieces.append(words)
        self.position += len(words)

    def sign(self, sign: str) -> None:
        """Write a sign or a word between two values."""
        part = _OPERATORS if sign in _OPERATORS.chinese else _KEYWORDS
        self.say(f" {part.spelt(sign, chinese=self.spelling.chinese)} ")

    def word(self, word: str) -> str:
        return _WORDS.spelt(word, chinese=self.spelling.chinese)

    def named(self, name: str) -> str:
        return self.spelling.titles.get(name) or self.word(name)

    def put(self, node: Typed, level: int) -> Typed:
        """Write a node, in brackets where it holds less tightly than its place asks; return it with its new span."""
        bracketed = tightness(node) < level
        if bracketed:
            self.say("(")
        start = self.position
        written = self.parts(node)
        spanned = replace(written, span=(start, self.position))
        if bracketed:
            self.say(")")
        return spanned

    def all(self, nodes: Sequence[Typed]) -> tuple[Typed, ...]:
        """Write values with commas between them."""
        written = []
        for number, node in enumerate(nodes):
            self.say(", " if number else "")
            written.append(self.put(node, ANY))
        return tuple(written)

    def parts(self, node: Typed) -> Typed:
        """Write what a node consists of; return it with its parts where they are now."""
        match node:
            case Const() | Matched() | CaseField() | Inline() | Score() | ResultOf() | HasResult():
                self.say(self.leaf(node))
                return node
            case FieldOf():
                return replace(node, base=self.path(node.base, node.field))
            case Has() | Default():
                return self.optional(node)
            case Compare():
                return self.both(node, node.comparator.value, SUM, SUM)
            case Logic():
                level = OR if node.connective is Connective.OR else AND
                return self.both(node, node.connective.value, level, level + 1)
            case Arithmetic():
                level = SUM if node.operator in (Operator.ADD, Operator.SUBTRACT) else PRODUCT
                return self.both(node, node.operator.value, level, level + 1)
            case Minus():
                self.say("-")
                return replace(node, operand=self.put(node.operand, FACTOR))
            case Not():
                self.say(_KEYWORDS.spelt("not", chinese=self.spelling.chinese) + " ")
                return replace(node, operand=self.put(node.operand, NOT))
            case Within() | OneOf():
                return self.membership(node)
            case Choice():
                return self.choice(node)
            case Call() | Aggregate():
                return self.called(node)

    def leaf(self, node: Const | Matched | CaseField | Inline | Score | ResultOf | HasResult) -> str:
        """Return what is written for a node without parts of its own."""
        match node:
            case Const(name=""):
                return _literal(self.text[node.span[0] : node.span[1]], chinese=self.spelling.chinese)
            case Const() | Inline():
                return self.indicator(node.name) if node.name.endswith(")") else self.named(node.name)
            case Matched():
                return self.fact(node)
            case CaseField():
                return f"{self.word('case')}.{self.word(node.field)}"
            case Score(name="total", measure="kept"):
                return self.word("total")
            case Score():
                name = self.word(node.name) if node.name == "total" else node.name
                return self.indicator(f"{'open_points' if node.measure == 'open' else 'score'}({name})")
            case ResultOf():
                return self.named(node.result)
            case HasResult():
                return f"{_FUNCTIONS.spelt('has', chinese=self.spelling.chinese)}({self.named(node.result)})"

    def indicator(self, call: str) -> str:
        """Return what is asked of an indicator, such as `weight_of(3)`."""
        name, rest = call.split("(", 1)
        return f"{_FUNCTIONS.spelt(name, chinese=self.spelling.chinese)}({rest}"

    def fact(self, node: Matched) -> str:
        """Return what a matched fact is called: its alias, or in an aggregate its type."""
        return self.aliases[node.pattern] if node.pattern < len(self.aliases) else self.named(node.type.fact_type)

    def path(self, base: Typed, name: str) -> Typed:
        """Write a field of a fact; return the fact."""
        called = self.spelling.fields.get((base.type.fact_type, name), name)
        if self.spelling.bare and isinstance(base, Matched) and base.pattern < len(self.aliases) == 1:
            self.say(called)
            return base
        written = self.put(base, ATOM)
        self.say(f".{called}")
        return written

    def optional(self, node: Has | Default) -> Has | Default:
        """Write has(t.f) or default(t.f, v)."""
        self.say(_FUNCTIONS.spelt("has" if isinstance(node, Has) else "default", chinese=self.spelling.chinese) + "(")
        written: Has | Default = replace(node, base=self.path(node.base, node.field))
        if isinstance(written, Default):
            self.say(", ")
            written = replace(written, otherwise=self.put(written.otherwise, ANY))
        self.say(")")
        return written

    def both(self, node: Compare | Logic | Arithmetic, sign: str, left: int, right: int) -> Typed:
        """Write two values with a sign between them."""
        first = self.put(node.left, left)
        self.sign(sign)
        return replace(node, left=first, right=self.put(node.right, right))

    def membership(self, node: Within | OneOf) -> Within | OneOf:
        """Write `x in low..high` or `x in [a, b]`."""
        item = self.put(node.item, SUM)
        self.sign("in")
        if isinstance(node, Within):
            low = self.put(node.low, SUM)
            self.say("..")
            return replace(node, item=item, low=low, high=self.put(node.high, SUM))
        self.say("[")
        options = self.all(node.options)
        self.say("]")
        return replace(node, item=item, options=options)

    def choice(self, node: Choice) -> Choice:
        """Write `if a then b else c`."""
        chinese = self.spelling.chinese
        self.say(_KEYWORDS.spelt("if", chinese=chinese) + " ")
        condition = self.put(node.condition, ANY)
        self.sign("then")
        then = self.put(node.then, ANY)
        self.sign("else")
        return replace(node, condition=condition, then=then, otherwise=self.put(node.otherwise, ANY))

    def called(self, node: Call | Aggregate) -> Call | Aggregate:
        """Write a call; an aggregate also knows its own text."""
        start = self.position
        self.say(_FUNCTIONS.spelt(node.function, chinese=self.spelling.chinese) + "(")
        arguments, where = self.all(node.arguments), None
        if isinstance(node, Aggregate) and node.where is not None:
            self.sign("where")
            where = self.put(node.where, ANY)
        self.say(")")
        if isinstance(node, Call):
            return replace(node, arguments=arguments)
        return replace(node, arguments=arguments, where=where, text="".join(self.pieces)[start:])


def _literal(written: str, *, chinese: bool) -> str:
    """Return a literal: texts in single quotes where they can be, the rest as it was written."""
    if written[:1] in _TEXT_MARKS:
        return written if "'" in written[1:-1] else f"'{written[1:-1]}'"
    if found := _QUANTITY.fullmatch(written):
        return found[1] + ("" if found[2] == "%" else " ") + found[2]
    canonical = _KEYWORDS.canonical(written)
    return _KEYWORDS.spelt(canonical, chinese=chinese)


def tightness(node: Typed) -> int:
    """Return how tightly a node holds together."""
    match node:
        case Choice():
            return ANY
        case Logic():
            return OR if node.connective is Connective.OR else AND
        case Not():
            return NOT
        case Compare() | Within() | OneOf():
            return COMPARISON
        case Arithmetic():
            return SUM if node.operator in (Operator.ADD, Operator.SUBTRACT) else PRODUCT
        case Minus():
            return FACTOR
        case _:
            return ATOM
