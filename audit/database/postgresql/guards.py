"""The triggers that guard a ledger on PostgreSQL.

UPDATE, DELETE and TRUNCATE are refused once for each statement, whether or not it meets a row, and with the UPDATE the
upsert that would make one; UPDATE and DELETE also for each row, since logical replication changes rows without any
statement. The keys of the tables refuse a row that is there already. Whoever inserts takes the ledger's one lock
first, so that each law is judged when no other writer is half-way. All triggers are ENABLE ALWAYS: they fire under
`session_replication_role = replica` too.

Their functions, like every transaction of ours, find by its bare name only what the server itself brings: the
ledger's schema may hold a function or an operator that fits the arguments better.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, Table, UniqueConstraint

from audit.database.common.guards import laws
from audit.tables.queries import quoted
from audit.tables.schema import LedgerTable

LOCK = 0x66656E6D696E67
"""The advisory lock that everyone takes who adds to a ledger; one for all ledgers of a database."""

# The bits of pg_trigger.tgtype, by which the server itself describes a trigger.
_ROW, _BEFORE = 1, 2
_EVENTS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}

PATH = "search_path = pg_catalog, pg_temp"
"""Where bare names lead: to the server's own, and never to what someone has made beside the ledger."""

_CODE = "ERRCODE = 'integrity_constraint_violation'"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger and the function that it calls."""

    table: str
    name: str
    event: str
    function: str
    row: bool = False

    def create(self, schema: str) -> str:
        """Return the statements that make it in a schema."""
        each = "ROW" if self.row else "STATEMENT"
        table, function = quoted(schema, self.table), quoted(schema, self.function)
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {table} FOR EACH {each} "
            f"EXECUTE FUNCTION {function}(); ALTER TABLE {table} ENABLE ALWAYS TRIGGER {self.name}"
        )

    @property
    def kind(self) -> int:
        """What the server keeps of its time and event."""
        return (_ROW if self.row else 0) | _BEFORE | _EVENTS[self.event]


def install_guards(connection: Connection, schema: str) -> None:
    """Create every function and trigger; once, with the tables."""
    made = [
        f"CREATE FUNCTION {quoted(schema, name)}() RETURNS trigger LANGUAGE plpgsql SET {PATH} AS {_text(body)}"
        for name, body in functions(schema).items()
    ]
    for statement in made + [trigger.create(schema) for trigger in triggers()]:
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def missing_guards(connection: Connection, schema: str) -> list[str]:
    """Return the names of the guards that are missing or altered, and of what else could change or hide a row."""
    names = {"tables": sorted(LedgerTable.metadata.tables), "schema": schema}
    found = {
        (row.table, row.name): (row.kind, row.enabled, row.function, row.code, row.plain)
        for row in connection.exec_driver_sql(_FIND_TRIGGERS, names)
    }
    bodies = functions(schema)
    ours = {
        (each.table, each.name): (each.kind, "A", each.function, bodies[each.function], True) for each in triggers()
    }
    wrong = [name for (table, name), made in ours.items() if found.get((table, name)) != made]
    wrong += [name for _, name in sorted(found.keys() - ours.keys())]
    constraints = {(row.table, row.made): row.name for row in connection.exec_driver_sql(_FIND_CONSTRAINTS, names)}
    keys = _keys(schema)
    wrong += [f"{each[0]} ({keys[each]})" for each in sorted(keys.keys() - constraints.keys())]
    wrong += [f"{each[0]} ({constraints[each]})" for each in sorted(constraints.keys() - keys.keys())]
    return wrong + [row.name for row in connection.exec_driver_sql(_FIND_FOREIGN, names)]


@cache
def functions(schema: str) -> dict[str, str]:
    """Return the body of every trigger function of a ledger in this schema, by name."""
    made = {
        "fenming_append_only": f"""
BEGIN
    RAISE EXCEPTION USING {_CODE},
        MESSAGE = 'fenming ledger: append-only: a row of ' || TG_TABLE_NAME || ' is never ' || lower(TG_OP) || 'd';
END""",
        "fenming_in_turn": f"""
BEGIN
    -- Under any other isolation the laws would be judged by a state from before the lock.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION USING {_CODE}, MESSAGE = 'fenming ledger: rows are added in READ COMMITTED transactions';
    END IF;
    PERFORM pg_advisory_xact_lock({LOCK});
    RETURN NULL;
END""",
    }
    for law in laws(quoted(schema)):
        made[f"fenming_{law.trigger}"] = f"""
BEGIN
    IF {law.broken} THEN
        RAISE EXCEPTION USING {_CODE}, MESSAGE = 'fenming ledger: {law.says}';
    END IF;
    RETURN NEW;
END"""
    return made


@cache
def triggers() -> tuple[Trigger, ...]:
    """Return every trigger."""
    made = [trigger for each in LedgerTable.metadata.sorted_tables for trigger in _append_only(each)]
    made += [Trigger(law.table.name, law.trigger, "INSERT", f"fenming_{law.trigger}", row=True) for law in laws()]
    return tuple(made)


def _append_only(each: Table) -> Iterator[Trigger]:
    for event in ("UPDATE", "DELETE", "TRUNCATE"):
        yield Trigger(each.name, f"{each.name}_no_{event.lower()}", event, "fenming_append_only")
    for event in ("UPDATE", "DELETE"):
        yield Trigger(each.name, f"{each.name}_no_row_{event.lower()}", event, "fenming_append_only", row=True)
    yield Trigger(each.name, f"{each.name}_in_turn", "INSERT", "fenming_in_turn")


def _keys(schema: str) -> dict[tuple[str, str], str]:
    """Return the columns of each key that the tables are to have, by its table and by how the server words it."""
    found = {}

    def add(each: Table, kind: str, columns: Sequence[str], more: str = "") -> None:
        found[each.name, f"{kind} ({listed(columns)}){more}"] = ", ".join(columns)

    for each in LedgerTable.metadata.sorted_tables:
        add(each, "PRIMARY KEY", each.primary_key.columns.keys())
        for key in each.constraints:
            if isinstance(key, UniqueConstraint):
                add(each, "UNIQUE", key.columns.keys())
        for reference in each.foreign_key_constraints:
            there = quoted(schema, reference.referred_table.name)
            columns = listed(element.column.name for element in reference.elements)
            add(each, "FOREIGN KEY", reference.column_keys, f" REFERENCES {there}({columns})")
    return found


def listed(columns: Iterable[str]) -> str:
    """Write columns as the server does under `quote_all_identifiers`."""
    return ", ".join(map(quoted, columns))


def _text(text: str) -> str:
    """Quote a text, however the database is set to read backslashes."""
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


_OURS = """
    JOIN pg_class c ON c.oid = {column} AND c.relname = ANY(%(tables)s)
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = %(schema)s"""

# The server quotes a path or not, as it is set while the function is made.
_PATHS = ", ".join(f"ARRAY['search_path={each}']" for each in ("pg_catalog, pg_temp", '"pg_catalog", "pg_temp"'))

_FIND_TRIGGERS = f"""
SELECT c.relname AS table, t.tgname AS name, t.tgtype AS kind, t.tgenabled AS enabled,
    p.proname AS function, p.prosrc AS code,
    t.tgqual IS NULL AND t.tgattr = '' AND t.tgnargs = 0
        AND p.pronamespace = n.oid AND NOT p.prosecdef AND p.provolatile = 'v' AND l.lanname = 'plpgsql'
        AND p.proconfig IN ({_PATHS}) AS plain
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_language l ON l.oid = p.prolang
    {_OURS.format(column="t.tgrelid")}
WHERE NOT t.tgisinternal"""  # noqa: S608 - a constant of ours

# A key is no better than its index. NOT NULL is a constraint only since version 18, and looked at with the columns.
_FIND_CONSTRAINTS = f"""
SELECT c.relname AS table, k.conname AS name, pg_get_constraintdef(k.oid) || CASE
    WHEN k.contype = 'f' OR x.indisunique AND x.indisvalid AND x.indisready AND x.indislive THEN '' ELSE '!' END AS made
FROM pg_constraint k {_OURS.format(column="k.conrelid")} LEFT JOIN pg_index x ON x.indexrelid = k.conindid
WHERE k.contype NOT IN ('n', 't')"""  # noqa: S608 - a constant of ours

_FIND_FOREIGN = f"""
SELECT r.rulename::text AS name FROM pg_rewrite r {_OURS.format(column="r.ev_class")}
UNION ALL SELECT k.conname::text FROM pg_trigger t JOIN pg_constraint k ON k.oid = t.tgconstraint
    {_OURS.format(column="t.tgrelid")} WHERE t.tgisinternal AND t.tgenabled NOT IN ('O', 'A')
UNION ALL SELECT c.relname || ' (row security)' FROM pg_class o {_OURS.format(column="o.oid")}
    WHERE c.relrowsecurity
UNION ALL SELECT c.relname || ' (unlogged)' FROM pg_class o {_OURS.format(column="o.oid")}
    WHERE c.relpersistence <> 'p'
UNION ALL SELECT c.relname || ' (no triggers)' FROM pg_class o {_OURS.format(column="o.oid")}
    WHERE NOT c.relhastriggers
UNION ALL SELECT c.relname || ' (inherited)' FROM pg_inherits i {_OURS.format(column="i.inhparent")}
UNION ALL SELECT c.relname || ' (inherits)' FROM pg_inherits i {_OURS.format(column="i.inhrelid")}
ORDER BY 1"""  # noqa: S608 - a constant of ours
