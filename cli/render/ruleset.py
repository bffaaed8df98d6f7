"""A ruleset as a tree: what the form says, and under each clause the rules that carry it out, with nothing left out."""

from __future__ import annotations

from collections.abc import Sequence

from rich.tree import Tree

from cli.render.form_words import criterion_sentence, partial_sentences
from cli.render.review import head_words
from cli.render.rule_words import result_heading, rounding_words
from cli.render.ruleset_rules import SECTION, RuleBranches
from cli.render.words import ruleset_name
from cli.terminal.session import Session
from cli.terminal.wrapping import Wrapped
from engine.base.messages import msg
from engine.base.numbers import exact_text
from engine.explanation.words import authority_words
from engine.ruleset import Ruleset
from engine.ruleset.clauses import EVERY_ROW
from engine.ruleset.model import Checklist, Indicator, Parameter, Part, Reading, Rows
from engine.ruleset.review import PARAMETER, READING
from engine.ruleset.rule_text import Requirement, ResultText
from engine.ruleset.word_form import word_form


def render_ruleset(session: Session, ruleset: Ruleset, *, chinese: bool) -> None:
    """Print the tree of a ruleset, its expressions in the Chinese or the English form."""
    with session.page() as console:
        console.print(_Drawing(session, ruleset, word_form(ruleset, chinese=chinese)).tree())


class _Drawing(RuleBranches):
    """The whole ruleset being drawn."""

    def tree(self) -> Tree:
        """Return the whole."""
        ruleset = self.ruleset
        root = Tree(Wrapped(f"{ruleset.title}（{ruleset.issuer}，{ruleset.year}）", style="bold"))
        self.head(root)
        self.facts(root)
        own = {clause for indicator in ruleset.indicators for clause in indicator.clauses}
        shared = {clause: words for clause, words in ruleset.clauses.items() if clause not in own}
        if shared:
            self.clauses(self.say(root, msg("Clauses of the whole form")), shared, "")
        for indicator in ruleset.indicators:
            self.indicator(root, indicator)
        for section, title in SECTION.items():
            rules = [placed for placed in self.placed if placed.section == section]
            requires = ruleset.every_row.requires if section == EVERY_ROW else ()
            if rules or requires:
                holder = self.say(root, title)
                self.requirements(holder, requires)
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

    def head(self, root: Tree) -> None:
        """Draw what the ruleset says of itself and of the whole form."""
        ruleset = self.ruleset
        self.say(root, ruleset_name(ruleset))
        for words in head_words(ruleset):
            self.say(root, words)
        self.say(root, msg("Digest of all its sources: {digest}", digest=ruleset.digest))
        if ruleset.source:
            self.say(root, msg("Source: {source}", source=ruleset.source))
        self.say(root, rounding_words(ruleset))
        self.say(root, msg("Full score: {points}", points=exact_text(ruleset.weight)))
        grades = self.listed(msg("{grade} from {points}", grade=g, points=exact_text(p)) for g, p in ruleset.grades)
        self.say(root, msg("Grades: {grades}", grades=grades))
        if ruleset.levels:
            holder = self.say(root, msg("Levels"))
            for level in ruleset.levels:
                holder.add(Wrapped(f"{' / '.join(level.path)}（{exact_text(level.weight)}）"))
        if ruleset.total.rescales:
            self.say(root, msg("Where something does not apply: score ÷ applicable weight × full score"))

    def facts(self, root: Tree) -> None:
        """Draw what is given, and how it is measured."""
        ruleset = self.ruleset
        holder = self.say(root, msg("Facts"))
        for name, fact_type in ruleset.facts.items():
            if fact_type.schema:
                called = self.titled(self.form.name(name), fact_type.title)
                left_out = self.session.say(msg("{fact}; may be left out", fact=called))
                holder.add(Wrapped(left_out if name in ruleset.optional else called))
        if ruleset.head:
            facts = self.listed(map(self.form.name, ruleset.head))
            self.say(root, msg("In the head of the card: {facts}", facts=facts))
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
        self.requirements(branch, [each for each in indicator.requires if not each.form])
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
            return
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
            said = self.session.say(criterion_sentence(item, self.formula))
            named = "" if item.id == f"c{item.number}" else f"{self.form.label(item.id)}  "
            holder.add(Wrapped(f"{item.number}. {named}{said}  [{self.listed(item.cites)}]"))
        for line, under in partial_sentences(checklist):
            self.under(self.say(holder, line), under)

    def requirements(self, branch: Tree, requires: Sequence[Requirement]) -> None:
        """Draw what the facts of an indicator, or of each row, must satisfy."""
        if requires:
            holder = self.say(branch, msg("Required before the indicator can be scored"))
            for requirement in requires:
                self.requirement(holder, requirement)

    def part(self, holder: Tree, part: Part) -> None:
        """Draw a part."""
        named = f"{self.form.label(part.id)} {part.title}".rstrip()
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

    def result(self, root: Tree, result: ResultText) -> None:
        """Draw a result: its name, what its values are, and the rules that give it."""
        holder = self.say(root, result_heading(result, self.form.name(result.name)), "bold")
        if result.choices:
            self.say(holder, msg("One of: {choices}", choices=self.listed(result.choices)))
        for placed in self.placed:
            if placed.section == result.name:
                self.rule(holder, placed)

    def titled(self, name: str, title: str) -> str:
        """Return a name with its title, where that is another."""
        return name if title in ("", name) else self.session.say(msg("{name}: {title}", name=name, title=title))

    def parameters(self, root: Tree) -> None:
        """Draw the parameters with their values in each reading."""
        holder = self.say(root, msg("Parameters"))
        for parameter in self.ruleset.parameters.values():
            self.parameter(holder, parameter)

    def parameter(self, holder: Tree, parameter: Parameter) -> None:
        """Draw one parameter."""
        called = self.form.name(parameter.name)
        title = parameter.title if parameter.title != called else ""
        named = f"{called} = {self.formula(parameter.value)}  {title}".rstrip()
        node = holder.add(Wrapped(f"{named}  [{self.listed(parameter.cites)}]"))
        self.review(node, PARAMETER, parameter.name)
        for reading, alternative, value in parameter.under:
            key = self.form.label(alternative)
            self.say(node, msg("In reading {name}={key}: {value}", name=reading, key=key, value=self.formula(value)))

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
            called = self.form.label(key)
            line = (
                msg("chosen: {name}, {words} ({scores})", name=called, words=words, scores=scores)
                if key == reading.chosen
                else msg("or: {name}, {words} ({scores})", name=called, words=words, scores=scores)
            )
            self.say(node, line)
        self.say(node, authority_words(reading))

    def accepted(self, root: Tree) -> None:
        """Draw which findings of the examination are meant."""
        holder = self.say(root, msg("Accepted findings of the examination"))
        for each in self.ruleset.accepted:
            check = self.say(holder, msg("{check}: {reason}", check=each.check, reason=each.reason))
            for name in each.names:
                check.add(Wrapped(name))
