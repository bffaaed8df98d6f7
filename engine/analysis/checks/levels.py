"""Names of levels that look like two spellings of one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from engine.analysis.checks.finding import Finding
from engine.analysis.material.material import Material
from engine.base.messages import msg
from engine.base.places import Place
from engine.ruleset.model import Indicator

_SHORTEST = 4
"""Names with fewer characters differ by one although they are two: 数量, 质量."""
_ORDINALS = frozenset("0123456789一二三四五六七八九十甲乙丙丁戊己庚辛壬癸上下前后内外abcdefghij")
_APART = frozenset({frozenset("数质")})
"""Pairs of characters that make two names of the usual forms: 数量指标, 质量指标."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A name of a level, and the first indicator that is under it."""

    name: str
    level: int
    first: Indicator
    count: int
    """How many indicators are under it."""

    @property
    def place(self) -> Place:
        """Where the first indicator has the name."""
        return self.first.node["path"].elements[self.level - 1].place


def similar_level_names(material: Material) -> Iterator[Finding]:
    """Find names under one level that differ by a blank, a sign or one character; the rarer is reported."""
    for group in _groups(material.ruleset.indicators):
        for one, other in combinations(group, 2):
            if _is_similar(one.name, other.name):
                right, wrong = (other, one) if one.count < other.count else (one, other)
                yield Finding(
                    "similar-level-names",
                    f"{wrong.name}/{right.name}",
                    msg(
                        "“{name}” of indicator {number} and “{other}” of indicator {other_number} differ by a blank, "
                        "a sign or one character, and count as two levels.",
                        name=wrong.name,
                        number=wrong.first.number,
                        other=right.name,
                        other_number=right.first.number,
                    ),
                    msg("Write one name in both; accept the finding if they are two."),
                    wrong.place,
                )


def _groups(indicators: Sequence[Indicator]) -> Iterator[Sequence[_Named]]:
    """Yield the names at each level, those under one name of the level above together."""
    groups: dict[tuple[str, ...], dict[str, list[Indicator]]] = {}
    for indicator in indicators:
        for level, name in enumerate(indicator.path):
            groups.setdefault(indicator.path[:level], {}).setdefault(name, []).append(indicator)
    for above, names in groups.items():
        yield [_Named(name, len(above) + 1, below[0], len(below)) for name, below in names.items()]


def _is_similar(one: str, other: str) -> bool:
    """Return whether two names look like one.

    >>> [_is_similar("管理效率", other) for other in ("管理 效率", "管理（效率）", "管理效绿")]
    [True, True, True]
    >>> [_is_similar(f"{sign}量指标", "数量指标") for sign in "质一"], _is_similar("管理一", "管理二")
    ([False, True], False)
    """
    left, right = _letters(one), _letters(other)
    if left == right:
        return True
    return min(len(left), len(right)) >= _SHORTEST and _differ_by_one(*sorted((left, right), key=len))


def _letters(name: str) -> str:
    """Return a name without blanks and signs, full-width letters as plain ones."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())


def _differ_by_one(short: str, long: str) -> bool:
    """Return whether one character is another, is missing, or has changed places with the next."""
    start = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(long) == len(short) + 1:
        return short[start:] == long[start + 1 :] and long[start] not in _ORDINALS
    if len(long) != len(short):
        return False
    if short[start + 1 :] == long[start + 1 :]:
        pair = frozenset((short[start], long[start]))
        return pair not in _APART and not pair <= _ORDINALS
    return short[start : start + 2] == long[start : start + 2][::-1] and short[start + 2 :] == long[start + 2 :]
