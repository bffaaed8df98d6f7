"""The Jiangmen ruleset and its example against the printed form, word by word, and each reading against its cases."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.documents import read_document, to_plain
from engine.program.scopes import readings_meant
from engine.ruleset import Ruleset
from engine.ruleset.clauses import placed_rules
from engine.ruleset.surface import open_ruleset
from tests.compiled import program_of, ruleset_of
from workflow.golden import Case, read_cases, run_case
from workflow.library import cases_of, folder_of, sources_of

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "jiangmen-commerce-2024"
FORM_ID = "jiangmen/department-special/2024"
FOLDER = folder_of(FORM_ID, None)
COLUMNS = (
    "一级指标分值二级指标分值三级指标分值得分/自评分评分依据、未达标原因、改进措施指标解释评分标准"
    "参考佐证材料（说明：本栏佐证材料仅供参考，部门只要能证明对应指标即可）备注"
)
HEAD = (
    "附件2|年度：2024年单位基本情况单位名称江门市商务局财供人数（编制总数）合计：50行政（参公）编制数小计：44"
    "公益一类编制数小计：6公益二类编制数小计：0单位数：2年度总目标|完成情况|||||||年度部门预算情况总预算（万元）"
    "年度预算资金类别部门预算专项资金事业发展支出(按预算级次划分)基本支出项目支出专项资金其他事业发展支出市本级"
    "对下转移支付14541.342265.0212276.32794.0743923.9946指标评分表"
)


def bare(text: object) -> str:
    """Return a text without white space: the extraction broke the form's lines anywhere."""
    return "".join(str(text).split())


def document(file: Path) -> Any:
    """Return a YAML file as plain values."""
    return to_plain(read_document(file.read_text("utf-8"), file.name))


def several(value: Any) -> list[str]:
    """Return a text or a list of texts as a list."""
    return [value] if isinstance(value, str) else list(value or ())


FORM = bare((EXAMPLE / "printed-form.txt").read_text("utf-8"))
RULESET: Any = to_plain(open_ruleset(sources_of(FOLDER).files))
FACTS = {name: document(EXAMPLE / f"{name}.yaml")["facts"] for name in ("as-printed", "visible-only", "spot-check")}


def words_of_the_ruleset() -> Iterator[str]:
    """Yield what the ruleset says that the form prints."""
    yield RULESET["title"]
    for indicator in RULESET["indicators"]:
        yield indicator["name"]
        yield indicator["explanation"]
        yield indicator.get("remarks", "")
        yield from several(indicator.get("evidence_asked"))
        yield "".join(text for clause, text in indicator["clauses"].items() if not clause.endswith("remark"))


def words_of_the_example(name: str) -> Iterator[str]:
    """Yield what an example's facts say that the form prints."""
    for goal in FACTS[name]["annual_goal"]:
        yield f"目标{goal['number']}：{goal['goal']}"
        yield goal["completion"]
    for claim in FACTS[name]["claim"]:
        yield from (claim.get(field, "") for field in ("reason", "measures", "remarks"))
        for evidence in claim.get("evidence", ()):
            yield evidence["title"]
            yield evidence.get("reference", "")


@pytest.mark.parametrize("words", [*dict.fromkeys(words_of_the_ruleset())])
def test_the_ruleset_has_the_words_of_the_form(words: str) -> None:
    """Explanations, clauses, evidence and remarks are in the form, each in one piece, the clauses in order."""
    assert bare(words) in FORM


@pytest.mark.parametrize("name", FACTS)
def test_the_example_has_the_words_of_the_form(name: str) -> None:
    """So do the goals, reasons, measures, evidence and remarks of the example."""
    assert [words for words in words_of_the_example(name) if bare(words) not in FORM] == []


def test_nothing_of_the_form_is_left_out() -> None:
    """What neither the ruleset nor the example holds in words is the headings, and the figures tested below."""
    rest = FORM
    words = {bare(words) for words in (*words_of_the_ruleset(), *words_of_the_example("as-printed"))}
    for text in sorted(words - {""}, key=len, reverse=True):
        rest = rest.replace(text, "|")
    assert rest.startswith(HEAD), rest
    rest = re.sub(r"\|+", "|", rest.removeprefix(HEAD).replace(COLUMNS, ""))
    levels: dict[str, dict[str, list[str]]] = {}
    claims = {claim["indicator"]: claim.get("score") for claim in FACTS["as-printed"]["claim"]}
    for indicator in RULESET["indicators"]:
        one, two = indicator["path"]
        score = claims[indicator["number"]]
        figures = f"{indicator['weight']}{'' if score is None else score}"
        levels.setdefault(one, {}).setdefault(two, []).append(figures)
    weights: dict[str, int] = {}
    for indicator in RULESET["indicators"]:
        for level in indicator["path"]:
            weights[level] = weights.get(level, 0) + indicator["weight"]
    expected = ""
    for one, below in levels.items():
        expected += f"{one}{weights[one]}"
        for two, shown in below.items():
            # 管理效率 is printed on two pages, so that its name and its weight are printed twice.
            expected += f"{one}{weights[one]}" if two == "预算执行" else ""
            expected += f"{two}{weights[two]}|" + "|".join(shown) + "|"
    total = FACTS["as-printed"]["printed_total"]
    expected += f"合计{total['level_1']}{total['level_2']}{total['level_3']}{total['claimed']}"
    assert rest == expected
    assert weights["管理效率"] + sum(weights[one] for one in levels) == total["level_1"] == 150


def test_the_head_has_the_figures_of_the_form() -> None:
    """The department's profile and its budget, in the order of the form."""
    facts = FACTS["as-printed"]
    profile = facts["department_profile"]
    assert (
        f"单位名称{profile['name']}财供人数（编制总数）合计：{profile['staff_quota']}"
        f"行政（参公）编制数小计：{profile['administrative_quota']}公益一类编制数小计：{profile['public_one_quota']}"
        f"公益二类编制数小计：{profile['public_two_quota']}单位数：{profile['units']}"
    ) in HEAD
    fields = ("total", "basic", "project", "special", "other_development", "municipal", "transfers")
    assert "".join(facts["annual_budget"][field].split()[0] for field in fields) + "指标评分表" in HEAD


def test_what_is_not_printed_is_marked_as_assumed() -> None:
    """Facts that score and are in no column of the form are assumed; visible-only has none of them."""
    facts = FACTS["as-printed"]
    targets = {target["id"]: target for target in facts["performance_target"]}
    assert [name for name, target in targets.items() if "assumed" not in target] == ["T01", "T02", "T03", "T11"]
    for kind in ("special_fund", "criterion", "project", "budget_adjustment", "supplementary_funding"):
        assert all("assumed" in fact for fact in facts[kind]), kind
    assert all("assumed" in fact for kind in ("disclosure", "performance_disclosure") for fact in facts[kind])
    assert "assumed" not in json.dumps(FACTS["visible-only"], default=str)
    for target in FACTS["visible-only"]["performance_target"]:
        assert target == {key: value for key, value in targets[target["id"]].items() if key != "assumed"}
        assert all(f"{target[field]}" in FORM for field in ("target", "actual"))
    for kind in ("department_profile", "annual_goal", "annual_budget", "printed_total", "claim"):
        assert FACTS["visible-only"][kind] == facts[kind]


def ruleset() -> Ruleset:
    """Return the ruleset."""
    return ruleset_of(FORM_ID)


def test_every_clause_is_carried_out() -> None:
    """Each clause is cited by a rule, a part or a parameter; each rule of an indicator cites that indicator's."""
    cited = {clause for parameter in ruleset().parameters.values() for clause in parameter.cites}
    cited.update(clause for placed in placed_rules(ruleset()) for clause in placed.clauses)
    for indicator in ruleset().indicators:
        own = [(each.id, each.cites) for each in indicator.rules] + [(each.id, each.cites) for each in indicator.parts]
        for name, cites in own:
            assert {*cites} <= indicator.clauses.keys(), f"{indicator.number}/{name}"
    assert ruleset().clauses.keys() == cited


CASES = [
    replace(case, readings=readings_meant(ruleset_of(FORM_ID), case.readings))
    for case in read_cases(cases_of(FOLDER), types=ruleset_of(FORM_ID).facts)
]
"""The golden cases, with alternatives by the names that receipts have."""


def alternatives() -> list[tuple[str, str]]:
    """Return every alternative that was not chosen, with its reading."""
    return [
        (reading, alternative)
        for reading, register in RULESET["readings"].items()
        for alternative in register["alternatives"]
        if alternative != register["chosen"]
    ]


@pytest.mark.parametrize(("reading", "alternative"), alternatives())
def test_every_alternative_changes_the_score_of_a_golden_case(reading: str, alternative: str) -> None:
    """Each other way to read a clause is shown by a golden case that comes out differently without it."""
    assert any(_differs_without(case, reading) for case in CASES if case.readings.get(reading) == alternative)


def _differs_without(case: Case, reading: str) -> bool:
    rest = {name: choice for name, choice in case.readings.items() if name != reading}
    return bool(run_case(replace(case, readings=rest), ruleset(), program_of(FORM_ID, rest)).differences)


def test_only_r17_has_no_alternative() -> None:
    """Eighteen readings; the one with a single way to read it says why."""
    assert list(RULESET["readings"]) == [f"R{number}" for number in range(1, 19)]
    assert {reading for reading, _ in alternatives()} == RULESET["readings"].keys() - {"R17"}
    assert "只列一种" in RULESET["readings"]["R17"]["authority"]


def test_the_calendar_of_working_days() -> None:
    """Days off and make-up days are listed once, make-up days are weekends."""
    calendar = document(ROOT / "rulesets" / "calendars" / "cn.yaml")
    off, on = ([date.fromisoformat(str(day)) for day in calendar[key]] for key in ("holidays", "workdays"))
    assert len({*off, *on}) == len(off) + len(on)
    assert off == sorted(off)
    assert on == sorted(on)
    assert all(day.weekday() >= 5 for day in on)
    working: dict[int, int] = {}
    day = date(2023, 1, 1)
    while day <= date(2026, 12, 31):
        if day in on or (day.weekday() < 5 and day not in off):
            working[day.year] = working.get(day.year, 0) + 1
        day += timedelta(1)
    assert working == {2023: 249, 2024: 251, 2025: 248, 2026: 248}
