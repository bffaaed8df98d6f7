"""What verification compares on PostgreSQL beside the guards: columns, indexes, and whatever else the schema holds."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Connection, Integer, LargeBinary

from audit.database.common.guards import differing
from audit.database.postgresql.guards import functions, listed
from audit.tables.queries import quoted
from audit.tables.schema import LedgerTable
from engine.base.messages import Message

_TYPES = (
    (Boolean, "boolean {}"),
    (BigInteger, "bigint {}"),
    (Integer, "integer {}"),
    (LargeBinary, '"bytea" {}'),
)
"""How the server words the type of a column; the first that fits."""


def strange_objects(connection: Connection, schema: str) -> list[Message]:
    """Report which columns and indexes are not as a new ledger has them, and what else is in its schema."""
    names = {"tables": sorted(LedgerTable.metadata.tables), "schema": schema}
    columns = {row.name: row.made for row in connection.exec_driver_sql(_COLUMNS, names)}
    indexes = {f"index {row.name}": row.whole and row.made for row in connection.exec_driver_sql(_INDEXES, names)}
    objects = dict.fromkeys(connection.exec_driver_sql(_OBJECTS, names).scalars())
    return differing(_columns(), columns) + differing(_indexes(schema), indexes) + differing(_objects(schema), objects)


def _columns() -> dict[str, str]:
    """Return each column that the ledger has, and how the server is to keep it."""
    made = {}
    for each in LedgerTable.metadata.sorted_tables:
        for column in each.columns:
            kind = next((text for type_, text in _TYPES if isinstance(column.type, type_)), '"text" {} C')
            made[f"{each.name}.{column.name}"] = kind.format("f" if column.nullable else "t")
    return made


def _indexes(schema: str) -> dict[str, str]:
    """Return each index that the ledger has beside its keys, as the server words it."""
    made = {}
    for each in LedgerTable.metadata.sorted_tables:
        for index in each.indexes:
            where = index.dialect_options["sqlite"]["where"]
            some = "" if where is None else f' WHERE ({str(where).replace("kind", quoted("kind"))}::"text")'
            what = f'{quoted(schema, each.name)} USING "btree" ({listed(index.columns.keys())}){some}'
            made[f"index {index.name}"] = f"CREATE INDEX {quoted(str(index.name))} ON {what}"
    return made


def _objects(schema: str) -> dict[str, None]:
    """Return whatever is made in a schema for a ledger, as the server identifies it."""
    tables = [f"table {quoted(schema, name)}" for name in LedgerTable.metadata.tables]
    return dict.fromkeys(tables + [f"function {quoted(schema, name)}()" for name in functions(schema)])


_COLUMNS = """
SELECT c.relname || '.' || a.attname AS name, concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull,
    l.collname, nullif(a.attidentity, ''), pg_get_expr(d.adbin, d.adrelid)) AS made
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_collation l ON l.oid = a.attcollation AND l.collnamespace = 'pg_catalog'::regnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE n.nspname = %(schema)s AND c.relname = ANY(%(tables)s) AND a.attnum > 0 AND NOT a.attisdropped"""

_INDEXES = """
SELECT i.relname AS name, x.indisvalid AND x.indisready AND x.indislive AS whole, pg_get_indexdef(i.oid) AS made
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND c.relname = ANY(%(tables)s)
AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype <> 'f')"""
"""The indexes of our tables, but for those of their keys, which the guards look after."""

_OBJECTS = """
SELECT o.type || ' ' || o.identity FROM pg_depend d JOIN pg_namespace n ON n.oid = d.refobjid,
    pg_identify_object(d.classid, d.objid, d.objsubid) o
WHERE d.refclassid = 'pg_namespace'::regclass AND n.nspname = %(schema)s AND d.deptype = 'n'
AND d.classid <> 'pg_extension'::regclass AND NOT EXISTS (
    SELECT 1 FROM pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e')
ORDER BY 1"""
"""Whatever would go with the schema: tables, views, sequences, functions, operators, types and more, but for those that
an extension brought, and for what is part of another object, such as the type of a table's rows."""
