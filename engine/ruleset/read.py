"""Read a ruleset from its sources: check the document by its schema, then what no schema can see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.base.faults import Fault, RulesetError, problem, raise_all
from engine.base.messages import msg
from engine.base.numbers import exact_text, round_half_up
from engine.base.sources import Sources, notation_file
from engine.documents import Node
from engine.facts.builtin import EVIDENCE
from engine.facts.hints import nearest
from engine.facts.model import FactType
from engine.facts.notation import is_marked
from engine.facts.schema import validate
from engine.facts.types import declared_type
from engine.ruleset.decisions import undecided
from engine.ruleset.fields import entries, items, names, number, text, texts
from engine.ruleset.head import calendar_of, conversions_of, grades_of
from engine.ruleset.known import known_of
from engine.ruleset.model import Corrigendum, Indicator, Ruleset
from engine.ruleset.provenance import confirmation_records, provenance_record
from engine.ruleset.records import acceptance_record, indicator_record, parameter_record, reading_record, rule_records
from engine.ruleset.references import reference_faults
from engine.ruleset.results import result_record
from engine.ruleset.spoken import in_form_of
from engine.ruleset.structure import every_row_of, levels_of, rows_of, structure_faults, total_of
from engine.ruleset.surface import open_ruleset
from engine.ruleset.word_alternatives import written_words
from schemas import fact_types, schema

FULL_SCORE = 100
"""The full score of a ruleset that names none."""


def read_ruleset(sources: Sources, found_as: str | None = None) -> Ruleset:
    """Return the ruleset that some sources hold; `RulesetError` with every fault and its place.

    `found_as` is the id that its folder gives it, which it must have. A ruleset from a ledger has no folder.
    """
    root = open_ruleset(sources.files)
    with in_form_of(root):
        return _read(root, sources, found_as)


def _read(root: Node, sources: Sources, found_as: str | None) -> Ruleset:
    raise_all(RulesetError, validate(root, schema("ruleset.json")))
    raise_all(RulesetError, undecided(root))
    faults = _id_faults(root["id"], found_as)
    types, optional = _fact_types(root["facts"], sources, faults)
    known = known_of(root, types)
    indicators = tuple(
        replace(indicator_record(node, known, faults), rows=rows_of(node.get("rows_from")))
        for node in root["indicators"].elements
    )
    levels = levels_of(root.get("levels"))
    faults += [*_full_score_faults(root, indicators), *structure_faults(levels, indicators)]
    ruleset = Ruleset(
        id=root["id"].text,
        revision=_revision(root, faults),
        corrigendum=_corrigendum(root.get("corrigendum")),
        title=root["title"].text,
        issuer=root["issuer"].text,
        year=int(number(root["year"])),
        places=int(number(root["rounding"]["places"])),
        grades=grades_of(root["grades"], sum((indicator.weight for indicator in indicators), start=0), faults),
        calendar=calendar_of(root, sources, faults),
        conversions=conversions_of(root.get("units"), faults),
        facts={**types, EVIDENCE.name: EVIDENCE},
        optional=frozenset([EVIDENCE.name, *optional]),
        head=names(root.get("head")),
        parameters={key.text: parameter_record(key, node) for key, node in entries(root.get("parameters"))},
        readings={name: reading_record(name, node) for name, node in items(root.get("readings"))},
        clauses={
            **texts(root.get("clauses")),
            **{clause: words for indicator in indicators for clause, words in indicator.clauses.items()},
        },
        definitions=rule_records(root.get("definitions"), known, faults),
        indicators=indicators,
        checks=rule_records(root.get("checks"), known, faults),
        every_indicator=rule_records(root.get("every_indicator"), known, faults),
        every_row=every_row_of(root.get("every_row"), indicators, known, faults),
        digest=sources.digest,
        text=sources.text,
        node=root,
        accepted=tuple(acceptance_record(check, node) for check, node in items(root.get("accepted"))),
        source=text(root.get("source")),
        names={**written_words(root), **texts(root.get("names"))},
        levels=levels,
        total=total_of(root.get("total"), known, faults),
        provenance=provenance_record(root.get("provenance")),
        reviewed=confirmation_records(root.get("reviewed")),
        results={key.text: result_record(key, node, known, faults) for key, node in entries(root.get("results"))},
    )
    raise_all(RulesetError, [*faults, *reference_faults(ruleset, root), *_fine_weights(ruleset)])
    return ruleset


def _fine_weights(ruleset: Ruleset) -> Iterator[Fault]:
    """Find the weights that rounding would change, so that an indicator could keep more than it weighs."""
    for indicator in ruleset.indicators:
        if round_half_up(indicator.weight, ruleset.places) != indicator.weight:
            yield Fault(
                problem(
                    "indicator.fine-weight",
                    "Indicator {number} weighs {weight}, but scores are rounded to {places} decimals.",
                    number=indicator.number,
                    weight=exact_text(indicator.weight),
                    places=ruleset.places,
                ),
                msg("Write the weight with no more decimals than the scores have, or round to more."),
                indicator.node["weight"].place,
            )


def _id_faults(node: Node, found_as: str | None) -> list[Fault]:
    if found_as in (None, node.text):
        return []
    what = problem(
        "ruleset.other-folder",
        "The id is “{id}”, but the ruleset is in the folder “{place}”.",
        id=node.text,
        place=found_as,
    )
    remedy = msg("Write `id: {place}`, or move the folder to “{id}”.", id=node.text, place=found_as)
    return [Fault(what, remedy, node.place)]


def _full_score_faults(root: Node, indicators: Sequence[Indicator]) -> list[Fault]:
    """Return a fault unless the weights of the indicators add up to the full score."""
    node = root.get("full_score")
    full = FULL_SCORE if node is None else number(node)
    weights = sum((indicator.weight for indicator in indicators), start=0)
    if weights == full:
        return []
    total, place = exact_text(weights), (node or root.key("indicators") or root).place
    what = problem(
        "ruleset.weights-total",
        "The weights add up to {total}, but the full score is {full}.",
        total=total,
        full=exact_text(full),
    )
    remedy = msg("Correct a weight; if the form has another full score, write `full_score: {total}`.", total=total)
    return [Fault(what, remedy, place)]


def _revision(root: Node, faults: list[Fault]) -> int:
    """Return the ruleset's revision, the first where none is named; a later one must say why it was made."""
    node = root.get("revision")
    revision = 1 if node is None else int(number(node))
    if node is not None and revision > 1 and root.get("corrigendum") is None:
        what = problem("ruleset.corrigendum", "Revision {revision} does not say what it corrects.", revision=revision)
        remedy = msg("Add the reason and the date: `corrigendum: {example}`.", example="{reason: …, on: 2025-03-01}")
        faults.append(Fault(what, remedy, node.place))
    return revision


def _corrigendum(node: Node | None) -> Corrigendum | None:
    return None if node is None else Corrigendum(node["reason"].text, node["on"].text)


def _fact_types(node: Node, sources: Sources, faults: list[Fault]) -> tuple[dict[str, FactType], list[str]]:
    """Return the fact types by their canonical names, and the names of those that a facts file may leave out."""
    found: dict[str, FactType] = {}
    optional: list[str] = []
    for key, entry in node.entries or ():
        try:
            declared = declared_type(key, entry, sources)
        except RulesetError as error:
            faults.extend(error.faults)
            continue
        name = key.text if declared is None else declared.name
        if name == EVIDENCE.name:
            faults.append(_evidence_listed(entry))
        elif declared is None:
            faults.append(_no_schema(name, key.source or name, entry))
        elif name in found:
            what = problem("ruleset.type-twice", "Two fact types have the name “{name}”.", name=name)
            faults.append(Fault(what, msg("Give each its own name."), entry.place))
        else:
            found[name] = declared
            optional += [name] if is_marked(entry, "optional") else []
    return found, optional


def _evidence_listed(entry: Node) -> Fault:
    what = problem(
        "ruleset.evidence-listed",
        "“{name}” is made from the evidence listed with each fact; do not list it.",
        name=EVIDENCE.name,
    )
    return Fault(what, msg("Remove it from `facts`; rules can match it without that."), entry.place)


def _no_schema(name: str, called: str, entry: Node) -> Fault:
    remedy = (
        msg("Did you mean “{near}”?", near=near)
        if (near := nearest(name, fact_types()))
        else msg(
            "List its fields here, add {file} to the ruleset's folder, or correct the name.", file=notation_file(name)
        )
    )
    what = problem("ruleset.no-schema", "There is no schema for the fact type “{name}”.", name=called)
    return Fault(what, remedy, entry.place)
