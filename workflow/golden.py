"""Golden cases: what a ruleset must score, kept beside it as data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from engine.base.faults import FactsError, Fault, FenmingError, RulesetError, problem
from engine.base.messages import Message, msg
from engine.base.places import Place
from engine.documents import Node, read_document
from engine.facts import read_facts
from engine.facts.model import FactType
from engine.facts.read import facts_document
from engine.program import Program
from engine.program.scopes import chosen_readings, readings_meant
from engine.receipt.make import make_receipt
from engine.ruleset import Ruleset
from engine.scoring.evaluate import evaluate
from engine.scoring.evaluation import Evaluation
from workflow.case_form import Beside, cases_document, facts_by_names
from workflow.case_names import expected_meant
from workflow.case_table import SUFFIX, table_documents
from workflow.expected import differences
from workflow.programs import PROGRAMS


@dataclass(frozen=True, slots=True)
class Case:
    """One case: a name, the readings it is scored under, its facts, what must come out."""

    name: str
    readings: Mapping[str, str]
    document: Node
    expected: Node
    place: Place
    base: str
    """The facts file that it builds on."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case came out: the differences from what was expected, none where all agrees."""

    case: Case
    differences: tuple[Message, ...]
    evaluation: Evaluation | None = field(default=None, repr=False, compare=False)
    """None where the case is refused."""
    of_base: tuple[Message, ...] = ()
    """The differences that are errors of the facts file that it builds on; other cases have them too."""


def read_cases(
    files: Mapping[str, str], found_as: str | None = None, types: Mapping[str, FactType] = MappingProxyType({})
) -> Iterator[Case]:
    """Yield the cases of a folder's files by name: `*.cases.yaml`, tables, and the facts files that they build on.

    `found_as` is the id that the ruleset's folder gives it; the facts files must be for it. `types`
    are the ruleset's fact types, which facts may call by their titles, and their fields too.
    """
    beside = Beside(files, types)
    for name, text in sorted(files.items()):
        if name.endswith(".cases.yaml"):
            yield from _cases_of(cases_document(read_document(text, name)), beside, found_as)
        elif name.endswith(SUFFIX):
            for document in table_documents(text, name, beside):
                yield from _cases_of(document, beside, found_as)


class Programs:
    """The programs of a ruleset under several choices of readings, each compiled once."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.compiled: dict[tuple[tuple[str, str], ...], Program] = {}

    def under(self, readings: Mapping[str, str]) -> Program:
        """Return the program under some readings; the others are as the ruleset chooses."""
        key = tuple(sorted(chosen_readings(self.ruleset, readings).items()))
        if key not in self.compiled:
            self.compiled[key] = PROGRAMS.program(self.ruleset, readings)
        return self.compiled[key]


def run_cases(
    cases: Iterable[Case], programs: Programs, languages: Sequence[Callable[[str], str]]
) -> Iterator[Outcome]:
    """Evaluate some cases and compare; a program serves all cases of its readings."""
    for each in cases:
        case = replace(each, readings=readings_meant(programs.ruleset, each.readings))
        yield run_case(case, programs.ruleset, _program(case, programs), languages)


def _program(case: Case, programs: Programs) -> Program:
    """Return the program of a case's readings; where they are not the ruleset's, the case is the place."""
    try:
        return programs.under(case.readings)
    except RulesetError as error:
        faults = (fault if fault.where.line else replace(fault, where=case.place) for fault in error.faults)
        raise RulesetError(*faults) from None


def run_case(
    case: Case, ruleset: Ruleset, program: Program, languages: Sequence[Callable[[str], str]] = (str,)
) -> Outcome:
    """Evaluate a case and compare; an expected error is looked for in its message in each of the `languages`."""
    wanted = case.expected.get("error")
    try:
        facts = read_facts(facts_document(case.document), ruleset.facts, ruleset.conversions)
        evaluation = evaluate(program, facts)
        receipt = make_receipt(evaluation)
    except FenmingError as error:
        if wanted is not None and _is_expected(wanted.text, error, languages):
            return Outcome(case, ())
        of_base = (fault for fault in error.faults if fault.where.file == case.base)
        return Outcome(case, tuple(map(_unexpected, error.faults)), of_base=tuple(map(_unexpected, of_base)))
    if wanted is not None:
        none = msg("An error with “{words}” is expected, but there is no error.", words=wanted.text)
        return Outcome(case, (none,), evaluation)
    return Outcome(case, tuple(differences(expected_meant(case.expected, ruleset), receipt)), evaluation)


def unread(names: Iterable[str], cases: Iterable[Case]) -> list[str]:
    """Return the files beside the cases that no case reads, from the names of all of them."""
    used = {name for case in cases for name in (case.place.file, case.base)}
    return sorted(name for name in names if name not in used)


def _is_expected(wanted: str, error: FenmingError, languages: Sequence[Callable[[str], str]]) -> bool:
    """Return whether an error is the one that is expected: by the code of a fault, or by a part of its words."""
    if _CODE.fullmatch(wanted):
        return any(fault.code == wanted for fault in error.faults)
    return any(wanted in _message(error, translate) for translate in languages)


_CODE = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z0-9]+(-[a-z0-9]+)*")


def _message(error: FenmingError, translate: Callable[[str], str]) -> str:
    return "\n".join(
        f"{fault.where}: {fault.what.text(translate)} {fault.remedy.text(translate)}" for fault in error.faults
    )


def _unexpected(fault: Fault) -> Message:
    if not str(fault.where):
        return msg("An error: {what} [{code}] {remedy}", what=fault.what, code=fault.code, remedy=fault.remedy)
    return msg(
        "An error at {place}: {what} [{code}] {remedy}",
        place=str(fault.where),
        what=fault.what,
        code=fault.code,
        remedy=fault.remedy,
    )


def _cases_of(root: Node, beside: Beside, found_as: str | None) -> Iterator[Case]:
    base_node = root["base"]
    if base_node.text not in beside.files:
        raise FactsError(
            Fault(
                problem("case-file.missing", "The file “{name}” is not next to the cases.", name=base_node.text),
                msg("Put the facts file that the cases build on into the same folder."),
                base_node.place,
            )
        )
    base = beside.base(base_node.text)
    named = base.get("ruleset")
    if found_as is not None and named is not None and named.text != found_as:
        what = problem(
            "case-file.other-ruleset",
            "These facts are for the ruleset “{name}”, but the file is next to “{place}”.",
            name=named.text,
            place=found_as,
        )
        raise FactsError(Fault(what, msg("Write `ruleset: {place}`.", place=found_as), named.place))
    for node in root["cases"].elements:
        readings = {name: value.text for name, value in node["readings"].items()} if node.get("readings") else {}
        yield Case(
            node["name"].text,
            readings,
            _with_facts(base, node.get("facts"), beside.types),
            node["expect"],
            node.place,
            base_node.text,
        )


def _with_facts(base: Node, written: Node | None, types: Mapping[str, FactType]) -> Node:
    """Return a facts document with the facts of some types replaced; an empty value takes the type out."""
    before = base.get("facts")
    if written is None or before is None:
        return base
    changes = facts_by_names(written, types)
    changed = dict(changes.items())
    entries = [(key, value) for key, value in before.entries or () if key.text not in changed]
    entries += [(key, value) for key, value in changes.entries or () if value.is_mapping or value.is_sequence]
    facts = replace(before, entries=tuple(entries))
    outer = tuple((key, facts if key.text == "facts" else value) for key, value in base.entries or ())
    return replace(base, entries=outer)
