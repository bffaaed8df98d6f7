"""What a ruleset declares and nothing uses: parameters, fact types, values of a field, clauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from engine.analysis.checks.finding import Finding
from engine.analysis.material.material import Material
from engine.base.faults import RulesetError
from engine.base.messages import msg
from engine.base.places import Place
from engine.documents import Node
from engine.facts.builtin import CLAIM, EVIDENCE, NOT_ASSESSED
from engine.language.fold import nodes
from engine.language.scope import Scope
from engine.language.typed import Aggregate, Const, Typed
from engine.program.scopes import base_scope, in_indicator
from engine.ruleset.clauses import carried_out, row_clauses
from engine.ruleset.expressions import checked
from engine.ruleset.model import Ruleset
from engine.ruleset.source_text import SourceText
from engine.ruleset.written import parameter_written, type_written


def unused_parameters(material: Material) -> Iterator[Finding]:
    """Find the parameters that no rule, part, requirement or other parameter names."""
    trees = (*material.trees, *_declared_trees(material))
    used = {constant.name for constant in nodes(Const, trees)}
    for name, parameter in material.ruleset.parameters.items():
        if name not in used:
            called = parameter_written(material.ruleset, name)
            yield Finding(
                "unused-parameter",
                called,
                msg("Nothing uses the parameter “{name}”.", name=called),
                msg("Let the rule of its clause use it in place of a number, or remove it."),
                parameter.value.node.place,
            )


def _declared_trees(material: Material) -> Iterator[Typed]:
    """Yield the trees of numbers that are constant: weights of parts, parameters, ends of bands."""
    ruleset, program = material.ruleset, material.programs[0]
    scope = base_scope(ruleset, program.readings)
    for parameter in ruleset.parameters.values():
        yield from _trees((parameter.value, *(value for _, _, value in parameter.under)), scope)
    for placed in material.written.values():
        yield from _trees((band.limit for band in placed.rule.bands), scope)
    for indicator in ruleset.indicators:
        weights = (part.weight for part in indicator.parts if part.weight is not None)
        yield from _trees(weights, in_indicator(scope, indicator))


def _trees(written: Iterable[SourceText], scope: Scope) -> Iterator[Typed]:
    """Yield the trees of texts that can be read by themselves; what names more than that is in a compiled rule."""
    for source in written:
        try:
            yield checked(source, replace(scope, aliases={})).tree
        except RulesetError:
            continue


def unused_fact_types(material: Material) -> Iterator[Finding]:
    """Find the fact types that no rule or requirement looks at, and that the card does not show."""
    ruleset = material.ruleset
    used = {EVIDENCE.name, CLAIM, NOT_ASSESSED, *ruleset.head}
    used |= set(chain.from_iterable(version.rule.looks_at for version in material.versions))
    used |= {requirement.fact_type for requirement in material.requirements}
    used |= {aggregate.fact_type for aggregate in nodes(Aggregate, material.trees)}
    for name in ruleset.facts:
        if name not in used:
            called = type_written(ruleset, name)
            yield Finding(
                "unused-fact-type",
                called,
                msg("No rule looks at the fact type “{name}”, and the card does not show it.", name=called),
                msg("Add the rule that needs it, list it under `head`, or remove it from `facts`."),
                place_in(ruleset, "facts", name),
            )


def clauses_without_rule(material: Material) -> Iterator[Finding]:
    """Find the clauses that no rule, part, parameter or row carries out."""
    ruleset = material.ruleset
    cited = {clause for clause, rules in carried_out(ruleset).items() if rules}
    cited |= {clause for parameter in ruleset.parameters.values() for clause in parameter.cites}
    cited |= {
        clause for i in ruleset.indicators for part in i.parts if part.weight is not None for clause in part.cites
    }
    cited |= {clause for indicator in ruleset.indicators for clause in row_clauses(indicator)}
    for clause in ruleset.clauses:
        if clause not in cited:
            yield Finding(
                "clause-without-rule",
                clause,
                msg("No rule carries out clause {clause}.", clause=clause),
                msg("Write its rule, or let the rule that carries it out cite it; accept the finding if it is prose."),
                clause_place(ruleset, clause),
            )


def clause_place(ruleset: Ruleset, clause: str) -> Place:
    """Return where a clause is written."""
    for indicator in ruleset.indicators:
        if clause in indicator.clauses:
            return _key_place(indicator.node.get("clauses"), clause) or indicator.node.place
    return place_in(ruleset, "clauses", clause)


def place_in(ruleset: Ruleset, section: str, name: str) -> Place:
    """Return where a name is declared in a section of the ruleset."""
    return _key_place(ruleset.node.get(section), name) or ruleset.node.place


def _key_place(node: Node | None, name: str) -> Place | None:
    key = node.key(name) if node is not None else None
    return key.place if key is not None else None
