"""Read what the head of a ruleset declares for the whole form: its grades, its units, its working days."""

from __future__ import annotations

import re
from datetime import date

from engine.base.calendar import Calendar
from engine.base.faults import Fault, RulesetError, problem
from engine.base.messages import msg
from engine.base.numbers import Number
from engine.base.sources import CALENDAR, Sources
from engine.documents import Node, read_document
from engine.facts.model import Kind
from engine.facts.schema import validate
from engine.language.parser import unit_of
from engine.language.scope import Scope
from engine.ruleset.expressions import checked, constant
from engine.ruleset.fields import items, names, source_text, texts
from engine.ruleset.structure import grade_start
from schemas import schema

_BARE_UNIT = re.compile("[\u4e00-\u9fff]+")


def grades_of(node: Node, full: Number, faults: list[Fault]) -> tuple[tuple[str, Number], ...]:
    """Return the names of the grades with the points from which they begin, the highest first."""
    grades = tuple((entry["name"].text, grade_start(entry["from"], full)) for entry in node.elements)
    starts = [start for _, start in grades]
    if starts != sorted(set(starts), reverse=True) or starts[-1] != 0:
        faults.append(
            Fault(
                problem("ruleset.grades", "The grades must fall from one to the next, and the last must begin at 0."),
                msg("List the highest grade first; end with the grade that begins at 0."),
                node.place,
            )
        )
    return grades


def conversions_of(node: Node | None, faults: list[Fault]) -> dict[str, tuple[Number, str]]:
    """Read `亿元: 10000 万元`; the target unit must not be converted itself."""
    found: dict[str, tuple[Number, str]] = {}
    units = frozenset(unit_of(entry.text) for _, entry in items(node)) - {""}
    for unit, entry in items(node):
        if _BARE_UNIT.fullmatch(entry.text):
            what = problem("ruleset.conversion", "The conversion of “{unit}” has no number.", unit=unit)
            remedy = msg("Write the number: `{example}`.", example=f"10000 {entry.text}")
            faults.append(Fault(what, remedy, entry.place))
            continue
        try:
            value = constant(checked(source_text(entry), Scope({}, units=units)).tree)
        except RulesetError as error:
            faults.extend(error.faults)
            continue
        simple = value is not None and value.type.kind is Kind.NUMBER and len(value.type.unit) == 1
        if (
            value is None
            or not simple
            or not isinstance(value.value, Number)
            or value.value <= 0
            or value.type.unit[0][0] in texts(node)
        ):
            faults.append(
                Fault(
                    problem(
                        "ruleset.conversion", "The conversion of “{unit}” is not a number of another unit.", unit=unit
                    ),
                    msg("Write it as `亿元: 10000 万元`, into a unit that is not converted itself."),
                    entry.place,
                )
            )
            continue
        found[unit] = (value.value, value.type.unit[0][0])
    return found


def calendar_of(root: Node, sources: Sources, faults: list[Fault]) -> Calendar | None:
    """Return the working-day calendar that the ruleset names, if it names one."""
    named = root.get("calendar")
    if named is None:
        return None
    if CALENDAR not in sources.files:
        faults.append(
            Fault(
                problem("ruleset.calendar", "There is no working-day calendar “{name}”.", name=named.text),
                msg("Add it to the folder `calendars` next to the rulesets, or correct the name."),
                named.place,
            )
        )
        return None
    node = read_document(sources.files[CALENDAR], CALENDAR)
    wrong = validate(node, schema("calendar.json"))
    if wrong:
        faults.extend(wrong)
        return None
    return Calendar(
        date.fromisoformat(node["covers"]["from"].text),
        date.fromisoformat(node["covers"]["to"].text),
        frozenset(date.fromisoformat(day) for day in names(node["holidays"])),
        frozenset(date.fromisoformat(day) for day in names(node["workdays"])),
    )
