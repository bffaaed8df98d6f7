"""PostgreSQL has many ways to take a guard away without changing a row: verification tells of each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from urllib.parse import quote

import psycopg
import pytest

from audit.database.postgresql.guards import triggers
from audit.ledger.ledger import open_ledger
from audit.verify import verify
from engine.base.faults import FenmingError
from tests.audit.bare import Bare, bare_connection
from tests.audit.postgres import Server
from tests.audit.reading import entries
from tests.audit.receipts import ACTOR, AT, fresh_receipt, make_sources

IDLE = "RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS 'BEGIN RETURN NULL; END'"
ALTERS = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.reason = ''x''; RETURN NEW; END'"
INDEX = "DROP INDEX ix_{0}; CREATE INDEX ix_{0} ON"

REFUSED = [
    ("ALTER TABLE entry DISABLE TRIGGER entry_no_update", "entry_no_update"),
    ("ALTER TABLE entry ENABLE TRIGGER entry_no_update", "entry_no_update"),
    ("ALTER TABLE entry ENABLE REPLICA TRIGGER entry_no_update", "entry_no_update"),
    ("DROP TRIGGER entry_no_update ON entry", "entry_no_update"),
    ("ALTER TRIGGER entry_no_update ON entry RENAME TO entry_other", "entry_other"),
    ("UPDATE pg_class SET relhastriggers = false WHERE relname = 'entry'", "entry (no triggers)"),
    (
        (
            "DROP TRIGGER entry_no_update ON entry; CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry "
            "FOR EACH STATEMENT WHEN (false) EXECUTE FUNCTION fenming_append_only(); "
            "ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_no_update"
        ),
        "entry_no_update",
    ),
    (
        (
            "DROP TRIGGER entry_no_update ON entry; CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION fenming_append_only('x'); "
            "ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_no_update"
        ),
        "entry_no_update",
    ),
    (f"CREATE OR REPLACE FUNCTION fenming_append_only() {IDLE}", "score_no_delete"),
    (
        (
            f"CREATE FUNCTION f() {IDLE}; CREATE OR REPLACE TRIGGER entry_no_update BEFORE UPDATE ON entry "
            "EXECUTE FUNCTION f(); ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_no_update"
        ),
        "entry_no_update",
    ),
    (
        (
            "CREATE SCHEMA other; ALTER FUNCTION fenming_append_only() SET SCHEMA other; "
            f"CREATE FUNCTION fenming_append_only() {IDLE}"
        ),
        "entry_no_update",
    ),
    ("ALTER FUNCTION fenming_entry_in_order() STABLE", "entry_in_order"),
    (f"{ALTERS}; CREATE TRIGGER a BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION f()", "a"),
    (f"{ALTERS}; CREATE CONSTRAINT TRIGGER a AFTER INSERT ON entry FOR EACH ROW EXECUTE FUNCTION f()", "a"),
    ("ALTER TABLE entry DROP CONSTRAINT entry_pkey", "entry (index)"),
    ("ALTER TABLE entry DROP CONSTRAINT entry_supersedes_key", "entry (supersedes)"),
    (
        (
            "ALTER TABLE entry DROP CONSTRAINT entry_evaluation_fkey, "
            "ADD FOREIGN KEY (evaluation) REFERENCES evaluation (id) NOT VALID"
        ),
        "entry (evaluation)",
    ),
    (
        "ALTER TABLE entry DROP CONSTRAINT entry_supersedes_key, ADD UNIQUE (supersedes) DEFERRABLE",
        "entry (supersedes)",
    ),
    ("UPDATE pg_index SET indisunique = false WHERE indexrelid = 'entry_pkey'::regclass", "entry (index)"),
    ("UPDATE pg_index SET indisready = false WHERE indexrelid = 'entry_pkey'::regclass", "entry (index)"),
    (
        (
            "ALTER TABLE entry DROP CONSTRAINT entry_evaluation_fkey, "
            "ADD FOREIGN KEY (evaluation) REFERENCES evaluation (id) ON UPDATE CASCADE"
        ),
        "entry (evaluation)",
    ),
    (
        (
            "CREATE TABLE other AS SELECT id FROM evaluation; ALTER TABLE other ADD UNIQUE (id); "
            "ALTER TABLE entry DROP CONSTRAINT entry_evaluation_fkey, "
            "ADD FOREIGN KEY (evaluation) REFERENCES other (id)"
        ),
        "entry (evaluation)",
    ),
    ("ALTER TABLE posting ADD CONSTRAINT quiet CHECK (kept <> '0') NOT VALID", "posting (quiet)"),
    ("ALTER TABLE entry ADD CONSTRAINT quiet EXCLUDE USING btree (actor WITH =)", "entry (quiet)"),
    ("CREATE RULE quiet AS ON INSERT TO posting DO INSTEAD NOTHING", "quiet"),
    ("CREATE RULE quiet AS ON UPDATE TO posting DO ALSO NOTHING", "quiet"),
    (
        "CREATE POLICY few ON entry USING (reason <> ''); ALTER TABLE entry ENABLE ROW LEVEL SECURITY",
        "entry (row security)",
    ),
    ("CREATE TABLE more () INHERITS (entry)", "entry (inherited)"),
    ("CREATE TABLE above (LIKE entry); ALTER TABLE entry INHERIT above", "entry (inherits)"),
    (
        (
            "CREATE TABLE above (LIKE ledger_format) PARTITION BY LIST (version); "
            "ALTER TABLE above ATTACH PARTITION ledger_format FOR VALUES IN (1)"
        ),
        "ledger_format (inherits)",
    ),
    ("ALTER TABLE score SET UNLOGGED", "score (unlogged)"),
]
"""What keeps the ledger from being appended to as well, with the name that is reported."""

TOLD = [
    ("DROP INDEX ix_evaluation_case", "index ix_evaluation_case is missing"),
    (f"{INDEX.format('entry_key')} entry (index)", "index ix_entry_key has been altered"),
    (
        f"{INDEX.format('evaluation_case')} evaluation (lower(department), year)",
        "ix_evaluation_case has been alt",
    ),
    ("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_entry_key'::regclass", "ix_entry_key has been alt"),
    ("UPDATE pg_index SET indislive = false WHERE indexrelid = 'ix_entry_key'::regclass", "ix_entry_key has been alt"),
    ("CREATE INDEX quick ON posting (lost)", "index quick has been added"),
    ("CREATE UNIQUE INDEX quick ON posting (entry, lost)", "index quick has been added"),
    (
        (
            'CREATE UNIQUE INDEX quick ON posting (entry, lost); CREATE TABLE other (a int, b text COLLATE "C", '
            "FOREIGN KEY (a, b) REFERENCES posting (entry, lost))"
        ),
        "index quick has been added",
    ),
    ("ALTER TABLE score ADD COLUMN more text", "score.more has been added"),
    ("ALTER TABLE posting ALTER firing TYPE bigint", "posting.firing has been altered"),
    ("ALTER TABLE posting ALTER lost TYPE varchar(9)", "posting.lost has been altered"),
    (
        'CREATE DOMAIN text AS pg_catalog.text; ALTER TABLE posting ALTER lost TYPE public.text COLLATE "C"',
        "posting.lost has been",
    ),
    ('ALTER TABLE posting ALTER lost TYPE text COLLATE "POSIX"', "posting.lost has been altered"),
    (
        'CREATE COLLATION "C" (locale = \'POSIX\'); ALTER TABLE posting ALTER lost TYPE text COLLATE public."C"',
        "posting.lost has been altered",
    ),
    ("ALTER TABLE entry ALTER reason SET DEFAULT 'x'", "entry.reason has been altered"),
    ("ALTER TABLE fact ALTER position ADD GENERATED ALWAYS AS IDENTITY", "fact.position has been altered"),
    ("ALTER TABLE entry ALTER reason DROP NOT NULL", "entry.reason has been altered"),
]
"""What lets appends go on, with what verification says."""

CLOSED = [
    ("ALTER TABLE tile RENAME TO tiles; CREATE VIEW tile AS SELECT * FROM tiles", "it lacks the tables tile"),
    ("ALTER TABLE tile RENAME TO t; CREATE MATERIALIZED VIEW tile AS SELECT * FROM t", "it lacks the tables tile"),
    ("CREATE SCHEMA other; ALTER TABLE tile SET SCHEMA other", "it lacks the tables tile"),
    ("ALTER TABLE score RENAME parts TO halves", 'is damaged: column "parts" does not exist'),
]
"""What leaves a ledger that cannot be read, with what opening or verification says."""


@pytest.fixture(scope="module")
def written(server: Server) -> Iterator[str]:
    """The name of a ledger on the server with one entry."""
    with server.database() as name:
        append(server.url(name))
        assert findings(server.url(name)) == [], "what a test finds is what it has changed"
        yield name


@pytest.fixture
def url(server: Server, written: str) -> Iterator[str]:
    """The address of a copy of it."""
    with server.database(written) as name:
        yield server.url(name)


@pytest.fixture
def bare(url: str) -> Iterator[Bare]:
    """A superuser's connection to the copy."""
    with bare_connection(url) as connection:
        yield connection


def findings(url: str) -> list[str]:
    """Return what verification finds, none of it about an entry."""
    with open_ledger(url, create=False) as ledger:
        report = verify(ledger)
    assert report.first is None
    return [str(finding.what) for finding in report.findings]


def append(url: str) -> None:
    """Record one more evaluation."""
    with open_ledger(url, create=False) as ledger:
        ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT)


@pytest.mark.parametrize(("statement", "named"), REFUSED)
def test_a_guard_that_is_gone_is_found_and_nothing_is_appended(
    url: str, bare: Bare, statement: str, named: str
) -> None:
    """Each by its name."""
    bare.execute(statement)
    assert f"{named} is missing, altered, or not ours" in findings(url)
    with pytest.raises(FenmingError, match="no longer protected") as caught:
        append(url)
    assert named in str(caught.value)


@pytest.mark.parametrize(("statement", "says"), TOLD)
def test_a_table_that_is_not_as_it_was_made_is_found(url: str, bare: Bare, statement: str, says: str) -> None:
    """Columns and indexes, missing, altered or added."""
    bare.execute(statement)
    found = findings(url)
    assert any(says in each for each in found), found


@pytest.mark.parametrize(("statement", "says"), CLOSED)
def test_a_table_that_is_no_table_any_more_closes_the_ledger(url: str, bare: Bare, statement: str, says: str) -> None:
    """A view with its name, or a table of another schema, does not stand for it."""
    bare.execute(statement)
    with pytest.raises(FenmingError, match=says):
        findings(url)


def test_every_trigger_counts(url: str, bare: Bare) -> None:
    """Whichever is dropped is missed, and no other; table by table."""
    for table, dropped in groupby(sorted(triggers(), key=attrgetter("table")), attrgetter("table")):
        names = {each.name: each for each in dropped}
        bare.execute("; ".join(f'DROP TRIGGER {name} ON "{table}"' for name in names))
        assert sorted(findings(url)) == [f"{name} is missing, altered, or not ours" for name in sorted(names)]
        bare.execute("; ".join(each.create("public") for each in names.values()))
    assert findings(url) == []


EXACT = "CREATE FUNCTION concat_ws(text,text,boolean,name,text,text) RETURNS text LANGUAGE sql AS"
NONE = "CREATE FUNCTION no(text, varchar) RETURNS boolean LANGUAGE sql AS 'SELECT false'"
YES = "CREATE FUNCTION yes(int2vector, int2vector) RETURNS boolean LANGUAGE sql AS 'SELECT true'"

SHADOWS = [
    ("CREATE VIEW pg_trigger AS SELECT * FROM pg_catalog.pg_trigger WHERE false", ['view "public"."pg_trigger"']),
    ("CREATE AGGREGATE max(int) (SFUNC = int4smaller, STYPE = int)", ['aggregate "public"."max"(integer)']),
    (
        "CREATE AGGREGATE count(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = 7)",
        ['aggregate "public"."count"()'],
    ),
    (f"{EXACT} 'SELECT $2'", ['function "public"."concat_ws"(']),
    (
        f"{NONE}; CREATE OPERATOR = (leftarg = text, rightarg = varchar, function = no)",
        ['function "public"."no"(', 'operator "public".=('],
    ),
    (
        f"{YES}; CREATE OPERATOR = (leftarg = int2vector, rightarg = int2vector, function = yes)",
        ['function "public"."yes"(', 'operator "public".=('],
    ),
    ("CREATE TABLE fact_2 (LIKE fact)", ['table "public"."fact_2"']),
    ("CREATE DOMAIN text AS pg_catalog.text CHECK (value <> 'x')", ['type "public"."text"']),
    ("CREATE SEQUENCE quiet", ['sequence "public"."quiet"']),
]
"""What is made in the ledger's schema, which would come before the server's own or look like the ledger's, and what
verification calls it."""


@pytest.mark.parametrize(("shadow", "reported"), SHADOWS)
def test_nothing_stands_before_the_server_s_own_names(url: str, bare: Bare, shadow: str, reported: list[str]) -> None:
    """Where the path names our schema before the catalogue, as anyone can set it who owns the database."""
    append(url)
    bare.execute(shadow)
    path = "ALTER DATABASE %I SET search_path = public, pg_catalog"
    bare.execute(f"DO $$BEGIN EXECUTE format('{path}', current_database()); END$$")
    said = findings(url)
    assert len(said) == len(reported)
    for finding, name in zip(said, reported, strict=True):
        assert finding.startswith(name)
        assert finding.endswith("has been added")
    append(url)
    with open_ledger(url, create=False) as ledger:
        assert ledger.count() == 3
        assert [entry.index for entry in entries(ledger)] == [0, 1, 2]


def test_an_operator_does_not_hide_an_altered_trigger(url: str, bare: Bare) -> None:
    """Which it would, if the query that looks for triggers compared with it."""
    bare.execute(
        "DROP TRIGGER entry_no_update ON entry; "
        "CREATE TRIGGER entry_no_update BEFORE UPDATE OF kind ON entry EXECUTE FUNCTION fenming_append_only(); "
        "ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_no_update"
    )
    bare.execute(f"{YES}; CREATE OPERATOR = (leftarg = int2vector, rightarg = int2vector, function = yes)")
    assert "entry_no_update is missing, altered, or not ours" in findings(url)


def test_nothing_of_the_schema_runs_within_a_trigger(url: str, bare: Bare) -> None:
    """It would run with the rights of whoever appends, or in place of the refusal."""
    append(url)
    bare.execute(
        "CREATE FUNCTION join_(text, name) RETURNS text LANGUAGE plpgsql "
        "AS $$BEGIN RAISE EXCEPTION 'taken over'; END$$; "
        "CREATE OPERATOR || (leftarg = text, rightarg = name, function = join_)"
    )
    with pytest.raises(psycopg.Error, match="taken over"):
        bare.execute("SELECT 'a'::text || 'b'::name")
    with pytest.raises(psycopg.Error, match="a row of entry is never updated"):
        bare.execute("UPDATE entry SET actor = actor")


@pytest.mark.parametrize("event", ["UPDATE", "DELETE"])
def test_a_change_without_a_statement_is_refused_too(url: str, bare: Bare, event: str) -> None:
    """Logical replication changes rows without any statement, so that only the triggers of rows see it."""
    append(url)
    bare.execute(f"DROP TRIGGER posting_no_{event.lower()} ON posting")
    with pytest.raises(psycopg.Error, match=f"a row of posting is never {event.lower()}d"):
        bare.execute("UPDATE posting SET kept = '1'" if event == "UPDATE" else "DELETE FROM posting")


def test_a_table_of_a_later_schema_stands_for_none(url: str, bare: Bare) -> None:
    """Once the ledger is open, a table that goes away is not looked for elsewhere."""
    bare.execute("CREATE SCHEMA other; CREATE TABLE other.entry (LIKE public.entry)")
    path = f"{url}?options={quote('-c search_path=public,other')}"
    with open_ledger(path, create=False) as ledger:
        assert ledger.count() == 1
        bare.execute("ALTER TABLE public.entry RENAME TO gone")
        with pytest.raises(FenmingError, match="is damaged"):
            ledger.count()
