"""Show, explain and replay what the ledger holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.commands.options import EvaluationArgument, JsonOption, LedgerOption
from cli.i18n import _
from cli.session import Session, UsageFault
from engine.base.faults import Fault
from engine.base.messages import msg

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger
    from audit.replay import ReplayResult
    from cli.view import View
    from engine.base.sources import Sources
    from engine.receipt import Content, Receipt

DIFFERENCE = 1


def show(
    context: typer.Context, evaluation: EvaluationArgument, ledger: LedgerOption = None, as_json: JsonOption = False
) -> None:
    """Show the card of an evaluation."""
    session: Session = context.obj
    with session.ledger(ledger) as opened:
        answer(session, opened, evaluation, as_json=as_json)


def explain(
    context: typer.Context,
    evaluation: EvaluationArgument,
    indicator: Annotated[
        int | None,
        typer.Argument(
            metavar=_("INDICATOR"), help=_("Indicator number. Without it, every indicator that lost points.")
        ),
    ] = None,
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain the points of an evaluation."""
    session: Session = context.obj
    from cli.render.explanation import explanation_content, explanation_tree
    from cli.view import require_indicator, view

    with session.ledger(ledger) as opened:
        seen = view(opened, evaluation)
    if indicator is not None:
        require_indicator(seen, indicator)
    if as_json:
        session.json(explanation_content(seen, indicator))
    else:
        with session.page() as console:
            console.print(explanation_tree(session, seen, indicator))


def replay(
    context: typer.Context,
    evaluation: Annotated[
        str | None,
        typer.Argument(
            metavar=_("EVALUATION"), help=_("An evaluation: its id, the first characters of the id, or `latest`.")
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", metavar="", help=_("Replay every evaluation of the ledger."))] = False,
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score recorded cases again from the ledger alone."""
    session: Session = context.obj
    if every == (evaluation is not None):
        raise UsageFault(
            Fault(
                msg("The command does not say which evaluation to replay."),
                msg("Name an evaluation or `latest`, or give --all, but not both."),
            )
        )
    from audit.replay import replay as replay_one
    from cli.progress import steps

    results: list[ReplayResult] = []
    again = Recompute()
    with session.ledger(ledger) as opened:
        wanted = [found.id for found in opened.evaluations()] if every else [opened.find(str(evaluation)).id]
        for identity in steps(session, wanted, msg("Replaying")):
            result = replay_one(opened, identity, again)
            if not result.same:
                results.append(result)
    if as_json:
        session.json({"replayed": len(wanted), "differ": [_result_content(session, result) for result in results]})
    else:
        from cli.render.replay import replay_text

        session.print(replay_text(session, len(wanted), results))
    if results:
        raise typer.Exit(DIFFERENCE)


class Recompute:
    """Scores recorded cases again; rulesets are read and compiled once."""

    def __init__(self) -> None:
        self.programs: dict[tuple[str, tuple[tuple[str, str], ...]], Any] = {}

    def __call__(self, sources: Sources, content: Content) -> Receipt:
        """Return the receipt that the recorded sources, readings and facts give today."""
        from engine.program import compile_ruleset
        from engine.receipt import facts_of
        from engine.receipt.make import make_receipt
        from engine.ruleset import read_ruleset
        from engine.scoring.evaluate import evaluate

        key = (sources.digest, tuple(sorted(content.readings.items())))
        if key not in self.programs:
            self.programs[key] = compile_ruleset(read_ruleset(sources), content.readings)
        program = self.programs[key]
        return make_receipt(evaluate(program, facts_of(content, program.ruleset.facts)))


def _result_content(session: Session, result: ReplayResult) -> dict[str, Any]:
    return {
        "evaluation": result.evaluation.id,
        "rows": [session.say(fault) for fault in result.faults],
        "refusal": None if result.refusal is None else [session.say(fault.what) for fault in result.refusal.faults],
        "differences": [
            {
                "section": difference.section,
                "name": difference.name,
                "kind": difference.kind,
                "field": difference.field,
                "was": difference.was,
                "now": difference.now,
            }
            for difference in result.differences
        ],
    }


def answer(session: Session, ledger: Ledger, evaluation: str, *, as_json: bool) -> None:
    """Print the card of a recorded evaluation, or its JSON."""
    from cli.view import view

    print_view(session, view(ledger, evaluation), as_json=as_json)


def print_view(session: Session, seen: View, *, as_json: bool) -> None:
    """Print the card of an evaluation, recorded or not, or its JSON."""
    if as_json:
        session.json(seen.summary())
    else:
        from cli.render.card import print_card

        print_card(session, seen)
