"""Verification: everything that can be counted again is counted again, from the stored bytes alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, func, select

from audit.faults.errors import NotText
from audit.faults.wording import entry_count
from audit.ledger.entries import size_of
from audit.ledger.ledger import Ledger
from audit.ledger.tiles import HEIGHT, WIDTH
from audit.ledger.uncovered import key_at
from audit.log.keys import PublicKey
from audit.log.merkle import Frontier, leaf_hash
from audit.log.notes import origin_of
from audit.tables.queries import ENTRY
from audit.tables.stored import stored_bytes
from audit.verify.history import History, opened
from audit.verify.ranges import RangeCheck, RulesetUse, check_ranges
from audit.verify.report import Finding, Report
from audit.verify.rulesets import check_rulesets, doubled_corrections, doubled_names, doubled_standings, stray_rows
from audit.verify.stored_notes import StoredNotes, newest_stored
from audit.verify.tiles import check_upper_tiles
from engine.base.messages import Message, msg, plural

_GAP = 10_000
"""Each entry that is missing is named, unless there are more of them than this and than twice those that are there."""


def verify(
    ledger: Ledger,
    *,
    key: PublicKey | None = None,
    progress: Callable[[int, int], None] | None = None,
    workers: int = 1,
) -> Report:
    """Check every row against every other that it must agree with, and the whole against its checkpoints.

    `key` is the public key that the reader trusts; without one, signatures are checked by the keys that the ledger
    itself names. `progress` receives how many entries of how many are done; `workers` is how many processes check a
    long ledger; with more than one, the program's main module must be safe to import, as multiprocessing asks.
    """
    try:
        return _Run(ledger, any_text=False, workers=workers).report(key, progress)
    except NotText:
        return _Run(ledger, any_text=True, workers=workers).report(key, progress)


class _Run:
    """One verification, as far as it has come."""

    def __init__(self, ledger: Ledger, *, any_text: bool, workers: int) -> None:
        self.reading = partial(ledger.reading, any_text=any_text)
        self.checkpoints = ledger.checkpoints
        # The checkpoints are opened before the entries are counted: of what is appended meanwhile, nothing is missing.
        kept = opened(ledger.checkpoints)
        with self.reading() as connection:
            first = connection.execute(select(ENTRY.c.body).where(ENTRY.c.index == 0)).scalars().first()
            self.size, apart = _extent(connection)
            newest = newest_stored(connection)
        self.history = History(origin_of(leaf_hash(stored_bytes(first))), kept)
        self.differing: list[int] = []
        """The sizes of checkpoints whose copy in the folder has other signatures than the stored one."""
        self.stored = StoredNotes(ledger, self.history.origin, newest, self.history.keys)
        self.late: list[int] = []
        self.findings = [Finding(index, msg("it is far beyond the others")) for index in apart]
        self.strange_objects = ledger.strange_objects
        self.ranges = check_ranges(ledger, self.size, self._check_objects, any_text=any_text, workers=workers)
        self.frontier = Frontier()
        self.roots: list[bytes] = []
        self.rulesets: dict[Any, RulesetUse] = {}
        self.evaluations = 0
        self.read: Counter[str] = Counter()

    def report(self, key: PublicKey | None, progress: Callable[[int, int], None] | None) -> Report:
        """Verify everything, and return the outcome."""
        self._compare()
        for checked in self.ranges:
            self._add(checked)
            if progress is not None:
                progress(self.frontier.size, self.size)
        history = self.history
        history.finish(self.size)
        self.stored.finish(self.size, history.covered)
        with self.reading(without_indexes=True) as connection:
            self.findings += check_upper_tiles(connection, self.size, self.roots)
            self.findings += doubled_corrections(connection, self.size)
            self.findings += doubled_standings(connection, self.size)
            self.findings += doubled_names(connection, self.size)
            self.findings += stray_rows(connection, self.size, self.read)
            self.findings += check_rulesets(connection, self.rulesets, self.size)
        findings = [*self.findings, *history.findings, *self.stored.findings, *self._unsealed()]
        if key is not None:
            findings += [Finding(None, what, of_key=True) for what in _distrust(history, key)]
        findings.sort(key=lambda finding: (finding.entry is not None, finding.entry or 0))
        return Report(
            self.size,
            self.evaluations,
            self.frontier.root(),
            history.origin if self.size else "",
            "" if self.checkpoints is None else str(self.checkpoints.folder),
            history.count,
            history.covered,
            self.stored.count,
            self.sealed,
            history.signed,
            tuple(named for _, named in history.keys),
            tuple(findings),
            tuple(self._notices(key)),
        )

    @property
    def sealed(self) -> int:
        """How many entries the newest checkpoint speaks of, be it in the folder or in the ledger."""
        return max(self.history.covered, self.stored.covered)

    def _unsealed(self) -> Iterator[Finding]:
        """Report the newest entries of a signed ledger that no signed checkpoint covers, and of keys in them.

        Of an unsigned one report that there is no checkpoint at all where its folder is known.
        """
        if self.history.keys and self.sealed < self.size:
            yield Finding(self.sealed, msg("no signed checkpoint covers it"), self.size - 1, unsealed=True)
        for entry, _ in self.history.keys:
            if entry >= self.sealed:
                # Such an entry is never covered afterwards, so that more is wrong than a missing checkpoint.
                yield Finding(entry, msg("it names a key, and no signed checkpoint covers it"))
        if self.size and not self.history.keys and not self.history.count and self.checkpoints is not None:
            what = msg("there is no checkpoint in “{folder}”", folder=self.checkpoints.folder)
            yield Finding(None, what, unsealed=True)

    def _check_objects(self) -> None:
        with self.reading() as connection:
            self.findings += [Finding(None, what) for what in self.strange_objects(connection)]

    def _add(self, checked: RangeCheck) -> None:
        """Add a range to the tree, stopping where a checkpoint is to be compared."""
        self.findings += checked.findings
        self.evaluations += checked.evaluations
        self.read += checked.read
        self.history.keys += checked.keys
        self.rulesets = {**checked.rulesets, **self.rulesets}
        self.roots += checked.roots
        self.late += checked.late
        for at in range(0, len(checked.leaves), WIDTH):
            upcoming = min((n for n in (self.history.next_size, self.stored.next_size) if n is not None), default=None)
            end = self.frontier.size + WIDTH
            if at // WIDTH < len(checked.roots) and (upcoming is None or upcoming >= end):
                self.frontier.add(checked.roots[at // WIDTH], HEIGHT)
                self._compare()
                continue
            for leaf in checked.leaves[at : at + WIDTH]:
                self.frontier.add(leaf)
                self._compare()

    def _compare(self) -> None:
        self.history.skip(self.frontier.size)
        if self.frontier.size in (self.history.next_size, self.stored.next_size):
            root = self.frontier.root()
            known: frozenset[str] = frozenset()
            if self.history.next_size == self.frontier.size:
                self.history.compare(root)
                known = self.history.notes
            if self.stored.next_size == self.frontier.size:
                counted = self.stored.compare(root, known)
                if counted is not None and counted.note not in known:
                    self.history.signers.update(key for key in [key_at(self.history.keys, counted.size)] if key)
                    self.history.vouch(counted)
                    if known:
                        self.differing.append(counted.size)

    def _notices(self, key: PublicKey | None) -> Iterator[Message]:
        history = self.history
        folder = self.checkpoints
        if not self.size:
            yield msg("The ledger has no entries yet.")
        elif not history.count and self.stored.count:
            yield msg(
                "No checkpoint was found in “{folder}”: that newest entries were removed together with their "
                "checkpoints would not show.",
                folder="" if folder is None else folder.folder,
            )
        elif not history.count:
            yield msg(
                "No checkpoint was found in “{folder}”: that newest entries were removed, or all was rewritten, "
                "would not show.",
                folder="" if folder is None else folder.folder,
            )
        elif history.covered < self.size and not history.keys:
            yield plural(
                "{count} newest entry has no checkpoint yet.",
                "{count} newest entries have no checkpoint yet.",
                count=self.size - history.covered,
            )
        elif history.covered < self.stored.covered:
            yield msg(
                "The checkpoint of {entries} is in the ledger and not yet in “{folder}”; the next recording puts it "
                "there.",
                entries=entry_count(self.stored.covered),
                folder="" if folder is None else folder.folder,
            )
        if self.late:
            yield msg(
                "Entries whose time is more than five minutes before that of the entry before: {count}, the first of "
                "them entry {entry}.",
                count=len(self.late),
                entry=self.late[0],
            )
        for size in self.differing:
            yield msg(
                "The checkpoint of {entries} in “{folder}” is not signed as the ledger's own copy of it is.",
                entries=entry_count(size),
                folder="" if folder is None else folder.folder,
            )
        if history.count and not history.signed and not self.stored.count:
            yield msg("The checkpoints are not signed: whoever can change them can forge them.")
        elif (history.signed or self.stored.count) and key is None:
            yield msg("The signatures were checked by the keys that the ledger itself names; --key names one you hold.")
        if history.cut_short:
            yield plural(
                "{count} checkpoint was cut short, as by a crash; it counts for nothing.",
                "{count} checkpoints were cut short, as by a crash; they count for nothing.",
                count=history.cut_short,
            )
        for entry in history.lost_keys if history.signed or self.stored.count else ():
            yield msg("The key changed at entry {entry} without the signature of the former key.", entry=entry)


def _extent(connection: Connection) -> tuple[int, Sequence[int]]:
    """Return how many entries there seem to be, and the numbers of those too far beyond to count up to them."""
    size = size_of(connection)
    there = connection.execute(select(func.count()).select_from(ENTRY)).scalar_one()
    end = 2 * there + _GAP
    if size <= end:
        return size, ()
    nearest = connection.execute(select(func.max(ENTRY.c.index)).where(ENTRY.c.index < end)).scalar_one()
    apart = connection.execute(select(ENTRY.c.index).where(ENTRY.c.index >= end).order_by(ENTRY.c.index)).scalars()
    return 0 if nearest is None else nearest + 1, apart.all()


def _distrust(history: History, key: PublicKey) -> Iterator[Message]:
    """Report why the trusted key does not vouch for the ledger."""
    places = [entry for entry, named in history.keys if named == key]
    if not places:
        yield msg("the ledger is not signed by the key “{key}”", key=key.label)
    elif key not in history.signers:
        # The ledger naming a key proves nothing: a public key is everybody's.
        yield msg("no checkpoint is signed by the key “{key}”", key=key.label)
    for entry in history.lost_keys:
        if places and entry > places[0]:
            yield msg(
                "the key “{key}” does not vouch for the one that followed it at entry {entry}",
                key=key.label,
                entry=entry,
            )
