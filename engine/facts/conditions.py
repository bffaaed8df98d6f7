"""Conditions between the fields of a fact, as a person writes them: `如果: 方向 = ≤`, `则: 实际值 > 0`.

A clause about a field also says that the field is given. Amounts, percentages and dates are texts to JSON Schema, so
that a condition can only ask whether they are given; the `requires` of an indicator can compare them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.base.faults import Fault, problem
from engine.base.messages import listing, msg
from engine.base.numbers import read_decimal
from engine.documents import Node
from engine.documents.text import shortened
from engine.facts.hints import nearest
from engine.facts.words import CONDITION, WORDS, Entries, entries, is_chinese, plain, remedy_of

_STATE = re.compile(rf"\s*(?P<field>.+?)\s+(?P<state>{WORDS.pattern('not given', 'given')})\s*")
_COMPARED = re.compile(r"\s*(?P<field>[^<>=≤≥≠!＜＞＝！]+?)\s*(?P<sign><=|>=|!=|[<>=≤≥≠])\s*(?P<value>.+?)\s*")
_OR = re.compile(rf"\s+(?:{WORDS.pattern('or')})\s+")
_ORDER = {">=": "minimum", ">": "exclusiveMinimum", "<=": "maximum", "<": "exclusiveMaximum"}
_SIGNS = {"≥": ">=", "≤": "<=", "≠": "!="}
Fields = Mapping[str, tuple[str, Mapping[str, Any]]]
"""The fields of a type by each of their names: the canonical name, and what the schema says of the field."""


def compile_conditions(node: Node | None, fields: Fields, faults: list[Fault]) -> list[dict[str, Any]]:
    """Return conditions as JSON Schema has them; faults for what cannot be read."""
    return [_condition(element, fields, faults) for element in (node.elements if node is not None else ())]


def _condition(node: Node, fields: Fields, faults: list[Fault]) -> dict[str, Any]:
    found = entries(node, CONDITION, faults)
    if "if" not in found.known or not {"then", "else"} & found.known.keys():
        what = problem("fact-type.half-condition", "The condition does not say when it applies and what must hold.")
        example = "{如果: …, 则: …}" if _is_written_in_chinese(found) else "{if: …, then: …}"
        faults.append(Fault(what, msg("Write it as `{example}`.", example=example), node.place))
    says: dict[str, Any] = {}
    for keyword in ("if", "then", "else"):
        if keyword in found.known:
            remedy = remedy_of(found.known.get("remedy")) if keyword != "if" else {}
            says[keyword] = _all_of(_clauses(found.known[keyword]), fields, remedy, faults)
    return says


def _is_written_in_chinese(found: Entries) -> bool:
    return any(is_chinese(key.text) for key in found.keys.values())


def _clauses(node: Node) -> Sequence[Node]:
    return node.elements if node.is_sequence else (node,)


def _all_of(clauses: Iterable[Node], fields: Fields, remedy: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    """Return one schema for clauses that must all hold; the remedy is that of each of them."""
    values: dict[str, dict[str, Any]] = {}
    required: list[str] = []
    more: list[dict[str, Any]] = []
    for clause in clauses:
        for name, test in _clause(clause, fields, faults):
            if test is None:
                more.append({"not": {"required": [name]}, **remedy})
                continue
            required += [name] if name not in required else []
            if values.get(name, {}).keys() & test.keys():
                more.append({"properties": {name: {**remedy, **test}}})
            elif test:
                values.setdefault(name, {}).update(test)
    says: dict[str, Any] = {"required": required} if required else {}
    if values:
        says["properties"] = {name: {**remedy, **test} for name, test in values.items()}
    return {**remedy, **says, **({"allOf": more} if more else {})}


def _clause(node: Node, fields: Fields, faults: list[Fault]) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Yield the field of a clause and what must be true of its value; None where the field must not be given."""
    text = node.text
    if match := _STATE.fullmatch(text):
        name = _field(match["field"], node, fields, faults)
        if name is not None:
            yield name, {} if WORDS.meaning(match["state"]) == "given" else None
    elif match := _COMPARED.fullmatch(plain(text)):
        name = _field(match["field"], node, fields, faults)
        if name is not None:
            says = next(says for canonical, says in fields.values() if canonical == name)
            sign = _SIGNS.get(match["sign"], match["sign"])
            test = _test(sign, text[match.start("value") : match.end("value")], says)
            if isinstance(test, Fault):
                faults.append(Fault(test.what, test.remedy, node.place_at(match.start("value"))))
            else:
                yield name, test
    else:
        what = problem("fact-type.clause", "“{text}” is not a condition on a field.", text=shortened(text))
        example = (
            ("方向 = ≤", "实际值 > 0", "金额 已填") if is_chinese(text) else ("kind = a", "size > 0", "cost given")
        )
        faults.append(Fault(what, msg("Write it as in: {choices}.", choices=listing(example)), node.place))


def _field(written: str, node: Node, fields: Fields, faults: list[Fault]) -> str | None:
    """Return the canonical name of a field that a clause names; None, and a fault, where there is none."""
    if written in fields:
        return fields[written][0]
    near = nearest(written, fields)
    remedy = (
        msg("Did you mean “{near}”?", near=near) if near else msg("Write one of: {choices}.", choices=listing(fields))
    )
    what = problem("fact-type.unknown-field", "There is no field “{name}” in this fact type.", name=shortened(written))
    faults.append(Fault(what, remedy, node.place))
    return None


def _test(sign: str, value: str, says: Mapping[str, Any]) -> dict[str, Any] | Fault:
    """Return what JSON Schema says of a comparison with a field's value, or the fault."""
    if "format" in says:
        what = problem("fact-type.not-compared", "A condition cannot compare an amount, a percentage or a date.")
        remedy = msg("Ask whether it is given (`given`, 已填); an indicator's `requires` can compare it.")
        return Fault(what, remedy)
    if "enum" in says or says["type"] == "boolean":
        return _chosen(sign, _OR.split(value), says)
    if says["type"] == "string":
        return {"const": value} if sign == "=" else _wrong_sign(sign, "=")
    number = read_decimal(plain(value))
    if number is None:
        return Fault(
            problem("fact-type.number", "“{text}” is not a number.", text=value), msg("Write a plain decimal.")
        )
    if sign == "!=":
        return _wrong_sign(sign, "=, >=, >, <=, <")
    return {_ORDER.get(sign, "const"): number if isinstance(number, int) else Decimal(plain(value))}


def _chosen(sign: str, values: Sequence[str], says: Mapping[str, Any]) -> dict[str, Any] | Fault:
    if sign not in ("=", "!="):
        return _wrong_sign(sign, "=, !=")
    of: Mapping[str, Any] = {choice: choice for choice in says.get("enum", ())}
    if not of:
        of = {word: english == "true" for english in ("true", "false") for word in WORDS.both(english)}
    for value in values:
        if value not in of:
            what = problem("fact-type.not-a-choice", "“{text}” is not one of the field's values.", text=value)
            return Fault(what, msg("Write one of: {choices}.", choices=listing(of)))
    chosen = {of[value] for value in values}
    left = [choice for choice in dict.fromkeys(of.values()) if (choice in chosen) == (sign == "=")]
    return {"enum": left} if left else _no_value()


def _no_value() -> Fault:
    what = problem("fact-type.no-choice-left", "No value of the field is left.")
    return Fault(what, msg("Name fewer of its values."))


def _wrong_sign(sign: str, known: str) -> Fault:
    what = problem("fact-type.sign", "“{text}” cannot compare a value of this kind.", text=sign)
    return Fault(what, msg("Write one of: {choices}.", choices=known))
