"""The records of what is above and below an indicator: levels, the total, rows that are facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from engine.base.faults import Fault, problem
from engine.base.messages import Message, listing, msg
from engine.base.numbers import Number, exact_text, simplest
from engine.documents import Node
from engine.facts.hints import nearest
from engine.ruleset.fields import conditions, elements, items, number, source_text, texts
from engine.ruleset.known import Known
from engine.ruleset.model import Indicator, Level, Rows, Total
from engine.ruleset.records import requirement_record, rule_records
from engine.ruleset.rule_text import EveryRow


def levels_of(node: Node | None) -> tuple[Level, ...]:
    """Return the levels that a ruleset declares, each with its weight."""
    return tuple(
        Level(tuple(source.text for source in conditions(entry["name"])), number(entry["weight"]), entry)
        for entry in elements(node)
    )


def total_of(node: Node | None, known: Known, faults: list[Fault]) -> Total:
    """Return what is done with the total."""
    if node is None:
        return Total()
    return Total(node.get("rescale") is not None, rule_records(node.get("rules"), known, faults))


def rows_of(node: Node | None) -> Rows | None:
    """Return how an indicator's rows are taken from facts; None where it has none."""
    if node is None:
        return None
    ((alias, fact_type), *_) = texts(node["each"]).items()
    claimed, reason = node.get("claimed"), node.get("reason")
    return Rows(
        alias=alias,
        fact_type=fact_type,
        where=conditions(node.get("where")),
        weight=source_text(node["weight"]),
        name=source_text(node["name"]),
        path=conditions(node.get("path")),
        columns={title: source_text(value) for title, value in items(node.get("columns"))},
        claimed=None if claimed is None else source_text(claimed),
        reason=None if reason is None else source_text(reason),
        node=node,
    )


def every_row_of(node: Node | None, indicators: Sequence[Indicator], known: Known, faults: list[Fault]) -> EveryRow:
    """Return what holds for each row of every indicator; a fault where no indicator has rows."""
    if node is None:
        return EveryRow()
    if all(indicator.rows is None for indicator in indicators):
        what = problem("ruleset.no-rows", "The rules of every row have no rows: no indicator takes any from facts.")
        faults.append(Fault(what, msg("Add `rows_from` to an indicator, or remove `every_row`."), node.place))
    requires = tuple(map(requirement_record, elements(node.get("requires"))))
    return EveryRow(requires, rule_records(node.get("rules"), replace(known, in_rows=True), faults))


def grade_start(node: Node, full: Number) -> Number:
    """Return the lowest total of a grade, which may be written as a share of the full score: `90%`."""
    if isinstance(node.value, str):
        return simplest(Fraction(node.text.rstrip("%％")) * full / 100)
    return number(node)


def structure_faults(levels: Sequence[Level], indicators: Sequence[Indicator]) -> Iterator[Fault]:
    """Find what levels and rows say that the form's indicators do not."""
    yield from _level_faults(levels, indicators)
    yield from _undeclared(levels, indicators)
    for indicator in indicators:
        if indicator.rows is not None and indicator.node.get("parts") is not None:
            yield Fault(
                problem(
                    "indicator.rows-and-parts",
                    "Indicator {number} has both rows and parts.",
                    number=indicator.number,
                ),
                msg("Keep one of the two: rows are given by facts, parts by the form."),
                indicator.rows.node.place,
            )


def _level_faults(levels: Sequence[Level], indicators: Sequence[Indicator]) -> Iterator[Fault]:
    """Find the levels that are there twice, that no indicator has, or whose indicators weigh something else."""
    seen: set[tuple[str, ...]] = set()
    for level in levels:
        name, place = " / ".join(level.path), level.node.place
        below = [indicator for indicator in indicators if indicator.path[: len(level.path)] == level.path]
        weight = sum((indicator.weight for indicator in below), start=0)
        if level.path in seen:
            yield Fault(
                problem("ruleset.level-twice", "The level “{name}” is listed twice.", name=name),
                msg("Keep one of them."),
                place,
            )
        elif not below:
            known = {" / ".join(i.path[: len(level.path)]) for i in indicators if len(i.path) >= len(level.path)}
            yield Fault(
                problem("ruleset.level-unused", "No indicator is under the level “{name}”.", name=name),
                _meant(name, sorted(known)),
                place,
            )
        elif weight != level.weight:
            yield Fault(
                problem(
                    "ruleset.level-weight",
                    "The level “{name}” weighs {weight}, but its indicators add up to {total}.",
                    name=name,
                    weight=exact_text(level.weight),
                    total=exact_text(weight),
                ),
                msg(
                    "Correct the level's weight, or that of an indicator: {indicators}.",
                    indicators=listing(f"{each.number} ({exact_text(each.weight)})" for each in below),
                ),
                level.node["weight"].place,
            )
        seen.add(level.path)


def _undeclared(levels: Sequence[Level], indicators: Sequence[Indicator]) -> Iterator[Fault]:
    """Find the paths whose level is not declared although levels as deep are."""
    declared = [level.path for level in levels]
    for depth in sorted({len(path) for path in declared}):
        known = [path for path in declared if len(path) == depth]
        reported: set[tuple[str, ...]] = set()
        for indicator in indicators:
            path = indicator.path[:depth]
            if len(path) == depth and path not in known and path not in reported:
                reported.add(path)
                name = " / ".join(path)
                yield Fault(
                    problem(
                        "ruleset.level-undeclared",
                        "Indicator {number} is under “{name}”, which is no declared level.",
                        number=indicator.number,
                        name=name,
                    ),
                    _meant(name, [" / ".join(each) for each in known]),
                    indicator.node["path"].place,
                )


def _meant(name: str, known: Sequence[str]) -> Message:
    near = nearest(name, known)
    return msg("Did you mean “{near}”?", near=near) if near else msg("The levels are: {names}.", names=listing(known))
