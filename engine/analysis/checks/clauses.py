"""Rules and parts that cite a clause of another indicator."""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.checks.finding import Finding
from engine.analysis.material.material import Material
from engine.analysis.material.written import written
from engine.base.messages import msg
from engine.base.places import Place
from engine.documents import Node


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


def _cite_place(node: Node, clause: str) -> Place:
    cites = node.get("cites")
    listed = cites.elements if cites is not None else ()
    return next((each.place for each in listed if each.text == clause), node.place)
