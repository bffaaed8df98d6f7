"""Proofs: write one about an entry, check one without the ledger, compare checkpoints."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.commands.options import KEY_OPTION, CheckpointsOption, JsonOption, KeyOption, LedgerOption, OutputOption
from cli.i18n import _
from cli.session import Session, UsageFault, read_bytes, write_output
from engine.base.faults import Fault
from engine.base.messages import Message, msg, plural
from engine.base.places import Place

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger
    from audit.log.keys import PublicKey
    from audit.log.notes import Checkpoint

_MOST_SIZE_DIGITS = 20
"""No checkpoint speaks of so many entries; and no file's name may be as long as a number can be."""

_WHICH = _("A file with a checkpoint or a proof, the number of entries of a kept checkpoint, or `latest`.")


def prove(
    context: typer.Context,
    entry: Annotated[
        str,
        typer.Argument(metavar=_("ENTRY"), help=_("An entry number, the id of an evaluation, or `latest`.")),
    ],
    output: OutputOption = None,
    key: KeyOption = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
) -> None:
    """Prove an entry."""
    session: Session = context.obj
    from audit.ledger.proofs import prove as prove_entry
    from audit.ledger.references import entry_number
    from cli.render.wrapping import tell

    with session.ledger(ledger, checkpoints=checkpoints) as opened:
        number = entry_number(entry)
        index = opened.find(entry).entry if number is None else number
        made = prove_entry(opened, index, _public(key))
    if output is None:
        session.write(made.text)
        return
    write_output(output, made.text)
    written = msg(
        "The proof of entry {entry} is in “{file}”; check it with `fenming audit check`.", entry=index, file=output
    )
    tell(session, written)


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
    from audit.log.proofs import ConsistencyProof, parse_proof
    from cli.render.proof import print_consistency, print_proof, proof_content

    trusted = read_public_key(Path(key))
    with _about(file):
        proof = parse_proof(_text(file, msg("Check the path; `fenming audit prove` makes a proof.")))
    if isinstance(proof, ConsistencyProof):
        with _about(file):
            proof.check(trusted)
        print_consistency(session, proof, trusted, as_json=as_json)
        return
    with _about(file):
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
    from audit.ledger.proofs import extend
    from audit.ledger.references import LATEST
    from audit.log.errors import cut_back, other_ledger
    from audit.log.proofs import check_signed
    from cli.render.proof import print_consistency

    trusted = _public(key)
    with session.ledger(ledger, checkpoints=checkpoints) as opened:
        first, second = _checkpoint(opened, old), _checkpoint(opened, new)
        if first.origin != second.origin:
            raise other_ledger(first.origin, second.origin)
        if first.size > second.size and new == LATEST:
            raise cut_back(first.size, second.size)
        if first.size > second.size:
            raise UsageFault(
                Fault(
                    msg(
                        "The first checkpoint has {old}, the second {new}.",
                        old=plural("{count} entry", "{count} entries", count=first.size),
                        new=second.size,
                    ),
                    msg("Name the older one first."),
                )
            )
        for which, head in ((old, first), (new, second)):
            if trusted is not None:
                with _about(which):
                    check_signed(head, trusted)
        with _about(opened.path):
            proof = extend(opened, first, second)
    if output is not None:
        write_output(output, proof.text)
    print_consistency(session, proof, trusted, as_json=as_json)


def checkpoint(
    context: typer.Context,
    size: Annotated[
        int | None,
        typer.Argument(
            metavar=_("SIZE"), help=_("How many entries the checkpoint covers; without it, the newest checkpoint.")
        ),
    ] = None,
    ledger: LedgerOption = None,
    checkpoints: CheckpointsOption = None,
) -> None:
    """Print a checkpoint."""
    session: Session = context.obj
    from audit.ledger.proofs import checkpoint_of

    with session.ledger(ledger, checkpoints=checkpoints) as opened:
        session.write(checkpoint_of(opened, size).note)


def _checkpoint(ledger: Ledger, which: str) -> Checkpoint:
    from audit.ledger.proofs import checkpoint_of
    from audit.log.proofs import checkpoint_in

    if which == "latest":
        return checkpoint_of(ledger)
    if which.isascii() and which.isdigit() and len(which) < _MOST_SIZE_DIGITS and not Path(which).exists():
        return checkpoint_of(ledger, int(which))
    with _about(which):
        return checkpoint_in(_text(which, msg("Check the path; `fenming audit checkpoint` prints a checkpoint.")))


def _text(file: str, remedy: Message) -> str:
    """Return the text of a proof or a checkpoint to the byte; nothing, which is neither, if it is not such a text."""
    from audit.log.proofs import MOST_BYTES

    try:
        return read_bytes(file, MOST_BYTES, remedy).decode()
    except UnicodeDecodeError:
        return ""


@contextmanager
def _about(file: str) -> Iterator[None]:
    """Let what is wrong with a proof or a checkpoint name the file that it is in."""
    from audit.log.errors import ProofError, ProofRefused

    try:
        yield
    except (ProofError, ProofRefused) as error:
        raise type(error)(*(replace(fault, where=Place(file)) for fault in error.faults)) from None


def _public(file: str | None) -> PublicKey | None:
    from audit.log.keys import read_public_key

    return None if file is None else read_public_key(Path(file))
