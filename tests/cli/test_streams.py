"""Standard streams that are closed, full or broken: the command does its work and ends with its own code."""

from __future__ import annotations

import pytest

from tests.cli.desk import facts_of
from tests.cli.program import Program

FACTS = facts_of("")
REDIRECTED = [
    ">&- 2>&- <&-",
    *(pytest.param(one, marks=pytest.mark.long) for one in (">&-", "2>&-", "<&-", "2>/dev/full")),
]


@pytest.fixture
def facts(program: Program) -> str:
    """A facts file without evidence."""
    file = program.folder / "facts.yaml"
    file.write_text(FACTS, "utf-8")
    return str(file)


@pytest.mark.parametrize("redirected", REDIRECTED)
def test_closed_streams_change_no_exit_code(program: Program, facts: str, redirected: str) -> None:
    """What is printed goes nowhere; what is recorded is recorded, and what is wrong keeps its code."""
    for words, code in ((("evaluate", facts), 0), (("audit", "verify"), 0), (("evaluate", "nosuch"), 5), (("x",), 2)):
        result = program.run(*words, redirected=redirected)
        assert result.returncode == code, result.stderr
        assert "Something went wrong" not in result.stderr
    assert len(program.json("audit", "log")) == 1


@pytest.mark.parametrize(
    ("redirected", "language"),
    [
        ("<&-", "en"),
        ("0>/dev/null", "zh"),
        pytest.param("<&-", "zh", marks=pytest.mark.long),
        pytest.param("0>/dev/null", "en", marks=pytest.mark.long),
    ],
)
def test_a_standard_input_that_cannot_be_read_is_reported(program: Program, redirected: str, language: str) -> None:
    """Like a file that cannot be read."""
    result = program.run("evaluate", "-", redirected=redirected, FENMING_LANG=language)
    assert result.returncode == 69
    assert ("Standard input cannot be read" in result.stderr) == (language == "en")
    assert ("标准输入" in result.stderr) == (language == "zh")
    assert not program.ledger.exists()


def test_a_closed_stream_is_no_file_of_ours(program: Program) -> None:
    """What is printed to a closed stream ends in no file that is opened later and would take its number."""
    key = program.folder / "a.key"
    for redirected in (">&-", "2>&-", ">&- 2>&- <&-"):
        key.unlink(missing_ok=True)
        assert program.run("audit", "key", "new", str(key), "--name", "z", redirected=redirected).returncode == 0
        assert key.read_text("utf-8").count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        *("evaluate FACTS", "", "audit --help"),
        *(pytest.param(one, marks=pytest.mark.long) for one in ("evaluate FACTS --json", "facts check FACTS")),
    ],
)
def test_a_full_output_is_reported(program: Program, facts: str, words: str) -> None:
    """It is not a fault of the program, also where the command-line library prints; what was recorded is recorded."""
    result = program.run(*words.replace("FACTS", facts).split(), redirected=">/dev/full")
    assert result.returncode == 74
    assert "The output could not be written: No space left on device." in result.stderr
    assert "went wrong inside" not in result.stderr
    assert program.ledger.exists() == words.startswith("evaluate")


def test_a_new_key_whose_public_half_could_not_be_printed(program: Program) -> None:
    """The key is there, and the command named prints its public half."""
    key = program.folder / "a.key"
    result = program.run("audit", "key", "new", str(key), "--name", "z", redirected=">/dev/full")
    assert result.returncode == 74
    assert "ledger" not in result.stderr
    (command,) = [part for part in result.stderr.split("`") if part.startswith("fenming audit")]
    shown = program.run(*command.split()[1:])
    assert shown.returncode == 0
    assert shown.stdout.startswith("z+")


def test_an_output_and_messages_that_go_nowhere(program: Program, facts: str) -> None:
    """Where nothing can be printed, the code still reports it."""
    assert program.run("evaluate", facts, redirected=">/dev/full 2>/dev/full").returncode == 74
