"""Every ruleset of the library: its golden cases and its examination, which compiles it in every reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli import main
from engine.ruleset import Ruleset
from tests.compiled import program_of, ruleset_of
from workflow.golden import read_cases, run_case
from workflow.library import cases_of, folder_of, rulesets

IDS = list(rulesets(None))
CASES = [
    (name, case) for name in IDS for case in read_cases(cases_of(folder_of(name, None)), name, ruleset_of(name).facts)
]


@pytest.fixture(scope="session")
def read() -> dict[str, Ruleset]:
    """Return every ruleset."""
    return {name: ruleset_of(name) for name in IDS}


@pytest.mark.parametrize(("name", "number"), [(name, number) for number, (name, _) in enumerate(CASES)])
def test_golden_cases(read: dict[str, Ruleset], name: str, number: int) -> None:
    """What must come out comes out."""
    case = CASES[number][1]
    assert run_case(case, read[name], program_of(name, case.readings)).differences == (), case.name


@pytest.mark.parametrize("name", IDS)
def test_the_examination_finds_nothing(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every rule, row and alternative is reached, every threshold is tested, and what is meant is accepted."""
    assert main.run(["ruleset", "test", name, "--strict"]) == 0, capsys.readouterr().out


def test_weights_and_levels_of_the_jiangmen_form(read: dict[str, Ruleset]) -> None:
    """Level 3 and level 2 add to 100; level 1 is printed as 50 twice and on two pages once more."""
    ruleset = read["jiangmen/department-special/2024"]
    assert ruleset.weight == 100
    sums: dict[str, int] = {}
    for indicator in ruleset.indicators:
        sums[indicator.path[0]] = sums.get(indicator.path[0], 0) + int(indicator.weight)
    assert sums == {"履职效能": 50, "管理效率": 50}
    assert len(ruleset.readings) == 18
    printed = Path(__file__).parents[2] / "examples" / "jiangmen-commerce-2024" / "printed-form.txt"
    form = "".join(printed.read_text("utf-8").split())
    for indicator in ruleset.indicators:
        for clause, words in indicator.clauses.items():
            for sentence in words.replace("；", "。").split("。"):
                piece = "".join(sentence.split())
                assert piece.rstrip(".") in form.replace("；", "。"), f"{clause}: {piece}"
