"""Who chose the readings, and when: said once for all of a ruleset's readings, or in one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.base.faults import Fault, problem
from engine.base.messages import msg
from engine.documents.node import Node

_DECIDED = "decided"


def with_decisions(root: Node) -> Node:
    """Return a ruleset's document whose readings say who decided them, where it says so once for all."""
    decided, readings = root.key(_DECIDED), root.get("readings")
    if decided is None or readings is None or not readings.is_mapping:
        return root
    shared = (decided, root[_DECIDED])
    entries = tuple((key, _with_entry(reading, shared)) for key, reading in readings.entries or ())
    filled = replace(readings, entries=entries)
    return replace(
        root,
        entries=tuple((key, filled if value is readings else value) for key, value in root.entries or ()),
    )


def _with_entry(reading: Node, entry: tuple[Node, Node]) -> Node:
    if not reading.is_mapping or reading.get(_DECIDED) is not None:
        return reading
    return replace(reading, entries=(*(reading.entries or ()), entry))


def undecided(root: Node) -> Iterator[Fault]:
    """Find the readings of a ruleset of which nobody is said to have chosen them."""
    readings = root.get("readings")
    for name, reading in readings.items() if readings is not None else ():
        if reading.get(_DECIDED) is None:
            what = problem("ruleset.undecided", "Reading {name} does not say who decided it, and when.", name=name)
            remedy = msg(
                "Add `{example}` to it, or above the readings for all of them.",
                example="decided: {by: …, on: 2025-03-01}",
            )
            yield Fault(what, remedy, reading.place)
