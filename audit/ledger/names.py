"""What a ruleset's name says once it has scored: its id and revision name one text; a revision replaces lower ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from audit.ledger.differences import changed_names, differences
from audit.ledger.sources import stored_sources
from audit.ledger.submission import Submission
from audit.log.entries import OFFICIAL, TRIAL
from audit.tables.queries import ENTRY, EVALUATION, RULESET
from engine.base.faults import FenmingError, Refused, problem
from engine.base.messages import Message, msg
from engine.base.places import Place
from engine.base.sources import Sources


class Name(NamedTuple):
    """A ruleset's id and revision."""

    id: str
    revision: int


@dataclass(slots=True)
class Names:
    """The rulesets of one transaction by their names, as they scored in the ledger and score in the transaction."""

    connection: Connection
    path: str
    _met: dict[Name, Sources] = field(default_factory=dict)
    _checked: set[Name] = field(default_factory=set)
    """Those that no later revision in the ledger has replaced."""
    _newest: dict[str, int] = field(default_factory=dict)
    """The highest revision of each ruleset that an official evaluation of the transaction was scored by."""

    def check(self, submission: Submission, standing: str) -> Iterator[Message]:
        """Refuse another text under a name that has scored, and a revision that a later one has replaced.

        Return what has changed of the sources although the text has not. Trials are free in both.
        """
        head = submission.receipt.content.ruleset
        name, sources = Name(head.id, head.revision), submission.sources
        if standing == OFFICIAL:
            self._check_revision(name)
        if standing == TRIAL or self._met.get(name) is sources:
            return
        if name in self._met:
            if self._met[name].text != sources.text:
                raise _other_text(self.path, *name, None, differences(self._met[name], sources))
            return
        self._met[name] = sources
        yield from _check_name(self.connection, self.path, name, sources)

    def _check_revision(self, name: Name) -> None:
        """Refuse to score officially by a revision once a higher one has."""
        if name not in self._checked:
            self._checked.add(name)
            for later, entry in _later_revisions(self.connection, name):
                raise _older_revision(self.path, *name, later, entry)
        newest = self._newest[name.id] = max(name.revision, self._newest.get(name.id, name.revision))
        if newest > name.revision:
            raise _older_revision(self.path, *name, newest, None)


def _later_revisions(connection: Connection, name: Name) -> Iterator[tuple[int, int]]:
    """Return the later revisions of a ruleset that have scored officially, the last first, each with its last entry."""
    later = select(RULESET).where(RULESET.c.id == name.id, RULESET.c.revision > name.revision)
    for row in connection.execute(later.order_by(RULESET.c.revision.desc(), RULESET.c.digest)).all():
        entry = _last_use(connection, row.digest, ENTRY.c.standing == OFFICIAL)
        if entry is not None:
            yield row.revision, entry


def _check_name(connection: Connection, path: str, name: Name, sources: Sources) -> Iterator[Message]:
    rulesets = connection.execute(
        select(RULESET.c.digest, RULESET.c.text).where(RULESET.c.id == name.id, RULESET.c.revision == name.revision)
    )
    uses = ((_last_use(connection, row.digest, ENTRY.c.standing != TRIAL), row) for row in rulesets.all())
    scored = [(entry, row) for entry, row in uses if entry is not None]
    for entry, row in scored:
        if row.text != sources.text:
            old = stored_sources(connection, row.digest)
            raise _other_text(path, *name, entry, "" if old is None else differences(old, sources))
    if not scored:
        return
    entry, row = max(scored, key=lambda each: each[0])
    if row.digest != sources.digest and (old := stored_sources(connection, row.digest)) is not None:
        changed = ", ".join(changed_names(old, sources))
        yield msg(
            "Since entry {entry}, scored by the same ruleset, these have changed: {names}.", entry=entry, names=changed
        )


def _last_use(connection: Connection, digest: str, standing: ColumnElement[bool]) -> int | None:
    """Return the last entry of some standing that was scored by these sources."""
    used = (
        select(EVALUATION.c.entry)
        .join_from(EVALUATION, ENTRY, ENTRY.c.index == EVALUATION.c.entry)
        .where(EVALUATION.c.ruleset == digest, standing)
    )
    return connection.execute(used.order_by(EVALUATION.c.entry.desc()).limit(1)).scalar_one_or_none()


def doubled_texts(connection: Connection, start: int, stop: int) -> Iterator[tuple[int, str, int]]:
    """Return the first entry of a range by each ruleset whose name had scored by another text, with that name.

    Trials do not count.
    """
    used = (
        select(RULESET.c.id, RULESET.c.revision, RULESET.c.text, EVALUATION.c.entry)
        .join_from(EVALUATION, ENTRY, ENTRY.c.index == EVALUATION.c.entry)
        .join(RULESET, RULESET.c.digest == EVALUATION.c.ruleset)
        .where(ENTRY.c.standing != TRIAL, EVALUATION.c.entry < stop)
    )
    names = select(RULESET.c.id, RULESET.c.revision).group_by(RULESET.c.id, RULESET.c.revision)
    several = set(map(Name._make, connection.execute(names.having(func.count(RULESET.c.text.distinct()) > 1))))
    if not several:
        return
    found: set[Name] = set()
    firsts: dict[Name, object] = {}
    of_names = used.where(RULESET.c.id.in_({name.id for name in several}))
    for ident, revision, text, entry in connection.execute(of_names.order_by(EVALUATION.c.entry)).all():
        name = Name(ident, revision)
        if firsts.setdefault(name, text) != text and entry >= start and name not in found:
            found.add(name)
            yield entry, ident, revision


def _other_text(path: str, ruleset: str, revision: int, entry: int | None, changed: str) -> FenmingError:
    """A ruleset's name has scored by another text, in an entry or in the same recording."""
    what = (
        problem(
            "recording.two-texts",
            "Ruleset {ruleset}, revision {revision}, has two texts in one recording. Changed: {changed}.",
            ruleset=ruleset,
            revision=revision,
            changed=changed,
        )
        if entry is None
        else problem(
            "recording.other-text",
            "Ruleset {ruleset}, revision {revision}, scored entry {entry} of this ledger with another text. "
            "Changed: {changed}.",
            ruleset=ruleset,
            revision=revision,
            entry=entry,
            changed=changed,
        )
    )
    remedy = msg(
        "Nothing was written. If the change corrects the ruleset, add `revision: {next}` and `corrigendum: {example}` "
        "to it; to try it out, use --trial.",
        next=revision + 1,
        example="{reason: …, on: 2025-03-01}",
    )
    return Refused.because(what, remedy, Place(path))


def _older_revision(path: str, ruleset: str, revision: int, newest: int, entry: int | None) -> FenmingError:
    """A higher revision of the ruleset has scored officially, in an entry or earlier in the same recording."""
    what = (
        problem(
            "recording.mixed-revisions",
            "This recording scores by revision {newest} of ruleset {ruleset}, and after that by revision {revision}.",
            newest=newest,
            ruleset=ruleset,
            revision=revision,
        )
        if entry is None
        else problem(
            "recording.older-revision",
            "Entry {entry} of this ledger was scored by revision {newest} of this ruleset; you have revision "
            "{revision}.",
            entry=entry,
            newest=newest,
            revision=revision,
        )
    )
    remedy = msg("Nothing was written. Use the newest revision; to try the older one, use --trial.")
    return Refused.because(what, remedy, Place(path))
