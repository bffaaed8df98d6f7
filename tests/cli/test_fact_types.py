"""Fact types of a ruleset's own: written in it, beside it in YAML or JSON, and all that a command does with them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import schemas
from audit.ledger.ledger import open_ledger
from cli import main
from engine.base.faults import FenmingError
from engine.base.sources import Sources, shared_type_file
from engine.documents import read_document
from engine.facts.types import declared_type, read_fact_type, read_notation
from engine.facts.words import CONDITION, FIELD, KINDS, TYPE, WORDS
from tests import verifier
from workflow.library import find

PROJECT = Path(main.__file__).parents[1]
PAGE = (PROJECT / "docs" / "rule-language.md").read_text("utf-8")
CHINESE_PAGE = (PROJECT / "docs" / "rule-language.zh-CN.md").read_text("utf-8")
RULESET = """\
id: own/form/1
title: 试题
issuer: 某局
year: 2024
rounding: {places: 2, mode: half_up, at: indicator}
full_score: 30
grades: [{name: 优, from: 20}, {name: 差, from: 0}]
facts:
  人员编制: {只有一条: true, 在职人员数: {类型: 整数, 英文名: staff}, 编制数: {类型: 整数 > 0, 英文名: posts}}
  上门服务: {可缺省: true}
  claim: {optional: true}
indicators:
  - number: 1
    path: [投入]
    name: 在职人员控制率
    weight: 20
    clauses: {"1.1": 控制率不高于 100% 的得满分。}
    rules:
      - id: share
        cites: ["1.1"]
        each: {s: 人员编制}
        award: weight * min(1, s.posts / max(1, s.staff))
        say: {zh: "得 {taken} 分。", en: "{taken}."}
  - number: 2
    path: [效果]
    name: 上门服务
    weight: 10
    clauses: {"2.1": 有上门服务的得满分。}
    rules:
      - id: visits
        cites: ["2.1"]
        each: {v: visit}
        award: weight * v.share
        of: weight
        say: {zh: "得 {taken} 分。", en: "{taken}."}
"""
VISIT = "英文名: visit\n标题: 上门服务情况\n占比: {类型: 百分比 <= 100%, 英文名: share}\n日期: 日期 可不填\n"
FACTS = """\
ruleset: own/form/1
case: {department: 示例局, year: 2024}
facts:
  人员编制: {staff: 125, posts: 100}
  visit:
    - {id: V1, share: 50%, 日期: 2024-05-01}
"""


class Library:
    """A library with one ruleset, a facts file and a ledger; commands run in this process."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys
        self.rulesets, self.facts, self.ledger = folder / "own", folder / "facts.yaml", folder / "fenming.db"
        self.folder = self.rulesets / "own" / "form" / "1"
        (self.folder / "facts").mkdir(parents=True)
        (self.folder / "ruleset.yaml").write_text(RULESET, "utf-8")
        (self.folder / "facts" / "上门服务.yaml").write_text(VISIT, "utf-8")
        self.facts.write_text(FACTS, "utf-8")

    def run(self, *words: str, code: int = 0) -> str:
        """Run a command and return what it prints."""
        assert main.run([*words]) == code, self.capsys.readouterr()
        shown = self.capsys.readouterr()
        return shown.out + shown.err

    def json(self, *words: str) -> Any:
        """Run a command that answers JSON."""
        return json.loads(self.run(*words, "--json"))


@pytest.fixture
def library(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Library:
    """Return a library of its own."""
    made = Library(tmp_path, capsys)
    for name, value in {
        "FENMING_LANG": "en",
        "COLUMNS": "120",
        "FENMING_ACTOR": "tester",
        "FENMING_RULESETS": str(made.rulesets),
        "FENMING_LEDGER": str(made.ledger),
    }.items():
        monkeypatch.setenv(name, value)
    return made


def test_the_ledger_alone_replays_a_case_of_types_in_yaml(library: Library) -> None:
    """What was written is recorded: in the ruleset, and beside it under its own name."""
    key = library.ledger.with_name("office.key")
    public = library.run("audit", "key", "new", str(key), "--name", "czj.example/fenming").split("\n")[0]
    key.with_suffix(".pub").write_text(public, "utf-8")
    scored = library.json("evaluate", str(library.facts), "--signing-key", str(key))
    assert [line["kept"] for line in scored["indicators"]] == ["16", "5"]
    with open_ledger(str(library.ledger), create=False) as ledger:
        sources = ledger.sources(ledger.find("latest").ruleset_digest)
    assert sources.files["facts/上门服务.yaml"] == VISIT
    assert sources.files["ruleset.yaml"] == RULESET
    assert set(sources.files) == {"facts/上门服务.yaml", "ruleset.yaml", "shared/claim.json"}
    shutil.rmtree(library.rulesets)
    library.rulesets.mkdir()
    assert "every byte agrees" in library.run("replay", "latest")
    library.run("audit", "verify")
    proof = library.ledger.with_name("proof.json")
    library.run("audit", "prove", "latest", "--output", str(proof))
    library.run("audit", "check", str(proof), "--key", str(key.with_suffix(".pub")))
    verifier.check_entry(json.loads(proof.read_text("utf-8")), public)


def test_rules_call_them_as_they_are_written_and_by_their_titles(library: Library) -> None:
    """In each and in expressions; the receipt has the canonical names whatever is written."""
    plain = library.json("evaluate", str(library.facts), "--dry-run")
    text = RULESET.replace("人员编制: {只有一条: true", "人员编制: {英文名: personnel, 只有一条: 是")
    text = text.replace("{s: 人员编制}", "{甲: 人员编制}").replace(
        "s.posts / max(1, s.staff)", "甲.编制数 ÷ 甲.在职人员数"
    )
    text = text.replace("{v: visit}", "{v: 上门服务}").replace("v.share", "合计(上门服务情况.占比)")
    (library.folder / "ruleset.yaml").write_text(text, "utf-8")
    library.facts.write_text(FACTS.replace("staff:", "在职人员数:").replace("visit:", "上门服务情况:"), "utf-8")
    scored = library.json("evaluate", str(library.facts), "--dry-run")
    assert [line["kept"] for line in scored["indicators"]] == [line["kept"] for line in plain["indicators"]]
    read = find("own/form/1", library.rulesets).ruleset
    assert list(read.facts) == ["personnel", "visit", "claim", "evidence"]
    assert [rule.each for indicator in read.indicators for rule in indicator.rules] == [
        {"甲": "personnel"},
        {"v": "visit"},
    ]


def test_a_change_of_the_type_is_a_change_of_the_ruleset(library: Library) -> None:
    """One id and revision name one text: the ruleset and its own fact types (law 10)."""
    library.run("evaluate", str(library.facts))
    file = library.folder / "facts" / "上门服务.yaml"
    file.write_text(VISIT.replace("<= 100%", "<= 90%"), "utf-8")
    library.facts.write_text(FACTS.replace("示例局", "另一局"), "utf-8")
    assert "facts/上门服务.yaml:3" in library.run("evaluate", str(library.facts), code=4)


def test_a_template_and_the_list_know_them(library: Library) -> None:
    """With their titles, and what each field holds."""
    text = library.run("facts", "template", "own/form/1")
    assert "  人员编制:\n    staff:" in text
    assert "# 在职人员数 — a whole number\n" in text
    assert "# 日期:" in text
    assert "# a date, such as `2024-12-31`; may be left out" in text
    assert "— 上门服务" not in text
    listed = library.json("facts", "types", "own/form/1")
    assert [(each["name"], each["title"], each["single"]) for each in listed[:2]] == [
        ("人员编制", "人员编制", True),
        ("visit", "上门服务情况", False),
    ]
    assert {key: value for key, value in listed[1]["fields"][1].items() if value} == {
        "name": "日期",
        "title": "日期",
        "kind": "date",
        "optional": True,
    }
    assert (listed[0]["fixed"], listed[0]["fields"][0]["step"]) == (False, "1")


def test_a_fault_has_its_place_in_the_yaml(library: Library) -> None:
    """In the ruleset, and in the file beside it."""
    ruleset, visit = library.folder / "ruleset.yaml", library.folder / "facts" / "上门服务.yaml"
    ruleset.write_text(RULESET.replace("整数 > 0", "整 > 0"), "utf-8")
    visit.write_text(VISIT.replace("<= 100%", "<= 100"), "utf-8")
    shown = library.run("evaluate", str(library.facts), code=3)
    column = RULESET.splitlines()[8].index("整数 > 0") + 1
    assert f"{ruleset}:9:{column} /facts/人员编制/编制数/类型" in shown
    assert f"{visit}:3:{VISIT.splitlines()[2].index('<=') + 1} /占比/类型" in shown


@pytest.mark.parametrize(
    ("entry", "file", "words"),
    [
        ("claim: {}", "claim.json", "has the name of a shared fact type"),
        ("claim: {}", "claim.yaml", "has the name of a shared fact type"),
        ("claim: {x: text}", "", "has the name of a shared fact type"),
        ("自评: {英文名: claim, x: 文本}", "", "has the name of a shared fact type"),
        ("claim: {own: true}", "", "there is no facts/claim.yaml"),
        ("claim: {own: true}", "claim.json", ""),
        ("claim: {自有: true}", "claim.yaml", ""),
        ("claim: {own: true, x: text}", "", ""),
        ("claim: {own: true, x: text}", "claim.yaml", "is described twice: in facts/claim.yaml and in ruleset.yaml"),
        ("自评: {英文名: claim, 自有: true, x: 文本}", "", ""),
        ("访问: {英文名: visit, x: 文本}", "", "Two fact types have the name “visit”"),
        ("claims: {}", "", "Did you mean “claim”?"),
        ("证据: {英文名: evidence, x: 文本}", "", "is made from the evidence"),
        ("../claim: {}", "", "cannot be a name here"),
    ],
)
def test_a_type_that_hides_a_shared_one_must_say_so(library: Library, entry: str, file: str, words: str) -> None:
    """Otherwise a rule could look at other fields than its maintainer thinks."""
    text = RULESET.replace("claim: {optional: true}", entry).replace("上门服务: {可缺省: true}", "上门服务: {}")
    (library.folder / "ruleset.yaml").write_text(text, "utf-8")
    if file.endswith(".json"):
        shutil.copy(PROJECT / "schemas" / "facts" / file, library.folder / "facts" / file)
    elif file:
        (library.folder / "facts" / file).write_text("indicator: integer >= 1\n", "utf-8")
    if not words:
        assert "claim" in find("own/form/1", library.rulesets).ruleset.facts
        return
    with pytest.raises(FenmingError) as refused:
        find("own/form/1", library.rulesets)
    [fault] = refused.value.faults
    assert words in f"{fault.what} {fault.remedy}"
    assert fault.where.line == 11


@pytest.mark.parametrize(("entry", "file"), [("自有: true, 金额: 万元", ""), ("自有: true", "金额: 万元\n")])
def test_a_type_named_as_a_shared_one_keeps_the_name_that_is_written(library: Library, entry: str, file: str) -> None:
    """What people wrote is its title, though the language reads it as the name of the shared type."""
    text = RULESET.replace("claim: {optional: true}", f"项目: {{{entry}}}")
    text = text.replace("each: {s: 人员编制}", "each: {s: 人员编制, p: 项目}")
    (library.folder / "ruleset.yaml").write_text(text, "utf-8")
    if file:
        (library.folder / "facts" / "project.yaml").write_text(file, "utf-8")
    library.facts.write_text(FACTS + "  项目:\n    - {id: P1, 金额: 5 万元}\n", "utf-8")
    assert find("own/form/1", library.rulesets).ruleset.facts["project"].title == "项目"
    library.run("evaluate", str(library.facts))


@pytest.mark.parametrize("entry", ["项目: {金额: 万元}", "项目: {自有: true}"])
def test_a_message_about_a_type_calls_it_as_it_is_written(library: Library, entry: str) -> None:
    """Nobody wrote the English name of the shared type."""
    text = RULESET.replace("claim: {optional: true}", entry)
    (library.folder / "ruleset.yaml").write_text(text, "utf-8")
    with pytest.raises(FenmingError) as refused:
        find("own/form/1", library.rulesets)
    [fault] = refused.value.faults
    assert "“项目”" in str(fault.what)
    assert "“project”" not in str(fault.what)


def _section() -> str:
    return PAGE.split("## Fact types of your own\n")[1].split("\n## ")[0]


def _examples() -> list[str]:
    """Return the indented examples of the section."""
    found: list[list[str]] = [[]]
    for line in _section().splitlines():
        if line.startswith("    "):
            found[-1].append(line[4:])
        elif found[-1]:
            found.append([])
    return ["\n".join(lines) for lines in found if lines]


def test_the_examples_of_the_language_page_are_fact_types() -> None:
    """Each in the notation is read as it is, and the one in JSON is what the notation compiles to."""
    compiled = {}
    shared = Sources({shared_type_file(name): text for name, text in schemas.fact_types().items()})
    for example in _examples():
        if example.startswith("facts:"):
            for key, entry in read_document(example, "ruleset.yaml")["facts"].entries or ():
                read = declared_type(key, entry, shared)
                assert read is not None
                compiled[read.name] = read
        elif not example.startswith("{"):
            compiled["target"] = read_notation("target", example, "facts/target.yaml")
    [written] = [example for example in _examples() if example.startswith("{")]
    assert {"人员编制", "visit", "target"} <= set(compiled)
    assert read_fact_type("visit", written, "facts/visit.json").schema == compiled["visit"].schema


def test_the_language_page_has_every_word() -> None:
    """Of the notation in both languages, and of JSON Schema; the Chinese page has those in Chinese."""
    for words in (TYPE, FIELD, CONDITION, KINDS, WORDS):
        for english, chinese in words.pairs.items():
            assert f"`{english}`" in _section(), english
            assert f"`{chinese}`" in _section(), chinese
    in_chinese = CHINESE_PAGE.split("\n## 自定事实类型\n")[1].split("\n## ")[0]
    for words in (TYPE, FIELD, CONDITION, KINDS, WORDS):
        for chinese in words.pairs.values():
            assert re.search(f"`([^`\n]* )?{chinese}( [^`\n]*)?`", in_chinese), chinese
    known = json.loads((PROJECT / "schemas" / "fact-type.json").read_text("utf-8"))["properties"]
    for keyword in {*known, *known["properties"]["additionalProperties"]["properties"]}:
        assert keyword in _section(), keyword
