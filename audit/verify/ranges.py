"""Checking a range of entries: all that can be said of them without the entries before and after."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache, partial
from multiprocessing import get_context
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Connection, select

from audit.checks.entry import check_entry, check_supersession
from audit.ledger.ledger import Ledger, open_ledger
from audit.ledger.tiles import WIDTH
from audit.log.entries import KEY_KIND, is_late
from audit.log.keys import NamedKey, parse_public_key
from audit.log.merkle import HASH_BYTES, root_of
from audit.tables.queries import ENTRY
from audit.tables.ranges import EntryRange, read_range
from audit.tables.rows import EntryRow
from audit.tables.stored import parsed, stored_bytes
from audit.verify.report import Finding
from audit.verify.tiles import Tiles, check_tile, read_tiles, sealed
from engine.base.faults import Unavailable, problem
from engine.base.messages import Message, msg
from engine.base.places import Place
from engine.receipt import ReceiptError, read_receipt
from engine.receipt.model import RulesetName

LENGTH = 4 * WIDTH
"""How many entries are read at a time: each time in a transaction of its own, so that nobody has to wait for us."""

Reading: TypeAlias = Callable[[], AbstractContextManager[Connection]]

_NO_LEAF = bytes(HASH_BYTES)
LONG = 20_000
"""From how many entries on it pays to start processes."""


class RulesetUse(NamedTuple):
    """The first entry that names a ruleset, and what its receipt says of it; None where that is not a receipt."""

    entry: int
    name: RulesetName | None


@dataclass(slots=True)
class RangeCheck:
    """What a range has shown."""

    findings: list[Finding] = field(default_factory=list)
    evaluations: int = 0
    read: Counter[str] = field(default_factory=Counter)
    """How many rows of each table were looked at."""
    leaves: list[bytes] = field(default_factory=list)
    """The leaf hashes, as far as is known the ones that were sealed."""
    roots: list[bytes] = field(default_factory=list)
    """The roots of the tiles that the range completes."""
    late: list[int] = field(default_factory=list)
    """The entries whose time is well before that of the entry before them."""
    keys: list[NamedKey] = field(default_factory=list)
    rulesets: dict[Any, RulesetUse] = field(default_factory=dict)
    """Each ruleset that is named, by its digest, and where it is first."""


def check_ranges(
    ledger: Ledger, size: int, meanwhile: Callable[[], None], *, any_text: bool, workers: int
) -> Iterator[RangeCheck]:
    """Check all entries, range by range in their order, a long ledger in several processes.

    `meanwhile` is done once, before the first is given, while other processes are at work.
    """
    ranges = [(start, min(start + LENGTH, size)) for start in range(0, size, LENGTH)]
    if workers == 1 or size < LONG:
        meanwhile()
        reading = partial(ledger.reading, any_text=any_text)
        for each in ranges:
            yield check_range(reading, each)
        return
    quiet = signal.SIGINT, signal.SIG_IGN  # the process that asked reports an interruption
    with ProcessPoolExecutor(workers, get_context("spawn"), signal.signal, quiet) as pool:
        try:
            found = pool.map(partial(_work, ledger.url, any_text), ranges)
            meanwhile()
            yield from found
        except BrokenProcessPool:
            raise Unavailable.because(
                problem(
                    "verification.cut-off",
                    "The verification of “{path}” was cut off: a process of it was ended.",
                    path=ledger.path,
                ),
                msg("Nothing was changed. Verify again, with more memory to spare."),
                Place(ledger.path),
            ) from None


def _work(url: str, any_text: bool, each: tuple[int, int]) -> RangeCheck:  # noqa: FBT001 - the pool passes it by place
    return check_range(_reading(url, any_text), each)


@cache
def _reading(url: str, any_text: bool) -> Reading:  # noqa: FBT001 - the cache's key
    """Return how this process reads a ledger: through one connection, however many ranges it is given."""
    return partial(open_ledger(url, create=False).reading, any_text=any_text)


def check_range(reading: Reading, each: tuple[int, int]) -> RangeCheck:
    """Check the entries from one number to another; both are where tiles begin, or the ledger's end."""
    start, stop = each
    checked = RangeCheck()
    with reading() as connection:
        rows = read_range(connection, start, stop)
        tiles = read_tiles(connection, 0, start // WIDTH, stop // WIDTH)
        before = connection.execute(select(ENTRY.c.at).where(ENTRY.c.index == start - 1)).scalar_one_or_none()
        for entry in rows.entries.values():
            if entry.supersedes is not None:
                _report(checked, entry.number, check_supersession(connection, entry, rows))
    checked.read = rows.count()
    for index in range(start, stop):
        if (found := rows.entries.get(index)) is None:
            checked.findings.append(Finding(index, msg("missing")))
        else:
            _report(checked, index, check_entry(found, rows))
            _note(checked, found, rows)
            if is_late(before, found.at):
                checked.late.append(index)
            before = found.at
    for child, found_rows in rows.children.items():
        # SQLite keeps a fraction in a column of whole numbers.
        for number in (each for each in found_rows if not isinstance(each, int)):
            reported = msg(
                "{table} has rows of entry {entry}, which is not there", table=child.__tablename__, entry=number
            )
            checked.findings.append(Finding(None, reported))
    for at in range(start, stop, WIDTH):
        _check_leaves(checked, range(at, min(at + WIDTH, stop)), rows, tiles)
    return checked


def _report(checked: RangeCheck, index: int, faults: Iterator[Message]) -> None:
    checked.findings += [Finding(index, what) for what in faults]


def _note(checked: RangeCheck, entry: EntryRow, rows: EntryRange) -> None:
    evaluation = rows.evaluations.get(entry.number)
    if evaluation is not None:
        checked.evaluations += 1
        if evaluation.ruleset not in checked.rulesets:
            checked.rulesets[evaluation.ruleset] = RulesetUse(entry.number, _named_ruleset(evaluation.receipt))
    if entry.kind == KEY_KIND:
        key = parse_public_key(str(parsed(entry.body).get("key")))
        if key is None:
            checked.findings.append(Finding(entry.number, msg("it names no key")))
        else:
            checked.keys.append(NamedKey(entry.number, key))


def _named_ruleset(stored: object) -> RulesetName | None:
    """Return what a stored receipt says of its ruleset; None where it is not a receipt."""
    try:
        return read_receipt(stored_bytes(stored)).content.ruleset
    except ReceiptError:
        return None


def _check_leaves(checked: RangeCheck, numbers: Sequence[int], rows: EntryRange, tiles: Tiles) -> None:
    """Add the leaves of up to a tile's width of entries, and compare a complete tile with what is stored."""
    position = numbers[0] // WIDTH
    tile = tiles.get(position)
    entries = [rows.entries.get(number) for number in numbers]
    leaves = [_NO_LEAF if entry is None else rows.leaves[entry.number].hash for entry in entries]
    columns = [None if entry is None else entry.leaf_hash for entry in entries]
    hashes = sealed(leaves, columns, None if tile is None else tile.hashes)
    checked.leaves += hashes
    if len(hashes) == WIDTH:
        checked.findings += check_tile(0, position, hashes, tile)
        checked.roots.append(root_of(hashes))
