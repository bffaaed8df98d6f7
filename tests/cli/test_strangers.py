"""Files of strangers on the command line: reported in words, with a known code, and no partial output."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.ledger.ledger import open_ledger
from audit.ledger.proofs import checkpoint_of, extend, prove
from audit.log.entries import evaluation_id
from audit.log.keys import write_key
from cli import main
from engine.base.sources import canonical, sha256
from tests.audit.log.strangers import KEY, WITNESS, evaluation, mutated, signed
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources
from tests.cli.terminal import Terminal

HUGE = 50_000_000
LEDGER = ["--ledger", "l.db", "--checkpoints", "kept"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a signed ledger, its key, a proof of each kind and a checkpoint."""
    folder = tmp_path_factory.mktemp("strangers")
    with open_ledger(str(folder / "l.db"), create=True, checkpoints=folder / "kept", signer=KEY) as ledger:
        for _ in range(3):
            ledger.append(make_receipt(2), make_sources(), actor=ACTOR, at=AT)
        (folder / "entry.json").write_text(prove(ledger, 0).text, "utf-8")
        old, new = checkpoint_of(ledger, 2), checkpoint_of(ledger)
        (folder / "extends.json").write_text(extend(ledger, old, new).text, "utf-8")
        (folder / "old.txt").write_text(old.note, "utf-8")
    (folder / "key.pub").write_text(f"{KEY.public.text}\n", "utf-8")
    (folder / "other.pub").write_text(f"{WITNESS.public.text}\n", "utf-8")
    write_key(KEY, folder / "key")
    (folder / "folder").mkdir()
    (folder / "empty").write_bytes(b"")
    (folder / "binary").write_bytes(bytes(range(256)) * 8)
    with (folder / "huge").open("wb") as file:
        file.truncate(HUGE)
    os.mkfifo(folder / "pipe")
    return folder


@pytest.fixture
def terminal(place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """A terminal in that folder, which holds the same files afterwards."""
    for name in ("FENMING_LEDGER", "FENMING_CHECKPOINTS", "FENMING_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FENMING_LANG", "en")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(place)
    before = held(place)
    yield Terminal(place, capsys)
    assert held(place) == before


def held(place: Path) -> dict[str, tuple[int, int]]:
    """Return the files of a folder and below it, with size and time."""
    files = [each for each in place.rglob("*") if not each.is_dir()]
    return {str(each): (each.stat().st_size, each.stat().st_mtime_ns) for each in files}


def refused(terminal: Terminal, words: list[str], *says: str) -> int:
    """Run a command that is refused: standard error has the fault and its remedy; return its code."""
    terminal.text = ""
    code = terminal.run(words)
    told = " ".join(terminal.text.split())
    assert code in (1, 2, 3, 5), told
    assert "Traceback" not in told
    assert "Something went wrong" not in told
    assert len(terminal.text.strip().splitlines()) >= 4, "the command, what, what to do, the code"
    for each in says:
        assert each in told
    return code


WITH_KEY = {
    "verify": ["audit", "verify", *LEDGER],
    "check": ["audit", "check", "entry.json"],
    "consistent": ["audit", "consistent", "2", *LEDGER],
    "prove": ["audit", "prove", "1", "-o", "out.json", *LEDGER],
}


@pytest.mark.parametrize("command", WITH_KEY)
@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("empty", "is not a public key"),
        ("folder", "is not a public key"),
        ("huge", "is not a public key"),
        ("binary", "is not a public key"),
        ("pipe", "is not a public key"),
        ("entry.json", "is not a public key"),
        ("old.txt", "is not a public key"),
        ("key", "is a private key"),
        ("nowhere", "There is no key"),
    ],
)
def test_a_key_that_is_none_is_reported(terminal: Terminal, command: str, key: str, says: str) -> None:
    """Whatever the command, with the code of a wrong file; and no proof is written."""
    assert refused(terminal, [*WITH_KEY[command], "--key", key], says) == (5 if key == "nowhere" else 3)


@pytest.mark.parametrize("command", ["check", "consistent"])
@pytest.mark.parametrize("file", ["empty", "huge", "binary", "key", "key.pub", "l.db"])
def test_what_is_no_proof_and_no_checkpoint_is_reported(terminal: Terminal, command: str, file: str) -> None:
    """As such, with its name; nothing is said of facts, or of saving it with an editor."""
    words = ["audit", command, file, "--key", "key.pub", *(LEDGER if command == "consistent" else ())]
    what = "This is not a complete proof" if command == "check" else "This is not a complete checkpoint"
    assert refused(terminal, words, f"{file} {what}") == 3
    assert not any(word in terminal.text for word in ("facts", "editor", "YAML"))


@pytest.mark.parametrize("command", ["check", "consistent"])
@pytest.mark.parametrize("file", ["nowhere", "folder", ""])
def test_a_file_that_is_not_there_is_reported(terminal: Terminal, command: str, file: str) -> None:
    """With a remedy that speaks of proofs or of checkpoints."""
    words = ["audit", command, file, "--key", "key.pub", *(LEDGER if command == "consistent" else ())]
    assert refused(terminal, words) == (5 if file == "nowhere" else 3)
    assert "facts" not in terminal.text


@pytest.mark.parametrize("words", ["check entry.json", "check extends.json", "consistent old.txt"])
def test_another_key_proves_nothing(terminal: Terminal, words: str) -> None:
    """Nor is a proof written."""
    more = ["-o", "out.json", *LEDGER] if words.startswith("consistent") else []
    assert refused(terminal, ["audit", *words.split(), "--key", "other.pub", *more], "is not signed by the key") == 1


@pytest.mark.parametrize("name", ["\x9b2J", "\u202efdb", "\x7f", "\u2028"])
def test_no_file_moves_the_terminal(terminal: Terminal, name: str) -> None:
    """The name of a ledger in a checkpoint is shown, but what would act on the terminal is written out."""
    note = (terminal.folder / "old.txt").read_text("utf-8")
    file = terminal.folder / "folder" / "odd.txt"
    file.write_text(name + note.removeprefix("fenming"), "utf-8")
    code = terminal.run(["audit", "consistent", str(file), *LEDGER])
    file.unlink()
    assert code == 1
    assert ("⏎" if name == "\u2028" else "\\u") in terminal.text
    assert name[0] not in terminal.text


def test_a_signed_receipt_that_is_none_is_reported(terminal: Terminal) -> None:
    """The key has signed it; what it says is not a receipt, so nothing is shown of it."""
    digest = sha256(b"{}")
    said = json.loads(evaluation(3)) | {"receipt_sha256": digest, "evaluation": evaluation_id(3, digest)}
    file = terminal.folder / "folder" / "none.json"
    file.write_text(signed(canonical(said).decode(), "{}").text, "utf-8")
    for more in ([], ["--indicator", "1"], ["--json"]):
        words = ["audit", "check", str(file), "--key", "key.pub", *more]
        assert refused(terminal, words, "this fenming cannot read what it says") == 1
    file.unlink()


def quietly(place: Path, words: list[str]) -> tuple[int, str, str]:
    """Run a command in a folder; return its code and what it said."""
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("FENMING_LANG", "en")
        patch.chdir(place)
        code = main.run(words)
    return code, out.getvalue(), err.getvalue()


@given(data=st.data())
@settings(max_examples=30)
@pytest.mark.parametrize("file", ["entry.json", "extends.json", "old.txt"])
def test_a_changed_file_is_refused_or_means_the_same(place: Path, file: str, data: st.DataObject) -> None:
    """On the command line as beneath it."""
    command = ["audit", "check"] if file.endswith("json") else ["audit", "consistent", *LEDGER]
    good = quietly(place, [*command, "--key", "key.pub", file])
    assert good[0] == 0, good
    (place / "changed").write_bytes(data.draw(mutated((place / file).read_bytes())))
    code, out, err = quietly(place, [*command, "--key", "key.pub", "changed"])
    (place / "changed").unlink()
    if code == 0:
        assert (out, err) == good[1:]
    else:
        assert code in (1, 3)
        assert out == ""
        assert err.startswith("changed\n")
        assert len(err.splitlines()) >= 3
