"""Score a facts file into the ledger and show its card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from audit.log.entries import OFFICIAL
from audit.log.keys import SigningKey
from audit.tables.records import RecordedEvaluation
from cli.commands.options import (
    ActorOption,
    CheckpointsOption,
    JsonOption,
    LedgerOption,
    ReadingOption,
    RulesetsOption,
    SigningKeyOption,
)
from cli.render.card import answer_card
from cli.terminal.arguments import parsed_readings
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from cli.terminal.surroundings import actor_name, settings, signing_key
from engine.base.messages import msg
from workflow.ledger import open_ledger
from workflow.record import Recording, preview, record, require_own_ruleset, standing_of
from workflow.score import Scored, score
from workflow.settings import Settings
from workflow.show import show, show_unrecorded

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger


def command(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar=_("FILE"), help=_("The facts file, YAML or JSON; - reads standard input."))
    ],
    reading: ReadingOption = None,
    ruleset: Annotated[
        str | None,
        typer.Option(
            "--ruleset",
            metavar=_("RULESET"),
            help=_("Score by this ruleset, not by the one that the file names: a dry run, or with --trial a trial."),
        ),
    ] = None,
    actor: ActorOption = None,
    supersedes: Annotated[
        str | None,
        typer.Option("--supersedes", metavar=_("EVALUATION"), help=_("The evaluation that this one corrects.")),
    ] = None,
    beside: Annotated[
        bool,
        typer.Option("--beside", metavar="", help=_("Record it beside the evaluation in force, which stays in force.")),
    ] = False,
    trial: Annotated[
        bool, typer.Option("--trial", metavar="", help=_("Record it as a trial, not as a score of the department."))
    ] = False,
    reason: Annotated[
        str, typer.Option("--reason", metavar=_("TEXT"), help=_("Why it supersedes another, or is recorded beside it."))
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", metavar="", help=_("Show the card and record nothing."))
    ] = False,
    signing: SigningKeyOption = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
    rulesets: RulesetsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score a facts file into the ledger and show the card."""
    session: Session = context.obj
    standing = standing_of(supersedes, reason, beside=beside, trial=trial)
    signer, who = None if dry_run else signing_key(signing), actor_name(actor)
    where = settings(session, ledger=ledger, checkpoints=checkpoints, rulesets=rulesets)
    scored = score(file, where, parsed_readings(reading or []), ruleset=ruleset)
    recording = Recording(who, supersedes, reason, standing)
    only_tried = bool(scored.instead_of) and standing == OFFICIAL and supersedes is None
    if not only_tried:
        require_own_ruleset(scored, standing)
    if dry_run or only_tried:
        answer_card(session, show_unrecorded(scored), as_json=as_json)
        if not only_tried:
            _preview(session, where, scored, recording, as_json=as_json)
        elif not as_json:
            _only_tried(session, scored)
        return
    with open_ledger(where, create=True, signer=signer) as opened:
        recorded = record(opened, scored, recording)
        answer(session, opened, recorded, signer, as_json=as_json)


def _only_tried(session: Session, scored: Scored) -> None:
    """Say why nothing was recorded."""
    session.report(
        msg(
            "The file names the ruleset “{named}”, and this is the score by “{ruleset}”. "
            "With --trial it is recorded as a trial.",
            named=scored.instead_of,
            ruleset=scored.ruleset.id,
        )
    )


def _preview(session: Session, where: Settings, scored: Scored, recording: Recording, *, as_json: bool) -> None:
    """Say what recording would come to; where it would be refused, the error is that of recording."""
    found = preview(where, scored, recording)
    if found is not None and not as_json:
        same = msg("Recording it would change nothing: evaluation {id} has the same receipt.", id=found.id)
        session.report(same)


def answer(
    session: Session, ledger: Ledger, recorded: RecordedEvaluation, signer: SigningKey | None, *, as_json: bool
) -> None:
    """Print the card of what was recorded, and how it is sealed."""
    answer_card(session, show(ledger, recorded.id), as_json=as_json)
    if as_json:
        return
    if recorded.repeated:
        sealed = msg(
            "These facts give the same receipt as evaluation {id}, entry {entry}: nothing was recorded.",
            id=recorded.id,
            entry=recorded.entry,
        )
    elif signer is None:
        sealed = msg(
            "Sealed as entry {entry}. Its checkpoint is not signed: no signing key was given.", entry=recorded.entry
        )
    else:
        sealed = msg(
            "Sealed as entry {entry}, under a checkpoint signed by “{name}”.", entry=recorded.entry, name=signer.name
        )
    session.report(sealed)
