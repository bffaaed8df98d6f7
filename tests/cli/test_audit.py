"""The ledger as the compliance officer checks it: keys, signed checkpoints, verification, and proofs without it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from audit.database.sqlite.guards import guards
from tests.cli.program import EXAMPLE, Program

PRINTED = str(EXAMPLE / "as-printed.yaml")
SPOT = str(EXAMPLE / "spot-check.yaml")
SUPERSEDING = ("--supersedes", "latest", "--reason", "抽查")
NAME = "czj.example/fenming"


def said(result: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """Check an exit code, that the fault and its remedy are shown, and that no traceback is shown."""
    assert result.returncode == code, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) >= 2, "what is wrong, and what to do"
    for word in words:
        assert word in " ".join(result.stderr.split()), result.stderr


@pytest.fixture
def key(program: Program) -> Path:
    """A private key, and its public half beside it as key.pub."""
    path = program.folder / "key"
    made = program.run("audit", "key", "new", str(path), "--name", NAME)
    assert made.returncode == 0, made.stderr
    path.with_suffix(".pub").write_text(made.stdout, "utf-8")
    return path


@pytest.fixture
def signed(program: Program, key: Path) -> Program:
    """A program whose ledger holds a signed evaluation, and whose environment names no key."""
    result = program.run("evaluate", PRINTED, FENMING_KEY=str(key))
    assert result.returncode == 0, result.stderr
    assert f"entry 1, under a checkpoint signed by “{NAME}”" in result.stdout
    return program


@pytest.fixture
def proof(signed: Program) -> Path:
    """A proof of the evaluation; the ledger and its checkpoints are gone."""
    path = signed.folder / "proof.json"
    made = signed.run("audit", "prove", "latest", "-o", str(path))
    assert made.returncode == 0, made.stderr
    signed.ledger.unlink()
    (signed.folder / "fenming.db.checkpoints" / "checkpoints").unlink()
    return path


def test_a_key_is_its_owners(program: Program, key: Path) -> None:
    """Its file is private, is never overwritten, and is refused once others can read it."""
    assert key.stat().st_mode & 0o777 == 0o600
    shown = program.run("audit", "key", "show", "--signing-key", str(key))
    assert shown.stdout == key.with_suffix(".pub").read_text("utf-8")
    assert shown.stdout.startswith(f"{NAME}+")
    before = key.read_bytes()
    said(program.run("audit", "key", "new", str(key), "--name", NAME), 4, "already a file")
    assert key.read_bytes() == before
    said(program.run("audit", "key", "new", str(program.folder / "k"), "--name", "a b"), 3, "cannot be the name")
    assert program.run("audit", "key", "new", str(program.folder / "k")).returncode == 2
    key.chmod(0o640)
    said(program.run("evaluate", PRINTED, FENMING_KEY=str(key)), 4, "Other users can read", "chmod 600")
    assert not program.ledger.exists()
    key.chmod(0o600)
    public = str(key.with_suffix(".pub"))
    Path(public).chmod(0o600)
    said(program.run("evaluate", PRINTED, "--signing-key", public), 3, "is a public key; it takes the private one")
    said(program.run("audit", "verify", "--key", str(key)), 3, "is a private key", "the public one")


def test_without_a_key_it_works_and_says_so(program: Program) -> None:
    """Unsigned when it is recorded, when it is verified, and when a proof is asked for."""
    assert "not signed: no signing key" in program.run("evaluate", PRINTED).stdout
    verified = program.run("audit", "verify")
    assert verified.returncode == 0
    assert "not signed" in verified.stdout
    said(program.run("audit", "prove", "latest"), 4, "is not signed", "audit key new")
    assert "未签名" in program.run("audit", "verify", FENMING_LANG="zh").stdout


def test_a_signed_ledger_keeps_to_its_key(signed: Program, key: Path) -> None:
    """Without its key, or with another, nothing is recorded; it is changed by an entry that the old key vouches for."""
    said(signed.run("evaluate", SPOT, *SUPERSEDING), 4, "no key is given", "FENMING_KEY")
    other = signed.folder / "other"
    public = signed.run("audit", "key", "new", str(other), "--name", NAME).stdout
    (signed.folder / "other.pub").write_text(public, "utf-8")
    another = ("--signing-key", str(other))
    said(signed.run("evaluate", SPOT, *another, *SUPERSEDING), 4, "signed by another key", "key rotate")
    said(signed.run("audit", "key", "rotate", str(other), "--reason", "年度更换"), 4, "no key is given")
    rotated = signed.run("audit", "key", "rotate", str(other), "--reason", "年度更换", FENMING_KEY=str(key))
    assert rotated.returncode == 0, rotated.stderr
    assert signed.run("audit", "key", "show").stdout == public
    assert signed.run("evaluate", SPOT, "--signing-key", str(other), *SUPERSEDING).returncode == 0
    for trusted in (key.with_suffix(".pub"), signed.folder / "other.pub"):
        assert signed.run("audit", "verify", "--key", str(trusted)).returncode == 0
    first, *_, last = signed.json("audit", "log")[::-1]
    assert (first["entry"], first["reason"]) == (0, "")
    assert first["key"] == key.with_suffix(".pub").read_text("utf-8").strip()
    assert "evaluation" in last
    assert signed.json("show", "1") == signed.json("show", signed.json("audit", "log", "--all")[-2]["evaluation"])
    said(signed.run("show", "0"), 5, "has no evaluation at entry 0")
    third = signed.folder / "third"
    signed.run("audit", "key", "new", str(third), "--name", NAME)
    assert signed.run("audit", "key", "rotate", str(third), "--reason", "丢失", "--lost").returncode == 0
    lost = signed.run("audit", "verify", "--key", str(key.with_suffix(".pub")))
    assert lost.returncode == 6
    assert "does not vouch" in lost.stdout


def test_a_folder_that_is_named_and_is_not_there_is_refused(signed: Program, key: Path) -> None:
    """Without its checkpoints a ledger verifies, and a script would not notice the mistake."""
    said(signed.run("audit", "verify", "--checkpoints", "typo"), 5, "no checkpoint", "“typo”", "--checkpoints")
    said(signed.run("audit", "verify", FENMING_CHECKPOINTS="typo"), 5, "“typo”")
    other = signed.run("evaluate", SPOT, "--ledger", str(signed.folder / "other.db"), "--signing-key", str(key))
    assert other.returncode == 0, other.stderr
    folder = str(signed.folder / "other.db.checkpoints")
    told = signed.run("audit", "verify", "--checkpoints", folder)
    assert told.returncode == 6
    assert "of another ledger" in " ".join(told.stdout.split())


def tamper(ledger: Path, statement: str) -> None:
    """Change a ledger past its triggers, and put them back."""
    with closing(sqlite3.connect(ledger)) as connection, connection:
        for name in guards():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        for text in guards().values():
            connection.execute(text)


def test_a_repeat_needs_no_key_and_changes_nothing(signed: Program, key: Path) -> None:
    """On a signed ledger, and with a key on an unsigned one: the entry is named, and both verify afterwards."""
    again = signed.run("evaluate", PRINTED)
    assert again.returncode == 0, again.stderr
    assert "entry 1: nothing was recorded" in " ".join(again.stdout.split())
    unsigned = str(signed.folder / "unsigned.db")
    for named in ("", str(key)):
        assert signed.run("evaluate", PRINTED, FENMING_LEDGER=unsigned, FENMING_KEY=named).returncode == 0
    assert signed.run("audit", "verify", FENMING_LEDGER=unsigned).returncode == 0
    assert signed.run("audit", "verify").returncode == 0


def test_a_folder_that_is_gone_is_reported(signed: Program) -> None:
    """Of an unsigned ledger there is nothing left to compare it with; a signed one has its own checkpoints."""
    unsigned = str(signed.folder / "unsigned.db")
    assert signed.run("evaluate", PRINTED, FENMING_LEDGER=unsigned).returncode == 0
    for name in ("unsigned.db", "fenming.db"):
        (signed.folder / f"{name}.checkpoints" / "checkpoints").unlink()
    gone = signed.run("audit", "verify", FENMING_LEDGER=unsigned)
    assert gone.returncode == 1
    told = " ".join(gone.stdout.split())
    assert "there is no checkpoint to compare them with" in told
    assert "`fenming audit seal` begins another one" in told
    assert "agree" not in told
    answer = json.loads(signed.run("audit", "verify", "--json", FENMING_LEDGER=unsigned).stdout)
    assert (answer["sound"], answer["only_unsealed"]) == (False, True)
    assert "没有检查点可供比对" in signed.run("audit", "verify", FENMING_LANG="zh", FENMING_LEDGER=unsigned).stdout
    left = signed.run("audit", "verify")
    assert left.returncode == 0
    told = " ".join(left.stdout.split())
    assert "agree with each other and with the signed checkpoints in the ledger itself (1); there is no" in told
    assert "were removed together with their checkpoints would not show" in told
    assert "If the ledger was put back to an earlier state" in told
    assert "folder were put back" not in told


def test_what_was_changed_is_named(signed: Program, key: Path) -> None:
    """The first faulty entry and every other, in words and as JSON; the exit code is 6."""
    sound = signed.json("audit", "verify")
    assert sound["sound"] is True
    assert sound["first_faulty_entry"] is None
    assert (sound["entries"], sound["evaluations"], sound["signed_checkpoints"]) == (2, 1, 1)
    tamper(signed.ledger, "UPDATE posting SET kept = '9' WHERE position = 0")
    told = signed.run("audit", "verify", "--key", str(key.with_suffix(".pub")))
    assert told.returncode == 6
    assert "posting 0" in told.stdout
    assert "from entry 1 on" in told.stdout
    answer = json.loads(signed.run("audit", "verify", "--json").stdout)
    assert answer["first_faulty_entry"] == 1
    assert [finding["entry"] for finding in answer["findings"]] == [1]
    zh = signed.run("audit", "verify", FENMING_LANG="zh", COLUMNS="80").stdout
    assert "自第 1 条起与记录时不符" in zh


def test_a_replaced_ledger_is_reported(signed: Program, program: Program) -> None:
    """Another ledger in its place is refused by the checkpoints, for verification and for the next evaluation."""
    signed.ledger.unlink()
    said(signed.run("evaluate", PRINTED), 6, "are not of the ledger")
    elsewhere = str(signed.folder / "elsewhere")
    assert signed.run("evaluate", PRINTED, "--checkpoints", elsewhere).returncode == 0
    assert program.run("audit", "verify").returncode == 6
    assert program.run("audit", "verify", FENMING_CHECKPOINTS=elsewhere).returncode == 0


def test_a_proof_needs_nothing_else(signed: Program, key: Path, proof: Path) -> None:
    """Without the ledger it shows the card, and explains a point; under another key it proves nothing."""
    public = str(key.with_suffix(".pub"))
    checked = signed.run("audit", "check", str(proof), "--key", public)
    assert checked.returncode == 0, checked.stderr
    assert "Proved: entry 1" in checked.stdout
    assert "92.29" in checked.stdout
    explained = signed.run("audit", "check", str(proof), "--key", public, "--indicator", "1")
    assert "Rule “mean”" in explained.stdout
    answer = signed.json("audit", "check", str(proof), "--key", public, "--indicator", "1")
    assert answer["proved"] is True
    assert answer["evaluation"]["total"] == "92.29"
    assert "superseded_by" not in answer["evaluation"]
    for shown in (checked, explained):
        assert "cannot show whether a later entry supersedes this one" in " ".join(shown.stdout.split())
        assert "a ledger of 2 entries" in " ".join(shown.stdout.split())
    assert answer["entry"]["index"] == 1
    said(signed.run("audit", "check", str(proof), "--key", public, "--indicator", "99"), 5, "no indicator 99")
    other = signed.folder / "other"
    other.with_suffix(".pub").write_text(signed.run("audit", "key", "new", str(other), "--name", NAME).stdout, "utf-8")
    said(signed.run("audit", "check", str(proof), "--key", str(other.with_suffix(".pub"))), 1, "is not signed by")
    assert signed.run("audit", "check", str(proof)).returncode == 2, "a proof is checked against a key"


CHANGES: list[tuple[str, Callable[[str], str]]] = [
    ("entry", lambda text: text.replace('\\"actor\\":\\"tester\\"', '\\"actor\\":\\"tester2\\"')),
    ("receipt", lambda text: text.replace('\\"total\\":\\"92.29\\"', '\\"total\\":\\"99.29\\"')),
    ("ruleset", lambda text: text.replace("2024", "2025", 5) if '"sources"' in text else text),
    ("size", lambda text: text.replace("\\n2\\n", "\\n3\\n")),
]


@pytest.mark.parametrize(("what", "change"), CHANGES, ids=[name for name, _ in CHANGES])
def test_a_changed_proof_is_refused(
    signed: Program, key: Path, proof: Path, what: str, change: Callable[[str], str]
) -> None:
    """Whatever was changed in it."""
    text = proof.read_text("utf-8")
    changed = change(text)
    assert changed != text, what
    proof.write_text(changed, "utf-8")
    said(signed.run("audit", "check", str(proof), "--key", str(key.with_suffix(".pub"))), 1, "Do not rely on it")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b'{"format":"fenming/proof/1"}', b"\xff\xfe", b"x" * 100_000, b"[" * 100_000]
)
def test_what_is_no_proof_is_reported(program: Program, key: Path, content: bytes) -> None:
    """Empty, cut off, of another kind, binary, long, deep."""
    file = program.folder / "proof.json"
    file.write_bytes(content)
    said(program.run("audit", "check", str(file), "--key", str(key.with_suffix(".pub"))), 3)


def test_a_proof_is_written_to_a_new_file_only(signed: Program) -> None:
    """By number, id or latest; an unknown entry is reported; an existing file stays."""
    identity = signed.json("audit", "log")[0]["evaluation"]
    for entry in ("0", "1", identity, "latest"):
        made = signed.run("audit", "prove", entry)
        assert json.loads(made.stdout)["format"] == "fenming/proof/1"
    said(signed.run("audit", "prove", "7"), 5, "has no entry 7", "numbered from 0")
    there = signed.folder / "there"
    there.write_text("mine", "utf-8")
    said(signed.run("audit", "prove", "1", "-o", str(there)), 4, "already a file")
    assert there.read_text("utf-8") == "mine"


def test_one_checkpoint_extends_another(signed: Program, key: Path) -> None:
    """Kept by somebody else and compared later; a wrong order and another ledger are reported."""
    old = signed.folder / "monday.txt"
    old.write_text(signed.run("audit", "checkpoint").stdout, "utf-8")
    assert signed.run("evaluate", SPOT, *SUPERSEDING, FENMING_KEY=str(key)).returncode == 0
    public = str(key.with_suffix(".pub"))
    out = signed.folder / "extends.json"
    good = signed.run("audit", "consistent", str(old), "latest", "--key", public, "-o", str(out))
    assert good.returncode == 0, good.stderr
    assert "The checkpoint of 3 entries extends the one of 2" in good.stdout
    assert signed.run("audit", "check", str(out), "--key", public).returncode == 0
    assert signed.json("audit", "consistent", "2", "3") == {
        "consistent": True, "origin": old.read_text("utf-8").splitlines()[0], "old": 2, "new": 3, "key": None,
    }  # fmt: skip
    said(signed.run("audit", "consistent", "3", str(old)), 2, "the older one first")
    said(signed.run("audit", "consistent", "9"), 5, "no checkpoint")
    said(signed.run("audit", "consistent", "9" * 300), 69, "99")
    forged = old.read_text("utf-8").splitlines()
    forged[2] = "A" * 43 + "="
    (signed.folder / "forged.txt").write_text("\n".join(forged) + "\n", "utf-8")
    said(signed.run("audit", "consistent", str(signed.folder / "forged.txt"), "latest"), 1, "does not extend")


def test_grants_are_printed(program: Program) -> None:
    """As SQL, with the role's name quoted."""
    appending = program.run("audit", "grants", 'o"ffice').stdout
    assert 'TO "o""ffice"' in appending
    assert "GRANT INSERT" in appending
    assert "GRANT INSERT" not in program.run("audit", "grants", "office", "--read-only").stdout
    said(program.run("audit", "grants", " "), 2, "A role has a name")
