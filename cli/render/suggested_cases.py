"""Cases that test a ruleset's thresholds, as the YAML of a file of golden cases, with what a person has to confirm."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from cli.terminal.session import Session
from engine.base.faults import InvalidInput
from engine.base.messages import Message, msg
from engine.documents import Node, read_document
from engine.language.vocabulary import vocabulary
from workflow.library import CASES
from workflow.suggestions import SuggestedCases, Suggestion

UNCONFIRMED = "?"
"""What is expected until a person has confirmed it; no score is that, so the case differs."""

_BARE = re.compile(r"[^\W_][\w.%≥≤\- ]*|[≥≤]")


def suggested_cases(session: Session, suggested: SuggestedCases) -> str:
    """Return the file's text; comments say what the ruleset gives, and for which thresholds there is no case."""
    lines = []
    if not suggested.base:
        none = msg("There are no golden cases: write some in {folder}/*.cases.yaml.", folder=CASES)
        lines.append(_remark(session, none))
    if suggested.cases:
        key = _keys(suggested)
        lines += [_remark(session, _CONFIRM), f"{key('base')}: {suggested.base}", f"{key('cases')}:"]
    for case in suggested.cases:
        lines += _case(session, case, _keys(suggested))
    for threshold in suggested.left:
        lines.append(_remark(session, msg("No case was found for {threshold}.", threshold=threshold.name)))
    return "\n".join(lines or [_remark(session, msg("Every threshold has its cases."))]) + "\n"


def suggested_json(suggested: SuggestedCases) -> dict[str, Any]:
    """Return the same as JSON."""
    return {
        "base": suggested.base,
        "cases": [
            {
                "threshold": case.threshold.name,
                "position": case.position.name.lower(),
                "readings": dict(case.readings),
                "field": f"{case.fact_type}.{case.field}",
                "value": case.value,
                "indicator": case.threshold.indicator,
                "gives": case.gives,
            }
            for case in suggested.cases
        ],
        "without": [threshold.name for threshold in suggested.left],
    }


_CONFIRM = msg(
    "Write what the clause gives in place of “{mark}”; do not copy what the ruleset gives.", mark=UNCONFIRMED
)


def _remark(session: Session, message: Message) -> str:
    return f"# {session.say(message)}"


def _keys(suggested: SuggestedCases) -> Callable[[str], str]:
    """Return how keys are written in the ruleset's form."""
    return partial(vocabulary("keys").spelt, chinese=suggested.chinese)


def _case(session: Session, case: Suggestion, key: Callable[[str], str]) -> Iterator[str]:
    limit = case.threshold.limit
    name = f"{case.threshold.rule} {case.called} = {case.value} ({_SIGNS[case.position.value]} {limit})"
    yield f"  - {key('name')}: {_quoted(name)}"
    if case.readings:
        chosen = ", ".join(f"{reading}: {alternative}" for reading, alternative in case.readings.items())
        yield f"    {key('readings')}: {{{chosen}}}"
    yield f"    {key('facts')}: {flow(case.facts)}"
    number = case.threshold.indicator
    wanted = f'{key("total")}: "{UNCONFIRMED}"'
    if number is not None:
        wanted = f'{key("indicators")}: {{"{number}": {{{key("kept")}: "{UNCONFIRMED}"}}}}'
    yield f"    {key('expect')}: {{{wanted}}}  {_remark(session, msg('the ruleset gives {points}', points=case.gives))}"


_SIGNS = {-1: "<", 0: "=", 1: ">"}


def flow(node: Node) -> str:
    """Write a node as YAML on one line, so that reading it gives the same."""
    if node.is_mapping:
        return "{" + ", ".join(f"{_name(name)}: {flow(value)}" for name, value in node.items()) + "}"
    if node.is_sequence:
        return "[" + ", ".join(map(flow, node.elements)) + "]"
    if not isinstance(node.value, str):
        return node.text or "null"
    return node.text if _BARE.fullmatch(node.text) and _reads_as(node.text) == node.text else _quoted(node.text)


def _name(text: str) -> str:
    """Write a key: in quotes where it needs them."""
    return text if re.fullmatch(r"\w+", text) else _quoted(text)


def _reads_as(text: str) -> object:
    try:
        return read_document(f"x: {text}", "x.yaml")["x"].value
    except InvalidInput:
        return None


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'
