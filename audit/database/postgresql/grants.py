"""The rights that a role needs on a ledger in PostgreSQL, as SQL for the administrator of the database.

Whoever owns the tables can take the triggers away. So one role owns them and is not used from day to day, and those
who evaluate or read have a role with these rights and no others.
"""

from __future__ import annotations

from audit.tables.queries import quoted
from audit.tables.schema import FormatTable, LedgerTable

_REFUSED = "UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER"


def grants(role: str) -> str:
    """Return the statements that let a role read the ledger and append to it."""
    return _grants(role, appending=True)


def reading_grants(role: str) -> str:
    """Return the statements that let a role read the ledger."""
    return _grants(role, appending=False)


def _grants(role: str, *, appending: bool) -> str:
    """Grant and revoke on the ledger's tables; run where the search path leads to them, as their owner."""
    tables = ", ".join(map(quoted, sorted(LedgerTable.metadata.tables)))
    # Only a change of format adds to the formats, and that is the owner's doing.
    appended = ", ".join(
        quoted(name) for name in sorted(LedgerTable.metadata.tables) if name != FormatTable.__tablename__
    )
    refused = _REFUSED if appending else f"INSERT, {_REFUSED}"
    who = quoted(role)
    return "\n".join(
        (
            "-- Once the ledger is made, as the owner of its tables, in its database.",
            _here(f"GRANT CONNECT ON DATABASE %1$I TO {who}"),
            _here(f"REVOKE CREATE ON DATABASE %1$I FROM {who}"),
            _here(f"GRANT USAGE ON SCHEMA %2$I TO {who}"),
            _here(f"REVOKE CREATE ON SCHEMA %2$I FROM {who}"),
            # Before PostgreSQL 15 everyone may make objects in the schema “public”.
            _here("REVOKE CREATE ON SCHEMA %2$I FROM PUBLIC"),
            f"GRANT SELECT ON {tables} TO {who};",
            *([f"GRANT INSERT ON {appended} TO {who};"] if appending else ()),
            f"REVOKE {refused} ON {tables} FROM {who};",
            "",
        )
    )


def _here(statement: str) -> str:
    """Return a statement for the database (%1$I) and the schema (%2$I) in which it is executed."""
    text = statement.replace("%", "%%").replace("%%1$I", "%1$I").replace("%%2$I", "%2$I")
    inner = f"BEGIN EXECUTE format({_text(text)}, current_database(), current_schema()); END"
    return f"DO {_text(inner)};"


def _text(text: str) -> str:
    """Quote a text."""
    return "'" + text.replace("'", "''") + "'"
