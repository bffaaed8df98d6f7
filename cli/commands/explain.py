"""Explain the points of an evaluation."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer

from cli.commands.options import JsonOption, LedgerOption
from cli.render.explanation import render_explanation
from cli.render.explanation_json import explanation_json
from cli.render.explanation_layers import RULE, Depth
from cli.render.explanation_markdown import explanation_markdown
from cli.render.verdicts import answer_all_rules
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import settings
from workflow.ledger import open_ledger
from workflow.show import show, split_address
from workflow.why_not import all_rules


class Layers(Enum):
    """How deep an explanation goes."""

    ONE = "1"
    TWO = "2"
    THREE = "3"
    ALL = "all"


class Face(Enum):
    """How an explanation is written."""

    TREE = "tree"
    MARKDOWN = "markdown"


def command(
    context: typer.Context,
    evaluation: Annotated[
        str,
        typer.Argument(
            metavar=_("EVALUATION"),
            help=_(
                "An evaluation: entry number, id or the first characters of the id, or `latest`, "
                "the last one in force; or an address that begins with one."
            ),
        ),
    ],
    what: Annotated[
        str | None,
        typer.Argument(
            metavar=_("INDICATOR"),
            help=_(
                "Number or name of an indicator, name of a result, or an address in the evaluation. "
                "Without it, what lost points, and all results."
            ),
        ),
    ] = None,
    every_rule: Annotated[
        bool, typer.Option("--all-rules", metavar="", help=_("Every rule, and why those did not fire that did not."))
    ] = False,
    depth: Annotated[
        Layers,
        typer.Option(
            "--depth",
            metavar="1|2|3|all",
            help=_(
                "1: sentence and clause; 2: facts, evidence and formulas too; 3 or all: rule, derivation, conditions "
                "and readings too."
            ),
        ),
    ] = Layers.ONE,
    addresses: Annotated[
        bool, typer.Option("--addresses", metavar="", help=_("Show the address of everything that has one."))
    ] = False,
    ids: Annotated[bool, typer.Option("--ids", metavar="", help=_("Show the ids of rules and facts."))] = False,
    face: Annotated[
        Face, typer.Option("--format", metavar="tree|markdown", help=_("How it is written: tree or markdown."))
    ] = Face.TREE,
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain the points of an evaluation."""
    session: Session = context.obj
    reference, address = split_address(evaluation)
    asked = "/".join(part for part in (address, what) if part)
    with open_ledger(settings(session, ledger=ledger)) as opened:
        if every_rule:
            answer_all_rules(session, all_rules(opened, reference, asked or None), as_json=as_json)
            return
        shown = show(opened, reference)
    explanation = shown.explanation(asked, whole=as_json)
    wanted = Depth(RULE if depth is Layers.ALL else int(depth.value), ids, ledger)
    if as_json:
        session.json(explanation_json(explanation, shown.recorded, shown.explanation_digest))
    elif face is Face.MARKDOWN:
        session.write(explanation_markdown(session, explanation, shown.recorded, wanted, shown.explanation_digest))
    else:
        render_explanation(session, explanation, shown.recorded, wanted, addresses=addresses)
