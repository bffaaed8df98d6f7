"""Laws of opening: reading creates nothing, and what is no ledger is named and left alone."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from audit.database.interface import default_checkpoints
from audit.database.sqlite.errors import explain
from audit.ledger.ledger import Ledger, open_ledger
from audit.tables.schema import FORMAT
from engine.base.faults import FenmingError, InvalidInput, Unavailable
from i18n import translator
from tests.audit.bare import bare_connection
from tests.audit.receipts import ACTOR, AT, fresh_receipt, make_receipt, make_sources

ROOT = Path(__file__).parents[2]


def refusal(url: str | Path, *, create: bool = False) -> str:
    """Return what opening says, once it is sure that it is refused with a remedy."""
    with pytest.raises(FenmingError) as caught:
        open_ledger(str(url), create=create)
    assert all(fault.code.startswith("ledger.") and fault.remedy.template for fault in caught.value.faults)
    return str(caught.value)


def test_reading_creates_nothing(tmp_path: Path) -> None:
    """A read command on a ledger that is not there says so and leaves the folder empty."""
    assert "There is no ledger" in refusal(tmp_path / "fenming.db")
    assert "There is no ledger" in refusal(f"sqlite:///{tmp_path}/fenming.db?mode=ro", create=True)
    assert "There is no ledger" in refusal(tmp_path / "no" / "fenming.db")
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_is_not_made_in_a_missing_folder(tmp_path: Path) -> None:
    """The error names the folder."""
    assert f"no folder “{tmp_path}/no”" in refusal(tmp_path / "no" / "fenming.db", create=True)


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    """A folder, or a device, in place of the file is named."""
    assert "is not a file" in refusal(tmp_path)
    assert "is not a file" in refusal("/dev/null", create=True)


def test_a_file_in_place_of_a_folder(tmp_path: Path) -> None:
    """A path that leads through a file is refused."""
    (tmp_path / "file").write_text("x")
    assert "no folder" in refusal(tmp_path / "file" / "fenming.db", create=True)


def test_a_name_that_the_system_refuses(tmp_path: Path) -> None:
    """A name too long for the file system is an error of ours."""
    assert "cannot be opened" in refusal(tmp_path / ("x" * 300), create=True)


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize(
    "content", [b"x", b"x" * 511, b"x" * 512, b"garbage" * 1000, b"SQLite format 3\0" + b"\xff" * 4080]
)
def test_garbage_is_left_alone(path: Path, content: bytes, create: bool) -> None:
    """A file that is no database is refused and unchanged."""
    path.write_bytes(content)
    assert "is not a database" in refusal(path, create=create)
    assert path.read_bytes() == content


@pytest.mark.parametrize("create", [False, True])
def test_another_database_is_left_alone(path: Path, create: bool) -> None:
    """A database of another program is refused and unchanged."""
    with bare_connection(path) as connection:
        connection.execute("CREATE TABLE entry (x)")
    before = path.read_bytes()
    assert "not a fenming ledger" in refusal(path, create=create)
    assert path.read_bytes() == before


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
def test_another_encoding_is_refused(path: Path, encoding: str, create: bool) -> None:
    """SQLite reads UTF-16 loosely: different bytes would pass for the same text in a ledger rebuilt so."""
    open_ledger(str(path), create=True).close()
    with bare_connection(path) as ledger, bare_connection(rebuilt := path.with_name("rebuilt.db")) as other:
        other.execute(f"PRAGMA encoding = '{encoding}'")
        for (made,) in ledger.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"):
            other.execute(made)
        other.execute("INSERT INTO ledger_format VALUES (?)", (FORMAT,))
    before = rebuilt.read_bytes()
    for address in (rebuilt, f"sqlite:///{rebuilt}?mode=ro"):
        assert f"has the encoding {encoding}; a ledger needs UTF8" in refusal(address, create=create)
    assert rebuilt.read_bytes() == before


def test_a_ledger_is_not_made_in_another_encoding(path: Path) -> None:
    """Nor in an empty file that would have it."""
    with bare_connection(path) as connection:
        connection.execute("PRAGMA encoding = 'UTF-16le'")
        connection.execute("CREATE TABLE gone (x)")
        connection.execute("DROP TABLE gone")
    assert "a ledger needs UTF8" in refusal(path, create=True)


def test_an_empty_file_is_no_ledger_until_it_is_made_one(path: Path) -> None:
    """An empty file is what a cut-short creation leaves: reading says so, recording goes on."""
    path.touch()
    assert "There is nothing in" in refusal(path)
    assert path.read_bytes() == b""
    open_ledger(str(path), create=True).close()
    open_ledger(str(path), create=False).close()


def test_the_version_of_the_tables_is_checked(path: Path) -> None:
    """A newer ledger is refused with both versions; one that states none is no ledger."""
    open_ledger(str(path), create=True).close()
    with bare_connection(path) as connection:
        connection.execute("INSERT INTO ledger_format VALUES (?)", (FORMAT + 1,))
    for create in (False, True):
        said = refusal(path, create=create)
        assert f"has format {FORMAT + 1}; this fenming knows formats up to {FORMAT}" in said
    other = path.with_name("other.db")
    with bare_connection(other) as connection:
        connection.execute("CREATE TABLE ledger_format (version INTEGER)")
    assert "not a fenming ledger" in refusal(other)


def test_a_ledger_that_lacks_a_table_is_damaged(path: Path) -> None:
    """The missing table is named."""
    open_ledger(str(path), create=True).close()
    with bare_connection(path) as connection:
        connection.execute("DROP TABLE posting")
    assert "it lacks the tables posting" in refusal(path)


@pytest.mark.parametrize("size", [100, 4096, 20_000])
def test_a_truncated_ledger_is_an_error_of_ours(path: Path, size: int) -> None:
    """A ledger cut short is refused on opening or on reading, never by a traceback of another kind."""
    with open_ledger(str(path), create=True) as ledger:
        recorded = ledger.append(fresh_receipt(), make_sources(), actor=ACTOR, at=AT)
    os.truncate(path, size)
    with pytest.raises(FenmingError), open_ledger(str(path), create=False) as ledger:
        ledger.receipt(recorded.id)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "mysql://host/db",
        "sqlite:///x.db?mode=rwc",
        "sqlite:///x.db?cache=shared",
        "a\0b",
        "sqlite:///a\0b",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    """What names neither a file of SQLite nor a PostgreSQL database is no ledger."""
    assert "it keeps ledgers in SQLite" in refusal(url, create=True)


@pytest.mark.parametrize(
    "url",
    [
        "postgresq://boss:sekret@127.0.0.1:55437/fm",
        "mysql://boss:sekret@host/fm",
        "mysql+pymysql://host/fm?password=sekret",
        "sqlite:///x.db?key=sekret",
        "boss:sekret@mysql://host/fm",
        "://boss:sekret@host/fm",
        "POSTGRESQL://boss:sekret@host/fm#sekret",
    ],
)
def test_other_addresses_are_not_repeated(url: str) -> None:
    """No more than the scheme of a refused address is shown: a password may stand anywhere else."""
    for refused in (lambda: open_ledger(url, create=True), lambda: default_checkpoints(url)):
        with pytest.raises(InvalidInput) as caught:
            refused()
        assert "sekret" not in str(caught.value)
        assert "://…”: it keeps ledgers in SQLite" in str(caught.value)


def test_a_path_may_have_any_characters(tmp_path: Path) -> None:
    """Spaces, question marks, percent signs and Chinese in a path mean themselves."""
    path = tmp_path / "台账 50%3F #1?x.db"
    open_ledger(str(path), create=True).close()
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_relative_path_is_taken_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both spellings of a relative path are the same file, wherever the process goes afterwards."""
    monkeypatch.chdir(tmp_path)
    with open_ledger("fenming.db", create=True) as ledger:
        monkeypatch.chdir("/")
        ledger.append(fresh_receipt(), make_sources(), actor=ACTOR, at=AT)
    monkeypatch.chdir(tmp_path)
    with open_ledger("sqlite:///fenming.db", create=False) as ledger:
        assert ledger.count() == 1


def test_a_ledger_opened_for_reading_takes_nothing(path: Path) -> None:
    """`?mode=ro` reads, and refuses to append."""
    with open_ledger(str(path), create=True) as ledger:
        recorded = ledger.append(fresh_receipt(), make_sources(), actor=ACTOR, at=AT)
    with open_ledger(f"sqlite:///{path}?mode=ro", create=False) as ledger:
        assert ledger.find("latest") == recorded
        with pytest.raises(Unavailable, match="read-only here"):
            ledger.append(fresh_receipt(), make_sources(), actor=ACTOR, at=AT)
        assert ledger.count() == 1


UNPRIVILEGED = """
import os, sys
from audit.ledger.ledger import open_ledger
from engine.base.faults import FenmingError
from tests.audit.receipts import ACTOR, AT, fresh_receipt, make_receipt, make_sources
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
folder = sys.argv[1]
for name, create in (("old.db", False), ("old.db", True), ("new.db", True), ("secret.db", False)):
    try:
        with open_ledger(f"{folder}/{name}", create=create) as ledger:
            print("reads", ledger.count())
            ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT)
            print("wrote")
    except FenmingError as error:
        print(error)
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that an unprivileged process can reach."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        path.chmod(0o711)
        yield path
        path.chmod(0o711)


def test_a_read_only_folder_can_be_read_and_refuses_the_rest(open_folder: Path) -> None:
    """Whoever may not write can read a ledger; an append says that the place is read-only and leaves nothing."""
    with open_ledger(str(open_folder / "old.db"), create=True) as ledger:
        ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT)
    (open_folder / "secret.db").write_bytes((open_folder / "old.db").read_bytes())
    (open_folder / "secret.db").chmod(0)
    (open_folder / "old.db").chmod(0o444)
    open_folder.chmod(0o511)
    before = sorted(each.name for each in open_folder.iterdir())
    done = subprocess.run(
        [sys.executable, "-c", UNPRIVILEGED, str(open_folder)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.stderr == ""
    said = done.stdout
    assert said.count("reads 1") == 2
    assert said.count("it is read-only here") == 2
    assert said.count("you have no permission to read it. Nothing was written.") == 1
    assert said.count(f"cannot be made in the folder “{open_folder}”: you have no permission to write there.") == 1
    assert "unable to open" not in said
    assert "wrote" not in said
    assert sorted(each.name for each in open_folder.iterdir()) == before


def limit_pages(ledger: Ledger, pages: int) -> None:
    """Let the ledger's file grow no further than so many pages, as on a disk that is full."""

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(ledger._access.database.engine, "connect", limit)
    ledger._access.database.engine.dispose()


def test_a_full_disk_leaves_the_ledger_as_it_was(ledger: Ledger, path: Path) -> None:
    """An append for which there is no room is refused whole; with room it works."""
    ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT)
    size = path.stat().st_size
    with open_ledger(str(path), create=False) as small:
        limit_pages(small, size // 4096 + 3)
        with pytest.raises(Unavailable, match="the disk is full"):
            small.append(fresh_receipt(100), make_sources(), actor=ACTOR, at=AT)
        assert small.count() == 1
    assert ledger.append(fresh_receipt(100), make_sources(), actor=ACTOR, at=AT).entry == 1


LIMITED = """
import resource, sys
from audit.ledger.ledger import open_ledger
from engine.base.faults import FenmingError
from tests.audit.receipts import ACTOR, AT, fresh_receipt, make_receipt, make_sources
with open_ledger(sys.argv[1], create=True) as ledger:
    ledger.append(make_receipt(2), make_sources(), actor=ACTOR, at=AT)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    try:
        ledger.append(fresh_receipt(200), make_sources(), actor=ACTOR, at=AT)
    except FenmingError as error:
        print(error)
    print(ledger.count())
"""


def test_a_failing_write_leaves_the_ledger_as_it_was(path: Path) -> None:
    """A write that the system refuses is an error of ours, and the ledger is whole afterwards."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path), "250000"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.stderr == ""
    assert "cannot be read or written" in done.stdout or "the disk is full" in done.stdout
    assert done.stdout.endswith("\n1\n")
    with open_ledger(str(path), create=False) as ledger:
        assert ledger.receipt(ledger.find("latest").id) == make_receipt(2)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("SQLITE_BUSY_RECOVERY", "in use by another program"),
        ("SQLITE_LOCKED", "in use by another program"),
        ("SQLITE_READONLY_ROLLBACK", "read-only here"),
        ("SQLITE_FULL", "the disk is full"),
        ("SQLITE_IOERR_FSYNC", "cannot be read or written: why"),
        ("SQLITE_CANTOPEN_ISDIR", "cannot be opened: why"),
        ("SQLITE_NOTADB", "is not a database"),
        ("SQLITE_CONSTRAINT_TRIGGER", "refused the entry: why"),
        ("SQLITE_TOOBIG", "refused the entry: why"),
        ("SQLITE_CORRUPT_INDEX", "is damaged: why"),
        ("SQLITE_ERROR", "is damaged: why"),
        ("SQLITE_PROTOCOL", "in use by another program"),
        ("SQLITE_NOMEM", "cannot be read or written: why"),
        ("SQLITE_PERM", "cannot be read or written: why"),
        ("", "cannot be read or written: why"),
    ],
)
def test_every_error_of_the_database_has_its_words(name: str, says: str) -> None:
    """What SQLite reports becomes an error of ours, with a remedy and the ledger's path."""
    cause = sqlite3.OperationalError("why")
    if name:
        cause.sqlite_errorname = name
    error = explain(DBAPIError("", {}, cause), "x.db", 1.0)
    assert isinstance(error, FenmingError)
    assert says in str(error)
    assert error.faults[0].where.file == "x.db"
    assert str(error.faults[0].remedy)


@pytest.mark.parametrize(
    ("there", "refused", "flags", "says"),
    [
        (True, os.R_OK, 0, "you have no permission to read it"),
        (True, os.W_OK, 0, "it is read-only here"),
        (False, os.W_OK, 0, "you have no permission to write there"),
        (False, os.W_OK, os.ST_RDONLY, "the disk is read-only"),
        (True, 0, 0, "unable to open database file"),
        (False, 0, 0, "unable to open database file"),
    ],
)
def test_what_cannot_be_opened_has_its_reason(
    path: Path, monkeypatch: pytest.MonkeyPatch, there: bool, refused: int, flags: int, says: str
) -> None:
    """SQLite says no more than that it cannot; the reason is reported with it, in Chinese as well."""
    if there:
        path.touch()
    monkeypatch.setattr(
        "audit.database.sqlite.errors.os.access", lambda at, mode: Path(at).exists() and not mode & refused
    )
    monkeypatch.setattr("audit.database.sqlite.errors.os.statvfs", lambda _: SimpleNamespace(f_flag=flags))
    cause = sqlite3.OperationalError("unable to open database file")
    cause.sqlite_errorname = "SQLITE_CANTOPEN"
    (fault,) = explain(DBAPIError("", {}, cause), str(path), 1.0).faults
    assert says in str(fault.what)
    assert ("Nothing was written." in str(fault.remedy)) == bool(refused)
    chinese = fault.what.text(translator("zh")).replace(str(path), "").replace(str(path.parent), "")
    assert not re.search("[a-z]{3}", chinese), chinese
