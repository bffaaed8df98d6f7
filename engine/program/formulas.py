"""Compile what a rule computes and says: its formulas and its sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.base.calendar import Calendar
from engine.base.faults import Fault, RulesetError, problem, raise_all
from engine.base.formula_kind import FormulaKind
from engine.base.messages import msg
from engine.facts.model import MatchedFacts
from engine.language.compute import computation
from engine.language.context import Context
from engine.language.expression import Expression
from engine.language.parser import ExpressionError
from engine.language.scope import Scope
from engine.language.sentence import Blank, Known, Piece, Sentence, template
from engine.language.show import Shown, numbers_shown
from engine.language.trace import aggregates_computed
from engine.language.typed import NUMBER, CaseField, Const, FieldOf, Inline, Matched, Type, Typed
from engine.program.bands import BandRow
from engine.program.program import Formula
from engine.program.results import value_of
from engine.ruleset.expressions import checked, fault
from engine.ruleset.rule_text import ResultText, RuleText
from engine.ruleset.source_text import Bilingual, SourceText


def formulas_of(
    text: RuleText,
    when: Sequence[Expression],
    row: BandRow | None,
    scope: Scope,
    calendar: Calendar | None,
    result: ResultText | None = None,
) -> tuple[Formula, ...]:
    """Return a rule's formulas: its conditions on the case, its band, and what it gives."""
    computed = list(_computed(text, scope) if result is None else _of_result(text, scope, result))
    formulas = [
        _formula("when", "when", written, expression, calendar)
        for written, expression in zip(text.when, when, strict=True)
    ]
    if row is not None and text.bands_on is not None:
        formulas.append(_band_formula(text.bands_on, row, calendar))
    formulas += [_formula(name, kind, written, expression, calendar) for name, kind, written, expression in computed]
    return tuple(formulas)


def says_value(say: Bilingual, scope: Scope, calendar: Calendar | None, value: Expression) -> Sentence:
    """Read the sentence of a result, in which {value} is its value; it has no points."""
    found = sentence(say, replace(scope, inline={**scope.inline, "value": value.tree}), calendar)
    for written, pieces in ((say.zh, found.zh), (say.en, found.en)):
        for known in Known:
            if known in pieces:
                raise RulesetError.because(
                    problem(
                        "sentence.no-points",
                        "“{{{name}}}” has no value here: the rule gives no points.",
                        name=known.value,
                    ),
                    msg("Write {{value}} for the value of the result."),
                    written.node.place,
                )
    return found


def sentence(say: Bilingual, scope: Scope, calendar: Calendar | None, *, of_several: bool = False) -> Sentence:
    """Read a sentence in both languages; `RulesetError` at the character that is wrong.

    A rule that acts `of_several` indicators takes other points from each, so that {taken} would be true of none.
    """
    pieces: list[tuple[Piece, ...]] = []
    read: dict[str, Known | Blank] = {}
    for written in (say.zh, say.en):
        try:
            pieces.append(template(written.text, scope, calendar, read))
        except ExpressionError as error:
            raise RulesetError(fault(error, written)) from None
        if of_several and Known.TAKEN in pieces[-1]:
            raise RulesetError.because(
                problem(
                    "sentence.taken", "“{{taken}}” has no value here: the rule takes points from several indicators."
                ),
                msg("Write the sentence without it; each indicator shows what it lost."),
                written.node.place,
            )
    return Sentence.of(*pieces)


def _computed(text: RuleText, scope: Scope) -> Iterator[tuple[str, FormulaKind, SourceText, Expression]]:
    """Yield what a rule computes; at the end `RulesetError` with every fault."""
    faults: list[Fault] = []
    wanted: list[tuple[str, FormulaKind, SourceText | None, Type | None]] = [
        ("points", "points", text.formula, NUMBER),
        ("of", "of", text.of, NUMBER),
        *((name, "field", written, None) for name, written in text.fields.items()),
    ]
    for name, kind, written, expected in wanted:
        if written is None:
            continue
        try:
            expression = checked(written, scope, expected)
        except RulesetError as error:
            faults.extend(error.faults)
            continue
        yield name, "copy" if kind == "field" and _is_copied(expression.tree) else kind, written, expression
    raise_all(RulesetError, faults)


def _of_result(
    text: RuleText, scope: Scope, result: ResultText
) -> Iterator[tuple[str, FormulaKind, SourceText, Expression]]:
    if text.formula is not None:
        yield "value", "result", text.formula, value_of(text.formula, scope, result)


def _is_copied(tree: Typed) -> bool:
    """Return whether a value is only taken over: from a fact, from the case, from a parameter or a band table."""
    return isinstance(tree, Const | CaseField | Matched | FieldOf | Inline)


def _formula(
    name: str, kind: FormulaKind, written: SourceText, expression: Expression, calendar: Calendar | None
) -> Formula:
    shown = numbers_shown(expression.canonical, calendar)
    return _compiled(name, kind, written, expression, None, shown, calendar)


def _band_formula(written: SourceText, row: BandRow, calendar: Calendar | None) -> Formula:
    """Show in which row a number falls: `0.6 ≤ 0.71 ≤ 1 → 0.71`."""
    on, gives = numbers_shown(row.on.canonical, calendar), numbers_shown(row.gives.canonical, calendar)

    def shown(matched: MatchedFacts, context: Context) -> str:
        return row.written(on(matched, context), gives(matched, context))

    return _compiled("band", "band", written, row.gives, row, shown, calendar)


def _compiled(
    name: str,
    kind: FormulaKind,
    written: SourceText,
    expression: Expression,
    row: BandRow | None,
    shown: Shown,
    calendar: Calendar | None,
) -> Formula:
    """Compile the functions of a formula from its trees."""
    trees = (expression.tree,) if row is None else (row.on.tree, row.gives.tree)
    traces = (aggregates_computed(tree, calendar) for tree in trees)
    return Formula(
        name=name,
        kind=kind,
        text=expression.canonical.text if row is None else row.written(row.on.canonical.text, row.gives.canonical.text),
        expression=expression,
        band=row,
        place=written.place_at,
        compute=computation(expression.tree, calendar),
        numbers=shown,
        traces=tuple(trace for trace in traces if trace is not None),
    )
