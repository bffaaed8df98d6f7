"""A PostgreSQL server for the tests alone: found on this machine, started once, stopped at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from audit.ledger.ledger import open_ledger

WITHOUT = "FENMING_WITHOUT_POSTGRESQL"
"""Set to 1, the tests on PostgreSQL are skipped; never in CI."""

SKIPPED = "PostgreSQL is left out"

PASSWORD = "correct horse/battery@staple:?#%"  # noqa: S105 - of a server that lives for one run of the tests
"""With every character that has a meaning in an address."""

_PROGRAMS = ("initdb", "pg_ctl", "postgres")
_ATTEMPTS = 5
_MEMORY, _ROOM = Path("/dev/shm"), 2**30  # noqa: S108 - a folder of its own is made there
"""Databases are made and dropped by the hundred: in memory, where there is room, that does not wait for the disk."""
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "''",
    "fsync": "off",
    "full_page_writes": "off",
    "jit": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "40",
    "max_wal_size": "64MB",
}


def without() -> bool:
    """Whether the tests on PostgreSQL are to be skipped."""
    return os.environ.get(WITHOUT) == "1" and not os.environ.get("CI")


def programs() -> Path | None:
    """Return the folder of the newest server's programs, if there are any."""
    folders = [Path(found).resolve().parent for found in (shutil.which("initdb"), shutil.which("postgres")) if found]
    if config := shutil.which("pg_config"):
        said = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        folders.append(Path(said))
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    folders += sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    return next((each for each in folders if all(os.access(each / name, os.X_OK) for name in _PROGRAMS)), None)


@dataclass
class Server:
    """A running server, and the databases that tests make in it."""

    port: int
    control: Callable[[str], None]
    """Ends the server at once, as a power cut does, or starts it; by `stop` or `start`."""
    admin: psycopg.Connection[Any] = field(init=False)
    _numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self._connect()

    def _connect(self) -> None:
        address = f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"
        self.admin = psycopg.connect(address, password=PASSWORD, autocommit=True)

    def crash(self) -> None:
        """End the server without letting it finish anything."""
        self.admin.close()
        self.control("stop")

    def start(self) -> None:
        """Start it again; it recovers by itself."""
        self.control("start")
        self._connect()

    def url(self, database: str, user: str = "postgres", password: str = PASSWORD, host: str = "127.0.0.1") -> str:
        """Return the address of a database."""
        return f"postgresql://{quote(user, '')}:{quote(password, '')}@{host}:{self.port}/{quote(database, '')}"

    def execute(self, statement: str, *names: str) -> None:
        """Execute a statement as the administrator; `{}` stand for names."""
        self.admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def create(self, name: str, template: str, options: str = "") -> None:
        """Make a database like another."""
        # Copying the files is faster than writing them to the log, which PostgreSQL does since version 15.
        strategy = "STRATEGY file_copy" if self.admin.info.server_version >= 150000 else ""
        self.execute(f"CREATE DATABASE {{}} TEMPLATE {{}} {strategy} {options}", name, template)

    @contextmanager
    def database(self, template: str = "ledger", options: str = "") -> Iterator[str]:
        """Make a database like another, and give its name as long as it is needed."""
        name = f"test{next(self._numbers)}"
        self.create(name, template, options)
        try:
            yield name
        finally:
            self.execute("DROP DATABASE {} WITH (FORCE)", name)

    @contextmanager
    def role(self, options: str = "") -> Iterator[str]:
        """Make a role that may log in, with a name that needs its quotes; databases with its grants go before it."""
        name = f'Ro"le {next(self._numbers)}'
        self.execute(f"CREATE ROLE {{}} LOGIN PASSWORD '{PASSWORD}' {options}", name)
        try:
            yield name
        finally:
            self.execute("DROP ROLE {}", name)


@contextmanager
def running(**more: str) -> Iterator[Server]:
    """Start a server with an empty ledger for a template, and stop it; with more settings than the usual ones."""
    found = programs()
    if found is None:
        pytest.fail(
            "The ledger's tests need the programs of a PostgreSQL server, and none were found: install them, on Debian "
            f"or Ubuntu with `apt install postgresql`. {WITHOUT}=1 leaves these tests out.",
            pytrace=False,
        )
    place = str(_MEMORY) if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM else None
    with tempfile.TemporaryDirectory(prefix="fenming-postgresql-", dir=place, ignore_cleanup_errors=True) as folder:
        owner = _owner(Path(folder))
        data, log, secret = Path(folder, "data"), Path(folder, "log"), Path(folder, "password")
        secret.write_text(PASSWORD)

        def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
            # The server keeps a pipe open for as long as it runs: what it says goes to a file.
            with Path(folder, "said").open("w+") as said:
                command = [str(found / program), "-D", str(data), *arguments]
                done = subprocess.run(command, stdout=said, stderr=said, text=True, check=False, cwd=folder, **owner)
                said.seek(0)
                return subprocess.CompletedProcess(command, done.returncode, said.read())

        host = ("--auth=scram-sha-256", "--username=postgres", f"--pwfile={secret}")
        made = run("initdb", *host, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        assert made.returncode == 0, made.stdout
        port = 0

        def control(what: str) -> None:
            options = " ".join(f"-c {name}={value}" for name, value in ({"port": str(port)} | _SETTINGS | more).items())
            how = ("--mode=immediate",) if what == "stop" else (f"--log={log}", f"--options={options}")
            if run("pg_ctl", what, "--wait", *how).returncode:
                raise ChildProcessError(log.read_text("utf-8", "replace"))

        for attempt in range(_ATTEMPTS):
            port = _free_port()
            # Another program may take the port before the server does: then another port is tried.
            try:
                control("start")
                break
            except ChildProcessError as error:
                if attempt == _ATTEMPTS - 1:
                    pytest.fail(f"The PostgreSQL server did not start:\n{error}")
        server = None
        try:
            server = Server(port, control)
            server.execute("CREATE DATABASE {} TEMPLATE template0", "nothing")
            server.execute("CREATE DATABASE {} TEMPLATE template0", "ledger")
            open_ledger(server.url("ledger"), create=True).close()
            yield server
        finally:
            if server is not None:
                server.admin.close()
            run("pg_ctl", "stop", "--mode=immediate", "--wait")


def _owner(folder: Path) -> Mapping[str, Any]:
    """Hand the folder over to a user under whom the server agrees to run, and return how to become that user."""
    if os.getuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
