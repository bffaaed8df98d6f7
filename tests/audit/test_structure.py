"""The shape of audit/: rows are what their tables are, and imports lead downwards only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest

from audit.tables.queries import listing
from audit.tables.records import RecordedEvaluation
from audit.tables.rows import CHILD_ROWS, ROWS
from audit.tables.schema import CHILDREN, FormatTable, LedgerTable, table

PROJECT = Path(__file__).parents[2]
LEVELS = [["backup", "replay", "verify"], ["ledger"], ["checks"], ["database", "tables"], ["log"], ["faults"]]
"""The parts of audit/, the upper ones first; those of one level do not import each other, but for two."""

BESIDE = {("database", "tables"), ("replay", "ledger")}


@pytest.mark.parametrize("each", ROWS)
def test_rows_have_the_columns_of_their_tables(each: type[LedgerTable]) -> None:
    """In their order; `index` is called `number`, for a tuple has a method of that name."""
    columns = [column.name for column in table(each).columns]
    assert ["index" if name == "number" else name for name in ROWS[each]._fields] == columns


def test_the_listing_gives_the_fields_of_an_evaluation() -> None:
    """In their order, but for what only an append knows."""
    assert tuple(listing().selected_columns.keys()) == RecordedEvaluation._fields[:-1]


def test_every_table_has_rows() -> None:
    """All but that of the format, which holds one number."""
    assert {*ROWS, FormatTable} == set(LedgerTable.__subclasses__())
    assert tuple(CHILD_ROWS) == CHILDREN
    assert all(make.__self__ is ROWS[child] for child, make in CHILD_ROWS.items())  # type: ignore[attr-defined]


def imported(file: Path) -> Iterator[Path]:
    """Return the files of audit/ that a file imports, at any place and for whatever reason."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "audit":
            for name in [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]:
                found = PROJECT.joinpath(*name.split("."))
                if found.with_suffix(".py").is_file():
                    yield found.with_suffix(".py")
                elif name == node.module and len(node.names) > 0:
                    yield found / "__init__.py"


FILES = sorted((PROJECT / "audit").rglob("*.py"))


def test_no_file_imports_itself_by_way_of_others() -> None:
    """Not even for its types."""
    graph = {file: {other for other in imported(file) if other.read_text("utf-8").count("import")} for file in FILES}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" → ".join(str(file.relative_to(PROJECT)) for file in error.args[1]))


def part(file: Path) -> str:
    """Return the part of audit/ that a file belongs to."""
    return file.relative_to(PROJECT / "audit").parts[0].removesuffix(".py")


def test_parts_import_downwards_only() -> None:
    """From above to below, and within themselves."""
    rank = {name: level for level, names in enumerate(LEVELS) for name in names}
    for file in FILES:
        for other in imported(file):
            above, below = part(file), part(other)
            if below not in ("__init__", above) and (above, below) not in BESIDE:
                assert rank[above] < rank[below], f"{file} imports {other}"


def test_the_levels_are_all_there() -> None:
    """Each part has its level, and each file fewer than 300 lines."""
    parts = {part(file) for file in FILES} - {"__init__"}
    assert parts == {name for names in LEVELS for name in names}
    assert all(one and other for one, other in pairwise(LEVELS))
    long = [file.name for file in FILES if file.read_text("utf-8").count("\n") >= 300]
    assert long == []
