"""Read the results of a ruleset: named values besides points, such as a payment or a conclusion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from engine.base.faults import Fault, problem
from engine.base.messages import Message, msg
from engine.base.result_kind import ResultKind
from engine.documents import Node
from engine.ruleset.defaults import with_each
from engine.ruleset.fields import elements, is_set, names, text
from engine.ruleset.known import Known
from engine.ruleset.records import rule_record
from engine.ruleset.rule_text import ResultText

_ACTIONS = ("result",)
"""What a rule of a result does."""

_KIND: Mapping[ResultKind, Message] = {
    "number": msg("a plain number"),
    "percent": msg("a percentage"),
    "text": msg("a text"),
    "date": msg("a date"),
    "yes or no": msg("yes or no"),
}


def kind_words(result: ResultText) -> Message:
    """Say what kind of value a result is."""
    return msg("a number in {unit}", unit=result.unit) if result.unit else _KIND[result.kind]


def result_record(key: Node, node: Node, known: Known, faults: list[Fault]) -> ResultText:
    """Return a result with its rules, which cite what it cites where they cite nothing themselves.

    Without a title it is called as it is written; what has choices is a text, and what says no kind is a number.
    """
    cited, choices = node["cites"], names(node.get("choices"))
    cites = names(cited) if cited.is_sequence else (cited.text,)
    rules = enumerate(elements(node["rules"]), 1)
    result = ResultText(
        name=key.text,
        title=text(node.get("title")) or key.source.strip("'\"") or key.text,
        kind=cast("ResultKind", text(node.get("kind")) or ("text" if choices else "number")),
        unit=text(node.get("unit")),
        choices=choices,
        optional=is_set(node.get("optional")),
        cites=cites,
        rules=tuple(
            with_each(rule_record(rule, faults, str(number), cites, _ACTIONS), known) for number, rule in rules
        ),
        node=node,
    )
    for name, kind, wanted in (("unit", "number", result.unit), ("choices", "text", choices)):
        if wanted and result.kind != kind:
            what = problem(
                "result.other-kind",
                "“{key}” belongs to a result of the kind “{wanted}”; this one is of the kind “{kind}”.",
                key=name,
                wanted=kind,
                kind=result.kind,
            )
            faults.append(Fault(what, msg("Remove one of the two."), node[name].place))
    return result
