"""The program as a user runs it: a process of its own, in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
EXAMPLE = PROJECT / "examples" / "jiangmen-commerce-2024"


@dataclass(frozen=True)
class Program:
    """The program with a ledger of its own; `run` starts it in the project's folder by default."""

    folder: Path

    @property
    def ledger(self) -> Path:
        """Where the ledger is."""
        return self.folder / "fenming.db"

    def run(
        self,
        *arguments: str,
        text: str | None = None,
        output: int = subprocess.PIPE,
        folder: Path = PROJECT,
        redirected: str = "",
        **environ: str,
    ) -> subprocess.CompletedProcess[str]:
        """Run one command in a folder; English and 100 columns by default.

        `output` is where it prints; `redirected` are a shell's redirections, such as `>&-`.
        """
        kept = {
            name: os.environ[name]
            for name in ("PATH", "HOME", "TMPDIR", "COVERAGE_PROCESS_START")
            if name in os.environ
        }
        settings = {
            **kept,
            "FENMING_LANG": "en",
            "COLUMNS": "100",
            "FENMING_LEDGER": str(self.ledger),
            "FENMING_ACTOR": "tester",
            "PYTHONPATH": str(PROJECT),
            **environ,
        }
        command = [sys.executable, "-c", "from cli.main import main; main()", *arguments]
        if redirected:
            command = ["/bin/sh", "-c", f'exec "$@" {redirected}', "sh", *command]
        return subprocess.run(
            command,
            cwd=folder,
            env=settings,
            input=text,
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def json(self, *arguments: str, **environ: str) -> Any:
        """Run a command that answers JSON, and return the answer."""
        result = self.run(*arguments, "--json", text=None, output=subprocess.PIPE, folder=PROJECT, **environ)
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)
