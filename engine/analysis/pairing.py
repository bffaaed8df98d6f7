"""Which thing of one ruleset is which of another: by what they say rather than by their numbers, which labels are."""

from __future__ import annotations

from dataclasses import dataclass

from engine.base.pairs import Pairs, paired, same
from engine.ruleset import Ruleset
from engine.ruleset.model import Indicator


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with the number of its indicator; empty for a clause of the whole form."""

    id: str
    text: str
    indicator: str


def indicators(old: Ruleset, new: Ruleset) -> Pairs[Indicator]:
    """Pair the indicators: by name and path, then by name, then by number."""
    return paired(
        old.indicators,
        new.indicators,
        same(lambda each: (each.path, each.name)),
        same(lambda each: each.name),
        same(lambda each: each.number),
    )


def clauses_of(ruleset: Ruleset) -> list[Clause]:
    """Return every clause, those of the indicators first."""
    found = [Clause(key, text, str(each.number)) for each in ruleset.indicators for key, text in each.clauses.items()]
    own = {clause.id for clause in found}
    return found + [Clause(key, text, "") for key, text in ruleset.clauses.items() if key not in own]


def clauses(old: Ruleset, new: Ruleset, numbers: dict[str, str]) -> Pairs[Clause]:
    """Pair the clauses: by text and indicator, by id and indicator, then by text.

    `numbers` gives the new number of each indicator that is in both, by the old one.
    """

    def home(clause: Clause) -> str:
        return numbers.get(clause.indicator, f"-{clause.indicator}")

    return paired(
        clauses_of(old),
        clauses_of(new),
        (lambda each: (each.text, home(each)), lambda each: (each.text, each.indicator)),
        (
            lambda each: (renumbered(each.id, each.indicator, numbers), home(each)),
            lambda each: (each.id, each.indicator),
        ),
        same(lambda each: each.text),
    )


def renumbered(clause: str, indicator: str, numbers: dict[str, str]) -> str:
    """Return the id that a clause has where its indicator has its new number: 14.1 is 15.1 if 14 is 15."""
    number, dot, rest = clause.partition(".")
    return f"{numbers.get(indicator, indicator)}{dot}{rest}" if number == indicator else clause
