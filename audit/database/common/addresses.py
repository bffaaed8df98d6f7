"""The address of a ledger: the path of a file, or the address of a server. Reading one imports no database library."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

from engine.base.confidential import veiled_address
from engine.base.faults import FenmingError, InvalidInput, problem
from engine.base.messages import msg

_FILE = "sqlite:///"
_SERVERS = ("postgresql://", "postgres://", "postgresql+psycopg://")


def is_server(url: str) -> bool:
    """Whether an address names a database of a PostgreSQL server."""
    return url.startswith(_SERVERS)


def ledger_file(url: str) -> Path | None:
    """Return the file of a ledger; None where it is in a server's database."""
    return None if is_server(url) else Path(locate_file(url)[0])


def locate_file(url: str) -> tuple[str, bool]:
    """Return the path that a ledger's address means, and whether it asks for reading only (`?mode=ro`)."""
    if not url.startswith(_FILE):
        if "://" in url or not url or "\0" in url:
            raise _unknown_kind(url)
        return url, False
    path, _, query = url.removeprefix(_FILE).partition("?")
    mode = parse_qs(query, keep_blank_values=True)
    if not path or path == ":memory:" or "\0" in path or mode not in ({}, {"mode": ["ro"]}):
        raise _unknown_kind(url)
    return path, bool(mode)


def _unknown_kind(url: str) -> FenmingError:
    """The address names something other than a SQLite file or a PostgreSQL database; it may hold a password."""
    return InvalidInput.because(
        problem(
            "ledger.kind",
            "fenming cannot open “{url}”: it keeps ledgers in SQLite and PostgreSQL.",
            url=veiled_address(url),
        ),
        msg("Give the path of a file, such as fenming.db, or an address such as postgresql://user@host/database."),
    )
