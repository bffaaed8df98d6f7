"""Every ruleset of the library: its golden cases, and each alternative of each reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.ruleset import Ruleset
from tests.compiled import program_of, ruleset_of
from workflow.golden import read_cases, run_case
from workflow.library import cases_of, folder_of, rulesets

IDS = list(rulesets(None))
CASES = [(name, case) for name in IDS for case in read_cases(cases_of(folder_of(name, None)), name)]


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
def test_every_reading_compiles_and_every_alternative_matters(read: dict[str, Ruleset], name: str) -> None:
    """Each alternative compiles, and changes a rule, a part or a parameter, or says why it changes nothing."""
    chosen = program_of(name, {})
    used = {reading for rule in chosen.rules for reading in rule.readings}
    for reading in read[name].readings.values():
        for alternative in reading.alternatives:
            program = program_of(name, {reading.id: alternative})
            used |= {r for rule in program.rules for r in rule.readings}
    loose = read[name].readings.keys() - used - _required(read[name])
    assert not loose, f"no rule relies on {sorted(loose)}"


def _required(ruleset: Ruleset) -> set[str]:
    return {reading for i in ruleset.indicators for r in i.requires for reading, _ in r.under}


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
