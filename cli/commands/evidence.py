"""Evidence files: whether they are still what was recorded when the facts were submitted."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.commands.kinds import Command, Group
from cli.commands.options import EvaluationArgument, JsonOption, LedgerOption
from cli.i18n import _
from cli.session import Session, UsageFault
from engine.base.faults import Fault
from engine.base.messages import Message, msg
from engine.base.places import Place

if TYPE_CHECKING:
    from cli.evidence import Looked
    from engine.facts import FileDigest
    from engine.receipt import Content
    from engine.receipt.model import EvidenceLine

app = typer.Typer(cls=Group, no_args_is_help=True)

DIFFERENCE = 1

STATES = ("changed", "gone", "unreadable", "not_recorded", "same")
"""What can become of a file, in the order of the answer: first what somebody has to look at."""


@dataclass(frozen=True, slots=True)
class Named:
    """A file that an evaluation's evidence names: what was recorded of it, by which facts, under which titles."""

    file: str
    recorded: FileDigest | None
    facts: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A file of evidence and what became of it."""

    named: Named
    state: str
    found: FileDigest | None = None
    reason: Message | None = None
    """Why it is gone or unreadable."""


@app.callback()
def group() -> None:
    """Keep `check` a command of its own, although it is the only one yet."""


@app.command(
    "check", cls=Command, help=_("Report which evidence files of an evaluation are unchanged, changed or gone.")
)
def check(
    context: typer.Context,
    evaluation: EvaluationArgument,
    folder: Annotated[
        str | None,
        typer.Option(
            "--folder", metavar=_("FOLDER"), help=_("The folder of the facts file. Default: the working folder.")
        ),
    ] = None,
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare the files of evidence with the receipt."""
    session: Session = context.obj
    from cli.evidence import look

    with session.ledger(ledger) as opened:
        recorded = opened.find(evaluation)
        content = opened.receipt(recorded.id).content
    named = named_in(content)
    place = folder or "."
    if not os.path.isdir(place):  # noqa: PTH112 - what cannot even be looked at is not a folder either
        raise UsageFault(
            Fault(
                msg("There is no folder “{folder}” to look for evidence in.", folder=place),
                msg("Give --folder the folder of the facts file."),
                Place(place),
            )
        )
    looked = look(session, Path(place), [one.file for one in named if one.recorded is not None])
    checked = sorted((_checked(one, looked) for one in named), key=lambda c: (STATES.index(c.state), c.named.file))
    if as_json:
        session.json(
            {
                "evaluation": recorded.id,
                "counts": {state: sum(c.state == state for c in checked) for state in STATES},
                "files": [_content(session, one) for one in checked],
            }
        )
    else:
        from cli.render.evidence import print_checked

        print_checked(session, recorded.id, checked, Counter(one.state for one in checked))
    if any(one.state in ("changed", "gone", "unreadable") for one in checked):
        raise typer.Exit(DIFFERENCE)


def named_in(content: Content) -> list[Named]:
    """Return the files that a receipt's evidence names, each once with all that name it."""
    by_file: dict[tuple[str, FileDigest | None], list[tuple[str, str]]] = {}
    for fact, item, digest in _items(content):
        by_file.setdefault((item.file, digest), []).append((fact, item.title))
    return [
        Named(file, digest, *(tuple(dict.fromkeys(words)) for words in zip(*naming, strict=True)))
        for (file, digest), naming in by_file.items()
    ]


def _items(content: Content) -> Iterator[tuple[str, EvidenceLine, FileDigest | None]]:
    from engine.facts import FileDigest

    for fact in content.facts:
        for item in fact.evidence:
            if item.file:
                yield (
                    fact.id,
                    item,
                    None if item.sha256 is None or item.size is None else FileDigest(item.sha256, item.size),
                )


def _checked(named: Named, looked: Mapping[str, Looked]) -> Checked:
    from cli.evidence import Trouble

    if named.recorded is None:
        return Checked(named, "not_recorded")
    found = looked[named.file]
    if isinstance(found, Trouble):
        return Checked(named, "gone" if found.gone else "unreadable", reason=found.what)
    return Checked(named, "same" if found == named.recorded else "changed", found)


def _content(session: Session, checked: Checked) -> dict[str, Any]:
    named = checked.named
    return {
        "file": named.file,
        "state": checked.state,
        "facts": list(named.facts),
        "titles": list(named.titles),
        "was": _digest_content(named.recorded),
        "now": _digest_content(checked.found),
        "reason": None if checked.reason is None else session.say(checked.reason),
    }


def _digest_content(digest: FileDigest | None) -> dict[str, Any]:
    return {"sha256": digest and digest.sha256, "size": digest and digest.size}
