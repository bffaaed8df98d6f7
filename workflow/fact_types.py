"""The fact types that a ruleset lists: written there, beside it in its folder `facts`, or shared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import schemas
from engine.base.faults import Fault, problem
from engine.base.messages import msg
from engine.base.sources import fact_type_file, notation_file, shared_type_file
from engine.documents import Node, read_document
from engine.facts.notation import canonical_name, is_marked, is_notation
from engine.facts.words import NAME
from workflow.files import read_text


def type_sources(folder: Path, listed: Node | None) -> tuple[dict[str, str], list[Fault]]:
    """Return the sources of the fact types that a ruleset lists, and what is wrong with the list.

    A type that is not written in the ruleset is looked for in the folder `facts` first, then among the shared ones.
    What is not found is left out; reading the ruleset reports that.
    """
    found: dict[str, str] = {}
    faults: list[Fault] = []
    shared = schemas.fact_types()
    for key, entry in (listed.entries or ()) if listed is not None else ():
        written, called = key.text, key.source or key.text
        own = _own_files(folder, written)
        texts = {file: read_text(str(folder / file)) for file in own}
        faults += _several(called, entry, own)
        if own or is_notation(entry):
            found |= texts
            faults += _hiding(_canonical(written, entry, texts), called, entry, own, shared)
        else:
            faults += _missing(written, called, entry)
            found |= {shared_type_file(written): shared[written]} if written in shared else {}
    return found, faults


def _own_files(folder: Path, written: str) -> list[str]:
    """Return the files of a type beside the ruleset."""
    if not NAME.fullmatch(written):
        return []
    return [file for file in (notation_file(written), fact_type_file(written)) if (folder / file).is_file()]


def _canonical(written: str, entry: Node, texts: dict[str, str]) -> str:
    """Return the name by which rules and receipts know a type of the ruleset's own."""
    file = notation_file(written)
    if file in texts and not is_notation(entry):
        return canonical_name(written, read_document(texts[file], file))
    return canonical_name(written, entry)


def _several(written: str, entry: Node, own: list[str]) -> Iterator[Fault]:
    places = [*own, *(["ruleset.yaml"] if is_notation(entry) else [])]
    if len(places) > 1:
        what = problem(
            "fact-type.several",
            "The fact type “{name}” is described twice: in {one} and in {other}.",
            name=written,
            one=places[0],
            other=places[1],
        )
        yield Fault(what, msg("Keep one of the two."), entry.place)


def _hiding(name: str, called: str, entry: Node, own: list[str], shared: dict[str, str]) -> Iterator[Fault]:
    """Report a fact type of the ruleset's own that hides a shared one without `own`."""
    if name in shared and not is_marked(entry, "own"):
        what = problem(
            "fact-type.shadows",
            "The ruleset's own {file} has the name of a shared fact type.",
            file=own[0] if own else f"“{called}”",
        )
        remedy = msg("If it is meant to replace the shared one, write `own: true` (自有: true) here; else rename it.")
        yield Fault(what, remedy, entry.place)


def _missing(written: str, called: str, entry: Node) -> Iterator[Fault]:
    """Report `own` where the ruleset has no such type."""
    if is_marked(entry, "own"):
        what = problem(
            "fact-type.missing",
            "The fact type “{name}” is said to be the ruleset's own, but there is no {file}.",
            name=called,
            file=notation_file(written),
        )
        remedy = msg("List its fields here, add the file to the ruleset's folder, or remove `own`.")
        yield Fault(what, remedy, entry.place)
