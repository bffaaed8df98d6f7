"""A facts file with its evidence on a desk of its own, and the commands that work on it, in this process."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from cli import main
from engine.base.faults import FactsError, Fault
from engine.facts import FileDigest
from workflow.score import score
from workflow.settings import Settings

FACTS = """\
ruleset: demo/schemes/1
case: {{department: 示例局, year: 2024}}
facts:
  execution:
    budget: 100 万元
    spent: 70 万元
    unit_cost: 100 元
    evidence: [{first}]
  service:
    - id: S1
      name: 窗口
      satisfaction: 100%
      visits: 10
      evidence:
        - {second}
  complaint: []
  veto_event: []
"""
MINUTES, REPORT = "附件/会议 纪要.txt", "report.pdf"


def facts_of(first: str, second: str = "") -> str:
    """Return a facts file whose two facts name these files; an empty name means no file."""
    items = [
        f"{{title: 材料, file: {json.dumps(name, ensure_ascii=False)}}}" if name else "" for name in (first, second)
    ]
    return FACTS.format(first=items[0], second=items[1] or "{title: 无文件}")


def digest(data: bytes) -> FileDigest:
    """Return what is recorded of some bytes, by a way that is not the program's."""
    return FileDigest(hashlib.sha256(data).hexdigest(), len(data))


class Desk:
    """A folder with a facts file and its evidence, and a ledger elsewhere; commands run in this process."""

    def __init__(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = tmp_path / "案卷"
        self.ledger = tmp_path / "fenming.db"
        self.capsys = capsys
        (self.folder / "附件").mkdir(parents=True)
        self.put(MINUTES, b"minutes\r\n")
        self.put(REPORT, b"")
        self.facts(facts_of(MINUTES, REPORT))

    def put(self, name: str, data: bytes) -> Path:
        """Write a file."""
        (self.folder / name).write_bytes(data)
        return self.folder / name

    def facts(self, text: str) -> None:
        """Write the facts file."""
        self.put("facts.yaml", text.encode())

    def run(self, *words: str) -> tuple[int, str, str]:
        """Run a command; return its exit code and what it said."""
        self.capsys.readouterr()
        code = main.run([*words, "--ledger", str(self.ledger)])
        return (code, *self.capsys.readouterr())

    def evaluate(self) -> str:
        """Score the facts; return the evaluation's id."""
        code, answer, reported = self.run("evaluate", str(self.folder / "facts.yaml"), "--json")
        assert code == 0, reported
        return str(json.loads(answer)["evaluation"])

    def check(self, *words: str) -> tuple[int, Any]:
        """Check the latest evaluation's evidence; return the exit code and the answer."""
        code, answer, reported = self.run("evidence", "check", "latest", "--folder", str(self.folder), "--json", *words)
        assert reported == ""
        return code, json.loads(answer)

    def recorded(self) -> dict[str, Any]:
        """Return the latest receipt's evidence, by the fact and the number of the piece."""
        facts = json.loads(self.run("explain", "latest", "--json")[1])["explanation"]["facts"]
        return {
            f"{fact['id']}/{n}": {name: said for name, said in item.items() if name != "address"}
            for fact in facts
            for n, item in enumerate(fact["evidence"])
        }

    def faults(self) -> tuple[Fault, ...]:
        """Return the faults for which the facts are refused."""
        with pytest.raises(FactsError) as refused:
            score(str(self.folder / "facts.yaml"), Settings())
        return refused.value.faults
