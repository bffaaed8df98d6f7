"""Rules and parts that cite another clause than the one that they carry out."""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.checks.finding import Finding
from engine.analysis.material.material import Material
from engine.analysis.material.units import written_as
from engine.base.messages import listing, msg
from engine.base.places import Place
from engine.documents import Node
from engine.language.fold import nodes
from engine.language.typed import Const
from engine.ruleset.written import written


def foreign_clauses(material: Material) -> Iterator[Finding]:
    """Find the cites of a clause that belongs to another indicator."""
    home = {clause: indicator.number for indicator in material.ruleset.indicators for clause in indicator.clauses}
    for indicator in material.ruleset.indicators:
        citing = [(written(rule.node.get("id"), rule.id), rule.cites, rule.node) for rule in indicator.rules]
        listed = indicator.node.get("parts")
        nodes = listed.elements if listed is not None else (indicator.node,) * len(indicator.parts)
        pairs = zip(indicator.parts, nodes, strict=True)
        citing += [(written(node.get("id"), part.id), part.cites, node) for part, node in pairs]
        for name, cites, node in citing:
            for clause in cites:
                if home.get(clause, indicator.number) != indicator.number:
                    yield Finding(
                        "foreign-clause",
                        f"{indicator.number}/{name} {clause}",
                        msg(
                            "{name} is in indicator {number}, but cites clause {clause} of indicator {other}.",
                            name=name,
                            number=indicator.number,
                            clause=clause,
                            other=home[clause],
                        ),
                        msg("Cite the clause of its own indicator, or move it to the other."),
                        _cite_place(node, clause),
                    )


def uncited_parameters(material: Material) -> Iterator[Finding]:
    """Find the rules of an indicator that use a parameter and cite none of its clauses."""
    found: dict[str, Finding] = {}
    for version in material.versions:
        rule, placed = version.rule, material.written.get(written_as(version.rule))
        for name in sorted({constant.name for constant in nodes(Const, rule.trees)}):
            parameter = material.ruleset.parameters.get(name)
            if rule.indicator is None or parameter is None or not set(parameter.cites).isdisjoint(rule.clauses):
                continue
            if placed is None or not parameter.cites or not placed.section.isdigit():
                continue
            what = msg(
                "{rule} uses the parameter “{name}” of clause {clauses}, but cites {cited}.",
                rule=version.unit.rule,
                name=name,
                clauses=listing(parameter.cites),
                cited=listing(rule.clauses),
            )
            remedy = msg("Cite the clause that the rule carries out, or let the parameter cite this one too.")
            cites = placed.rule.node.get("cites")
            place = rule.place if cites is None else cites.place
            label = f"{version.unit.rule} {name}"
            found.setdefault(label, Finding("uncited-parameter", label, what, remedy, place))
    yield from found.values()


def _cite_place(node: Node, clause: str) -> Place:
    cites = node.get("cites")
    listed = cites.elements if cites is not None else ()
    return next((each.place for each in listed if each.text == clause), node.place)
