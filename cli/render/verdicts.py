"""Verdicts on the terminal: every rule in a line, or one rule with each condition on each fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from rich.tree import Tree

from cli.render.reproduced import reproduced_tree
from cli.render.ruleset_rules import SECTION
from cli.render.verdicts_json import verdicts_json
from cli.render.words import ACTION
from cli.terminal.session import Session
from cli.terminal.wrapping import Wrapped
from engine.base.messages import Message, listing, msg, plural
from engine.explanation.names import alternative_name
from engine.explanation.words import amounts
from engine.language.typed import Const
from engine.program.program import CompiledRule
from engine.ruleset.clauses import CHECKS, DEFINITIONS, TOTAL
from engine.verdicts import Candidate, ConditionVerdict, WrittenRule
from engine.verdicts.rule_words import did_words, why_words
from engine.verdicts.unapplied import UnappliedRule
from engine.verdicts.words import Line
from workflow.why_not import RuleVerdicts

MOST_CANDIDATES = 12
"""Of how many facts of a rule the conditions are shown one by one."""


def answer_all_rules(session: Session, found: RuleVerdicts, *, as_json: bool) -> None:
    """Print a line for each rule, or all verdicts as JSON."""
    _answer(session, found, _Painter.all_rules, as_json=as_json)


def answer_why_not(session: Session, found: RuleVerdicts, *, as_json: bool) -> None:
    """Print a rule with every condition on each fact that it could match, or the same as JSON."""
    _answer(session, found, _Painter.why_not, as_json=as_json)


def _answer(session: Session, found: RuleVerdicts, paint: Callable[[_Painter], Tree], *, as_json: bool) -> None:
    if as_json:
        session.json(verdicts_json(found))
        return
    with session.page() as console:
        console.print(paint(_Painter(session, found)))


class _Painter:
    """Builds the trees."""

    def __init__(self, session: Session, found: RuleVerdicts) -> None:
        self.session, self.found = session, found
        self.words, self.shown = found.words, found.reproduced.shown

    def line(self, message: Message, style: str = "") -> Wrapped:
        """Return a message as a line of a tree."""
        return Wrapped(self.session.say(message), style=style)

    def all_rules(self) -> Tree:
        """Return the tree of many rules."""
        root = reproduced_tree(self.session, self.found.reproduced)
        lines: dict[str, list[Message]] = {}
        for rule in self.found.rules:
            lines.setdefault(_section(rule.name), []).append(self.in_a_line(rule))
        for other in self.found.unapplied:
            lines.setdefault(_section(other.name), []).append(self.not_applied(other))
        for section in sorted(lines, key=self.position):
            branch = root.add(self.line(self.section(section), "bold"))
            for words in lines[section]:
                branch.add(self.line(words))
        return root

    def position(self, section: str) -> int:
        """Return where a section comes: the definitions, the indicators, the total, the results, the checks."""
        ruleset = self.shown.case.ruleset
        numbers = [str(indicator.number) for indicator in ruleset.indicators]
        return [DEFINITIONS, *numbers, TOTAL, *ruleset.results, CHECKS].index(section)

    def section(self, section: str) -> Message:
        """Call a section: an indicator with its points, a result, or a part of the ruleset."""
        content, ruleset = self.shown.case.content, self.shown.case.ruleset
        if section.isdecimal():
            line = content.indicator(int(section))
            return msg("{number} {name}: {amounts}, of {weight}",
                       number=line.number, name=line.name, amounts=amounts(line), weight=line.weight)  # fmt: skip
        if section in ruleset.results:
            return msg("Result {title}", title=ruleset.results[section].title)
        return SECTION[section]

    def in_a_line(self, rule: WrittenRule) -> Message:
        """Say in a line what a rule did: on how many facts it fired, or what kept it from firing."""
        name = self.words.form.rule(rule.rule)
        return msg("{rule} ({action}): {did}", rule=name, action=_action(rule.rule), did=did_words(self.words, rule))

    def not_applied(self, rule: UnappliedRule) -> Message:
        """Say in which readings a rule would apply."""
        under = listing(_reading_words(rule, self.found))
        name = rule.written if self.session.language == "zh" else rule.name
        return msg("{rule}: not in these readings; it applies in {under}", rule=name, under=under)

    def why_not(self) -> Tree:
        """Return the tree of one rule, or of the parts that it is written for."""
        root = reproduced_tree(self.session, self.found.reproduced)
        for rule in self.found.rules:
            self.rule(rule, root)
        for other in self.found.unapplied:
            root.add(self.line(self.not_applied(other), "bold"))
        return root

    def rule(self, rule: WrittenRule, root: Tree) -> None:
        """Draw a rule: the facts for which it fired in a line, and every other with its conditions."""
        branch = root.add(self.line(self.in_a_line(rule), "bold"))
        for clause in rule.rule.clauses:
            text = self.shown.case.ruleset.clauses[clause]
            branch.add(self.line(msg("Clause {id}: {text}", id=clause, text=text)))
        fired = [candidate for candidate in rule.candidates if candidate.fired]
        others = [candidate for candidate in rule.candidates if not candidate.fired]
        alone = len(rule.candidates) == 1
        if fired and rule.rule.match.patterns and not alone:
            names = [self.words.facts.fact(candidate.facts[0]) for candidate in fired[:MOST_CANDIDATES]]
            listed = listing([*names, *(["…"] if len(fired) > len(names) else [])])
            branch.add(self.line(msg("Fired for: {facts}", facts=listed)))
        for candidate in rule.candidates if alone else others[:MOST_CANDIDATES]:
            self.candidate(rule, candidate, branch)
        if not alone and (more := len(others) - MOST_CANDIDATES) > 0:
            left = plural("… and {count} more fact; name it to see why",
                          "… and {count} more facts; name one to see why", count=more)  # fmt: skip
            branch.add(self.line(left))

    def candidate(self, rule: WrittenRule, candidate: Candidate, branch: Tree) -> None:
        """Draw the conditions of a rule on its facts, in the order in which they are tried."""
        holder = branch
        if candidate.facts:
            names = listing(map(self.words.facts.fact, candidate.facts))
            did = msg("Fired for {facts}", facts=names)
            holder = branch.add(self.line(did if candidate.fired else msg("Did not fire for {facts}", facts=names)))
        for verdict in _in_order(rule, candidate):
            self.condition(rule, verdict, candidate, holder)
        for other in rule.other_rows(candidate) if len(rule.candidates) == 1 else ():
            holder.add(self.line(msg("another band: {why}", why=why_words(self.words, rule, other))))
        if candidate.lacks:
            title = self.words.form.type(candidate.lacks)
            holder.add(self.line(msg("There is no fact “{type}” to go with it.", type=title)))
        if candidate.tried > 1 or candidate.untried:
            holder.add(self.line(_tried(candidate)))
        if len(candidate.rows) > 1:
            holder.add(
                self.line(msg("Fired with {count} rows of facts; the first is shown.", count=len(candidate.rows)))
            )

    def condition(self, rule: WrittenRule, verdict: ConditionVerdict, candidate: Candidate, holder: Tree) -> None:
        """Draw a condition, and below it the parts that it is joined of."""
        said = self.words.condition(rule.rule, verdict, candidate.facts)
        if verdict.observed is None:
            holder.add(self.line(said.words))
        else:
            self.branch(said, holder)

    def branch(self, said: Line, holder: Tree) -> None:
        """Draw a line and what is below it."""
        words = msg("met: {words}", words=said.words) if said.holds else msg("not met: {words}", words=said.words)
        node = holder.add(self.line(words, "" if said.holds else "bold"))
        for below in said.below:
            self.branch(below, node)


def _action(rule: CompiledRule) -> Message:
    """Return what a rule does, in the words of the card: an override to nothing sets to zero."""
    points = [formula.expression.tree for formula in rule.formulas if formula.kind == "points"]
    if rule.action == "override" and any(isinstance(tree, Const) and tree.value == 0 for tree in points):
        return msg("set to zero")
    return ACTION[rule.action]


def _section(name: str) -> str:
    return name.partition("/")[0]


def _in_order(rule: WrittenRule, candidate: Candidate) -> Iterable[ConditionVerdict]:
    """Return the conditions to be shown: those that were not reached only where there is no other fact.

    An end of a band is shown only where it was tried, for it is any row's.
    """
    if len(rule.candidates) > 1:
        return [each for each in candidate.conditions if each.truth != "unreached"]
    return [each for each in candidate.conditions if each.truth != "unreached" or not each.condition.of_band]


def _tried(candidate: Candidate) -> Message:
    if candidate.untried:
        return msg(
            "Of {count} combinations with other facts the first {tried} were looked at; this one got the furthest.",
            count=candidate.tried + candidate.untried,
            tried=candidate.tried,
        )
    return msg("Of {count} combinations with other facts this one got the furthest.", count=candidate.tried)


def _reading_words(rule: UnappliedRule, found: RuleVerdicts) -> Iterator[Message]:
    """Yield the readings of a rule, each with the alternative that was chosen here."""
    program, own = found.reproduced.program, found.reproduced.shown.case.own_names

    def called(reading: str, alternative: str) -> Message:
        return alternative_name(program.ruleset.readings[reading], alternative, own)

    for name, alternatives in rule.under:
        listed = listing([called(name, each) for each in program.ruleset.readings[name].alternatives
                          if each in alternatives])  # fmt: skip
        chosen = called(name, program.readings[name])
        yield msg("{name}: {alternatives} (here {chosen})", name=name, alternatives=listed, chosen=chosen)
