"""Golden cases whose facts do not fit the ruleset: of another year, or without effect."""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.checks.finding import Finding
from engine.analysis.material.material import Material
from engine.base.messages import msg
from engine.base.places import Place
from engine.scoring.notice import OtherYear, UnusedFact


def other_years(material: Material) -> Iterator[Finding]:
    """Find the facts files of golden cases that are of another year than the ruleset."""
    found: dict[Place, Finding] = {}
    for each in material.coverage.observed:
        if isinstance(each.notice, OtherYear):
            what = msg(
                "These facts are of {case}, but the ruleset is of {ruleset}.",
                case=each.notice.case,
                ruleset=each.notice.ruleset,
            )
            remedy = msg("Correct the year of the facts, or that of the ruleset.")
            found.setdefault(each.place, Finding("other-year", each.place.file, what, remedy, each.place))
    yield from found.values()


def ignored_facts(material: Material) -> Iterator[Finding]:
    """Find the facts of golden cases that no rule looks at, although rules look at others of their type."""
    unused = set(material.ruleset.facts) - {kind for version in material.versions for kind in version.rule.looks_at}
    found: dict[Place, Finding] = {}
    for each in material.coverage.observed:
        if isinstance(each.notice, UnusedFact) and each.notice.type not in unused:
            kind, name = each.notice.type, each.notice.fact
            what = msg("{case}: no rule looks at the fact {fact} of {type}.", case=each.case, fact=name, type=kind)
            remedy = msg("Add the rule for such facts; if they mean nothing, let the case expect `notices`.")
            found.setdefault(each.place, Finding("ignored-fact", f"{kind} {name}", what, remedy, each.place))
    yield from found.values()
