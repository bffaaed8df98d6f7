"""Showing where two texts of one ruleset differ, so that nobody has to look for it."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import islice, takewhile, zip_longest

from engine.base.sources import Sources, is_own

_MOST_LINES = 5
_LONGEST = 60
_BEFORE = 20
"""How many characters are shown before the first that differs."""

_SIGNS = {" ": "␣", "\t": "⇥", "\r": "␍"}
"""How white space is shown that a reader would not see."""


def changed_names(old: Sources, new: Sources) -> list[str]:
    """Return the names of the sources that are not the same in both."""
    return [name for name in sorted({*old.files, *new.files}) if old.files.get(name) != new.files.get(name)]


def differences(old: Sources, new: Sources) -> str:
    """Write which of the ruleset's own texts differ, and the first lines that do, old and new."""
    return "; ".join(_difference(name, old, new) for name in changed_names(old, new) if is_own(name))


def _difference(name: str, old: Sources, new: Sources) -> str:
    if name not in old.files or name not in new.files:
        return f"{'+' if name in new.files else '−'} {name}"
    # Not by `splitlines`, to which two kinds of line breaks are the same.
    was, now = old.files[name].split("\n"), new.files[name].split("\n")
    changes = [each for each in SequenceMatcher(None, was, now, autojunk=False).get_opcodes() if each[0] != "equal"]
    lines = [
        f"{name}:{first + place + 1} {changed_line(before, after)}"
        for _, start, end, first, last in changes
        for place, (before, after) in enumerate(zip_longest(was[start:end], now[first:last]))
    ]
    more = [f"… ({len(lines) - _MOST_LINES})"] if len(lines) > _MOST_LINES else []
    return ", ".join([*islice(lines, _MOST_LINES), *more])


def changed_line(before: str | None, after: str | None) -> str:
    """Write a line as it was and as it is now, from shortly before the first character that differs.

    White space that differs is shown by signs; what is the same at both ends is left out. None is a line that is
    not there.
    """
    if before is None or after is None:
        return f"+“{_cut(after or '', 0)}”" if before is None else f"−“{_cut(before, 0)}”"
    spaced = before.split() == after.split() and before.strip() != after.strip()
    indent = _same(before, after, only_blank=True)
    was, now = before[indent:], after[indent:]
    trailing = _same(was[::-1], now[::-1], only_blank=True)
    was, now = was[: len(was) - trailing], now[: len(now) - trailing]
    start = _same(was, now)
    return f"−“{_cut(was, start, spaced=spaced)}” +“{_cut(now, start, spaced=spaced)}”"


def _same(one: str, other: str, *, only_blank: bool = False) -> int:
    """Return how many characters two lines begin with that are the same."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1] and (not only_blank or pair[0].isspace()), pairs))


def _cut(line: str, start: int, *, spaced: bool = False) -> str:
    """Return a line around the first difference, with signs for the white space at its ends, or for all of it."""
    inner = range(len(line) - len(line.lstrip()), len(line.rstrip()))
    shown = [_visible(each) if spaced or at not in inner else each for at, each in enumerate(line)]
    first = max(0, start - _BEFORE) if len(line) > _LONGEST else 0
    last = first + _LONGEST
    return f"{'…' if first else ''}{''.join(shown[first:last])}{'…' if last < len(line) else ''}"


def _visible(character: str) -> str:
    """Return a sign for white space; another character as it is."""
    return _SIGNS.get(character, f"<U+{ord(character):04X}>") if character.isspace() else character
