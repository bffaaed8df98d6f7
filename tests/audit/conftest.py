"""A fresh ledger for each test, on each kind of database."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

from audit.ledger.ledger import Ledger, open_ledger
from tests.audit.bare import Bare, bare_connection
from tests.audit.filled import fill
from tests.audit.postgres import SKIPPED, WITHOUT, Server, running, without
from tests.audit.sealed import Sealed, sealed_database, sealed_file

Fresh: TypeAlias = Callable[..., AbstractContextManager[str]]
Seal: TypeAlias = Callable[[list[int]], AbstractContextManager[Sealed]]


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


@pytest.fixture(scope="session")
def original(fresh: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A ledger that is filled once and never changed, and its checkpoints."""
    kept = tmp_path_factory.mktemp("original") / "kept"
    with fresh() as url:
        fill(url, kept)
        yield url, kept


@pytest.fixture
def filled(original: tuple[str, Path], tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a copy of it, whose checkpoints are in `kept`."""
    url, kept = original
    shutil.copytree(kept, tmp_path / "kept")
    if "://" not in url:
        yield shutil.copy(url, str(tmp_path))
        return
    server: Server = request.getfixturevalue("server")
    with server.database(url.rpartition("/")[2]) as name:
        yield server.url(name)


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


@pytest.fixture(scope="module")
def seal(fresh: Fresh, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Seal:
    """Make a ledger with so many evaluations in each batch, to be changed behind its back."""

    @contextmanager
    def made(batches: list[int]) -> Iterator[Sealed]:
        with fresh() as url:
            if "://" not in url:
                yield sealed_file(url, batches)
                return
            server: Server = request.getfixturevalue("server")
            with sealed_database(url, tmp_path_factory.mktemp("sealed"), server, batches) as sealed:
                yield sealed

    return made


@pytest.fixture(scope="module")
def small(seal: Seal) -> Iterator[Sealed]:
    """A ledger whose appends each have their checkpoint."""
    with seal([1, 1, 1, 1]) as made:
        yield made


@pytest.fixture(scope="module")
def tiled(seal: Seal) -> Iterator[Sealed]:
    """A ledger with a complete tile."""
    with seal([5, 255, 3]) as made:
        yield made


@pytest.fixture
def sealed(small: Sealed) -> Iterator[Sealed]:
    """The small ledger, put back afterwards."""
    yield small
    small.put_back()


@pytest.fixture
def wide(tiled: Sealed) -> Iterator[Sealed]:
    """The ledger with a tile, put back afterwards."""
    yield tiled
    tiled.put_back()


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
