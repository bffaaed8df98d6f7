"""A terminal of a given language and width: what is typed and what is said, as one text, the same each time."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Self

import pytest

from audit.log.keys import SigningKey, write_key
from cli import main
from tests.cli.desk import MINUTES, REPORT, facts_of

NAME = "czj.jiangmen.gov.cn/fenming"
OFFICE, OTHER, NEXT = (SigningKey(NAME, bytes(range(n, n + 32))) for n in (0, 32, 64))
KEYS = {"office": OFFICE, "other": OTHER, "next": NEXT}


class Noon(datetime):
    """A clock that has stopped."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Return the same time always."""
        return cls(2024, 12, 1, 8, 30, tzinfo=tz or UTC)


class NotRandom:
    """Draws the same number each time."""

    @staticmethod
    def token_hex(size: int) -> str:
        """Return the digits of so many bytes."""
        return "5a" * size


class Terminal:
    """Runs commands in this process, in a folder of its own, and keeps what a reader would see."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.text = ""

    def run(self, line: str | Sequence[str]) -> int:
        """Run a command line; return its exit code."""
        words = line.split(" ") if isinstance(line, str) else list(line)
        self.capsys.readouterr()
        code = main.run(words)
        out, err = self.capsys.readouterr()
        self.text += f"$ fenming {' '.join(words)}\n{out}{err}[{code}]\n\n"
        return code


def furnish(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Make keys, facts with evidence, a signed ledger of three entries and an unsigned one of one in the folder."""
    for name, key in KEYS.items():
        write_key(key, folder / f"{name}.key")
        (folder / f"{name}.pub").write_text(f"{key.public.text}\n", "utf-8")
    (folder / "附件").mkdir()
    (folder / MINUTES).write_bytes(b"minutes\r\n")
    (folder / REPORT).write_bytes(b"")
    facts = facts_of(MINUTES, REPORT)
    (folder / "facts.yaml").write_text(facts, "utf-8")
    (folder / "corrected.yaml").write_text(facts.replace("spent: 70", "spent: 75"), "utf-8")
    terminal = Terminal(folder, capsys)
    for line in (
        "evaluate facts.yaml --ledger unsigned.db",
        "evaluate facts.yaml --signing-key office.key",
        "evaluate corrected.yaml --signing-key office.key --supersedes latest --reason 支出数更正",
    ):
        assert terminal.run(line) == 0, terminal.text


def copied(source: Path, target: Path) -> Path:
    """Return a copy of a furnished folder, its keys still private."""
    return Path(shutil.copytree(source, target))
