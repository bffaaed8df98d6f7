"""Laws of many processes: no gap, nothing lost, bounded waiting; and a process that dies leaves no half."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from audit.ledger.access import Access
from audit.ledger.ledger import Ledger, open_ledger
from engine.base.faults import Busy
from engine.receipt import plain
from tests.audit.bare import bare_connection
from tests.audit.reading import entries
from tests.audit.receipts import ACTOR, AT, fresh_receipt, make_sources

ROOT = Path(__file__).parents[2]

APPENDS = """
import sys
from audit.ledger.access import Access
from audit.ledger.ledger import open_ledger
from tests.audit.receipts import AT, make_receipt, make_sources
with open_ledger(sys.argv[1], create=True) as ledger:
    for number in range(int(sys.argv[3])):
        ledger.append(make_receipt(department=f"{sys.argv[2]}-{number}"), make_sources(), actor=sys.argv[2], at=AT)
"""

# Each child dies by SIGKILL at one statement of its second append (or just before or after its commit), by itself, so
# that every trial is the same each time. A statement that is cut off inside SQLite is covered by the timed kills.
DIES = """
import os, signal, sys, time
from sqlalchemy import event
from audit.ledger.access import Access
from audit.ledger.ledger import open_ledger
from tests.audit.receipts import AT, make_receipt, make_sources

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def child(path, trial):
    with open_ledger(path, create=True) as ledger:
        count = 0
        def at_statement(*_):
            nonlocal count
            count += 1
            if count == trial:
                die()
        event.listen(ledger._access.database.engine, "before_cursor_execute", at_statement)
        if trial == 0:
            event.listen(ledger._access.database.engine, "commit", die)
        sources = make_sources(str(trial))
        ledger.append(make_receipt(30, department=f"d{trial}", sources=sources), sources, actor="a", at=AT)

def looping(path, reported):
    with open_ledger(path, create=True) as ledger:
        number = 0
        while True:
            number += 1
            ledger.append(make_receipt(30, department=f"loop{os.getpid()}-{number}"), make_sources(), actor="a", at=AT)
            os.write(reported, b".")

def run(work, delay=None, reported=None):
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    if reported is not None:
        os.read(reported, 1)
    if delay is not None:
        time.sleep(delay)
        os.kill(pid, signal.SIGKILL)
    status = os.waitpid(pid, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)

path = sys.argv[1]
# The children inherit the driver; without a connection it starts at once.
open_ledger(path, create=True).close()
killed = 0
trial = 0
while run(lambda: child(path, trial)):
    killed += 1
    trial += 1
timed = 0
for step in range(0, 30, int(sys.argv[3])):
    # Every other one is killed only once it has appended, however slow the machine is.
    hears, tells = os.pipe()
    timed += run(lambda: looping(path, tells), 0.02 + float(sys.argv[2]) * step, hears if step % 2 else None)
    os.close(hears)
    os.close(tells)
print(killed, timed)
"""


def assert_whole(url: str) -> list[str]:
    """Check that each evaluation is there whole, in order, with nothing beside it; return the departments."""
    departments = []
    with open_ledger(url, create=False) as ledger, bare_connection(url) as bare:
        assert not bare.on_sqlite or bare.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert [entry.index for entry in entries(ledger)] == list(range(ledger.count()))
        for evaluation in ledger.evaluations():
            content = plain(ledger.receipt(evaluation.id).content)
            assert ledger.sources(evaluation.ruleset_digest).digest == evaluation.ruleset_digest
            repeated = {"firing": "firings", "posting": "postings", "score": "indicators", "result": "results"}
            for table, name in repeated.items():
                query = f'SELECT count(*) FROM "{table}" WHERE entry = ?'
                assert bare.execute(query, (evaluation.entry,)).fetchone()[0] == len(content[name])
            departments.append(evaluation.department)
        for table in ("fact", "aggregate", "firing", "posting", "citation", "score", "result"):
            stray = f'SELECT count(*) FROM "{table}" WHERE entry NOT IN (SELECT "index" FROM entry)'
            assert bare.execute(stray).fetchone() == (0,)
        assert bare.execute("SELECT count(*) FROM evaluation").fetchone()[0] == ledger.count()
    return departments


@pytest.mark.long
def test_processes_append_at_once(bare_url: str) -> None:
    """Processes that start on a missing ledger and append at once lose nothing and leave no gap."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", APPENDS, bare_url, f"w{worker}", "12"], stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
        for worker in range(3)
    ]
    for worker in workers:
        assert worker.communicate(timeout=120)[1] == ""
        assert worker.returncode == 0
    departments = assert_whole(bare_url)
    assert sorted(departments) == sorted(f"w{worker}-{number}" for worker in range(3) for number in range(12))


@pytest.mark.parametrize("stride", [7, pytest.param(1, marks=pytest.mark.long)])
def test_a_killed_process_leaves_each_evaluation_whole_or_absent(url: str, stride: int) -> None:
    """Killed at every statement of an append and at thirty moments of a run of appends, then the next append works."""
    step = "0.004" if url.startswith("postgresql") else "0.0017"
    command = [sys.executable, "-c", DIES, url, step, str(stride)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    killed, timed = json.loads("[" + done.stdout.replace(" ", ",") + "]")
    assert killed >= 15
    assert timed == len(range(0, 30, stride))
    departments = assert_whole(url)
    # Only the last trial, beyond the last statement, got through.
    assert [name for name in departments if name.startswith("d")] == [f"d{killed}"]
    assert any(name.startswith("loop") for name in departments)
    with open_ledger(url, create=False) as ledger:
        count = ledger.count()
        assert ledger.append(fresh_receipt(), make_sources(), actor=ACTOR, at=AT).entry == count


def test_waiting_for_another_writer_ends(ledger: Ledger, url: str) -> None:
    """A writer that does not let go leads to a clear error after the time set; readers are not held up by it."""
    ledger.append(fresh_receipt(), make_sources(), actor=ACTOR, at=AT)
    with bare_connection(url) as holder, open_ledger(url, create=False, timeout=0.2) as impatient:
        holder.execute("BEGIN IMMEDIATE" if holder.on_sqlite else "BEGIN")
        if not holder.on_sqlite:
            holder.execute("INSERT INTO source VALUES ('x', '')")
        assert impatient.count() == 1
        start = time.monotonic()
        with pytest.raises(Busy, match=r"in use by another program for over 0\.2 s"):
            impatient.append(fresh_receipt(), make_sources(), actor=ACTOR, at=AT)
        assert 0.15 < time.monotonic() - start < 5
        holder.execute("ROLLBACK")
        assert impatient.append(fresh_receipt(), make_sources(), actor=ACTOR, at=AT).entry == 1


def test_reading_waits_for_an_exclusive_writer_only_so_long(ledger: Ledger, url: str) -> None:
    """A program that holds the ledger for itself makes even opening end in the same error."""
    with bare_connection(url) as holder:
        holder.execute("BEGIN EXCLUSIVE" if holder.on_sqlite else "BEGIN")
        if not holder.on_sqlite:
            holder.execute("LOCK TABLE ledger_format")
        with pytest.raises(Busy, match="in use by another program"):
            open_ledger(url, create=False, timeout=0.1)
        holder.execute("ROLLBACK")
    assert ledger.count() == 0


def test_a_ledger_made_while_waiting_is_used(bare_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another process makes the tables between our look and our lock, its tables serve."""
    original = Access.transaction
    made: list[bool] = []

    def interrupted(self: Access, *, writing: bool = False) -> AbstractContextManager[Connection]:
        if writing and not made:
            made.append(True)
            open_ledger(bare_url, create=True).close()
        return original(self, writing=writing)

    monkeypatch.setattr(Access, "transaction", interrupted)
    with open_ledger(bare_url, create=True) as ledger:
        assert ledger.append(fresh_receipt(), make_sources(), actor=ACTOR, at=AT).entry == 0
    assert made
