"""A ledger with a key, checkpoints and a complete tile, for the tests that verify it."""

from __future__ import annotations

from pathlib import Path

from audit.ledger.ledger import open_ledger
from audit.ledger.submission import Submission
from audit.log.keys import SigningKey
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources

KEY = SigningKey("czj.example/fenming", bytes(32))


def fill(url: str, kept: Path) -> None:
    """Record some evaluations, the last of them together, so that a tile is complete."""
    sources = make_sources()
    with open_ledger(url, create=True, checkpoints=kept, signer=KEY) as ledger:
        first = ledger.append(make_receipt(), sources, actor=ACTOR, at=AT)
        ledger.append(make_receipt(2), sources, actor=ACTOR, at=AT, supersedes=first.id, reason="复核")
        many = [Submission(make_receipt(1, department=f"部门{n}"), sources, ACTOR, AT) for n in range(260)]
        ledger.append_all(many)
