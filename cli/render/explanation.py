"""The explanation, painted as a tree on the terminal."""

from __future__ import annotations

from rich.tree import Tree

from audit.tables.records import RecordedEvaluation
from cli.render.explanation_branches import explanation_branches
from cli.render.explanation_layers import FACTS, RULE, Branch, Depth
from cli.terminal.session import Session
from cli.terminal.wrapping import Wrapped
from engine.base.messages import msg
from engine.explanation import Explanation


def render_explanation(
    session: Session,
    explanation: Explanation,
    recorded: RecordedEvaluation | None,
    depth: Depth = Depth(RULE),  # noqa: B008 - a frozen value
    *,
    addresses: bool = False,
) -> None:
    """Print the tree of an explanation."""
    root = explanation_branches(session, explanation, recorded, depth)
    with session.page() as console:
        console.print(_tree(root, Tree(_line(root, addresses=addresses)), addresses=addresses))
    # Clauses, readings and facts that were opened are shown in full at any depth.
    if depth.layers < FACTS and (any(explanation.postings) or explanation.results):
        session.report(
            msg(
                "--depth 2 adds facts, evidence and formulas; --depth 3, or all, "
                "adds rules, derivations, conditions and readings."
            )
        )


def _tree(branch: Branch, tree: Tree, *, addresses: bool) -> Tree:
    for each in branch.below:
        _tree(each, tree.add(_line(each, addresses=addresses)), addresses=addresses)
    return tree


def _line(branch: Branch, *, addresses: bool) -> Wrapped:
    """Return a line, with its command or address on one of its own below it, so that it can be copied."""
    lines = [branch.words, branch.command, branch.address if addresses else ""]
    return Wrapped("\n".join(filter(None, lines)), style="bold" if branch.strong else "")
