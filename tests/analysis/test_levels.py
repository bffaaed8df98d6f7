"""Names of levels that look like two spellings of one."""

from __future__ import annotations

import pytest

from tests.analysis.changed import examined

FIRST, SECOND = (
    "    path: [执行, 进度]\n    name: 预算执行率（分档）",
    "    path: [执行, 进度]\n    name: 预算执行率（按比例）",
)


def renamed(one: str, two: str) -> tuple[tuple[str, str], ...]:
    """Return the changes that give two indicators under one level 1 these names of level 2."""
    return (FIRST, FIRST.replace("进度", one)), (SECOND, SECOND.replace("进度", two))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("预算执行", "预算 执行"),
        ("预算-执行", "预算执行"),
        ("预算（执行）", '"预算(执行)"'),
        ("Ａ类预算", "A类预算"),
        ("预算执行", "预算执形"),
        ("预算执行", "预算执行率"),
        ("预算执行率", "预执行率"),
        ("预算执行", "预执算行"),
        ("成本", "成 本"),
    ],
)
def test_two_spellings(one: str, other: str) -> None:
    """By a blank, a sign, a full-width letter, one character more, less or other, or two that changed places."""
    found = examined(*renamed(one, other))
    [finding] = found.of("similar-level-names")
    assert finding.where.line == found.line("name: 预算执行率（按比例）") - 1
    assert finding.where.pointer == "/indicators/1/path/1"
    assert "of indicator 2 and" in str(finding.what)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("数量指标", "质量指标"),
        ("经济效益", "社会效益"),
        ("产出指标一", "产出指标二"),
        ("产出指标", "产出指标1"),
        ("产出", "产值"),
        ("预算执行", "预算编制"),
        ("预算执行", "预算执行"),
    ],
)
def test_two_names(one: str, two: str) -> None:
    """Which differ by more, by a number, or are short; or one name."""
    assert examined(*renamed(one, two)).of("similar-level-names") == []


def test_the_rarer_is_reported() -> None:
    """At level 1 too; below different names of level 1 nothing is compared."""
    found = examined(
        (FIRST, FIRST.replace("执行, 进度", "履职效能, 整体效能")),
        (SECOND, SECOND.replace("执行, 进度", "履职 效能, 整体效能")),
        ("    path: [效果, 成本]\n", "    path: [履职 效能, 整体 效能]\n"),
    )
    assert [(finding.name, finding.where.pointer) for finding in found.of("similar-level-names")] == [
        ("履职效能/履职 效能", "/indicators/0/path/0"),
        ("整体 效能/整体效能", "/indicators/2/path/1"),
    ]
