"""The texts that scores depend on, as the ledger keeps them: each under its digest."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from audit.faults import errors
from audit.ledger.append import insert_rows
from audit.ledger.submission import Submission
from audit.log.rulesets import is_named_right
from audit.tables.making import ruleset_row
from audit.tables.queries import RULESET, SOURCE
from audit.tables.ranges import ruleset_names
from audit.tables.rows import SourceRow
from audit.tables.schema import RulesetTable, SourceTable
from audit.tables.stored import parsed, stored_bytes
from engine.base.messages import msg
from engine.base.sources import RULESET as RULESET_FILE
from engine.base.sources import Sources, sha256


def stored_sources(connection: Connection, digest: str) -> Sources | None:
    """Return the texts of a ruleset, once their digests have been checked; None where there is no such ruleset.

    `CorruptRecord` where something of it is missing or is not what its digest says.
    """
    what = msg("the texts of ruleset {digest}", digest=digest)
    manifests = connection.execute(select(RULESET.c.manifest).where(RULESET.c.digest == digest)).scalars().all()
    if not manifests:
        return None
    # Whoever makes a ruleset up may name in it something that is not a digest.
    manifest = {name: str(key) for name, key in parsed(manifests[0]).items()}
    if len(manifests) != 1 or not manifest or sha256(stored_bytes(manifests[0])) != digest:
        raise errors.CorruptRecord(what)
    query = select(SOURCE.c.sha256, SOURCE.c.text).where(SOURCE.c.sha256.in_(sorted(set(manifest.values()))))
    texts = {row.sha256: row.text for row in connection.execute(query) if isinstance(row.text, str)}
    if any(sha256(stored_bytes(texts.get(key))) != key for key in manifest.values()):
        raise errors.CorruptRecord(what)
    return Sources({name: texts[key] for name, key in manifest.items()})


def require_sources(connection: Connection, digest: str) -> None:
    """See that the texts of a ruleset are there, are what they were, and are what its name says; else `CorruptRecord`.

    A receipt can give an id, a revision and a digest of the text that its ruleset does not have.
    """
    sources = _required(connection, digest)
    name = ruleset_names(connection, [digest])[digest]
    if not is_named_right(name, sources.manifest, sources.files.get(RULESET_FILE)):
        raise errors.CorruptRecord(msg("the name of ruleset {digest}", digest=digest))


def _required(connection: Connection, digest: str) -> Sources:
    sources = stored_sources(connection, digest)
    if sources is None:
        raise errors.CorruptRecord(msg("the texts of ruleset {digest}", digest=digest))
    return sources


def add_texts(connection: Connection, submissions: Mapping[str, Submission]) -> None:
    """Store rulesets, given by their digests, and their texts, those that are not there yet.

    `CorruptRecord` where what is there is something else: what is appended would not be scored again from it.
    """
    known = ruleset_names(connection, submissions)
    for digest, each in submissions.items():
        if digest not in known:
            _add(connection, each)
        elif known[digest] != each.receipt.content.ruleset:
            raise errors.CorruptRecord(msg("the name of ruleset {digest}", digest=digest))
        _required(connection, digest)


def _add(connection: Connection, submission: Submission) -> None:
    manifest = submission.sources.manifest
    texts = {manifest[name]: text for name, text in submission.sources.files.items()}
    there = set(connection.execute(select(SOURCE.c.sha256).where(SOURCE.c.sha256.in_(list(texts)))).scalars())
    insert_rows(connection, SourceTable, [SourceRow(key, text) for key, text in texts.items() if key not in there])
    insert_rows(connection, RulesetTable, [ruleset_row(submission.receipt.content.ruleset, manifest)])
