"""Rules written in a form: 每超过 X 扣 Y, pro rata with floor and cap, a mean, a veto; each becomes ordinary rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from engine.base.faults import Fault, problem
from engine.base.messages import listing, msg
from engine.documents.node import Node
from engine.language.functions import AGGREGATES
from engine.language.parser import parse
from engine.language.syntax import Call, walk
from engine.ruleset.compose import composed, plain, renamed, unreadable
from engine.ruleset.known import Known, choices
from engine.ruleset.rule_text import Form, RuleText
from engine.ruleset.source_text import SourceText

STEPS: Mapping[str, str] = {
    "whole": "{points:product} * floor({steps})",
    "begun": "{points:product} * ceil({steps})",
    "pro_rata": "{points:product} * {steps:product}",
}
"""How the points come of the number of steps: by whole steps, by begun ones, or by any part of one."""
_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "for_each": ("measure", "over", "below", "take", "gives", "steps"),
    "pro_rata": ("floor", "cap"),
    "mean": ("weights",),
}
"""What each form may say, by the key that makes it one."""


def with_forms(rule: RuleText, known: Known, faults: list[Fault]) -> Iterator[RuleText]:
    """Yield a rule as it is, or what it comes to if it is written in a form."""
    if rule.action == "veto":
        written = rule.node["veto"]
        yield replace(rule, action="override", formula=plain("0", written), scope=written.text, form=Form("veto"))
        return
    value = rule.node.get(rule.action)
    if rule.action not in _FORMS or value is None or not value.is_mapping:
        yield rule
        return
    kinds = [key for key in _FORMS[rule.action] if value.get(key) is not None]
    if len(kinds) != 1:
        faults.append(_which_form(rule, value))
        return
    surplus = [key.text for key, _ in value.entries or () if key.text not in (*kinds, *_OPTIONS[kinds[0]])]
    if surplus:
        what = problem("form.surplus", "“{key}” has no meaning beside “{form}”.", key=surplus[0], form=kinds[0])
        where = value.key(surplus[0]) or value
        faults.append(Fault(what, msg("Remove it."), where.place))
    pieces = {name: SourceText(node.text, node) for name, node in value.items() if node.is_scalar and name != "steps"}
    wrong = list(unreadable(pieces.values()))
    faults += wrong
    if not wrong and not surplus:
        yield from _FORMS[rule.action][kinds[0]](rule, pieces, known, faults)


def _which_form(rule: RuleText, value: Node) -> Fault:
    what = problem("form.unknown", "It is not clear which form “{action}” is written in.", action=rule.action)
    remedy = msg("Give it exactly one of: {keys}.", keys=listing(_FORMS[rule.action]))
    return Fault(what, remedy, value.place)


def _steps(rule: RuleText, pieces: Mapping[str, SourceText], known: Known, faults: list[Fault]) -> Iterator[RuleText]:
    """Yield the rule once for each way of counting the steps."""
    value = rule.node[rule.action]
    limits = [name for name in ("over", "below") if name in pieces]
    points = pieces.get("take") or pieces.get("gives")
    if len(limits) != 1 or points is None:
        what = problem("form.limit", "A deduction for each step has one limit, from which the steps are counted.")
        faults.append(Fault(what, msg("Give it exactly one of: {keys}.", keys=listing(("over", "below"))), value.place))
        return
    above = limits == ["over"]
    measure, limit = pieces["measure"], pieces[limits[0]]
    steps = composed(
        "({measure:sum} - {limit:product}) / {each:factor}"
        if above
        else "({limit:sum} - {measure:product}) / {each:factor}",
        value,
        measure=measure,
        limit=limit,
        each=pieces["for_each"],
    )
    beyond = composed(
        "{measure:sum} > {limit:sum}" if above else "{measure:sum} < {limit:sum}", value, measure=measure, limit=limit
    )
    where, when = (
        ((*rule.where, beyond), rule.when) if rule.each or known.in_rows else (rule.where, (*rule.when, beyond))
    )
    written = value["steps"]
    for word, under in choices(written, STEPS, known, faults).items():
        formula = composed(STEPS[word], value, points=points, steps=steps)
        form = Form("steps", pieces, reading=written.text if under else "", steps=word)
        yield replace(rule, where=where, when=when, formula=formula, under=(*rule.under, *under), form=form)


def _pro_rata(
    rule: RuleText, pieces: Mapping[str, SourceText], known: Known, _faults: list[Fault]
) -> Iterator[RuleText]:
    """Yield the rule: a share of its slice or its part, not below the floor, not above the cap."""
    value = rule.node[rule.action]
    of = rule.of or _whole(rule, value, known)
    cap, floor, rate = pieces.get("cap") or plain("100%", value), pieces.get("floor"), pieces["pro_rata"]
    if floor is None:
        formula = composed("{of:product} * max(0, min({rate}, {cap}))", value, of=of, rate=rate, cap=cap)
    else:
        template = "if {rate:sum} < {floor:sum} then 0 else {of:product} * min({rate}, {cap})"
        formula = composed(template, value, of=of, rate=rate, cap=cap, floor=floor)
    yield replace(rule, formula=formula, of=of, form=Form("pro_rata", pieces))


def _whole(rule: RuleText, value: Node, known: Known) -> SourceText:
    """Return the weight of the rule's part, which is that of the indicator or the row where it names none."""
    return plain("part_weight" if rule.parts else "row_weight" if known.in_rows else "weight", value)


def _mean(rule: RuleText, pieces: Mapping[str, SourceText], known: Known, faults: list[Fault]) -> Iterator[RuleText]:
    """Yield the rule: each fact keeps its rate of the slice that is its weight's share of all."""
    value = rule.node[rule.action]
    if known.in_rows:
        what = problem("form.mean-in-rows", "A rule of each row has no mean: it settles one row.")
        faults.append(
            Fault(what, msg("Write the row's points: `pro_rata`, or a formula of `row_weight`."), value.place)
        )
        return
    if len(rule.each) != 1:
        what = problem("form.mean-of-what", "A mean needs one fact type whose facts it is of.")
        faults.append(Fault(what, msg("Add `each` with one fact type."), value.place))
        return
    ((alias, fact_type),) = rule.each.items()
    weighed = [pieces["weights"]] if "weights" in pieces else []
    wrong = [*unreadable(rule.where)] or [*_with_aggregates([*rule.where, *weighed])]
    faults += wrong
    if wrong:
        return
    narrowed = {f"where{n}": renamed(each, alias, fact_type, known.meant) for n, each in enumerate(rule.where)}
    level = "and" if len(narrowed) > 1 else "any"
    where = " where " + " and ".join(f"{{{name}:{level}}}" for name in narrowed) if narrowed else ""
    weights, own = pieces.get("weights"), plain(fact_type, value)
    if weights is None:
        of_all, template = (
            composed(f"count({{own}}{where})", value, own=own, **narrowed),
            "{whole:product}{rate} / {all}",
        )
    else:
        total = renamed(weights, alias, fact_type, known.meant)
        of_all = composed(f"sum({{total}}{where})", value, total=total, **narrowed)
        template = "{whole:product}{rate} * {weight:factor} / {all}"
    parts = {"whole": rule.of or _whole(rule, value, known), "rate": pieces["mean"], "all": of_all}
    parts |= {"weight": weights} if weights is not None else {}
    formula = composed(template.replace("{rate}", " * {rate:factor}"), value, **parts)
    share = composed(template.replace("{rate}", ""), value, **parts)
    yield replace(rule, formula=formula, of=share, form=Form("mean", pieces))


def _with_aggregates(written: Iterable[SourceText]) -> Iterator[Fault]:
    """Find the expressions of a mean that take an aggregate, inside the aggregate that the mean takes itself."""
    for each in written:
        if any(isinstance(node, Call) and node.function in AGGREGATES for node in walk(parse(each.text))):
            yield Fault(
                problem("form.mean-of-aggregates", "A mean takes its weights and conditions from each fact alone."),
                msg("Derive a fact with that figure first."),
                each.node.place,
            )


_Expansion = Callable[[RuleText, Mapping[str, SourceText], Known, list[Fault]], Iterator[RuleText]]
_FORMS: Mapping[str, Mapping[str, _Expansion]] = {
    "award": {"for_each": _steps, "pro_rata": _pro_rata, "mean": _mean},
    "deduct": {"for_each": _steps},
}
"""The forms of each action, by the key that makes it one."""
