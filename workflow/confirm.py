"""Confirm what a copied ruleset says: choose clauses, parameters and readings, then write down who confirms them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.base.faults import Fault, NotFound, Refused, UsageFault, problem, raise_all
from engine.base.messages import listing, msg
from engine.base.places import Place
from engine.base.sources import RULESET, Sources
from engine.documents import decode
from engine.documents.text import break_in, forbidden_code, shortened
from engine.language.vocabulary import vocabulary
from engine.ruleset import Ruleset, read_ruleset
from engine.ruleset.review import KINDS, Item, is_chinese, items, near, parted, reviews
from engine.ruleset.rewrite import with_confirmations
from workflow.files import changed_meanwhile, read_bytes, replace_file
from workflow.library import LoadedRuleset, find, places_in

_BOM = b"\xef\xbb\xbf"
MOST_OF_A_NAME = 200
"""How long the name of who confirms may be, in characters."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be confirmed: the items that are named, all that are left, or those that were not changed."""

    named: Sequence[str] = ()
    everything: bool = False
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """The items of a ruleset that are to be confirmed."""

    loaded: LoadedRuleset
    items: tuple[Item, ...]

    @property
    def file(self) -> Path:
        """The file that says what is confirmed."""
        return self.loaded.folder / RULESET


def select(name: str, wanted: Wanted, folder: Path | None) -> Selection:
    """Return what there is to confirm in a ruleset; errors for names that it does not have."""
    if bool(wanted.named) + wanted.everything + wanted.unchanged != 1:
        raise UsageFault.because(
            problem("option.what-to-confirm", "What is to be confirmed is not said, or in more than one way."),
            msg("Name items such as “clause 5.1” or “参数 及格线”, or give one of --unchanged and --all."),
        )
    found = find(name, folder)
    ruleset = found.ruleset
    left = [review.item for review in reviews(ruleset) if not review.is_confirmed]
    if wanted.named:
        return Selection(found, _named(wanted.named, ruleset))
    if wanted.everything:
        return Selection(found, tuple(left))
    before = {(item.kind, item.name): item.content for item in items(_origin(found, folder))}
    return Selection(found, tuple(item for item in left if before.get((item.kind, item.name)) == item.content))


def confirm(selection: Selection, by: str, on: date) -> Ruleset:
    """Write down who confirms the items, and return the ruleset as it then is; nothing else of its file changes.

    `Refused` where somebody has changed the file since the items were chosen.
    """
    loaded, file = selection.loaded, selection.file
    if not selection.items:
        return loaded.ruleset
    data = read_bytes(str(file), -1, msg("Check the path."))
    text = decode(data, str(file))
    if text != loaded.sources.files[RULESET]:
        raise changed_meanwhile(str(file))
    new = with_confirmations(text, str(file), selection.items, by, on.isoformat())
    with places_in(loaded.folder):
        ruleset = read_ruleset(Sources({**loaded.sources.files, RULESET: new}), loaded.found_as)
    replace_file(file, data, _BOM * data.startswith(_BOM) + new.encode())
    return ruleset


def person(given: str) -> str:
    """Return the name of who confirms; `UsageFault` unless it is one."""
    name = given.strip()
    if not name or len(name) > MOST_OF_A_NAME or break_in(name) is not None or forbidden_code(name) is not None:
        raise UsageFault.because(
            problem("option.by", "“{name}” is not the name of a person.", name=shortened(given)),
            msg(
                "Give a name on one line with --by, {most} characters at most, without invisible characters.",
                most=MOST_OF_A_NAME,
            ),
        )
    return name


def day(given: str) -> date:
    """Return the day that is written as in `2024-12-31`; `UsageFault` for all else."""
    try:
        found = date.fromisoformat(given)
    except ValueError:
        found = None
    if found is None or found.isoformat() != given:
        raise UsageFault.because(
            problem("option.date", "“{text}” is not a date.", text=shortened(given)),
            msg("Write the year, the month and the day as in `2024-12-31`."),
        )
    return found


def _named(words: Sequence[str], ruleset: Ruleset) -> tuple[Item, ...]:
    known, faults = items(ruleset), []
    found: list[Item] = []
    for called in _called(words):
        of_it = [item for item in known if item.is_called(*parted(called))]
        if len(of_it) == 1:
            found += [item for item in of_it if item not in found]
        else:
            faults.append(_no_item(called, ruleset, of_it or known))
    raise_all(NotFound, faults)
    return tuple(found)


def _called(words: Sequence[str]) -> Iterator[str]:
    """Yield what items are called; a kind by itself belongs to the names after it: `clause 5.1 5.2 reading R1`."""
    kind, alone = "", False
    for word in words:
        if _is_kind(word):
            if alone:
                yield kind
            kind, alone = word, True
        elif kind and not _is_kind(parted(word)[0]):
            alone = False
            yield f"{kind} {word}"
        else:
            if alone:
                yield kind
            kind, alone = "", False
            yield word
    if alone:
        yield kind


def _is_kind(word: str) -> bool:
    return vocabulary("values").canonical(word.strip()) in KINDS


def _no_item(called: str, ruleset: Ruleset, known: Sequence[Item]) -> Fault:
    close = near(called, known, chinese=is_chinese(ruleset))
    return Fault(
        problem("ruleset.no-item", "The ruleset has no clause, parameter or reading called “{item}”.", item=called),
        msg("Nothing was confirmed. Did you mean one of these: {names}?", names=listing(f"“{each}”" for each in close))
        if close
        else msg("Nothing was confirmed. Name it as in “clause 5.1”, “parameter pass_line” or “reading R1”."),
    )


def _origin(found: LoadedRuleset, folder: Path | None) -> Ruleset:
    """Return the ruleset from which another was copied, as it then was."""
    provenance, place = found.ruleset.provenance, Place(str(found.folder / RULESET))
    if provenance is None:
        raise Refused.because(
            problem("ruleset.no-provenance", "The ruleset does not say from which one it was copied."),
            msg("Nothing was confirmed. Name the items, or confirm all that are left with --all."),
            place,
        )
    origin = find(provenance.origin, folder).ruleset
    if origin.text != provenance.text:
        raise Refused.because(
            problem(
                "ruleset.origin-changed",
                "“{origin}” is no longer the text from which this ruleset was copied.",
                origin=provenance.origin,
            ),
            msg("Nothing was confirmed. Compare the two with `fenming ruleset diff`, and name the items."),
            place,
        )
    return origin
