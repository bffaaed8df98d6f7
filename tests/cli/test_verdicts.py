"""Why a rule fired or did not, as people and programs read it."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from tests.cli.program import EXAMPLE, PROJECT, Program
from tests.golden import matches_golden

GOLDEN = Path(__file__).parent / "golden"
NATIONAL = PROJECT / "examples" / "national-project-2020" / "project.yaml"


@pytest.mark.parametrize(
    ("name", "file", "commands"),
    [
        ("all-rules", EXAMPLE / "spot-check.yaml", ["explain latest --all-rules"]),
        (
            "why-not",
            EXAMPLE / "spot-check.yaml",
            ["why-not latest 1/mean", "why-not latest 得分率 T12", "why-not latest 9/per-project",
             "why-not latest 14/未公开.预算及时性", "why-not latest none-new-zero", "why-not latest 13/reported"],
        ),
        ("why-not-rows", NATIONAL, ["explain latest --all-rules", "why-not latest 2/定量", "why-not latest 不高于"]),
    ],
)  # fmt: skip
def test_what_people_read(program: Program, name: str, file: Path, commands: list[str]) -> None:
    """At two widths, in both languages, as golden files; no line is too wide."""
    program.run("evaluate", str(file))
    for language, width in product(("zh", "en"), ("80", "120")):
        results = [program.run(*command.split(), COLUMNS=width, FENMING_LANG=language) for command in commands]
        assert [result.returncode for result in results] == [0] * len(commands), results
        shown = "\n".join(result.stdout for result in results)
        golden = GOLDEN / f"{name}.{language}.{width}.txt"
        assert matches_golden(golden, shown), f"{golden.name} differs; FENMING_UPDATE_GOLDEN=1 writes it anew"
        assert max(map(cell_len, shown.splitlines())) <= int(width)


def answer(program: Program, file: Path, *arguments: str) -> Any:
    """Return what a command answers as JSON of a file's evaluation."""
    program.run("evaluate", str(file))
    return program.json(*arguments)


def test_the_answer_has_stable_keys(program: Program) -> None:
    """Each condition with its truth, its exact values, the distance, and what the field must be."""
    found = answer(program, NATIONAL, "why-not", "latest", "at-most", "单台成本")
    assert (found["reproduced"], found["unapplied"]) == (True, [])
    [rule] = found["rules"]
    assert (rule["rule"], rule["written"], rule["fired"]) == ("definitions/at-most", "公用规则/不高于", False)
    [candidate] = rule["candidates"]
    assert [condition["truth"] for condition in candidate["conditions"]] == ["holds"] * 3 + ["fails"]
    last = candidate["conditions"][-1]
    assert last["observed"] == {
        "kind": "compared", "holds": False, "value": "16.8", "comparator": "<=", "threshold": "15", "distance": "1.8"
    }  # fmt: skip
    assert (last["needed"]["values"], last["needed"]["included"], last["needed"]["fact"]) == (["15"], True, "单台成本")


def test_the_answer_names_other_bands_and_other_readings(program: Program) -> None:
    """What a fact would need for another row of the table; in which readings a rule would apply."""
    found = answer(program, EXAMPLE / "as-printed.yaml", "why-not", "latest", "share", "T12")
    [candidate] = found["rules"][0]["candidates"]
    assert [row["conditions"][0]["text"] for row in candidate["other_bands"]] == [
        "it.rate >= pass_line", "it.rate > full_line", "it.rate > over_line"
    ]  # fmt: skip
    distances = {row["conditions"][0]["observed"]["distance"] for row in candidate["other_bands"]}
    assert "-46/175" in distances
    [rule] = program.json("explain", "latest", "10", "--all-rules")["unapplied"][:1]
    assert rule["readings"] == [{"name": "R11", "alternatives": ["final"], "chosen": "approved"}]


def test_what_is_not_there_is_said_in_the_readers_language(program: Program) -> None:
    """With what could have been meant."""
    program.run("evaluate", str(EXAMPLE / "as-printed.yaml"))
    result = program.run("why-not", "latest", "5/无新赠", FENMING_LANG="zh")
    assert result.returncode == 5
    assert "“5/无新增”" in result.stderr
