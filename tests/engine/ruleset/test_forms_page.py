"""The examples of forms in docs/rule-language.md and on its Chinese page mean the same in Chinese and in English."""

from __future__ import annotations

import re
from pathlib import Path

import schemas
from engine.base.sources import RULESET, Sources
from engine.program import Program, compile_ruleset
from engine.ruleset import read_ruleset

DOCS = Path(__file__).parents[3] / "docs"


def blocks(page: str, section: str) -> list[str]:
    """Return the examples in a section of a page."""
    text = (DOCS / page).read_text("utf-8").split(f"\n## {section}\n")[1].split("\n## ")[0]
    return re.findall(r"(?:^    .*\n)+", text, re.MULTILINE)


BLOCKS = blocks("rule-language.md", "Forms")
CHINESE = blocks("rule-language.zh-CN.md", "现成的写法")
HEAD = """
id: test/form/1
title: 试评表
issuer: 某局
year: 2024
rounding: {places: 2, mode: half_up, at: indicator}
grades: [{name: 优, from: 0}]
full_score: WEIGHT
facts:
  criterion: {}
  project: {}
  special_fund: {}
  fraud: {title: 弄虚作假, fields: {note: text}}
  row:
    fields:
      在职人员数: {类型: 整数, 英文名: staff}
      编制数: {类型: 整数 > 0, 英文名: posts}
      实际值: {类型: 数字, 英文名: actual}
      目标值: {类型: 数字 > 0, 英文名: target}
      年度预算额度: {类型: 数字 > 0, 英文名: budget}
readings:
  R1: {clause: "4.1", question: 问, chosen: whole, authority: 通知, decided: {by: 某人, on: 2024-01-01},
       alternatives: {whole: {zh: 一, scores: 分}, begun: {zh: 二, scores: 分}, pro_rata: {zh: 三, scores: 分}}}
  R6: {clause: "4.1", question: 问, chosen: no, authority: 通知, decided: {by: 某人, on: 2024-01-01},
       alternatives: {yes: {zh: 一, scores: 分}, no: {zh: 二, scores: 分}}}
indicators:
  - number: 4
    path: [一级]
    name: 指标
    weight: WEIGHT
    clauses: {"4.1": 甲, "4.2": 乙, "4.3": 丙, "4.4": 丁, "4.5": 戊}
"""


def program(entry: str, weight: int) -> Program:
    """Return the program of a ruleset whose indicator has an entry of the page."""
    files = {f"shared/{name}.json": text for name, text in schemas.fact_types().items()}
    return compile_ruleset(read_ruleset(Sources({**files, RULESET: HEAD.replace("WEIGHT", str(weight)) + entry})))


def test_rules_in_both_forms_mean_the_same() -> None:
    """What each comes to, formula by formula."""
    pairs = [block.splitlines() for block in BLOCKS if "checklist" not in block]
    assert len(pairs) == 4
    for pair in pairs:
        made = []
        for line in map(str.strip, pair):
            rule = line if line.startswith("{") else f"{{each: row, {line}}}"
            method = "deduct" if "deduct" in pair[0] else "award"
            entry = f'    method: {method}\n    rules:\n      - {rule[:-1]}, cites: ["4.1"]}}\n'
            made.append([(r.action, [f.text for f in r.formulas], r.conditions) for r in program(entry, 8).rules])
        (english, chinese) = [[(action, formulas) for action, formulas, _ in rules] for rules in made]
        assert english == chinese


def test_checklists_are_read() -> None:
    """The short one in English, and the long one in Chinese."""
    (block,) = [block for block in BLOCKS if "checklist" in block]
    english, chinese = block.splitlines(keepends=True)[0], "".join(block.splitlines(keepends=True)[1:])
    assert [part.weight for part in program(english, 8).indicators[0].parts] == [3, 3, 2]
    found = program(chinese, 10)
    assert [part.id for part in found.indicators[0].parts] == ["c1", "分配", "c3", "c4"]
    assert {rule.name for rule in found.rules} >= {"4/criterion.c1", "4/partly-not.分配", "4/c4", "4/c4-not"}


def test_the_chinese_page_has_the_same_examples() -> None:
    """Those in Chinese, in the same order."""
    assert [block.split("\n", 1)[1] for block in BLOCKS] == CHINESE
