"""The rules of a ruleset as branches of its tree: each in full once, and named wherever else it belongs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from rich.tree import Tree

from cli.render.form_words import form_sentence
from cli.render.review import review_words
from cli.render.rule_words import BOUND, FORMULA, OPTION, SCOPE
from cli.render.ruleset_lines import RulesetLines
from cli.render.words import ACTION
from cli.terminal.session import Session
from cli.terminal.wrapping import Wrapped
from engine.base.messages import Message, msg
from engine.language.spelling import WordForm
from engine.ruleset import Ruleset
from engine.ruleset.clauses import (
    CHECKS,
    DEFINITIONS,
    EVERY_INDICATOR,
    EVERY_ROW,
    TOTAL,
    PlacedRule,
    carried_out,
    is_same,
    once,
    placed_rules,
    row_clauses,
)
from engine.ruleset.review import CLAUSE, needs_review, reviews
from engine.ruleset.rule_text import Form, RuleText

SECTION: Mapping[str, Message] = {
    DEFINITIONS: msg("Definitions"),
    EVERY_INDICATOR: msg("Rules of every indicator"),
    EVERY_ROW: msg("Rules of every row"),
    CHECKS: msg("Checks"),
    TOTAL: msg("Rules of the total"),
}


def _is_of_checklist(placed: PlacedRule) -> bool:
    return placed.rule.form is not None and placed.rule.form.kind == "checklist"


def _others(ruleset: Ruleset) -> Iterator[tuple[str, list[Message]]]:
    """Yield the clauses that something else than a rule carries out, each with what that is."""
    found: dict[str, list[Message]] = {}
    for indicator in ruleset.indicators:
        for clause in row_clauses(indicator):
            found.setdefault(clause, []).append(msg("The rows carry out this clause"))
        checklist = indicator.checklist
        for item in checklist.items if checklist is not None else ():
            for clause in item.cites:
                found.setdefault(clause, []).append(msg("Criterion {number} of the checklist", number=item.number))
        for clause in checklist.cites if checklist is not None else ():
            found.setdefault(clause, []).append(msg("What is met in part, in the checklist"))
    yield from found.items()


class RuleBranches(RulesetLines):
    """The rules being drawn; a rule is drawn in full once, and named wherever else it belongs."""

    def __init__(self, session: Session, ruleset: Ruleset, form: WordForm) -> None:
        super().__init__(session, ruleset, form)
        self.rules = {
            clause: tuple(placed for placed in once(rules) if not _is_of_checklist(placed))
            for clause, rules in carried_out(ruleset).items()
        }
        self.every_rule = [placed for placed in placed_rules(ruleset) if not _is_of_checklist(placed)]
        self.others = dict(_others(ruleset))
        self.placed = list(once(self.every_rule))
        self.drawn: dict[str, str] = {}
        """The clause under which each rule was drawn."""
        found = reviews(ruleset) if needs_review(ruleset) else ()
        self.reviews = {(review.item.kind, review.item.name): review for review in found}

    def clauses(self, holder: Tree, clauses: Mapping[str, str], section: str) -> None:
        """Draw clauses, and under each the rules that carry it out."""
        for clause, words in clauses.items():
            node = holder.add(Wrapped(f"{clause}  {words}"))
            self.review(node, CLAUSE, clause)
            for line in self.others.get(clause, ()):
                self.say(node, line)
            for placed in self.rules[clause]:
                if placed.section == section and placed.name not in self.drawn:
                    self.drawn[placed.name] = clause
                    self.rule(node, placed)
                else:
                    self.reference(node, placed)
            if not self.rules[clause] and clause not in self.others:
                self.say(node, msg("No rule carries out this clause"))

    def reference(self, holder: Tree, placed: PlacedRule) -> None:
        """Name a rule that is drawn elsewhere."""
        if placed.name in self.drawn:
            where = msg("see clause {clause}", clause=self.drawn[placed.name])
        elif placed.section in SECTION:
            where = msg("see “{section}”", section=SECTION[placed.section])
        elif placed.section in self.ruleset.results:
            where = msg("see result {name}", name=self.form.name(placed.section))
        else:
            where = msg("see indicator {number}", number=placed.section)
        action = ACTION[placed.rule.action]
        self.say(holder, msg("Rule {rule}: {action}; {where}", rule=self.rule_name(placed), action=action, where=where))

    def rule(self, holder: Tree, placed: PlacedRule) -> None:
        """Draw a rule with its conditions, its bands and its amounts."""
        rule = placed.rule
        node = self.say(holder, msg("Rule {rule}: {action}", rule=self.rule_name(placed), action=ACTION[rule.action]))
        if rule.parts:
            self.say(node, msg("Parts: {parts}", parts=self.called(rule.parts)))
        others = [clause for clause in placed.clauses if clause != self.drawn.get(placed.name)]
        if others and placed.name in self.drawn:
            self.say(node, msg("Also carries out: {clauses}", clauses=self.listed(others)))
        elif others:
            self.say(node, msg("Carries out: {clauses}", clauses=self.listed(others)))
        if rule.form is not None:
            self.form_of(node, rule.form, placed)
        self.under(node, [each for each in rule.under if rule.form is None or each[0] != rule.form.reading])
        if rule.readings:
            self.say(node, msg("Relies on reading: {readings}", readings=self.listed(rule.readings)))
        for condition in rule.when:
            self.say(node, msg("When: {condition}", condition=self.formula(condition)))
        self.each(node, rule.each)
        for condition in rule.where:
            self.say(node, msg("Where: {condition}", condition=self.formula(condition)))
        self.amounts(node, rule)
        if rule.say is not None:
            self.say(node, msg("Says: {text}", text=self.words(rule.say)))

    def form_of(self, node: Tree, form: Form, placed: PlacedRule) -> None:
        """Draw the form in which a rule is written, and what each alternative of its reading makes of it."""
        self.say(node, form_sentence(form, self.formula))
        for other in self.every_rule:
            own = other.rule.form
            if form.reading and own is not None and other.rule.formula is not None and is_same(placed, other):
                value, keys = self.formula(other.rule.formula), dict(other.rule.under)[form.reading]
                self.say(
                    node, msg("In reading {name}={key}: {value}", name=form.reading, key=self.called(keys), value=value)
                )

    def amounts(self, node: Tree, rule: RuleText) -> None:
        """Draw the bands of a rule and what it gives."""
        if rule.bands_on is not None:
            table = self.say(node, msg("Band, by {formula}", formula=self.formula(rule.bands_on)))
            for band in rule.bands:
                row = self.say(
                    table,
                    replace(
                        BOUND[band.bound], values={"limit": self.formula(band.limit), "gives": self.formula(band.gives)}
                    ),
                )
                if band.falls:
                    self.say(row, msg("Intentionally lower than the row before"))
                self.under(row, band.under)
        if rule.formula is not None and not (rule.form is not None and rule.form.reading):
            self.say(node, replace(FORMULA[rule.action], values={"formula": self.formula(rule.formula)}))
        if rule.of is not None:
            self.say(node, msg("At stake: {formula}", formula=self.formula(rule.of)))
        if rule.scope and not rule.level:
            self.say(node, SCOPE[rule.scope])
        if rule.level:
            self.say(node, msg("For the level {level}", level=rule.level))
        if rule.option:
            self.say(node, OPTION[rule.option])
        if rule.derives:
            table = self.say(node, msg("Derived fact: {type}", type=self.form.name(rule.derives)))
            for name, formula in rule.fields.items():
                table.add(Wrapped(f"{self.form.field_name(name)} = {self.formula(formula)}"))

    def review(self, node: Tree, kind: str, name: str) -> None:
        """Draw who has confirmed something of a ruleset that was copied."""
        if (found := self.reviews.get((kind, name))) is not None:
            self.say(node, review_words(found))
