"""Crashes of an evaluating process: `python -m tests.crashes [KILLS]` for many more than the suite tries.

Two kinds: killed at a random moment; and, under strace, with an error or a kill injected at one system call on the
ledger's files, also while a former crash is being recovered from. After each, what was reported as recorded is there
whole, the ledger verifies, and the next append works.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from audit.faults.errors import CheckpointNotKept
from audit.ledger.ledger import Ledger, open_ledger
from audit.log.keys import SigningKey
from audit.verify import verify
from engine.base.faults import Damaged, FenmingError, Refused, Unavailable
from tests.audit.receipts import ACTOR, AT, fresh_receipt, make_sources

PROJECT = Path(__file__).parents[1]
KEY = SigningKey("czj.example/fenming", bytes(32))
CALLS = ("openat", "write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "unlink", "ftruncate")
"""The calls by which files are written; those of them that an append does not make are not met."""

REFUSED = (Refused.exit_code, Damaged.exit_code, Unavailable.exit_code, CheckpointNotKept.exit_code)
"""How a process ends that has said why it does not record, or why it cannot keep the checkpoint of what it did."""

QUICK = ("--follow-forks", "--seccomp-bpf")
"""Options of strace: look at all threads, and let them run on between the calls that are traced."""

_CALL = re.compile(r"(?:\d+ +)?(\w+)\(")


class Broken(Exception):
    """A ledger that is not what it should be after a crash."""


def opened(folder: Path, url: str = "") -> Ledger:
    """Open the ledger of a folder, or the one at an address, with its checkpoints and its key."""
    return open_ledger(url or str(folder / "ledger.db"), create=True, checkpoints=folder / "kept", signer=KEY)


def append(folder: Path, url: str = "") -> str:
    """Record one evaluation; return its id."""
    with opened(folder, url) as ledger:
        return ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT).id


def check(folder: Path, told: list[str], url: str = "") -> int:
    """Check a ledger after a crash, and that it goes on; return how many evaluations it holds then."""
    with opened(folder, url) as ledger:
        _check_whole(ledger, told)
        told = [*told, ledger.append(fresh_receipt(2), make_sources(), actor=ACTOR, at=AT).id]
        return _check_whole(ledger, told)


def _check_whole(ledger: Ledger, told: list[str]) -> int:
    report = verify(ledger, key=KEY.public)
    if not report.sound and report.entries:
        raise Broken([str(finding.what) for finding in report.findings])
    there = {found.id for found in ledger.evaluations()}
    if lost := set(told) - there:
        raise Broken(f"lost: {lost}")
    return len(there)


@dataclass
class Appending:
    """A process that appends until it meets its end, and reports each evaluation that was recorded."""

    folder: Path
    url: str
    told: list[str] = field(default_factory=list)
    error: str = ""
    """What it reported last, if it could not go on."""

    @contextmanager
    def running(self, dice: random.Random, seconds: float) -> Iterator[int]:
        """Let it run up to a random moment, and give its number; it must have ended, or be ended, afterwards."""
        reader, writer = os.pipe()
        process = os.fork()
        if process == 0:
            self._append(writer)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            lines = [pipe.readline() for _ in range(dice.randrange(3))]
            until = time.monotonic() + dice.random() * seconds
            while time.monotonic() < until:
                pass
            yield process
            lines += pipe.readlines()
        whole = [line.decode().strip() for line in lines if line.endswith(b"\n")]
        self.told = [line for line in whole if not line.startswith("!")]
        self.error = "".join(line for line in whole if line.startswith("!"))

    def _append(self, writer: int) -> None:
        code = 1
        try:
            while not self.url:
                os.write(writer, f"{append(self.folder)}\n".encode())
            # A server takes its time for a connection: one is kept, and much is written through it.
            with opened(self.folder, self.url) as ledger:
                while True:
                    done = ledger.append(fresh_receipt(30), make_sources(), actor=ACTOR, at=AT)
                    os.write(writer, f"{done.id}\n".encode())
        except FenmingError as error:
            os.write(writer, f"! {' '.join(str(error).split())}\n".encode())
            code = error.exit_code
        finally:
            os._exit(code)  # the code reports another exception


def killed(folder: Path, dice: random.Random, url: str = "") -> int:
    """Kill a process at a random moment while it appends, and check; return how many it had reported."""
    appending = Appending(folder, url)
    with appending.running(dice, 0.03 if url else 0.012) as process:
        os.kill(process, signal.SIGKILL)
    if (status := os.waitpid(process, 0)[1]) != signal.SIGKILL:
        raise Broken(f"it ended by itself: {status} {appending.error}")
    check(folder, appending.told, url)
    return len(appending.told)


def kill_often(folder: Path, trials: int, seed: int = 0, url: str = "") -> int:
    """Kill so many processes, a few at each ledger; return how many evaluations they had reported."""
    dice = random.Random(seed)
    told = 0
    for trial in range(trials):
        ledger = folder if url else folder / f"killed{trial // 10}"
        ledger.mkdir(exist_ok=True)
        told += killed(ledger, dice, url)
    return told


def stopped(folder: Path, dice: random.Random, url: str, stop: Callable[[], None], start: Callable[[], None]) -> int:
    """Stop the server at random while a process appends, start it, check, and return how many were reported."""
    appending = Appending(folder, url)
    with appending.running(dice, 0.03) as process:
        stop()
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    start()
    if status != Unavailable.exit_code or not re.search(r"(was lost|cannot be reached): .*\. \w", appending.error):
        raise Broken(f"exit code {status}: {appending.error}")
    check(folder, appending.told, url)
    return len(appending.told)


@dataclass(frozen=True)
class Injection:
    """What happens at which call: an error such as EIO, or a kill."""

    call: str
    number: int
    what: str

    @property
    def options(self) -> tuple[str, ...]:
        """The options of strace."""
        if self.what == "KILL":  # a process that runs on between the calls outlives a kill at one
            return ("--follow-forks", f"--inject={self.call}:signal=KILL:when={self.number}")
        return (*QUICK, f"--inject={self.call}:error={self.what}:when={self.number}")


def traced(folder: Path, injection: Injection | None = None) -> tuple[subprocess.CompletedProcess[str], Counter[str]]:
    """Append once in a process under strace; return how it ended, and how often it made each call on the ledger."""
    paths = [
        folder,
        folder / "ledger.db",
        folder / "ledger.db-journal",
        folder / "kept",
        folder / "kept" / "checkpoints",
    ]
    log = folder.with_name(f"{folder.name}.strace")
    filters = [part for path in paths for part in ("-P", str(path))]
    options = QUICK if injection is None else injection.options
    command = ["strace", "-qq", "-o", str(log), f"--trace={','.join(CALLS)}", *filters, *options]
    program = "import sys; from pathlib import Path; from tests.crashes import once; once(Path(sys.argv[1]))"
    done = subprocess.run(
        [*command, sys.executable, "-c", program, str(folder)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    found = (_CALL.match(line) for line in log.read_text("utf-8", "replace").splitlines())
    return done, Counter(call[1] for call in found if call)


def once(folder: Path) -> None:
    """Append once, and report it as the program does."""
    try:
        sys.stdout.write(f"{append(folder)}\n")
    except FenmingError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)


@dataclass(frozen=True)
class Prepared:
    """A ledger to be copied for each failure, and the evaluation that was reported before."""

    folder: Path
    told: str

    def copy(self, folder: Path) -> Path:
        """Make the same ledger elsewhere."""
        return Path(shutil.copytree(self.folder, folder))


def prepare(folder: Path, *, crashed: bool = False) -> Prepared:
    """Make a ledger with one evaluation, and with what is left of a second that a crash cut off in its commit."""
    folder.mkdir()
    told = append(folder)
    if crashed:
        traced(folder, Injection("unlink", 1, "KILL"))
        if not (folder / "ledger.db-journal").exists():
            raise Broken("nothing is left to recover")
    return Prepared(folder, told)


def injected(before: Prepared, folder: Path, injection: Injection) -> str:
    """Let an append meet one failure, and check; return how it ended: recorded, refused, or killed."""
    done, _ = traced(before.copy(folder), injection)
    if "Traceback" in done.stderr or (done.returncode not in (0, *REFUSED, -signal.SIGKILL, 128 + signal.SIGKILL)):
        raise Broken(f"{injection}: exit code {done.returncode}: {done.stderr}")
    if done.returncode in REFUSED and len(done.stderr.split(". ")) < 2:
        raise Broken(f"{injection}: no remedy: {done.stderr}")
    check(folder, [before.told, *done.stdout.split()])
    return "recorded" if done.returncode == 0 else "refused" if done.returncode in REFUSED else "killed"


def injections(before: Prepared, folder: Path) -> list[Injection]:
    """Return every failure at every call that an append makes on the ledger's files."""
    _, calls = traced(before.copy(folder))
    return [
        Injection(call, number, what)
        for call in CALLS
        for number in range(1, calls[call] + 1)
        for what in ("EIO", "ENOSPC", "KILL")
    ]


def main() -> None:
    """Try many kills, and every injection."""
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        told = kill_often(folder, trials, seed=1)
        print(f"{trials} processes killed, {told} evaluations reported before: none lost, every ledger verified.")
        for crashed in (False, True):
            here = folder / f"crashed-{crashed}"
            here.mkdir()
            before = prepare(here / "before", crashed=crashed)
            found: Counter[str] = Counter()
            for number, injection in enumerate(injections(before, here / "calls")):
                outcome = injected(before, here / f"injected{number}", injection)
                found[f"{injection.call}: {outcome}"] += 1
            print("While recovering from a crash, and then:" if crashed else "While appending:")
            for outcome, count in sorted(found.items()):
                print(f"{count:5} {outcome}")


if __name__ == "__main__":
    main()
