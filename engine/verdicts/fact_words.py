"""What facts are called by people: by their type and what they call themselves, a given one also by its id."""

from __future__ import annotations

from collections.abc import Iterator

from engine.base.messages import Message, listing, msg
from engine.facts.builtin import EVIDENCE
from engine.facts.called import naming_field
from engine.facts.model import Fact
from engine.language.typed import FieldOf
from engine.scoring.evaluation import Evaluation
from engine.verdicts.form import FormWords


class FactWords:
    """The names of the facts of one evaluation."""

    def __init__(self, evaluation: Evaluation, form: FormWords) -> None:
        self.form = form
        rows = (part for score in evaluation.scores for part in score.parts if part.row is not None)
        self.rows = {part.row.fact: part.title for part in rows if part.row is not None}
        self.origins = {fact: firing.facts for firing, fact in evaluation.firings if fact is not None}
        self.naming = {name: naming_field(found) for name, found in evaluation.program.ruleset.facts.items()}
        self.naming[EVIDENCE.name] = "title"

    def name_of(self, fact: Fact) -> str:
        """Return what a fact calls itself: a row as the form does, else by a short text that it must have; or empty."""
        if fact in self.rows:
            return self.rows[fact]
        derived = fact.type in self.form.derived
        names = self.copied_names(fact.type) if derived else [self.naming.get(fact.type, "")]
        return next((str(fact.values[name]) for name in names if name in fact.values), "")

    def copied_names(self, fact_type: str) -> list[str]:
        """Return the fields of a derived type in which a fact's own name is taken over."""
        found = []
        for name, tree in self.form.derived[fact_type].items():
            if isinstance(tree, FieldOf):
                base = tree.base.type.fact_type
                own = self.copied_names(base) if base in self.form.derived else [self.naming.get(base, "")]
                found += [name] if tree.field in own else []
        return found

    def known_as(self, fact: Fact) -> Iterator[str]:
        """Yield the names by which people may ask for a fact: its own, and those of the facts that it stems from."""
        yield fact.id
        yield self.name_of(fact)
        for origin in self.origins.get(fact, ()):
            yield from self.known_as(origin)

    def fact(self, fact: Fact) -> Message:
        """Call a fact by its type and its name; a derived one without a name by what it stems from."""
        title, name = self.form.type(fact.type), self.name_of(fact)
        origins = self.origins.get(fact)
        if origins is not None and name:
            return msg("{type} “{name}”", type=title, name=name)
        if origins:
            return msg("{type} of {facts}", type=title, facts=listing(map(self.fact, origins)))
        if fact.id == fact.type or origins is not None:
            return Message("{type}", {"type": title})
        if name and name != fact.id:
            return msg("{type} “{name}” ({id})", type=title, name=name, id=fact.id)
        return msg("{type} {id}", type=title, id=fact.id)
