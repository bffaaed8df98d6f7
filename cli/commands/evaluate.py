"""Evaluate a facts file into the ledger; the demo does so with the example."""

from __future__ import annotations

import getpass
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.commands.options import (
    ActorOption,
    CheckpointsOption,
    JsonOption,
    LedgerOption,
    RulesetsOption,
    SigningKeyOption,
)
from cli.i18n import _
from cli.session import Session, UsageFault, read_input, signing_key
from engine.base.faults import Fault
from engine.base.messages import msg

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger
    from audit.log.keys import SigningKey
    from audit.tables.records import RecordedEvaluation
    from engine.base.sources import Sources
    from engine.receipt import Receipt

MOST_OF_A_NAME = 200
"""How long the name of an actor may be, in characters."""

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "jiangmen-commerce-2024" / "as-printed.yaml"


def evaluate(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar=_("FILE"), help=_("The facts file, YAML or JSON; - reads standard input."))
    ],
    reading: Annotated[
        list[str] | None,
        typer.Option(
            "--reading",
            metavar=_("READING=ALTERNATIVE"),
            help=_("Another reading of an unclear clause, such as R10=each-part."),
        ),
    ] = None,
    actor: ActorOption = None,
    supersedes: Annotated[
        str | None,
        typer.Option("--supersedes", metavar=_("EVALUATION"), help=_("The evaluation that this one corrects.")),
    ] = None,
    beside: Annotated[
        bool,
        typer.Option("--beside", metavar="", help=_("Record it next to the evaluation in force, which stays so.")),
    ] = False,
    trial: Annotated[
        bool, typer.Option("--trial", metavar="", help=_("Record it as a trial, which scores no case."))
    ] = False,
    reason: Annotated[
        str, typer.Option("--reason", metavar=_("TEXT"), help=_("Why it supersedes another, or is recorded beside it."))
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", metavar="", help=_("Show the card, and record nothing."))
    ] = False,
    signing: SigningKeyOption = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
    rulesets: RulesetsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score a facts file into the ledger and show the card."""
    session: Session = context.obj
    standing = _standing(supersedes, reason, beside=beside, trial=trial)
    signer, who = None if dry_run else signing_key(signing), actor_name(actor)
    receipt, sources = score(file, parsed_readings(reading or []), rulesets, session)
    if dry_run:
        _show_unrecorded(session, receipt, sources, as_json=as_json)
        return
    with session.ledger(ledger, create=True, checkpoints=checkpoints, signer=signer) as opened:
        recorded = opened.append(
            receipt,
            sources,
            actor=who,
            at=datetime.now(UTC),
            supersedes=supersedes,
            reason=reason,
            standing=standing,
        )
        _answer(session, opened, recorded, signer, as_json=as_json)


def _show_unrecorded(session: Session, receipt: Receipt, sources: Sources, *, as_json: bool) -> None:
    from cli.commands.case import print_view
    from cli.view import View
    from engine.ruleset import read_ruleset

    print_view(session, View(None, receipt.content, read_ruleset(sources), receipt.sha256), as_json=as_json)


def _standing(supersedes: str | None, reason: str, *, beside: bool, trial: bool) -> str:
    """Return the standing that the options ask for; `UsageFault` where they do not go together."""
    from audit.log.entries import BESIDE, OFFICIAL, TRIAL

    if (supersedes is not None) + beside + trial > 1:
        raise UsageFault(
            Fault(
                msg("An evaluation supersedes another, is beside another, or is a trial; only one of the three."),
                msg("Give one of --supersedes, --beside and --trial."),
            )
        )
    if beside and not reason.strip():
        raise UsageFault(
            Fault(
                msg("An evaluation beside the one in force needs a reason."),
                msg("Give the reason with --reason."),
            )
        )
    return BESIDE if beside else TRIAL if trial else OFFICIAL


def demo(
    context: typer.Context,
    as_json: JsonOption = False,
) -> None:
    """Score the example into a fresh ledger and show its card."""
    session: Session = context.obj
    from cli.demo import CHECKPOINTS, FOLDER, LEDGER, fresh_folder

    receipt, sources = score(str(EXAMPLE), {}, None)
    fresh_folder(session)
    with session.ledger(LEDGER, create=True, checkpoints=CHECKPOINTS) as opened:
        recorded = opened.append(receipt, sources, actor="demo", at=datetime.now(UTC))
        _answer(session, opened, recorded, None, as_json=as_json)
    if not as_json:
        session.print("")
        for hint in (
            msg("Why was a point taken?  fenming explain latest 1 --ledger {ledger}", ledger=LEDGER),
            msg("Score it again:         fenming replay latest --ledger {ledger}", ledger=LEDGER),
            msg("Remove this demo:       rm -r {folder}", folder=FOLDER),
        ):
            session.print(session.say(hint))


def score(
    file: str, readings: dict[str, str], rulesets: str | None, session: Session | None = None
) -> tuple[Receipt, Sources]:
    """Evaluate a facts file by the ruleset that it names; return the receipt and the sources.

    Files of evidence are looked for in the facts file's folder, or in the working folder for standard input. With a
    session, a bar shows how far they are read.
    """
    from cli.evidence import digests
    from cli.library import find, places_in
    from engine.facts import named_files, open_facts, read_facts
    from engine.program import compile_ruleset
    from engine.receipt.make import make_receipt
    from engine.scoring.evaluate import evaluate as evaluate_case

    document = open_facts(read_input(file), file)
    try:
        found = find(document.ruleset, rulesets)
    except UsageFault as error:
        place = document.root["ruleset"].place
        raise UsageFault(*(replace(fault, where=place) for fault in error.faults)) from None
    beside = Path() if file == "-" else Path(file).parent
    digested, faults = digests(list(named_files(document.root)), beside, session)
    document = replace(document, faults=(*document.faults, *faults))
    facts = read_facts(document, found.ruleset.facts, found.ruleset.conversions, digested)
    with places_in(found.folder):
        program = compile_ruleset(found.ruleset, readings)
    return make_receipt(evaluate_case(program, facts)), found.sources


def parsed_readings(given: list[str]) -> dict[str, str]:
    """Return readings given as NAME=ALTERNATIVE."""
    found: dict[str, str] = {}
    for entry in given:
        name, equals, alternative = entry.partition("=")
        if not (name and equals and alternative):
            raise UsageFault(
                Fault(
                    msg("“{entry}” is no reading.", entry=entry),
                    msg("Write it as NAME=ALTERNATIVE, such as R10=each-part."),
                )
            )
        name = name.strip()
        if name in found:
            raise UsageFault(
                Fault(
                    msg("--reading names {name} twice.", name=name),
                    msg("Give one alternative for each reading; which of them was meant would be a guess."),
                )
            )
        found[name] = alternative.strip()
    return found


def actor_name(given: str | None) -> str:
    """Return who records: the option, else FENMING_ACTOR, else the user's name; `UsageFault` unless it is a name."""
    from engine.documents.text import break_in, forbidden_code, shortened

    name = given or os.environ.get("FENMING_ACTOR") or _user()
    if len(name) > MOST_OF_A_NAME or not name.strip() or break_in(name) is not None or forbidden_code(name) is not None:
        raise UsageFault(
            Fault(
                msg("The actor “{name}” is not a name.", name=shortened(name)),
                msg(
                    "Give a name on one line with --actor or FENMING_ACTOR, {most} characters at most, "
                    "without invisible characters.",
                    most=MOST_OF_A_NAME,
                ),
            )
        )
    return name


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _answer(
    session: Session, ledger: Ledger, recorded: RecordedEvaluation, signer: SigningKey | None, *, as_json: bool
) -> None:
    from cli.commands.case import answer

    answer(session, ledger, recorded.id, as_json=as_json)
    if as_json:
        return
    if recorded.repeated:
        sealed = msg(
            "These facts give the receipt of evaluation {id}, entry {entry}: nothing was recorded.",
            id=recorded.id,
            entry=recorded.entry,
        )
    elif signer is None:
        sealed = msg("Sealed as entry {entry}. Its checkpoint is not signed: no key is named.", entry=recorded.entry)
    else:
        sealed = msg(
            "Sealed as entry {entry}, under a checkpoint signed by “{name}”.", entry=recorded.entry, name=signer.name
        )
    from cli.render.wrapping import tell

    tell(session, sealed)
