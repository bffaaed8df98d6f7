"""The ledger: what was recorded, when and by whom."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.commands import key, proof
from cli.commands.evaluate import actor_name
from cli.commands.kinds import Command, Group
from cli.commands.options import ActorOption, CheckpointsOption, JsonOption, KeyOption, LedgerOption, SigningKeyOption
from cli.i18n import _
from cli.session import Session, UsageFault, signing_key
from engine.base.faults import Fault
from engine.base.messages import msg, plural

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger

UNSEALED, FAULTY = 1, 4
"""The exit codes of a verification: entries have no signed checkpoint, which is all that is wrong; or more is."""

app = typer.Typer(cls=Group, no_args_is_help=True)
app.add_typer(key.app, name="key", help=_("Make, show and change the key that signs checkpoints."))
for _name, _function, _words in (
    ("prove", proof.prove, _("Write one file that proves an entry to whoever has the public key, without the ledger.")),
    ("check", proof.check, _("Check a proof, without the ledger, and show what it proves.")),
    ("consistent", proof.consistent, _("Prove that one checkpoint extends another: nothing between was changed.")),
    (
        "checkpoint",
        proof.checkpoint,
        _("Print a checkpoint, to be kept out of the reach of whoever runs the ledger."),
    ),
):
    app.command(_name, cls=Command, help=_words)(_function)


@app.command("verify", cls=Command, help=_("Check the whole ledger, and name every entry that is not as it was."))
def verify(
    context: typer.Context,
    key: KeyOption = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the whole ledger."""
    session: Session = context.obj
    from audit.log.keys import read_public_key
    from audit.verify import verify as verify_ledger
    from cli.progress import counter

    trusted = None if key is None else read_public_key(Path(key))
    with session.ledger(ledger, checkpoints=checkpoints) as opened, counter(session, msg("Verifying")) as count:
        _require_folder(opened, checkpoints)
        report = verify_ledger(opened, key=trusted, progress=count, workers=os.cpu_count() or 1)
    if as_json:
        from cli.render.verification import report_content

        session.json(report_content(session, report))
    else:
        from cli.render.verification import print_report

        print_report(session, report)
    if not report.sound:
        raise typer.Exit(UNSEALED if report.only_unsealed else FAULTY)


def _require_folder(ledger: Ledger, named: str | None) -> None:
    """Refuse a folder that somebody names and that is not there: without checkpoints a ledger verifies all the same."""
    from audit.log.checkpoint_errors import no_checkpoints

    folder = named or os.environ.get("FENMING_CHECKPOINTS")
    if folder and not Path(folder).is_dir():
        raise no_checkpoints(ledger.path, folder)


@app.command("seal", cls=Command, help=_("Check what has no checkpoint yet, and keep one of the ledger as it stands."))
def seal(
    context: typer.Context,
    signing: SigningKeyOption = None,
    cover: Annotated[
        bool,
        typer.Option(
            "--cover-unsealed", metavar="", help=_("Take entries without a signed checkpoint into the record.")
        ),
    ] = False,
    reason: Annotated[
        str, typer.Option("--reason", metavar=_("TEXT"), help=_("Why the entries without a checkpoint are covered."))
    ] = "",
    actor: ActorOption = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
) -> None:
    """Keep a checkpoint."""
    session: Session = context.obj
    from cli.render.wrapping import tell

    if cover != bool(reason.strip()):
        raise UsageFault(
            Fault(
                msg("--cover-unsealed and --reason belong together."),
                msg("Give both to take entries without a signed checkpoint into the record, else neither."),
            )
        )
    with session.ledger(ledger, checkpoints=checkpoints, signer=signing_key(signing)) as opened:
        who, now = actor_name(actor), datetime.now(UTC)
        if cover:
            covered, head = opened.cover(actor=who, at=now, reason=reason)
            tell(session, msg("Entries taken into the record: {count}.", count=covered))
        else:
            head = opened.seal(actor=who, at=now)
        folder = "" if opened.checkpoints is None else opened.checkpoints.folder
    entries = plural("{count} entry", "{count} entries", count=head.size)
    tell(session, msg("A checkpoint of {entries} is kept in “{folder}”.", entries=entries, folder=folder))
    if not head.signatures:
        tell(session, msg("It is not signed: no key is named."))


@app.command("grants", cls=Command, help=_("Print the SQL for a role that may only read and append, on PostgreSQL."))
def grants(
    context: typer.Context,
    role: Annotated[str, typer.Argument(metavar=_("ROLE"), help=_("The name of the role."))],
    reading: Annotated[bool, typer.Option("--read-only", metavar="", help=_("For a role that may only read."))] = False,
) -> None:
    """Print the rights of a role."""
    session: Session = context.obj
    from audit.database.postgresql.grants import grants as appending_grants
    from audit.database.postgresql.grants import reading_grants

    if not role.strip():
        raise UsageFault(Fault(msg("A role has a name."), msg("Name the role that the SQL is for.")))
    session.write(reading_grants(role) if reading else appending_grants(role))


@app.command("log", cls=Command, help=_("List the evaluations in force and the changes of keys, the newest first."))
def log(
    context: typer.Context,
    count: Annotated[int, typer.Option("--count", "-n", min=1, metavar=_("NUMBER"), help=_("How many at most."))] = 20,
    every: Annotated[
        bool, typer.Option("--all", metavar="", help=_("Also what is superseded, beside another, or a trial."))
    ] = False,
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the ledger's evaluations."""
    session: Session = context.obj
    from audit.tables.records import RecordedEvaluation
    from cli.render.ledger import ledger_content, print_ledger

    with session.ledger(ledger) as opened:
        found = list(islice(opened.history(in_force=not every), count))
        for each in found:
            if isinstance(each, RecordedEvaluation):
                opened.checked(each)
    if as_json:
        session.json(ledger_content(found))
    else:
        print_ledger(session, found)
