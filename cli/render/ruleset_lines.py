"""The words in which a ruleset is drawn: expressions in one form, sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.tree import Tree

from cli.terminal.session import Session
from cli.terminal.wrapping import Wrapped
from engine.base.messages import Message, msg
from engine.language.spelling import WordForm
from engine.ruleset import Ruleset
from engine.ruleset.clauses import PlacedRule
from engine.ruleset.defaults import THE_ONE
from engine.ruleset.source_text import Bilingual, SourceText


class RulesetLines:
    """One ruleset being drawn, its expressions in one form of the language."""

    def __init__(self, session: Session, ruleset: Ruleset, form: WordForm) -> None:
        self.session = session
        self.ruleset = ruleset
        self.form = form

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

    def called(self, names: Iterable[str]) -> str:
        """Return what parts or alternatives are called, one after another."""
        return self.listed(map(self.form.label, names))

    def rule_name(self, placed: PlacedRule) -> str:
        """Return the section and the id of a rule."""
        in_result = placed.section in self.ruleset.results
        section = self.form.name(placed.section) if in_result else self.form.key(placed.section)
        return f"{section}/{self.form.label(placed.rule.id)}"

    def each(self, node: Tree, each: Mapping[str, str]) -> None:
        """Draw which facts are looked at; what has the usual name is not said to be called so."""
        for alias, fact_type in each.items():
            said, named = self.form.name(fact_type), self.form.name(alias)
            usual = alias == THE_ONE
            self.say(
                node,
                msg("For each {type}", type=said)
                if usual
                else msg("For each {type}, called {alias}", type=said, alias=named),
            )

    def under(self, node: Tree, under: Iterable[tuple[str, frozenset[str]]]) -> None:
        """Draw the readings in which something applies, and which of them is chosen."""
        for name, alternatives in under:
            reading = self.ruleset.readings[name]
            listed = self.called(key for key in reading.alternatives if key in alternatives)
            if reading.chosen in alternatives:
                line = msg("Only in reading {name}: {alternatives}", name=name, alternatives=listed)
            else:
                line = msg(
                    "Only in reading {name}: {alternatives}; not now, since {chosen} is chosen",
                    name=name,
                    alternatives=listed,
                    chosen=self.form.label(reading.chosen),
                )
            self.say(node, line)
