"""Figures in the words of a clause or a sentence that contradict the numbers of the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from engine.analysis.checks.finding import Finding
from engine.analysis.checks.numerals import Figure, figures
from engine.analysis.checks.unused import clause_place
from engine.analysis.material.material import Material, Version, trees_said
from engine.analysis.material.units import written_as
from engine.base.messages import listing, msg
from engine.base.numbers import Number, simplest
from engine.facts.model import Kind
from engine.language.fold import nodes
from engine.language.sentence import Piece
from engine.language.typed import Const, Score
from engine.program.scopes import base_scope
from engine.ruleset.model import Parameter
from engine.ruleset.written import parameter_written


def figures_of_clauses(material: Material) -> Iterator[Finding]:
    """Find the parameters that a clause contradicts which they cite, and the shares of a clause that nothing has."""
    constants = base_scope(material.ruleset, material.programs[0].readings).constants
    citing: dict[str, list[tuple[Parameter, Number]]] = {}
    for name, parameter in material.ruleset.parameters.items():
        value = constants[name].value
        if isinstance(value, Number) and not isinstance(value, bool):
            for clause in parameter.cites:
                citing.setdefault(clause, []).append((parameter, value))
    for clause, parameters in citing.items():
        found = figures(material.ruleset.clauses[clause])
        contradicted = [each for pair in parameters for each in _contradicted(*pair, clause, found, material)]
        yield from contradicted
        if not contradicted and any(_is_share(parameter) for parameter, _ in parameters):
            known = {value for _, value in parameters} | _numbers_for(clause, material)
            yield from _left_over(clause, found, known, material)


def _contradicted(
    parameter: Parameter, value: Number, clause: str, found: Sequence[Figure], material: Material
) -> Iterator[Finding]:
    """Report a parameter that is none of the figures of its clause, where the clause has figures like it."""
    is_share = _is_share(parameter)
    said = _like(found, value, is_share=is_share)
    if not is_share and not said:
        said = [figure for figure in found if simplest(Fraction(value) / 100) in figure.values]
    if parameter.under or value == 0 or not said or any(value in figure.values for figure in said):
        return
    called = parameter_written(material.ruleset, parameter.name)
    yield Finding(
        "figure-in-clause",
        f"{called} {clause}",
        msg(
            "The parameter “{name}” is {value}, but clause {clause}, which it cites, has: {figures}.",
            name=called,
            value=parameter.value.text,
            clause=clause,
            figures=listing(dict.fromkeys(figure.text for figure in said)),
        ),
        msg("Correct the number or the words of the clause; or let the parameter cite another clause."),
        parameter.value.node.place,
    )


def _left_over(clause: str, found: Sequence[Figure], known: set[Number], material: Material) -> Iterator[Finding]:
    """Report the shares of a clause that no parameter has which cites it, and no rule that carries it out."""
    for text, figure in {figure.text: figure for figure in found}.items():
        if figure.is_share and not figure.is_plain and not known & set(figure.values):
            yield Finding(
                "figure-in-clause",
                f"{clause} {text}",
                msg(
                    "Clause {clause} says {figure}; no parameter that cites it has that number, and no rule either.",
                    clause=clause,
                    figure=text,
                ),
                msg("Correct the parameter or the rule; or the words of the clause."),
                clause_place(material.ruleset, clause),
            )


def _numbers_for(clause: str, material: Material) -> set[Number]:
    """Return the numbers of the rules and the parts that carry out a clause."""
    found = _numbers([version for version in material.versions if clause in version.rule.clauses])
    for program in material.programs:
        for plan in program.indicators:
            for part in plan.parts:
                if clause in part.clauses:
                    found |= {part.weight, simplest(Fraction(part.weight) / plan.weight)}
    return found


def _is_share(parameter: Parameter) -> bool:
    return "%" in parameter.value.text or "％" in parameter.value.text


def _like(found: Sequence[Figure], value: Number, *, is_share: bool) -> list[Figure]:
    """Return the figures of the kind of a number: shares for a share, others for points, days and so on."""
    may_be_both = not is_share and 0 < value < 1
    return [f for f in found if (f.is_share if is_share else f.is_plain or (may_be_both and f.is_share))]


def figures_of_sentences(material: Material) -> Iterator[Finding]:
    """Find the figures of a rule's sentence that no number of the rule has, where it uses parameters like them."""
    by_rule: dict[str, list[Version]] = {}
    for version in material.versions:
        if version.rule.sentence is not None:
            by_rule.setdefault(version.unit.rule, []).append(version)
    for rule, versions in by_rule.items():
        known = _numbers(versions)
        shares, plain = _kinds(versions, material)
        for words in _words(versions[0]):
            for figure in figures(words):
                is_number = figure.is_plain and figure.text[:1].isdecimal()
                comparable = (figure.is_share and shares) or (is_number and plain)
                if comparable and not known & set(figure.values):
                    yield _stale(rule, figure, versions[0], material)


def _words(version: Version) -> Iterator[str]:
    """Yield a sentence in each language, without what it fills in."""
    sentence = version.rule.sentence
    for pieces in (sentence.zh, sentence.en) if sentence is not None else ():
        yield "".join(_shown(piece) for piece in pieces)


def _shown(piece: Piece) -> str:
    return piece if isinstance(piece, str) else "{}"


def _numbers(versions: Sequence[Version]) -> set[Number]:
    """Return every number that a rule holds, and those of the indicators that it is in or names."""
    found: set[Number] = {0}
    for version in versions:
        sentence = version.rule.sentence
        trees = [*version.rule.trees, *(trees_said(sentence) if sentence is not None else ())]
        values = (each.value for each in nodes(Const, trees) if each.type.kind is Kind.NUMBER)
        found |= {value for value in values if isinstance(value, Number)}
        found |= {score.of for score in nodes(Score, trees) if isinstance(score.of, int)}
        found |= {version.rule.stake_of, version.rule.indicator or 0}
    return found


def _kinds(versions: Sequence[Version], material: Material) -> tuple[bool, bool]:
    """Return whether a rule uses parameters that are shares, and whether it uses others that are numbers."""
    trees = [tree for version in versions for tree in version.rule.trees]
    used = {each.name for each in nodes(Const, trees) if each.type.kind is Kind.NUMBER}
    parameters = [each for name, each in material.ruleset.parameters.items() if name in used]
    return any(map(_is_share, parameters)), any(not _is_share(each) for each in parameters)


def _stale(rule: str, figure: Figure, version: Version, material: Material) -> Finding:
    placed = material.written.get(written_as(version.rule))
    say = placed.rule.say if placed is not None else None
    return Finding(
        "figure-in-sentence",
        f"{rule} {figure.text}",
        msg("The sentence of {rule} says {figure}, which is no number of the rule.", rule=rule, figure=figure.text),
        msg("Let the sentence fill the number in, such as `{{name}}` or `{{name:%}}` with the parameter's name."),
        say.zh.node.place if say is not None else version.rule.place,
    )
