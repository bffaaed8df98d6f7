"""Compile the rows of an indicator: what each fact that is a line of the form says of its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.base.faults import RulesetError, problem
from engine.base.messages import listing, msg
from engine.facts.model import FieldType, Kind
from engine.language.compute import computation
from engine.language.context import Computation
from engine.language.expression import Expression
from engine.language.fold import nodes, readings_in
from engine.language.presence import established, path_text
from engine.language.scope import Scope
from engine.language.typed import BOOLEAN, NUMBER, TEXT, FieldOf, Matched, Type, Typed
from engine.program.early import checked_early
from engine.ruleset.expressions import checked
from engine.ruleset.model import Indicator, Rows, Ruleset
from engine.ruleset.rule_text import EveryRow, RuleText
from engine.ruleset.source_text import SourceText

WHOLE_SCOPES = frozenset({"indicator", "level_2", "level_1", "total"})
"""The scopes of an act that is not on a single row."""


@dataclass(frozen=True, slots=True)
class RowValue:
    """Something that a row says: worked out where the optional fields that it needs are there."""

    type: Type
    needs: frozenset[str]
    readings: frozenset[str]
    """The readings that decide something in it."""
    compute: Computation = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class CompiledRows:
    """Which facts are an indicator's rows, and what each says of its line."""

    fact_type: str
    readings: frozenset[str]
    """The readings that decide something in which facts are rows, and in what these say."""
    selects: tuple[Computation, ...] = field(repr=False, compare=False)
    weight: RowValue
    name: RowValue
    path: tuple[RowValue, ...]
    columns: Mapping[str, RowValue]
    claimed: RowValue | None
    reason: RowValue | None


def with_every_row(indicator: Indicator, every_row: EveryRow) -> Indicator:
    """Return an indicator with what holds for the rows of every indicator, if it has rows.

    The requirements are of its own rows, by the name that it gives their facts.
    """
    rows = indicator.rows
    if rows is None:
        return indicator
    requires = (
        replace(each, each={rows.alias: rows.fact_type, **each.each}, where=(*rows.where, *each.where))
        for each in every_row.requires
    )
    return replace(indicator, requires=(*indicator.requires, *requires), rules=(*indicator.rules, *every_row.rules))


def in_rows(text: RuleText, rows: Rows) -> RuleText:
    """Return a rule as one of each row: the row's fact is the first that it matches; it has a name of its own."""
    if rows.alias in text.each:
        raise RulesetError.because(
            problem("rule.row-alias", "“{name}” is the row, and the rule calls another fact so too.", name=rows.alias),
            msg("Give one of the two another name: `each: {example}`.", example="{x: …}"),
            text.node.place,
        )
    return replace(text, each={rows.alias: rows.fact_type, **text.each}, where=(*rows.where, *text.where))


def row_names(rows: Rows, scope: Scope) -> dict[str, Typed]:
    """Return what the rules of a row may name: its weight and name, which are also those of its part."""
    within = _within(rows, scope)
    weight, name = checked(rows.weight, within, NUMBER).tree, checked(rows.name, within, TEXT).tree
    return {"row_weight": weight, "part_weight": weight, "row_name": name, "part_title": name}


def compile_rows(rows: Rows, scope: Scope, ruleset: Ruleset) -> CompiledRows:
    """Return the rows of an indicator; `RulesetError` where one is not from a given fact, or is of another type."""
    if rows.fact_type not in ruleset.facts:
        raise RulesetError.because(
            problem(
                "indicator.rows-type", "Rows are given facts; “{type}” is not a given fact type.", type=rows.fact_type
            ),
            msg("Name one of: {names}.", names=listing(ruleset.facts)),
            rows.node.place,
        )
    calendar = ruleset.calendar
    within = _within(rows, scope)
    where: list[Expression] = []
    for written in rows.where:
        where.append(checked_early(written, within, BOOLEAN, ruleset))
        within = replace(within, present=within.present | established(where[-1].tree))

    def value(written: SourceText, expected: Type | None, *, optional: bool = False) -> RowValue:
        fields = ruleset.facts[rows.fact_type].fields if optional else {}
        return _value(written, within, expected, fields, ruleset)

    weight, name = value(rows.weight, NUMBER), value(rows.name, TEXT)
    path = tuple(value(each, TEXT) for each in rows.path)
    columns = {title: value(each, None, optional=True) for title, each in rows.columns.items()}
    claimed = None if rows.claimed is None else value(rows.claimed, NUMBER, optional=True)
    reason = None if rows.reason is None else value(rows.reason, TEXT, optional=True)
    said = (weight, name, *path, *columns.values(), claimed, reason)
    return CompiledRows(
        fact_type=rows.fact_type,
        readings=readings_in(each.tree for each in where).union(*(each.readings for each in said if each is not None)),
        selects=tuple(computation(each.tree, calendar) for each in where),
        weight=weight,
        name=name,
        path=path,
        columns=columns,
        claimed=claimed,
        reason=reason,
    )


def _within(rows: Rows, scope: Scope) -> Scope:
    return replace(scope, aliases={rows.alias: rows.fact_type})


def _value(
    written: SourceText, scope: Scope, expected: Type | None, fields: Mapping[str, FieldType], ruleset: Ruleset
) -> RowValue:
    """Check what a row says; the optional ones of some `fields` may be named, and are asked for when it is computed."""
    left_out = {name for name, found in fields.items() if found.optional}
    row = path_text(Matched(0, Type(Kind.FACT), (0, 0)))
    present = scope.present | {(row, name) for name in left_out}
    tree = checked_early(written, replace(scope, present=present), expected, ruleset).tree
    needs = frozenset(node.field for node in nodes(FieldOf, [tree]) if node.field in left_out)
    return RowValue(tree.type, needs, readings_in([tree]), computation(tree, ruleset.calendar))
