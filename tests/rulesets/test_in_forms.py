"""The Jiangmen indicators that are checklists or means, written in the forms: every golden case comes out as before."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.base.sources import RULESET, Sources
from engine.ruleset import read_ruleset
from i18n import translator
from workflow.golden import Programs, read_cases, run_cases
from workflow.library import cases_of, folder_of, sources_of

FORM_ID = "jiangmen/department-special/2024"
FOLDER = folder_of(FORM_ID, None)
LANGUAGES = (str, translator("zh"))
FORMS: Mapping[int, str] = {
    4: """
    符合得分:
      各项:
        - {3: 符合职责和方针政策}
        - {3: 项目间分配合理}
        - {2: 分配不固化}
      部分符合: {R6: 可酌情}
""",
    6: """
    符合得分:
      各项:
        [{1: 体现部门职能}, {1: 体现规划和工作计划}, {1: 分解成具体任务}, {1: 与预算资金相匹配}, {1: 可行性研究和论证}]
      部分符合: {R8: 须有理由}
      依据: ["6.6"]
""",
    7: """
    符合得分:
      各项: [{2: 有社会经济效益指标}, {1: 指标值清晰可衡量}, {1: 以可量化指标为主}, {1: 目标值测算有依据}]
      部分符合: {R8: 须有理由}
      依据: ["7.5"]
""",
    8: """
    前提:
      - 须满足: 合计(项目.投入成本) > 0 万元
        说明: 项目投入成本合计为 {合计(项目.投入成本)}，无法计算达标项目资金占比。
        补救: 在 project 里列出各项目及金额；确无项目的，将第8、9项列为未评并说明原因。
    规则:
      - 编号: 有依据
        逐项: 项目
        加分: {平均: "如果 成本依据 属于 ['红头文件', '比选'] 则 1 否则 0", 权重: 投入成本}
        说明: “{项目名称}”成本依据为{成本依据}，资金占 {投入成本 ÷ 合计(投入成本):%}，得 {实计} 分。
""",
    12: """
    符合得分:
      各项:
        - {分值 × 30%: 本级资金管理制度}
        - {分值 × 30%: 专项资金管理办法, 编号: 标准二, 须填: 个数(专项资金) > 0}
        - {分值 × 40%: 绩效职责分工}
      部分符合: {R8: 须有理由}
      依据: ["12.4"]
    前提:
      - 须满足: 个数(专项资金) > 0
        口径为: {R13: 用另一表}
        说明: 没有专项资金的部门不适用本表。
        补救: 列出专项资金。
    规则:
      - 编号: 无专项资金
        依据: ["12.2"]
        口径为: {R13: 满分}
        所属分项: 标准二
        且须: 个数(专项资金) = 0
        不适用: 满分
        说明: 没有主管专项资金，此项不适用，得满分。
""",
}


def in_forms(text: str) -> str:
    """Return the ruleset's text with some indicators written in forms."""
    for number, form in FORMS.items():
        start = text.index(f"  - 序号: {number}\n")
        end = text.index(f"  - 序号: {number + 1}\n")
        kept = re.sub(r"    (?:分项|前提|规则):\n(?:     .*\n)+", "", text[start:end]).rstrip()
        assert "加分" not in kept
        text = f"{text[:start]}{kept}{form}\n{text[end:]}"
    return text


def test_every_golden_case_comes_out_as_before() -> None:
    """Points, sentences and refusals of all cases, with 22 lines in the place of 200."""
    files = sources_of(FOLDER).files
    written = in_forms(files[RULESET])
    assert len(written.splitlines()) < len(files[RULESET].splitlines()) - 120
    programs = Programs(read_ruleset(Sources({**files, RULESET: written})))
    outcomes = list(run_cases(read_cases(cases_of(FOLDER), FORM_ID), programs, LANGUAGES))
    assert len(outcomes) > 50
    assert {outcome.case.name: outcome.differences for outcome in outcomes if outcome.differences} == {}
