"""The explanation, painted as a tree on the terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rich.tree import Tree

from audit.tables.records import RecordedEvaluation
from cli.render.ledger import standing_lines
from cli.render.words import field_text, file_words, listed, ruleset_name
from cli.terminal.session import Session
from cli.terminal.wrapping import Wrapped
from engine.base.messages import Message, listing, msg, plural
from engine.base.numbers import reading_text
from engine.explanation import Explanation
from engine.explanation.card import grade_words
from engine.explanation.explain import (
    AggregateExplained,
    FactExplained,
    FiringExplained,
    IndicatorExplained,
    LevelExplained,
    PostingExplained,
    ReadingExplained,
    ResultExplained,
)
from engine.explanation.words import (
    STATUS,
    PointsRange,
    amounts,
    brief,
    kind_words,
    limit_words,
    result_words,
    short_points,
)
from engine.facts.model import Kind
from engine.receipt.model import EvidenceLine, FormulaLine

_FORMULAS: Mapping[str, Message] = {
    "points": msg("points"),
    "of": msg("at stake"),
    "band": msg("band"),
    "when": msg("condition"),
    "result": msg("value"),
}
"""What the formulas of a rule are called by their kind; those of a derived fact have the names of its fields."""

_FRACTION = re.compile(r"('[^']*')|\((-?[0-9]+/[0-9]+)\)")
"""A number in a formula that no decimal can write, or a text in quotes, which holds no number."""

MOST_FACTS = 12
"""How many facts of an aggregate are named one by one."""


def render_explanation(session: Session, explanation: Explanation, recorded: RecordedEvaluation | None) -> None:
    """Print the tree of an explanation."""
    with session.page() as console:
        console.print(_Painter(session).tree(explanation, recorded))


class _Painter:
    """Builds the tree; a clause, a reading or a fact is shown in full the first time, and named after that."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.shown: set[tuple[str, str]] = set()

    def line(self, message: Message, style: str = "") -> Wrapped:
        """Return a message as a line of the tree."""
        return Wrapped(self.session.say(message), style=style)

    def is_new(self, kind: str, name: str) -> bool:
        """Return whether something has not been shown yet, and note that it is now."""
        if (kind, name) in self.shown:
            return False
        self.shown.add((kind, name))
        return True

    def tree(self, explanation: Explanation, recorded: RecordedEvaluation | None) -> Tree:
        """Return the whole tree."""
        content = explanation.case.content
        heading = msg(
            "{department}, {year}: {total} of {weight}, {grade}",
            department=content.case.department,
            year=content.case.year,
            total=str(PointsRange.read(content.total, content.open)),
            weight=content.weight,
            grade=grade_words(content),
        )
        root = Tree(self.line(heading))
        root.add(self.line(ruleset_name(explanation.case.ruleset)))
        for standing in standing_lines(recorded):
            root.add(self.line(standing, "bold"))
        for indicator in explanation.indicators:
            self.indicator(indicator, root, "latest" if recorded is None else recorded.id)
        for level in explanation.levels:
            self.level(level, root)
        if explanation.full:
            root.add(self.line(msg("No points lost: {numbers}", numbers=listing(explanation.full))))
        for result in explanation.results:
            self.result(result, root)
        return root

    def indicator(self, indicator: IndicatorExplained, root: Tree, evaluation: str) -> None:
        """Add an indicator."""
        line = indicator.line
        heading = msg(
            "{number} {name}: {amounts}, of {weight} ({status})",
            number=line.number,
            name=line.name,
            amounts=amounts(line),
            weight=line.weight,
            status=STATUS[line.status],
        )
        branch = root.add(self.line(heading, "bold"))
        if line.claimed is not None:
            branch.add(self.line(msg("Claimed by the department: {points}", points=line.claimed)))
        for part in indicator.parts:
            holder = branch
            if part.line is not None and (part.line.row is not None or len(line.parts) > 1):
                values = {
                    "title": part.line.title or part.line.id,
                    "amounts": amounts(part.line),
                    "weight": short_points(part.line.weight),
                }
                words = (
                    msg("Row {title}: {amounts}, of {weight}", **values)
                    if part.line.row is not None
                    else msg("Part {title}: {amounts}, of {weight}", **values)
                )
                holder = branch.add(self.line(words))
            for posting in part.postings:
                self.posting(posting, holder)
        if indicator.unlisted:
            left_out = plural(
                "{count} posting that lost nothing ({kept} points kept) is not listed: "
                "fenming explain {evaluation} {number}",
                "{count} postings that lost nothing ({kept} points kept) are not listed: "
                "fenming explain {evaluation} {number}",
                count=indicator.unlisted,
                kept=reading_text(indicator.unlisted_kept),
                evaluation=evaluation,
                number=line.number,
            )
            branch.add(self.line(left_out))

    def level(self, level: LevelExplained, root: Tree) -> None:
        """Add what was posted on a level as a whole, or on the total."""
        if level.line is None:
            branch = root.add(self.line(msg("Total"), "bold"))
        else:
            name, weight = " / ".join(level.line.path), level.line.weight
            heading = msg("{name}: {amounts}, of {weight}", name=name, amounts=amounts(level.line), weight=weight)
            branch = root.add(self.line(heading, "bold"))
        for posting in level.postings:
            self.posting(posting, branch)

    def result(self, result: ResultExplained, root: Tree) -> None:
        """Add a value besides points with all that it rests on."""
        words = msg("Result {title}: {value}", title=result.line.title, value=result_words(result.line))
        branch = root.add(self.line(words, "bold"))
        for firing in result.firings:
            holder = branch.add(self.line(firing.says))
            self.firing(firing, holder)

    def posting(self, posting: PostingExplained, holder: Tree) -> None:
        """Add a posting with all that it rests on."""
        words = msg("{kind}: {amounts}", kind=kind_words(posting.line), amounts=amounts(posting.line))
        limit = limit_words(posting.line)
        remark = "" if limit is None else self.session.say(msg(" ({remark})", remark=limit))
        lost = posting.line.lost not in ("0", "") and not posting.line.lost.startswith("-")
        branch = holder.add(Wrapped(self.session.say(words) + remark, style="bold" if lost else ""))
        branch.add(self.line(posting.firing.says))
        self.firing(posting.firing, branch)

    def firing(self, firing: FiringExplained, branch: Tree) -> None:
        """Add what a firing rests on: rule, clauses, facts, formulas, readings."""
        branch.add(self.line(msg("Rule {rule}", rule=firing.line.rule)))
        for clause in firing.clauses:
            if self.is_new("clause", clause.id):
                branch.add(self.line(msg("Clause {id}: {text}", id=clause.id, text=clause.text)))
            else:
                branch.add(self.line(msg("Clause {id} (above)", id=clause.id)))
        for fact in firing.facts[:MOST_FACTS]:
            self.fact(fact, branch)
        more = len(firing.facts) - MOST_FACTS
        if more > 0:
            branch.add(self.line(plural("… and {count} more fact", "… and {count} more facts", count=more)))
        for formula in firing.formulas:
            # A field that is only taken over is shown by the fact itself.
            if formula.kind != "copy":
                words = msg("{name}: {formula}", name=self.formula_name(formula), formula=_formula_words(formula))
                branch.add(self.line(words))
        for aggregate in firing.aggregates:
            self.aggregate(aggregate, branch)
        for reading in firing.readings:
            self.reading(reading, branch)
        if firing.line.readings_unused:
            names = listing(firing.line.readings_unused)
            branch.add(self.line(msg("Readings of this rule that had no effect here: {names}", names=names)))

    def formula_name(self, formula: FormulaLine) -> str:
        """Return the name of a formula."""
        title = _FORMULAS.get(formula.kind)
        return formula.name if title is None else self.session.say(title)

    def aggregate(self, aggregate: AggregateExplained, branch: Tree) -> None:
        """Add an aggregate with the facts it was taken over."""
        line = aggregate.line
        if not self.is_new("aggregate", line.text + line.value):
            return
        named = listing([*line.facts[:MOST_FACTS], *(["…"] if len(line.facts) > MOST_FACTS else [])])
        words = plural(
            "{text} {value}, over {count} fact: {facts}",
            "{text} {value}, over {count} facts: {facts}",
            text=line.text,
            value=_equals(line.value),
            count=len(line.facts),
            facts=named,
        )
        if not line.facts:
            words = msg("{text} {value}: there is no such fact", text=line.text, value=_equals(line.value))
        node = branch.add(self.line(words))
        for fact in aggregate.facts[:MOST_FACTS]:
            # What an aggregate was made of is shown here where no firing matched it; derived facts have shown it.
            if fact.given is not None and ("fact", fact.id) not in self.shown:
                self.fact(fact, node)

    def fact(self, fact: FactExplained, branch: Tree) -> None:
        """Add a fact: as it was given, with its evidence, or as it was derived, from what."""
        if not self.is_new("fact", fact.id):
            branch.add(self.line(msg("Fact {id} (above)", id=fact.id)))
            return
        values = listed(self.session, (field_text(self.session, field) for field in fact.values))
        if fact.origin is not None:
            node = branch.add(self.line(msg("Derived fact {id}: {values}", id=fact.id, values=values)))
            node.add(self.line(fact.origin.says))
            self.firing(fact.origin, node)
        elif fact.given is None:
            branch.add(self.line(msg("Evidence {id}", id=fact.id)))
        else:
            words = msg("Fact {id} ({title}): {values}", id=fact.id, title=fact.title, values=values)
            node = branch.add(self.line(words))
            if fact.given.assumed:
                node.add(self.line(msg("Assumed: {reason}", reason=fact.given.assumed)))
            for item in fact.given.evidence:
                node.add(self.line(_evidence_words(item)))
            if not fact.given.evidence:
                node.add(self.line(msg("No evidence is listed with it.")))

    def reading(self, explained: ReadingExplained, branch: Tree) -> None:
        """Add a reading: question, alternatives with the chosen one marked, authority."""
        reading, name, chosen = explained.reading, explained.name, explained.chosen
        if not self.is_new("reading", name):
            branch.add(self.line(msg("Reading {name}: {chosen} (above)", name=name, chosen=chosen)))
            return
        zh = self.session.language == "zh"
        question = reading.question_zh if zh else reading.question_en
        node = branch.add(self.line(msg("Reading {name}: {question}", name=name, question=question)))
        for key, alternative in reading.alternatives.items():
            words = alternative.zh if zh else alternative.en
            scores = alternative.scores_zh if zh else alternative.scores_en
            if key == chosen:
                line = msg("chosen: {name}, {words} ({scores})", name=key, words=words, scores=scores)
            else:
                line = msg("or: {name}, {words} ({scores})", name=key, words=words, scores=scores)
            node.add(self.line(line))
        authority = msg(
            "Authority: {authority}; decided by {by} on {on}",
            authority=reading.authority,
            by=reading.decided_by,
            on=reading.decided_on,
        )
        node.add(self.line(authority))


def _evidence_words(item: EvidenceLine) -> Message:
    detail = " ".join(part for part in (item.title, item.reference, item.file) if part)
    if item.sha256 is None or item.size is None:
        return msg("Evidence: {detail}", detail=detail)
    return msg("Evidence: {detail} ({digest})", detail=detail, digest=file_words(item.sha256, item.size))


def _equals(value: str, kind: Kind = Kind.NUMBER) -> str:
    """Write a value behind its sign: = where it is exact, ≈ where it is rounded for reading."""
    shown = brief(value, kind)
    return f"= {shown}" if shown == value else f"≈ {shown.removeprefix('≈')}"


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
    if {brief(formula.value, formula.gives), f"'{formula.value}'"} & {text, numbers}:
        return written
    return f"{written} {_equals(formula.value, formula.gives)}"
