"""Formulas and figures of a receipt in the form's words.

A receipt holds their texts in one spelling. The rules of the ruleset, compiled again, have the trees of these texts; a
formula whose tree is not found, such as one of the program itself, is put into words sign by sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.base.comparators import Comparator
from engine.base.messages import Message, bilingual_text
from engine.base.numbers import exact_text, percentage, reading_text, simplest
from engine.explanation.value import FormulaExplained
from engine.explanation.wordings import Wordings, is_share
from engine.explanation.words import short_points
from engine.facts.model import Kind
from engine.language.expression import Expression
from engine.language.figures import Figures, figures
from engine.language.fold import nodes
from engine.language.phrases import is_phrase
from engine.language.spelling import WordForm
from engine.language.typed import Aggregate, Compare, Const, Type
from engine.language.worded import worded
from engine.language.wording import Wording, after_chinese
from engine.program.bands import BandRow
from engine.program.program import CompiledRule, Formula
from engine.receipt.model import AggregateLine, FiringLine
from engine.scoring.formula_line import FormulaLine

_NAMES: Mapping[str, Message] = {
    "points": bilingual_text({"zh": "分数", "en": "points"}),
    "of": bilingual_text({"zh": "应占分值", "en": "at stake"}),
    "band": bilingual_text({"zh": "档次", "en": "band"}),
    "when": bilingual_text({"zh": "条件", "en": "condition"}),
    "result": bilingual_text({"zh": "取值", "en": "value"}),
}
"""What the formulas of a rule are called by their kind; those of a derived fact have the names of its fields."""

_PHRASED = ("band", "when")
"""The formulas that are conditions, whose value nobody needs."""

_OWN = {"settled": "已定分值", "kept": "得分", "applicable": "适用分值"}
"""The names in the program's own formulas that the language does not have."""

_SIGNS = {" * ": " × ", " / ": " ÷ ", " - ": " − ", " == ": " = ", " != ": " ≠ ", " <= ": " ≤ ", " >= ": " ≥ "}
_ROUNDED = re.compile(r"round\((.+), ([0-9]+)\)")
_LIMITED = re.compile(r"min\(max\((.+), 0\), (.+)\)")
_FRACTION = re.compile(r"('[^']*')|\((-?[0-9]+/[0-9]+)\)")
"""A number in a formula that no decimal can write, or a text in quotes, which holds no number."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A formula in one language."""

    text: str
    numbers: str
    value: str
    reads: str


def formula_in_words(line: FormulaLine, rule: CompiledRule | None, words: Wordings) -> FormulaExplained:
    """Return a formula in both languages, by the tree that its rule has for it."""
    formula = next((each for each in rule.formulas if is_of(line, each)), None) if rule is not None else None
    said = [_said(line, formula, rule, _with_band(each, rule)) for each in (words.zh, words.en)]
    name = _NAMES.get(line.kind) or words.field(rule.derives if rule is not None else "", line.name)
    return FormulaExplained(
        line,
        name,
        *(bilingual_text({"zh": getattr(said[0], part), "en": getattr(said[1], part)})
          for part in ("text", "numbers", "value", "reads")),
    )  # fmt: skip


def _with_band(wording: Wording, rule: CompiledRule | None) -> Wording:
    """Return a wording in which `band` is a share where the row of the rule's table gives one."""
    rows = [each.band.gives for each in rule.formulas if each.band is not None] if rule is not None else []
    is_one = any(is_share(gives, wording.shares) for gives in rows)
    return replace(wording, shares=wording.shares | {("", "band")}) if is_one else wording


def is_of(line: FormulaLine, formula: Formula) -> bool:
    """Return whether a compiled formula is the one of a receipt's line."""
    return (formula.name, formula.kind, formula.text) == (line.name, line.kind, line.text)


def rule_of(line: FiringLine, rules: Mapping[str, tuple[CompiledRule, ...]]) -> CompiledRule | None:
    """Return the rule, or the row of its band table, whose formulas are those of a firing."""
    written = [(each.name, each.kind, each.text) for each in line.formulas]
    for rule in rules.get(line.rule, ()):
        if [(each.name, each.kind, each.text) for each in rule.formulas] == written:
            return rule
    return None


def _said(line: FormulaLine, formula: Formula | None, rule: CompiledRule | None, wording: Wording) -> _Said:
    if formula is None:
        return _of_the_program(line, wording)
    if formula.band is not None:
        return _band(line, formula.band, wording)
    expression = formula.expression.canonical
    found = figures([expression], line.numbers)
    numbers = worded(expression, wording, found[0]) if found else _by_signs(line.numbers, wording)
    share = is_share(expression, wording.shares)
    if line.kind in ("field", "copy") and rule is not None:
        share = share or (rule.derives, line.name) in wording.shares
    share = share or (line.kind == "result" and rule is not None and ("", rule.result) in wording.shares)
    value = _value(line.value, formula.expression.type, wording, share=share)
    return _joined(line, worded(expression, wording), numbers, value, wording, phrased=is_phrase(expression.tree))


def _band(line: FormulaLine, row: BandRow, wording: Wording) -> _Said:
    """Say in which row a number falls, and what the row gives."""
    on, gives = row.on.canonical, row.gives.canonical
    found = figures([row.ends[0], on, f"{row.ends[1]} → ", gives], line.numbers)
    share = wording.is_share(on.tree)

    def written(values: tuple[Figures, Figures] | None) -> str:
        low, high = _ends(row, wording, share=share, named=values is None)
        figures_of = values or (None, None)
        number, given = worded(on, wording, figures_of[0]), worded(gives, wording, figures_of[1])
        return f"{low}{number}{high}" + (f"，得{after_chinese(given)}" if wording.chinese else f" gives {given}")

    numbers = written((found[0], found[1])) if found else _by_signs(line.numbers, wording)
    value = _value(line.value, gives.type, wording, share=is_share(gives, wording.shares))
    return _joined(line, written(None), numbers, value, wording)


def _ends(row: BandRow, wording: Wording, *, share: bool, named: bool) -> tuple[str, str]:
    """Return what is before and after the number in a row: its limits by name, or by their values."""
    low = high = ""
    for condition in row.conditions:
        if isinstance(condition.tree, Compare) and isinstance(limit := condition.tree.right, Const):
            value = limit.value
            if named and limit.name:
                shown = wording.name(limit.name)
            elif isinstance(value, bool | str) or limit.type.kind is not Kind.NUMBER:
                shown = str(value)
            else:
                percent = share or wording.is_share(limit)
                shown = wording.value(exact_text(value), limit.type, share=percent)  # type: ignore[arg-type]
            match condition.tree.comparator:
                case Comparator.ABOVE:
                    low = f"{shown} < "
                case Comparator.AT_LEAST:
                    low = f"{shown} ≤ "
                case Comparator.BELOW:
                    high = f" < {shown}"
                case _:
                    high = f" ≤ {shown}"
    return low, high


def _joined(
    line: FormulaLine, text: str, numbers: str, value: tuple[str, str], wording: Wording, *, phrased: bool = False
) -> _Said:
    """Join a formula, its numbers and its value; what repeats is left out.

    What is a phrase, not a term, is not followed by `=`.
    """
    sign, shown = value
    between = ("；代入：" if wording.chinese else "; with numbers: ") if phrased or line.kind in _PHRASED else " = "
    reads = text if text == numbers else f"{text}{between}{numbers}"
    if shown not in (text, numbers) and line.kind not in _PHRASED:
        reads += _which_gives(sign, shown, wording) if phrased else f" {sign} {shown}"
    return _Said(text, numbers, shown, reads)


def _which_gives(sign: str, shown: str, wording: Wording) -> str:
    about = sign == "≈"
    if wording.chinese:
        return f"，得{'约' if about else ''} {shown}"
    return f", which gives {'about ' if about else ''}{shown}"


def _value(text: str, type_: Type, wording: Wording, *, share: bool) -> tuple[str, str]:
    """Return the sign before a value, ≈ where it is rounded for reading, and the value."""
    if type_.kind is not Kind.NUMBER:
        return "=", wording.value(text, type_)
    number = simplest(Fraction(text))
    if share:
        shown = percentage(number)
        exact = reading_text(simplest(Fraction(number * 100)), 30) + "%"
        return ("=" if shown == exact else "≈"), shown
    short = reading_text(number, 4)
    exact = exact_text(number).replace("-", "−")
    return ("=" if short == exact else "≈"), wording.value(
        exact_text(number) if short == exact else _decimal(short), type_
    )


def _decimal(short: str) -> str:
    return short.replace("−", "-")


def _plain_value(line: FormulaLine) -> tuple[str, str]:
    if line.gives is not Kind.NUMBER:
        return "=", line.value
    return _value(line.value, Type(Kind.NUMBER), Wording(chinese=False), share=False)


def _of_the_program(line: FormulaLine, wording: Wording) -> _Said:
    """Put a formula into words whose tree is not known, such as one of the program itself."""
    language = 0 if wording.chinese else 1
    if (found := _ROUNDED.fullmatch(line.numbers)) and line.text == "round(kept)":
        text = ("得分，四舍五入", "kept, rounded")[language]
        numbers = (f"{found[1]}，四舍五入到 {found[2]} 位小数", f"{found[1]}, rounded to {found[2]} decimals")[language]
        return _joined(line, text, numbers, _plain_value(line), wording, phrased=True)
    if (found := _LIMITED.fullmatch(line.numbers)) and line.text == "min(max(kept, 0), weight)":
        text = ("得分，不低于 0，不超过分值", "kept, at least 0, at most the weight")[language]
        numbers = (f"{found[1]}，不低于 0，不超过 {found[2]}", f"{found[1]}, at least 0, at most {found[2]}")[language]
        return _joined(line, text, numbers.replace("-", "−"), _plain_value(line), wording, phrased=True)
    return _joined(line, _by_signs(line.text, wording), _by_signs(line.numbers, wording), _plain_value(line), wording)


def _by_signs(text: str, wording: Wording) -> str:
    """Put a formula into words sign by sign, without its types."""
    shorter = _FRACTION.sub(lambda found: found[1] or short_points(found[2]), text)
    spelt = WordForm(chinese=wording.chinese, names=_OWN if wording.chinese else {}).expression(shorter)
    for plain, sign in _SIGNS.items():
        spelt = spelt.replace(plain, sign)
    return spelt if wording.chinese else spelt.replace("_", " ")


def aggregate_in_words(
    line: AggregateLine, rule: CompiledRule | None, words: Wordings
) -> tuple[Message, Message, Message]:
    """Return a figure over facts in both languages, its value, and both in one line."""
    found = next(_aggregates(line, rule), None)
    texts, values, reads = {}, {}, {}
    for language, wording in (("zh", words.zh), ("en", words.en)):
        if found is None:
            text, (sign, value) = _by_signs(line.text, wording), ("=", line.value)
        else:
            expression, node = found
            text = worded(Expression(expression.text, node), wording)
            sign, value = _value(line.value, node.type, wording, share=wording.is_share(node))
        texts[language], values[language], reads[language] = text, value, f"{text} {sign} {value}"
    return bilingual_text(texts), bilingual_text(values), bilingual_text(reads)


def _aggregates(line: AggregateLine, rule: CompiledRule | None) -> Iterator[tuple[Expression, Aggregate]]:
    """Yield the figure of a rule's formulas and conditions that a receipt's line is of."""
    if rule is None:
        return
    formulas = [tree for each in rule.formulas for tree in _expressions(each)]
    for expression in (*formulas, *(each.canonical for each in rule.conditions)):
        for node in nodes(Aggregate, [expression.tree]):
            if node.text == line.text:
                yield expression, node


def _expressions(formula: Formula) -> tuple[Expression, ...]:
    if formula.band is None:
        return (formula.expression.canonical,)
    return formula.band.on.canonical, formula.band.gives.canonical
