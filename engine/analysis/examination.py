"""The examination: every check in turn, and what the ruleset accepts of their findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from engine.analysis.checks.awards import awards_above_weight
from engine.analysis.checks.cases import ignored_facts, other_years
from engine.analysis.checks.clauses import foreign_clauses, uncited_parameters
from engine.analysis.checks.contradictions import contradictions
from engine.analysis.checks.coverage import (
    unreached_alternatives,
    unreached_rows,
    unreached_rules,
    untested_thresholds,
)
from engine.analysis.checks.deductions import deductions_from_nothing
from engine.analysis.checks.figures import figures_of_clauses, figures_of_sentences
from engine.analysis.checks.finding import Finding
from engine.analysis.checks.levels import similar_level_names
from engine.analysis.checks.readings import alternatives_alike, unused_readings
from engine.analysis.checks.repeated import points_twice
from engine.analysis.checks.review import unneeded_confirmations, unreviewed
from engine.analysis.checks.translations import untranslated_texts
from engine.analysis.checks.unused import clauses_without_rule, unused_fact_types, unused_parameters
from engine.analysis.checks.values import unmentioned_values
from engine.analysis.material.material import Material
from engine.base.messages import listing, msg
from engine.ruleset.model import Acceptance

Check: TypeAlias = Callable[[Material], Iterator[Finding]]

CHECKS: Mapping[str, Check] = {
    "unused-parameter": unused_parameters,
    "unused-fact-type": unused_fact_types,
    "unused-reading": unused_readings,
    "alternative-without-effect": alternatives_alike,
    "clause-without-rule": clauses_without_rule,
    "unmentioned-value": unmentioned_values,
    "foreign-clause": foreign_clauses,
    "uncited-parameter": uncited_parameters,
    "award-above-weight": awards_above_weight,
    "deduction-from-nothing": deductions_from_nothing,
    "figure-in-clause": figures_of_clauses,
    "figure-in-sentence": figures_of_sentences,
    "unreached-rule": unreached_rules,
    "unreached-band-row": unreached_rows,
    "unreached-alternative": unreached_alternatives,
    "untested-threshold": untested_thresholds,
    "contradictory-conditions": contradictions,
    "unreviewed": unreviewed,
    "unneeded-confirmation": unneeded_confirmations,
    "points-twice": points_twice,
    "other-year": other_years,
    "ignored-fact": ignored_facts,
    "untranslated-text": untranslated_texts,
    "similar-level-names": similar_level_names,
}
"""Each check by its id, which is also the name of its page in docs/checks/."""

UNNEEDED = "unneeded-acceptance"
"""The id of what is found in the acceptances themselves."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of something the golden cases reach, and of how many."""

    reached: int
    of: int


@dataclass(frozen=True, slots=True)
class Examination:
    """What the checks have found, and how much the golden cases reach."""

    findings: tuple[Finding, ...]
    accepted: tuple[Finding, ...]
    """What the ruleset accepts with a reason."""
    rules: Tally
    rows: Tally
    alternatives: Tally


def examine(material: Material) -> Examination:
    """Return what the checks find in a ruleset, in the order of their places."""
    found = [finding for check in CHECKS.values() for finding in check(material)]
    accepted = [finding for finding in found if _is_accepted(finding, material.ruleset.accepted)]
    left = [finding for finding in found if finding not in accepted]
    left += [finding for each in material.ruleset.accepted for finding in _unneeded(each, found)]
    return Examination(
        tuple(sorted(left, key=_order)),
        tuple(sorted(accepted, key=_order)),
        rules=_rules(material),
        rows=_rows(material),
        alternatives=_alternatives(material),
    )


def _is_accepted(finding: Finding, accepted: Sequence[Acceptance]) -> bool:
    return any(each.check == finding.id and (not each.names or finding.name in each.names) for each in accepted)


def _unneeded(acceptance: Acceptance, found: Sequence[Finding]) -> Iterator[Finding]:
    """Find what a ruleset accepts and no check has found: something misspelt, or mended since."""
    names = {finding.name for finding in found if finding.id == acceptance.check}
    for name in acceptance.names or (acceptance.check,):
        if name not in names and (acceptance.names or not names):
            known = acceptance.check in CHECKS
            yield Finding(
                UNNEEDED,
                f"{acceptance.check} {name}" if acceptance.names else acceptance.check,
                msg("The check {check} finds no “{name}” to accept.", check=acceptance.check, name=name)
                if known
                else msg("There is no check {check}.", check=acceptance.check),
                msg("Remove it from `accepted`, or correct the name.")
                if known
                else msg("Name one of: {names}.", names=listing(CHECKS)),
                acceptance.node.place,
            )


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    where = finding.where
    return where.file, where.line or 0, where.column or 0, finding.id, finding.name


def _rules(material: Material) -> Tally:
    rules = {unit.rule for unit in material.versions_by_unit}
    left = sum(1 for _ in unreached_rules(material))
    return Tally(len(rules) - left, len(rules))


def _rows(material: Material) -> Tally:
    rows = {unit for unit in material.versions_by_unit if unit.row}
    return Tally(sum(1 for unit in rows if material.coverage.firings[unit]), len(rows))


def _alternatives(material: Material) -> Tally:
    every = {(each.id, name) for each in material.ruleset.readings.values() for name in each.alternatives}
    left = sum(1 for _ in unreached_alternatives(material))
    return Tally(len(every) - left, len(every))
