"""What the commands say of a ruleset that is written in forms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli import main
from tests.chinese import HEAD

TEXT = (
    HEAD
    + """\
满分: 10
事实:
  人员编制: {只有一条: true, 在职人员数: 整数, 编制数: 整数 > 0}
  评分标准符合情况: {}
  项目: {}
口径:
  R1:
    条款: "1.1"
    问题: 不足1个百分点怎样扣？
    采用: 整步
    可选: {整步: {中文: 不扣, 得分情形: 不扣}, 不足按一步: {中文: 按一步, 得分情形: 扣}}
    权威依据: 通知
    决定: {决定人: 某人, 日期: 2024-01-01}
名称对照: {整步: whole, 不足按一步: begun, 控制率: control}
指标:
  - 序号: 1
    上级指标: [一级, 二级]
    名称: 在职人员控制率
    分值: 5
    计分方式: 扣分制
    评分标准: {"1.1": 每超过1个百分点扣0.5分。}
    规则:
      - 编号: 控制率
        扣分: {每: 1%, 超过: 100%, 按: 在职人员数 ÷ 编制数, 扣: 0.5, 步长: R1}
      - {编号: 否决, 且须: 个数(项目) = 0, 一票否决: 三级指标}
  - 序号: 2
    上级指标: [一级, 二级]
    名称: 预算编制
    分值: 5
    符合得分: {各项: [{3: 符合部门职责}, {2: 有项目, 如果: 个数(项目) > 1}], 部分符合: 可酌情}
"""
)


def run(folder: Path, text: str, *words: str) -> list[str]:
    """Write a ruleset into a folder; return the words of a command about it."""
    folder.mkdir(exist_ok=True)
    (folder / "ruleset.yaml").write_text(text, "utf-8")
    return ["ruleset", *words, str(folder)]


def test_show_prints_each_form_as_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the reader's language; a rule that a reading decides is drawn once, with what each alternative makes of it."""
    monkeypatch.setenv("COLUMNS", "200")
    expected = {
        "zh": [
            "在职人员数 ÷ 编制数 超过 100% 的，每 1% 扣 0.5 分（不足一步的，按口径 R1）",
            "一票否决：不得分",
            "符合部门职责：符合的得 3 分",
            "有项目：个数(项目) > 1 的，得 2 分",
            "部分符合：酌情给分",
            "采用口径 R1=不足按一步 时：0.5 × 进位取整((在职人员数 ÷ 编制数 - 100%) ÷ 1%)",
        ],
        "en": [
            "For each 1% of 在职人员数 / 编制数 over 100%, take 0.5 (as reading R1 decides)",
            "A veto: nothing is left",
            "3 points where met: 符合部门职责",
            "2 points where count(project) > 1: 有项目",
            "Met in part: points at discretion",
            "In reading R1=whole: 0.5 * floor((在职人员数 / 编制数 - 100%) / 1%)",
        ],
    }
    for language, sentences in expected.items():
        monkeypatch.setenv("FENMING_LANG", language)
        capsys.readouterr()
        assert main.run(run(tmp_path / "a", TEXT, "show")) == 0
        printed = capsys.readouterr().out
        for sentence in sentences:
            assert sentence in printed, printed
        assert printed.count("1/控制率" if language == "zh" else "1/control") == 1


def test_show_as_json_has_the_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its kind and its pieces, beside the rule that it comes to."""
    capsys.readouterr()
    assert main.run([*run(tmp_path / "a", TEXT, "show"), "--json"]) == 0
    rules = json.loads(capsys.readouterr().out)["indicators"][0]["rules"]
    assert [rule["form"] and rule["form"]["kind"] for rule in rules] == ["steps", "steps", "veto"]
    assert rules[0]["form"] == {
        "kind": "steps",
        "for_each": "1%",
        "over": "100%",
        "measure": "在职人员数 ÷ 编制数",
        "take": "0.5",
        "steps": "R1",
    }


def test_diff_and_examination_know_forms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that a reading decides is one rule; each rule that a checklist comes to is one of its own."""
    monkeypatch.setenv("FENMING_LANG", "zh")
    other = run(tmp_path / "b", TEXT.replace("步长: R1", "步长: 整步"), "show")[-1]
    words = run(tmp_path / "a", TEXT, "diff")
    capsys.readouterr()
    assert main.run([*words, other]) == 0
    assert "步长的口径：R1 → 无" in capsys.readouterr().out
    main.run(["ruleset", "test", words[-1]])
    printed = capsys.readouterr().out
    for name in ("1/控制率", "1/否决", "2/criterion", "2/partly", "2/c2", "2/c2-not"):
        assert f"unreached-rule: {name}\n" in printed
    assert "untested-threshold: 1/控制率" in printed
