"""The schema for editors takes what the program takes, in Chinese and in English, and marks what it does not know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine.base.sources import RULESET
from engine.documents import read_document, to_plain
from tools import editor_schema
from workflow.library import cases_of, folder_of, rulesets

ROOT = Path(__file__).parents[1]
CASES = Draft202012Validator(json.loads((ROOT / editor_schema.CASES).read_text("utf-8")))
VALIDATOR = Draft202012Validator(json.loads((ROOT / editor_schema.FILE).read_text("utf-8")))
IDS = list(rulesets(None))


def plain(value: Any) -> Any:
    """Return exact numbers as JSON has them."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value if isinstance(value, str | bool | int | None) else float(value)


def document(name: str) -> Any:
    """Return a ruleset as it is written."""
    return plain(to_plain(read_document((folder_of(name, None) / RULESET).read_text("utf-8"), RULESET)))


def test_the_schema_is_what_the_program_takes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`make schemas` would change nothing; a file that is not there is reported."""
    assert editor_schema.main(["--check"]) == 0, capsys.readouterr().err
    assert editor_schema.main(["--check"], tmp_path) == 1
    assert capsys.readouterr().err.count("out of date") == 2
    Draft202012Validator.check_schema(VALIDATOR.schema)


@pytest.mark.parametrize("name", IDS)
def test_shipped_rulesets_are_valid_as_they_are_written(name: str) -> None:
    """In whichever form."""
    assert [error.json_path for error in VALIDATOR.iter_errors(document(name))] == []


@pytest.mark.parametrize("name", IDS)
def test_shipped_cases_are_valid_as_they_are_written(name: str) -> None:
    """And in both forms."""
    for file, text in cases_of(folder_of(name, None)).items():
        if file.endswith(".cases.yaml"):
            assert [error.json_path for error in CASES.iter_errors(plain(to_plain(read_document(text, file))))] == []


@pytest.mark.parametrize(
    ("case", "valid"),
    [
        ({"名称": "甲", "预期": {"总分": "9", "指标": {"1": {"得分": "9", "状态": "未评", "推定": "是"}}}}, True),
        ({"name": "甲", "预期": {"total": "9", "指标": {"1": {"得分": "9", "status": "assessed"}}}}, True),
        ({"名称": "甲", "预期": {"合计": "9"}}, False),
        ({"预期": {"总分": "9"}}, False),
        ({"名称": "甲", "预期": {"指标": {"1": {"状态": "未知"}}}}, False),
    ],
)
def test_cases_in_chinese_are_marked_where_they_are_wrong(case: dict[str, Any], valid: bool) -> None:
    """A key that is not known, one that is missing, a word that is not a choice."""
    assert CASES.is_valid({"基础": "a.yaml", "cases": [case]}) == valid


@pytest.mark.parametrize("name", IDS)
def test_misspelt_and_missing_keys_are_marked(name: str) -> None:
    """At the top, in an indicator and in a rule."""
    chinese = "指标" in document(name)
    indicators, rules, weight = ("指标", "规则", "分值") if chinese else ("indicators", "rules", "weight")
    for change in range(4):
        found = document(name)
        first = found[indicators][0]
        match change:
            case 0:
                found["titel"] = "x"
            case 1:
                del first[weight]
            case 2:
                first["分直"] = 5
            case _:
                first[rules][0]["awrad"] = "1"
        assert list(VALIDATOR.iter_errors(found)), change
