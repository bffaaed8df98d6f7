"""Golden cases: what a ruleset must score, kept beside it as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.documents import Node, read_document
from engine.errors import FactsError, Fault, FenmingError, Place, msg, raise_all
from engine.evaluation import evaluate
from engine.facts import read_facts
from engine.facts.read import facts_document
from engine.facts.schema import validate
from engine.receipt import Receipt
from engine.ruleset import Program, Ruleset, compile_ruleset
from schemas import schema


@dataclass(frozen=True, slots=True)
class Case:
    """One case: a name, the readings it is scored under, its facts, what must come out."""

    name: str
    readings: Mapping[str, str]
    document: Node
    expected: Node
    place: Place


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case came out: the differences from what was expected, none where all agrees."""

    case: Case
    differences: tuple[str, ...]


def read_cases(files: Mapping[str, str], found_as: str | None = None) -> Iterator[Case]:
    """Yield the cases of a folder's files by name: `*.cases.yaml`, and the facts files that they build on.

    `found_as` is the id that the ruleset's folder gives it; the facts files must be for it.
    """
    for name, text in sorted(files.items()):
        if name.endswith(".cases.yaml"):
            yield from _cases_of(read_document(text, name), files, found_as)


def run_cases(files: Mapping[str, str], ruleset: Ruleset, found_as: str | None = None) -> Iterator[Outcome]:
    """Evaluate the cases of a folder's files and compare; a program serves all cases of its readings."""
    programs: dict[tuple[tuple[str, str], ...], Program] = {}
    for case in read_cases(files, found_as):
        key = tuple(sorted(case.readings.items()))
        if key not in programs:
            programs[key] = compile_ruleset(ruleset, case.readings)
        yield run_case(case, ruleset, programs[key])


def run_case(case: Case, ruleset: Ruleset, program: Program) -> Outcome:
    """Evaluate a case and compare."""
    wanted = case.expected.get("error")
    try:
        facts = read_facts(facts_document(case.document), ruleset.facts, ruleset.conversions)
        receipt = evaluate(program, facts)
    except FenmingError as error:
        if wanted is not None and wanted.text in str(error):
            return Outcome(case, ())
        return Outcome(case, (f"error: {error}",))
    if wanted is not None:
        return Outcome(case, (f"error: “{wanted.text}” expected, none found",))
    return Outcome(case, tuple(_differences(case.expected, receipt)))


def _cases_of(root: Node, files: Mapping[str, str], found_as: str | None) -> Iterator[Case]:
    raise_all(FactsError, validate(root, schema("cases.json")))
    base_node = root["base"]
    if base_node.text not in files:
        raise FactsError(
            Fault(
                msg("The file “{name}” is not beside the cases.", name=base_node.text),
                msg("Put the facts file that the cases build on into the same folder."),
                base_node.place,
            )
        )
    base = read_document(files[base_node.text], base_node.text)
    named = base.get("ruleset")
    if found_as is not None and named is not None and named.text != found_as:
        what = msg(
            "These facts are for the ruleset “{name}”, but stand beside “{place}”.", name=named.text, place=found_as
        )
        raise FactsError(Fault(what, msg("Write `ruleset: {place}`.", place=found_as), named.place))
    for node in root["cases"].elements:
        readings = {name: value.text for name, value in node["readings"].items()} if node.get("readings") else {}
        yield Case(node["name"].text, readings, _with_facts(base, node.get("facts")), node["expect"], node.place)


def _with_facts(base: Node, changes: Node | None) -> Node:
    """Return a facts document with the facts of some types replaced; an empty value takes the type out."""
    if changes is None:
        return base
    changed = dict(changes.items())
    entries = [(key, value) for key, value in base["facts"].entries or () if key.text not in changed]
    entries += [(key, value) for key, value in changes.entries or () if value.is_mapping or value.is_sequence]
    facts = replace(base["facts"], entries=tuple(entries))
    outer = tuple((key, facts if key.text == "facts" else value) for key, value in base.entries or ())
    return replace(base, entries=outer)


def _differences(expected: Node, receipt: Receipt) -> Iterator[str]:
    content = receipt.content
    for name in ("total", "grade"):
        wanted = expected.get(name)
        if wanted is not None and wanted.text != content[name]:
            yield f"{name}: {wanted.text} expected, {content[name]} found"
    found = {str(indicator["number"]): indicator for indicator in content["indicators"]}
    listed = expected.get("indicators")
    for number, entry in listed.items() if listed is not None else ():
        for name, wanted in entry.items():
            if number not in found:
                yield f"indicator {number}: not in the ruleset"
            elif str(found[number][name]) != wanted.text:
                yield f"indicator {number} {name}: {wanted.text} expected, {found[number][name]} found"
