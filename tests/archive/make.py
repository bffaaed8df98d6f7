"""Make this version's part of the archive: python -m tests.archive.make, once for each format of the ledger."""

from __future__ import annotations

import gzip
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from audit.ledger import open_ledger
from audit.log.keys import new_key
from audit.proofs import checkpoint_of, extend, prove
from audit.tables import FORMAT
from cli.commands.evaluate import EXAMPLE, score

ARCHIVE = Path(__file__).parent
AT = datetime(2026, 11, 24, 8, tzinfo=UTC)


def main() -> None:
    """Record the example's three files, correct one, change the key, and keep ledger, checkpoints and proofs."""
    keys = [new_key("archive.example/fenming") for _ in range(2)]
    with tempfile.TemporaryDirectory() as folder:
        path, kept = Path(folder) / "ledger.db", Path(folder) / "kept"
        printed, spot, visible = (
            EXAMPLE.with_name(f"{name}.yaml") for name in ("as-printed", "spot-check", "visible-only")
        )
        with open_ledger(str(path), create=True, checkpoints=kept, signer=keys[0]) as ledger:
            first = ledger.append(*score(str(printed), {}, None), actor="张会计", at=AT)
            receipt, sources = score(str(spot), {}, None)
            later = AT + timedelta(minutes=1)
            ledger.append(receipt, sources, actor="李审计", at=later, supersedes=first.id, reason="抽查")
            old = checkpoint_of(ledger)
            ledger.rotate(keys[1], actor="张会计", at=AT + timedelta(minutes=2), reason="年度更换")
        with open_ledger(str(path), create=False, checkpoints=kept, signer=keys[1]) as ledger:
            ledger.append(*score(str(visible), {}, None), actor="张会计", at=AT + timedelta(minutes=3))
            files = {
                "db.gz": gzip.compress(path.read_bytes(), mtime=0),
                "checkpoints": (kept / "checkpoints").read_bytes(),
                "key.pub": f"{keys[0].public.text}\n".encode(),
                "proof.json.gz": gzip.compress(prove(ledger, first.entry, keys[0].public).text.encode(), mtime=0),
                "consistency.json": extend(ledger, old, checkpoint_of(ledger, 4)).text.encode(),
            }
    for name, content in files.items():
        (ARCHIVE / f"format-{FORMAT}.{name}").write_bytes(content)


if __name__ == "__main__":
    main()
