"""What belongs to several entries: rulesets and their texts, and rows that belong to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, func, or_, select

from audit.ledger.names import doubled_texts
from audit.ledger.standing import doubled_cases
from audit.log.rulesets import has_text, names_itself
from audit.tables.queries import ENTRY, EVALUATION, RULESET, SOURCE
from audit.tables.rows import RulesetRow, SourceRow
from audit.tables.schema import CHILDREN, FORMAT, FormatTable, table
from audit.tables.stored import parsed, stored_bytes
from audit.verify.ranges import RulesetUse
from audit.verify.report import Finding
from engine.base.messages import msg, plural
from engine.base.sources import RULESET as RULESET_FILE
from engine.base.sources import sha256


def check_rulesets(connection: Connection, used: Mapping[Any, RulesetUse], size: int) -> Iterator[Finding]:
    """Check the rulesets and texts that are stored against their digests, and that all are there and named.

    `used` gives each ruleset that an evaluation names, with the first entry that does, and what its receipt says of it.
    Others may be of entries from `size` on, which were appended meanwhile.
    """
    later = set(connection.execute(select(EVALUATION.c.ruleset).where(EVALUATION.c.entry >= size)).scalars())
    found: set[Any] = set()
    named: set[str] = set()
    for row in map(RulesetRow._make, connection.execute(select(RULESET))):
        digest = row.digest
        found.add(digest)
        use = used.get(digest)
        entry, recorded = (None, None) if use is None else use
        manifest = {name: str(key) for name, key in parsed(row.manifest).items()}
        named |= set(manifest.values())
        if not isinstance(row.manifest, str) or sha256(stored_bytes(row.manifest)) != digest:
            yield Finding(entry, msg("ruleset {digest} is not what it was", digest=digest))
        elif entry is None and digest not in later:
            yield Finding(None, msg("ruleset {digest} has been added", digest=digest))
        elif entry is not None and recorded != row.name:
            yield Finding(entry, msg("the name of ruleset {digest} is not what it was", digest=digest))
        elif entry is not None and not _is_named_right(connection, row, manifest):
            yield Finding(entry, msg("the name of ruleset {digest} is not that of its texts", digest=digest))
    for digest, first in used.items():
        if digest not in found:
            yield Finding(first.entry, msg("ruleset {digest} is missing", digest=digest))
    yield from _texts(connection, named)


def _is_named_right(connection: Connection, row: RulesetRow, manifest: Mapping[str, str]) -> bool:
    """Return whether a ruleset's texts, as far as they are there unchanged, are what its name says."""
    main = manifest.get(RULESET_FILE)
    text = connection.execute(select(SOURCE.c.text).where(SOURCE.c.sha256 == main)).scalars().first()
    if not has_text(row.name, manifest):
        return False
    # A text that is missing or has been changed is reported as that.
    return not isinstance(text, str) or sha256(stored_bytes(text)) != main or names_itself(row.name, text)


def _texts(connection: Connection, named: set[str]) -> Iterator[Finding]:
    there: set[str] = set()
    for row in map(SourceRow._make, connection.execute(select(SOURCE))):
        there.add(row.sha256)
        if not isinstance(row.text, str) or sha256(stored_bytes(row.text)) != row.sha256:
            yield Finding(None, msg("the text {digest} of a ruleset is not what it was", digest=row.sha256))
        elif row.sha256 not in named:
            yield Finding(None, msg("the text {digest} has been added", digest=row.sha256))
    for digest in sorted(named - there):
        yield Finding(None, msg("the text {digest} of a ruleset is missing", digest=digest))


def doubled_corrections(connection: Connection, size: int) -> Iterator[Finding]:
    """Report entries that supersede what an earlier one supersedes already."""
    old = ENTRY.c.supersedes
    doubled = select(old).where(old.is_not(None)).group_by(old).having(func.count() > 1)
    met: set[Any] = set()
    found = select(ENTRY.c.index, old).where(old.in_(doubled), ENTRY.c.index < size).order_by(ENTRY.c.index)
    for entry, superseded in connection.execute(found).all():
        if superseded in met:
            yield Finding(entry, msg("it supersedes {evaluation}, as an earlier entry does", evaluation=superseded))
        met.add(superseded)


def doubled_standings(connection: Connection, size: int) -> Iterator[Finding]:
    """Report official entries that score a case while an earlier one is in force."""
    for entry, evaluation in doubled_cases(connection, 0, size):
        yield Finding(entry, msg("it scores a case that evaluation {evaluation} scores already", evaluation=evaluation))


def doubled_names(connection: Connection, size: int) -> Iterator[Finding]:
    """Report rulesets whose id and revision have scored by two texts."""
    for entry, ruleset, revision in doubled_texts(connection, 0, size):
        what = msg(
            "ruleset {ruleset}, revision {revision}, has another text than before", ruleset=ruleset, revision=revision
        )
        yield Finding(entry, what)


def stray_rows(connection: Connection, size: int, read: Mapping[str, int]) -> Iterator[Finding]:
    """Report rows that belong to no entry, or were not met by their numbers, and of versions not had.

    `read` gives how many rows of each table were looked at.
    """
    newest = select(func.coalesce(func.max(ENTRY.c.index), -1)).scalar_subquery()  # others may have appended meanwhile
    if connection.execute(select(func.count()).where(ENTRY.c.index < 0)).scalar_one():
        yield Finding(None, msg("there are entries with numbers below 0"))
    for each in (ENTRY, EVALUATION, *[table(child) for child in CHILDREN]):
        number = each.c.index if each is ENTRY else each.c.entry
        count = connection.execute(select(func.count()).where(number >= 0, number < size)).scalar_one()
        if count != read[each.name]:
            extra = count - read[each.name]
            what = plural(
                "{table} has {count} row beside those of its keys",
                "{table} has {count} rows beside those of its keys",
                table=each.name,
                count=extra,
            )
            yield Finding(None, what)
    for each in (EVALUATION, *[table(child) for child in CHILDREN]):
        outside = or_(each.c.entry < 0, each.c.entry > newest)
        for number in connection.execute(select(each.c.entry).where(outside).distinct()).scalars():
            yield Finding(
                None, msg("{table} has rows of entry {entry}, which is not there", table=each.name, entry=number)
            )
    if connection.execute(select(table(FormatTable).c.version)).scalars().all() != [FORMAT]:
        yield Finding(None, msg("the format of the ledger is not what it was"))
