"""Rules that a ruleset has, but not under the readings by which a case was scored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.ruleset.clauses import EVERY_INDICATOR, EVERY_ROW, placed_rules
from engine.ruleset.expressions import applies
from engine.ruleset.rule_text import Under
from engine.verdicts.form import FormWords


@dataclass(frozen=True, slots=True)
class UnappliedRule:
    """A rule that applies only in other readings."""

    name: str
    written: str
    """What it is called where it is written."""
    under: Under
    """The readings in which it applies."""


def unapplied_rules(form: FormWords) -> Iterator[UnappliedRule]:
    """Yield a program's rules that do not apply; not one that only says something else in another reading."""
    program = form.program
    applied = {rule.name.partition(".")[0] for rule in program.rules}
    seen: set[str] = set()
    for placed in placed_rules(program.ruleset):
        spread = placed.section in (EVERY_INDICATOR, EVERY_ROW)
        if spread or placed.name in applied or placed.name in seen or applies(placed.rule.under, program.readings):
            continue
        seen.add(placed.name)
        yield UnappliedRule(placed.name, form.placed_written(placed), placed.rule.under)
