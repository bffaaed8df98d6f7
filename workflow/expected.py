"""What a golden case expects, compared with what came out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.base.messages import Message, listing, msg
from engine.documents import Node
from engine.language.vocabulary import vocabulary
from engine.receipt import Receipt, plain
from engine.receipt.model import FiringLine
from engine.receipt.results import exact_value

_APART = frozenset({"indicators", "sentences", "results"})


def differences(expected: Node, receipt: Receipt) -> Iterator[Message]:
    """Yield what differs between what is expected and a receipt."""
    content = plain(receipt.content)
    firings = receipt.content.firings
    found = {**content, "flags": sorted({firing.rule for firing in firings if firing.action == "flag"})}
    found["possible_grades"] = found["grades"]
    for key, node in expected.entries or ():
        if key.text not in _APART:
            yield from _difference(key, node, found)
    yield from _of_indicators(expected.get("indicators"), content)
    results = expected.key("results")
    yield from _of_results(expected.get("results"), receipt, chinese=results is not None and _is_chinese(results))
    sentences = expected.get("sentences")
    for rule, node in (sentences.entries if sentences is not None else None) or ():
        for wanted in node.elements if node.is_sequence else (node,):
            fired = [firing for firing in firings if firing.rule == rule.text]
            yield from _unsaid(_called(rule), wanted.text, fired)


def _of_indicators(listed: Node | None, content: Mapping[str, Any]) -> Iterator[Message]:
    indicators = {str(indicator["number"]): indicator for indicator in content["indicators"]}
    for number, entry in listed.items() if listed is not None else ():
        if number not in indicators:
            yield msg("There is no indicator {number} in the ruleset.", number=number)
            continue
        for key, node in entry.entries or ():
            have, wanted = indicators[number].get(key.text), node.value if isinstance(node.value, bool) else node.text
            if have != wanted:
                yield msg(
                    "Indicator {number}, {name}: {wanted} is expected, {found} is found.",
                    number=number,
                    name=_called(key),
                    wanted=_said(wanted, chinese=_is_chinese(key)),
                    found=_said(have, chinese=_is_chinese(key)),
                )


def _of_results(listed: Node | None, receipt: Receipt, *, chinese: bool) -> Iterator[Message]:
    """Compare results by name or title: `120 万元`; null for none, `open` or 未定 where it is not known."""
    for key, wanted in (listed.entries if listed is not None else None) or ():
        name = _called(key)
        line = next((line for line in receipt.content.results if key.text in (line.name, line.title)), None)
        if line is None:
            yield msg("There is no result {name} in the ruleset.", name=name)
            continue
        is_open = line.status == "open"
        have = _said(line.status, chinese=chinese) if is_open else exact_value(line)
        expected = None if wanted.is_empty else wanted.text
        if is_open and expected in ("open", vocabulary("values").chinese["open"]):
            continue
        if is_open or _without_blanks(have) != _without_blanks(expected):
            yield msg(
                "Result {name}: {wanted} is expected, {found} is found.",
                name=name,
                wanted=expected or "–",
                found=have or "–",
            )


def _without_blanks(text: str | None) -> str | None:
    return None if text is None else "".join(text.split()).replace("−", "-")


def _is_chinese(key: Node) -> bool:
    """Return whether a key is written in Chinese."""
    return _called(key) == vocabulary("keys").chinese.get(key.text)


def _called(key: Node) -> str:
    """Return a key as it is written."""
    return key.source.strip("\"'") or key.text


def _said(value: object, *, chinese: bool) -> str:
    """Write a value of a receipt as a case has it, in Chinese or in English."""
    if isinstance(value, bool):
        return vocabulary("keywords").spelt(str(value).lower(), chinese=chinese)
    return vocabulary("values").spelt(str(value), chinese=chinese)


def _unsaid(rule: str, wanted: str, firings: list[FiringLine]) -> Iterator[Message]:
    """Report a part of a sentence that no firing of a rule says, in Chinese or English."""
    if not firings:
        yield msg("{rule}: “{wanted}” is expected, but the rule does not fire.", rule=rule, wanted=wanted)
    elif not any(wanted in firing.says.zh or wanted in firing.says.en for firing in firings):
        said = listing(firing.says.zh or firing.says.en or "–" for firing in firings)
        yield msg("{rule}: “{wanted}” is expected, it says: {found}", rule=rule, wanted=wanted, found=said)


def _difference(key: Node, node: Node, content: Mapping[str, Any]) -> Iterator[Message]:
    """Compare a text, null or a list of texts of the receipt; entries with a kind are compared by it."""
    name, chinese = key.text, _is_chinese(key)
    if name not in content:
        yield msg("{name}: the receipt has no such value.", name=_called(key))
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
            name=_called(key),
            wanted=listing(_said(each, chinese=chinese) for each in wanted) if wanted else "–",
            found=listing(_said(each, chinese=chinese) for each in have) if have else "–",
        )
