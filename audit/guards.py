"""The triggers by which the database itself keeps the ledger append-only, whoever connects to it.

An UPDATE or DELETE is refused on every table. SQLite's INSERT OR REPLACE and upserts delete or change without firing
those triggers, so an INSERT whose key is there already is refused before SQLite looks at the conflict. Entries are
numbered without a gap, an evaluation is written before its entry, and its entry closes it. What no trigger can refuse,
such as dropping a table or the triggers, is left to `missing_guards` and to verification.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Connection, Table, UniqueConstraint, create_engine

from audit.tables import CHILDREN, EVALUATION_KIND, Entry, Evaluation, Row, table
from engine.errors import Message, msg


def install_guards(connection: Connection) -> None:
    """Create every trigger; once, with the tables."""
    for statement in guards().values():
        connection.exec_driver_sql(statement)


def missing_guards(connection: Connection) -> list[str]:
    """Return the names of the triggers that are missing or not as `install_guards` made them."""
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    found = {row.name: row.sql for row in rows}
    return [name for name, text in guards().items() if found.get(name) != text]


def strange_objects(connection: Connection) -> list[Message]:
    """Tell which tables, indexes, triggers and views are not as a new ledger has them."""
    found, wanted = _objects(connection), _wanted_objects()
    told = [msg("{object} is missing", object=name) for name in wanted if name not in found]
    told += [
        msg("{object} has been altered", object=name)
        for name in wanted
        if found.get(name, wanted[name]) != wanted[name]
    ]
    return told + [msg("{object} has been added", object=name) for name in found if name not in wanted]


def _objects(connection: Connection) -> dict[str, str]:
    query = "SELECT type || ' ' || name AS name, sql FROM sqlite_master"
    return {row.name: row.sql for row in connection.exec_driver_sql(query)}


@cache
def _wanted_objects() -> dict[str, str]:
    with create_engine("sqlite://").connect() as fresh:
        Row.metadata.create_all(fresh)
        install_guards(fresh)
        return _objects(fresh)


@cache
def guards() -> dict[str, str]:
    """Return the statement of every trigger, by name."""
    made = [trigger for each in Row.metadata.sorted_tables for trigger in _append_only(each)]
    following = '(SELECT coalesce(max("index"), -1) + 1 FROM entry)'
    entry, evaluation = table(Entry), table(Evaluation)
    made += [
        _on_insert(entry, "in_order", f'NEW."index" IS NOT {following}', "entries are numbered without a gap"),
        _on_insert(entry, "has_evaluation", _LOOSE, "an entry of an evaluation follows its evaluation"),
        _on_insert(evaluation, "in_order", _TAKEN, "an evaluation comes before its entry"),
    ]
    says = "an evaluation that has its entry is closed, and one that is not there takes no rows"
    made += [_on_insert(table(child), "sealed", _CLOSED, says) for child in CHILDREN]
    return dict(made)


_TAKEN = 'NEW.entry IS NULL OR NEW.entry < (SELECT coalesce(max("index"), -1) + 1 FROM entry)'
"""An evaluation takes an entry that is still to come; several may be written before their entries."""

_LOOSE = f"""
    (NEW.kind = '{EVALUATION_KIND}') IS NOT (NEW.evaluation IS NOT NULL)
    OR NEW.evaluation IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM evaluation WHERE id = NEW.evaluation AND entry = NEW."index")"""  # noqa: S608 - a constant of ours
"""An entry has an evaluation if and only if its kind says so, and then the one that was written for it."""

_CLOSED = """
    EXISTS (SELECT 1 FROM entry WHERE "index" = NEW.entry)
    OR NOT EXISTS (SELECT 1 FROM evaluation WHERE entry = NEW.entry)"""


def _append_only(each: Table) -> Iterator[tuple[str, str]]:
    """Refuse to change, remove or replace any row of a table."""
    for verb in ("update", "delete"):
        says = f"append-only: a row of {each.name} is never {verb}d"
        yield _trigger(each, f"no_{verb}", verb.upper(), says)
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
