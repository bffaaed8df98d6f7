"""Awards that can be above the weight of their part, in whatever case."""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.checks.finding import Finding
from engine.analysis.material.material import Material, Version
from engine.analysis.material.trees import constant_number
from engine.base.messages import msg
from engine.base.numbers import Number, exact_text
from engine.language.operators import Operator
from engine.language.typed import Arithmetic, Call, Choice, Inline, Typed


def awards_above_weight(material: Material) -> Iterator[Finding]:
    """Find the awards that give more than the part weighs: as a constant, in a branch, or in a row of a band table."""
    found: dict[str, Finding] = {}
    for version in material.versions:
        most = _most_awarded(version)
        if most is not None and most > version.rule.stake_of:
            found.setdefault(version.unit.name, _finding(version, most))
    yield from found.values()


def _most_awarded(version: Version) -> Number | None:
    points = next((each for each in version.rule.formulas if each.kind == "points"), None)
    return _most(points.expression.tree) if version.rule.action == "award" and points is not None else None


def _finding(version: Version, most: Number) -> Finding:
    written = version.rule.place
    if version.band is not None:
        written = version.band.gives.node.place
    return Finding(
        "award-above-weight",
        version.unit.name,
        msg(
            "{rule} awards up to {points}, but its part weighs {weight}.",
            rule=version.unit.name,
            points=exact_text(most),
            weight=exact_text(version.rule.stake_of),
        ),
        msg("Correct the award or the weight; what is above the weight is cut."),
        written,
    )


def _most(tree: Typed) -> Number | None:
    """Return the most that a tree can come to by its constants alone; None where that depends on the case."""
    fixed = constant_number(tree)
    if fixed is not None:
        return fixed
    match tree:
        case Choice():
            branches = [most for branch in (tree.then, tree.otherwise) if (most := _most(branch)) is not None]
            return max(branches, default=None)
        case Inline():
            return _most(tree.body)
        case Call(function="min"):
            limits = [most for each in tree.arguments if (most := _most(each)) is not None]
            return min(limits, default=None)
        case Arithmetic(operator=Operator.MULTIPLY):
            return _product(tree)
        case _:
            return None


def _product(tree: Arithmetic) -> Number | None:
    """Return the most of a product of which one factor is a constant that is not negative."""
    for one, other in ((tree.left, tree.right), (tree.right, tree.left)):
        factor, most = constant_number(one), _most(other)
        if factor is not None and factor >= 0 and most is not None:
            return factor * most
    return None
