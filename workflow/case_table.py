"""Golden cases as a table: a CSV file with one case a row, made into the document that a YAML file of cases is."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.base.faults import FactsError, Fault, InvalidInput, problem, raise_all
from engine.base.messages import msg
from engine.base.numbers import read_decimal
from engine.base.places import Place
from engine.documents import Node
from engine.language.vocabulary import vocabulary
from engine.ruleset.spoken import in_chinese
from workflow.case_form import EXPECTED, Beside, cases_document, key_meant, mostly_chinese

SUFFIX = ".cases.csv"
_LISTS = frozenset(name for name, says in EXPECTED.items() if says["type"] == "array")
_HEADS: Mapping[str, tuple[int, int]] = {
    "name": (0, 0), "base": (0, 0), "readings": (1, 1), "facts": (2, 9), "expect": (1, 9),
}  # fmt: skip
"""The first parts of columns, and how many parts may follow each."""
_DOT = re.compile("[.．]")
_BETWEEN = re.compile(r"[\s;；、]+")
_EMPTY_LIST = "[]"
_NULL = "null"
_BOOLEANS: Mapping[str, bool] = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell that is filled in: the parts of its column's name, and what it says."""

    column: tuple[str, ...]
    """The first part is the key that is meant, the others are as they are written."""
    text: str
    place: Place

    def node(self, value: str | None) -> Node:
        """Return the cell as a scalar."""
        return Node(self.place, value, self.text)


def table_documents(text: str, file: str, beside: Beside) -> Iterator[Node]:
    """Yield a document of cases for each row of a table; the facts that a row changes are those of its base."""
    (_, columns), *rows = _rows(text.removeprefix("\ufeff"), file) or [(1, [])]
    chinese = mostly_chinese(column.split(".")[0] for column in columns if column)
    raise_all(FactsError, [*_column_faults(columns, file, chinese=chinese), *_width_faults(rows, len(columns), file)])
    parts = [_parts(column) for column in columns]
    for line, row in rows:
        cells = [
            _Cell(found, cell, Place(file, line, None, f"/{column}"))
            for column, found, cell in zip(columns, parts, row, strict=False)
            if cell
        ]
        if cells:
            yield _document(cells, Place(file, line), beside, chinese=chinese)


def _parts(column: str) -> tuple[str, ...]:
    head, *rest = _DOT.split(column)
    meant = key_meant(head, _HEADS)
    return "readings" if meant == "reading" else meant, *rest


def _rows(text: str, file: str) -> list[tuple[int, list[str]]]:
    """Return the rows of a table, each with the line on which it ends; cells without the blanks around them."""
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        return [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error:
        raise FactsError.because(
            problem("case-file.not-csv", "The table cannot be read on from here: a quotation mark is out of place."),
            msg("Put a cell that holds a comma or a quotation mark into quotes, and write each quotation mark twice."),
            Place(file, reader.line_num),
        ) from None


def _width_faults(rows: Sequence[tuple[int, list[str]]], width: int, file: str) -> Iterator[Fault]:
    for line, row in rows:
        if any(row[width:]):
            yield Fault(
                problem("case-file.too-wide", "The row has a cell to the right of the last column."),
                msg("Name its column in the first row, or put a cell that holds a comma into quotes."),
                Place(file, line),
            )


def _column_faults(columns: Sequence[str], file: str, *, chinese: bool) -> Iterator[Fault]:
    words = {each: vocabulary("keys").spelt(each, chinese=chinese) for each in (*_HEADS, "total")}
    for number, column in enumerate(columns):
        if column and column in columns[:number]:
            yield Fault(
                problem("case-file.column-twice", "Two columns are named “{column}”.", column=column),
                msg("Remove one of them."),
                Place(file, 1),
            )
        head, *rest = _parts(column)
        wanted = _HEADS.get(head)
        if wanted is None or not wanted[0] <= len(rest) <= wanted[1]:
            yield Fault(
                problem("case-file.column", "“{column}” is not a column of a table of cases.", column=column),
                msg(
                    "Columns are {name}, {base}, {readings}.R1, {facts}.TYPE.ID.FIELD, {expect}.{total} and the like.",
                    **words,
                ),
                Place(file, 1),
            )


def _document(cells: Sequence[_Cell], place: Place, beside: Beside, *, chinese: bool) -> Node:
    by_head: dict[str, list[_Cell]] = {}
    for cell in cells:
        by_head.setdefault(cell.column[0], []).append(cell)
    base = _base(by_head.get("base", ()), place, beside, chinese=chinese)
    case = {name: found[0].node(found[0].text) for name, found in by_head.items() if name == "name"}
    if "readings" in by_head:
        case["readings"] = _mapping({cell.column[1]: cell.node(cell.text) for cell in by_head["readings"]}, place)
    if "facts" in by_head and base.text in beside.files:
        case["facts"] = _changed(beside, base.text, by_head["facts"], place)
    if "expect" in by_head:
        case["expect"] = _expected(by_head["expect"], place)
    cases = Node(place, elements=(_mapping(case, place),), is_sequence=True)
    return cases_document(_mapping({"base": base, "cases": cases}, place), chinese=chinese)


def _base(named: Sequence[_Cell], place: Place, beside: Beside, *, chinese: bool) -> Node:
    """Return the facts file that a row builds on: the one that it names, else the only one."""
    if named:
        return named[0].node(named[0].text)
    there = [name for name in beside.files if not name.endswith((".cases.yaml", SUFFIX)) and _holds_facts(name, beside)]
    if len(there) != 1:
        fault = Fault(
            problem("case-file.no-base", "The row does not say on which facts file it builds."),
            msg("Add a column `base` with the name of the facts file."),
            place,
        )
        raise FactsError(in_chinese(fault) if chinese else fault)
    return Node(place, there[0], there[0])


def _holds_facts(name: str, beside: Beside) -> bool:
    """Return whether a file is a facts file, so that a misnamed file beside it is not taken for one."""
    try:
        return beside.base(name).get("facts") is not None
    except InvalidInput:
        return False


def _mapping(entries: Mapping[str, Node], place: Place) -> Node:
    return Node(place, entries=tuple((Node(value.place, name, name), value) for name, value in entries.items()))


def _changed(beside: Beside, base: str, cells: Sequence[_Cell], place: Place) -> Node:
    """Return the facts of the types that some cells name, by name or title, with their fields changed."""
    facts = beside.base(base).get("facts")
    by_type: dict[str, list[_Cell]] = {}
    for cell in cells:
        head, called, *ids, field = cell.column
        meant = beside.type_meant(called)
        by_type.setdefault(meant, []).append(
            replace(cell, column=(head, meant, *ids, beside.field_meant(meant, field)))
        )
    before = {name: facts.get(name) if facts is not None else None for name in by_type}
    return _mapping({name: _of_type(before[name], found, place) for name, found in by_type.items()}, place)


def _of_type(before: Node | None, cells: Sequence[_Cell], place: Place) -> Node:
    listed = list(before.elements) if before is not None else []
    single = before if before is not None and before.is_mapping else None
    if all(len(cell.column) == len(("facts", "type", "field")) for cell in cells):
        return _fact(single or (listed[0] if listed else _mapping({}, place)), cells)
    by_id: dict[str, list[_Cell]] = {}
    for cell in cells:
        by_id.setdefault(".".join(cell.column[2:-1]), []).append(cell)
    places = {entry["id"].text: number for number, entry in enumerate(listed) if entry.get("id") is not None}
    for name, found in by_id.items():
        if name in places:
            listed[places[name]] = _fact(listed[places[name]], found)
        else:
            listed.append(_fact(_mapping({"id": Node(found[0].place, name, name)}, found[0].place), found))
    return Node(place, elements=tuple(listed), is_sequence=True)


def _fact(before: Node, cells: Sequence[_Cell]) -> Node:
    """Return a fact with some fields changed, added, or taken out."""
    fields = dict(before.items())
    for cell in cells:
        name = cell.column[-1]
        if cell.text == _NULL:
            fields.pop(name, None)
        else:
            known = fields.get(name)
            fields[name] = _scalar(cell, is_text=known is not None and isinstance(known.value, str))
    return replace(before, entries=tuple((Node(value.place, name, name), value) for name, value in fields.items()))


def _scalar(cell: _Cell, *, is_text: bool) -> Node:
    """Return a cell as a value of a facts file; a text where the base has a text, or where it is in quotes."""
    text = cell.text
    if text[:1] in ("'", '"') and text[-1:] == text[:1] and len(text) > 1:
        return Node(cell.place, text[1:-1], text[1:-1])
    if is_text:
        return cell.node(text)
    number = read_decimal(text)
    return Node(cell.place, number if number is not None else _BOOLEANS.get(text, text), text)


def _expected(cells: Sequence[_Cell], place: Place) -> Node:
    entries: dict[str, Node] = {}
    below: dict[str, dict[str, Node]] = {}
    indicators: dict[str, dict[str, Node]] = {}
    called: dict[str, str] = {}
    """How a key is written, by the key that is meant."""
    for cell in cells:
        _, head, *rest = cell.column
        meant = key_meant(head, EXPECTED)
        called.setdefault(meant, head)
        if not rest:
            entries[head] = _wanted(cell, is_list=meant in _LISTS)
        elif meant == "indicators":
            indicators.setdefault(rest[0], {})[".".join(rest[1:])] = _wanted(cell)
        else:
            below.setdefault(meant, {})[".".join(rest)] = _wanted(cell)
    if indicators:
        below["indicators"] = {number: _mapping(wanted, place) for number, wanted in indicators.items()}
    return _mapping({**entries, **{called[name]: _mapping(wanted, place) for name, wanted in below.items()}}, place)


def _wanted(cell: _Cell, *, is_list: bool = False) -> Node:
    """Return what is expected: a text, a list of names, true or false, or null."""
    if is_list:
        words = [] if cell.text == _EMPTY_LIST else _BETWEEN.split(cell.text)
        return Node(cell.place, elements=tuple(Node(cell.place, word, word) for word in words), is_sequence=True)
    if cell.text == _NULL:
        return cell.node(None)
    is_assumed = key_meant(cell.column[-1], ("assumed",)) == "assumed"
    return cell.node(cell.text) if not is_assumed else Node(cell.place, _BOOLEANS.get(cell.text, cell.text), cell.text)
