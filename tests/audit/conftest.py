"""A fresh ledger for each test, on each kind of database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

from audit.ledger import Ledger, open_ledger
from tests.audit.bare import Bare, bare_connection
from tests.audit.postgres import WITHOUT, Server, running, without

Fresh: TypeAlias = Callable[..., AbstractContextManager[str]]

SKIPPED = "PostgreSQL is left out"


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The PostgreSQL server of this run."""
    if without():
        pytest.skip(SKIPPED)
    with running() as started:
        yield started


@pytest.fixture(scope="session")
def fresh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Where ledgers can be kept: each call gives the address of a new one, on PostgreSQL with its tables if made."""
    if request.param == "sqlite":

        @contextmanager
        def file(*, made: bool = True) -> Iterator[str]:
            yield str(tmp_path_factory.mktemp("made" if made else "empty") / "fenming.db")

        return file
    server: Server = request.getfixturevalue("server")

    @contextmanager
    def database(*, made: bool = True) -> Iterator[str]:
        with server.database("ledger" if made else "nothing") as name:
            yield server.url(name)

    return database


@pytest.fixture
def url(fresh: Fresh) -> Iterator[str]:
    """The address of the test's ledger; making the tables is left to the test, or has been done."""
    with fresh() as address:
        yield address


@pytest.fixture
def bare_url(fresh: Fresh) -> Iterator[str]:
    """The address of a place where there is no table yet."""
    with fresh(made=False) as address:
        yield address


@pytest.fixture
def path(url: str) -> Path:
    """The file of a ledger on SQLite."""
    assert "://" not in url
    return Path(url)


@pytest.fixture
def bare(url: str) -> Iterator[Bare]:
    """A connection to the test's ledger without fenming."""
    open_ledger(url, create=True).close()
    with bare_connection(url) as connection:
        yield connection


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    """An empty ledger."""
    with open_ledger(url, create=True) as opened:
        yield opened


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test on both kinds of database, unless it is about one of them."""
    chosen = any("fresh" in mark.args for mark in metafunc.definition.iter_markers("parametrize"))
    if "fresh" in metafunc.fixturenames and not chosen:
        kinds = ["sqlite"] if "path" in metafunc.fixturenames else ["sqlite", "postgresql"]
        metafunc.parametrize("fresh", kinds, indirect=True, scope="session")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tests were left out."""
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if SKIPPED in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} tests on PostgreSQL were left out, because {WITHOUT} is set.")
