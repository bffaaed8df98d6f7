"""Backing up and restoring, as the person does it who looks after the ledger."""

from __future__ import annotations

import json
import shutil

from tests.cli.program import EXAMPLE, Program

PRINTED = str(EXAMPLE / "as-printed.yaml")


def test_a_backup_is_read_like_any_ledger_and_restored(program: Program) -> None:
    """Each command says what it did and that all of it verifies; the restored ledger shows the same card."""
    assert program.run("evaluate", PRINTED).returncode == 0
    backup = program.folder / "备份 2026"
    made = program.run("audit", "backup", str(backup), COLUMNS="300")
    assert made.returncode == 0, made.stderr
    assert f"The ledger is copied to “{backup}”." in made.stdout
    assert "the newest checkpoint covers 1 entry" in made.stdout
    card = program.run("show", "latest").stdout
    assert program.run("show", "latest", "--ledger", str(backup / "fenming.db")).stdout == card
    program.ledger.unlink()
    shutil.rmtree(program.folder / "fenming.db.checkpoints")
    restored = program.run("audit", "restore", str(backup), FENMING_LANG="zh")
    assert restored.returncode == 0, restored.stderr
    assert "已恢复" in restored.stdout
    assert "全部内容通过核验" in restored.stdout
    assert program.run("show", "latest").stdout == card
    assert program.run("audit", "verify").returncode == 0


def test_what_is_refused_is_named_by_its_code(program: Program) -> None:
    """A folder in use, a ledger in use, a folder without a backup: each with its exit code."""
    assert program.run("evaluate", PRINTED).returncode == 0
    for words, code, name in (
        (("backup", str(program.folder)), 4, "backup.exists"),
        (("backup", str(program.folder / "no" / "where")), 69, "backup.unwritable"),
        (("restore", str(program.folder)), 4, "backup.ledger-exists"),
        (("restore", str(program.folder / "empty")), 5, "backup.none"),
    ):
        done = program.run("audit", *words)
        assert (done.returncode, f"[{name}]" in done.stderr) == (code, True), done.stderr


def test_a_ledger_without_checkpoints_is_copied_and_ends_as_verification_does(program: Program) -> None:
    """With exit code 1: the copy is there, and what it lacks is reported."""
    assert program.run("evaluate", PRINTED).returncode == 0
    shutil.rmtree(program.folder / "fenming.db.checkpoints")
    backup = program.folder / "backup"
    done = program.run("audit", "backup", str(backup), "--json")
    assert done.returncode == program.run("audit", "verify").returncode == 1
    report = json.loads(done.stdout)
    assert report["only_unsealed"]
    assert ".part" not in done.stdout
    assert (backup / "fenming.db").is_file()
    assert program.run("audit", "restore", str(backup), "--ledger", str(program.folder / "again.db")).returncode == 1
