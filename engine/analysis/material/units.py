"""What golden cases can reach: each rule, for each part that it lists, and each row of its band table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from engine.base.places import Place
from engine.program.program import CompiledRule, Program
from engine.ruleset.clauses import PlacedRule, placed_rules
from engine.ruleset.expressions import applies
from engine.ruleset.model import Ruleset
from engine.ruleset.rule_text import Band
from engine.ruleset.written import part_written, rule_written


@dataclass(frozen=True, slots=True)
class Unit:
    """A rule or a row of its band table, as it is written, whatever the readings and the indicators it applies to."""

    rule: str
    """The rule's section and id as written, such as `4/criterion` or `核对/印作合计`."""
    part: str
    """The part, where the rule lists several."""
    row: int
    """The row of the band table, from 1; 0 for a rule without one."""
    place: Place

    @property
    def name(self) -> str:
        """The name by which findings call it: `4/criterion`, `4/criterion.c1`, `1/banded:2`."""
        return f"{self.rule}{f'.{self.part}' if self.part else ''}{f':{self.row}' if self.row else ''}"


Written: TypeAlias = tuple[Place, str]
"""Where a rule is written, and its id, for a checklist comes to several rules in one place."""


def written_rules(ruleset: Ruleset) -> Mapping[Written, PlacedRule]:
    """Return every rule of a ruleset by where it is written."""
    return {(placed.rule.node.place, placed.rule.id): placed for placed in placed_rules(ruleset)}


def written_as(rule: CompiledRule) -> Written:
    """Return where a compiled rule is written; its name also has its section, and perhaps its part."""
    return rule.place, rule.name.partition("/")[2].partition(".")[0]


def units(program: Program, written: Mapping[Written, PlacedRule]) -> Iterator[tuple[CompiledRule, Unit, Band | None]]:
    """Yield each compiled rule of a program with what it is as written, and the row of its band table."""
    previous, position = "", 0
    for rule in program.rules:
        position = position + 1 if rule.name == previous else 0
        previous = rule.name
        placed = written.get(written_as(rule))
        band, row = _row(placed, program, position)
        if placed is None:
            yield rule, Unit(rule.name, "", position or 0, rule.place), None
            continue
        part = part_written(placed, rule.part) if len(placed.rule.parts) > 1 else ""
        place = band.node.place if band is not None else rule.place
        yield rule, Unit(rule_written(placed, program.ruleset), part, row, place), band


def _row(placed: PlacedRule | None, program: Program, position: int) -> tuple[Band | None, int]:
    """Return the row of a band table that a compiled rule was made from, and its number as written."""
    if placed is None or not placed.rule.bands:
        return None, 0
    here = [(band, row) for row, band in enumerate(placed.rule.bands, 1) if applies(band.under, program.readings)]
    return here[position] if position < len(here) else (None, position + 1)
