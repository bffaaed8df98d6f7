"""Verification: everything that can be counted again is counted again, from the stored bytes alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from sqlalchemy import select

from audit.append import size_of
from audit.errors import NotText
from audit.ledger import Ledger
from audit.log.keys import PublicKey, parse_public_key
from audit.log.merkle import EMPTY_ROOT, Frontier, leaf_hash, root_of
from audit.queries import ENTRY
from audit.rows import parsed, stored_bytes
from audit.tables import KEY_KIND
from audit.tree import HEIGHT, WIDTH
from audit.verify.belongings import Rulesets, check_supersession, stray_rows
from audit.verify.findings import Finding, Report
from audit.verify.history import History, open_history
from audit.verify.rows import EntryRow, Stretch, check_entry, read_stretch
from audit.verify.tiles import Tiles, check_tile, check_upper_tiles, read_tiles, sealed
from engine.errors import Message, msg

_STRETCH = 4 * WIDTH
"""How many entries are read at a time: each time in a transaction of its own, so that nobody has to wait for us."""


def verify(
    ledger: Ledger, *, key: PublicKey | None = None, progress: Callable[[int, int], None] | None = None
) -> Report:
    """Check every row against every other that it must agree with, and the whole against its checkpoints.

    `key` is the public key that the reader trusts; without one, signatures are checked by the keys that the ledger
    itself names. `progress` is told how many entries of how many are done.
    """
    try:
        return _Run(ledger, any_text=False).report(key, progress)
    except NotText:
        return _Run(ledger, any_text=True).report(key, progress)


class _Run:
    """One verification, as far as it has come."""

    def __init__(self, ledger: Ledger, *, any_text: bool) -> None:
        self.reading = partial(ledger.reading, any_text=any_text)
        self.checkpoints = ledger.checkpoints
        with self.reading() as connection:
            self.size = size_of(connection)
            self.findings = [Finding(None, what) for what in ledger.strange_objects(connection)]
            first = connection.execute(select(ENTRY.c.body).where(ENTRY.c.index == 0)).scalar_one_or_none()
        self.history = open_history(ledger.checkpoints, leaf_hash(stored_bytes(first)))
        self.frontier = Frontier()
        self.roots: list[bytes] = []
        self.rulesets = Rulesets()
        self.evaluations = 0
        self._checkpoint(EMPTY_ROOT)

    def stretch(self, start: int, stop: int) -> None:
        """Check the entries from `start` to `stop`, which begin and end with tiles or at the ledger's end."""
        with self.reading() as connection:
            rows = read_stretch(connection, start, stop)
            tiles = read_tiles(connection, 0, start // WIDTH, stop // WIDTH)
            for entry in rows.entries.values():
                if entry.supersedes is not None:
                    self._tell(entry.index, check_supersession(connection, entry, rows))
        for index in range(start, stop):
            if (found := rows.entries.get(index)) is None:
                self.findings.append(Finding(index, msg("missing")))
            else:
                self._tell(index, check_entry(found, rows))
                self._note(found, rows)
        for at in range(start, stop, WIDTH):
            self._grow(at, [rows.entries.get(index) for index in range(at, min(at + WIDTH, stop))], tiles)

    def finish(self) -> None:
        """Check what is of no entry by itself."""
        self.history.finish(self.size)
        with self.reading() as connection:
            self.findings += check_upper_tiles(connection, self.size, self.roots)
            self.findings += stray_rows(connection, self.size)
            self.findings += self.rulesets.check(connection)

    def report(self, key: PublicKey | None, progress: Callable[[int, int], None] | None) -> Report:
        """Verify everything, and return the outcome."""
        for start in range(0, self.size, _STRETCH):
            self.stretch(start, min(start + _STRETCH, self.size))
            if progress is not None:
                progress(min(start + _STRETCH, self.size), self.size)
        self.finish()
        history = self.history
        keys = tuple(named for _, named in history.keys)
        findings = [*self.findings, *history.findings]
        if key is not None:
            findings += [Finding(None, what) for what in _distrust(history, key)]
        findings.sort(key=lambda finding: (finding.entry is not None, finding.entry or 0))
        return Report(
            self.size,
            self.evaluations,
            self.frontier.root(),
            history.origin if self.size else "",
            history.count,
            history.covered,
            history.signed,
            keys,
            tuple(findings),
            tuple(self._notices(key)),
        )

    def _tell(self, index: int, faults: Iterator[Message]) -> None:
        self.findings += [Finding(index, what) for what in faults]

    def _note(self, entry: EntryRow, rows: Stretch) -> None:
        evaluation = rows.evaluations.get(entry.index)
        if evaluation is not None:
            self.evaluations += 1
            self.rulesets.use(entry.index, evaluation)
        if entry.kind == KEY_KIND:
            key = parse_public_key(str(parsed(entry.body).get("key")))
            if key is None:
                self.findings.append(Finding(entry.index, msg("it names no key")))
            else:
                self.history.keys.append((entry.index, key))

    def _grow(self, start: int, entries: list[EntryRow | None], tiles: Tiles) -> None:
        """Add up to a tile's width of entries to the tree, stopping where a checkpoint is to be compared."""
        position = start // WIDTH
        tile = tiles.get(position)
        leaves = [leaf_hash(b"" if entry is None else entry.bytes) for entry in entries]
        columns = [None if entry is None else entry.leaf_hash for entry in entries]
        hashes = sealed(leaves, columns, None if tile is None else tile[1])
        whole = len(hashes) == WIDTH
        if whole:
            self.findings += check_tile(0, position, hashes, tile)
            self.roots.append(root_of(hashes))
        self.history.skip(start)
        upcoming = self.history.next_size
        if whole and (upcoming is None or upcoming >= start + WIDTH):
            self.frontier.add(self.roots[-1], HEIGHT)
            self._checkpoint()
            return
        for leaf in hashes:
            self.frontier.add(leaf)
            self._checkpoint()

    def _checkpoint(self, root: bytes | None = None) -> None:
        self.history.skip(self.frontier.size)
        if self.history.next_size == self.frontier.size:
            self.history.compare(self.frontier.root() if root is None else root)

    def _notices(self, key: PublicKey | None) -> Iterator[Message]:
        history = self.history
        folder = self.checkpoints
        if self.size and not history.count:
            yield msg(
                "No checkpoint was found in “{folder}”: that newest entries were removed, or all was rewritten, "
                "would not show.",
                folder="" if folder is None else folder.folder,
            )
        elif history.covered < self.size:
            yield msg("{count} newest entries have no checkpoint yet.", count=self.size - history.covered)
        if history.count and not history.signed:
            yield msg("The checkpoints are not signed: whoever can change them can forge them.")
        elif history.signed and key is None:
            yield msg("The signatures were checked by the keys that the ledger itself names; --key names one you hold.")
        if history.cut_short:
            yield msg(
                "{count} checkpoints were cut short, as by a crash; they count for nothing.", count=history.cut_short
            )
        for entry in history.lost_keys:
            yield msg("The key changed at entry {entry} without the signature of the former key.", entry=entry)


def _distrust(history: History, key: PublicKey) -> Iterator[Message]:
    """Tell why the trusted key does not stand behind the ledger."""
    places = [entry for entry, named in history.keys if named == key]
    if not places:
        yield msg("the ledger is not signed by the key “{key}”", key=key.label)
    elif not history.signed:
        yield msg("no checkpoint is signed by the key “{key}”", key=key.label)
    for entry in history.lost_keys:
        if places and entry > places[0]:
            yield msg(
                "the key “{key}” does not vouch for the one that followed it at entry {entry}",
                key=key.label,
                entry=entry,
            )
