"""Band tables: rows that follow one another without gap or overlap, by construction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.base.comparators import Comparator
from engine.base.faults import Fault, RulesetError, problem, raise_all
from engine.base.messages import msg
from engine.base.numbers import Number, exact_text, terminates
from engine.facts.model import Kind
from engine.language.expression import Expression
from engine.language.scope import Scope
from engine.language.typed import Compare, Const
from engine.ruleset.expressions import applies, checked, constant
from engine.ruleset.rule_text import Band, RuleText


@dataclass(frozen=True, slots=True)
class BandRow:
    """One row: the conditions under which it applies, what it gives, and how it reads."""

    conditions: tuple[Expression, ...]
    on: Expression
    gives: Expression
    ends: tuple[str, str]
    """What is written before and after the number: `0.6 ≤ ` and ` ≤ 1`."""
    readings: frozenset[str] = frozenset()
    """The readings by which this row, or the end of the row before it, is in the table."""

    def written(self, on: str, gives: str) -> str:
        """Write the row for a number and what it gives, both as formulas or as values: `0.6 ≤ 0.71 ≤ 1 → 0.71`."""
        low, high = self.ends
        return f"{low}{on}{high} → {gives}"


def band_rows(rule: RuleText, scope: Scope, readings: Mapping[str, str]) -> list[BandRow]:
    """Return the rows that apply under the readings; `RulesetError` unless they cover every number once."""
    written = rule.bands_on
    if written is None:
        return []
    on = checked(written, scope)
    rows = [band for band in rule.bands if applies(band.under, readings)]
    faults: list[Fault] = []
    if on.type.kind not in (Kind.NUMBER, Kind.DATE):
        faults.append(
            Fault(
                problem("band.not-a-scale", "Bands need a number or a date."),
                msg("Write a formula that gives a number."),
                written.node.place,
            )
        )
        raise_all(RulesetError, faults)
    result: list[BandRow] = []
    previous: tuple[Band, Const] | None = None
    last_gives: Const | None = None
    for position, band in enumerate(rows):
        limit = constant(checked(band.limit, scope, on.type).tree)
        gives = checked(band.gives, scope)
        if limit is None:
            faults.append(
                Fault(
                    problem("band.not-constant", "The end of a band must be constant."),
                    msg("Write a number or a parameter."),
                    band.limit.node.place,
                )
            )
            continue
        faults.extend(_order_faults(band, limit, previous, is_last=position == len(rows) - 1))
        faults.extend(_fall_faults(band, gives, last_gives))
        if not faults:
            result.append(_row(on, band, limit, previous, gives))
        previous = (band, limit)
        last_gives = constant(gives.tree)
    if len(rows) < 2:  # noqa: PLR2004 - one row is not a table
        faults.append(
            Fault(
                problem("band.one-row", "A band table needs at least two rows in every reading."),
                msg("Add the missing row."),
                written.node.place,
            )
        )
    raise_all(RulesetError, faults)
    return result


def _order_faults(band: Band, limit: Const, previous: tuple[Band, Const] | None, *, is_last: bool) -> list[Fault]:
    if not is_last and band.bound in ("above", "from"):
        return [
            Fault(
                problem("band.open-row", "Only the last row can use “{bound}”.", bound=band.bound),
                msg("End this row with `below` or `to`."),
                band.node.place,
            )
        ]
    if is_last and band.bound in ("below", "to"):
        return [
            Fault(
                problem(
                    "band.last-row",
                    "The last row must cover everything that is left, but it ends with “{bound}”.",
                    bound=band.bound,
                ),
                msg("Write `above` after a row that ends with `to`, or `from` after one that ends with `below`."),
                band.node.place,
            )
        ]
    if previous is None:
        return []
    before, end = previous
    if is_last:
        wanted = "above" if before.bound == "to" else "from"
        if band.bound != wanted or limit.value != end.value:
            return [
                Fault(
                    problem("band.gap", "The last row leaves a gap or an overlap after the row before it."),
                    msg("Write `{bound}` with the same number as the end of the row before.", bound=wanted),
                    band.node.place,
                )
            ]
        return []
    rises = limit.value > end.value  # type: ignore[operator]
    touches = limit.value == end.value and (before.bound, band.bound) == ("below", "to")
    if not rises and not touches:
        return [
            Fault(
                problem(
                    "band.order",
                    "The rows of a band table must rise: `{bound}: {limit}` comes after {before}.",
                    bound=band.bound,
                    limit=band.limit.text,
                    before=_written_limit(before, end, percent="%" in band.limit.text),
                ),
                msg("Put the rows in the order of their ends."),
                band.limit.node.place,
            )
        ]
    return []


def _fall_faults(band: Band, gives: Expression, before: Const | None) -> list[Fault]:
    now = constant(gives.tree)
    if now is None or before is None or now.type.kind is not Kind.NUMBER or now.type != before.type:
        return []
    falls = now.value < before.value  # type: ignore[operator]
    if falls and not band.falls:
        return [
            Fault(
                problem("band.not-rising", "This row gives less than the row before it."),
                msg("If the drop is intended, declare it with `falls: true`; otherwise correct the number."),
                band.gives.node.place,
            )
        ]
    return []


def _row(on: Expression, band: Band, limit: Const, previous: tuple[Band, Const] | None, gives: Expression) -> BandRow:
    conditions: list[Expression] = []
    low = high = ""
    if previous is not None:
        before, end = previous
        above = Comparator.AT_LEAST if before.bound == "below" else Comparator.ABOVE
        conditions.append(_compared(on, above, end))
        low = f"{_limit_text(end)} {'≤' if above is Comparator.AT_LEAST else '<'} "
    if band.bound in ("below", "to"):
        below = Comparator.BELOW if band.bound == "below" else Comparator.AT_MOST
        conditions.append(_compared(on, below, limit))
        high = f" {'<' if below is Comparator.BELOW else '≤'} {_limit_text(limit)}"
    before_it = () if previous is None else previous[0].under
    readings = frozenset(reading for reading, _ in (*band.under, *before_it))
    return BandRow(tuple(conditions), on, gives, (low, high), readings)


def _compared(on: Expression, comparator: Comparator, limit: Const) -> Expression:
    span = on.tree.span
    return replace(on, tree=Compare(comparator, on.tree, replace(limit, span=span), span))


def _written_limit(band: Band, limit: Const, *, percent: bool) -> str:
    """Write the end of a row with its value, where it is not written as a number."""
    if band.limit.text[:1].isdigit():
        return band.limit.text
    value = f"{exact_text(limit.value * 100)}%" if percent and isinstance(limit.value, Number) else _limit_text(limit)
    return f"{value} ({band.limit.text})"


def _limit_text(limit: Const) -> str:
    value = limit.value
    if not isinstance(value, bool | str) and limit.type.kind is Kind.NUMBER:
        text = exact_text(value) if terminates(value) else f"({exact_text(value)})"  # type: ignore[arg-type]
        return f"{text} {limit.type.unit[0][0]}" if limit.type.unit else text
    return str(value)
