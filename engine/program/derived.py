"""The fields of derived facts: those that the rules of a choice of readings give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engine.base.faults import Fault, RulesetError, problem
from engine.base.messages import listing, msg
from engine.facts.model import FactType, FieldType
from engine.language.scope import NotYetKnown, Scope
from engine.program.placement import RuleLocation
from engine.program.rule import derived_fields
from engine.ruleset.rule_text import RuleText


@dataclass(frozen=True, slots=True)
class Source:
    """A rule as written, and where it lives."""

    text: RuleText
    location: RuleLocation


def with_derived_types(scope: Scope, sources: list[Source], readings: Mapping[str, str], faults: list[Fault]) -> Scope:
    """Find the fields of every derived type, in whatever order the rules allow it."""
    waiting = [source for source in sources if source.text.derives]
    known: dict[str, FactType] = dict(scope.fact_types)
    faults.extend(_given_already(source.text) for source in waiting if source.text.derives in known)
    pending = frozenset(source.text.derives for source in waiting) - known.keys()
    while waiting:
        still: list[Source] = []
        for source in waiting:
            name = source.text.derives
            now = replace(scope, fact_types=known, pending=pending)
            try:
                fields = derived_fields(source.text, source.location, now, readings)
            except NotYetKnown:
                still.append(source)
                continue
            except RulesetError as error:
                add_faults(error.faults, faults)
                fields = {}
            if name in pending:
                known[name] = FactType(name, fields)
                pending -= {name}
            elif fields and name not in scope.fact_types and not _same_fields(known[name].fields, fields):
                faults.append(_other_fields(source.text, known[name]))
        if len(still) == len(waiting):
            faults.extend(_never_known(source.text) for source in still)
            break
        waiting = still
    return replace(scope, fact_types=known)


def _given_already(text: RuleText) -> Fault:
    return Fault(
        problem(
            "rule.derives-given-type", "“{name}” is a fact type that is given; it cannot be derived.", name=text.derives
        ),
        msg("Give the derived fact another name."),
        text.node.place,
    )


def _other_fields(text: RuleText, known: FactType) -> Fault:
    return Fault(
        problem(
            "rule.derived-otherwise",
            "“{name}” is derived with other fields, or fields of another type, than elsewhere.",
            name=text.derives,
        ),
        msg("Let every rule that derives it give the same fields: {fields}.", fields=listing(known.fields)),
        text.node.place,
    )


def _same_fields(one: Mapping[str, FieldType], other: Mapping[str, FieldType]) -> bool:
    shape = [{(f.name, f.kind, f.unit, f.refers_to) for f in fields.values()} for fields in (one, other)]
    return shape[0] == shape[1]


def _never_known(text: RuleText) -> Fault:
    return Fault(
        problem(
            "rule.derived-in-a-circle",
            "The fields of “{name}” cannot be determined: its rules depend on each other.",
            name=text.derives,
        ),
        msg("Let one rule derive “{name}” from facts that are given.", name=text.derives),
        text.node.place,
    )


def add_faults(found: Iterable[Fault], faults: list[Fault]) -> None:
    """Add the faults of one piece except those of an earlier one: a rule of every indicator has them in each."""
    known = {(fault.where, fault.what.template) for fault in faults}
    faults.extend(fault for fault in found if (fault.where, fault.what.template) not in known)
