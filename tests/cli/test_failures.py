"""Every failure says what is wrong, where, and what to do; nothing is half-written; no traceback reaches a user."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.exceptions import Abort

from cli import main
from cli.commands import evaluate
from cli.terminal.session import OutputLost
from engine.base.faults import Unexpected
from tests.cli.program import EXAMPLE, Program

GOOD = str(EXAMPLE / "as-printed.yaml")


def clean(result: subprocess.CompletedProcess[str], code: int) -> str:
    """Assert the exit code, words on standard error, none on standard output, and no traceback; return the words."""
    assert result.returncode == code, result.stderr
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr + result.stdout
    return result.stderr


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("nosuch", 2),
        ("evaluate", 2),
        ("evaluate --nosuch x", 2),
        ("evaluate /nowhere/file.yaml", 5),
        ("evaluate .", 3),
        ("evaluate GOOD --reading R10", 2),
        ("evaluate GOOD --reading R99=x", 3),
        ("evaluate GOOD --reading R10=x", 3),
        ("evaluate GOOD --supersedes abc --reason x", 5),
        ("evaluate GOOD --ledger /nowhere/at/all.db", 5),
        ("evaluate GOOD --ledger .", 3),
        ("evaluate GOOD --ledger README.md", 3),
        ("show latest", 5),
        ("show latest --ledger README.md", 3),
        ("explain latest", 5),
        ("explain latest x", 5),
        ("replay", 2),
        ("replay latest --all", 2),
        ("replay --all", 5),
        ("evidence check", 2),
        ("evidence check latest", 5),
        ("audit log", 5),
        ("audit log -n 0", 2),
        ("audit log -n x", 2),
        ("audit log --json=1", 2),
        ("show latest another", 2),
        ("show --ledger", 2),
        ("ruleset list --rulesets /nowhere", 5),
        ("facts template nosuch", 5),
        ("facts template ../jiangmen", 5),
        ("ruleset show jiangmen/department-special/2023", 5),
    ],
)
def test_wrong_use(program: Program, arguments: str, code: int, language: str) -> None:
    """Wrong commands, files, readings and ledgers each end with their own code, and leave no ledger behind."""
    words = [GOOD if word == "GOOD" else word for word in arguments.split()]
    told = clean(program.run(*words, FENMING_LANG=language), code)
    if language == "zh":
        assert any("\u4e00" <= character <= "\u9fff" for character in told), told
    if "GOOD" not in arguments:
        assert not program.ledger.exists()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["evaluate", GOOD, "--ledger", ""], "--ledger"),
        (["evaluate", GOOD, "--rulesets="], "--rulesets"),
        (["evaluate", GOOD, "--checkpoints", ""], "--checkpoints"),
        (["evaluate", GOOD, "--signing-key", ""], "--signing-key"),
        (["evaluate", GOOD, "--actor", ""], "--actor"),
        (["audit", "key", "new", "x.key", "--name", ""], "--name"),
        (["audit", "verify", "--key", ""], "--key"),
        (["evaluate", GOOD, "--actor", "王" * 201], "200"),
        (["evaluate", GOOD, "--actor", "王\n合计 100 优"], "王 合计"),
        (["evaluate", GOOD, "--actor", "王\u202e"], "200"),
        (["evaluate", GOOD, "--actor", " "], "200"),
        (["evaluate", GOOD, "--reading", "R10=each-part", "--reading", "R10=whole"], "R10"),
        (["evaluate", GOOD, "--reading", "R10=each-part", "--reading", " R10 =each-part"], "R10"),
    ],
)
def test_options_without_value_or_given_twice(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    said: str,
    language: str,
) -> None:
    """An empty value, as of a variable that is not set, and a reading named twice are refused; no file is left."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setenv("FENMING_LANG", language)
    assert main.run(words) == 2
    shown = capsys.readouterr()
    what, remedy = shown.err.splitlines()
    assert said in what + remedy
    assert shown.out == ""
    assert not list(tmp_path.iterdir())


def test_wrong_use_is_reported_in_one_language(program: Program) -> None:
    """What the command-line library reports in English only is reported in Chinese too."""
    for words in ("audit log -n x", "audit log -n 0", "audit log --json=1", "show latest another", "show --ledger"):
        told = clean(program.run(*words.split(), FENMING_LANG="zh"), 2)
        first = told.splitlines()[0]
        for word in ("Option", "Got", "Input", "Invalid", "requires"):
            assert word not in first, first


def test_help_speaks_the_readers_language(program: Program) -> None:
    """Every heading, option and placeholder of the help is Chinese for a Chinese reader, English for an English one."""
    commands = ("", "evaluate", "explain", "replay", "facts check", "ruleset show", "evidence check", "audit log")
    helps = [program.helps(commands, language) for language in ("zh", "en")]
    for words, zh, en in zip(commands, *helps, strict=True):
        for word in ("Usage", "Options", "OPTIONS", "Commands", "Arguments", "EVALUATION", "FILE}", "Show this"):
            assert word not in zh, (words, word)
        assert not any("\u4e00" <= character <= "\u9fff" for character in en), words
        assert "用法：" in zh
        assert "Usage: " in en


def test_no_command_shows_the_help(program: Program) -> None:
    """Without a command the help is shown, and that is wrong usage to a script."""
    for words in ("", "facts", "ruleset", "evidence", "audit"):
        result = program.run(*words.split())
        assert (result.returncode, result.stderr) == (2, "")
        assert "Commands" in result.stdout


def test_a_broken_ruleset_hides_no_other(program: Program, tmp_path: Path) -> None:
    """`ruleset list` lists what it can read, and names the file of what it cannot."""
    broken = tmp_path / "some" / "form"
    broken.mkdir(parents=True)
    (broken / "ruleset.yaml").write_text("id: [\n", "utf-8")
    result = program.run("ruleset", "list", "--rulesets", str(tmp_path))
    assert result.returncode == 3
    assert "jiangmen/department-special/2024" in result.stdout
    assert f"{broken}/ruleset.yaml:" in result.stderr
    told = clean(program.run("ruleset", "show", str(broken)), 3)
    assert told.startswith(f"{broken}/ruleset.yaml:")


@pytest.mark.parametrize(
    "command",
    ["show latest", *(pytest.param(one, marks=pytest.mark.long) for one in ("show latest --json", "audit log"))],
)
def test_output_that_cannot_be_written(program: Program, command: str) -> None:
    """Output that cannot be written, as on a full disk, is reported, with where to look for what was recorded."""
    program.run("evaluate", GOOD)
    unwritable = os.open(os.devnull, os.O_RDONLY)
    try:
        result = program.run(*command.split(), output=unwritable)
    finally:
        os.close(unwritable)
    assert result.returncode == OutputLost.exit_code == 74
    assert "The output could not be written" in result.stderr
    assert "`fenming audit log` lists it" in result.stderr
    assert "Traceback" not in result.stderr


def test_odd_terminals(program: Program) -> None:
    """A terminal that says that it has no room still gets the whole answer."""
    program.run("evaluate", GOOD)
    for words, columns in (("show latest", "0"), ("explain latest 10", "1"), ("audit log", "39"), ("audit log", "x")):
        result = program.run(*words.split(), COLUMNS=columns)
        assert result.returncode == 0, result.stderr
        assert len(result.stdout.split()) > 5


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n# nothing\n", "empty"),
        ("部门: 江门市".encode("gbk"), "UTF-8"),
        (b"\x00\x01\x02", "character"),
        (b"[1, 2", ""),
        (b"- a\n- b\n", ""),
        (b"ruleset: nosuch\ncase: {department: a, year: 2024}\nfacts: {}\n", "no ruleset"),
        (b"a: &x 1\nb: *x\n", ""),
        (b"{" * 5000, ""),
        (b"a: " + b"9" * 5000, ""),
    ],
)
def test_wrong_files(program: Program, tmp_path: Path, content: bytes, words: str) -> None:
    """Files that are not facts files are refused, and nothing is written."""
    file = tmp_path / "facts.yaml"
    file.write_bytes(content)
    result = program.run("evaluate", str(file))
    assert result.returncode in (3, 5)
    assert words in clean(result, result.returncode)
    assert not program.ledger.exists()


def test_a_ruleset_that_is_not_there_is_reported_at_its_line(program: Program, tmp_path: Path) -> None:
    """The facts file names it, so the place is there."""
    file = tmp_path / "facts.yaml"
    file.write_text("ruleset: nosuch\ncase: {department: a, year: 2024}\nfacts: {}\n", "utf-8")
    assert clean(program.run("evaluate", str(file)), 5).startswith(f"{file}:1:10 /ruleset\n")


def test_huge_file(program: Program, tmp_path: Path) -> None:
    """A file beyond the limit is refused by its size, without being parsed."""
    file = tmp_path / "huge.yaml"
    file.write_bytes(b"# x\n" * (9 * 1024 * 1024))
    assert "32 MiB" in clean(program.run("evaluate", str(file)), 3)


def test_standard_input(program: Program) -> None:
    """A facts file may come through a pipe."""
    result = program.run("evaluate", "-", "--json", text=Path(GOOD).read_text("utf-8"))
    assert result.returncode == 0
    assert '"total": "92.29"' in result.stdout


def test_reader_that_leaves(program: Program) -> None:
    """A reader that takes one line and leaves makes no noise."""
    program.run("evaluate", GOOD)
    command = f'"{sys.executable}" -c "from cli.main import main; main()" show latest | head -n 1'
    project = EXAMPLE.parents[1]
    environ = {"PATH": "/usr/bin:/bin", "FENMING_LEDGER": str(program.ledger), "PYTHONPATH": str(project)}
    result = subprocess.run(  # noqa: S602 - the pipe is what is tested
        command, shell=True, capture_output=True, text=True, check=False, encoding="utf-8", cwd=project, env=environ
    )
    assert result.stderr == ""
    assert result.stdout.count("\n") == 1


def imported_by(arguments: list[str], modules: tuple[str, ...]) -> str:
    """Return which of some modules a command imports."""
    script = (
        f"import sys\nfrom cli.main import run\ncode = run({arguments!r})\n"
        f"print([name for name in {modules!r} if name in sys.modules], file=sys.stderr)\nsys.exit(code)"
    )
    command = [sys.executable, "-c", script]
    result = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=EXAMPLE.parents[1], encoding="utf-8"
    )
    return result.stderr.strip()


def test_help_starts_light() -> None:
    """`--help` imports none of the heavy libraries, so that it starts quickly."""
    heavy = ("sqlmodel", "sqlalchemy", "pydantic", "lark", "yaml", "jsonschema", "structlog", "durable_rules_engine")
    assert imported_by(["--help"], heavy) == "[]"


def test_a_ledger_in_a_file_needs_nothing_of_postgresql(tmp_path: Path) -> None:
    """What talks to a server is imported only for a ledger on one."""
    arguments = ["evaluate", GOOD, "--json", "--ledger", str(tmp_path / "ledger.db")]
    assert imported_by(arguments, ("sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql")) == (
        "['sqlalchemy.dialects.sqlite']"
    )


def test_unexpected_errors_are_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Even a fault of the program itself is reported in words; the traceback goes to the log when it is asked for."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr(evaluate, "score", fail)
    monkeypatch.setenv("FENMING_LANG", "en")
    monkeypatch.delenv("FENMING_LOG", raising=False)
    assert main.run(["evaluate", GOOD]) == Unexpected.exit_code
    told = capsys.readouterr().err
    assert "ZeroDivisionError: boom" in told
    assert "Traceback" not in told
    monkeypatch.setenv("FENMING_LOG", "debug")
    assert main.run(["evaluate", GOOD]) == Unexpected.exit_code
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, Abort])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_interruption_is_reported_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    interruption: type[BaseException],
    language: str,
) -> None:
    """A stopped command says that it stopped, and where to see what it had recorded."""

    def stop(*_: object, **__: object) -> None:
        raise interruption

    monkeypatch.setattr(evaluate, "score", stop)
    monkeypatch.setenv("FENMING_LANG", language)
    assert main.run(["evaluate", GOOD]) == main.INTERRUPTED
    (told,) = capsys.readouterr().err.splitlines()
    assert "`fenming audit log`" in told
    assert ("Stopped" in told) == (language == "en")


def test_a_misspelt_command_suggests_the_right_one(program: Program) -> None:
    """Like a misspelt option."""
    done = program.run("evalute", GOOD)
    assert done.returncode == 2
    assert "There is no command evalute; did you mean evaluate?" in done.stderr


def test_the_program_names_its_version(program: Program) -> None:
    """On one line."""
    done = program.run("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"fenming \d+\.\d+\.\d+\n", done.stdout)
