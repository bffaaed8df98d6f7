"""Proofs: write one about an entry, check one without the ledger, compare checkpoints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.commands.options import KEY_OPTION, CheckpointsOption, JsonOption, KeyOption, LedgerOption, OutputOption
from cli.i18n import _
from cli.session import Session, UsageFault, read_input, write_output
from engine.errors import Fault, msg

if TYPE_CHECKING:
    from audit.ledger import Ledger
    from audit.log.keys import PublicKey
    from audit.log.notes import Checkpoint

_MOST_DIGITS = 8
"""A number shorter than this is that of an entry; an evaluation's id is given with at least so many digits."""

_MOST_SIZE_DIGITS = 20
"""No checkpoint speaks of so many entries; and no file's name may be as long as a number can be."""

_WHICH = _("A file with a checkpoint or a proof; or the number of entries of a checkpoint that was kept, or `latest`.")


def prove(
    context: typer.Context,
    entry: Annotated[
        str,
        typer.Argument(metavar=_("ENTRY"), help=_("An entry by its number, or an evaluation by its id, or `latest`.")),
    ],
    output: OutputOption = None,
    key: KeyOption = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
) -> None:
    """Prove an entry."""
    session: Session = context.obj
    from audit.proofs import prove as prove_entry

    with session.ledger(ledger, checkpoints=checkpoints) as opened:
        is_number = entry.isascii() and entry.isdigit() and len(entry) < _MOST_DIGITS
        index = int(entry) if is_number else opened.find(entry).entry
        made = prove_entry(opened, index, _public(key))
    if output is None:
        session.write(made.text)
        return
    write_output(output, made.text)
    told = msg(
        "The proof of entry {entry} is in “{file}”; check it with `fenming audit check`.", entry=index, file=output
    )
    session.print(session.say(told))


def check(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar=_("FILE"), help=_("The proof; - reads standard input."))],
    key: Annotated[str, KEY_OPTION],
    indicator: Annotated[
        int | None, typer.Option("--indicator", metavar=_("INDICATOR"), help=_("Explain this indicator as well."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check a proof."""
    session: Session = context.obj
    from audit.log.keys import read_public_key
    from audit.log.proofs import InclusionProof, parse_proof
    from cli.render.proof import print_consistency, print_proof, proof_content

    trusted = read_public_key(Path(key))
    proof = parse_proof(read_input(file))
    if not isinstance(proof, InclusionProof):
        proof.check(trusted)
        print_consistency(session, proof, trusted, as_json=as_json)
        return
    body = proof.check(trusted)
    if as_json:
        session.json(proof_content(proof, body, trusted, indicator))
    else:
        print_proof(session, proof, body, trusted, indicator)


def consistent(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar=_("OLD"), help=_WHICH)],
    new: Annotated[str, typer.Argument(metavar=_("NEW"), help=_WHICH)] = "latest",
    output: OutputOption = None,
    key: KeyOption = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove that one checkpoint extends another."""
    session: Session = context.obj
    from audit.proofs import extend
    from cli.render.proof import print_consistency

    trusted = _public(key)
    with session.ledger(ledger, checkpoints=checkpoints) as opened:
        first, second = _checkpoint(opened, old), _checkpoint(opened, new)
        if first.size > second.size:
            raise UsageFault(
                Fault(
                    msg("The first checkpoint has {old} entries, the second {new}.", old=first.size, new=second.size),
                    msg("Name the older one first."),
                )
            )
        proof = extend(opened, first, second)
    if trusted is not None:
        proof.check(trusted)
    if output is not None:
        write_output(output, proof.text)
    print_consistency(session, proof, trusted, as_json=as_json)


def checkpoint(
    context: typer.Context,
    size: Annotated[
        int | None,
        typer.Argument(metavar=_("SIZE"), help=_("How many entries it speaks of; the newest one without it.")),
    ] = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
) -> None:
    """Print a checkpoint."""
    session: Session = context.obj
    from audit.proofs import checkpoint_of

    with session.ledger(ledger, checkpoints=checkpoints) as opened:
        session.write(checkpoint_of(opened, size).note)


def _checkpoint(ledger: Ledger, which: str) -> Checkpoint:
    from audit.log.proofs import checkpoint_in
    from audit.proofs import checkpoint_of

    if which == "latest":
        return checkpoint_of(ledger)
    if which.isascii() and which.isdigit() and len(which) < _MOST_SIZE_DIGITS and not Path(which).exists():
        return checkpoint_of(ledger, int(which))
    return checkpoint_in(read_input(which))


def _public(file: str | None) -> PublicKey | None:
    from audit.log.keys import read_public_key

    return None if file is None else read_public_key(Path(file))
