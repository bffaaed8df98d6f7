"""Golden cases in Chinese, in English or in both are the same cases; what is wrong with them is said in their words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.base.faults import FactsError
from engine.documents import read_document, to_plain
from engine.facts.model import FactType
from engine.facts.read import schema_of
from engine.facts.titles import named
from engine.language.vocabulary import vocabulary
from i18n import translator
from schemas import schema
from tests.compiled import program_of, ruleset_of
from workflow.golden import Case, Programs, read_cases, run_case, run_cases
from workflow.library import cases_of, folder_of, rulesets

IDS = list(rulesets(None))
DEMO = "demo/schemes/1"
FILES = cases_of(folder_of(DEMO, None))
BASE = {"good.yaml": FILES["good.yaml"]}
KEYS = vocabulary("keys").chinese
VALUES = vocabulary("values").chinese

Pick = Callable[[], bool]


def respelt(content: Any, says: Mapping[str, Any], pick: Pick) -> Any:
    """Return a document of cases with those keys and fixed words in Chinese that are picked."""
    if isinstance(content, dict):
        fields = says.get("properties", {})
        return {
            KEYS[key] if key in fields and pick() else key: respelt(
                value, fields.get(key, says.get("additionalProperties") or {}), pick
            )
            for key, value in content.items()
        }
    if isinstance(content, list):
        return [respelt(each, says.get("items", {}), pick) for each in content]
    fixed = says.get("enum") or says.get("x-words") or ()
    return VALUES[content] if content in fixed and pick() else content


def titled(name: str, fields: Mapping[str, Any], pick: Pick) -> str:
    """Return the title of a type or a field, if it is picked and no other has it."""
    title = fields.get(name, {}).get("title", "")
    return title if title and pick() and named(title, fields) == name else name


def facts_respelt(facts: Mapping[str, Any], types: Mapping[str, FactType], pick: Pick) -> dict[str, Any]:
    """Return the facts of a case with those types and fields by their titles that are picked."""
    titles = {name: {"title": known.title} for name, known in types.items() if known.schema}

    def fact(content: Any, fields: Mapping[str, Any]) -> Any:
        return {titled(name, fields, pick): value for name, value in content.items()}

    def section(name: str, content: Any) -> Any:
        if name not in titles:
            return content
        fields = schema_of(types[name])["properties"]
        return [fact(each, fields) for each in content] if isinstance(content, list) else fact(content or {}, fields)

    return {
        titled(name, titles, pick): None if content is None else section(name, content)
        for name, content in facts.items()
    }


def yaml_respelt(text: str, types: Mapping[str, FactType], pick: Pick) -> str:
    """Return a file of cases in both forms."""
    document = to_plain(read_document(text, "t.yaml"))
    for case in document["cases"]:
        if case.get("facts"):
            case["facts"] = facts_respelt(case["facts"], types, pick)
    return json.dumps(respelt(document, schema("cases.json"), pick), ensure_ascii=False, default=float)


def column_respelt(column: str, types: Mapping[str, FactType], pick: Pick) -> str:
    """Return a column of a table in both forms."""
    head, *rest = column.split(".")
    if head not in (*KEYS, "reading"):
        return column
    if head == "facts":
        titles = {name: {"title": known.title} for name, known in types.items() if known.schema}
        fields = schema_of(types[rest[0]])["properties"] if rest[0] in titles else {}
        rest = [titled(rest[0], titles, pick), *rest[1:-1], titled(rest[-1], fields, pick)]
    elif head == "expect":
        rest = [
            KEYS[part] if number in (0, 2) and part in KEYS and rest[0] != "sentences" and pick() else part
            for number, part in enumerate(rest)
        ]
    head = KEYS["readings" if head == "reading" else head] if pick() else head
    return ".".join((head, *rest))


def table_respelt(text: str, types: Mapping[str, FactType], pick: Pick) -> str:
    """Return a table whose heads are in both forms."""
    head, _, rows = text.partition("\n")
    return ",".join(column_respelt(column, types, pick) for column in head.split(",")) + "\n" + rows


def chinese_files(name: str, pick: Pick) -> dict[str, str]:
    """Return the golden cases of a ruleset in both forms."""
    types = ruleset_of(name).facts
    made = {}
    for file, text in cases_of(folder_of(name, None)).items():
        respell = {".cases.yaml": yaml_respelt, ".cases.csv": table_respelt}.get(file[file.find(".") :])
        made[file] = text if respell is None else respell(text, types, pick)
    return made


def keys_of(file: str, text: str) -> str:
    """Return what of a file of cases is written in a language: a table's head, or all but the codes of errors."""
    if file.endswith(".csv"):
        return text.partition("\n")[0]
    return re.sub(r'"错误": "facts\.[a-z-]+"', "", text)


def content(case: Case) -> tuple[Any, ...]:
    """Return a case without its places."""
    return case.name, case.readings, case.base, to_plain(case.document), to_plain(case.expected)


@pytest.mark.parametrize("name", IDS)
def test_shipped_cases_in_chinese_are_the_same_cases(name: str) -> None:
    """Each key and each fixed word, and titles for types and fields."""
    types = ruleset_of(name).facts
    written = cases_of(folder_of(name, None))
    chinese = chinese_files(name, lambda: True)
    texts = [keys_of(file, text) for file, text in chinese.items() if ".cases." in file]
    assert not any("expect" in text or "kept" in text or "facts" in text for text in texts)
    before, after = (list(map(content, read_cases(files, name, types))) for files in (written, chinese))
    assert before
    assert before == after


@given(st.integers(0, 2**32), st.sampled_from(["demo/schemes/1", "demo/payments/1"]))
@settings(max_examples=30)
def test_both_forms_may_be_mixed(seed: int, name: str) -> None:
    """Whichever key is written in which form, the cases are the same, and so are their outcomes."""
    ruleset, random = ruleset_of(name), Random(seed)
    chinese = chinese_files(name, lambda: random.random() < 0.5)
    before = list(map(content, read_cases(cases_of(folder_of(name, None)), name, ruleset.facts)))
    after = list(read_cases(chinese, name, ruleset.facts))
    assert before == list(map(content, after))
    assert not [outcome.differences for outcome in run_cases(after, Programs(ruleset), (str,)) if outcome.differences]


def cases(text: str, file: str = "t.cases.yaml", files: Mapping[str, str] = BASE) -> list[Case]:
    """Return the cases of a file beside the base of the demonstration schemes."""
    return list(read_cases({**files, file: text}, DEMO, ruleset_of(DEMO).facts))


def differences(text: str, file: str = "t.cases.yaml", language: str = "zh") -> list[str]:
    """Run the cases of a file and return what differs."""
    ruleset, translate = ruleset_of(DEMO), translator(language)
    found = [run_case(case, ruleset, program_of(DEMO, case.readings)) for case in cases(text, file)]
    return [each.text(translate) for outcome in found for each in outcome.differences]


WRONG = """\
基础: good.yaml
案例:
  - 名称: 甲
    事实: {预算执行: {预算数: 100 万元, 执行数: 50 万元, 单位成本: 100 元}}
    预期:
      等级: 优
      提示: [checks/nothing]
      告知: [年度不符]
      可能等级: [优]
      指标: {"1": {得分: "5", 状态: 未评, 推定: 是}}
"""
WRONG_TABLE = """\
名称,事实.预算执行.执行数,预期.等级,预期.提示,预期.告知,预期.可能等级,预期.指标.1.得分,预期.指标.1.状态,预期.指标.1.推定
甲,50 万元,优,checks/nothing,年度不符,优,5,未评,是
"""


@pytest.mark.parametrize(("text", "file"), [(WRONG, "t.cases.yaml"), (WRONG_TABLE, "t.cases.csv")])
def test_what_differs_is_said_in_the_words_of_the_case(text: str, file: str) -> None:
    """Keys and fixed words; what came out in the same form."""
    assert differences(text, file) == [
        "等级：应为 优，实为 中。",
        "提示：应为 checks/nothing，实为 –。",
        "告知：应为 年度不符，实为 –。",
        "可能等级：应为 优，实为 中。",
        "指标 1 的 得分：应为 5，实为 0。",
        "指标 1 的 状态：应为 未评，实为 已评。",
        "指标 1 的 推定：应为 是，实为 否。",
    ]


def test_a_base_may_be_written_by_titles() -> None:
    """Its head, its types and fields; what a case changes may be written otherwise."""
    base = FILES["good.yaml"]
    for name, title in (("ruleset:", "规则集:"), ("case:", "案卷:"), ("facts:", "事实:"), ("spent", "执行数")):
        assert name in base
        base = base.replace(name, title)
    base = base.replace("execution", "预算执行")
    table = "name,facts.execution.spent,expect.total\n甲,95 万元,99\n"
    for text, file in ((table, "t.cases.csv"), (WRONG.replace("预算执行: {", "execution: {"), "t.cases.yaml")):
        [changed] = cases(text, file, {"good.yaml": base})
        [same] = cases(text, file)
        assert content(changed) == content(same)


@pytest.mark.parametrize("word", ["未定", "open"])
def test_a_result_that_is_not_known_has_a_word_in_both_forms(word: str) -> None:
    """Another word differs, and the answer is in the form of the key."""
    name, ruleset = "demo/payments/1", ruleset_of("demo/payments/1")
    base = {"full.yaml": cases_of(folder_of(name, None))["full.yaml"]}
    facts = "not_assessed: [{id: N1, indicator: 2, reason: 调查未结束}]"

    def told(expected: str) -> list[str]:
        text = f"基础: full.yaml\n案例: [{{名称: 甲, 事实: {{{facts}}}, 预期: {{其他结果: {{应付金额: {expected}}}}}}}]"
        read = read_cases({**base, "t.cases.yaml": text}, name, ruleset.facts)
        [outcome] = run_cases(read, Programs(ruleset), (str,))
        return [each.text(translator("zh")) for each in outcome.differences]

    assert told(word) == []
    assert told("120 万元") == ["结果 应付金额：应为 120 万元，实为 未定。"]
    named = "facts.not_assessed.N1.indicator,事实.not_assessed.N1.reason,预期.其他结果.应付金额"
    table = f"名称,{named}\n甲,2,调查未结束,120 万元\n乙,2,调查未结束,{word}\n"
    [one, other] = run_cases(read_cases({**base, "t.cases.csv": table}, name, ruleset.facts), Programs(ruleset), (str,))
    assert [each.text(translator("zh")) for each in one.differences] == ["结果 应付金额：应为 120 万元，实为 未定。"]
    assert other.differences == ()


HEAD = "基础: good.yaml\n案例:\n"


@pytest.mark.parametrize(
    ("text", "code", "line", "words"),
    [
        (f"{HEAD}  - 名称: 甲\n    预其: {{总分: '9'}}\n", "value.missing", 3, "缺少“预期”。"),
        (f"{HEAD}  - 名称: 甲\n    预其: {{总分: '9'}}\n", "value.unknown-field", 4, "此处没有“预其”"),
        (f"{HEAD}  - 预期: {{总分: '9'}}\n", "value.missing", 3, "“名称:”"),
        (
            f"{HEAD}  - 名称: 甲\n    预期: {{合计分: '9'}}\n",
            "value.unknown-field",
            4,
            "请删去，或改用：错误、总分、未评",
        ),
        (f"{HEAD}  - 名称: 甲\n    预期: {{总分: 9}}\n", "value.type", 4, "“总分”"),
        (f"{HEAD}  - 名称: 甲\n    预期: {{总分: '9', total: '9'}}\n", "value.unknown-field", 4, "“总分”"),
        (
            f"{HEAD}  - 名称: 甲\n    预期: {{指标: {{1: {{状态: 不明}}}}}}\n",
            "value.not-a-choice",
            4,
            "已评、不适用、未评",
        ),
        (f"{HEAD}  - 名称: 甲\n    预期: {{指标: {{1: {{推定: 也许}}}}}}\n", "value.type", 4, "“推定”"),
        ("案例: [{名称: 甲, 预期: {总分: '9'}}]\n", "value.missing", 1, "“基础:”"),
        (f"{HEAD.replace('good', 'no')}  - 名称: 甲\n    预期: {{总分: '9'}}\n", "case-file.missing", 1, "“no.yaml”"),
        ("base: good.yaml\ncases: [{名称: 甲, expects: {}}]\n", "value.missing", 2, "“expect”"),
    ],
)
def test_a_mistake_in_cases_in_chinese(text: str, code: str, line: int, words: str) -> None:
    """It has its line, and names the keys as the file writes them."""
    check_mistake(text, "t.cases.yaml", (code, line, words))


@pytest.mark.parametrize(
    ("text", "code", "line", "words"),
    [
        ("名称,预其.总分\n甲,1\n", "case-file.column", 1, "名称、基础、口径.R1、事实.类型.编号.字段、预期.总分"),
        ("名称,口径,预期.总分\n甲,x,1\n", "case-file.column", 1, "“口径”不是"),
        ("名称,事实.预算执行,预期.总分\n甲,1,1\n", "case-file.column", 1, "“事实.预算执行”不是"),
        ("名称,预期.总分,预期.总分\n甲,1,2\n", "case-file.column-twice", 1, "“预期.总分”"),
        ("名称,预期.总分,expect.total\n甲,1,2\n", "value.unknown-field", 2, "“总分”"),
        ("名称,预期.合计分\n甲,1\n", "value.unknown-field", 2, "“合计分”"),
        ("名称,预期.指标.1.状态\n甲,不明\n", "value.not-a-choice", 2, "已评、不适用、未评"),
        ("名称,事实.预算执行.执行数\n甲,1 万元\n", "value.missing", 2, "“预期:”"),
        ("预期.总分\n1\n", "value.missing", 2, "“名称:”"),
        (
            "name,expects.total\n甲,1\n",
            "case-file.column",
            1,
            "name、base、readings.R1、facts.类型.编号.字段、expect.total",
        ),
    ],
)
def test_a_mistake_in_a_table_in_chinese(text: str, code: str, line: int, words: str) -> None:
    """The same of a table."""
    check_mistake(text, "t.cases.csv", (code, line, words))


def check_mistake(text: str, file: str, expected: tuple[str, int, str]) -> None:
    """Read a file of cases, and find one of its faults."""
    with pytest.raises(FactsError) as caught:
        cases(text, file)
    translate = translator("zh")
    told = [
        (fault.code, fault.where.line, f"{fault.what.text(translate)} {fault.remedy.text(translate)}")
        for fault in caught.value.faults
    ]
    code, line, words = expected
    assert any((code, line) == found[:2] and words in found[2] for found in told), told


def test_a_table_in_chinese_needs_its_base_named_where_there_are_several() -> None:
    """The remedy names the column as the table would."""
    files = {**BASE, "other.yaml": BASE["good.yaml"]}
    [case] = cases("名称,基础,预期.总分\n甲,other.yaml,100\n", "t.cases.csv", files)
    assert case.base == "other.yaml"
    with pytest.raises(FactsError) as caught:
        cases("名称,预期.总分\n甲,100\n", "t.cases.csv", files)
    assert "`基础`" in caught.value.faults[0].remedy.text(translator("zh"))


def test_columns_may_have_full_width_dots() -> None:
    """As an input method for Chinese writes them."""
    assert differences("名称,事实．预算执行．执行数,预期．总分\n甲,95 万元,99\n", "t.cases.csv") == []
