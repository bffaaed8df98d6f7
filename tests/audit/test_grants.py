"""Laws of roles: who may append may do nothing else, and who may read may only read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest

from audit.database.postgresql.grants import grants, reading_grants
from audit.ledger.ledger import open_ledger
from audit.tables.schema import LedgerTable
from engine.base.faults import Unavailable
from tests.audit.bare import Bare, bare_connection
from tests.audit.postgres import Server
from tests.audit.receipts import ACTOR, AT, fresh_receipt, make_receipt, make_sources

TABLES = sorted(LedgerTable.metadata.tables)


def address(server: Server, granted: Callable[[str], str]) -> Iterator[str]:
    """Give the address of a ledger with one evaluation, for a role with these grants."""
    with server.role() as role, server.database() as database:
        with open_ledger(server.url(database), create=False) as ledger:
            ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
        with bare_connection(server.url(database)) as owner:
            owner.execute(granted(role))
        yield server.url(database, role)


@pytest.fixture
def appending(server: Server) -> Iterator[str]:
    """The address of a ledger for a role that may append."""
    yield from address(server, grants)


@pytest.fixture
def reading(server: Server) -> Iterator[str]:
    """The address of a ledger for a role that may read."""
    yield from address(server, reading_grants)


def denied(bare: Bare, statement: str) -> None:
    """Check that the server does not allow a statement."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        bare.execute(statement)


def changes_nothing(bare: Bare) -> None:
    """Check that a role can change, remove or loosen nothing."""
    for table in TABLES:
        column = bare.columns(table)[-1]
        denied(bare, f'UPDATE "{table}" SET "{column}" = "{column}"')
        denied(bare, f'DELETE FROM "{table}"')
        denied(bare, f'TRUNCATE "{table}" CASCADE')
        denied(bare, f'ALTER TABLE "{table}" DISABLE TRIGGER ALL')
        denied(bare, f'DROP TRIGGER {table}_no_update ON "{table}"')
        denied(bare, f'CREATE RULE r AS ON INSERT TO "{table}" DO INSTEAD NOTHING')
        denied(bare, f'CREATE TRIGGER t BEFORE INSERT ON "{table}" EXECUTE FUNCTION fenming_append_only()')
        denied(bare, f'DROP TABLE "{table}" CASCADE')
    denied(bare, "CREATE TABLE mine (x int REFERENCES entry)")
    denied(bare, "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    denied(bare, "ALTER FUNCTION fenming_append_only() SECURITY DEFINER")
    denied(bare, "DROP FUNCTION fenming_append_only() CASCADE")
    denied(bare, "CREATE SCHEMA mine")
    denied(bare, "SET session_replication_role = replica")


@pytest.mark.parametrize("create", [False, True])
def test_who_may_append_reads_and_appends(appending: str, create: bool) -> None:
    """The program needs no more than these grants, whether or not it would make the tables."""
    with open_ledger(appending, create=create) as ledger:
        first = ledger.find("latest")
        sources = make_sources("新")
        receipt = make_receipt(2, sources=sources)
        again = make_receipt(3, missed=2)
        corrected = ledger.append(again, make_sources(), actor=ACTOR, at=AT, supersedes=first.id, reason="更正")
        assert ledger.find("latest") == corrected
        recorded = ledger.append(receipt, sources, actor=ACTOR, at=AT)
        assert ledger.find("latest") == recorded
        assert ledger.receipt(recorded.id) == receipt


def test_who_may_append_changes_nothing(appending: str) -> None:
    """No other statement is allowed."""
    with bare_connection(appending) as bare:
        changes_nothing(bare)


def test_who_may_read_only_reads(reading: str) -> None:
    """An append ends in an error that says that it is not allowed, and leaves nothing."""
    with open_ledger(reading, create=False) as ledger:
        assert ledger.receipt(ledger.find("latest").id) == make_receipt()
        with pytest.raises(Unavailable, match="does not allow this user"):
            ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT)
        assert ledger.count() == 1
    with bare_connection(reading) as bare:
        changes_nothing(bare)
        for table in TABLES:
            denied(bare, f'INSERT INTO "{table}" DEFAULT VALUES')


@pytest.mark.parametrize(("granted", "rights"), [(grants, {"SELECT", "INSERT"}), (reading_grants, {"SELECT"})])
def test_grants_give_so_much_and_no_more(server: Server, granted: Callable[[str], str], rights: set[str]) -> None:
    """On each table the role has these rights and no others, even if it had them before."""
    with server.role() as role, server.database() as database, bare_connection(server.url(database)) as owner:
        quoted = '"' + role.replace('"', '""') + '"'
        for table in TABLES:
            owner.execute(f'GRANT ALL ON "{table}" TO {quoted}')
        owner.execute(granted(role))
        query = "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = ?"
        assert set(owner.execute(query, (role,)).fetchall()) == {(table, right) for table in TABLES for right in rights}


def test_grants_name_every_table() -> None:
    """A table to come is among them."""
    for table in TABLES:
        assert f'"{table}"' in grants("clerk")
        assert f'"{table}"' in reading_grants("clerk")


def test_a_role_without_grants_is_reported(server: Server) -> None:
    """Who may connect but not read learns it from an error of ours."""
    with server.role() as role, server.database() as database:
        with pytest.raises(Unavailable, match="does not allow this user"):
            open_ledger(server.url(database, role), create=False)
        server.execute("REVOKE CONNECT ON DATABASE {} FROM PUBLIC", database)
        with pytest.raises(Unavailable, match=r"cannot be reached: .*permission denied"):
            open_ledger(server.url(database, role), create=False)


def test_a_role_that_may_make_nothing_is_reported(server: Server) -> None:
    """Making the tables needs CREATE on the schema, and a schema to begin with."""
    with server.role() as role, server.database("nothing") as database:
        with pytest.raises(Unavailable, match="does not allow this user"):
            open_ledger(server.url(database, role), create=True)
        with bare_connection(server.url(database)) as owner:
            owner.execute("DROP SCHEMA public")
        for user in (role, "postgres"):
            with pytest.raises(Unavailable, match="no schema that this user may use"):
                open_ledger(server.url(database, user), create=True)
