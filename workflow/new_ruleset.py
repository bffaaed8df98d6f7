"""Make a ruleset from another: a copy under another id, of which nothing is reviewed yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.base.faults import Refused, UsageFault, problem
from engine.base.messages import bilingual_text, msg
from engine.base.sources import CALENDAR, RULESET, Sources
from engine.documents import decode, read_document
from engine.ruleset import Ruleset, read_ruleset
from engine.ruleset.provenance import Provenance
from engine.ruleset.rewrite import facts_copy, ruleset_copy
from schemas import schema
from workflow.files import read_bytes, write_folder, write_new
from workflow.library import CASES, LoadedRuleset, find, folders, places_in

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class NewRuleset:
    """A ruleset that was made from another."""

    folder: Path
    ruleset: Ruleset
    origin: Provenance
    files: tuple[str, ...]
    """What was copied, by the path in its folder."""
    changed: tuple[str, ...]
    """The facts files beside it that now name it or its year."""
    calendar: Path | None
    """The calendar that was copied for it."""
    hides: Path | None
    """The program's own ruleset of this id, which this one now takes the place of."""


def new_ruleset(id_: str, origin: str, year: int | None, folder: Path | None) -> NewRuleset:
    """Copy a ruleset with everything beside it to the place of another id, whole or not at all.

    It goes below the `folder` of one's own rulesets, which is made if need be, else among the program's. Comments and
    layout stay; id and year change, the revision is the first again, and it says where it comes from.
    """
    _check_id(id_)
    year = _year(id_, year)
    with _made(folder):
        return _copy(id_, origin, year, folder)


@contextmanager
def _made(folder: Path | None) -> Iterator[None]:
    """Make the folder of one's own rulesets if nothing is there; take it back on an error."""
    if folder is None or folder.exists():
        yield
        return
    write_folder(folder, {})
    try:
        yield
    except BaseException:
        with suppress(OSError):
            folder.rmdir()
        raise


def _copy(id_: str, origin: str, year: int, folder: Path | None) -> NewRuleset:
    target = folders(folder)[0] / id_
    found = find(origin, folder)
    _check_place(id_, target, found, folder)
    copied_from = Provenance(found.ruleset.id, found.ruleset.revision, found.ruleset.text)
    files = {name: read_bytes(str(found.folder / name), -1, msg("Check the path.")) for name in _beside(found.folder)}
    texts = {name: _text(files[name], str(found.folder / name)) for name in files if _is_rewritten(name)}
    rewritten = {
        name: ruleset_copy(text, str(found.folder / name), id_, year, copied_from)
        if name == RULESET
        else facts_copy(text, (found.ruleset.id, id_), (found.ruleset.year, year))
        for name, text in texts.items()
    }
    with places_in(found.folder):
        ruleset = read_ruleset(Sources({**found.sources.files, RULESET: rewritten[RULESET]}), id_)
    changed = tuple(name for name, text in rewritten.items() if name != RULESET and text != texts[name])
    written = {name: _BOM * files[name].startswith(_BOM) + text.encode() for name, text in rewritten.items()}
    with _calendar(found, target, folder) as calendar:
        write_folder(target, {**files, **written})
    hidden = (root / id_ for root in folders(folder)[1:] if (root / id_ / RULESET).is_file())
    return NewRuleset(target, ruleset, copied_from, tuple(files), changed, calendar, next(hidden, None))


def _check_id(id_: str) -> None:
    says = schema("ruleset.json")["properties"]["id"]
    if not re.fullmatch(says["pattern"], id_):
        raise UsageFault.because(
            problem("option.ruleset-id", "“{id}” cannot be the id of a ruleset.", id=id_),
            bilingual_text(says["x-remedy"]),
        )


def _year(id_: str, given: int | None) -> int:
    """Return the year of a new ruleset: the last part of its id, else the one that is given."""
    says = schema("ruleset.json")["properties"]["year"]
    last = id_.rpartition("/")[2]
    is_year = re.fullmatch("[0-9]{4}", last) is not None and says["minimum"] <= int(last) <= says["maximum"]
    if not is_year and given is None:
        raise UsageFault.because(
            problem("option.year-missing", "The id “{id}” does not end in the year of the ruleset.", id=id_),
            msg("Give the year with --year, such as --year 2025."),
        )
    if is_year and given not in (None, int(last)):
        raise UsageFault.because(
            problem(
                "option.year-twice",
                "The id “{id}” is of the year {last}, and --year is {year}.",
                id=id_,
                last=last,
                year=given,
            ),
            msg("Leave out --year, or correct the id."),
        )
    return int(last) if is_year or given is None else given


def _check_place(id_: str, target: Path, found: LoadedRuleset, folder: Path | None) -> None:
    """Refuse a place where something is, and the id of the ruleset that is copied.

    In a folder of one's own a ruleset may take the place of the program's own one of its id.
    """
    exists = target if (target / RULESET).is_file() else found.folder if id_ == found.ruleset.id else None
    if exists is not None:
        raise Refused.because(
            problem("ruleset.exists", "There is already a ruleset “{id}”: {folder}.", id=id_, folder=exists),
            msg("Nothing was written. Give the new ruleset another id."),
        )
    if target.exists() or target.is_symlink():
        raise Refused.because(
            problem("ruleset.folder-exists", "There is already a folder “{folder}”.", folder=target),
            msg("Nothing was written. Give the new ruleset another id, or move the folder away."),
        )
    above = [parent for parent in target.parents if parent.is_relative_to(folders(folder)[0])]
    outer = next((parent for parent in above if (parent / RULESET).is_file()), None)
    if outer is None and target.resolve().is_relative_to(found.folder.resolve()):
        outer = found.folder
    if outer is not None:
        raise Refused.because(
            problem(
                "ruleset.within-another",
                "“{folder}” would be inside the ruleset in “{outer}”.",
                folder=target,
                outer=outer,
            ),
            msg("Nothing was written. Give the new ruleset an id that is not below that of another."),
        )


def _beside(folder: Path) -> Iterator[str]:
    """Yield the path of each file of a ruleset, but for hidden ones and those of a ruleset below it."""
    others = [file.parent for file in folder.rglob(RULESET) if file.parent != folder]
    for file in sorted(folder.rglob("*")):
        within = file.relative_to(folder)
        hidden = any(part.startswith(".") for part in within.parts)
        if file.is_file() and not hidden and not any(file.is_relative_to(other) for other in others):
            yield within.as_posix()


def _is_rewritten(name: str) -> bool:
    """Return whether a file is the ruleset, or may be a facts file on which cases build."""
    is_facts = PurePosixPath(name).parent.name == CASES and name.endswith(".yaml") and not name.endswith(".cases.yaml")
    return name == RULESET or is_facts


def _text(data: bytes, file: str) -> str:
    text = decode(data, file)
    read_document(text, file)
    return text


@contextmanager
def _calendar(found: LoadedRuleset, target: Path, folder: Path | None) -> Iterator[Path | None]:
    """Copy the calendar that a new ruleset needs, if its folder has none of that name; take it back on an error."""
    named, text = found.ruleset.node.get("calendar"), found.sources.files.get(CALENDAR)
    name = f"{named.text}.yaml" if named is not None else ""
    there = any((place / "calendars" / name).is_file() for place in (target, *target.parents))
    if folder is None or text is None or there:
        yield None
        return
    file = folder / "calendars" / name
    is_first = not file.parent.exists()
    try:
        if is_first:
            write_folder(file.parent, {})
        write_new(str(file), text)
        yield file
    except BaseException:
        with suppress(OSError):
            file.unlink(missing_ok=True)
            if is_first:
                file.parent.rmdir()
        raise
