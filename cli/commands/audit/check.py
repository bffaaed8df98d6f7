"""Check a proof, without the ledger, and show what it proves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audit.log.keys import read_public_key
from audit.log.proofs import ConsistencyProof
from cli.commands.options import KEY_OPTION, JsonOption
from cli.render.proof import proof_json, render_consistency, render_proof
from cli.terminal.borrowed import _
from cli.terminal.session import Session
from workflow.proofs import check_proof


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
    checked = check_proof(file, trusted, indicator)
    if isinstance(checked, ConsistencyProof):
        render_consistency(session, checked, trusted, as_json=as_json)
    elif as_json:
        session.json(proof_json(checked, trusted, indicator))
    else:
        render_proof(session, checked, trusted, indicator)
