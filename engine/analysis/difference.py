"""The differences of two rulesets, in the policy's terms: what was added, dropped, changed or moved."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain

from engine.analysis import said
from engine.analysis.pairing import Clause, clauses, indicators, renumbered
from engine.analysis.side import Properties, Property, Shown, Side, plain
from engine.base.pairs import Pairs, paired, same
from engine.facts.model import FactType
from engine.ruleset import Ruleset
from engine.ruleset.clauses import PlacedRule, once, placed_rules
from engine.ruleset.model import Indicator

_MOVES = frozenset({"number", "path", "clause_id"})
"""Properties that say where something is, not what it is."""


class Part(Enum):
    """What of a ruleset a difference is about."""

    RULESET = "ruleset"
    FACT_TYPE = "fact_type"
    FIELD = "field"
    INDICATOR = "indicator"
    CLAUSE = "clause"
    PARAMETER = "parameter"
    READING = "reading"
    ALTERNATIVE = "alternative"
    RULE = "rule"
    RESULT = "result"


class Change(Enum):
    """What happened to it."""

    ADDED = "added"
    DROPPED = "dropped"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference of two rulesets."""

    part: Part
    change: Change
    name: str
    """A clause's id, an indicator's number, a parameter's name; of the new ruleset, where it is there."""
    title: str = ""
    """Its title; of a rule, its action."""
    section: str = ""
    """The number of the indicator that it belongs to, or the section of a rule; -5 for an indicator 5 that is gone."""
    property: str = ""
    """What has changed; empty for what was added or dropped."""
    old: Shown = ""
    new: Shown = ""
    clauses: tuple[str, ...] = ()
    """Of a rule, the clauses that it carries out."""
    says: Shown = ""
    """Of a rule, its sentence, else what it derives or gives."""


def differences(old: Ruleset, new: Ruleset) -> tuple[Difference, ...]:
    """Return every difference of two rulesets, in the order of the new one's document."""
    found = indicators(old, new)
    numbers = {"": "", **{str(one.number): str(other.number) for one, other in found.both}}
    in_both = clauses(old, new, numbers)
    before = Side(old, {one.id: other.id for one, other in in_both.both})
    after = Side(new)
    return (
        *_changes(Difference(Part.RULESET, Change.CHANGED, new.id, new.title), said.head(before), said.head(after)),
        *_fact_types(before, after),
        *_indicators(before, after, found),
        *_clauses(in_both, numbers),
        *_results(before, after),
        *_rules(before, after, numbers),
        *_parameters(before, after),
        *_readings(before, after),
    )


def _changes(about: Difference, old: Properties, new: Properties) -> Iterator[Difference]:
    """Yield a difference for each property that is not the same."""
    for name, was in old.items():
        now = new[name]
        if was.key != now.key:
            change = Change.MOVED if name in _MOVES else Change.CHANGED
            yield replace(about, change=change, property=name, old=was.shown, new=now.shown)


def _named(
    part: Part,
    old: Mapping[str, tuple[str, Shown]],
    new: Mapping[str, tuple[str, Shown]],
    changes: Callable[[str], Iterable[Difference]],
) -> Iterator[Difference]:
    """Compare what has a name that stays: each name with its title and what to show of it."""
    for name, (title, shown) in old.items():
        if name not in new:
            yield Difference(part, Change.DROPPED, name, title, old=shown)
    for name, (title, shown) in new.items():
        if name not in old:
            yield Difference(part, Change.ADDED, name, title, new=shown)
        else:
            yield from changes(name)


def _fact_types(before: Side, after: Side) -> Iterator[Difference]:
    old, new = (_given(side) for side in (before, after))

    def changes(name: str) -> Iterator[Difference]:
        about = Difference(Part.FACT_TYPE, Change.CHANGED, name, new[name].title)
        yield from _changes(about, said.fact_type(before, old[name]), said.fact_type(after, new[name]))
        yield from _fields(old[name], new[name])

    titles = [{name: (found.title, "") for name, found in types.items()} for types in (old, new)]
    yield from _named(Part.FACT_TYPE, titles[0], titles[1], changes)


def _given(side: Side) -> dict[str, FactType]:
    return {name: found for name, found in side.ruleset.facts.items() if found.schema}


def _fields(old: FactType, new: FactType) -> Iterator[Difference]:
    def changes(name: str) -> Iterator[Difference]:
        field = name.partition(".")[2]
        was, now = said.fact_field(old, old.fields[field]), said.fact_field(new, new.fields[field])
        yield from _changes(Difference(Part.FIELD, Change.CHANGED, name, new.fields[field].title), was, now)

    shown = [
        {
            f"{found.name}.{name}": (field.title, said.fact_field(found, field)["kind"].shown)
            for name, field in found.fields.items()
        }
        for found in (old, new)
    ]
    yield from _named(Part.FIELD, shown[0], shown[1], changes)


def _indicators(before: Side, after: Side, found: Pairs[Indicator]) -> Iterator[Difference]:
    for each in found.dropped:
        weight = said.indicator(before, each)["weight"].shown
        yield Difference(Part.INDICATOR, Change.DROPPED, str(each.number), each.name, f"-{each.number}", old=weight)
    for each in found.added:
        weight = said.indicator(after, each)["weight"].shown
        yield Difference(Part.INDICATOR, Change.ADDED, str(each.number), each.name, str(each.number), new=weight)
    for was, now in found.both:
        about = Difference(Part.INDICATOR, Change.CHANGED, str(now.number), now.name, str(now.number))
        yield from _changes(about, said.indicator(before, was), said.indicator(after, now))


def _clauses(found: Pairs[Clause], numbers: dict[str, str]) -> Iterator[Difference]:
    for each in found.dropped:
        section = numbers.get(each.indicator, f"-{each.indicator}")
        yield Difference(Part.CLAUSE, Change.DROPPED, each.id, section=section, old=each.text)
    for each in found.added:
        yield Difference(Part.CLAUSE, Change.ADDED, each.id, section=each.indicator, new=each.text)
    for was, now in found.both:
        about = Difference(Part.CLAUSE, Change.CHANGED, now.id, section=now.indicator)
        home = numbers.get(was.indicator, f"-{was.indicator}"), renumbered(was.id, was.indicator, numbers)
        old = {"clause_id": Property(home, was.id), "text": plain(was.text)}
        new = {"clause_id": Property((now.indicator, now.id), now.id), "text": plain(now.text)}
        yield from _changes(about, old, new)


def _rules(before: Side, after: Side, numbers: dict[str, str]) -> Iterator[Difference]:
    """Compare the rules: by section and content, by section and id, then by content alone, which is a move."""
    sides = (before, after)
    content: dict[int, Hashable] = {}
    placed = [list(once(placed_rules(side.ruleset))) for side in sides]
    for side, rules in zip(sides, placed, strict=True):
        for each in rules:
            content[id(each)] = tuple((name, value.key) for name, value in said.rule(side, each).items())

    def home(each: PlacedRule) -> str:
        return numbers.get(each.section, f"-{each.section}") if each.section.isdigit() else each.section

    found = paired(
        placed[0],
        placed[1],
        (
            lambda each: (home(each), each.rule.id, content[id(each)]),
            lambda each: (each.section, each.rule.id, content[id(each)]),
        ),
        (lambda each: (home(each), content[id(each)]), lambda each: (each.section, content[id(each)])),
        (lambda each: (home(each), each.rule.id), lambda each: (each.section, each.rule.id)),
        same(lambda each: content[id(each)]),
    )
    for each in found.dropped:
        yield replace(_about(before, each, Change.DROPPED), section=home(each), old=_amount(before, each))
    for each in found.added:
        yield replace(_about(after, each, Change.ADDED), new=_amount(after, each))
    for was, now in found.both:
        about = _about(after, now, Change.CHANGED)
        if home(was) != now.section:
            yield replace(about, change=Change.MOVED, property="place", old=was.name, new=now.name)
        elif was.rule.id != now.rule.id and not (was.rule.id.isdigit() and now.rule.id.isdigit()):
            yield replace(about, property="id", old=was.rule.id, new=now.rule.id)
        yield from _changes(about, said.rule(before, was), said.rule(after, now))


def _about(side: Side, each: PlacedRule, change: Change) -> Difference:
    says = said.gist(side, each)
    return Difference(Part.RULE, change, each.name, each.rule.action, each.section, clauses=each.clauses, says=says)


def _amount(side: Side, each: PlacedRule) -> Shown:
    """Return what a rule that was added or dropped comes to: its amount, else its sentence."""
    properties = said.rule(side, each)
    return properties["amount"].shown or properties["say"].shown


def _parameters(before: Side, after: Side) -> Iterator[Difference]:
    old, new = before.ruleset.parameters, after.ruleset.parameters

    def changes(name: str) -> Iterator[Difference]:
        about = Difference(Part.PARAMETER, Change.CHANGED, name, new[name].title)
        return _changes(about, said.parameter(before, old[name]), said.parameter(after, new[name]))

    shown = [
        {name: (found.title, said.parameter(side, found)["value"].shown) for name, found in all_of.items()}
        for side, all_of in ((before, old), (after, new))
    ]
    yield from _named(Part.PARAMETER, shown[0], shown[1], changes)


def _results(before: Side, after: Side) -> Iterator[Difference]:
    old, new = before.ruleset.results, after.ruleset.results

    def changes(name: str) -> Iterator[Difference]:
        about = Difference(Part.RESULT, Change.CHANGED, name, new[name].title)
        return _changes(about, said.result(before, old[name]), said.result(after, new[name]))

    shown = [
        {name: (found.title, said.result(side, found)["kind"].shown) for name, found in all_of.items()}
        for side, all_of in ((before, old), (after, new))
    ]
    for each in _named(Part.RESULT, shown[0], shown[1], changes):
        yield replace(each, section=each.name)


def _readings(before: Side, after: Side) -> Iterator[Difference]:
    old, new = before.ruleset.readings, after.ruleset.readings

    def of_alternatives(name: str) -> Iterator[Difference]:
        def changes(key: str) -> Iterator[Difference]:
            about = Difference(Part.ALTERNATIVE, Change.CHANGED, key)
            at = key.partition("=")[2]
            return _changes(about, said.alternative(old[name], at), said.alternative(new[name], at))

        shown = [
            {
                f"{name}={key}": ("", said.alternative(all_of[name], key)["words"].shown)
                for key in all_of[name].alternatives
            }
            for all_of in (old, new)
        ]
        return _named(Part.ALTERNATIVE, shown[0], shown[1], changes)

    def changes(name: str) -> Iterator[Difference]:
        about = Difference(Part.READING, Change.CHANGED, name)
        was, now = said.reading(before, old[name]), said.reading(after, new[name])
        return chain(_changes(about, was, now), of_alternatives(name))

    shown = [
        {name: ("", said.reading(side, found)["question"].shown) for name, found in all_of.items()}
        for side, all_of in ((before, old), (after, new))
    ]
    yield from _named(Part.READING, shown[0], shown[1], changes)
