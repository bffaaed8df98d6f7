"""A ruleset as a tree: what the form says, and under each clause the rules that carry it out, with nothing left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rich.tree import Tree

from cli.render.form_words import criterion_sentence, form_sentence, partial_sentences
from cli.render.review import head_words, review_words
from cli.render.rule_words import BOUND, FORMULA, OPTION, SCOPE, result_heading
from cli.render.words import ACTION, ruleset_name
from cli.terminal.session import Session
from cli.terminal.wrapping import Wrapped
from engine.base.messages import Message, msg
from engine.base.numbers import exact_text
from engine.language.spelling import WordForm
from engine.ruleset import Ruleset
from engine.ruleset.clauses import (
    CHECKS,
    DEFINITIONS,
    EVERY_INDICATOR,
    TOTAL,
    PlacedRule,
    carried_out,
    is_same,
    once,
    placed_rules,
)
from engine.ruleset.model import (
    Bilingual,
    Checklist,
    Form,
    Indicator,
    Parameter,
    Part,
    Reading,
    Requirement,
    ResultText,
    Rows,
    RuleText,
    SourceText,
)
from engine.ruleset.review import CLAUSE, PARAMETER, READING, needs_review, reviews
from engine.ruleset.word_form import word_form

SECTION: Mapping[str, Message] = {
    DEFINITIONS: msg("Definitions"),
    EVERY_INDICATOR: msg("Rules of every indicator"),
    CHECKS: msg("Checks"),
    TOTAL: msg("Rules of the total"),
}


def render_ruleset(session: Session, ruleset: Ruleset, *, chinese: bool) -> None:
    """Print the tree of a ruleset, its expressions in the Chinese or the English form."""
    with session.page() as console:
        console.print(_Drawing(session, ruleset, word_form(ruleset, chinese=chinese)).tree())


class _Drawing:
    """One ruleset being drawn; a rule is drawn in full once, and named wherever else it belongs."""

    def __init__(self, session: Session, ruleset: Ruleset, form: WordForm) -> None:
        self.session = session
        self.ruleset = ruleset
        self.form = form
        self.rules = {clause: tuple(once(placed)) for clause, placed in carried_out(ruleset).items()}
        self.every_rule = list(placed_rules(ruleset))
        self.placed = list(once(self.every_rule))
        self.drawn: dict[str, str] = {}
        """The clause under which each rule was drawn."""
        found = reviews(ruleset) if needs_review(ruleset) else ()
        self.reviews = {(review.item.kind, review.item.name): review for review in found}

    def tree(self) -> Tree:
        """Return the whole."""
        ruleset = self.ruleset
        root = Tree(Wrapped(f"{ruleset.title}（{ruleset.issuer}，{ruleset.year}）", style="bold"))
        self.say(root, ruleset_name(ruleset))
        for words in head_words(ruleset):
            self.say(root, words)
        self.say(root, msg("Digest of all its sources: {digest}", digest=ruleset.digest))
        if ruleset.source:
            self.say(root, msg("Source: {source}", source=ruleset.source))
        self.say(
            root, msg("Scores are rounded half up to {places} decimals, once at each indicator", places=ruleset.places)
        )
        self.say(root, msg("Full score: {points}", points=exact_text(ruleset.weight)))
        grades = self.listed(msg("{grade} from {points}", grade=g, points=exact_text(p)) for g, p in ruleset.grades)
        self.say(root, msg("Grades: {grades}", grades=grades))
        if ruleset.levels:
            holder = self.say(root, msg("Levels"))
            for level in ruleset.levels:
                holder.add(Wrapped(f"{' / '.join(level.path)}（{exact_text(level.weight)}）"))
        if ruleset.total.rescales:
            self.say(root, msg("Where something does not apply: score ÷ applicable weight × full score"))
        self.facts(root)
        own = {clause for indicator in ruleset.indicators for clause in indicator.clauses}
        shared = {clause: words for clause, words in ruleset.clauses.items() if clause not in own}
        if shared:
            self.clauses(self.say(root, msg("Clauses of the whole form")), shared, "")
        for indicator in ruleset.indicators:
            self.indicator(root, indicator)
        for section, title in SECTION.items():
            rules = [placed for placed in self.placed if placed.section == section]
            if rules:
                holder = self.say(root, title)
                for placed in rules:
                    self.rule(holder, placed)
        for result in ruleset.results.values():
            self.result(root, result)
        if ruleset.parameters:
            self.parameters(root)
        if ruleset.readings:
            self.readings(root)
        if ruleset.accepted:
            self.accepted(root)
        return root

    def say(self, holder: Tree, message: Message, style: str = "") -> Tree:
        """Add a sentence to a branch."""
        return holder.add(Wrapped(self.session.say(message), style=style))

    def listed(self, entries: Iterable[Message | str]) -> str:
        """Return words one after another."""
        said = [self.session.say(entry) if isinstance(entry, Message) else entry for entry in entries]
        return ("、" if self.session.language == "zh" else ", ").join(said)

    def words(self, both: Bilingual) -> str:
        """Return words in the reader's language."""
        return self.form.sentence(both.zh.text if self.session.language == "zh" else both.en.text)

    def formula(self, written: SourceText) -> str:
        """Return an expression in the form that is shown."""
        return self.form.expression(written.text)

    def accepted(self, root: Tree) -> None:
        """Draw which findings of the examination are meant."""
        holder = self.say(root, msg("Accepted findings of the examination"))
        for each in self.ruleset.accepted:
            check = self.say(holder, msg("{check}: {reason}", check=each.check, reason=each.reason))
            for name in each.names:
                check.add(Wrapped(name))

    def facts(self, root: Tree) -> None:
        """Draw what is given, and how it is measured."""
        ruleset = self.ruleset
        holder = self.say(root, msg("Facts"))
        for name, fact_type in ruleset.facts.items():
            if fact_type.schema:
                line = msg("{name}: {title}", name=name, title=fact_type.title)
                left_out = msg("{name}: {title}; may be left out", name=name, title=fact_type.title)
                self.say(holder, left_out if name in ruleset.optional else line)
        if ruleset.head:
            self.say(root, msg("In the head of the card: {facts}", facts=self.listed(ruleset.head)))
        for unit, (factor, into) in ruleset.conversions.items():
            self.say(root, msg("Unit: 1 {unit} = {factor} {into}", unit=unit, factor=exact_text(factor), into=into))
        if ruleset.calendar is not None:
            first, last = ruleset.calendar.first, ruleset.calendar.last
            self.say(root, msg("Working days are known from {first} to {last}", first=first, last=last))

    def indicator(self, root: Tree, indicator: Indicator) -> None:
        """Draw an indicator: its words, its parts, what it needs, and its clauses with their rules."""
        weight = exact_text(indicator.weight)
        heading = f"{indicator.number} {indicator.name}（{weight}）  {' / '.join(indicator.path)}"
        branch = root.add(Wrapped(heading, style="bold"))
        if indicator.explanation:
            branch.add(Wrapped(indicator.explanation))
        self.settled(branch, indicator)
        self.requirements(branch, indicator)
        self.clauses(branch, indicator.clauses, str(indicator.number))
        for placed in self.placed:
            if placed.section == str(indicator.number) and placed.name not in self.drawn:
                self.rule(branch, placed)
        if indicator.evidence_asked:
            holder = self.say(branch, msg("Evidence asked for"))
            for words in indicator.evidence_asked:
                holder.add(Wrapped(words))
        if indicator.remarks:
            self.say(branch, msg("Remark: {text}", text=indicator.remarks))

    def settled(self, branch: Tree, indicator: Indicator) -> None:
        """Draw what is settled by itself: rows, parts, or the whole."""
        if indicator.checklist is not None:
            self.checklist(self.say(branch, msg("Checklist")), indicator.checklist)
        if indicator.rows is not None:
            self.rows(branch, indicator.rows)
        if indicator.parts[0].weight is None:
            if indicator.parts[0].method == "deduct":
                self.say(branch, msg("Points are deducted from the whole weight"))
            return
        holder = self.say(branch, msg("Parts"))
        for part in indicator.parts:
            self.part(holder, part)

    def rows(self, branch: Tree, rows: Rows) -> None:
        """Draw from which facts the rows are taken, and what each says of its line."""
        node = self.say(branch, msg("Each {type} is a row", type=self.form.name(rows.fact_type)))
        self.each(node, {rows.alias: rows.fact_type})
        for condition in rows.where:
            self.say(node, msg("Where: {condition}", condition=self.formula(condition)))
        said = [(msg("Weight"), rows.weight), (msg("Name"), rows.name), *((msg("Under"), path) for path in rows.path)]
        said += [(msg("Claimed"), rows.claimed)] if rows.claimed is not None else []
        said += [(msg("Reason"), rows.reason)] if rows.reason is not None else []
        for title, formula in said:
            self.say(node, msg("{name}: {value}", name=title, value=self.formula(formula)))
        for column, formula in rows.columns.items():
            self.say(node, msg("{name}: {value}", name=self.form.name(column), value=self.formula(formula)))

    def checklist(self, holder: Tree, checklist: Checklist) -> None:
        """Draw a checklist as it was written."""
        for item in checklist.items:
            self.say(holder, criterion_sentence(item, self.formula))
        for line, under in partial_sentences(checklist):
            self.under(self.say(holder, line), under)

    def requirements(self, branch: Tree, indicator: Indicator) -> None:
        """Draw what the facts of an indicator must satisfy."""
        if indicator.requires:
            holder = self.say(branch, msg("Required before the indicator can be scored"))
            for requirement in indicator.requires:
                self.requirement(holder, requirement)

    def part(self, holder: Tree, part: Part) -> None:
        """Draw a part."""
        named = f"{part.id} {part.title}".rstrip()
        weight, cites = self.formula(part.weight) if part.weight is not None else "", self.listed(part.cites)
        if part.method == "deduct":
            line = msg("{part}: weight {weight}, by deduction  [{cites}]", part=named, weight=weight, cites=cites)
        else:
            line = msg("{part}: weight {weight}  [{cites}]", part=named, weight=weight, cites=cites)
        self.under(self.say(holder, line), part.under)

    def requirement(self, holder: Tree, requirement: Requirement) -> None:
        """Draw what the facts must satisfy, and what is said where they do not."""
        node = holder.add(Wrapped(self.formula(requirement.that)))
        self.under(node, requirement.under)
        self.each(node, requirement.each)
        for condition in requirement.where:
            self.say(node, msg("Where: {condition}", condition=self.formula(condition)))
        self.say(node, msg("Otherwise: {text}", text=self.words(requirement.say)))
        self.say(node, msg("Remedy: {text}", text=self.words(requirement.remedy)))

    def clauses(self, holder: Tree, clauses: Mapping[str, str], section: str) -> None:
        """Draw clauses, and under each the rules that carry it out."""
        for clause, words in clauses.items():
            node = holder.add(Wrapped(f"{clause}  {words}"))
            self.review(node, CLAUSE, clause)
            for placed in self.rules[clause]:
                if placed.section == section and placed.name not in self.drawn:
                    self.drawn[placed.name] = clause
                    self.rule(node, placed)
                else:
                    self.reference(node, placed)
            if not self.rules[clause]:
                self.say(node, msg("No rule carries out this clause"))

    def reference(self, holder: Tree, placed: PlacedRule) -> None:
        """Name a rule that is drawn elsewhere."""
        if placed.name in self.drawn:
            where = msg("see clause {clause}", clause=self.drawn[placed.name])
        elif placed.section in SECTION:
            where = msg("see “{section}”", section=SECTION[placed.section])
        elif placed.section in self.ruleset.results:
            where = msg("see result {name}", name=placed.section)
        else:
            where = msg("see indicator {number}", number=placed.section)
        action = ACTION[placed.rule.action]
        self.say(holder, msg("Rule {rule}: {action}; {where}", rule=placed.name, action=action, where=where))

    def rule(self, holder: Tree, placed: PlacedRule) -> None:
        """Draw a rule with its conditions, its bands and its amounts."""
        rule = placed.rule
        node = self.say(holder, msg("Rule {rule}: {action}", rule=placed.name, action=ACTION[rule.action]))
        if rule.parts:
            self.say(node, msg("Parts: {parts}", parts=self.listed(rule.parts)))
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
                    node, msg("In reading {name}={key}: {value}", name=form.reading, key=self.listed(keys), value=value)
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

    def each(self, node: Tree, each: Mapping[str, str]) -> None:
        """Draw which facts are looked at."""
        for alias, fact_type in each.items():
            self.say(
                node,
                msg("For each {type}, called {alias}", type=self.form.name(fact_type), alias=self.form.name(alias)),
            )

    def under(self, node: Tree, under: Iterable[tuple[str, frozenset[str]]]) -> None:
        """Draw the readings in which something applies, and which of them is chosen."""
        for name, alternatives in under:
            reading = self.ruleset.readings[name]
            listed = self.listed(key for key in reading.alternatives if key in alternatives)
            if reading.chosen in alternatives:
                line = msg("Only in reading {name}: {alternatives}", name=name, alternatives=listed)
            else:
                line = msg(
                    "Only in reading {name}: {alternatives}; not now, since {chosen} is chosen",
                    name=name,
                    alternatives=listed,
                    chosen=reading.chosen,
                )
            self.say(node, line)

    def result(self, root: Tree, result: ResultText) -> None:
        """Draw a result: its name, what its values are, and the rules that give it."""
        holder = self.say(root, result_heading(result), "bold")
        if result.choices:
            self.say(holder, msg("One of: {choices}", choices=self.listed(result.choices)))
        for placed in self.placed:
            if placed.section == result.name:
                self.rule(holder, placed)

    def parameters(self, root: Tree) -> None:
        """Draw the parameters with their values in each reading."""
        holder = self.say(root, msg("Parameters"))
        for parameter in self.ruleset.parameters.values():
            self.parameter(holder, parameter)

    def parameter(self, holder: Tree, parameter: Parameter) -> None:
        """Draw one parameter."""
        named = f"{parameter.name} = {self.formula(parameter.value)}  {parameter.title}".rstrip()
        node = holder.add(Wrapped(f"{named}  [{self.listed(parameter.cites)}]"))
        self.review(node, PARAMETER, parameter.name)
        for reading, alternative, value in parameter.under:
            self.say(
                node, msg("In reading {name}={key}: {value}", name=reading, key=alternative, value=self.formula(value))
            )

    def review(self, node: Tree, kind: str, name: str) -> None:
        """Draw who has confirmed something of a ruleset that was copied."""
        if (found := self.reviews.get((kind, name))) is not None:
            self.say(node, review_words(found))

    def readings(self, root: Tree) -> None:
        """Draw the register of readings."""
        holder = self.say(root, msg("Readings"))
        for reading in self.ruleset.readings.values():
            self.reading(holder, reading)

    def reading(self, holder: Tree, reading: Reading) -> None:
        """Draw one unclear clause with its alternatives."""
        zh = self.session.language == "zh"
        question = reading.question_zh if zh else reading.question_en
        node = holder.add(Wrapped(f"{reading.id} [{reading.clause}] {question}"))
        self.review(node, READING, reading.id)
        for key, alternative in reading.alternatives.items():
            words = alternative.zh if zh else alternative.en
            scores = alternative.scores_zh if zh else alternative.scores_en
            line = (
                msg("chosen: {name}, {words} ({scores})", name=key, words=words, scores=scores)
                if key == reading.chosen
                else msg("or: {name}, {words} ({scores})", name=key, words=words, scores=scores)
            )
            self.say(node, line)
        authority = msg(
            "Authority: {authority}; decided by {by} on {on}",
            authority=reading.authority,
            by=reading.decided_by,
            on=reading.decided_on,
        )
        self.say(node, authority)
