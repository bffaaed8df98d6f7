"""A few fact types, one for each thing that a schema can say, so that tests do not depend on any form's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.facts.model import FactType
from engine.facts.types import read_fact_type

_TEXT = {"type": "string", "minLength": 1, "pattern": "\\S"}
_WHOLE = {"type": "integer", "minimum": 1}


def _schema(name: str, title: str, fields: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"fenming:facts/{name}",
        "title": title,
        "description": f"A sample of {name}.",
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
        **more,
    }


SCHEMAS: dict[str, dict[str, Any]] = {
    "performance_target": _schema(
        "performance_target",
        "绩效指标完成情况",
        {
            "name": {**_TEXT, "title": "指标名称"},
            "direction": {"type": "string", "enum": ["≥", "≤", "="], "title": "方向"},
            "target": {"type": "number", "exclusiveMinimum": 0, "title": "年初目标值"},
            "actual": {
                "type": "number",
                "title": "实际完成值",
                "x-remedy": {
                    "zh": "请填确切数字：“超11.8”无法与目标值比较。",
                    "en": "Give the exact figure: “超11.8” cannot be compared with a target.",
                },
            },
            "unit": {**_TEXT, "title": "计量单位", "maxLength": 10},
        },
        **{
            "if": {"properties": {"direction": {"const": "≤"}}, "required": ["direction"]},
            "then": {"properties": {"actual": {"exclusiveMinimum": 0}}},
        },
    ),
    "special_fund": _schema(
        "special_fund",
        "专项资金",
        {
            "name": {**_TEXT, "title": "资金名称"},
            "amount": {
                "type": "string",
                "format": "quantity",
                "x-unit": "万元",
                "x-minimum": "0",
                "x-maximum": "1000000",
                "title": "年度预算额度",
            },
            "self_score": {"type": "number", "minimum": 0, "maximum": 80, "title": "自评分数"},
            "used": {"type": "string", "format": "percent", "x-minimum": "0", "x-maximum": "100%", "title": "执行率"},
        },
        required=["name", "amount", "self_score"],
    ),
    "criterion": _schema(
        "criterion",
        "评分标准符合情况",
        {
            "number": {**_WHOLE, "title": "标准序号"},
            "met": {"type": "string", "enum": ["是", "部分", "否"], "title": "是否符合"},
            "points": {"type": "number", "minimum": 0, "title": "酌情得分"},
            "reviewer": {**_TEXT, "title": "评审人"},
        },
        required=["number", "met"],
        **{
            "if": {"properties": {"met": {"const": "部分"}}, "required": ["met"]},
            "then": {"required": ["points", "reviewer"]},
        },
    ),
    "disclosure": _schema(
        "disclosure",
        "预决算公开",
        {
            "classified": {"type": "boolean", "title": "涉密"},
            "published_on": {"type": "string", "format": "date", "title": "公开日期"},
        },
        required=["classified"],
    ),
    "goal_report": _schema(
        "goal_report", "整体绩效目标报送", {"reported": {"type": "boolean", "title": "已报送"}}, **{"x-single": True}
    ),
}

TYPES: dict[str, FactType] = {
    name: read_fact_type(name, json.dumps(schema, ensure_ascii=False), f"facts/{name}.json")
    for name, schema in SCHEMAS.items()
}

CONVERSIONS = {"亿元": (10000, "万元")}
