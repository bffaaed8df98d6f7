"""What is said of a firing, layer by layer: clauses; formulas, facts and figures; rule, derivations and readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cli.render.words import field_text, file_words, listed
from cli.terminal.printable import one_line
from cli.terminal.session import Session
from engine.base.messages import Message, listing, msg, plural
from engine.explanation import Explanation
from engine.explanation.value import (
    AggregateExplained,
    ClauseExplained,
    EvidenceExplained,
    FactExplained,
    FiringExplained,
    ReadingExplained,
)
from engine.explanation.words import authority_words
from engine.facts.builtin import NOT_ASSESSED

SENTENCE, FACTS, RULE = 1, 2, 3
"""The layers: sentence and clause; facts, evidence and formulas; rule, derivation, conditions and readings."""

MOST_FACTS = 12
"""How many facts are named one by one."""


@dataclass(slots=True)
class Branch:
    """A line with those below it."""

    words: str
    strong: bool = False
    address: str = ""
    command: str = ""
    """What to run to see more."""
    below: list[Branch] = field(default_factory=list)

    def add(self, words: str, *, strong: bool = False, address: str = "", command: str = "") -> Branch:
        """Add a line below, and return it."""
        self.below.append(Branch(words, strong, address, command))
        return self.below[-1]


@dataclass(frozen=True, slots=True)
class Depth:
    """How much is shown."""

    layers: int = SENTENCE
    ids: bool = False
    """Whether rules and facts are also named by their ids."""
    ledger: str | None = None
    """The ledger that the reader named, which commands to see more must name too."""


class LayersWriter:
    """Writes the grounds of firings; a clause, a reading or a fact is written in full once, and then only named."""

    def __init__(self, session: Session, explanation: Explanation, depth: Depth) -> None:
        self.session = session
        self.explanation = explanation
        self.depth = depth
        self.shown: set[str] = set()

    def say(self, holder: Branch, message: Message, *, strong: bool = False, address: str = "") -> Branch:
        """Add a message below a branch."""
        return holder.add(
            self.session.say(message), strong=strong, address=self.explanation.at(address) if address else ""
        )

    def is_new(self, address: str) -> bool:
        """Return whether something has not been written yet, and note that it is now."""
        if address in self.shown:
            return False
        self.shown.add(address)
        return True

    def firing(self, firing: FiringExplained, branch: Branch) -> None:
        """Write the grounds of a firing, layer by layer."""
        for clause in firing.clauses:
            self.clause(clause, branch)
        if self.depth.layers >= FACTS:
            # The numbers of a formula come from those behind it, which the derivation has in the next layer.
            firings = list(reversed(list(firing.behind()))) if self.depth.layers == FACTS else [firing]
            for each in firings:
                self.formulas(each, branch)
            self.facts(firing.given_facts(), branch)
            for each in firings:
                self.aggregates(each, branch)
        if self.depth.layers >= RULE:
            self.rule(firing, branch)
            for fact in firing.facts:
                self.derivation(fact, branch)
            self.readings(firing, branch)

    def formulas(self, firing: FiringExplained, branch: Branch) -> None:
        """Write what a firing computed."""
        for formula in firing.formulas:
            # A field that is only taken over is written with the fact itself, conditions have a place of their own, and
            # a formula that is a plain number says no more than the posting does.
            is_number = formula.line.text == formula.line.value and formula.line.kind == "points"
            if formula.line.kind not in ("copy", "when") and not is_number:
                self.say(branch, msg("{name}: {formula}", name=formula.name, formula=formula.reads))

    def aggregates(self, firing: FiringExplained, branch: Branch) -> None:
        """Write the figures over facts that a firing used, with the facts that have not been written yet."""
        for aggregate in firing.aggregates:
            self.aggregate(aggregate, branch)

    def aggregate(self, aggregate: AggregateExplained, branch: Branch) -> None:
        """Write a figure with the facts it was taken over."""
        if not self.is_new(f"aggregate {aggregate.line.text} {aggregate.line.value}"):
            return
        if not aggregate.facts:
            self.say(branch, msg("{figure}: there is no such fact", figure=aggregate.reads))
            return
        names = [self.name(fact) for fact in aggregate.facts[:MOST_FACTS]]
        more = ["…"] if len(aggregate.facts) > MOST_FACTS else []
        words = plural(
            "{figure}, over {count} fact: {facts}",
            "{figure}, over {count} facts: {facts}",
            figure=aggregate.reads,
            count=len(aggregate.facts),
            facts=listing([*names, *more]),
        )
        node = self.say(branch, words)
        for fact in aggregate.facts[:MOST_FACTS]:
            if fact.given is not None and fact.address not in self.shown:
                self.fact(fact, node)

    def facts(self, facts: Sequence[FactExplained], branch: Branch) -> None:
        """Write given facts, the first ones of many."""
        for fact in facts[:MOST_FACTS]:
            self.fact(fact, branch)
        if (more := len(facts) - MOST_FACTS) > 0:
            self.say(branch, plural("… and {count} more fact", "… and {count} more facts", count=more))

    def fact(self, fact: FactExplained, branch: Branch) -> None:
        """Write a given fact with its evidence, or a piece of evidence."""
        if fact.given is None and fact.derived is None:
            for item in fact.evidence:
                self.evidence(item, branch)
            return
        if not self.is_new(fact.address):
            words = msg("Fact ({title}) {name} (above)", title=self.titled(fact), name=self.name(fact))
            self.say(branch, words, address=fact.address)
            return
        words = msg("Fact ({title}): {values}", title=self.titled(fact), values=self.values(fact))
        node = self.say(branch, words, address=fact.address)
        if fact.given is not None:
            if fact.given.assumed:
                self.say(node, msg("Assumed: {reason}", reason=fact.given.assumed))
            for item in fact.evidence:
                self.evidence(item, node)
            if not fact.given.evidence and fact.type != NOT_ASSESSED:
                self.say(node, msg("No evidence is listed with it."))

    def opened_fact(self, fact: FactExplained, root: Branch) -> None:
        """Write a fact that was asked for, whichever kind it is."""
        if fact.origin is None:
            self.fact(fact, root)
        else:
            self.derivation(fact, root)

    def evidence(self, item: EvidenceExplained, node: Branch) -> None:
        """Write a piece of evidence."""
        line = item.line
        detail = " ".join(part for part in (line.title, line.reference, line.file) if part)
        words = msg("Evidence: {detail}", detail=detail)
        if line.sha256 is not None and line.size is not None:
            digest = file_words(line.sha256, line.size)
            words = msg("Evidence: {detail} ({digest})", detail=detail, digest=digest)
        self.say(node, words, address=item.address)

    def rule(self, firing: FiringExplained, branch: Branch) -> None:
        """Write which rule it was and what had to hold."""
        if firing.rule is None:
            self.say(branch, msg("Settled by the program, not by a rule of the form"))
        elif self.depth.ids:
            self.say(branch, msg("Rule “{rule}” ({id})", rule=firing.rule, id=firing.line.rule))
        else:
            self.say(branch, msg("Rule “{rule}”", rule=firing.rule))
        for condition in firing.conditions:
            self.say(branch, msg("Condition: {condition}", condition=condition))

    def derivation(self, fact: FactExplained, branch: Branch) -> None:
        """Write how a fact was derived, down to those that were given, which are written already."""
        if fact.origin is None:
            if fact.address not in self.shown:
                self.fact(fact, branch)
            return
        if not self.is_new(fact.address):
            words = msg("Derived fact ({title}) {name} (above)", title=self.titled(fact), name=self.name(fact))
            self.say(branch, words, address=fact.address)
            return
        words = msg("Derived fact ({title}): {values}", title=self.titled(fact), values=self.values(fact))
        node = self.say(branch, words, address=fact.address)
        if fact.origin.line.says.zh or fact.origin.line.says.en:
            self.say(node, fact.origin.says)
        for clause in fact.origin.clauses:
            self.clause(clause, node)
        self.formulas(fact.origin, node)
        self.aggregates(fact.origin, node)
        self.rule(fact.origin, node)
        for each in fact.origin.facts:
            self.derivation(each, node)
        self.readings(fact.origin, node)

    def readings(self, firing: FiringExplained, branch: Branch) -> None:
        """Write the readings by which a rule was read; none of them needs to have made a difference."""
        for reading in firing.readings:
            self.reading(reading, branch, of_rule=True)
        if firing.line.readings_unused:
            names = listing(firing.line.readings_unused)
            self.say(
                branch, msg("Readings of other parts of this rule, which did not apply here: {names}", names=names)
            )

    def clause(self, clause: ClauseExplained, branch: Branch) -> None:
        """Write a clause as it is printed."""
        if self.is_new(clause.address):
            words = msg("Clause {id}: {text}", id=clause.id, text=clause.text)
        else:
            words = msg("Clause {id} (above)", id=clause.id)
        self.say(branch, words, address=clause.address)

    def reading(self, explained: ReadingExplained, branch: Branch, *, of_rule: bool = False) -> None:
        """Write a reading: question, alternatives with the chosen one marked, authority."""
        reading, said = explained.reading, {"name": explained.name, "question": explained.question}
        if not self.is_new(explained.address):
            words = msg(
                "This rule follows reading {name}: {chosen} (above)", name=explained.name, chosen=explained.chosen.name
            )
            self.say(branch, words, address=explained.address)
            return
        words = (
            msg("This rule follows reading {name}: {question}", **said)
            if of_rule
            else msg("Reading {name}: {question}", **said)
        )
        node = self.say(branch, words, address=explained.address)
        for each in explained.alternatives:
            said = {"name": each.name, "words": each.words, "scores": each.scores}
            if each.is_chosen:
                self.say(node, msg("chosen “{name}”: {words} ({scores})", **said))
            else:
                self.say(node, msg("or “{name}”: {words} ({scores})", **said))
        self.say(node, authority_words(reading))

    def titled(self, fact: FactExplained) -> str:
        """Return what a fact's type is called, with its id where ids are shown."""
        title = self.session.say(fact.title)
        return f"{title} [{one_line(fact.id)}]" if self.depth.ids else title

    def name(self, fact: FactExplained) -> str:
        """Return by what a fact is recognised: its name, else its first fields."""
        if fact.name:
            return self.session.say(msg("“{name}”", name=one_line(fact.name)))
        return listed(self.session, (field_text(self.session, each) for each in fact.values[:2]))

    def values(self, fact: FactExplained) -> str:
        """Return the fields of a fact."""
        return listed(self.session, (field_text(self.session, each) for each in fact.values))
