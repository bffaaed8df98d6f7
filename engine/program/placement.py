"""Where a rule is, and what follows from it: the part that it settles, the clauses, what its firings post to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.base.faults import Fault, RulesetError, problem, raise_all
from engine.base.messages import listing, msg
from engine.base.numbers import Number
from engine.language.levels import DEPTHS, levels_called, not_one_level
from engine.language.typed import Scored
from engine.program.program import PartPlan
from engine.program.rows import WHOLE_SCOPES, in_rows
from engine.program.scopes import indicators_under, level_weights
from engine.ruleset.expressions import applies
from engine.ruleset.model import Indicator, Ruleset
from engine.ruleset.rule_text import ResultText, RuleText

TOTAL_SECTION = "total"
"""The section whose rules act on the total, or on a level that they name."""

EXCLUDED = "excluded"
"""The option of a part that does not apply and is left out of what the score is a share of."""

LEVEL = "level"
"""The scope of a veto in the rules of the total that is of the level which the rule names."""

REACHING = frozenset({"override", "cap"})
"""The actions that can act on more than an indicator."""

POSTING = frozenset({"award", "deduct", "cap", "adjust", "override", "not_applicable"})
"""The actions that need an indicator to post to."""


@dataclass(frozen=True, slots=True)
class RuleLocation:
    """Where a rule lives: an indicator with its parts, a result, or a section of the ruleset."""

    section: str
    indicator: Indicator | None
    parts: tuple[PartPlan, ...]
    result: ResultText | None = None


def placed(text: RuleText, location: RuleLocation) -> list[RuleText]:
    """Return a rule as it applies where it is: once for each part that it lists, or as a rule of each row."""
    if is_by_row(text, location) and location.indicator is not None and location.indicator.rows is not None:
        text = in_rows(text, location.indicator.rows)
    if len(text.parts) < 2:  # noqa: PLR2004 - one part or none is the rule itself
        return [text]
    return [replace(text, id=f"{text.id}.{part}", parts=(part,)) for part in text.parts]


def is_by_row(text: RuleText, location: RuleLocation) -> bool:
    """Return whether a rule is one of each row: the indicator's own, unless it says that it acts on more."""
    indicator = location.indicator
    if indicator is None or indicator.rows is None or text.scope in WHOLE_SCOPES:
        return False
    return any(rule.node is text.node for rule in indicator.rules)


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
    if is_by_row(text, location) or text.scope in WHOLE_SCOPES:
        return None
    if text.action == "adjust" or (text.action == "cap" and text.scope != "part"):
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
    if text.action != "award" or text.of is not None or location.indicator is None:
        return False
    if part is None:
        return is_by_row(text, location)
    rivals = [
        rule
        for rule in location.indicator.rules
        if rule.action == "award" and applies(rule.under, readings) and (not rule.parts or part.id in rule.parts)
    ]
    return len(rivals) == 1 and rivals[0].node is text.node


def level_of(text: RuleText, location: RuleLocation, ruleset: Ruleset) -> tuple[str, ...] | None:
    """Return the level that a rule acts on, the total where it is empty; None for an act on an indicator."""
    if text.action not in REACHING:
        return None
    if location.section == TOTAL_SECTION:
        return _named_level(text, ruleset) if text.level else ()
    depth = DEPTHS.get(text.scope)
    return None if depth is None or location.indicator is None else location.indicator.path[:depth]


def _named_level(text: RuleText, ruleset: Ruleset) -> tuple[str, ...]:
    levels = level_weights(ruleset)
    found = levels_called(text.level, levels)
    if len(found) == 1:
        return found[0]
    what, remedy = not_one_level(text.level, found, levels)
    raise RulesetError.because(what, remedy, text.node["level"].place)


def targets(text: RuleText, location: RuleLocation, ruleset: Ruleset) -> tuple[Scored, ...]:
    """Return the indicators and levels that a rule's firings post to.

    An override of a level may set it to nothing, and then each of the indicators under it.
    """
    level, indicator = level_of(text, location, ruleset), location.indicator
    if level is not None:
        return (level, *indicators_under(level, ruleset)) if text.action == "override" else (level,)
    return (indicator.number,) if indicator is not None and text.action in POSTING else ()


def stake_of(location: RuleLocation, part: PartPlan | None) -> Number:
    """Return how many points an act of the rule can be about: its part's weight, or the indicator's."""
    if part is not None:
        return part.weight
    return location.indicator.weight if location.indicator is not None else 0


def clauses_of(text: RuleText, location: RuleLocation, part: PartPlan | None) -> tuple[str, ...]:
    """Return the clauses that a rule carries out: its own, and those of the part among several that it settles."""
    own_part = part is not None and (len(location.parts) > 1 or not text.cites)
    return tuple(dict.fromkeys((*text.cites, *(part.clauses if part is not None and own_part else ()))))


def _action(text: RuleText) -> str:
    """Return a rule's action as it is written: a veto is an override only in what it comes to."""
    key = text.node.key("veto" if text.form is not None and text.form.kind == "veto" else text.action)
    return text.action if key is None else (key.source or key.text).strip("'\"")


def _misplaced_in_total(text: RuleText) -> Iterator[Fault]:
    if text.action not in REACHING:
        yield Fault(
            problem("rule.not-of-total", "A rule of the total caps or overrides; this one has “{action}”.",
                action=_action(text)),
            msg("Write `cap`, `override` or `veto`, or move the rule to an indicator, or to `checks`."),
            text.node.place,
        )  # fmt: skip
    elif text.scope == LEVEL and not text.level:
        yield Fault(
            problem("rule.no-level", "The rule acts on a level, but does not name it."),
            msg("Name the level: `level: …`, or write `veto: total`."),
            text.node.place,
        )
    elif text.scope not in ("", LEVEL, "total"):
        yield Fault(
            problem("rule.scope-in-total", "A rule of the total has no scope “{scope}”.", scope=text.scope),
            msg("Leave `scope` out for the total, or name a level: `level: …`; a veto is `total` or `level`."),
            text.node.place,
        )


def _scope_faults(text: RuleText) -> Iterator[Fault]:
    """Find the acts of an indicator's rules that do not say how far they reach, or reach a level by its name."""
    if text.action == "override" and not text.scope:
        yield Fault(
            problem("rule.no-scope", "The rule does not say what it overrides."),
            msg("Add `scope`: part, indicator, level_2, level_1 or total."),
            text.node["override"].place,
        )
    elif text.scope == LEVEL:
        yield Fault(
            problem("rule.level-outside-total", "“level” belongs to the rules of the total."),
            msg("Move the rule to `total`, or name the level of the indicator: `level_1` or `level_2`."),
            text.node.place,
        )


def refuse_misplaced(text: RuleText, location: RuleLocation, *, rescales: bool) -> None:
    """Refuse what the document's schema cannot see: clauses, readings, actions in the wrong place."""
    faults: list[Fault] = []
    if location.section == TOTAL_SECTION:
        faults += _misplaced_in_total(text)
    elif location.indicator is None and text.action in POSTING:
        faults.append(
            Fault(
                problem(
                    "rule.outside-indicators",
                    "A rule outside the indicators can derive or flag only; this one has “{action}”.",
                    action=_action(text),
                ),
                msg("Move it to the indicator whose points it settles."),
                text.node.place,
            )
        )
    else:
        faults += _scope_faults(text)
    if text.level and location.section != TOTAL_SECTION:
        faults.append(
            Fault(
                problem("rule.level-outside-total", "“level” belongs to the rules of the total."),
                msg("Move the rule to `total`, or name the level of the indicator: `level_1` or `level_2`."),
                text.node["level"].place,
            )
        )
    whole_scope = text.action in REACHING and text.scope not in ("", "part")
    if text.parts and (text.action not in POSTING or whole_scope):
        faults.append(
            Fault(
                problem(
                    "rule.part-without-points", "“part” has no meaning in a rule with “{action}”.", action=_action(text)
                ),
                msg("Remove `part`; an override of one part says `scope: part`."),
                text.node.place,
            )
        )
    if text.of is not None and text.action != "award":
        faults.append(
            Fault(
                problem(
                    "rule.of-without-award", "“of” belongs to an award; this rule has “{action}”.", action=_action(text)
                ),
                msg("Remove `of`."),
                text.node.place,
            )
        )
    raise_all(RulesetError, faults)
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
    if text.option == EXCLUDED and not rescales:
        faults.append(
            Fault(
                problem(
                    "rule.excluded-without-rescale",
                    "Points that are excluded need a total that is scaled up, or they are lost.",
                ),
                msg("Write `total: {{rescale: applicable}}`, or `not_applicable: zero`."),
                text.node["not_applicable"].place,
            )
        )
    settled = location.parts[0] if is_by_row(text, location) else part
    if text.action == "award" and settled is not None and settled.method == "deduct":
        faults.append(
            Fault(
                problem(
                    "rule.award-in-deductions",
                    "The part “{part}” starts full and takes deductions; it cannot have an award.",
                    part=settled.id,
                ),
                msg("Use `deduct`, or write `method: award` for the part."),
                text.node.place,
            )
        )
    raise_all(RulesetError, faults)
