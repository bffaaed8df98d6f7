"""What is offered for a name that an expression does not know."""

from __future__ import annotations

import pytest

from engine.base.messages import Message
from engine.facts.model import FactType, FieldType, Kind
from engine.language.check import check
from engine.language.parser import ExpressionError
from engine.language.scope import ResultType, Scope
from engine.language.typed import NUMBER, TEXT, TOTAL, Const
from i18n import translator


def fact_type(name: str, title: str, **fields: str) -> FactType:
    """Return a fact type with numbers as its fields, each by its title."""
    return FactType(name, {field: FieldType(field, Kind.NUMBER, title=says) for field, says in fields.items()}, title)


SCOPE = Scope(
    {
        "accounts": fact_type("accounts", "决算情况", settled="决算数", planned="预算数"),
        "project": fact_type("project", "项目", progress="完成进度"),
        "投诉": fact_type("投诉", "投诉", 办结件数=""),
    },
    aliases={"资金": "accounts"},
    constants={
        "full_score": Const(100, NUMBER, (0, 0), "full_score"),
        "number": Const(1, NUMBER, (0, 0)),
        "pass_line": Const(60, NUMBER, (0, 0), "pass_line"),
    },
    case={"department": TEXT, "year": NUMBER},
    levels={TOTAL: 100, ("产出质量",): 40},
    results={"payable": ResultType(NUMBER)},
    units=frozenset({"万元", "天"}),
    titles={"及格分数线": "pass_line", "应付金额": "payable", "决算情况": "accounts", "项目": "project"},
)


def remedy(expression: str, scope: Scope = SCOPE) -> str:
    """Return the remedy in Chinese for an expression that is refused."""
    with pytest.raises(ExpressionError) as error:
        check(expression, scope)
    found: Message = error.value.remedy
    return found.text(translator("zh"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("决算额", "决算数"),
        ("资金.决算额", "决算数"),
        ("setled", "settled"),
        ("及格线", "及格分数线"),
        ("应付额", "应付金额"),
        ("产出质", "产出质量"),
        ("满分数", "满分"),
        ("本案.年", "年度"),
        ("合计数(1)", "合计"),
    ],
)
def test_the_nearest_name_is_offered(written: str, meant: str) -> None:
    """Of a field, a parameter, a result, a level, a word or a function."""
    assert remedy(f"{written} > 0" if "(" not in written else written) == f"是否应为“{meant}”？"


def test_what_is_known_is_listed_in_the_form_of_the_name() -> None:
    """In Chinese with the titles, in English with the names."""
    assert (
        remedy("某某 > 0") == "已有的是：资金、决算数、预算数、满分、序号、及格分数线、应付金额、本案、总分、产出质量。"
    )
    known = remedy("zzzzz > 0")
    assert "settled" in known
    assert "决算数" not in known


def test_a_field_of_a_fact_that_is_not_matched() -> None:
    """The fact is to be matched; where the name is misspelt too, both are said."""
    assert remedy("完成进度 > 0") == "这是项目的字段，此处没有逐项取用该类事实：请加上 `逐项: 项目`。"
    assert remedy("progress > 0") == "这是project的字段，此处没有逐项取用该类事实：请加上 `each: project`。"
    assert remedy("办结件 > 0") == "是否应为“投诉”的字段“办结件数”？此处没有逐项取用该类事实：请加上 `逐项: 投诉`。"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("80 分", "请只写数字：80。"),
        ("0.5分", "请只写数字：0.5。"),
        ("1个百分点", "请写作“1%”。"),
        ("1.5 百分点", "请写作“1.5%”。"),
        ("0 元", "已有的单位是：万元、天。请换算后填写，或在“单位换算”中写明如何换算。"),
        ("3 千万元", "已有的单位是：万元、天。请换算后填写，或在“单位换算”中写明如何换算。"),
        ("3 天天", "是否应为“天”？"),
    ],
)
def test_a_unit_that_is_not_known(written: str, says: str) -> None:
    """Points have none, percentage points are written with %, and money in another unit is not misspelt."""
    assert remedy(f"{written} > 1").replace("`", "") == says
