"""The program as a user runs it, in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

from cli import main

PROJECT = Path(__file__).parents[2]
EXAMPLE = PROJECT / "examples" / "jiangmen-commerce-2024"


_HELP = {"--help", "-h"}


def within(
    arguments: Sequence[str], folder: Path, environ: Mapping[str, str], text: str
) -> subprocess.CompletedProcess[str]:
    """Run one command in this process, as it would run in one of its own: a new one takes a second to start."""
    streams = sys.stdin, sys.stdout, sys.stderr
    here, before = Path.cwd(), dict(os.environ)
    sys.stdin = TextIOWrapper(BytesIO(text.encode()), "utf-8")
    sys.stdout, sys.stderr = (TextIOWrapper(BytesIO(), "utf-8", newline="\n", write_through=True) for _ in range(2))
    captured = sys.stdout, sys.stderr
    try:
        os.environ.clear()
        os.environ.update(environ)
        os.chdir(folder)
        code = main.run(list(arguments))
        printed = [stream.buffer.getvalue().decode() for stream in captured]
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)
        sys.stdin, sys.stdout, sys.stderr = streams
    return subprocess.CompletedProcess(list(arguments), code, *printed)


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

        `output` is where it prints; `redirected` are a shell's redirections, such as `>&-`. With either, or with a
        setting of Python's own, it runs in a process of its own.
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
        python = any(name.startswith("PYTHON") for name in environ)
        # The command-line library keeps the words of its help in the language in which it was loaded.
        if not (redirected or python or output != subprocess.PIPE or _HELP & {*arguments} or not arguments):
            return within(arguments, folder, settings, text or "")
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

    def helps(self, commands: Sequence[str], language: str) -> list[str]:
        """Return the help of each command, all of them from one process, which keeps to its language."""
        each = "from cli.main import run\nimport sys\nfor words in sys.argv[1:]:\n"
        each += "    assert run([*words.split(), '--help']) == 0\n    print(end='\\0')"
        environ = {**os.environ, "FENMING_LANG": language, "COLUMNS": "100", "PYTHONPATH": str(PROJECT)}
        command = [sys.executable, "-c", each, *commands]
        printed = subprocess.run(command, cwd=PROJECT, env=environ, stdout=subprocess.PIPE, check=True).stdout
        return printed.decode().split("\0")[:-1]

    def json(self, *arguments: str, **environ: str) -> Any:
        """Run a command that answers JSON, and return the answer."""
        result = self.run(*arguments, "--json", text=None, output=subprocess.PIPE, folder=PROJECT, **environ)
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)
