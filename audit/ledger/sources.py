"""The texts that scores depend on, as the ledger keeps them: each under its digest."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, insert, select

from audit import errors
from audit.ledger.append import Submission
from audit.log.rulesets import is_named_right
from audit.tables import rows
from audit.tables.queries import RULESET, SOURCE
from audit.tables.ranges import ruleset_names
from audit.tables.rows import RULESET_COLUMNS
from engine.base.messages import msg
from engine.base.sources import RULESET as RULESET_FILE
from engine.base.sources import Sources, canonical, sha256


def stored_sources(connection: Connection, digest: str) -> Sources | None:
    """Return the texts of a ruleset, once their digests have been checked; None where there is no such ruleset.

    `Strange` where something of it is missing or is not what its digest says.
    """
    what = msg("the texts of ruleset {digest}", digest=digest)
    manifests = connection.execute(select(RULESET.c.manifest).where(RULESET.c.digest == digest)).scalars().all()
    if not manifests:
        return None
    # Whoever makes a ruleset up may name in it what is no digest.
    manifest = {name: str(key) for name, key in rows.parsed(manifests[0]).items()}
    if len(manifests) != 1 or not manifest or sha256(rows.stored_bytes(manifests[0])) != digest:
        raise errors.Strange(what)
    query = select(SOURCE.c.sha256, SOURCE.c.text).where(SOURCE.c.sha256.in_(sorted(set(manifest.values()))))
    texts = {row.sha256: row.text for row in connection.execute(query) if isinstance(row.text, str)}
    if any(sha256(rows.stored_bytes(texts.get(key))) != key for key in manifest.values()):
        raise errors.Strange(what)
    return Sources({name: texts[key] for name, key in manifest.items()})


def require_sources(connection: Connection, digest: str) -> None:
    """See that the texts of a ruleset are there; `Strange` where they are not, not what they were, or not its name's.

    A receipt can give an id, a revision and a digest of the text that its ruleset does not have.
    """
    sources = _required(connection, digest)
    name = ruleset_names(connection, [digest])[digest]
    if not is_named_right(name, sources.manifest, sources.files.get(RULESET_FILE)):
        raise errors.Strange(msg("the name of ruleset {digest}", digest=digest))


def _required(connection: Connection, digest: str) -> Sources:
    sources = stored_sources(connection, digest)
    if sources is None:
        raise errors.Strange(msg("the texts of ruleset {digest}", digest=digest))
    return sources


def add_texts(connection: Connection, submissions: Mapping[str, Submission]) -> None:
    """Store rulesets, given by their digests, and their texts, those that are not there yet.

    `Strange` where what is there is something else: what is appended would not be scored again from it.
    """
    known = ruleset_names(connection, submissions)
    for digest, each in submissions.items():
        if digest not in known:
            _add(connection, digest, each)
        elif known[digest] != each.receipt.content.ruleset:
            raise errors.Strange(msg("the name of ruleset {digest}", digest=digest))
        _required(connection, digest)


def _add(connection: Connection, digest: str, submission: Submission) -> None:
    manifest = submission.sources.manifest
    ruleset = submission.receipt.content.ruleset
    texts = {manifest[name]: text for name, text in submission.sources.files.items()}
    there = set(connection.execute(select(SOURCE.c.sha256).where(SOURCE.c.sha256.in_(list(texts)))).scalars())
    fresh = [{"sha256": key, "text": text} for key, text in texts.items() if key not in there]
    if fresh:
        connection.execute(insert(SOURCE), fresh)
    stored = {
        "digest": digest,
        **{name: getattr(ruleset, name) for name in RULESET_COLUMNS},
        "manifest": canonical(manifest).decode(),
    }
    connection.execute(insert(RULESET), stored)
