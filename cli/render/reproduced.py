"""What is said at the head of an answer that a recorded evaluation was scored again for."""

from __future__ import annotations

from rich.tree import Tree

from cli.render.ledger import standing_lines
from cli.render.words import case_words, ruleset_name
from cli.terminal.session import Session
from cli.terminal.wrapping import Wrapped
from engine.base.messages import msg
from workflow.reproduce import Reproduced

MADE_AGAIN = msg("The recorded receipt was made again, byte for byte.")


def reproduced_tree(session: Session, reproduced: Reproduced) -> Tree:
    """Return a tree with what every answer says of the evaluation."""
    shown = reproduced.shown
    root = Tree(Wrapped(session.say(case_words(shown.case))))
    root.add(Wrapped(session.say(ruleset_name(shown.case.ruleset))))
    for standing in standing_lines(shown.recorded):
        root.add(Wrapped(session.say(standing), style="bold"))
    root.add(Wrapped(session.say(MADE_AGAIN)))
    return root
