"""Laws of ledgers on a server: what goes wrong there has its words, and no password is ever among them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import DataError, DBAPIError

from audit.database.postgresql.address import locate, shown
from audit.database.postgresql.errors import explain
from audit.ledger.ledger import Ledger, open_ledger
from audit.tables.schema import FORMAT, LedgerTable
from engine.base.faults import FenmingError
from tests.audit.bare import Bare, bare_connection
from tests.audit.postgres import PASSWORD, Server
from tests.audit.receipts import ACTOR, AT, fresh_receipt, make_receipt, make_sources

TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fenming'"


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """The address of a ledger on the server."""
    with server.database() as name:
        yield server.url(name)


def unreadable(text: str) -> bool:
    """Whether nothing of the password is in a text."""
    return not any(part in text for part in (PASSWORD, quote(PASSWORD, ""), "correct", "staple", "secret"))


def refusal(url: str, *, create: bool = False, timeout: float = 5) -> str:
    """Return what opening says, once it is sure that it has a remedy and no password."""
    with pytest.raises(FenmingError) as caught:
        open_ledger(url, create=create, timeout=timeout)
    assert all(str(fault.remedy) for fault in caught.value.faults)
    assert unreadable(str(caught.value))
    return str(caught.value)


def with_options(url: str, setting: str) -> str:
    """Return the address with a setting of the server's for each session."""
    return f"{url}?options={quote(f'-c {setting}')}"


def append(ledger: Ledger) -> str:
    """Return what an append says that is refused."""
    with pytest.raises(FenmingError) as caught:
        ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT)
    assert unreadable(str(caught.value))
    return str(caught.value)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql://host/db", "postgresql://host/db"),
        ("postgresql+psycopg://u:secret@host:5432/db", "postgresql://u@host:5432/db"),
        ("postgresql://u%40x:se%40cret@host/db?password=secret", "postgresql://u%40x@host/db"),
        ("postgres://u:secret@host:5432/db", "postgresql://u@host:5432/db"),
        ("postgresql:///db?host=/run/postgresql&sslpassword=secret", "postgresql:///db"),
        ("postgresql://u:secret@[::1]:5432/账", "postgresql://u@[::1]:5432/%E8%B4%A6"),
    ],
)
def test_an_address_is_shown_without_its_password(url: str, name: str) -> None:
    """Neither the password nor an option is shown."""
    assert shown(locate(url)) == name
    assert locate(url).drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:sec/ret@host/db",
        "postgresql://u:12/secret@host/db",
        "postgresql://u:12?secret@host/db",
        "postgresql://u:12#secret@host/db",
        "postgresql://u:secret@more@host/db",
        "postgres://u:secret@more@host/db",
        "postgresql://u:secret@host:port/db",
        "postgresql://u:secret@host/db\0",
    ],
)
def test_an_address_that_cannot_be_read_is_not_repeated(url: str) -> None:
    """An error that repeated it could tell part of a password."""
    assert "cannot be read" in refusal(url)


def test_the_ledger_is_named_without_its_password(url: str, server: Server) -> None:
    """What messages call the ledger is its address, with host, port and database."""
    with open_ledger(url, create=False) as ledger:
        assert ledger.path.startswith(f"postgresql://postgres@127.0.0.1:{server.port}/test")
        assert unreadable(ledger.path)
        with pytest.raises(FenmingError) as caught:
            ledger.find("latest")
        assert caught.value.faults[0].where.file == ledger.path


def test_a_server_that_cannot_be_reached_is_reported(server: Server) -> None:
    """No server, no such host, a wrong password, no such user or database: each has the reason and a remedy."""
    assert "cannot be reached" in refusal("postgresql://u:secret@127.0.0.1:1/db")
    assert "cannot be reached" in refusal("postgresql://u:secret@host.invalid/db")
    assert "password authentication failed" in refusal(server.url("ledger", password="secret/wrong"))  # noqa: S106 - it is wrong
    assert "no password supplied" in refusal(f"postgresql://postgres@127.0.0.1:{server.port}/ledger")
    assert "password authentication failed" in refusal(server.url("ledger", "nobody at all"))
    assert "“missing”" in refusal(server.url("missing")) or '"missing" does not exist' in refusal(server.url("missing"))
    assert "cannot be reached" in refusal(server.url("ledger") + "?nonsense=1")
    assert "cannot be reached" in refusal(server.url("ledger") + "?sslmode=require")


def test_the_usual_alias_is_the_same_ledger(url: str) -> None:
    """`postgres://` leads where `postgresql://` does, and is named alike."""
    with open_ledger(url.replace("postgresql://", "postgres://", 1), create=False) as alias:
        with open_ledger(url, create=False) as ledger:
            assert alias.path == ledger.path
        assert alias.count() == 0


def test_the_driver_may_be_missing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without psycopg the error says how to install it."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "pip install 'fenming[postgresql]'" in refusal(url)


def test_reading_creates_nothing(server: Server) -> None:
    """A database without tables stays so until something is recorded."""
    with server.database("nothing") as name:
        assert "yet: it is not a ledger" in refusal(server.url(name))
        with bare_connection(server.url(name)) as bare:
            assert bare.execute("SELECT count(*) FROM pg_class WHERE relname = 'entry'").fetchone() == (0,)
        open_ledger(server.url(name), create=True).close()
        open_ledger(server.url(name), create=False).close()


@pytest.mark.parametrize("create", [False, True])
def test_what_is_no_ledger_is_left_alone(server: Server, create: bool) -> None:
    """Another program's tables, a newer format or a missing table are reported, as in a file."""
    with server.database("nothing") as name, bare_connection(server.url(name)) as bare:
        bare.execute("CREATE TABLE entry (x int)")
        assert "not a fenming ledger" in refusal(server.url(name), create=create)
        assert bare.execute("SELECT count(*) FROM pg_class WHERE relname = 'evaluation'").fetchone() == (0,)
    with server.database() as name, bare_connection(server.url(name)) as bare:
        bare.execute("INSERT INTO ledger_format VALUES (?)", (FORMAT + 1,))
        assert f"has format {FORMAT + 1}" in refusal(server.url(name), create=create)
    with server.database() as name, bare_connection(server.url(name)) as bare:
        bare.execute("DROP TABLE posting")
        assert "it lacks the tables posting" in refusal(server.url(name), create=create)


def test_an_extension_is_no_other_program(server: Server) -> None:
    """Tables that came with an extension do not keep a ledger away."""
    with server.database("nothing") as name, bare_connection(server.url(name)) as bare:
        bare.execute("CREATE TABLE of_the_extension (x int); ALTER EXTENSION plpgsql ADD TABLE of_the_extension")
        open_ledger(server.url(name), create=True).close()


def test_a_ledger_stands_in_its_schema(server: Server) -> None:
    """The first schema of the search path holds the ledger, whatever else the database holds."""
    with server.database() as name, bare_connection(server.url(name)) as bare:
        bare.execute('CREATE SCHEMA "Other one"')
        other = with_options(server.url(name), 'search_path="Other\\ one",public')
        with open_ledger(other, create=True) as ledger:
            ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT)
            assert ledger.count() == 1
        with open_ledger(server.url(name), create=False) as ledger:
            assert ledger.count() == 0


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_another_encoding_is_refused(server: Server, encoding: str) -> None:
    """A database that cannot hold every character takes no ledger."""
    options = f"ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'"
    with server.database("template0", options) as name:
        assert f"has the encoding {encoding}; a ledger needs UTF8" in refusal(server.url(name), create=True)


def test_texts_compare_by_their_bytes(url: str) -> None:
    """No text depends on the order of a language, which differs between servers and changes with their libraries."""
    query = """
        SELECT DISTINCT c.collname FROM pg_attribute a JOIN pg_collation c ON c.oid = a.attcollation
        WHERE a.attrelid::regclass::text = ANY (?) AND a.attnum > 0"""
    with bare_connection(url) as bare:
        assert bare.execute(query, (list(LedgerTable.metadata.tables),)).fetchall() == [("C",)]


def test_a_read_only_user_reads(url: str) -> None:
    """Where the server, or the user's own setting, makes transactions read-only, an append says so."""
    with open_ledger(with_options(url, "default_transaction_read_only=on"), create=True) as ledger:
        assert ledger.count() == 0
        assert "the server is read-only" in append(ledger)


def test_what_is_committed_is_on_the_disk(url: str) -> None:
    """A commit waits for the disk even where the server would not have it wait; a read sees one state of the ledger."""
    with open_ledger(with_options(url, "synchronous_commit=off"), create=True) as ledger:
        with ledger._access.transaction(writing=True) as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
            assert connection.exec_driver_sql("SHOW transaction_isolation").scalar_one() == "read committed"
        with ledger._access.transaction() as connection:
            assert connection.exec_driver_sql("SHOW transaction_isolation").scalar_one() == "repeatable read"
            assert connection.exec_driver_sql("SHOW transaction_read_only").scalar_one() == "on"


@pytest.mark.parametrize("seconds", [0, 0.0001, 1e12])
def test_any_time_to_wait_will_do(url: str, seconds: float) -> None:
    """No time at all does not mean for ever."""
    with bare_connection(url) as holder, open_ledger(url, create=False, timeout=seconds) as ledger:
        if seconds < 1:
            holder.execute("BEGIN; INSERT INTO source VALUES ('x', '')")
            assert "in use by another program" in append(ledger)
            holder.execute("ROLLBACK")
        assert ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT).entry == 0


def strike(ledger: Ledger, table: str, statement: str, bare: Bare) -> None:
    """Have a statement executed elsewhere just before the first insert into a table."""
    waiting = [statement]

    def before(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        if waiting and text.startswith(f"INSERT INTO public.{table} "):
            bare.execute(waiting.pop())

    event.listen(ledger._access.database.engine, "before_cursor_execute", before)


def test_a_connection_that_is_lost_leaves_nothing(url: str) -> None:
    """Cut off within an append, the ledger is as it was; the next append connects anew."""
    with open_ledger(url, create=False) as ledger, bare_connection(url) as bare:
        strike(ledger, "posting", f"{TERMINATE} AND datname = current_database()", bare)
        assert "was lost" in append(ledger)
        assert ledger.count() == 0
        bare.execute(f"{TERMINATE} AND datname = current_database()")
        assert ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT).entry == 0


def test_a_connection_that_is_lost_at_the_commit_says_to_look(url: str) -> None:
    """Whether the commit came through cannot be known from here, so the error does not say that nothing was written."""
    with open_ledger(url, create=False) as ledger, bare_connection(url) as bare:

        def cut(_: object) -> None:
            bare.execute(f"{TERMINATE} AND datname = current_database()")

        event.listen(ledger._access.database.engine, "commit", cut)
        said = append(ledger)
        event.remove(ledger._access.database.engine, "commit", cut)
        assert "was lost" in said
        assert "Nothing was written" not in said
        assert ledger.count() == 0


def test_a_statement_that_is_cancelled_leaves_nothing(url: str) -> None:
    """An administrator, or a limit on time, can end an append; then it has not happened."""
    with open_ledger(with_options(url, "statement_timeout=100"), create=False) as ledger:
        with bare_connection(url) as bare:
            strike(ledger, "posting", "BEGIN; LOCK TABLE posting", bare)
            assert "stopped the work" in append(ledger)
        assert ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT).entry == 0


def test_a_table_that_goes_away_is_damage(url: str) -> None:
    """What was there when the ledger was opened may be gone later."""
    with open_ledger(url, create=False) as ledger, bare_connection(url) as bare:
        bare.execute("ALTER TABLE entry RENAME TO gone")
        with pytest.raises(FenmingError, match="is damaged"):
            ledger.count()


def test_what_the_server_cannot_hold_is_refused(url: str) -> None:
    """A zero byte, or a name too long for its index, is refused whole."""
    with open_ledger(url, create=False) as ledger:
        for department in ("a\0b", "".join(chr(0x4E00 + 7 * n) for n in range(2500))):
            with pytest.raises(FenmingError, match="refused the entry"):
                ledger.append(make_receipt(2, department=department), make_sources(), actor=ACTOR, at=AT)
        assert ledger.count() == 0


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("55P03", "in use by another program for over"),
        ("25006", "the server is read-only"),
        ("53100", "the disk is full"),
        ("53300", "reports: why"),
        ("3F000", "has no schema"),
        ("42501", "does not allow this user to do that: why"),
        ("57014", "stopped the work: why"),
        ("57P01", "was lost: why"),
        ("57P03", "cannot be reached: why"),
        ("08006", "was lost: why"),
        ("25P03", "was lost: why"),
        ("40001", "in use by another program: why"),
        ("40P01", "in use by another program: why"),
        ("22P05", "refused the entry: why"),
        ("23505", "refused the entry: why"),
        ("54000", "refused the entry: why"),
        ("28P01", "cannot be reached: why"),
        ("3D000", "no database for the ledger"),
        ("42P01", "is damaged: why"),
        ("58030", "reports: why"),
        ("XX001", "is damaged: why"),
        ("0A000", "reports: why"),
    ],
)
def test_every_error_of_the_server_has_its_words(state: str, says: str) -> None:
    """What PostgreSQL reports becomes an error of ours, with a remedy and the ledger's name."""
    cause = psycopg.OperationalError("why.\n  ")
    cause.sqlstate = state
    error = explain(DBAPIError("SELECT", {}, cause), "postgresql://host/db", 1.0)
    assert isinstance(error, FenmingError)
    assert says in str(error)
    assert error.faults[0].where.file == "postgresql://host/db"
    assert str(error.faults[0].remedy)


def test_every_error_of_the_driver_has_its_words() -> None:
    """What has no SQLSTATE is reported by when it came."""
    cause = psycopg.OperationalError("connection failed: no\n\troute")
    assert "cannot be reached: no route" in str(explain(DBAPIError(None, None, cause), "x", 1))
    assert "was lost: connection" in str(
        explain(DBAPIError("SELECT", {}, psycopg.OperationalError("connection")), "x", 1)
    )
    assert "refused the entry: zero" in str(explain(DataError("INSERT", {}, psycopg.DataError("zero")), "x", 1))
