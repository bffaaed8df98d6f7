"""docs/rule-language.md and its Chinese page: every word in both languages, and every example is read."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

import schemas
from cli import main
from engine.base.faults import RulesetError
from engine.base.sources import CALENDAR, RULESET, Sources, shared_type_file
from engine.facts.types import read_notation
from engine.language.vocabulary import vocabulary
from engine.program.compile import compile_ruleset
from engine.ruleset import read_ruleset
from workflow.library import CASES
from workflow.rulesets import run_golden_cases

DOCS = Path(main.__file__).parents[1] / "docs"
ENGLISH = (DOCS / "rule-language.md").read_text("utf-8")
CHINESE = (DOCS / "rule-language.zh-CN.md").read_text("utf-8")
BODY = CHINESE.split("\n## 中英文对照\n")[0]
PARTS = "operators", "keywords", "functions", "words", "keys", "values"
ID = "demo/streets/2024"
SHARED = {shared_type_file(name): text for name, text in schemas.fact_types().items()}
WORKING_DAYS = (DOCS.parent / "rulesets" / "calendars" / "cn.yaml").read_text("utf-8")
NOT_ADDED = {"编号", "年度"}
"""Keys of the example that is a ruleset by itself."""


@dataclass(frozen=True)
class Block:
    """An example of the Chinese page, and the file that it is of."""

    file: str
    text: str


BLOCKS = [Block(*found) for found in re.findall(r"^```\w+ (\S+)\n(.*?)^```$", CHINESE, re.MULTILINE | re.DOTALL)]
OF_RULESETS = [block.text for block in BLOCKS if block.file == RULESET]
EXAMPLE, *ADDED = OF_RULESETS
[FACTS] = [block.text for block in BLOCKS if block.file == "facts.yaml"]


def codes(page: str) -> Iterator[str]:
    """Yield what a page writes as code: its examples, and what is in backticks."""
    yield from re.findall(r"^```.*?^```$", page, re.MULTILINE | re.DOTALL)
    yield from re.findall(r"^    .*$", page, re.MULTILINE)
    yield from re.findall(r"(?<!`)`([^`\n]+)`(?!`)", page)


@pytest.mark.parametrize("page", [ENGLISH, CHINESE], ids=["english", "chinese"])
@pytest.mark.parametrize("part", PARTS)
def test_a_page_has_every_word_in_both_languages(page: str, part: str) -> None:
    """Each pair of the vocabulary, side by side."""
    missing = [(en, zh) for en, zh in vocabulary(part).chinese.items() if f"`{en}` {zh}" not in page]
    assert not missing


@pytest.mark.parametrize("part", PARTS)
def test_the_chinese_page_explains_every_word(part: str) -> None:
    """Each is in an example or in a table, beside the list of the pairs."""
    words = {word for code in codes(BODY) for word in re.split(r"[\s:,{}()\[\]、。;'\"/.+%-]+", code)}
    assert set(vocabulary(part).chinese.values()) <= words, set(vocabulary(part).chinese.values()) - words


@pytest.mark.parametrize("page", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_links_within_a_page_lead_to_a_heading(page: str) -> None:
    """As they are made on the web: in small letters, hyphens for blanks, no other signs."""
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    known = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert {*re.findall(r"\]\(#([^)]+)\)", page)} <= known


def keys_of_facts() -> Iterator[tuple[str, str]]:
    """Yield every key of a facts file in both languages."""
    says = schemas.schema("facts.json")
    places: list[Any] = [says["properties"], says["properties"]["case"]["properties"], says["$defs"]["common"]]
    places.append(says["$defs"]["common"]["evidence"]["items"]["properties"])
    yield from ((name, found["title"]) for place in places for name, found in place.items())


@pytest.mark.parametrize("page", [ENGLISH.split("\n## A facts file\n")[1], CHINESE.split("\n## 事实文件\n")[1]])
def test_a_page_has_every_key_of_a_facts_file(page: str) -> None:
    """In both languages, in the section about it."""
    section = page.split("\n## ", maxsplit=1)[0]
    for pair in keys_of_facts():
        assert all(f"`{word}`" in section for word in pair), pair


def test_the_pages_have_the_same_facts_file() -> None:
    """Which the next test scores."""
    assert textwrap.indent(FACTS, "    ") in ENGLISH


def test_the_example_is_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ruleset, the facts file, and the cases in YAML and in a table, which all come out as they say."""
    monkeypatch.setenv("FENMING_LANG", "zh")
    folder = tmp_path / "rulesets" / ID
    (folder / CASES).mkdir(parents=True)
    (folder / RULESET).write_text(EXAMPLE, "utf-8")
    (folder / CASES / "base.yaml").write_text(FACTS, "utf-8")
    for block in BLOCKS:
        if block.file.startswith(CASES):
            (folder / block.file).write_text(block.text, "utf-8")
    done = run_golden_cases(ID, tmp_path / "rulesets", (str,))
    assert not done.unread
    assert [(outcome.case.name, outcome.differences) for outcome in done.differ] == []
    assert {outcome.case.place.file.rpartition(".")[2] for outcome in done.outcomes} == {"yaml", "csv"}
    facts = tmp_path / "facts.yaml"
    facts.write_text(FACTS, "utf-8")
    asked = ["evaluate", str(facts), "--dry-run", "--json", "--rulesets", str(tmp_path / "rulesets")]
    assert main.run(asked) == 0, capsys.readouterr()
    scored = json.loads(capsys.readouterr().out)
    said = re.search(r"评为 (\d+) 分，(.)：执行率 90%，得 (\d+) 分；逾期一件", CHINESE)
    assert said is not None
    assert (scored["total"], scored["grade"], scored["indicators"][0]["kept"]) == said.groups()


def with_added(*texts: str) -> str:
    """Return the example with what other examples add to it; the full score follows."""
    whole = yaml.safe_load(EXAMPLE)
    for key, value in [entry for text in texts for entry in yaml.safe_load(text).items()]:
        there = whole.get(key)
        if isinstance(there, dict):
            there.update(value)
        elif isinstance(there, list):
            there.extend(value)
        else:
            whole[key] = value
    whole["满分"] = sum(each["分值"] for each in whole["指标"])
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)


def compiled(text: str) -> None:
    """Read and compile a ruleset."""
    types = {block.file: block.text for block in BLOCKS if block.file.startswith("facts/")}
    compile_ruleset(read_ruleset(Sources({**SHARED, **types, CALENDAR: WORKING_DAYS, RULESET: text})))


@pytest.mark.parametrize("text", ADDED, ids=lambda text: text.partition(":")[0])
def test_an_example_is_read(text: str) -> None:
    """Each, added to the example that is a ruleset by itself."""
    assert not NOT_ADDED & set(yaml.safe_load(text))
    compiled(with_added(text))


def expressions() -> list[str]:
    """Return the examples of the table of expressions."""
    section = CHINESE.split("\n## 式子\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]*`) \|", section, re.MULTILINE)
    return [found for row in rows for found in re.findall(r"`([^`]+)`", row)]


@pytest.mark.parametrize("expression", expressions())
def test_an_expression_is_read(expression: str) -> None:
    """In the sentence of a rule, or as its condition."""
    named = re.search(r"规则写的是 `逐项: (.*?)`。", CHINESE)
    assert named is not None
    [types] = [text for text in ADDED if "  上门服务:\n" in text]
    rule = {"编号": "试", "依据": "复核", "逐项": yaml.safe_load(named[1]), "提示": "警告"}
    tried = []
    for more in ({"说明": f"{{{expression}}}"}, {"条件": expression, "说明": "试。"}):
        try:
            compiled(with_added(types, yaml.safe_dump({"工作日历": "cn", "核对": [{**rule, **more}]})))
        except RulesetError as error:
            tried.append(str(error))
    assert len(tried) < 2, tried


def test_a_fact_type_in_a_file_is_read() -> None:
    """In the notation."""
    [block] = [block for block in BLOCKS if block.file.startswith("facts/")]
    assert read_notation("target", block.text, block.file).fields
