"""The explanation as Markdown, to be quoted in a letter: every node with its address."""

from __future__ import annotations

import re

from audit.tables.records import RecordedEvaluation
from cli.render.explanation_branches import explanation_branches
from cli.render.explanation_layers import Branch, Depth
from cli.terminal.session import Session
from engine.base.messages import msg
from engine.explanation import Explanation

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_FIRST = re.compile(r"^([-+]|\d+[.)])(?=\s)")
"""What would begin a list at the start of a line."""


def explanation_markdown(
    session: Session, explanation: Explanation, recorded: RecordedEvaluation | None, depth: Depth, digest: str
) -> str:
    """Return an explanation as Markdown; `digest` is that of the whole explanation."""
    root = explanation_branches(session, explanation, recorded, depth)
    lines = [f"# {_escaped(root.words)}", ""]
    for branch in root.below:
        lines += _lines(branch, 0)
    lines += ["", _escaped(session.say(msg("Explanation of {evaluation}, SHA-256 {digest}",
                                           evaluation=explanation.evaluation, digest=digest)))]  # fmt: skip
    return "\n".join(lines) + "\n"


def _lines(branch: Branch, depth: int) -> list[str]:
    words = _escaped(branch.words)
    said = f"**{words}**" if branch.strong else words
    address = "".join(f" `{each}`" for each in (branch.command, branch.address) if each)
    below = [line for each in branch.below for line in _lines(each, depth + 1)]
    return [f"{'  ' * depth}- {said}{address}", *below]


def _escaped(words: str) -> str:
    """Return words whose signs mean nothing in Markdown or HTML."""
    flat = " ".join(words.split("\n"))
    return _FIRST.sub(r"\\\1", _SIGNS.sub(r"\\\1", flat))
