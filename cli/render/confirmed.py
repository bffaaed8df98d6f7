"""What is confirmed of a ruleset, and what is left."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from cli.terminal.session import Session
from engine.base.messages import msg, plural
from engine.documents.text import shortened
from engine.language.vocabulary import vocabulary
from engine.ruleset import Ruleset
from engine.ruleset.review import Item, is_chinese, reviews
from workflow.confirm import Selection

_SHOWN = 60
"""How many characters of an item's words are shown."""
_MOST_NAMED = 20
"""How many items that are left are named."""
_PLAIN = re.compile(r"[\w.-]+")


def render_selection(session: Session, selection: Selection) -> None:
    """Print each item that is to be confirmed, with the beginning of its words."""
    chinese = is_chinese(selection.loaded.ruleset)
    for item in selection.items:
        session.print(f"{item.spelt(chinese=chinese)}  {shortened(session.say(item.words), _SHOWN)}")


def render_confirmed(session: Session, selection: Selection, done: Ruleset, by: str, on: date) -> None:
    """Print how many are confirmed, by whom, and what is left."""
    left, count = _left(done), len(selection.items)
    if not count:
        session.report(msg("There is nothing to confirm; nothing was written."))
    else:
        session.report(
            plural(
                "{count} item confirmed by {by} on {on}.",
                "{count} items confirmed by {by} on {on}.",
                count=count,
                by=by,
                on=on.isoformat(),
            )
        )
    if len(left) in range(1, _MOST_NAMED + 1):
        session.report(
            plural(
                "{count} clause, parameter or reading is not reviewed: {names}.",
                "{count} clauses, parameters and readings are not reviewed: {names}.",
                count=len(left),
                names=_called(left, chinese=is_chinese(done)),
            )
        )
    elif left:
        session.report(
            plural(
                "{count} clause, parameter or reading is not reviewed: `fenming ruleset test {id}` lists it.",
                "{count} clauses, parameters and readings are not reviewed: `fenming ruleset test {id}` lists them.",
                count=len(left),
                id=done.id,
            )
        )
    else:
        session.report(msg("Every clause, parameter and reading is reviewed."))


def confirmed_json(selection: Selection, done: Ruleset, by: str, on: date) -> dict[str, Any]:
    """Return the same as JSON."""
    chinese = is_chinese(selection.loaded.ruleset)

    def names(items: tuple[Item, ...]) -> list[str]:
        return [item.spelt(chinese=chinese) for item in items]

    return {
        "id": done.id,
        "file": str(selection.file),
        "text": done.text,
        "by": by,
        "on": on.isoformat(),
        "confirmed": names(selection.items),
        "left": names(_left(done)),
    }


def _called(items: Sequence[Item], *, chinese: bool) -> str:
    """Return the names of items as `ruleset confirm` takes them, each kind once before its names."""
    values = vocabulary("values")
    words = (
        [values.spelt(kind, chinese=chinese), *(_quoted(item.written) for item in group)]
        for kind, group in groupby(items, lambda item: item.kind)
    )
    return " ".join(word for group in words for word in group)


def _quoted(name: str) -> str:
    """Return a name as a shell takes it; quotes only where it needs them."""
    return name if _PLAIN.fullmatch(name) else shlex.quote(name)


def _left(ruleset: Ruleset) -> tuple[Item, ...]:
    return tuple(review.item for review in reviews(ruleset) if not review.is_confirmed)
