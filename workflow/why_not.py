"""Say of a recorded evaluation what each rule did, and why a rule did not fire."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.base.faults import NotFound, UsageFault, problem
from engine.base.folding import folded
from engine.base.messages import Message, listing, msg
from engine.facts.words import is_chinese
from engine.language.vocabulary import vocabulary
from engine.program.program import CompiledRule, Program
from engine.verdicts import Candidate, WrittenRule, compile_verdicts
from engine.verdicts.unapplied import UnappliedRule, unapplied_rules
from engine.verdicts.words import VerdictWords
from workflow.reproduce import Reproduced, reproduce
from workflow.show import require_indicator, require_named

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger

_MOST_NEAR = 5


@dataclass(frozen=True, slots=True)
class RuleVerdicts:
    """The verdicts on some rules of a recorded evaluation."""

    reproduced: Reproduced
    words: VerdictWords
    rules: tuple[WrittenRule, ...]
    unapplied: tuple[UnappliedRule, ...] = ()
    """Rules that apply only in other readings."""


def all_rules(ledger: Ledger, reference: str, what: str | None = None) -> RuleVerdicts:
    """Return the verdicts on every rule of an evaluation, or on those of an indicator or a result.

    With the rules of an indicator go those that derive what they look at. `NotFound` where there is no such indicator.
    """
    found = reproduce(ledger, reference)
    program, sections = found.program, None
    if what is not None and what.isdecimal():
        require_indicator(found.shown.case, int(what))
        sections = {str(int(what))}
    elif what is not None:
        named = require_named(found.shown.case, what)
        sections = {*(str(each.number) for each in named.indicators), *(each.name for each in named.results)}
    wanted = range(len(program.rules)) if sections is None else _of_sections(program, sections)
    rules = compile_verdicts(program).written(found.evaluation, wanted)
    words = VerdictWords(found.evaluation)
    unapplied = (
        rule for rule in unapplied_rules(words.form) if sections is None or rule.name.partition("/")[0] in sections
    )
    return RuleVerdicts(found, words, rules, tuple(unapplied))


def why_not(ledger: Ledger, reference: str, rule: str, fact: str | None = None) -> RuleVerdicts:
    """Return the verdict on a rule, on all facts that it could match, or on one.

    `NotFound` where there is no such rule or fact; `UsageFault` where several rules are called so.
    """
    found = reproduce(ledger, reference)
    program, words = found.program, VerdictWords(found.evaluation)
    named: dict[str, list[str]] = {}
    for each in program.rules:
        _note(named, each.name, words.form.rule_written(each))
    unapplied = {each.name: each for each in unapplied_rules(words.form)}
    for other in unapplied.values():
        _note(named, other.name, other.written)
    names = _rules_meant(rule, named)
    wanted = [index for index, each in enumerate(program.rules) if each.name in names]
    rules = compile_verdicts(program).written(found.evaluation, wanted)
    if fact is not None:
        rules = tuple(_about(fact, rules, words))
    return RuleVerdicts(found, words, rules, tuple(unapplied[name] for name in names if name in unapplied))


def _of_sections(program: Program, sections: set[str]) -> list[int]:
    """Return the positions of some sections' rules, after those that derive what they look at."""

    def is_of(rule: CompiledRule) -> bool:
        return not sections.isdisjoint((rule.result, "" if rule.indicator is None else str(rule.indicator)))

    wanted = {index for index, rule in enumerate(program.rules) if is_of(rule)}
    front = set(wanted)
    while front:
        types = frozenset().union(*(program.rules[index].looks_at for index in front))
        front = {index for index, rule in enumerate(program.rules) if rule.derives in types} - wanted
        wanted |= front
    return sorted(wanted)


def _note(named: dict[str, list[str]], name: str, written: str) -> None:
    """Note every way in which a rule can be called: in either form, with or without its section and its part."""
    (section, own), (section_written, own_written) = name.split("/", 1), written.split("/", 1)
    sections = {section, section_written, vocabulary("keys").spelt(section, chinese=True)}
    for called in (own, own_written, own.partition(".")[0], own_written.partition(".")[0]):
        for key in (called, *(f"{each}/{called}" for each in sections)):
            rules = named.setdefault(folded(key), [])
            rules += [name] if name not in rules else []


def _rules_meant(called: str, named: Mapping[str, list[str]]) -> list[str]:
    """Return the names of the rules that are meant: one, or those of the parts that it is written for."""
    found = named.get(folded(called))
    if found is None:
        near = difflib.get_close_matches(folded(called), [*named], n=_MOST_NEAR)
        alike = [each for each in near if is_chinese(each) == is_chinese(called)] or near
        raise NotFound.because(
            problem("evaluation.no-such-rule", "There is no rule “{rule}” in this evaluation.", rule=called),
            msg("Did you mean one of these: {names}?", names=listing(f"“{each}”" for each in alike))
            if alike
            else msg("List the rules of an indicator: fenming explain EVALUATION INDICATOR --all-rules"),
        )
    if len({name.partition(".")[0] for name in found}) > 1:
        raise UsageFault.because(
            problem("evaluation.several-rules", "Several rules are called “{rule}”.", rule=called),
            msg("Name one of them: {names}.", names=listing(found)),
        )
    return found


def _about(called: str, rules: Iterable[WrittenRule], words: VerdictWords) -> Iterator[WrittenRule]:
    """Yield rules with the candidates that are a fact, or that stem from it; `NotFound` where there are none."""
    known_as = words.facts.known_as

    def is_about(candidate: Candidate) -> bool:
        row = {fact for row in (candidate.facts, *candidate.rows) for fact in row}
        return any(folded(name) == folded(called) for fact in row for name in known_as(fact))

    listed = list(rules)
    chosen = [replace(rule, candidates=tuple(filter(is_about, rule.candidates))) for rule in listed]
    if not any(rule.candidates for rule in chosen):
        possible = {
            name for rule in listed for candidate in rule.candidates for fact in candidate.facts
            for name in known_as(fact) if name
        }  # fmt: skip
        raise NotFound.because(
            problem(
                "evaluation.no-such-candidate",
                "“{fact}” is no fact that the rule {rules} could match.",
                fact=called,
                rules=listing(dict.fromkeys(rule.name for rule in listed)),
            ),
            _fact_remedy(called, sorted(possible), listed),
        )
    yield from (rule for rule in chosen if rule.candidates)


def _fact_remedy(called: str, possible: list[str], rules: list[WrittenRule]) -> Message:
    if near := difflib.get_close_matches(called, possible, n=_MOST_NEAR):
        return msg("Did you mean one of these: {names}?", names=listing(f"“{each}”" for each in near))
    if possible:
        return msg("Name one of them: {names}.", names=listing([*possible[:12], *(["…"] if possible[12:] else [])]))
    if any(rule.inactive for rule in rules):
        return msg("The rule was not tried at all; leave the fact out to see why.")
    return msg("The rule looks at no fact; leave the fact out.")
