"""Which rules carry out which clause: those that cite it, and those whose part does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.ruleset.model import Indicator, Ruleset
from engine.ruleset.rule_text import RuleText, Under

SECTIONS = "definitions", "every_indicator", "every_row", "checks", "total"
DEFINITIONS, EVERY_INDICATOR, EVERY_ROW, CHECKS, TOTAL = SECTIONS
"""The sections of rules that belong neither to an indicator nor to a result."""


@dataclass(frozen=True, slots=True)
class PlacedRule:
    """A rule as written, where it is, and the clauses that it carries out."""

    section: str
    """The number of its indicator, the section of the ruleset, or the name of its result."""
    rule: RuleText
    clauses: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name by which cards and explanations call it."""
        return f"{self.section}/{self.rule.id}"


def placed_rules(ruleset: Ruleset) -> Iterator[PlacedRule]:
    """Yield every rule of a ruleset, in whatever readings it applies: the indicators' first, in their order."""
    for indicator in ruleset.indicators:
        for rule in indicator.rules:
            yield PlacedRule(str(indicator.number), rule, _clauses(rule, indicator))
    sections = (
        (DEFINITIONS, ruleset.definitions),
        (EVERY_INDICATOR, ruleset.every_indicator),
        (EVERY_ROW, ruleset.every_row.rules),
        (CHECKS, ruleset.checks),
        (TOTAL, ruleset.total.rules),
    )
    results = ((result.name, result.rules) for result in ruleset.results.values())
    for section, rules in (*sections, *results):
        for rule in rules:
            yield PlacedRule(section, rule, rule.cites)


def conditions(ruleset: Ruleset) -> Iterator[Under]:
    """Yield in which readings each rule, row, part and requirement applies."""
    for placed in placed_rules(ruleset):
        yield placed.rule.under
        yield from ((*placed.rule.under, *band.under) for band in placed.rule.bands)
    for indicator in ruleset.indicators:
        yield from (part.under for part in indicator.parts)
        yield from (requirement.under for requirement in indicator.requires)
    yield from (requirement.under for requirement in ruleset.every_row.requires)


def is_same(one: PlacedRule, other: PlacedRule) -> bool:
    """Return whether two rules are what one written rule comes to in different readings."""
    return one.name == other.name and one.rule.node is other.rule.node


def once(rules: Iterable[PlacedRule]) -> Iterator[PlacedRule]:
    """Yield rules, but those that one written rule comes to in several readings only once."""
    seen: list[PlacedRule] = []
    for placed in rules:
        if placed.rule.form is None or not any(is_same(placed, other) for other in seen):
            yield placed
        seen += [placed] if placed.rule.form is not None else []


def carried_out(ruleset: Ruleset) -> Mapping[str, tuple[PlacedRule, ...]]:
    """Return the rules that carry out each clause; none for a clause that no rule carries out."""
    found: dict[str, list[PlacedRule]] = {clause: [] for clause in ruleset.clauses}
    for placed in placed_rules(ruleset):
        for clause in placed.clauses:
            found[clause].append(placed)
    return {clause: tuple(rules) for clause, rules in found.items()}


def row_clauses(indicator: Indicator) -> tuple[str, ...]:
    """Return the clause that an indicator's rows carry out, which is its only one."""
    return tuple(indicator.clauses) if indicator.rows is not None and len(indicator.clauses) == 1 else ()


def _clauses(rule: RuleText, indicator: Indicator) -> tuple[str, ...]:
    """Return a rule's own clauses, and those of the parts that it names among several."""
    cited = list(rule.cites)
    if len(indicator.parts) > 1 or not cited:
        settled = [part for part in indicator.parts if part.id in rule.parts] or (indicator.parts if not cited else ())
        cited += [clause for part in settled for clause in part.cites]
    return tuple(dict.fromkeys(cited))
