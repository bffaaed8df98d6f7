"""The triggers that guard a ledger on SQLite.

An UPDATE or DELETE is refused on every table. SQLite's INSERT OR REPLACE and upserts delete or change without firing
those triggers, so an INSERT whose key is there already is refused before SQLite looks at the conflict.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Connection, Table, UniqueConstraint

from audit.database.common.guards import laws
from audit.tables.schema import CHILDREN, LedgerTable

_SEALED = {str(child.__tablename__) for child in CHILDREN}


def install_guards(connection: Connection) -> None:
    """Create every trigger; once, with the tables."""
    for statement in guards().values():
        connection.exec_driver_sql(statement)


def missing_guards(connection: Connection) -> list[str]:
    """Return the names of the triggers that are missing, not as `install_guards` made them, or not ours."""
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    found = {row.name: row.sql for row in rows}
    ours = guards()
    return [name for name, text in ours.items() if found.get(name) != text] + sorted(found.keys() - ours.keys())


@cache
def guards() -> dict[str, str]:
    """Return the statement of every trigger, by name."""
    made = [trigger for each in LedgerTable.metadata.sorted_tables for trigger in _append_only(each)]
    made += [_on_insert(law.table, law.name, law.broken, law.says) for law in laws()]
    return dict(made)


def _append_only(each: Table) -> Iterator[tuple[str, str]]:
    """Refuse to change, remove or replace any row of a table."""
    for verb in ("update", "delete"):
        says = f"append-only: a row of {each.name} is never {verb}d"
        yield _trigger(each, f"no_{verb}", verb.upper(), says)
    if each.name in _SEALED:
        return  # a row that could be replaced is of a sealed evaluation, which takes no rows at all
    for number, key in enumerate(_keys(each)):
        same = " AND ".join(f'"{column}" = NEW."{column}"' for column in key)
        says = f"append-only: {each.name} has a row with this {' and '.join(key)}"
        there = f'EXISTS (SELECT 1 FROM "{each.name}" WHERE {same})'  # noqa: S608 - names of our own tables
        yield _on_insert(each, f"no_replace_{number}", there, says)


def _keys(each: Table) -> list[list[str]]:
    """Return the columns of the primary key and of every other unique key, in a fixed order."""
    unique = [[c.name for c in key.columns] for key in each.constraints if isinstance(key, UniqueConstraint)]
    return [[c.name for c in each.primary_key.columns], *sorted(unique)]


def _on_insert(each: Table, name: str, when: str, says: str) -> tuple[str, str]:
    return _trigger(each, name, "INSERT", says, f" WHEN {when}")


def _trigger(each: Table, name: str, event: str, says: str, when: str = "") -> tuple[str, str]:
    full = f"{each.name}_{name}"
    head = f'CREATE TRIGGER {full} BEFORE {event} ON "{each.name}"{when}'
    return full, f"{head} BEGIN SELECT RAISE(ABORT, 'fenming ledger: {says}'); END"
