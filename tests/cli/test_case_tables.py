"""Golden cases as a table: they are the cases that the same YAML would be; mistakes have their line and column."""

from __future__ import annotations

import pytest

from engine.base.faults import FactsError
from engine.documents import to_plain
from tests.compiled import program_of, ruleset_of
from workflow.golden import Case, read_cases, run_case
from workflow.library import cases_of, folder_of

ID = "demo/schemes/1"
FILES = cases_of(folder_of(ID, None))
BASE = {"good.yaml": FILES["good.yaml"]}


def cases(text: str, files: dict[str, str] | None = None) -> list[Case]:
    """Return the cases of a table beside the base."""
    return list(read_cases({**BASE, **(files or {}), "t.cases.csv": text}, ID))


def differences(text: str) -> list[str]:
    """Run the cases of a table and return what differs."""
    found = [run_case(case, ruleset_of(ID), program_of(ID, case.readings)) for case in cases(text)]
    return [str(difference) for outcome in found for difference in outcome.differences]


TABLE = """\
name,facts.execution.spent,facts.service.S1.satisfaction,facts.complaint.C1.subject,facts.complaint.C1.closed_in_time,\
expect.total,expect.grade,expect.flags,expect.indicators.1.kept,expect.indicators.1.assumed,expect.sentences.1/banded
甲,95 万元,,,,99,优,[],30,false,得 30 分
"乙，迟",,,投诉一,false,98,,,,,

丙,,50%,,,,,,30,,
"""

SAME = """\
base: good.yaml
cases:
  - name: 甲
    facts: {execution: {budget: 100 万元, spent: 95 万元, unit_cost: 100 元}}
    expect:
      {total: "99", grade: 优, flags: [], sentences: {1/banded: 得 30 分},
       indicators: {"1": {kept: "30", assumed: false}}}
  - name: 乙，迟
    facts: {complaint: [{id: C1, subject: 投诉一, closed_in_time: false}]}
    expect: {total: "98"}
  - name: 丙
    facts: {service: [{id: S1, name: 窗口, satisfaction: 50%, visits: 10}]}
    expect: {indicators: {"1": {kept: "30"}}}
"""


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_table_is_the_same_cases_as_yaml(start: str, ends: str) -> None:
    """As a spreadsheet saves it too: with a byte order mark, and line ends of another system."""
    table = cases(start + TABLE.replace("\n", ends))
    yaml = list(read_cases({**BASE, "t.cases.yaml": SAME}, ID))
    assert [case.name for case in table] == ["甲", "乙，迟", "丙"]
    for one, other in zip(table, yaml, strict=True):
        assert (one.name, one.readings, one.base) == (other.name, other.readings, other.base)
        assert to_plain(one.document) == to_plain(other.document)
        assert to_plain(one.expected) == to_plain(other.expected)
    assert [case.place.line for case in table] == [2, 3, 5]
    assert differences(TABLE) == []


def test_what_differs_is_reported_for_a_row() -> None:
    """In the words of any case."""
    text = "name,facts.execution.spent,expect.indicators.1.kept,expect.sentences.1/banded\n甲,50 万元,5,得 5 分\n"
    found = differences(text)
    assert found[0] == "Indicator 1, kept: 5 is expected, 0 is found."
    assert found[1].startswith("1/banded: “得 5 分” is expected, it says: 执行率 50%")


def test_readings_errors_and_absence() -> None:
    """A reading of a column, an error by its code, a field that is taken out, a text that looks like a number."""
    columns = "name,reading.R1,facts.execution.budget,facts.complaint.C1.subject,expect.error,expect.grade\n"
    text = f"{columns}甲,first,null,'12',value.missing,\n乙,,,,,null\n"
    one, other = cases(text)
    assert one.readings == {"R1": "first"}
    assert to_plain(one.document)["facts"]["execution"] == {"spent": "100 万元", "unit_cost": "100 元"}
    assert to_plain(one.document)["facts"]["complaint"] == [{"id": "C1", "subject": "12"}]
    assert to_plain(one.expected) == {"error": "value.missing"}
    assert other.expected["grade"].is_empty


def test_a_row_names_its_base_where_there_are_several() -> None:
    """Without a column `base` there must be one facts file only."""
    other = {"other.yaml": BASE["good.yaml"].replace("100 元", "80 元")}
    [case] = cases("name,base,expect.total\n甲,other.yaml,100\n", other)
    assert case.base == "other.yaml"
    with pytest.raises(FactsError) as caught:
        cases("name,expect.total\n甲,100\n", other)
    [fault] = caught.value.faults
    assert (fault.code, fault.where.file, fault.where.line) == ("case-file.no-base", "t.cases.csv", 2)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("name,expects.total\n甲,1\n", "case-file.column", 1),
        ("name,facts.execution,expect.total\n甲,1,1\n", "case-file.column", 1),
        ("name,expect.total,expect.total\n甲,1,2\n", "case-file.column-twice", 1),
        ("name,expect.total\n甲,1\n乙，丙,1,2\n", "case-file.too-wide", 3),
        ('name,expect.total\n甲,1\n"乙"丙,1\n', "case-file.not-csv", 3),
        ("name,base,expect.total\n甲,no.yaml,1\n", "case-file.missing", 2),
        ("name,expect.totals\n甲,1\n", "value.unknown-field", 2),
        ("expect.total\n1\n", "value.missing", 2),
        ("name,facts.execution.spent\n甲,1 万元\n", "value.missing", 2),
    ],
)
def test_a_mistake_in_a_table_has_its_line(text: str, code: str, line: int) -> None:
    """A column that is none, a file that is not there, a row without its name or without what is expected."""
    with pytest.raises(FactsError) as caught:
        cases(text)
    assert next((fault.code, fault.where.line) for fault in caught.value.faults) == (code, line)
