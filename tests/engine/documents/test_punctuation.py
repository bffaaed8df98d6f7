"""Chinese punctuation in a YAML document: where it stands, and what to write instead."""

from __future__ import annotations

import pytest

from engine.base.faults import InvalidInput
from engine.documents.yaml_reader import read_yaml
from i18n import translator


def told(text: str) -> list[tuple[int | None, int | None, str, str]]:
    """Return the place, what is wrong and the remedy of each fault, in Chinese."""
    with pytest.raises(InvalidInput) as caught:
        read_yaml(text, "sample.yaml")
    say = translator("zh")
    return [
        (fault.where.line, fault.where.column, fault.what.text(say), fault.remedy.text(say))
        for fault in caught.value.faults
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("名称: 1\n制定单位：x: y\n说明: 1\n", [(2, 5)]),
        ("名称: x\n说明: 甲：乙\n制定单位：y: z\n", [(3, 5)]),
    ],
)
def test_a_full_width_colon_after_a_name(text: str, places: list[tuple[int, int]]) -> None:
    """It is named at its place where another colon may end the name."""
    expected = [(*at, f"第 {at[0]} 行用了全角冒号“：”。", "请改为半角冒号加空格“: ”。") for at in places]
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "说明: |\n  甲：乙\nb\nc: 1\n",
        '说明: "甲\n  乙：丙"\nb\nc: 1\n',
        "说明: 甲\n  乙：丙\nb\nc: 1\n",
        "说明: 甲\n  乙：丙\n  c: 1\n",
    ],
)
def test_a_full_width_colon_within_a_text(text: str) -> None:
    """It is not what is wrong."""
    assert all("全角" not in what for _, _, what, _ in told(text))


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ("- {扣: 1, 说明: ", "发生违纪案件：{事由}，总分为零。", "}\n"),
        ("- {扣: 1, 说明: ", "发生违纪案件：{事由}，总分为零。", ", 依据: [x]}\n"),
        ("- {扣: 1, 说明: ", "{事由}，总分为零。", "}\n"),
        ("a: {说明: ", "得 {实计:+} 分，扣 {应计} 分", ", 依据: x}\n"),
        ("a: {b: {说明: ", "得 {实计} 分", "}, c: 1}\n"),
    ],
)
def test_a_text_with_braces_in_a_mapping_in_braces(before: str, text: str, after: str) -> None:
    """The whole text is to be put in quotes, and then it is read."""
    what = "写在花括号里的一组“名称: 值”中，含花括号的文本须加引号。"
    assert told(before + text + after) == [(1, len(before) + 1, what, f'请给整个文本加引号："{text}"。')]
    read_yaml(f'{before}"{text}"{after}', "sample.yaml")


@pytest.mark.parametrize("text", ["a: {扣: 1，得: 2}\n", "a: {b: 1, c: {d: 2}，e: 3}\n", "a: {b: 1, c: 2 {d: 3}}\n"])
def test_an_entry_after_which_a_comma_is_missing(text: str) -> None:
    """It is not taken for a text with braces."""
    assert all("引号" not in remedy for _, _, _, remedy in told(text))
