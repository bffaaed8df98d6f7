"""Which readings the texts of a ruleset can depend on, seen by the names of the parameters that they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.ruleset.model import Indicator, Rows, Ruleset
from engine.ruleset.rule_text import Requirement, RuleText
from engine.ruleset.source_text import SourceText


class Mentions:
    """Says of rules, parts, requirements and rows which readings can change what they are compiled to.

    It never leaves one out: a text depends on a parameter wherever it holds one of its names, be it in a quoted text.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self._readings: dict[str, frozenset[str]] = {}
        """By what a parameter may be called, the readings that decide its value."""
        called = {name: {name, found.title} for name, found in ruleset.parameters.items()}
        for other, name in ruleset.names.items():
            called.get(name, set()).add(other)
        for name, found in ruleset.parameters.items():  # a parameter's value names only parameters above it
            values = (found.value, *(value for _, _, value in found.under))
            readings = frozenset(reading for reading, _, _ in found.under) | self.of_texts(values)
            if readings:
                self._readings |= {
                    other: self._readings.get(other, readings) | readings for other in called[name] - {""}
                }

    @property
    def of_parameters(self) -> frozenset[str]:
        """The readings that decide the value of any parameter."""
        return frozenset().union(*self._readings.values())

    def of_texts(self, texts: Iterable[SourceText | None]) -> frozenset[str]:
        """Return the readings on which some expressions and sentences can depend."""
        written = [each.text for each in texts if each is not None]
        return frozenset().union(
            *(readings for name, readings in self._readings.items() if any(name in text for text in written))
        )

    def of_rule(self, text: RuleText, indicator: Indicator | None) -> frozenset[str]:
        """Return the readings on which a rule can depend, wherever it is, but for those that decide its parts."""
        bands = (reading for band in text.bands for reading, _ in band.under)
        rivals = indicator.rules if indicator is not None and text.action == "award" else ()
        unders = (reading for rule in (text, *rivals) for reading, _ in rule.under)
        rows = _rows(indicator.rows) if indicator is not None else ()
        return frozenset((*bands, *unders)) | self.of_texts((*_rule(text), *rows))

    def of_parts(self, indicator: Indicator) -> frozenset[str]:
        """Return the readings on which the parts of an indicator can depend."""
        unders = (reading for part in indicator.parts for reading, _ in part.under)
        return frozenset(unders) | self.of_texts(part.weight for part in indicator.parts)

    def of_plan(self, indicator: Indicator) -> frozenset[str]:
        """Return the readings on which the requirements and the rows of an indicator can depend."""
        unders = (reading for each in indicator.requires for reading, _ in each.under)
        texts = (text for each in indicator.requires for text in _requirement(each))
        return frozenset(unders) | self.of_texts((*texts, *_rows(indicator.rows)))


def _rule(text: RuleText) -> Iterator[SourceText | None]:
    yield from (*text.where, *text.when, text.bands_on, text.formula, text.of, *text.fields.values())
    for band in text.bands:
        yield from (band.limit, band.gives)
    if text.say is not None:
        yield from (text.say.zh, text.say.en)


def _requirement(each: Requirement) -> Iterator[SourceText]:
    yield from (each.that, *each.where, each.say.zh, each.say.en, each.remedy.zh, each.remedy.en)


def _rows(rows: Rows | None) -> Iterator[SourceText | None]:
    if rows is not None:
        yield from (*rows.where, rows.weight, rows.name, *rows.path, *rows.columns.values(), rows.claimed, rows.reason)
