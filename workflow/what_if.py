"""What an evaluation would have come to with other facts or readings; nothing is recorded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from engine.base.faults import FactsError, NotFound, UsageFault, problem
from engine.base.messages import listing, msg
from engine.base.places import Place
from engine.documents import Node, read_document, to_plain
from engine.documents.node import from_plain
from engine.explanation import ScoredCase, scored_case
from engine.explanation.comparison import Comparison, compare
from engine.facts.hints import nearest
from engine.facts.model import FactType, Kind
from engine.facts.read import facts_document, read_facts, schema_of
from engine.facts.titles import by_names, by_types, named
from engine.facts.written import Written, recorded_digests, written_facts
from engine.program.scopes import readings_meant
from engine.receipt.make import make_receipt
from engine.scoring.evaluate import evaluate
from schemas import schema
from workflow.files import read_text
from workflow.programs import PROGRAMS
from workflow.reproduce import Reproduced, reproduce

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger


_QUOTED = re.compile(r"(['\"]).*\1", re.DOTALL)
"""A text that is written as YAML writes it; any other is a text as it is, whatever YAML makes of it."""


_MOST_IDS = 12
"""How many ids are listed."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is supposed to be otherwise."""

    values: tuple[tuple[str, str], ...] = ()
    """The fields that have other values, each as `FACT.FIELD` with the value; an empty value takes the field away."""
    dropped: tuple[str, ...] = ()
    """The ids of the facts that are not there."""
    added: tuple[str, ...] = ()
    """The files of facts that are there as well."""
    readings: Mapping[str, str] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether everything is as it was."""
        return not (self.values or self.dropped or self.added or self.readings)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A recorded evaluation beside what it would have come to."""

    recorded: Reproduced
    changed: ScoredCase
    changes: Changes
    comparison: Comparison


def what_if(ledger: Ledger, reference: str, changes: Changes) -> WhatIf:
    """Score a recorded evaluation with changes; the changed facts are checked like a facts file."""
    if changes.is_empty:
        raise UsageFault.because(
            problem("option.no-change", "Nothing is to be otherwise."),
            msg("Give what changes with --set, --drop, --add or --reading."),
        )
    _refuse_contradictions(changes)
    recorded = reproduce(ledger, reference)
    case = recorded.shown.case
    ruleset = case.ruleset
    written = written_facts(ruleset.id, recorded.facts, ruleset.facts)
    for file in changes.added:
        _add(written, file, ruleset.facts)
    for fact in changes.dropped:
        section, entry = _fact(written, fact, ruleset.facts)
        written["facts"][section].remove(entry)
    for target, value in changes.values:
        _set(written, target, value, ruleset.facts)
    document = facts_document(from_plain(written, Place("what-if")))
    facts = read_facts(document, ruleset.facts, ruleset.conversions, recorded_digests(recorded.facts))
    readings = {**case.content.readings, **readings_meant(ruleset, changes.readings or {})}
    receipt = make_receipt(evaluate(PROGRAMS.program(ruleset, readings), facts))
    changed = scored_case(receipt, ruleset)
    return WhatIf(recorded, changed, changes, compare(case, changed))


def _refuse_contradictions(changes: Changes) -> None:
    """Refuse two values of one field, and a value of a fact that is dropped."""
    targets = [target for target, _ in changes.values]
    for target in targets:
        fact = target.rpartition(".")[0]
        if targets.count(target) > 1:
            raise UsageFault.because(
                problem("option.value-twice", "--set names {target} twice.", target=target),
                msg("Give one value for each field."),
            )
        if fact in changes.dropped:
            raise UsageFault.because(
                problem("option.dropped-and-set", "The fact “{id}” is both dropped and changed.", id=fact),
                msg("Give one of --drop and --set for it."),
            )


def _fact(written: Written, called: str, types: Mapping[str, FactType]) -> tuple[str, Written]:
    """Return the type and the entry of a fact by its id, its type where it is the only one, or a text of its own."""
    sections: dict[str, list[Any]] = written["facts"]
    ids = {str(entry["id"]): (name, entry) for name, entries in sections.items() for entry in entries if "id" in entry}
    if called in ids:
        return ids[called]
    name = _type_named(called, types)
    if len(sections.get(name, ())) == 1:
        return name, sections[name][0]
    called_so = [found for found in ids.values() if called in (v for v in found[1].values() if isinstance(v, str))]
    if len(called_so) == 1:
        return called_so[0]
    near = nearest(called, ids)
    raise NotFound.because(
        problem("facts.no-such-fact", "The evaluation has no fact “{id}”.", id=called),
        msg("Did you mean “{near}”?", near=near)
        if near
        else msg(
            "Its facts are: {ids}.", ids=listing([*islice(ids, _MOST_IDS), *(["…"] if len(ids) > _MOST_IDS else [])])
        ),
    )


def _type_named(called: str, types: Mapping[str, FactType]) -> str:
    return named(called, {name: {"title": fact_type.title} for name, fact_type in types.items()})


def _set(written: Written, target: str, value: str, types: Mapping[str, FactType]) -> None:
    """Give a field another value."""
    fact, _, field = target.rpartition(".")
    section, entry = _fact(written, fact, types)
    fields: Mapping[str, Any] = types[section].schema.get("properties", {})
    name = named(field, fields)
    if name not in fields:
        near = nearest(field, fields, {key: says.get("title", "") for key, says in fields.items()})
        raise NotFound.because(
            problem("facts.no-such-field", "The fact “{id}” has no field “{field}”.", id=fact, field=field),
            msg("Did you mean “{near}”?", near=fields[near].get("title", near))
            if near
            else msg("Its fields are: {names}.", names=listing(says.get("title", key) for key, says in fields.items())),
        )
    if value.strip():
        is_bare_text = types[section].fields[name].kind is Kind.TEXT and not _QUOTED.fullmatch(value)
        entry[name] = value if is_bare_text else to_plain(read_document(value, "--set"))
    else:
        entry.pop(name, None)


def _refuse_other_case(root: Node, written: Written) -> None:
    """Refuse the facts of another department or year."""
    case = by_names(root, schema("facts.json")).get("case") if root.is_mapping else None
    for name, node in case.items() if case is not None and case.is_mapping else ():
        if node.text != str(written["case"].get(name)):
            raise FactsError.because(
                problem("facts.other-case", "The facts are of another case: {given}.", given=node.text),
                msg("Take them from a file of the same department and year, or leave out its head."),
                node.place,
            )


def _add(written: Written, file: str, types: Mapping[str, FactType]) -> None:
    """Add the facts of a file, of which only `facts` is read."""
    root = read_document(read_text(file), file)
    _refuse_other_case(root, written)
    facts = next((value for key, value in root.items() if key in ("facts", "事实")), None) if root.is_mapping else None
    if facts is None or not facts.is_mapping:
        raise FactsError.because(
            problem("facts.no-facts", "The file gives no facts."),
            msg("Write them below `facts:`, as in a facts file."),
            root.place,
        )
    for name, section in by_types(facts, types).items():
        written["facts"].setdefault(name, [])
        says = schema_of(types[name]) if name in types and types[name].schema else {}
        for entry in (section,) if section.is_mapping else section.elements:
            added = to_plain(by_names(entry, says))
            if entry.is_mapping and name in types and types[name].single:
                added.setdefault("id", name)
            written["facts"][name].append(added)
