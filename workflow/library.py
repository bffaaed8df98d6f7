"""The library of rulesets on disk: found by id, read as sources."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import rulesets as rulesets_package
from engine.base.faults import Fault, FenmingError, NotFound, RulesetError, problem, raise_all
from engine.base.likeness import likeliest
from engine.base.messages import listing, msg
from engine.base.sources import CALENDAR, RULESET, TRANSLATIONS, Sources
from engine.documents import Node
from engine.ruleset import Ruleset, read_ruleset
from engine.ruleset.surface import open_ruleset
from workflow.fact_types import type_sources
from workflow.files import read_text

CASES = "cases"


@dataclass(frozen=True, slots=True)
class LoadedRuleset:
    """A ruleset that was found on disk and read."""

    folder: Path
    found_as: str | None
    """The id that its place below a folder of rulesets gives it; None where it was named by a path elsewhere."""
    sources: Sources
    ruleset: Ruleset


def folders(extra: Path | None) -> list[Path]:
    """Return the folders that hold rulesets: the one that is named first, then the program's own."""
    own = Path(rulesets_package.__file__).parent
    if extra is None:
        return [own]
    if not extra.is_dir():
        raise NotFound(
            Fault(
                problem("ruleset.no-folder", "There is no folder “{folder}” to find rulesets in.", folder=extra),
                msg("Check --rulesets and FENMING_RULESETS."),
            )
        )
    return [extra, own]


def rulesets(extra: Path | None) -> Iterator[str]:
    """Yield the ids of all rulesets, sorted; an id is the path of a folder that holds ruleset.yaml."""
    found = {file.parent.relative_to(folder).as_posix() for folder in folders(extra) for file in folder.rglob(RULESET)}
    yield from sorted(found)


def folder_of(ruleset: str, extra: Path | None) -> Path:
    """Return the folder of a ruleset by its id, or by the path of a folder; `NotFound` if it is unknown."""
    for folder in folders(extra):
        if (
            ruleset
            and not ruleset.startswith("/")
            and ".." not in ruleset.split("/")
            and (folder / ruleset / RULESET).is_file()
        ):
            return folder / ruleset
    if (Path(ruleset) / RULESET).is_file():
        return Path(ruleset)
    known = list(rulesets(extra))
    near = likeliest(ruleset, known)
    raise NotFound(
        Fault(
            problem("ruleset.missing", "There is no ruleset “{name}”.", name=ruleset),
            msg("Did you mean “{near}”?", near=near) if near else msg("What is known: {names}.", names=listing(known)),
        )
    )


def find(ruleset: str, extra: Path | None) -> LoadedRuleset:
    """Find a ruleset by its id, or by the path of a folder, and read it; its id must be the one of its place."""
    folder = folder_of(ruleset, extra)
    found_as = _id_of_place(folder, extra)
    with places_in(folder):
        sources = sources_of(folder)
        return LoadedRuleset(folder, found_as, sources, read_ruleset(sources, found_as))


def _id_of_place(folder: Path, extra: Path | None) -> str | None:
    """Return the id that a folder's place below the nearest folder of rulesets gives it; None outside of these.

    Its path counts as it is spelt first: a link among the rulesets is found by its own name.
    """
    for spelt in (os.path.abspath, os.path.realpath):
        place = Path(spelt(folder))
        above = {Path(spelt(root)) for root in folders(extra)}
        for root in place.parents:
            if root in above:
                return place.relative_to(root).as_posix()
    return None


@contextmanager
def places_in(folder: Path) -> Iterator[None]:
    """Let the faults of a ruleset name its files as they are on disk, not as sources name them."""
    try:
        yield
    except FenmingError as error:
        raise type(error)(*(_placed(fault, folder) for fault in error.faults)) from None


def _placed(fault: Fault, folder: Path) -> Fault:
    if fault.where.file == RULESET or (folder / fault.where.file).is_file():
        return replace(fault, where=replace(fault.where, file=str(folder / fault.where.file)))
    return fault


def sources_of(folder: Path) -> Sources:
    """Return the sources of a ruleset: its text, its fact types, its calendar.

    What is not found is left out; reading the ruleset reports that with its place.
    """
    text = read_text(str(folder / RULESET))
    found = {RULESET: text}
    for beside in TRANSLATIONS.values():
        if (folder / beside).is_file():
            found[beside] = read_text(str(folder / beside))
    root = open_ruleset(found)
    types, faults = type_sources(folder, root.get("facts"))
    found |= types
    raise_all(RulesetError, faults)
    calendar = root.get("calendar")
    if calendar is not None:
        for place in (folder, *folder.parents):
            file = place / "calendars" / f"{calendar.text}.yaml"
            if file.is_file():
                found[CALENDAR] = read_text(str(file))
                break
        else:
            raise_all(RulesetError, _calendar_faults(calendar, folder))
    return Sources(found)


def _calendar_faults(named: Node, folder: Path) -> Iterator[Fault]:
    """Report a calendar that is not there, where one of nearly the same name is."""
    known = {file.stem for place in (folder, *folder.parents) for file in (place / "calendars").glob("*.yaml")}
    if near := likeliest(named.text, sorted(known)):
        what = problem("ruleset.calendar", "There is no working-day calendar “{name}”.", name=named.text)
        yield Fault(what, msg("Did you mean “{near}”?", near=near), named.place)


def cases_of(folder: Path) -> dict[str, str]:
    """Return the golden cases beside a ruleset: the text of each file by name."""
    place = folder / CASES
    files = sorted((*place.glob("*.yaml"), *place.glob("*.cases.csv"))) if place.is_dir() else ()
    return {file.name: read_text(str(file)) for file in files}


def case_names(folder: Path) -> list[str]:
    """Return the names of all files next to the golden cases, except hidden ones."""
    place = folder / CASES
    files = sorted(file.relative_to(place) for file in place.rglob("*") if file.is_file())
    return [file.as_posix() for file in files if not any(part.startswith(".") for part in file.parts)]
