"""One name, one text: a ruleset's id and revision name one text once it has scored a case in a ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice, zip_longest

from sqlalchemy import Connection, select

from audit import errors
from audit.ledger.append import Submission
from audit.ledger.sources import stored_sources
from audit.log.entries import TRIAL
from audit.tables.queries import ENTRY, EVALUATION, RULESET
from engine.base.messages import Message, msg
from engine.base.sources import Sources, is_own

_MOST_LINES = 5
_LONGEST = 60


def check_names(connection: Connection, path: str, submissions: Sequence[Submission]) -> Iterator[Message]:
    """Refuse another text under a name that has scored; report sources that have changed although the text has not."""
    met: dict[tuple[str, int], Sources] = {}
    for each in submissions:
        head = each.receipt.content.ruleset
        name = head.id, head.revision
        if each.standing == TRIAL or met.get(name) is each.sources:
            continue
        if name in met:
            if met[name].text != each.sources.text:
                raise errors.other_text(path, *name, None, _differences(met[name], each.sources))
            continue
        met[name] = each.sources
        yield from _check_name(connection, path, name, each.sources)


def _check_name(connection: Connection, path: str, name: tuple[str, int], sources: Sources) -> Iterator[Message]:
    rulesets = connection.execute(
        select(RULESET.c.digest, RULESET.c.text).where(RULESET.c.id == name[0], RULESET.c.revision == name[1])
    )
    scored = [(entry, row) for row in rulesets.all() if (entry := _last_use(connection, row.digest)) is not None]
    for entry, row in scored:
        if row.text != sources.text:
            old = stored_sources(connection, row.digest)
            raise errors.other_text(path, *name, entry, "" if old is None else _differences(old, sources))
    if not scored:
        return
    entry, row = max(scored, key=lambda each: each[0])
    if row.digest != sources.digest and (old := stored_sources(connection, row.digest)) is not None:
        changed = ", ".join(changed_names(old, sources))
        yield msg(
            "Since entry {entry}, scored by the same ruleset, these have changed: {names}.", entry=entry, names=changed
        )


def _last_use(connection: Connection, digest: str) -> int | None:
    """Return the last entry that is not a trial and was scored by these sources."""
    used = (
        select(EVALUATION.c.entry)
        .join_from(EVALUATION, ENTRY, ENTRY.c.index == EVALUATION.c.entry)
        .where(EVALUATION.c.ruleset == digest, ENTRY.c.standing != TRIAL)
    )
    return connection.execute(used.order_by(EVALUATION.c.entry.desc()).limit(1)).scalar_one_or_none()


def changed_names(old: Sources, new: Sources) -> list[str]:
    """Return the names of the sources that are not the same in both."""
    return [name for name in sorted({*old.files, *new.files}) if old.files.get(name) != new.files.get(name)]


def _differences(old: Sources, new: Sources) -> str:
    """Write which of the ruleset's own texts differ, and the first lines that do, old and new."""
    return "; ".join(_difference(name, old, new) for name in changed_names(old, new) if is_own(name))


def _difference(name: str, old: Sources, new: Sources) -> str:
    was, now = (each.files.get(name, "").splitlines() for each in (old, new))
    if name not in old.files or name not in new.files:
        return f"{'+' if name in new.files else '−'} {name}"
    changes = [each for each in SequenceMatcher(None, was, now, autojunk=False).get_opcodes() if each[0] != "equal"]
    lines = [
        f"{name}:{first + place + 1} {_line('−', before)}{_line('+', after)}".rstrip()
        for _, start, end, first, last in changes
        for place, (before, after) in enumerate(zip_longest(was[start:end], now[first:last]))
    ]
    more = [f"… ({len(lines) - _MOST_LINES})"] if len(lines) > _MOST_LINES else []
    return ", ".join([*islice(lines, _MOST_LINES), *more]) or f"{name}: ≠"


def _line(sign: str, text: str | None) -> str:
    if text is None:
        return ""
    short = text.strip()
    return f"{sign}“{short if len(short) <= _LONGEST else short[:_LONGEST] + '…'}” "


def doubled_texts(connection: Connection, size: int) -> Iterator[tuple[int, str, int]]:
    """Return each entry that is not a trial and whose ruleset's name had scored by another text, with that name."""
    used = (
        select(RULESET.c.id, RULESET.c.revision, RULESET.c.text, EVALUATION.c.entry)
        .join_from(EVALUATION, ENTRY, ENTRY.c.index == EVALUATION.c.entry)
        .join(RULESET, RULESET.c.digest == EVALUATION.c.ruleset)
        .where(ENTRY.c.standing != TRIAL, EVALUATION.c.entry < size)
    )
    several = {}
    firsts: dict[tuple[str, int], object] = {}
    for ident, revision, text, entry in connection.execute(used.order_by(EVALUATION.c.entry)):
        if firsts.setdefault((ident, revision), text) != text and (ident, revision) not in several:
            several[ident, revision] = entry
    for (ident, revision), entry in several.items():
        yield entry, ident, revision
