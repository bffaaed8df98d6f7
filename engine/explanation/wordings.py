"""What a ruleset calls its fields, parameters, rules and alternatives in each language, and what it writes in percent.

In Chinese these are the form's titles and the ruleset's own names, in English the names that receipts have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.base.comparators import Comparator
from engine.base.messages import Message, bilingual_text
from engine.language.expression import Expression
from engine.language.fold import nodes
from engine.language.sentence import Blank, Form
from engine.language.typed import Choice, Compare, Const, FieldOf, Inline, Typed
from engine.language.worded import worded
from engine.language.wording import Wording, plain_name
from engine.program import Program
from engine.program.program import CompiledRule
from engine.ruleset.clauses import placed_rules
from engine.ruleset.model import Ruleset
from engine.ruleset.written import own_names

_PERCENT = ("%", "％")

Share = tuple[str, str]
"""A field by its fact type and name, or with no fact type a parameter or a result."""


@dataclass(frozen=True, slots=True)
class Wordings:
    """The words of a ruleset in both languages."""

    zh: Wording
    en: Wording

    def field(self, fact_type: str, name: str) -> Message:
        """Return what a field is called; in English a title is followed by the name that formulas have."""
        zh, en = self.zh.field(fact_type, name), self.en.field(fact_type, name)
        return bilingual_text({"zh": zh, "en": en})


def wordings(ruleset: Ruleset, program: Program | None) -> Wordings:
    """Return the words of a ruleset; without a program, which numbers are shares is known of given facts alone."""
    called = own_names(ruleset)
    names = {name: fact_type.title or called.get(name, name) for name, fact_type in ruleset.facts.items()}
    names |= {name: called.get(name) or parameter.title or name for name, parameter in ruleset.parameters.items()}
    names |= {name: result.title for name, result in ruleset.results.items()}
    fields: dict[Share, str] = {}
    for placed in placed_rules(ruleset):
        derives = placed.rule.derives
        if derives:
            names.setdefault(derives, called.get(derives, derives))
            fields |= {(derives, name): called.get(name, name) for name in placed.rule.fields}
    for fact_type in ruleset.facts.values():
        fields |= {(fact_type.name, name): field.title or name for name, field in fact_type.fields.items()}
    shares = frozenset(_shares(ruleset, program))
    english = {name: plain_name(name, chinese=False) for name in names}
    return Wordings(
        Wording(chinese=True, names=names, fields=fields, shares=shares),
        Wording(chinese=False, names=english, shares=shares),
    )


def _shares(ruleset: Ruleset, program: Program | None) -> set[Share]:
    """Return what the ruleset writes in percent."""
    found: set[Share] = set()
    for fact_type in ruleset.facts.values():
        properties = fact_type.schema.get("properties", {})
        found |= {(fact_type.name, name) for name, said in properties.items() if said.get("format") == "percent"}
    for parameter in ruleset.parameters.values():
        if parameter.value.text.strip().endswith(_PERCENT):
            found.add(("", parameter.name))
    found |= {("", result.name) for result in ruleset.results.values() if result.kind == "percent"}
    if program is None:
        return found
    before = -1
    while before < len(found):
        before = len(found)
        for rule in program.rules:
            found |= set(_shown_as_shares(rule, found))
    return found


def _shown_as_shares(rule: CompiledRule, known: set[Share]) -> Iterator[Share]:
    """Yield the fields that a rule writes in percent, compares with a share, or takes over from one."""
    blanks = [piece.expression for piece in (rule.sentence.zh if rule.sentence else ()) if
              isinstance(piece, Blank) and piece.form is Form.PERCENTAGE]  # fmt: skip
    said = {each.canonical.text for each in blanks}
    for blank in blanks:
        yield from _fields_in([blank.tree] if isinstance(blank.tree, FieldOf | Inline) else [])
    for condition in rule.conditions:
        for compared in nodes(Compare, [condition.tree]):
            if compared.comparator is not Comparator.UNEQUAL:
                sides = (compared.left, compared.right), (compared.right, compared.left)
                for one, other in sides:
                    if isinstance(one, FieldOf) and is_share(Expression(condition.text, other), known):
                        yield from _fields_in([one])
    for formula in rule.formulas:
        if formula.kind in ("field", "copy"):
            expression = formula.expression.canonical
            if expression.text in said or is_share(expression, known):
                yield rule.derives, formula.name


def _fields_in(trees: Iterable[Typed]) -> Iterator[Share]:
    for tree in trees:
        body = tree.body if isinstance(tree, Inline) else tree
        if isinstance(body, FieldOf):
            yield body.base.type.fact_type, body.field


def is_share(expression: Expression, known: Iterable[Share]) -> bool:
    """Return whether an expression gives a share: it is written in percent, or is one of those that are known."""
    tree = expression.tree
    if isinstance(tree, Choice):
        branches = (Expression(expression.text, each) for each in (tree.then, tree.otherwise))
        return any(is_share(branch, known) for branch in branches)
    if isinstance(tree, Const) and not tree.name:
        return expression.text[tree.span[0] : tree.span[1]].endswith(_PERCENT)
    return Wording(chinese=False, shares=frozenset(known)).is_share(tree)


def in_both(expression: Expression, words: Wordings) -> Message:
    """Return a condition or a formula in both languages."""
    return bilingual_text({"zh": worded(expression, words.zh), "en": worded(expression, words.en)})
