"""What a rule did, in one sentence: for how many facts it fired, or what kept it from firing."""

from __future__ import annotations

from engine.base.messages import Message, msg, plural
from engine.verdicts.model import Candidate, ConditionVerdict, WrittenRule
from engine.verdicts.words import VerdictWords, inactive_words


def did_words(words: VerdictWords, rule: WrittenRule) -> Message:
    """Say what a rule did."""
    if rule.inactive is not None:
        return inactive_words(rule.inactive)
    patterns = rule.rule.match.patterns
    if not patterns:
        [candidate] = rule.candidates
        return msg("fired") if candidate.fired else msg("did not fire: {why}", why=why_words(words, rule, candidate))
    title = words.form.type(patterns[0])
    if not rule.candidates:
        return msg("did not fire: there is no fact “{type}”", type=title)
    fired = [candidate for candidate in rule.candidates if candidate.fired]
    if len(fired) == len(rule.candidates) == 1:
        return msg("fired")
    if fired:
        return plural("fired for {fired} of {count} fact", "fired for {fired} of {count} facts",
                      fired=len(fired), count=len(rule.candidates))  # fmt: skip
    furthest = max(rule.candidates, key=_reached)
    if len(rule.candidates) == 1 or _is_guard(furthest.stopped):
        return msg("did not fire: {why}", why=why_words(words, rule, furthest))
    return msg(
        "fired for none of {count} facts; closest {fact}: {why}",
        count=len(rule.candidates),
        fact=words.facts.fact(furthest.facts[0]),
        why=why_words(words, rule, furthest),
    )


def why_words(words: VerdictWords, rule: WrittenRule, candidate: Candidate) -> Message:
    """Say which condition kept a candidate from firing."""
    stopped = candidate.stopped
    if stopped is not None:
        return words.condition(rule.rule, stopped, candidate.facts).words
    return msg("there is no fact “{type}”", type=words.form.type(candidate.lacks))


def _is_guard(stopped: ConditionVerdict | None) -> bool:
    """Return whether a condition is of the case as a whole, so that no fact is closer to it than another."""
    return stopped is not None and not stopped.condition.patterns


def _reached(candidate: Candidate) -> int:
    return sum(verdict.truth == "holds" for verdict in candidate.conditions)
