"""Fuzzing: damaged facts files, rulesets and command lines end in words, never in a traceback or half a ledger."""

from __future__ import annotations

from io import BytesIO, TextIOWrapper
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli import main
from cli.library import folder_of, sources_of
from engine.errors import FenmingError
from engine.ruleset import compile_ruleset, read_ruleset
from engine.sources import RULESET, Sources
from tests.cli.program import EXAMPLE

FACTS = (EXAMPLE / "as-printed.yaml").read_text("utf-8")
DEMO = sources_of(folder_of("demo/schemes/1", None))
CODES = {0, 1, 2, 3, 4}
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


@given(st.integers(0, 2**32))
@settings(max_examples=150)
def test_damaged_rulesets(seed: int) -> None:
    """A damaged ruleset compiles, or is refused with places."""
    text = damaged(DEMO.files[RULESET], Random(seed))
    try:
        compile_ruleset(read_ruleset(Sources({**DEMO.files, RULESET: text})))
    except FenmingError as error:
        told = error.faults
    else:
        told = ()
    assert all(fault.where.file and str(fault.remedy) for fault in told)


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
