"""Laws of evidence files: what is submitted is identified, and every change afterwards is told."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from tests.cli.program import EXAMPLE, Program

TABLE = "附表/完成情况 表.txt"
NOTICE = "notice.txt"
FIRST = "evidence: [{title: 2024年国际贸易单一窗口江门分平台推广与运维服务项目结果公告}]"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A facts file whose facts name three files, two of them the same, in the folder where they stand."""
    folder = tmp_path / "submitted"
    (folder / "附表").mkdir(parents=True)
    (folder / TABLE).write_bytes("服务企业数 366 家\n".encode())
    (folder / NOTICE).write_bytes(b"")
    text = (EXAMPLE / "as-printed.yaml").read_text("utf-8")
    assert FIRST in text
    table, notice = f"{{title: 完成情况表, file: {TABLE}}}", f"{{title: 公告, file: {NOTICE}}}"
    named = f"evidence: [{table}, {notice}, {table}]"
    file = folder / "facts.yaml"
    file.write_text(text.replace(FIRST, named), "utf-8")
    return file


def name_instead(case: Path, written: str) -> None:
    """Let the facts name another file in place of the notice."""
    case.write_text(case.read_text("utf-8").replace(f"file: {NOTICE}", f"file: {json.dumps(written)}"), "utf-8")


def test_what_is_submitted_is_identified(program: Program, case: Path) -> None:
    """The receipt holds each file's path as written, its SHA-256 and its size, and nothing of the machine."""
    program.json("evaluate", str(case))
    proof = program.json("explain", "latest")
    assert str(case.parent) not in json.dumps(proof)
    files = program.json("evidence", "check", "latest", "--folder", str(case.parent))["files"]
    digests = {name: hashlib.sha256((case.parent / name).read_bytes()).hexdigest() for name in (TABLE, NOTICE)}
    sizes = {name: (case.parent / name).stat().st_size for name in (TABLE, NOTICE)}
    assert [each["file"] for each in files] == [TABLE, NOTICE, TABLE]
    for each in files:
        assert each["state"] == "same"
        assert each["was"] == each["now"] == {"sha256": digests[each["file"]], "size": sizes[each["file"]]}
    assert program.run("replay", "latest").returncode == 0
    shown = program.run("explain", "latest", "8", COLUMNS="200").stdout
    assert f"SHA-256 {digests[TABLE][:16]}…" in " ".join(shown.replace("│", " ").split())


def test_each_change_afterwards_is_told(program: Program, case: Path) -> None:
    """The same, changed, gone, in place of which a folder stands: each is told, and the exit code is 1."""
    program.json("evaluate", str(case))
    check = ("evidence", "check", "latest", "--folder", str(case.parent), "--json")
    (case.parent / TABLE).write_bytes("服务企业数 367 家\n".encode())
    (case.parent / NOTICE).unlink()
    result = program.run(*check)
    assert result.returncode == 1
    assert [each["state"] for each in json.loads(result.stdout)["files"]] == ["changed", "gone", "changed"]
    (case.parent / NOTICE).mkdir()
    assert [e["state"] for e in json.loads(program.run(*check).stdout)["files"]] == ["changed", "unreadable", "changed"]
    table = program.run(*check[:-1], FENMING_LANG="zh")
    assert table.returncode == 1
    assert NOTICE in table.stdout
    assert program.run("replay", "latest").returncode == 0, "a replay reads no file"


def test_an_evaluation_without_files_says_so(program: Program) -> None:
    """The example names none."""
    program.run("evaluate", str(EXAMPLE / "as-printed.yaml"))
    result = program.run("evidence", "check", "latest")
    assert result.returncode == 0
    assert "names a file" in result.stdout


def test_the_same_files_give_the_same_receipt_anywhere(program: Program, case: Path, tmp_path: Path) -> None:
    """The receipt does not depend on where the folder is."""
    elsewhere = tmp_path / "elsewhere"
    case.parent.rename(elsewhere)
    first = program.json("evaluate", str(elsewhere / case.name))["receipt_sha256"]
    elsewhere.rename(case.parent)
    assert program.json("evaluate", str(case))["receipt_sha256"] == first
    (case.parent / NOTICE).write_bytes(b"x")
    assert program.json("evaluate", str(case))["receipt_sha256"] != first


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("missing.txt", "it is not there"),
        ("附表", "it is not a file"),
        ("pipe", "it is not a file"),
        ("/dev/zero", "one machine only"),
        ("C:\\notice.txt", "one machine only"),
        ("附表\\notice.txt", "one machine only"),
        ("http://www.jiangmen.gov.cn/notice", "an address"),
        ("a" * 300, "File name too long"),
        ("notice.txt/x", "Not a directory"),
    ],
)
@pytest.mark.parametrize("command", ["evaluate", "facts check"])
def test_what_cannot_be_taken_in_is_told(program: Program, case: Path, written: str, says: str, command: str) -> None:
    """With its place and what to do, before anything is recorded; nothing hangs."""
    os.mkfifo(case.parent / "pipe")
    name_instead(case, written)
    result = program.run(*command.split(), str(case))
    assert result.returncode == 3
    assert says in result.stderr
    assert "facts.yaml:" in result.stderr
    assert "/evidence/1/file" in result.stderr
    assert "Traceback" not in result.stderr
    assert not program.ledger.exists()


def test_every_missing_file_is_told_at_once(program: Program, case: Path) -> None:
    """Two files are missing, and both are named."""
    (case.parent / TABLE).unlink()
    (case.parent / NOTICE).unlink()
    result = program.run("facts", "check", str(case))
    assert TABLE in result.stderr
    assert NOTICE in result.stderr
