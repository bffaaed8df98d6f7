"""What a verdict says: each condition in the form's own words, with the value, the threshold and the distance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.base.comparators import Comparator
from engine.base.messages import CHINESE, LANGUAGE, Message, bilingual_text, listing, msg, plural
from engine.base.numbers import percentage, short_text
from engine.facts.model import Fact, Kind, MatchedFacts
from engine.language.expression import Expression
from engine.language.operators import Connective
from engine.language.show import numbers_shown
from engine.language.typed import Arithmetic, Call, Choice, Compare, Const, Default, FieldOf, Has, Typed
from engine.language.typing_rules import unit_text
from engine.program.program import CompiledRule
from engine.scoring.evaluation import Evaluation
from engine.verdicts.comparison_words import COMPARED, DATES, IS
from engine.verdicts.fact_words import FactWords
from engine.verdicts.form import LANGUAGES, FormWords
from engine.verdicts.model import Condition, ConditionVerdict, Inactive
from engine.verdicts.observations import Chosen, Compared, Joined, Listed, Negated, Observation, Ranged, Said

MOST_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence about a condition, and what is below it."""

    words: Message
    holds: bool
    below: tuple[Line, ...] = ()


class VerdictWords:
    """Says the verdicts of one evaluation."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.form = FormWords(evaluation.program)
        self.facts = FactWords(evaluation, self.form)

    def condition(self, rule: CompiledRule, verdict: ConditionVerdict, row: MatchedFacts) -> Line:
        """Say what a condition came to; the parts of one that is joined of several are below it."""
        teller = _Teller(self, rule, verdict.condition, row)
        if verdict.observed is None:
            said = teller.whole_said()
            if verdict.reason is None:
                return Line(msg("not reached: “{condition}”", condition=said), holds=False)
            words = msg("cannot be computed: “{condition}”: {reason}", condition=said, reason=verdict.reason)
            return Line(words, holds=False)
        return teller.line(verdict.observed)


class _Teller:
    """Says the observations of one condition on the facts of a match."""

    def __init__(self, words: VerdictWords, rule: CompiledRule, condition: Condition, row: MatchedFacts) -> None:
        self.words, self.form, self.rule, self.condition, self.row = words, words.form, rule, condition, row

    def line(self, found: Observation) -> Line:
        """Say what was found."""
        match found:
            case Compared():
                return Line(self.compared(found), found.holds)
            case Ranged():
                return Line(self.ranged(found), found.holds)
            case Listed():
                return Line(self.listed(found), found.holds)
            case Said():
                return Line(self.plainly(found), found.holds)
            case Negated():
                return Line(self.negated(found), found.holds)
            case Joined():
                return self.joined(found)
            case Chosen():
                return Line(self.whole(found.node, found.holds), found.holds, tuple(self.chosen(found)))

    def compared(self, found: Compared) -> Message:
        """Say what was compared, and by how much it fails."""
        sides = found.sides
        percent = self.percent(sides.value) or self.percent(sides.threshold)
        values: dict[str, object] = {
            "what": self.said(sides.value),
            "value": self.read(sides.value, found.value, percent=percent),
            "threshold": self.threshold(sides.threshold, found.threshold, percent=percent),
        }
        if found.holds and sides.comparator is Comparator.EQUAL and not self.is_called(sides.threshold):
            return Message(IS.template, values)
        words = (DATES if isinstance(found.value, date) else COMPARED)[sides.comparator]
        if found.holds or not found.distance or not sides.comparator.needs_order:
            return Message(words[not found.holds].template, values)
        apart = found.distance if found.distance > 0 else -found.distance
        if isinstance(found.value, date):
            distance: Message | str = plural("{count} day", "{count} days", count=int(apart))
        elif percent:
            points = percentage(apart).removesuffix("%")
            distance = plural("{count} percentage point", "{count} percentage points", count=points)
        else:
            distance = self.value(apart, sides.value)
        return Message(words[2].template, {**values, "distance": distance})

    def ranged(self, found: Ranged) -> Message:
        """Say between which ends a value must be."""
        percent = self.percent(found.item) or any(map(self.percent, found.ends))
        low, high = (
            self.threshold(end, value, percent=percent)
            for end, value in zip(found.ends, (found.low, found.high), strict=True)
        )
        value = self.read(found.item, found.value, percent=percent)
        values = {"what": self.said(found.item), "value": value, "low": low, "high": high}
        if found.holds:
            return msg("{what} is {value}, from {low} to {high}", **values)
        return msg("{what} is {value}; it must be from {low} to {high}", **values)

    def listed(self, found: Listed) -> Message:
        """Say which of several values a value must be."""
        options = listing([self.value(option, found.item) for option in found.options])
        value = self.read(found.item, found.value, percent=False)
        values = {"what": self.said(found.item), "value": value, "options": options}
        if found.holds:
            return msg("{what} is {value}, one of: {options}", **values)
        return msg("{what} is {value}; it must be one of: {options}", **values)

    def plainly(self, found: Said) -> Message:
        """Say of a condition that is a value itself whether it holds."""
        match found.node:
            case FieldOf() | Default():
                what = self.said(found.node)
                return (
                    msg("{what} is yes", what=what) if found.holds else msg("{what} is no; it must be yes", what=what)
                )
            case Has() as node:
                name = self.field_name(node)
                return (
                    msg("{what} is filled in", what=name) if found.holds else msg("{what} is not filled in", what=name)
                )
            case Call():
                values = {"condition": self.said(found.node), "numbers": self.numbers(found.node)}
                if found.holds:
                    return msg("“{condition}” holds: {numbers}", **values)
                return msg("“{condition}” does not hold: {numbers}", **values)
            case _:
                return self.whole(found.node, found.holds)

    def negated(self, found: Negated) -> Message:
        """Say of what must not hold that it does, or that it does not."""
        if isinstance(found.node.operand, Has):
            name = self.field_name(found.node.operand)
            if found.holds:
                return msg("{what} is not filled in, as it must not be", what=name)
            return msg("{what} is filled in, and must not be", what=name)
        what = self.said(found.node.operand)
        if found.holds:
            return msg("“{condition}” does not hold, as it must not", condition=what)
        return msg("“{condition}” holds, and it must not", condition=what)

    def field_name(self, node: Has) -> str:
        """Return what the field is called that is asked for."""
        return self.form.fields.get((node.base.type.fact_type, node.field), node.field)

    def whole(self, node: Typed, holds: bool) -> Message:  # noqa: FBT001 - what is said, not a switch
        """Say of a whole condition whether it holds."""
        if holds:
            return msg("“{condition}” holds", condition=self.said(node))
        return msg("“{condition}” does not hold", condition=self.said(node))

    def joined(self, found: Joined) -> Line:
        """Say of conditions joined by `and` or `or` what they are together, and each below."""
        below = tuple(self.line(part) for part in _operands(found, found.node.connective))
        if found.holds or found.node.connective is Connective.AND:
            return Line(self.whole(found.node, found.holds), found.holds, below)
        operands = [part.node.operand for part in _operands(found, Connective.OR) if isinstance(part, Negated)]
        if len(operands) == len(below):
            named = listing([msg("“{text}”", text=self.said(each)) for each in operands])
            return Line(msg("all of these hold, and at least one must not: {conditions}", conditions=named),
                        found.holds, below)  # fmt: skip
        return Line(msg("none of these holds: “{condition}”", condition=self.said(found.node)), found.holds, below)

    def chosen(self, found: Chosen) -> Iterator[Line]:
        """Yield the condition that chose, and what was chosen."""
        yield self.line(found.condition)
        yield self.line(found.branch)

    def whole_said(self) -> Message:
        """Write the condition; of the end of a band, which is not written as one, the value that it is about."""
        tree = self.condition.expression.tree
        return self.said(tree.left if self.condition.of_band and isinstance(tree, Compare) else tree)

    def said(self, tree: Typed) -> Message:
        """Write a part of the condition in the form's own words."""
        return self.form.expression(self.condition.expression, tree, self.rule)

    def percent(self, tree: Typed) -> bool:
        """Return whether people write a number as a percentage."""
        of_band = self.condition.of_band
        return self.form.is_percentage(tree, self.condition.expression, self.rule, of_band=of_band)

    def read(self, tree: Typed, value: Any, *, percent: bool) -> Message:
        """Write a value that was worked out, after the numbers from which it was."""
        shown = self.value(value, tree, percent=percent)
        if not isinstance(tree, Arithmetic | Call | Choice) or tree.type.label:
            return _spaced(value, shown)
        return _spaced(value, msg("{numbers} = {value}", numbers=self.numbers(tree), value=shown))

    def numbers(self, tree: Typed) -> Message:
        """Write a formula with its values in the place of names."""
        texts = {
            language: numbers_shown(Expression(text, spelt), self.form.program.ruleset.calendar)(
                self.row, self.words.evaluation.context
            )
            for language, (text, spelt) in zip(
                LANGUAGES, self.form.spelt(self.condition.expression, tree, self.rule), strict=True
            )
        }
        return bilingual_text(texts)

    def threshold(self, tree: Typed, value: Any, *, percent: bool) -> Message:
        """Write a threshold: a figure as it is, anything else by what it is called and what it is worth."""
        shown = self.value(value, tree, percent=percent)
        if self.is_called(tree):
            return msg("{what} ({value})", what=self.said(tree), value=shown)
        return _spaced(value, shown)

    def is_called(self, tree: Typed) -> bool:
        """Return whether people know a threshold by a name: a parameter's, or that of a formula."""
        return not isinstance(tree, Const) or tree.name in self.form.program.ruleset.parameters

    def value(self, value: Any, tree: Typed, *, percent: bool = False) -> Message:
        """Write a value for people."""
        if isinstance(value, bool):
            return msg("yes") if value else msg("no")
        if isinstance(value, str):
            return msg("“{text}”", text=value)
        if isinstance(value, date):
            return Message("{value}", {"value": value.isoformat()})
        if isinstance(value, Fact):
            return self.words.facts.fact(value)
        shown = percentage(value) if percent else short_text(value, MOST_DECIMALS).replace("-", "−")
        unit = unit_text(tree.type.unit) if tree.type.kind is Kind.NUMBER else ""
        return Message("{value}", {"value": f"{shown} {unit}".rstrip()})


def _spaced(value: Any, shown: Message) -> Message:
    """Set a figure apart from the Chinese words before it."""
    is_figure = not isinstance(value, bool | str | Fact)
    return _Spaced(shown.template, {"shown": shown}) if is_figure else shown


@dataclass(frozen=True, slots=True)
class _Spaced(Message):
    """A figure; in Chinese with a space before it."""

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return the figure in the language of `translate`."""
        shown = self.values["shown"]
        assert isinstance(shown, Message)  # noqa: S101 - made by `_spaced` alone
        return f"{' ' if translate(LANGUAGE) == CHINESE else ''}{shown.text(translate)}"


def inactive_words(inactive: Inactive) -> Message:
    """Say why a rule was not tried at all."""
    numbers = listing(inactive.indicators)
    if inactive.why == "result_open":
        return msg("not tried: the result is not known, since these indicators are not assessed: {numbers}",
                   numbers=numbers)  # fmt: skip
    return msg("not tried: indicator {number} is not assessed", number=numbers)


def _operands(found: Observation | None, connective: Connective) -> Iterator[Observation]:
    """Yield what one connective joins, those that were reached."""
    if isinstance(found, Joined) and found.node.connective is connective:
        for part in found.parts:
            yield from _operands(part, connective)
    elif found is not None:
        yield found
