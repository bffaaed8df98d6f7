"""A facts file scored by another ruleset than it names: looked at, or recorded as a trial, and nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from engine.base.faults import Refused
from tests.cli.program import Program
from workflow.ledger import open_ledger
from workflow.record import Recording, record
from workflow.score import score
from workflow.settings import Settings

ROOT = Path(__file__).parents[2] / "rulesets" / "demo" / "schemes" / "1"
FACTS = (ROOT / "cases" / "good.yaml").read_text("utf-8")
NAMED, OTHER = "demo/schemes/1", "demo/schemes/2"


@pytest.fixture
def rulesets(program: Program) -> Path:
    """Return a folder with next year's ruleset, and the facts of this year in `facts.yaml` beside it."""
    folder = program.folder / "own"
    shutil.copytree(ROOT, folder / OTHER)
    text = (folder / OTHER / "ruleset.yaml").read_text("utf-8")
    text = text.replace(f"编号: {NAMED}", f"编号: {OTHER}").replace("满分线: {数值: 95%", "满分线: {数值: 99%")
    (folder / OTHER / "ruleset.yaml").write_text(text, "utf-8")
    (program.folder / "facts.yaml").write_text(FACTS, "utf-8")
    return folder


def evaluate(
    program: Program, rulesets: Path, *more: str, ruleset: str = OTHER, language: str = "en"
) -> tuple[int, str, str]:
    """Score the facts by a ruleset, and return the exit code and what is printed."""
    words = (str(program.folder / "facts.yaml"), "--ruleset", ruleset, "--rulesets", str(rulesets))
    done = program.run("evaluate", *words, *more, FENMING_LANG=language)
    return done.returncode, done.stdout, done.stderr


def log(program: Program) -> list[tuple[str, str]]:
    """Return the standing and the ruleset of each evaluation in the ledger."""
    listed = json.loads(program.run("audit", "log", "--all", "--json").stdout)
    return [(each["standing"], each["ruleset"]) for each in listed]


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_it_is_a_dry_run(program: Program, rulesets: Path, more: list[str]) -> None:
    """The card is shown, the reason is said, and no ledger is made."""
    code, shown, _ = evaluate(program, rulesets, *more)
    assert code == 0
    assert "Dry run: nothing was recorded." in shown
    assert f"names the ruleset “{NAMED}”, and this is the score by “{OTHER}”" in shown
    assert not program.ledger.exists()
    code, shown, _ = evaluate(program, rulesets, *more, language="zh")
    assert f"事实文件指明的规则集是“{NAMED}”" in shown
    code, shown, _ = evaluate(program, rulesets, *more, "--json")
    answer = json.loads(shown)
    assert (answer["recorded"], answer["ruleset"]) == (False, OTHER)


def test_a_trial_is_recorded(program: Program, rulesets: Path) -> None:
    """And replays from the ledger, which holds the ruleset that scored it."""
    code, shown, _ = evaluate(program, rulesets, "--trial")
    assert code == 0
    assert "Trial: not a score of the department." in shown
    assert log(program) == [("trial", OTHER)]
    shutil.rmtree(rulesets)
    assert program.run("replay", "0").returncode == 0


def test_a_trial_is_never_the_score_of_the_department(program: Program, rulesets: Path) -> None:
    """It supersedes nothing, is not the latest, is listed only with all, and says what it is wherever it is shown."""
    assert evaluate(program, rulesets, ruleset=NAMED)[0] == 0
    assert evaluate(program, rulesets, "--trial")[0] == 0
    assert evaluate(program, rulesets, "--trial")[0] == 0
    assert log(program) == [("trial", OTHER), ("trial", OTHER), ("official", NAMED)]
    in_force = json.loads(program.run("audit", "log", "--json").stdout)
    assert [each["standing"] for each in in_force] == ["official"]
    for language, words in (("en", "Trial: not a score of the department."), ("zh", "试评，不作为该部门的评分。")):
        for command in (["show"], ["explain"], ["explain", "1"]):
            shown = {
                name: program.run(command[0], name, *command[1:], FENMING_LANG=language).stdout
                for name in ("1", "latest")
            }
            assert words in shown["1"], command
            assert words not in shown["latest"], command
        assert words in program.run("audit", "log", "--all", FENMING_LANG=language).stdout
    assert json.loads(program.run("show", "1", "--json").stdout)["standing"] == "trial"
    assert program.run("audit", "verify").returncode == 0
    assert program.run("replay", "--all").returncode == 0


def test_a_trial_is_only_looked_at_in_a_dry_run(program: Program, rulesets: Path) -> None:
    """And with neither --supersedes nor --beside."""
    assert evaluate(program, rulesets, "--trial", "--dry-run")[0] == 0
    for more in (["--supersedes", "0"], ["--beside"]):
        code, _, said = evaluate(program, rulesets, "--trial", *more, "--reason", "x")
        assert (code, "option.one-standing" in said) == (2, True)
    assert not program.ledger.exists()


@pytest.mark.parametrize("more", [["--beside", "--reason", "比较"], ["--supersedes", "0", "--reason", "更正"]])
def test_all_else_is_refused(program: Program, rulesets: Path, more: list[str]) -> None:
    """With a fault that says so, and nothing is written."""
    for dry in ([], ["--dry-run"]):
        code, _, said = evaluate(program, rulesets, *more, *dry)
        assert code == 4
        assert "recording.other-ruleset" in said
        assert "that can only be a trial" in said.replace("\n", " ")
    assert not program.ledger.exists()


def test_the_ruleset_that_the_file_names_is_not_another(program: Program, rulesets: Path) -> None:
    """Naming it twice changes nothing."""
    assert evaluate(program, rulesets, ruleset=NAMED)[0] == 0
    assert log(program) == [("official", NAMED)]


def test_a_ruleset_that_is_not_there_is_the_options_fault(program: Program, rulesets: Path) -> None:
    """The facts file is not blamed; and it may name one that is not there."""
    code, _, said = evaluate(program, rulesets, ruleset="demo/schemes/9")
    assert code == 5
    assert "facts.yaml" not in said
    (program.folder / "facts.yaml").write_text(FACTS.replace(NAMED, "demo/gone/1"), "utf-8")
    assert evaluate(program, rulesets)[0] == 0


def test_every_door_is_kept(program: Program, rulesets: Path) -> None:
    """The workflow itself refuses to record such a score as official."""
    settings = Settings(ledger=str(program.ledger), rulesets=rulesets)
    scored = score(str(program.folder / "facts.yaml"), settings, ruleset=OTHER)
    assert scored.instead_of == NAMED
    with open_ledger(settings, create=True) as ledger, pytest.raises(Refused, match="only be a trial"):
        record(ledger, scored, Recording("甲"))
