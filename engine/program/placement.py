"""Where a rule is, and what follows from it: the part that it settles, the clauses, what its firings post to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.base.faults import Fault, RulesetError, problem, raise_all
from engine.base.messages import listing, msg
from engine.base.numbers import Number
from engine.program.program import PartPlan
from engine.ruleset.expressions import applies
from engine.ruleset.model import Indicator, Ruleset, RuleText

POSTING = frozenset({"award", "deduct", "cap", "adjust", "override", "not_applicable"})
"""The actions that need an indicator to post to."""


@dataclass(frozen=True, slots=True)
class RuleLocation:
    """Where a rule lives: an indicator with its parts, or a section of the ruleset."""

    section: str
    indicator: Indicator | None
    parts: tuple[PartPlan, ...]


def for_each_part(text: RuleText) -> list[RuleText]:
    """Return the rule once for each part that it lists."""
    if len(text.parts) < 2:  # noqa: PLR2004 - one part or none is the rule itself
        return [text]
    return [replace(text, id=f"{text.id}.{part}", parts=(part,)) for part in text.parts]


def part_of(text: RuleText, location: RuleLocation) -> PartPlan | None:
    """Return the part that a rule posts to; the only one where there is one."""
    if text.action not in POSTING or location.indicator is None:
        return None
    if text.parts:
        for part in location.parts:
            if part.id == text.parts[0]:
                return part
        raise RulesetError.because(
            problem("rule.unknown-part", "The indicator has no part “{part}” in this reading.", part=text.parts[0]),
            msg("Name one of its parts: {names}.", names=listing(part.id for part in location.parts)),
            text.node.place,
        )
    whole = text.action in ("cap", "adjust") or (text.action == "override" and text.scope != "part")
    if whole:
        return None
    if len(location.parts) != 1:
        raise RulesetError.because(
            problem(
                "rule.part-needed",
                "The indicator has {count} parts; the rule does not say which it settles.",
                count=len(location.parts),
            ),
            msg("Add `part:` with one of: {names}.", names=listing(part.id for part in location.parts)),
            text.node.place,
        )
    return location.parts[0]


def settles(text: RuleText, location: RuleLocation, part: PartPlan | None, readings: Mapping[str, str]) -> bool:
    """Return whether an award without a slice is the indicator's only one for its part in this reading."""
    if text.action != "award" or text.of is not None or location.indicator is None or part is None:
        return False
    rivals = [
        rule
        for rule in location.indicator.rules
        if rule.action == "award" and applies(rule.under, readings) and (not rule.parts or part.id in rule.parts)
    ]
    return len(rivals) == 1 and rivals[0].node is text.node


def targets(text: RuleText, location: RuleLocation, ruleset: Ruleset) -> tuple[int, ...]:
    """Return the indicators that a rule's firings post to."""
    indicator = location.indicator
    if indicator is None or text.action not in POSTING:
        return ()
    if text.scope == "level_2":
        return tuple(other.number for other in ruleset.indicators if other.path == indicator.path)
    return (indicator.number,)


def stake_of(location: RuleLocation, part: PartPlan | None) -> Number:
    """Return how many points an act of the rule can be about: its part's weight, or the indicator's."""
    if part is not None:
        return part.weight
    return location.indicator.weight if location.indicator is not None else 0


def clauses_of(text: RuleText, location: RuleLocation, part: PartPlan | None) -> tuple[str, ...]:
    """Return the clauses that a rule carries out: its own, and those of the part among several that it settles."""
    own_part = part is not None and (len(location.parts) > 1 or not text.cites)
    return tuple(dict.fromkeys((*text.cites, *(part.clauses if part is not None and own_part else ()))))


def refuse_misplaced(text: RuleText, location: RuleLocation) -> None:
    """Refuse what the document's schema cannot see: clauses, readings, actions in the wrong place."""
    faults: list[Fault] = []
    if location.indicator is None and text.action in POSTING:
        faults.append(
            Fault(
                problem(
                    "rule.outside-indicators",
                    "A rule outside the indicators can derive or flag only; this one has “{action}”.",
                    action=text.action,
                ),
                msg("Move it to the indicator whose points it settles."),
                text.node.place,
            )
        )
    if text.parts and (text.action not in POSTING or (text.action == "override" and text.scope != "part")):
        faults.append(
            Fault(
                problem(
                    "rule.part-without-points", "“part” has no meaning in a rule with “{action}”.", action=text.action
                ),
                msg("Remove `part`; an override of one part says `scope: part`."),
                text.node.place,
            )
        )
    if text.of is not None and text.action != "award":
        faults.append(
            Fault(
                problem(
                    "rule.of-without-award", "“of” belongs to an award; this rule has “{action}”.", action=text.action
                ),
                msg("Remove `of`."),
                text.node.place,
            )
        )
    part = part_of(text, location)
    own_part = part is not None and location.indicator is not None and location.indicator.parts[0].weight is not None
    if not text.cites and not own_part:
        faults.append(
            Fault(
                problem("rule.no-clause", "Rule “{id}” cites no clause.", id=text.id),
                msg("Add `cites:` with the clauses that it carries out; only a rule of a part cites by its part."),
                text.node.place,
            )
        )
    if text.action == "award" and part is not None and part.method == "deduct":
        faults.append(
            Fault(
                problem(
                    "rule.award-in-deductions",
                    "The part “{part}” starts full and takes deductions; it cannot have an award.",
                    part=part.id,
                ),
                msg("Use `deduct`, or write `method: award` for the part."),
                text.node.place,
            )
        )
    raise_all(RulesetError, faults)
