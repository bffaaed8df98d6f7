"""Random fact types in the notation, each written in English and in Chinese, with values that their fields may have."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from engine.facts.words import CONDITION, FIELD, KINDS, TYPE, UNITS, WORDS, Vocabulary

NAMES = ["在职人员数", "编制数", "place", "share", "Cost", "_x1", "人数2", "指标_名称", "in", "〇号", "预算", "result"]
TITLES = ["地点", "Where it was", "text of it", "数额（万元）"]
CHOICES = ["办结", "未办结", "≤", "a b", "no", "12 kg"]


@dataclass(frozen=True)
class SampleField:
    """A field in both languages, with a value that it may have."""

    name: str
    forms: tuple[Any, Any]
    """What is written after its name, in English and in Chinese."""
    value: Any
    optional: bool


@dataclass(frozen=True)
class SampleType:
    """A type in both languages."""

    forms: tuple[dict[str, Any], dict[str, Any]]
    fields: tuple[SampleField, ...]
    single: bool


def both(words: Vocabulary, entries: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write a mapping with the keywords of both languages, and true and false as 是 and 否."""
    truth = {True: "是", False: "否"}
    chinese = {key: truth[value] if isinstance(value, bool) else value for key, value in entries.items()}
    return entries, {words.pairs[key]: value for key, value in chinese.items()}


@st.composite
def _bounds(draw: st.DrawFn, suffix: str) -> tuple[str, Decimal]:
    """Return bounds, and a number within them."""
    value = Decimal(draw(st.integers(-100, 1000)))
    below, above = (Decimal(draw(st.integers(1, 50))) for _ in range(2))
    shape = draw(st.sampled_from(["", ">= {v}", "≥{v}", "> {a}", "＞ {a}", "<= {v}", "< {b}", "{v}..{v}", "{a} .. {b}",
                                  "> {a} < {b}", ">= {v}, <= {b}"]))  # fmt: skip
    text = shape.format(a=f"{value - below}{suffix}", b=f"{value + above}{suffix}", v=f"{value}{suffix}")
    return text, value


@st.composite
def _kinds(draw: st.DrawFn) -> tuple[tuple[str, str], Any, str]:
    """Return a kind with its bounds in both languages, a value, and the unit that is written apart from it."""
    kind = draw(st.sampled_from([*KINDS.pairs, "unit", "other unit"]))
    unit = draw(st.sampled_from(sorted(UNITS))) if kind == "unit" else "台班" if kind == "other unit" else ""
    words = (unit, unit) if kind == "unit" else KINDS.both("number" if unit else kind)
    match kind:
        case "text" | "long text":
            length = draw(st.integers(2, 30))
            counts = WORDS.both("characters")
            shape = draw(st.sampled_from(["", "<= {n} {c}", ">= {n} {c}", "{n}..{n} {c}", "< {m} {c}"]))
            ends = [shape.format(n=length, m=length + 1, c=count) for count in counts]
            return (f"{words[0]} {ends[0]}".strip(), f"{words[1]} {ends[1]}".strip()), "文" * length, ""
        case "date" | "yes or no":
            return words, "2024-12-31" if kind == "date" else draw(st.booleans()), ""
        case "percent":
            bounds, number = draw(_bounds("%"))
            value: Any = f"{number}%"
        case _:
            bounds, number = draw(_bounds(""))
            value = f"{number} {unit}" if unit else int(number)
    return (f"{words[0]} {bounds}".strip(), f"{words[1]} {bounds}".strip()), value, unit if kind == "other unit" else ""


@st.composite
def fields(draw: st.DrawFn, name: str) -> SampleField:
    """Return a field."""
    optional = draw(st.booleans())
    more: dict[str, Any] = draw(st.fixed_dictionaries({}, optional={
        "title": st.sampled_from(TITLES), "description": st.just("某"),
        "remedy": st.sampled_from(["改", {"zh": "改", "en": "Mend it."}]),
    }))  # fmt: skip
    if draw(st.integers(0, 5)) == 0:
        choices = draw(st.lists(st.sampled_from(CHOICES), min_size=1, unique=True))
        if not optional and not more:
            return SampleField(name, (choices, choices), choices[-1], optional=False)
        return SampleField(name, both(FIELD, {"choices": choices, "optional": optional, **more}), choices[0], optional)
    kinds, value, unit = draw(_kinds())
    more |= {"unit": unit} if unit else {}
    suffixed = optional and draw(st.booleans())
    if suffixed:
        kinds = (f"{kinds[0]} {WORDS.both('optional')[0]}", f"{kinds[1]} {WORDS.both('optional')[1]}")
    if not more and optional == suffixed:
        return SampleField(name, kinds, value, optional)
    more |= {"optional": True} if optional and not suffixed else {}
    forms = tuple(both(FIELD, {"kind": kind, **more})[at] for at, kind in enumerate(kinds))
    return SampleField(name, (forms[0], forms[1]), value, optional)


@st.composite
def types(draw: st.DrawFn) -> SampleType:
    """Return a type with some fields, listed or beside its keywords."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    made = tuple(draw(fields(name)) for name in names)
    single = draw(st.booleans())
    head: dict[str, Any] = {"single": single}
    head |= {"title": "上门服务"} if draw(st.booleans()) else {}
    head |= {"conditions": ...} if draw(st.booleans()) else {}
    listed = draw(st.booleans())
    forms = []
    for at in (0, 1):
        keywords = dict(head)
        if "conditions" in keywords:
            given = WORDS.both("given")[at]
            keywords["conditions"] = [both(CONDITION, {"if": f"{names[0]} {given}", "then": f"{names[0]} {given}"})[at]]
        below = {field.name: field.forms[at] for field in made}
        forms.append(both(TYPE, {**keywords, "fields": below})[at] if listed else {**both(TYPE, keywords)[at], **below})
    return SampleType((forms[0], forms[1]), made, single)
