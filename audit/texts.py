"""The texts that scores depend on, as the ledger keeps them: each under its digest."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, insert, select

from audit import errors, rows
from audit.append import Submission
from audit.queries import RULESET, SOURCE
from engine.errors import Message, msg
from engine.sources import canonical, sha256


def text_fault(connection: Connection, digest: str) -> Message | None:
    """Tell what of a ruleset is missing or is not what its digest says; None where all is."""
    manifests = connection.execute(select(RULESET.c.manifest).where(RULESET.c.digest == digest)).scalars().all()
    if len(manifests) != 1 or sha256(rows.stored_bytes(manifests[0])) != digest:
        return msg("ruleset {digest} is not what it was", digest=digest)
    named = sorted(set(rows.parsed(manifests[0]).values()))
    stored = connection.execute(select(SOURCE.c.sha256, SOURCE.c.text).where(SOURCE.c.sha256.in_(named)))
    texts = {row.sha256: rows.stored_bytes(row.text) for row in stored}
    wrong = next((key for key in named if sha256(texts.get(key, b"")) != key), None)
    return None if wrong is None else msg("the text {digest} of a ruleset is not what it was", digest=wrong)


def add_texts(connection: Connection, path: str, submissions: Mapping[str, Submission]) -> None:
    """Store rulesets, given by their digests, and their texts, those that are not there yet.

    `LedgerError` where what is there is something else: what is appended would not be scored again from it.
    """
    known = set(connection.execute(select(RULESET.c.digest).where(RULESET.c.digest.in_(list(submissions)))).scalars())
    for digest, each in submissions.items():
        if digest not in known:
            _add(connection, digest, each)
        if (fault := text_fault(connection, digest)) is not None:
            raise errors.altered(path, fault)


def _add(connection: Connection, digest: str, submission: Submission) -> None:
    manifest = submission.sources.manifest
    ruleset = submission.receipt.content["ruleset"]
    texts = {manifest[name]: text for name, text in submission.sources.files.items()}
    there = set(connection.execute(select(SOURCE.c.sha256).where(SOURCE.c.sha256.in_(list(texts)))).scalars())
    fresh = [{"sha256": key, "text": text} for key, text in texts.items() if key not in there]
    if fresh:
        connection.execute(insert(SOURCE), fresh)
    stored = {
        "digest": digest,
        "id": ruleset["id"],
        "title": ruleset["title"],
        "manifest": canonical(manifest).decode(),
    }
    connection.execute(insert(RULESET), stored)
