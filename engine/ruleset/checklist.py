"""符合的得 N 分: an indicator's checklist, expanded into its parts, its requirements, its rules and its clauses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.base.faults import Fault, problem
from engine.base.messages import msg
from engine.documents.node import Node
from engine.ruleset import sentences as words
from engine.ruleset.compose import composed, plain, unreadable
from engine.ruleset.known import Known, choices
from engine.ruleset.model import Checklist, Criterion, Part
from engine.ruleset.rule_text import Form, Requirement, RuleText, Under
from engine.ruleset.source_text import Bilingual, SourceText

CRITERION = "criterion"
"""The shared fact type that says which criteria are met."""
_OWN = ("id", "cites", "needed", "if")
"""What an item may say beside its weight."""
_PARTIAL = ("yes", "no")
_EACH = {"it": CRITERION}
_FORM = Form("checklist")


@dataclass(frozen=True, slots=True)
class Expanded:
    """What a checklist comes to."""

    checklist: Checklist
    parts: tuple[Part, ...]
    requires: tuple[Requirement, ...]
    rules: tuple[RuleText, ...]
    clauses: Mapping[str, str]
    """The clauses that the items themselves are, where the indicator lists none."""


def checklist_of(node: Node, number: str, known: Known, faults: list[Fault]) -> Expanded | None:
    """Return what an indicator's checklist comes to; None where it has none."""
    written = node.get("checklist")
    if written is None:
        return None
    listed, partial = (written["items"], written.get("partial")) if written.is_mapping else (written, None)
    if CRITERION not in known.types:
        what = problem("checklist.no-type", "A checklist needs the fact type “{type}”.", type=CRITERION)
        faults.append(
            Fault(what, msg("List it under `facts`: `{example}`.", example=f"{CRITERION}: {{}}"), written.place)
        )
        return None
    given = node.get("clauses")
    clauses = None if given is None else [clause for clause, _ in given.items()]
    items = [item for n, each in enumerate(listed.elements, 1) for item in _item(each, n, number, clauses, faults)]
    wrong = list(unreadable(text for i in items for text in (i.weight, i.needed, i.condition) if text is not None))
    faults += wrong
    if node.get("parts") is not None:
        what = problem(
            "checklist.parts", "The items of a checklist are the indicator's parts; it lists others as well."
        )
        faults.append(Fault(what, msg("Remove `parts`, or the checklist."), node["parts"].place))
    if wrong or len(items) != len(listed.elements):
        return None
    under = (
        choices(partial, _PARTIAL, known, faults)
        if partial is not None and partial.is_scalar
        else _chosen(partial, known)
    )
    cites = written.get("cites") if written.is_mapping else None
    cited = tuple(each.text for each in (cites.elements or (cites,))) if cites is not None else ()
    return Expanded(
        Checklist(tuple(items), under, cited),
        tuple(Part(item.id, item.weight, "award", item.words, item.cites, ()) for item in items),
        tuple(_requirements([item for item in items if item.condition is None], listed)),
        tuple(_rules(items, under, cited, listed)),
        {item.cites[0]: item.words for item in items} if clauses is None else {},
    )


def _item(node: Node, n: int, number: str, clauses: Sequence[str] | None, faults: list[Fault]) -> Iterator[Criterion]:
    weights = [(key, value) for key, value in node.entries or () if key.text not in _OWN]
    if len(weights) != 1:
        what = problem(
            "checklist.weight", "Item {number} of the checklist has {count} weights.", number=n, count=len(weights)
        )
        remedy = msg("Write `WEIGHT: what is asked`, such as `{example}`.", example="{3: 项目间分配合理}")
        faults.append(Fault(what, remedy, (weights[1][0] if weights else node).place))
        return
    ((weight, asked),) = weights
    cites, id_, own = node.get("cites"), node.get("id"), f"{number}.{n}"
    cited = tuple(each.text for each in (cites.elements or (cites,))) if cites is not None else (own,)
    if cites is None and clauses is not None and own not in clauses:
        what = problem(
            "checklist.no-clause", "The indicator has no clause “{clause}” for item {number}.", clause=own, number=n
        )
        faults.append(Fault(what, msg("Add the clause, or write `cites` in the item."), asked.place))
        cited = ()
    yield Criterion(
        n,
        id_.text if id_ is not None else f"c{n}",
        SourceText(weight.text, weight),
        asked.text,
        cited,
        _optional(node.get("needed")),
        _optional(node.get("if")),
        node,
    )


def _optional(node: Node | None) -> SourceText | None:
    return None if node is None else SourceText(node.text, node)


def _chosen(partial: Node | None, known: Known) -> dict[str, Under]:
    """Return the readings in which partial credit is given, and the others; never where nothing is said."""
    if partial is None:
        return {"no": ()}
    ((reading, value),) = partial.items()
    yes = frozenset(each.text for each in (value.elements or (value,)))
    others = frozenset(known.readings.get(reading, ())) - yes
    return {"yes": ((reading, yes),), **({"no": ((reading, others),)} if others else {})}


def _requirements(items: Sequence[Criterion], node: Node) -> Iterator[Requirement]:
    """Yield what must be true of the facts: one for each criterion, no other, and discretion only in part."""
    if not items:
        return
    count, numbers, weight = {"count": str(len(items))}, _numbers([item.number for item in items]), _weight(items, node)
    zh, en = {"numbers": numbers.zh}, {"numbers": numbers.en}
    own, marked = plain("it.indicator == number", node), plain("it.indicator == number and has(it.points)", node)
    there = _all_of([_there(item, node) for item in items], node)
    yield Requirement(there, words.THERE.at(node, count), words.THERE_REMEDY.at(node, zh, en), {}, (), (), _FORM.kind)
    known = plain(numbers.condition, node)
    yield Requirement(
        known, words.NO_OTHER.at(node), words.NO_OTHER_REMEDY.at(node, zh, en), _EACH, (own,), (), _FORM.kind
    )
    in_part = composed("it.met == '部分' and it.points < {weight:sum}", node, weight=weight)
    said = words.DISCRETION.at(node, {"weight": weight.text})
    yield Requirement(in_part, said, words.DISCRETION_REMEDY.at(node), _EACH, (marked,), (), _FORM.kind)


def _there(item: Criterion, node: Node) -> SourceText:
    own = f"count(criterion where criterion.indicator == number and criterion.number == {item.number})"
    if item.needed is None:
        return plain(f"{own} == 1", node)
    return composed(f"{own} == 1 or {own} == 0 and not {{needed:not}}", node, needed=item.needed)


def _weight(items: Sequence[Criterion], node: Node) -> SourceText:
    """Return the weight of the criterion that a fact is of, by its number."""
    texts = [item.weight.text for item in items]
    usual = max(texts, key=texts.count)
    found = next(item.weight for item in items if item.weight.text == usual)
    for item in reversed(items):
        if item.weight.text != usual:
            template = f"if it.number == {item.number} then {{own}} else {{found}}"
            found = composed(template, node, own=item.weight, found=found)
    return found


def _rules(
    items: Sequence[Criterion], partial: Mapping[str, Under], cites: tuple[str, ...], node: Node
) -> Iterator[RuleText]:
    """Yield the rules of full, none and partial credit, then those of the items that the facts themselves decide."""
    by_fact = tuple(item.id for item in items if item.condition is None)
    if by_fact:
        full = "if it.met == '是' then part_weight else 0"
        yield _rule("criterion", by_fact, ("it.met != '部分'", full), words.MET.at(node), node)
        if "yes" in partial:
            selects = "it.met == '部分' and has(it.points)"
            rule = _rule("partly", by_fact, (selects, "it.points"), words.PARTLY.at(node), node)
            yield replace(rule, cites=cites, under=partial["yes"])
        if "no" in partial:
            rule = _rule("partly-not", by_fact, ("it.met == '部分'", "0"), words.PARTLY_NOT.at(node), node)
            yield replace(rule, cites=cites, under=partial["no"])
    for item in items:
        if item.condition is not None:
            yield from _decided(item, item.condition)


def _rule(id_: str, parts: tuple[str, ...], selects_and_gives: tuple[str, str], say: Bilingual, node: Node) -> RuleText:
    """Return a rule that looks at the criterion of each part."""
    selects, gives = selects_and_gives
    where = plain(f"it.indicator == number and it.number == part_number and {selects}", node)
    weight = plain("part_weight", node)
    return RuleText(
        id_,
        (),
        "award",
        node,
        parts=parts,
        each=_EACH,
        where=(where,),
        formula=plain(gives, node),
        of=weight,
        say=say,
        form=_FORM,
    )


def _decided(item: Criterion, condition: SourceText) -> Iterator[RuleText]:
    """Yield the two rules of an item that is met where a condition on the case holds."""
    weight = plain("part_weight", item.node)
    for id_, template, points, said in (
        (item.id, "{condition}", "part_weight", words.HOLDS),
        (f"{item.id}-not", "not {condition:not}", "0", words.HOLDS_NOT),
    ):
        when, formula = composed(template, item.node, condition=condition), plain(points, item.node)
        say = said.at(item.node)
        yield RuleText(
            id_,
            (),
            "award",
            item.node,
            parts=(item.id,),
            when=(when,),
            formula=formula,
            of=weight,
            say=say,
            form=_FORM,
        )


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers of the criteria: as a condition, and in words."""

    condition: str
    zh: str
    en: str


def _numbers(numbers: Sequence[int]) -> _Numbers:
    """Return the numbers that a criterion may have."""
    first, last = numbers[0], numbers[-1]
    if len(numbers) == 1:
        return _Numbers(f"it.number == {first}", str(first), str(first))
    if last - first + 1 == len(numbers):
        return _Numbers(f"it.number in {first}..{last}", f"{first} 至 {last}", f"{first} to {last}")
    named = ", ".join(map(str, numbers))
    return _Numbers(f"it.number in [{named}]", named.replace(", ", "、"), named)


def _all_of(conditions: Sequence[SourceText], node: Node) -> SourceText:
    named = {f"c{n}": each for n, each in enumerate(conditions)}
    level = "and" if len(named) > 1 else "any"
    return composed(" and ".join(f"{{{name}:{level}}}" for name in named), node, **named)
