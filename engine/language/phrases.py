"""How functions and figures over facts are said, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping

from engine.language.typed import Call, Choice, Const, Typed


def is_phrase(node: Typed) -> bool:
    """Return whether a node is written as a phrase, which needs brackets wherever it is not alone."""
    return isinstance(node, Choice) or (
        isinstance(node, Call) and (node.function in AFTERWARDS or limit_of(node) is not None)
    )


def limit_of(node: Call) -> tuple[Typed, Const] | None:
    """Return what is limited by a plain number, and that number, where the function does only this."""
    if node.function not in ("min", "max"):
        return None
    limits = [each for each in node.arguments if isinstance(each, Const) and not each.name]
    others = [each for each in node.arguments if each not in limits]
    return (others[0], limits[0]) if len(limits) == len(others) == 1 else None


FIGURES: Mapping[str, tuple[str, str]] = {
    "count": ("{name}个数{narrowed}", "number of {name} facts{narrowed}"),
    "any": ("有{over}", "there is a {name} fact{narrowed}"),
    "all": ("{over}全部符合：{x}", "every {name} fact{narrowed} has {x}"),
    "sum": ("{name}的{x}合计{narrowed}", "sum of {x} of {over}"),
    "mean": ("{name}的{x}的平均值{narrowed}", "mean of {x} of {over}"),
    "weighted_mean": ("{name}的{x}按{y}加权的平均值{narrowed}", "mean of {x}, weighted by {y}, of {over}"),
    "min_of": ("{name}的{x}的最小值{narrowed}", "least {x} of {over}"),
    "max_of": ("{name}的{x}的最大值{narrowed}", "greatest {x} of {over}"),
}
AFTERWARDS: Mapping[str, tuple[str, str]] = {
    "floor": ("舍去取整", "rounded down"),
    "ceil": ("进位取整", "rounded up"),
    "round": ("四舍五入取整", "rounded"),
    "next_workday": ("遇休息日顺延", "moved to a working day"),
}
"""What is done with a value, said behind it."""
PHRASES: Mapping[str, tuple[str, str]] = {
    "abs": ("{x}的绝对值", "absolute value of {x}"),
    "contains": ("{x}含有{y}", "{x} contains {y}"),
    "id": ("{x}", "{x}"),
    "year": ("{x}的年份", "year of {x}"),
    "workdays_after": ("{x}之后 {y} 个工作日", "{y} working days after {x}"),
}
