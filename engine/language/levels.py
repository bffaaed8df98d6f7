"""The levels of a form by their paths: which of them a name means, and how far up a scope reaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.base.faults import Problem, problem
from engine.base.messages import Message, listing, msg

DEPTHS: Mapping[str, int] = {"total": 0, "level_1": 1, "level_2": 2}
"""How deep the level is that an act of an indicator's rule reaches, by its scope."""


def levels_called(name: str, levels: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the paths of the levels with a name, or the one whose whole path is written.

    >>> levels_called("资金", [(), ("投入",), ("投入", "资金"), ("过程", "资金")])
    [('投入', '资金'), ('过程', '资金')]
    >>> levels_called("过程/资金", [("投入", "资金"), ("过程", "资金")])
    [('过程', '资金')]
    """
    return [path for path in levels if path and (path[-1] == name or "/".join(path) == name)]


def not_one_level(
    name: str, found: Sequence[tuple[str, ...]], levels: Iterable[tuple[str, ...]]
) -> tuple[Problem, Message]:
    """Return what is wrong where several levels have a name, or no level has it, with the remedy."""
    remedy = msg("Write one of: {names}.", names=listing("/".join(path) for path in found or levels if path))
    if found:
        return problem("expression.several-levels", "Several levels are called “{name}”.", name=name), remedy
    return problem("expression.no-level", "The form has no level “{name}”.", name=name), remedy
