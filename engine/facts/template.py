"""Write a facts file to fill in: every fact type of a ruleset, its fields with their meaning beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from unicodedata import east_asian_width

from engine.base.messages import CHINESE, LANGUAGE, Message, msg
from engine.base.numbers import Number, exact_text, terminates
from engine.facts.model import FactType, FieldType, Value, value_text
from engine.facts.read import schema_of
from engine.facts.titles import named
from engine.facts.wording import wanted
from engine.facts.words import is_chinese
from schemas import schema

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

_HEAD: Mapping[str, Any] = schema("facts.json")["properties"]
_BARE = re.compile(r"[^\W\d_]\w*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""What YAML readers may take for something else than a text."""
_ID = re.compile(r"[\w.\-]{1,64}")
_BARE_KEY = re.compile(r"[^\W\d_][\w（）()、/%·-]*")


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
    chinese = translate(LANGUAGE) == CHINESE
    called = {name: _called(name, _HEAD, chinese=chinese) for name in ("ruleset", "case", "facts")}
    case = _HEAD["case"]["properties"]
    lines = [f"# {title}", "#", *(f"# {note.text(translate)}" for note in _INTRODUCTION), ""]
    lines += [
        f"{called['ruleset']}: {ruleset}",
        f"{called['case']}:",
        *(
            _line(f"  {_called(name, case, chinese=chinese)}:{value}", "" if chinese else case[name]["title"])
            for name, value in (("department", ""), ("year", f" {year}"))
        ),
        "",
        f"{called['facts']}:",
    ]
    given = {fact_type.name: fact_type for fact_type in types if fact_type.schema}
    titles = {name: {"title": fact_type.title} for name, fact_type in given.items()}
    for name, fact_type in given.items():
        section = _Section(fact_type, _called(name, titles, chinese=chinese), chinese, translate)
        lines += ["", *section.lines(asked.get(name, ()), optional=name in optional)]
    return "\n".join(lines) + "\n"


def _called(name: str, fields: Mapping[str, Any], *, chinese: bool) -> str:
    """Return a name or, in Chinese, the title by which a facts file may call it as well."""
    title = str(fields[name].get("title", "")) if chinese else ""
    if not title or named(title, fields) != name:
        return name
    return title if _BARE_KEY.fullmatch(title) and title.lower() not in _WORDS else "'" + title.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class _Section:
    """The part of the file for one fact type."""

    fact_type: FactType
    called: str
    chinese: bool
    translate: Callable[[str], str]

    def lines(self, entries: Sequence[Asked], *, optional: bool) -> Iterator[str]:
        """Yield its lines."""
        fact_type, description = self.fact_type, str(self.fact_type.schema["description"])
        about = [fact_type.title]
        if description != fact_type.title and is_chinese(description) == self.chinese:
            about.append(description)
        if optional:
            about.append(msg("May be left out.").text(self.translate))
        yield f"  # {' — '.join(about)}"
        key = self.field("id")
        body = [f"{self.called}:"]
        if fact_type.single:
            body += [f"  {field}" for field in self.fields({})]
        elif not entries:
            body.append(f"  - {key}: {_ids(fact_type, self.called, [Asked({}, ())])[0]}")
            body += [f"    {field}" for field in self.fields({})]
        for entry, name in zip(entries, _ids(fact_type, self.called, entries), strict=True):
            remark = "; ".join(_place(*place).text(self.translate) for place in entry.places)
            body.append("  " + _line(f"- {key}: {name}", remark, _COLUMN + 2))
            body += [f"    {field}" for field in self.fields(entry.values)]
        for line in body:
            yield f"  # {line}" if optional else f"  {line}"

    def field(self, name: str) -> str:
        """Return what a field is called."""
        return _called(name, schema_of(self.fact_type)["properties"], chinese=self.chinese)

    def fields(self, values: Mapping[str, Value]) -> Iterator[str]:
        """Yield a line for each field; at least one is not commented out, since an entry holds something."""
        fields = self.fact_type.fields
        needed = {name for name, field in fields.items() if not field.optional} or set(fields)
        for name, field in fields.items():
            says, called = self.fact_type.schema["properties"][name], self.field(name)
            remark = _remark(field, called.strip("'"), says).text(self.translate)
            description = str(says.get("description", ""))
            if description not in ("", field.title) and is_chinese(description) == self.chinese:
                remark = msg("{remark}; {description}", remark=remark, description=description).text(self.translate)
            given = f" {_written(values[name], field, self.fact_type)}".rstrip() if name in values else ""
            yield _line(f"{called}:{given}" if name in needed or given else f"# {called}:", remark)


def _ids(fact_type: FactType, called: str, entries: Sequence[Asked]) -> list[str]:
    """Return an id for each entry, made of its type and values where these can be part of an id."""
    start = called if _ID.fullmatch(called) else fact_type.name
    names = ["-".join((start, *map(value_text, entry.values.values()))) for entry in entries]
    if len(set(names)) == len(names) and all(map(_ID.fullmatch, names)) and all(entry.values for entry in entries):
        return names
    return [f"{start}-{number}" for number in range(1, len(entries) + 1)]


def _place(number: int, name: str, parts: Sequence[str]) -> Message:
    if parts:
        return msg("{number} {name}: {parts}", number=number, name=name, parts=" / ".join(parts))
    return msg("{number} {name}", number=number, name=name)


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


def _remark(field: FieldType, called: str, says: Mapping[str, Any]) -> Message:
    form = wanted(says)
    if field.title == called:
        return msg("{wanted}; may be left out", wanted=form) if field.optional else form
    if field.optional:
        return msg("{title} — {wanted}; may be left out", title=field.title, wanted=form)
    return msg("{title} — {wanted}", title=field.title, wanted=form)


def _line(start: str, remark: str, column: int = _COLUMN) -> str:
    """Put a remark where remarks begin; a Chinese character takes two columns."""
    width = sum(2 if east_asian_width(character) in "WF" else 1 for character in start)
    return f"{start}{' ' * (column - width)} # {remark}" if remark else start
