"""The explanation: indicator → parts → postings → rule → clause → facts with evidence → formula → readings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from rich.tree import Tree

from cli.render.ledger import standing_lines
from cli.render.words import (
    KIND,
    STATUS,
    brief,
    field_line,
    file_words,
    grade_words,
    limit_words,
    listed,
    points_range,
    ruleset_name,
    says,
    short_points,
)
from cli.render.wrapping import Wrapped
from cli.session import Session
from cli.view import View
from engine.base.messages import Message, msg, plural
from engine.facts.model import Kind
from engine.receipt import plain
from engine.receipt.model import (
    AggregateLine,
    BookedLine,
    FiringLine,
    FormulaLine,
    IndicatorLine,
    PartLine,
    PostingLine,
)

_FORMULAS: Mapping[str, Message] = {
    "points": msg("points"),
    "of": msg("at stake"),
    "band": msg("band"),
    "when": msg("condition"),
}
"""What the formulas of a rule are called by their kind; those of a derived fact have the names of its fields."""

_FRACTION = re.compile(r"('[^']*')|\((-?[0-9]+/[0-9]+)\)")
"""A number in a formula that no decimal can write, or a text in quotes, in which there is none."""

MOST_FACTS = 12
"""How many facts of an aggregate are named one by one."""


def explanation_tree(session: Session, seen: View, number: int | None) -> Tree:
    """Return the tree of one indicator, or of every indicator that lost points."""
    return _Teller(session, seen).tree(number)


class _Teller:
    """Builds the tree; a clause, a reading or a fact is told in full the first time, and named after that."""

    def __init__(self, session: Session, seen: View) -> None:
        self.session = session
        self.seen = seen
        self.told: set[tuple[str, str]] = set()

    def line(self, message: Message) -> Wrapped:
        """Return a message as a line of the tree."""
        return Wrapped(self.session.say(message))

    def is_new(self, kind: str, name: str) -> bool:
        """Tell whether something has not been told yet, and note that it is now."""
        if (kind, name) in self.told:
            return False
        self.told.add((kind, name))
        return True

    def tree(self, number: int | None) -> Tree:
        """Return the whole tree."""
        content = self.seen.content
        case = content.case
        heading = msg(
            "{department}, {year}: {total} of {weight}, {grade}",
            department=case.department,
            year=case.year,
            total=points_range(content.total, content.open),
            weight=content.weight,
            grade=grade_words(content),
        )
        root = Tree(self.line(heading))
        root.add(self.line(ruleset_name(self.seen)))
        for standing in standing_lines(self.seen.recorded):
            root.add(Wrapped(self.session.say(standing), style="bold"))
        for indicator in content.indicators:
            if number == indicator.number:
                self.indicator(indicator, root, whole=True)
            elif number is None and not _is_full(indicator):
                self.indicator(indicator, root, whole=False)
        if number is None:
            full = [str(entry.number) for entry in content.indicators if _is_full(entry)]
            if full:
                root.add(self.line(msg("Nothing was lost: {numbers}", numbers=", ".join(full))))
        return root

    def indicator(self, indicator: IndicatorLine, root: Tree, *, whole: bool) -> None:
        """Add an indicator; not `whole` leaves out the postings that only keep points."""
        heading = msg(
            "{number} {name}: {amounts}, of {weight} ({status})",
            number=indicator.number,
            name=indicator.name,
            amounts=_amounts(indicator),
            weight=indicator.weight,
            status=STATUS[indicator.status],
        )
        branch = root.add(Wrapped(self.session.say(heading), style="bold"))
        if indicator.claimed is not None:
            branch.add(self.line(msg("Claimed by the department: {points}", points=indicator.claimed)))
        parts = {part.id: part for part in indicator.parts}
        for part_id in [*parts, ""]:
            postings = [
                (posting, firing)
                for posting, firing in self.seen.postings(indicator.number, part_id)
                if whole or Fraction(posting.lost) > 0 or Fraction(posting.open) > 0
            ]
            if not postings:
                continue
            holder = self.part(parts[part_id], branch) if part_id and len(parts) > 1 else branch
            for posting, firing in postings:
                self.posting(posting, firing, holder)

    def part(self, part: PartLine, branch: Tree) -> Tree:
        """Add a part and return its branch."""
        words = msg(
            "Part {title}: {amounts}, of {weight}",
            title=part.title or part.id,
            amounts=_amounts(part),
            weight=short_points(part.weight),
        )
        return branch.add(self.line(words))

    def posting(self, posting: PostingLine, firing: FiringLine, holder: Tree) -> None:
        """Add a posting with all that it rests on."""
        words = msg("{kind}: {amounts}", kind=KIND[posting.kind], amounts=_amounts(posting))
        line = self.session.say(words) + limit_words(self.session, posting)
        branch = holder.add(Wrapped(line, style="bold" if Fraction(posting.lost) > 0 else ""))
        branch.add(Wrapped(says(self.session, firing)))
        self.firing(firing, branch)

    def firing(self, firing: FiringLine, branch: Tree) -> None:
        """Add what a firing rests on: rule, clauses, facts, formulas, readings."""
        branch.add(self.line(msg("Rule {rule}", rule=firing.rule)))
        for clause in firing.clauses:
            if self.is_new("clause", clause):
                text = self.seen.ruleset.clauses[clause]
                branch.add(self.line(msg("Clause {id}: {text}", id=clause, text=text)))
            else:
                branch.add(self.line(msg("Clause {id} (above)", id=clause)))
        for identity in firing.facts[:MOST_FACTS]:
            self.fact(identity, branch)
        if len(firing.facts) > MOST_FACTS:
            branch.add(
                self.line(
                    plural("… and {count} more fact", "… and {count} more facts", count=len(firing.facts) - MOST_FACTS)
                )
            )
        for formula in firing.formulas:
            # A field that is only taken over is shown by the fact itself.
            if formula.kind != "copy":
                words = msg("{name}: {formula}", name=self.formula_name(formula), formula=_formula_words(formula))
                branch.add(self.line(words))
        for position in firing.aggregates:
            self.figure(self.seen.content.aggregates[position], branch)
        for name in firing.readings:
            self.reading(name, branch)
        if firing.readings_unused:
            names = ", ".join(firing.readings_unused)
            branch.add(self.line(msg("Readings of this rule that decided nothing here: {names}", names=names)))

    def formula_name(self, formula: FormulaLine) -> str:
        """Return what a formula is called."""
        title = _FORMULAS.get(formula.kind)
        return formula.name if title is None else self.session.say(title)

    def figure(self, figure: AggregateLine, branch: Tree) -> None:
        """Add an aggregate with the facts it runs over."""
        if not self.is_new("figure", figure.text + figure.value):
            return
        named = ", ".join(figure.facts[:MOST_FACTS]) + (" …" if len(figure.facts) > MOST_FACTS else "")
        words = plural(
            "{text} {value}, over {count} fact: {facts}",
            "{text} {value}, over {count} facts: {facts}",
            text=figure.text,
            value=_equals(figure.value),
            count=len(figure.facts),
            facts=named or "-",
        )
        node = branch.add(self.line(words))
        for identity in figure.facts[:MOST_FACTS]:
            # What a figure was made of is told here where no firing matched it; derived facts have told it themselves.
            if identity in self.seen.facts and ("fact", identity) not in self.told:
                self.fact(identity, node)

    def fact(self, identity: str, branch: Tree) -> None:
        """Add a fact: as it was given, with its evidence, or as it was derived, from what."""
        if not self.is_new("fact", identity):
            branch.add(self.line(msg("Fact {id} (above)", id=identity)))
            return
        derived = self.seen.derivations.get(identity)
        if derived is not None:
            origin = self.seen.content.firings[derived.firing]
            gives = {formula.name: formula.gives for formula in origin.formulas if formula.kind in ("field", "copy")}
            shown = (f"{name} {brief(value, gives.get(name, Kind.TEXT))}" for name, value in derived.values.items())
            values = listed(self.session, shown)
            node = branch.add(self.line(msg("Derived fact {id}: {values}", id=identity, values=values)))
            node.add(Wrapped(says(self.session, origin)))
            self.firing(origin, node)
            return
        given = self.seen.facts.get(identity)
        if given is None:
            branch.add(self.line(msg("Evidence {id}", id=identity)))
            return
        fact_type = self.seen.ruleset.facts[given.type]
        values = listed(
            self.session,
            (
                field_line(self.session, fact_type, name, given.values[name])
                for name in fact_type.fields
                if name in given.values
            ),
        )
        node = branch.add(
            self.line(msg("Fact {id} ({title}): {values}", id=identity, title=fact_type.title, values=values))
        )
        if given.assumed:
            node.add(self.line(msg("Assumed: {reason}", reason=given.assumed)))
        for item in given.evidence:
            detail = " ".join(part for part in (item.title, item.reference, item.file) if part)
            if item.sha256 is not None and item.size is not None:
                digest = file_words(item.sha256, item.size)
                node.add(self.line(msg("Evidence: {detail} ({digest})", detail=detail, digest=digest)))
            else:
                node.add(self.line(msg("Evidence: {detail}", detail=detail)))
        if not given.evidence:
            node.add(self.line(msg("No evidence is listed with it.")))

    def reading(self, name: str, branch: Tree) -> None:
        """Add a reading: question, alternatives with the chosen one first said, authority."""
        reading = self.seen.ruleset.readings[name]
        chosen = self.seen.content.readings[name]
        if not self.is_new("reading", name):
            branch.add(self.line(msg("Reading {name}: {chosen} (above)", name=name, chosen=chosen)))
            return
        zh = self.session.language == "zh"
        question = reading.question_zh if zh else reading.question_en
        node = branch.add(self.line(msg("Reading {name}: {question}", name=name, question=question)))
        for key, alternative in reading.alternatives.items():
            words = alternative.zh if zh else alternative.en
            node.add(
                self.line(
                    msg("chosen: {name}, {words} ({scores})", name=key, words=words, scores=alternative.scores)
                    if key == chosen
                    else msg("or: {name}, {words} ({scores})", name=key, words=words, scores=alternative.scores)
                )
            )
        authority = msg(
            "Authority: {authority}; decided by {by} on {on}",
            authority=reading.authority,
            by=reading.decided_by,
            on=reading.decided_on,
        )
        node.add(self.line(authority))


def _equals(value: str, kind: Kind = Kind.NUMBER) -> str:
    """Write a value behind its sign: = where it is exact, ≈ where it is rounded for reading."""
    shown = brief(value, kind)
    return f"= {shown}" if shown == value else f"≈ {shown.removeprefix('≈')}"


def _is_full(indicator: IndicatorLine) -> bool:
    """Tell whether an indicator keeps all its points."""
    return Fraction(indicator.lost) == 0 and Fraction(indicator.open) == 0


def _amounts(line: BookedLine) -> Message:
    """Write what a line of the books keeps and loses, and what is open in it, if anything is."""
    kept, lost, left = map(short_points, (line.kept, line.lost, line.open))
    if Fraction(line.open) == 0:
        return msg("kept {kept}, lost {lost}", kept=kept, lost=lost)
    return msg("kept {kept}, lost {lost}, open {open}", kept=kept, lost=lost, open=left)


def _formula_words(formula: FormulaLine) -> str:
    """Write a formula: as written, with the numbers put in, its value; what repeats is left out.

    Fractions are rounded for reading, and then the sign before them is ≈.
    """
    text, numbers = formula.text, _FRACTION.sub(lambda found: found[1] or short_points(found[2]), formula.numbers)
    if formula.kind == "band":
        # Its condition and what it gives, then the same in numbers.
        return f"{text}; {numbers}" if text != numbers else text
    if formula.kind == "when":
        return text if text == numbers else f"{text}: {numbers}"
    written = f"{text} = {numbers}" if text != numbers else text
    if brief(formula.value, formula.gives) in (text, numbers):
        return written
    return f"{written} {_equals(formula.value, formula.gives)}"


def explanation_content(seen: View, number: int | None) -> dict[str, Any]:
    """Return the explanation as JSON: each indicator's postings with their firings and clause texts."""
    content = seen.content
    indicators = []
    for indicator in content.indicators:
        if number in (None, indicator.number):
            postings = [
                {
                    **plain(posting),
                    "firing": {
                        **plain(firing),
                        "clause_texts": {clause: seen.ruleset.clauses[clause] for clause in firing.clauses},
                        "aggregates": [plain(content.aggregates[position]) for position in firing.aggregates],
                    },
                }
                for posting, firing in seen.postings(indicator.number)
            ]
            indicators.append({**plain(indicator), "postings": postings})
    return {
        "evaluation": seen.recorded and seen.recorded.id,
        "standing": seen.recorded and seen.recorded.standing,
        "superseded_by": seen.recorded and seen.recorded.superseded_by,
        "ruleset": plain(content.ruleset),
        "case": plain(content.case),
        "indicators": indicators,
        "facts": plain(content.facts),
        "derived": plain(content.derived),
    }
