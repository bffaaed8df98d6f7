"""Turn the parts of a ruleset's document into records; the document has passed its schema already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from engine.base.faults import Fault, problem
from engine.base.messages import listing, msg
from engine.documents import Node
from engine.ruleset.checklist import checklist_of
from engine.ruleset.defaults import with_each
from engine.ruleset.fields import (
    bilingual,
    conditions,
    elements,
    is_set,
    items,
    names,
    names_or_one,
    number,
    source_text,
    source_text_or_none,
    text,
    texts,
    under,
)
from engine.ruleset.forms import with_forms
from engine.ruleset.known import Known
from engine.ruleset.model import Acceptance, Alternative, Indicator, Parameter, Part, Reading
from engine.ruleset.rule_text import Band, Requirement, RuleText

ACTIONS = ("derive", "award", "deduct", "cap", "adjust", "override", "veto", "not_applicable", "flag")
_COMPUTED = ("award", "deduct", "cap", "adjust", "result")
WHOLE = "whole"
"""The name of the one part of an indicator that lists none."""


def parameter_record(key: Node, node: Node) -> Parameter:
    """Return a parameter; without a title it is called as it is written."""
    others = tuple(
        (reading, alternative, source_text(value))
        for reading, values in items(node.get("under"))
        for alternative, value in values.items()
    )
    written = key.source.strip("'\"")
    title = text(node.get("title")) or (written if written != key.text else "")
    return Parameter(key.text, source_text(node["value"]), others, names_or_one(node["cites"]), title)


def reading_record(name: str, node: Node) -> Reading:
    """Return an entry of the register of readings."""
    alternatives = {
        key: Alternative(value["zh"].text, value["en"].text, *_in_both(value["scores"]))
        for key, value in node["alternatives"].items()
    }
    return Reading(
        name,
        node["clause"].text,
        node["question"]["zh"].text,
        node["question"]["en"].text,
        node["chosen"].text,
        alternatives,
        node["authority"].text,
        node["decided"]["by"].text,
        node["decided"]["on"].text,
        node,
    )


def acceptance_record(check: str, node: Node) -> Acceptance:
    """Return the findings of a check that are accepted."""
    return Acceptance(check, node["reason"].text, names(node.get("at")), node)


def _in_both(node: Node) -> tuple[str, str]:
    """Return a text in Chinese and in English, the same where it is given once."""
    return (node["zh"].text, node["en"].text) if node.is_mapping else (node.text, node.text)


def indicator_record(node: Node, known: Known, faults: list[Fault]) -> Indicator:
    """Return an indicator with its rules."""
    method = text(node.get("method")) or "award"
    expanded = checklist_of(node, node["number"].text, known, faults)
    clauses = {**texts(node.get("clauses")), **(expanded.clauses if expanded is not None else {})}
    parts = tuple(
        Part(
            part["id"].text,
            source_text(part["weight"]),
            text(part.get("method")) or method,
            text(part.get("title")),
            names_or_one(part.get("cites")) or only_one(clauses),
            under(part.get("under")),
        )
        for part in elements(node.get("parts"))
    )
    requires = tuple(map(requirement_record, elements(node.get("requires"))))
    within = replace(known, in_rows=node.get("rows_from") is not None)
    rules = rule_records(node.get("rules"), within, faults, only_one(clauses))
    if expanded is not None:
        parts, requires, rules = expanded.parts, (*expanded.requires, *requires), (*expanded.rules, *rules)
    return Indicator(
        number=int(number(node["number"])),
        path=names(node["path"]),
        name=node["name"].text,
        weight=number(node["weight"]),
        explanation=text(node.get("explanation")),
        clauses=clauses,
        evidence_asked=names_or_one(node.get("evidence_asked")),
        remarks=text(node.get("remarks")),
        parts=parts or (Part(WHOLE, None, method, "", tuple(clauses), ()),),
        requires=requires,
        rules=rules,
        node=node,
        checklist=expanded.checklist if expanded is not None else None,
    )


def requirement_record(node: Node) -> Requirement:
    """Return what facts must satisfy."""
    return Requirement(
        source_text(node["that"]),
        bilingual(node["say"]),
        bilingual(node["remedy"]),
        texts(node.get("each")),
        conditions(node.get("where")),
        under(node.get("under")),
    )


def only_one(clauses: Mapping[str, str]) -> tuple[str, ...]:
    """Return the only one of some clauses, which what cites none then cites."""
    return tuple(clauses) if len(clauses) == 1 else ()


def rule_records(
    node: Node | None, known: Known, faults: list[Fault], only: tuple[str, ...] = ()
) -> tuple[RuleText, ...]:
    """Return the rules of a list; those that cite no clause cite the `only` one that there is."""
    return tuple(
        rule
        for number, written in enumerate(elements(node), 1)
        for rule in with_forms(with_each(rule_record(written, faults, str(number), only), known), known, faults)
    )


def rule_record(
    node: Node, faults: list[Fault], position: str, only: tuple[str, ...], actions: Sequence[str] = ACTIONS
) -> RuleText:
    """Return a rule, whose id is its position unless it says otherwise; a fault unless it has exactly one action."""
    id_ = text(node.get("id")) or position
    present = [action for action in actions if node.get(action) is not None]
    if len(present) != 1:
        what = (
            problem(
                "rule.several-actions",
                "Rule “{id}” has {count} actions: {found}.",
                id=id_,
                count=len(present),
                found=listing(present),
            )
            if present
            else problem("rule.no-action", "Rule “{id}” has no action.", id=id_)
        )
        faults.append(Fault(what, msg("Give it exactly one of: {actions}.", actions=listing(actions)), node.place))
    action = present[0] if present else "flag"
    value = node.get(action)
    derive, bands = node.get("derive"), node.get("bands")
    reaching = value if value is not None and action in ("override", "cap") and value.is_mapping else None
    formula = reaching["to"] if reaching is not None else value if action in _COMPUTED else None
    derives, fields = next(items(derive), ("", None))
    say = node.get("say")
    return RuleText(
        id=id_,
        cites=names_or_one(node.get("cites")) or (() if node.get("part") is not None else only),
        action=action,
        node=node,
        readings=names(node.get("readings")),
        under=under(node.get("under")),
        parts=names_or_one(node.get("part")),
        each=texts(node.get("each")),
        where=conditions(node.get("where")),
        when=conditions(node.get("when")),
        bands_on=source_text(bands["measure"]) if bands is not None else None,
        bands=tuple(
            band for row in (bands["rows"].elements if bands is not None else ()) for band in _band(row, faults)
        ),
        formula=source_text_or_none(formula),
        of=source_text_or_none(node.get("of")),
        scope=text(reaching.get("scope")) if reaching is not None else "",
        level=text(node.get("level")),
        option=text(value) if action in ("not_applicable", "flag") else "",
        derives=derives,
        fields={name: source_text(field) for name, field in items(fields)},
        say=bilingual(say) if say is not None else None,
    )


def _band(node: Node, faults: list[Fault]) -> Iterator[Band]:
    bounds = [bound for bound in ("below", "to", "above", "from") if node.get(bound) is not None]
    if len(bounds) != 1:
        what = (
            problem(
                "band.two-ends",
                "A row of a band table has {count} ends: {found}.",
                count=len(bounds),
                found=listing(bounds),
            )
            if bounds
            else problem("band.no-end", "A row of a band table has no end.")
        )
        faults.append(
            Fault(
                what,
                msg(
                    "Give it exactly one of: below, to; the last row above or from. "
                    "A row begins where the one before ends."
                ),
                node.place,
            )
        )
        return
    limit = node[bounds[0]]
    yield Band(
        bounds[0],
        source_text(limit),
        source_text(node["gives"]),
        under(node.get("under")),
        is_set(node.get("falls")),
        node,
    )
