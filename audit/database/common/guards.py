"""What the database itself refuses, whoever connects to it, so that the ledger stays append-only.

No row is ever changed or removed. Entries are numbered without a gap, an evaluation is written before its entry, and
its entry closes it. Each kind of database says this in triggers of its own; the conditions of the laws are written so
that all of them read them alike. What no trigger can refuse, such as dropping a table or the triggers, is left to
`missing_guards` and to verification.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Table

from audit.log.entries import EVALUATION_KIND
from audit.tables.schema import CHILDREN, CheckpointTable, EntryTable, EvaluationTable, LedgerTable, table
from engine.base.messages import Message, msg


@dataclass(frozen=True, slots=True)
class Law:
    """A condition on which a new row is refused."""

    table: Table
    name: str
    broken: str
    """The condition in SQL, where NEW is the new row."""
    says: str

    @property
    def trigger(self) -> str:
        """The name of the trigger that keeps the law."""
        return f"{self.table.name}_{self.name}"


# In each condition, {0} comes before the names of tables.
_NEXT = '(SELECT coalesce(max("index"), -1) + 1 FROM {0}entry)'

_FOLLOWS = f'(NEW."index" = {_NEXT}) IS NOT TRUE'

_TAKEN = f"(NEW.entry >= {_NEXT}) IS NOT TRUE"
"""An evaluation takes an entry that is still to come; several may be written before their entries."""

_APART = f"(NEW.size = {_NEXT}) IS NOT TRUE"
"""A checkpoint is of all entries."""

_LOOSE = f"""
    ((NEW.kind = '{EVALUATION_KIND}') = (NEW.evaluation IS NOT NULL)) IS NOT TRUE
    OR NEW.evaluation IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM {{0}}evaluation WHERE id = NEW.evaluation AND entry = NEW."index")"""  # noqa: S608 - a constant of ours
"""An entry has an evaluation if and only if its kind says so, and then the one that was written for it."""

_CLOSED = """
    EXISTS (SELECT 1 FROM {0}entry WHERE "index" = NEW.entry)
    OR NOT EXISTS (SELECT 1 FROM {0}evaluation WHERE entry = NEW.entry)"""


def differing(wanted: Mapping[str, object], found: Mapping[str, object]) -> list[Message]:
    """Report which objects of a database are missing, altered or added, by their names and how they are made."""
    reported = [msg("{object} is missing", object=name) for name in wanted if name not in found]
    altered = [name for name in wanted if name in found and found[name] != wanted[name]]
    reported += [msg("{object} has been altered", object=name) for name in altered]
    return reported + [msg("{object} has been added", object=name) for name in found if name not in wanted]


def laws(schema: str = "") -> Iterator[Law]:
    """Return what a new row must keep to, beyond the keys of its table; `schema`, quoted, is where the tables are."""

    def law(row: type[LedgerTable], name: str, broken: str, says: str) -> Law:
        return Law(table(row), name, broken.format(schema and f"{schema}."), says)

    yield law(EntryTable, "in_order", _FOLLOWS, "entries are numbered without a gap")
    yield law(EntryTable, "has_evaluation", _LOOSE, "an entry of an evaluation follows its evaluation")
    yield law(EvaluationTable, "in_order", _TAKEN, "an evaluation comes before its entry")
    yield law(CheckpointTable, "of_all", _APART, "a checkpoint is of all entries")
    says = "an evaluation that has its entry is closed, and one that is not there takes no rows"
    for child in CHILDREN:
        yield law(child, "sealed", _CLOSED, says)
