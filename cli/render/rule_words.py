"""The words by which a rule or a result is shown: what it gives, how far it reaches, where a band ends."""

from __future__ import annotations

from collections.abc import Mapping

from engine.base.messages import Message, msg
from engine.ruleset import Ruleset
from engine.ruleset.results import kind_words
from engine.ruleset.rule_text import ResultText

FORMULA: Mapping[str, Message] = {
    "award": msg("Award: {formula}"),
    "deduct": msg("Deduct: {formula}"),
    "cap": msg("At most: {formula}"),
    "adjust": msg("Adjust by: {formula}"),
    "override": msg("Set to: {formula}"),
    "result": msg("Value: {formula}"),
}

SCOPE: Mapping[str, Message] = {
    "part": msg("For the part"),
    "indicator": msg("For the whole indicator"),
    "level_2": msg("For the level-2 indicator that it is under"),
    "level_1": msg("For the level-1 indicator that it is under"),
    "total": msg("For the total"),
}

OPTION: Mapping[str, Message] = {
    "full": msg("Not applicable: the part scores in full"),
    "zero": msg("Not applicable: the part scores nothing"),
    "excluded": msg("Not applicable: the part is left out, and the total is scaled up"),
    "notice": msg("Reported as a notice"),
    "warning": msg("Reported as a warning"),
}

BOUND: Mapping[str, Message] = {
    "below": msg("below {limit}: {gives}"),
    "to": msg("up to {limit}: {gives}"),
    "above": msg("above {limit}: {gives}"),
    "from": msg("from {limit}: {gives}"),
}


def result_heading(result: ResultText, name: str) -> Message:
    """Say what a result is called, and what its values are."""
    named = result.title if result.title == name else f"{result.title} ({name})"
    if result.optional:
        return msg("Result {name}: {kind}; may be none", name=named, kind=kind_words(result))
    return msg("Result {name}: {kind}", name=named, kind=kind_words(result))


def rounding_words(ruleset: Ruleset) -> Message:
    """Say how scores are rounded, and where."""
    rows = [indicator.rows is not None for indicator in ruleset.indicators]
    if all(rows):
        return msg("Scores are rounded half up to {places} decimals, once at each row", places=ruleset.places)
    if any(rows):
        return msg(
            "Scores are rounded half up to {places} decimals, once at each row, and at each indicator without rows",
            places=ruleset.places,
        )
    return msg("Scores are rounded half up to {places} decimals, once at each indicator", places=ruleset.places)
