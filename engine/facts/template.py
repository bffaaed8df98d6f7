"""Write a facts file to fill in: every fact type of a ruleset, its fields with their meaning beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import east_asian_width

from engine.base.messages import CHINESE, LANGUAGE, Message, msg
from engine.base.numbers import Number, exact_text, terminates
from engine.facts.model import FactType, FieldType, Value, value_text
from engine.facts.wording import wanted

_COLUMN = 28
"""Where the remarks begin, unless a name is longer."""

_INTRODUCTION = (
    msg("Fill in the values after the colons, then check the file: fenming facts check FILE"),
    msg("If there is nothing of a kind, write [], as in `new_project: []`; copy an entry for each further one."),
    msg("Keep every entry that has a remark next to its id: the form needs it for the indicator in the remark."),
    msg("Lines that begin with # are optional; remove the # to use them."),
    msg("Any fact may list its documents:     evidence: [{{title: …, reference: …, file: …}}]"),
    msg("A `file` is a path from the folder of this file; its size and SHA-256 are recorded with the facts."),
    msg("For a fact that no document shows, give the reason:     assumed: …"),
)

_BARE = re.compile(r"[^\W\d_]\w*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""What YAML readers may take for something else than a text."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One fact that a form needs: the values that identify it, and where the form asks for it."""

    values: Mapping[str, Value]
    places: tuple[tuple[int, str, tuple[str, ...]], ...]
    """The number and name of each indicator, with the titles of its parts."""


def template(
    ruleset: str,
    title: str,
    year: int,
    types: Iterable[FactType],
    optional: Collection[str],
    asked: Mapping[str, Sequence[Asked]],
    translate: Callable[[str], str] = str,
) -> str:
    """Return the text of the file; checked as it is, it reports what is still to be filled in.

    `optional` names the types that may be left out, and `asked` holds the facts that the form needs one by one.
    """
    lines = [f"# {title}", "#", *(f"# {note.text(translate)}" for note in _INTRODUCTION), ""]
    lines += [
        f"ruleset: {ruleset}",
        "case:",
        _line("  department:", "部门"),
        _line(f"  year: {year}", "年度"),
        "",
        "facts:",
    ]
    for fact_type in types:
        if fact_type.schema:
            entries = asked.get(fact_type.name, ())
            lines += ["", *_section(fact_type, entries, fact_type.name in optional, translate)]
    return "\n".join(lines) + "\n"


def _section(
    fact_type: FactType,
    entries: Sequence[Asked],
    optional: bool,  # noqa: FBT001
    translate: Callable[[str], str],
) -> Iterator[str]:
    about = [fact_type.title]
    if translate(LANGUAGE) != CHINESE and fact_type.schema["description"] != fact_type.title:
        about.append(str(fact_type.schema["description"]))
    if optional:
        about.append(msg("May be left out.").text(translate))
    yield f"  # {' — '.join(about)}"
    body = [f"{fact_type.name}:"]
    if fact_type.single:
        body += [f"  {field}" for field in _fields(fact_type, {}, translate)]
    elif not entries:
        body.append(f"  - id: {fact_type.name}-1")
        body += [f"    {field}" for field in _fields(fact_type, {}, translate)]
    for entry, name in zip(entries, _ids(fact_type, entries), strict=True):
        remark = "; ".join(_place(*place).text(translate) for place in entry.places)
        body.append("  " + _line(f"- id: {name}", remark, _COLUMN + 2))
        body += [f"    {field}" for field in _fields(fact_type, entry.values, translate)]
    for line in body:
        yield f"  # {line}" if optional else f"  {line}"


def _ids(fact_type: FactType, entries: Sequence[Asked]) -> list[str]:
    """Return an id for each entry, made of its values where these can be part of an id."""
    names = ["-".join((fact_type.name, *map(value_text, entry.values.values()))) for entry in entries]
    if len(set(names)) == len(names) and all(re.fullmatch(r"[\w.\-]{1,64}", name) for name in names):
        return names
    return [f"{fact_type.name}-{number}" for number in range(1, len(entries) + 1)]


def _place(number: int, name: str, parts: Sequence[str]) -> Message:
    if parts:
        return msg("{number} {name}: {parts}", number=number, name=name, parts=" / ".join(parts))
    return msg("{number} {name}", number=number, name=name)


def _fields(fact_type: FactType, values: Mapping[str, Value], translate: Callable[[str], str]) -> Iterator[str]:
    """Yield a line for each field; at least one is not commented out, since an entry holds something."""
    needed = {name for name, field in fact_type.fields.items() if not field.optional} or set(fact_type.fields)
    for name, field in fact_type.fields.items():
        remark = _remark(field, fact_type).text(translate)
        given = f" {_written(values[name], field, fact_type)}".rstrip() if name in values else ""
        yield _line(f"{name}:{given}" if name in needed or given else f"# {name}:", remark)


def _written(value: Value, field: FieldType, fact_type: FactType) -> str:
    """Write a value as a facts file holds it; nothing where no decimal can be written."""
    if isinstance(value, str):
        bare = _BARE.fullmatch(value) and value.lower() not in _WORDS
        return value if bare else "'" + value.replace("'", "''") + "'"
    if isinstance(value, bool | date) or not isinstance(value, Number):
        return value_text(value)
    percent = fact_type.schema["properties"][field.name].get("format") == "percent"
    number = value * 100 if percent else value
    return f"{exact_text(number)}{'%' if percent else ''} {field.unit}".rstrip() if terminates(number) else ""


def _remark(field: FieldType, fact_type: FactType) -> Message:
    says = wanted(fact_type.schema["properties"][field.name])
    if field.title == field.name:
        return msg("{wanted}; may be left out", wanted=says) if field.optional else says
    if field.optional:
        return msg("{title} — {wanted}; may be left out", title=field.title, wanted=says)
    return msg("{title} — {wanted}", title=field.title, wanted=says)


def _line(start: str, remark: str, column: int = _COLUMN) -> str:
    """Put a remark where remarks begin; a Chinese character takes two columns."""
    width = sum(2 if east_asian_width(character) in "WF" else 1 for character in start)
    return f"{start}{' ' * (column - width)} # {remark}"
