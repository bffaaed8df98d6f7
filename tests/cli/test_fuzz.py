"""Fuzzing: damaged facts files, rulesets and command lines end in words, never in a traceback or half a ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from io import BytesIO, TextIOWrapper
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli import main
from cli.render.faults import faults_text
from engine.base.faults import Fault, FenmingError
from engine.base.sources import RULESET, Sources
from engine.documents import Node, read_document
from engine.facts import open_facts, read_facts
from engine.program import Program, compile_ruleset
from engine.ruleset import Ruleset, read_ruleset
from tests.cli.program import EXAMPLE
from tests.evaluated import receipt_of
from workflow.library import find, folder_of, sources_of

FACTS = (EXAMPLE / "as-printed.yaml").read_text("utf-8")
DEMO = sources_of(folder_of("demo/schemes/1", None))
CODES = {0, 1, 2, 3, 4, 5, 6, 69, 75}
PIECES = (
    "",
    "-",
    ":",
    "[",
    "]",
    "{",
    "}",
    "'",
    '"',
    "\t",
    "0",
    "-1",
    "1e9",
    "超",
    "万元",
    "%",
    "#",
    "\n",
    "null",
    "true",
    "&a",
    "*a",
)


def damaged(text: str, random: Random) -> str:
    """Return a text with a few of its lines or characters changed."""
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(text))
        match random.randrange(4):
            case 0:
                text = text[:at] + random.choice(PIECES) + text[at + random.randint(0, 3) :]
            case 1:
                lines = text.split("\n")
                del lines[random.randrange(len(lines))]
                text = "\n".join(lines)
            case 2:
                lines = text.split("\n")
                lines.insert(random.randrange(len(lines)), random.choice(lines))
                text = "\n".join(lines)
            case _:
                word = random.choice(text.split())
                text = text.replace(word, random.choice(PIECES), 1)
        text = text or "x"
    return text


@given(st.integers(0, 2**32))
@settings(max_examples=40)
def test_damaged_facts(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """A damaged facts file is scored, or refused with nothing written."""
    folder = tmp_path_factory.mktemp("fuzz")
    file, ledger = folder / "facts.yaml", folder / "fenming.db"
    file.write_text(damaged(FACTS, Random(seed)), "utf-8")
    code = main.run(["evaluate", str(file), "--ledger", str(ledger), "--json"])
    assert code in CODES
    assert ledger.exists() == (code == 0)


ODD = (
    "0", "-0", "1.0", "15.0", "2024.0", "2e0", "1e30", "1e31", "1E-30", "9" * 40, "9" * 41, "0." + "0" * 36 + "1",
    "-9e29", "true", "null", "[]", "{}", "[[]]", '{"a": 1}', '""', '"9999-12-31"', '"0001-01-01"', '"1990-02-29"',
    '"2024-12-31T00"', '"0 万元"', '"1 亿元"', '"-0 万元"', f'"{"9" * 38} 万元"', '"100%"', '"0%"', '"99999%"',
    '"\\u202e字"', '"e\u0301"', '"😀"', '"\\u200b"', '"\\ud83d"', '"a\\nb"', f'"{"x" * 5000}"', '"../x"', '"{0}"',
    '"\\\\"', '"`"', '"否"', '"ß"', '"\\uff11\\uff12"', '"\\u0662"',
)  # fmt: skip
"""Values as JSON writes them: figures at the edge, days at either end of the calendar, odd letters, other shapes."""


def replaced(node: Node, seed: int) -> str:
    """Return a document as JSON with one to three of its values, whole facts among them, replaced by odd ones."""
    random = Random(seed)
    nodes = [child for child in below(node) if child is not node]
    chosen = {id(random.choice(nodes)): random.choice(ODD) for _ in range(random.randint(1, 3))}

    def written(here: Node) -> str:
        if id(here) in chosen:
            return chosen[id(here)]
        if here.entries is not None:
            return "{" + ",\n".join(f"{json.dumps(key.text)}: {written(value)}" for key, value in here.entries) + "}"
        if here.is_sequence:
            return "[" + ", ".join(map(written, here.elements)) + "]"
        return json.dumps(here.text, ensure_ascii=False) if isinstance(here.value, str) else here.text

    return written(node)


def below(node: Node) -> Iterator[Node]:
    """Yield a node and all values below it."""
    yield node
    for child in (*(value for _, value in node.entries or ()), *node.elements):
        yield from below(child)


@cache
def form() -> tuple[Ruleset, Program]:
    """Return the ruleset that the facts name, and its program."""
    read = find("jiangmen/department-special/2024", None).ruleset
    return read, compile_ruleset(read)


def faults_of(text: str) -> tuple[Fault, ...]:
    """Return what is wrong with a facts file; nothing where it is scored."""
    read, program = form()
    try:
        receipt_of(program, read_facts(open_facts(text, "odd.json"), read.facts, read.conversions))
    except FenmingError as error:
        return error.faults
    return ()


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_odd_values(seed: int) -> None:
    """A facts file with odd values is scored, or refused at places in that file."""
    found = faults_of(replaced(read_document(FACTS, "as-printed.yaml"), seed))
    assert {fault.where.file for fault in found} <= {"odd.json"}
    assert not found or faults_text(found, str)


@pytest.mark.parametrize("text", ["[" * 3000, '{"a":' * 3000, "a: " * 3000, "- " * 3000, "{a: " * 3000])
@pytest.mark.parametrize("name", ["deep.json", "deep.yaml"])
def test_deep_nesting(tmp_path: Path, text: str, name: str) -> None:
    """However deep a document is nested, it is refused in words."""
    file = tmp_path / name
    file.write_text(text, "utf-8")
    assert main.run(["evaluate", str(file), "--ledger", str(tmp_path / "fenming.db")]) == 3
    assert [path.name for path in tmp_path.iterdir()] == [name]


@given(st.integers(0, 2**32))
@settings(max_examples=150)
def test_damaged_rulesets(seed: int) -> None:
    """A damaged ruleset compiles, or is refused with places."""
    text = damaged(DEMO.files[RULESET], Random(seed))
    try:
        compile_ruleset(read_ruleset(Sources({**DEMO.files, RULESET: text})))
    except FenmingError as error:
        reported = error.faults
    else:
        reported = ()
    assert all(fault.where.file and str(fault.remedy) for fault in reported)


WORDS = [
    "evaluate",
    "show",
    "explain",
    "replay",
    "facts",
    "check",
    "template",
    "types",
    "ruleset",
    "list",
    "test",
    "evidence",
    "--folder",
    "audit",
    "log",
    "latest",
    "--all",
    "--json",
    "--ledger",
    "--reading",
    "R1=x",
    "=",
    "-",
    "--",
    "1",
    "-1",
    "nosuch",
    "demo/schemes/1",
    "",
]


@given(st.lists(st.sampled_from(WORDS), max_size=5))
@settings(max_examples=150)
def test_random_command_lines(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    """Any words in any order end with one of the documented codes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.getbasetemp())
        patch.setattr("sys.stdin", TextIOWrapper(BytesIO()))
        assert main.run(words) in CODES
