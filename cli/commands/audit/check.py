"""Check a proof, without the ledger, and show what it proves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audit.log.keys import read_public_key
from audit.log.proofs import ConsistencyProof, parse_proof
from cli.commands.audit.proof_files import about, proof_text
from cli.commands.options import KEY_OPTION, JsonOption
from cli.render.proof import proof_json, render_consistency, render_proof
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from engine.base.messages import msg


def command(
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
    trusted = read_public_key(Path(key))
    with about(file):
        proof = parse_proof(proof_text(file, msg("Check the path; `fenming audit prove` makes a proof.")))
    if isinstance(proof, ConsistencyProof):
        with about(file):
            proof.check(trusted)
        render_consistency(session, proof, trusted, as_json=as_json)
        return
    with about(file):
        entry = proof.check(trusted)
    if as_json:
        session.json(proof_json(proof, entry, trusted, indicator))
    else:
        render_proof(session, proof, entry, trusted, indicator)
