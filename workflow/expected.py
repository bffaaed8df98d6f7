"""What a golden case expects, compared with what came out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.base.messages import Message, listing, msg
from engine.documents import Node
from engine.receipt import Receipt, plain
from engine.receipt.model import FiringLine
from engine.receipt.results import exact_value

_APART = frozenset({"indicators", "sentences", "results"})


def differences(expected: Node, receipt: Receipt) -> Iterator[Message]:
    """Yield what differs between what is expected and a receipt."""
    content = plain(receipt.content)
    firings = receipt.content.firings
    found = {**content, "flags": sorted({firing.rule for firing in firings if firing.action == "flag"})}
    for name, node in expected.items():
        if name not in _APART:
            yield from _difference(name, node, found)
    yield from _of_indicators(expected.get("indicators"), content)
    yield from _of_results(expected.get("results"), receipt)
    sentences = expected.get("sentences")
    for rule, node in sentences.items() if sentences is not None else ():
        for wanted in node.elements if node.is_sequence else (node,):
            yield from _unsaid(rule, wanted.text, [firing for firing in firings if firing.rule == rule])


def _of_indicators(listed: Node | None, content: Mapping[str, Any]) -> Iterator[Message]:
    indicators = {str(indicator["number"]): indicator for indicator in content["indicators"]}
    for number, entry in listed.items() if listed is not None else ():
        if number not in indicators:
            yield msg("There is no indicator {number} in the ruleset.", number=number)
            continue
        for name, wanted in entry.items():
            have = _written(indicators[number].get(name))
            if have != wanted.text:
                yield msg(
                    "Indicator {number}, {name}: {wanted} is expected, {found} is found.",
                    number=number,
                    name=name,
                    wanted=wanted.text,
                    found=have,
                )


def _of_results(listed: Node | None, receipt: Receipt) -> Iterator[Message]:
    """Compare results by name or title: `120 万元`, `94.4%`; null for none, and `open` for one that is not known."""
    for name, wanted in listed.items() if listed is not None else ():
        line = next((line for line in receipt.content.results if name in (line.name, line.title)), None)
        if line is None:
            yield msg("There is no result {name} in the ruleset.", name=name)
            continue
        have = "open" if line.status == "open" else exact_value(line)
        expected = None if wanted.is_empty else wanted.text
        if _without_blanks(have) != _without_blanks(expected):
            yield msg(
                "Result {name}: {wanted} is expected, {found} is found.",
                name=name,
                wanted=expected or "–",
                found=have or "–",
            )


def _without_blanks(text: str | None) -> str | None:
    return None if text is None else "".join(text.split()).replace("−", "-")


def _written(value: object) -> str:
    """Write a value of a receipt as a case has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unsaid(rule: str, wanted: str, firings: list[FiringLine]) -> Iterator[Message]:
    """Report a part of a sentence that no firing of a rule says, in Chinese or English."""
    if not firings:
        yield msg("{rule}: “{wanted}” is expected, but the rule does not fire.", rule=rule, wanted=wanted)
    elif not any(wanted in firing.says.zh or wanted in firing.says.en for firing in firings):
        said = listing(firing.says.zh or firing.says.en or "–" for firing in firings)
        yield msg("{rule}: “{wanted}” is expected, it says: {found}", rule=rule, wanted=wanted, found=said)


def _difference(name: str, node: Node, content: Mapping[str, Any]) -> Iterator[Message]:
    """Compare a text, null or a list of texts of the receipt; entries with a kind are compared by it."""
    if name not in content:
        yield msg("{name}: the receipt has no such value.", name=name)
        return
    found = content[name]
    if isinstance(found, list):
        have = [str(entry["kind"]) if isinstance(entry, Mapping) else str(entry) for entry in found]
        wanted = [element.text for element in node.elements]
        if name == "flags":
            wanted = sorted(set(wanted))
    else:
        have, wanted = [] if found is None else [str(found)], [] if node.is_empty else [node.text]
    if wanted != have:
        yield msg(
            "{name}: {wanted} is expected, {found} is found.",
            name=name,
            wanted=listing(wanted) if wanted else "–",
            found=listing(have) if have else "–",
        )
