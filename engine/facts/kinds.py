"""What a field holds, as a person writes it: `KIND [BOUND] [optional]`, such as `整数 > 0` or `percent <= 100%`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil, floor
from typing import Any

from engine.base.faults import Fault, problem
from engine.base.messages import Message, listing, msg
from engine.base.numbers import Number, read_decimal
from engine.base.places import Place
from engine.documents import Node
from engine.documents.text import shortened
from engine.facts.hints import nearest
from engine.facts.words import FIELD, KINDS, UNITS, WORDS, is_chinese, plain

AMOUNT = "amount"
"""What a number with a unit is called here; people write the unit."""

_NUMBER = r"[-+]?\d+(?:\.\d+)?%?"
_WRITTEN = re.compile(
    rf"\s*(?P<kind>.*?)\s*(?P<bounds>(?:[<>=≤≥]|[-+]?\d).*?)?(?:\s+(?:{WORDS.pattern('optional')}))?\s*", re.DOTALL
)
_OPTIONAL = re.compile(rf"\s(?:{WORDS.pattern('optional')})\s*\Z")
_BOUND = re.compile(
    rf"\s*(?:(?P<sign><=|>=|[<>≤≥])\s*(?P<limit>{_NUMBER})|(?P<least>{_NUMBER})\s*\.\.\s*(?P<most>{_NUMBER}))"
    rf"(?:\s*(?P<count>{WORDS.pattern('characters')})(?!\w))?\s*(?:,|\Z|(?=[<>≤≥]))",
    re.ASCII,
)
_BOUND_FIRST = re.compile(
    rf"\s*(?P<bounds>[<>=≤≥]*\s*{_NUMBER}(?:\s*\.\.\s*{_NUMBER})?)\s*(?P<kind>[^\d\s](?:.*?\S)?)"
    rf"(?P<rest>\s+(?:{WORDS.pattern('optional')}))?\s*",
    re.ASCII,
)
_SIGNS = {"≥": ">=", "≤": "<="}
_TYPES: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "string"},
    "long text": {"type": "string", "x-multiline": True},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    AMOUNT: {"type": "string", "format": "quantity"},
    "percent": {"type": "string", "format": "percent"},
    "date": {"type": "string", "format": "date"},
    "yes or no": {"type": "boolean"},
}
TEXTS = ("text", "long text")
_PLAIN = ("integer", "number")


@dataclass(frozen=True, slots=True)
class WrittenKind:
    """A kind as it is written: its name, the unit of an amount, its bounds still as text."""

    kind: str
    unit: str = ""
    optional: bool = False
    bounds: str = ""
    offset: int = 0
    """Where the bounds begin in the text."""


@dataclass(frozen=True, slots=True)
class _Limit:
    number: Number
    text: str
    upper: bool
    strict: bool
    offset: int


def read_kind(node: Node, key: Node, unit: Node | None = None) -> WrittenKind | Fault:
    """Return the kind that a text names, or the fault; with a `unit` of its own, a number is an amount.

    `key` names the field: an empty kind is reported in its language.
    """
    text = plain(node.text) if isinstance(node.value, str) else ""
    match = _WRITTEN.fullmatch(text)
    named = match["kind"] if match else ""
    kind = KINDS.meaning(named)
    if match is None or (kind is None and named not in UNITS):
        return _unknown(named, key, node)
    found = WrittenKind(
        kind or AMOUNT,
        "" if kind else named,
        optional=_OPTIONAL.search(text) is not None,
        bounds=match["bounds"] or "",
        offset=max(match.start("bounds"), 0),
    )
    if unit is None:
        return found
    if kind != "number":
        what = problem("fact-type.unit-of", "Only a number has a unit, and “{text}” is not one.", text=named)
        word = FIELD.both("unit")[is_chinese(named)]
        number = KINDS.both("number")[is_chinese(named)]
        return Fault(what, msg("Write `{kind}`, or remove `{key}`.", kind=number, key=word), unit.place)
    return replace(found, kind=AMOUNT, unit=unit.text)


def schema_of(written: WrittenKind, node: Node, faults: list[Fault]) -> dict[str, Any]:
    """Return what JSON Schema says of a kind with its bounds; a text must not be blank."""
    says = dict(_TYPES[written.kind])
    if written.kind in TEXTS:
        says |= {"minLength": 1, "pattern": "\\S"}
    if written.unit:
        says["x-unit"] = written.unit
    limits = list(_limits(written, node, faults))
    for limit in limits:
        says |= _keyword(written.kind, limit)
    faults.extend(_contradictions(written.kind, limits, node))
    return says


def is_step(text: str, *, percent: bool, whole: bool) -> bool:
    """Return whether a text is a number above zero: a percentage for a percentage, whole for a whole number."""
    number = read_decimal(text.removesuffix("%"))
    if number is None or number <= 0 or text.endswith("%") != percent:
        return False
    return isinstance(number, int) or not whole


def unknown_remedy(named: str) -> Message:
    """Say which kinds there are, in the form in which the unknown one is written."""
    words = KINDS.words(named)
    if near := nearest(named, words):
        return msg("Did you mean “{near}”?", near=near)
    example = "{类型: 数字, 单位: 台班}" if is_chinese(named) else "{kind: number, unit: 台班}"
    return msg(
        "Write one of: {choices}; a usual unit, such as 万元; or `{example}` for any other unit.",
        choices=listing(words),
        example=example,
    )


def _unknown(named: str, key: Node, node: Node) -> Fault:
    named = named or shortened(node.text)
    if not named:
        return no_kind(key, node)
    if (swapped := _BOUND_FIRST.fullmatch(plain(node.text))) and (
        KINDS.meaning(swapped["kind"]) or swapped["kind"] in UNITS
    ):
        what = problem("fact-type.kind", "The kind of value comes before its bound.")
        example = f"{swapped['kind']} {swapped['bounds']}{swapped['rest'] or ''}"
        return Fault(what, msg("Write `{example}`.", example=example), node.place)
    what = problem("fact-type.kind", "“{text}” is not a kind of value.", text=shortened(named))
    return Fault(what, unknown_remedy(named), node.place)


def no_kind(key: Node, node: Node) -> Fault:
    """Return the fault of a field without a kind."""
    what = problem("fact-type.no-kind", "The field does not say what it holds.")
    return Fault(what, unknown_remedy(key.text), node.place)


def _limits(written: WrittenKind, node: Node, faults: list[Fault]) -> Iterator[_Limit]:
    """Yield the bounds that are written; a fault where one cannot be read."""
    if written.bounds and written.kind in ("date", "yes or no"):
        what = problem("fact-type.no-bounds", "A value of this kind has no bounds.")
        faults.append(Fault(what, msg("Remove “{text}”.", text=written.bounds), node.place_at(written.offset)))
        return
    at = 0
    while at < len(written.bounds):
        match = _BOUND.match(written.bounds, at)
        place = node.place_at(written.offset + at)
        if match is None:
            what = problem("fact-type.bound", "“{text}” is not a bound.", text=shortened(written.bounds[at:]))
            remedy = msg("Write `>= 0`, `> 0`, `<= 100`, `< 100` or `0..100`, the figure without a unit.")
            faults.append(Fault(what, remedy, place))
            return
        if match["sign"]:
            sign = _SIGNS.get(match["sign"], match["sign"])
            ends = [(match["limit"], sign[0] == "<", "=" not in sign)]
        else:
            ends = [(match["least"], False, False), (match["most"], True, False)]
        for text, upper, strict in ends:
            number = _figure(written.kind, text, place, counted=bool(match["count"]))
            if isinstance(number, Fault):
                faults.append(number)
                return
            yield _Limit(number, text, upper, strict, written.offset + at)
        at = match.end()


def _figure(kind: str, text: str, place: Place, *, counted: bool) -> Number | Fault:
    """Return the figure of a bound, or what is wrong with it for a value of this kind."""
    number = read_decimal(text.removesuffix("%"))
    alone = msg("Write the figure alone: `{example}`.", example=text.removesuffix("%"))
    if number is None:
        return Fault(problem("fact-type.number", "“{text}” is not a number.", text=text), alone, place)
    if kind == "percent" and not text.endswith("%"):
        what = problem("fact-type.bound-percent", "The bound of a percentage has no sign: {text}.", text=text)
        return Fault(what, msg("Write it with its sign, such as `100%`."), place)
    if kind != "percent" and text.endswith("%"):
        what = problem("fact-type.bound-percent", "The bound {text} is a percentage, and the value is not.", text=text)
        return Fault(what, alone, place)
    if kind not in TEXTS:
        what = problem("fact-type.bound-length", "Only the length of a text is counted in characters.")
        return Fault(what, alone, place) if counted else number
    if not counted:
        what = problem("fact-type.bound-length", "The bound of a text does not say what it counts: {text}.", text=text)
        return Fault(what, _LENGTH, place)
    if not isinstance(number, int) or number < 1:
        what = problem("fact-type.bound-whole", "A text cannot have {text} characters.", text=text)
        return Fault(what, _LENGTH, place)
    return number


_LENGTH = msg("Write a whole number of characters, such as `200 字` or `200 characters`.")


def _keyword(kind: str, limit: _Limit) -> dict[str, Any]:
    end = "aximum" if limit.upper else "inimum"
    if kind in TEXTS:
        shift = (-1 if limit.upper else 1) * limit.strict
        length = int(limit.number) + shift
        return {"maxLength": length} if limit.upper else {"minLength": max(length, 1)}
    name = f"exclusiveM{end}" if limit.strict else f"m{end}"
    if kind in _PLAIN:
        return {name: limit.number if isinstance(limit.number, int) else Decimal(limit.text)}
    return {f"x-{name}": limit.text}


def _contradictions(kind: str, limits: list[_Limit], node: Node) -> Iterator[Fault]:
    """Report two bounds of one end, and ends between which there is no value."""
    lower, upper = ([limit for limit in limits if limit.upper is end] for end in (False, True))
    for ends in (lower, upper):
        if len(ends) > 1:
            what = problem(
                "fact-type.bound-twice",
                "Two bounds limit the same end: {one} and {other}.",
                one=ends[0].text,
                other=ends[1].text,
            )
            yield Fault(what, msg("Keep one of the two."), node.place_at(ends[1].offset))
    if upper and kind in TEXTS and not lower:
        lower = [_Limit(1, "1", upper=False, strict=False, offset=upper[0].offset)]
    if lower and upper and _is_empty(lower[0], upper[0], whole=kind not in ("number", AMOUNT, "percent")):
        what = problem(
            "fact-type.bounds", "There is no value between {one} and {other}.", one=lower[0].text, other=upper[0].text
        )
        yield Fault(what, msg("Correct one of the two."), node.place_at(max(lower[0].offset, upper[0].offset)))


def _is_empty(least: _Limit, most: _Limit, *, whole: bool) -> bool:
    """Return whether no number is within two bounds, where only whole ones count no whole one."""
    if not whole:
        return least.number > most.number or (least.number == most.number and (least.strict or most.strict))
    first = floor(least.number) + 1 if least.strict else ceil(least.number)
    last = ceil(most.number) - 1 if most.strict else floor(most.number)
    return first > last
