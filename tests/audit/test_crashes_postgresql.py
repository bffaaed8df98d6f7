"""Where the client or the server dies, each evaluation is there whole or not at all, and what was reported is there."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from audit.ledger.ledger import Ledger
from engine.base.faults import Unavailable
from tests.audit.postgres import SKIPPED, Server, running, without
from tests.audit.receipts import ACTOR, AT, fresh_receipt, make_sources
from tests.cli.program import EXAMPLE, Program
from tests.crashes import append, check, kill_often, opened, stopped


@pytest.fixture(scope="module")
def frail() -> Iterator[Server]:
    """A server of its own that may be stopped; by itself it would tell of a commit that it has not written yet."""
    if without():
        pytest.skip(SKIPPED)
    with running(synchronous_commit="off", wal_writer_delay="10s") as started:
        yield started


@pytest.fixture
def url(frail: Server) -> Iterator[str]:
    """The address of a ledger on that server."""
    with frail.database() as name:
        yield frail.url(name)


@pytest.mark.long
def test_a_killed_client_loses_nothing(server: Server, tmp_path: Path) -> None:
    """Thirty of them, killed at random moments of their appends."""
    reported = 0
    for number in range(3):
        with server.database() as name:
            (tmp_path / str(number)).mkdir()
            reported += kill_often(tmp_path / str(number), 10, seed=number, url=server.url(name))
    assert reported > 10


@pytest.mark.long
def test_a_stopped_server_loses_nothing(frail: Server, url: str, tmp_path: Path) -> None:
    """Stopped at ten random moments of an append: the client says so in our words, and all reported are there."""
    dice = random.Random(0)
    assert sum(stopped(tmp_path, dice, url, frail.crash, frail.start) for _ in range(10)) > 5


@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO public.evaluation ", "INSERT INTO public.posting ", "INSERT INTO public.entry ", "COMMIT", ""],
)
def test_a_server_that_stops_within_an_append_is_reported(
    frail: Server, url: str, tmp_path: Path, statement: str
) -> None:
    """At whichever statement; down, it cannot be reached; up again, the ledger that was open goes on."""
    reported = [append(tmp_path, url)]
    with opened(tmp_path, url) as ledger:
        strike(ledger, statement, frail)
        said = refusal(ledger)
        assert "was lost: " in said
        assert "look at `fenming audit log`" in said
        assert "cannot be reached: " in refusal(ledger)
        frail.start()
        assert ledger.count() == 2, "the key, and the evaluation from before"
        reported.append(ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT).id)
    assert check(tmp_path, reported, url) == 3


def strike(ledger: Ledger, statement: str, server: Server) -> None:
    """Stop the server just before the ledger's next statement that begins so, or before its next commit."""
    waiting = [server.crash]

    def before(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        if waiting and text.startswith(statement):
            waiting.pop()()

    def at_commit(_: Any) -> None:
        if waiting:
            waiting.pop()()

    if statement == "COMMIT":
        event.listen(ledger._access.database.engine, "commit", at_commit)
    else:
        event.listen(ledger._access.database.engine, "before_cursor_execute", before)


def refusal(ledger: Ledger) -> str:
    """Return what an append says that fails, once it is sure that it names the ledger and has a remedy."""
    with pytest.raises(Unavailable) as caught:
        ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT)
    assert caught.value.faults[0].where.file == ledger.path
    assert str(caught.value.faults[0].remedy)
    return str(caught.value)


def test_the_officer_is_reported_in_our_words(frail: Server, url: str, tmp_path: Path) -> None:
    """What happened, where, what to do; no traceback."""
    frail.crash()
    try:
        done = Program(tmp_path).run("evaluate", str(EXAMPLE / "as-printed.yaml"), "--ledger", url)
    finally:
        frail.start()
    assert done.returncode == Unavailable.exit_code
    said = " ".join(done.stderr.split())
    assert "cannot be reached" in said
    assert f"127.0.0.1:{frail.port}" in said
    assert "Traceback" not in done.stderr
    assert "correct" not in said, "the password"
