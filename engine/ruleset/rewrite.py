"""Rewrite a ruleset as text: as a copy for another year, or with what somebody has confirmed of it.

Comments and layout stay: only what is said here is changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from engine.base.faults import Refused, problem
from engine.base.messages import msg
from engine.base.places import Place
from engine.documents import read_document, to_plain
from engine.documents.edit import (
    Edit,
    Entry,
    Mapping,
    adding_lines,
    document_end,
    edited,
    indent_of,
    line_end,
    mapping_in,
    newline_of,
    removing,
    replacing_value,
)
from engine.language.vocabulary import vocabulary
from engine.ruleset.provenance import Provenance
from engine.ruleset.review import Item, parted
from schemas import schema

_PLAIN = re.compile(r"[^\W\d_][\w./-]*(?: [\w./-]+)*")
_NOT_TEXTS = {"true", "false", "null", "inf", "nan", "infinity"}
REVIEW_CHECK = "unreviewed"
"""The check of what nobody has confirmed; what one year accepts of it says nothing of the next."""


def ruleset_copy(text: str, file: str, id_: str, year: int, origin: Provenance) -> str:
    """Return the text of a ruleset as that of another id and year, its first revision, of which nothing is reviewed."""
    root = _root(text, file)
    edits = [replacing_value(text, _entry(root, "id"), id_), replacing_value(text, _entry(root, "year"), str(year))]
    if (revision := root.get(*_spellings("revision"))) is not None:
        edits.append(replacing_value(text, revision, "1"))
    dropped = (root.get(*_spellings(section)) for section in ("corrigendum", "provenance", "reviewed"))
    edits += [removing(text, root, section) for section in dropped if section is not None]
    edits += _without_acceptance(text, root)
    spell = _speller(root)
    lines = (
        f"{spell('provenance')}:",
        f"  {spell('from')}: {scalar(origin.origin)}",
        f"  {spell('revision')}: {origin.revision}",
        f'  {spell("text")}: "{origin.text}"',
    )
    indent, after = indent_of(text, root.entries[0]), line_end(text, _entry(root, "year").end)
    edits.append(adding_lines(text, after, [indent + line for line in lines]))
    return edited(text, edits)


def _without_acceptance(text: str, root: Mapping) -> Iterator[Edit]:
    """Take out what the ruleset accepts of the check of what is unreviewed."""
    section = root.get(*_spellings("accepted"))
    accepted = section.mapping if section is not None else None
    entry = accepted.get(REVIEW_CHECK) if accepted is not None else None
    if section is not None and accepted is not None and entry is not None:
        yield removing(text, root, section) if len(accepted.entries) == 1 else removing(text, accepted, entry)


def facts_copy(text: str, ids: tuple[str, str], years: tuple[int, int]) -> str:
    """Return the text of a facts file of a ruleset as one of another: each pair is what it was, and what it becomes.

    What names another ruleset, or is of another year, stays.
    """
    root = mapping_in(text)
    titles = schema("facts.json")["properties"]
    named = root.get("ruleset", titles["ruleset"]["title"]) if root is not None else None
    case = root.get("case", titles["case"]["title"]) if root is not None else None
    if root is None or named is None or case is None or case.mapping is None:
        return text
    year = case.mapping.get("year", titles["case"]["properties"]["year"]["title"])
    edits = []
    if _value(text, named) == ids[0]:
        edits.append(replacing_value(text, named, ids[1]))
    if year is not None and _value(text, year) == str(years[0]):
        edits.append(replacing_value(text, year, str(years[1])))
    return edited(text, edits)


def _value(text: str, entry: Entry) -> str:
    return text[entry.value : entry.end].strip().strip("'\"")


def with_confirmations(text: str, file: str, confirmed: Sequence[Item], by: str, on: str) -> str:
    """Return the text of a ruleset that also says who has confirmed some items, and when; nothing else changes.

    `Refused` where that cannot be done without changing anything else.
    """
    root = _root(text, file)
    spell = _speller(root)
    lines = [(item, _line(item, by, on, spell)) for item in confirmed]
    section = root.get(*_spellings("reviewed"))
    known = section.mapping if section is not None else None
    if section is None:
        at = document_end(text)
        blank = [] if text[:at].endswith(newline_of(text) * 2) else [""]
        indent = indent_of(text, root.entries[0])
        added = [*blank, f"{indent}{spell('reviewed')}:", *(f"{indent}  {line}" for _, line in lines)]
        new = edited(text, [adding_lines(text, at, added)])
    elif known is None or known.in_braces:
        raise _by_hand(file)
    else:
        new = edited(text, _changes(text, known, lines))
    if _but_for_reviews(new, file) != _but_for_reviews(text, file):
        raise _by_hand(file)
    return new


def _changes(text: str, known: Mapping, lines: Sequence[tuple[Item, str]]) -> Iterator[Edit]:
    """Change the lines of what is confirmed again, and add the others below the last line."""
    added = []
    for item, line in lines:
        entries = [entry for entry in known.entries if item.is_called(*parted(entry.key))]
        for entry in entries[:1]:
            yield Edit(entry.start, entry.end, line)
        for entry in entries[1:]:
            yield removing(text, known, entry)
        added += [] if entries else [indent_of(text, known.entries[0]) + line]
    if added:
        yield adding_lines(text, line_end(text, known.entries[-1].end), added)


def _line(item: Item, by: str, on: str, spell: _Speller) -> str:
    called = scalar(item.spelt(chinese=spell.chinese))
    return f'{called}: {{{spell("by")}: {scalar(by)}, {spell("on")}: {on}, {spell("as")}: "{item.content}"}}'


def _but_for_reviews(text: str, file: str) -> Any:
    plain = to_plain(read_document(text, file))
    return {key: value for key, value in plain.items() if key not in _spellings("reviewed")}


def scalar(text: str) -> str:
    """Return a text as YAML has it: as it is where that is safe, else in quotes.

    >>> scalar("条款 5.1"), scalar("5.1"), scalar("null"), scalar("a, b")
    ('条款 5.1', '"5.1"', '"null"', '"a, b"')
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXTS:
        return text
    return json.dumps(text, ensure_ascii=False)


def _root(text: str, file: str) -> Mapping:
    root = mapping_in(text)
    if root is None or root.in_braces:
        raise Refused.because(
            problem("ruleset.in-braces", "The ruleset is written in braces and cannot be edited line by line."),
            msg("Write it as YAML without the outer braces, each entry on its own line."),
            Place(file),
        )
    return root


def _by_hand(file: str) -> Refused:
    return Refused.because(
        problem("ruleset.review-layout", "The section `reviewed` cannot be changed without changing something else."),
        msg(
            "Nothing was written. Write each entry of `reviewed` on its own line, without outer braces, and end the "
            "file with a line break."
        ),
        Place(file),
    )


def _spellings(key: str) -> tuple[str, str]:
    return key, vocabulary("keys").chinese[key]


def _entry(root: Mapping, key: str) -> Entry:
    found = root.get(*_spellings(key))
    assert found is not None, key  # noqa: S101 - the ruleset was read, so that it has it
    return found


class _Speller:
    """Spells keys in the form in which a ruleset writes its own."""

    def __init__(self, *, chinese: bool) -> None:
        self.chinese = chinese

    def __call__(self, key: str) -> str:
        return vocabulary("keys").spelt(key, chinese=self.chinese)


def _speller(root: Mapping) -> _Speller:
    return _Speller(chinese=_entry(root, "id").key != "id")
