"""The explanation as branches of words, in the reader's language and as deep as asked: what every face is made from."""

from __future__ import annotations

import shlex

from audit.tables.records import RecordedEvaluation
from cli.render.explanation_layers import FACTS, Branch, Depth, LayersWriter
from cli.render.ledger import standing_lines
from cli.render.words import case_words, ruleset_name
from cli.terminal.session import Session
from engine.base.messages import listing, msg, plural
from engine.base.numbers import reading_text
from engine.explanation import Explanation
from engine.explanation.order import in_reading_order
from engine.explanation.value import (
    IndicatorExplained,
    LevelExplained,
    PartExplained,
    PostingExplained,
    ResultExplained,
)
from engine.explanation.words import STATUS, amounts, kind_words, limit_words, result_words, short_points


def explanation_branches(
    session: Session, explanation: Explanation, recorded: RecordedEvaluation | None, depth: Depth
) -> Branch:
    """Return an explanation as branches; `recorded` says what the ledger says around it."""
    return _Writer(session, explanation, depth).whole(recorded)


class _Writer(LayersWriter):
    """Writes the whole: indicators with their parts and postings, levels, results, or what an address opened."""

    def whole(self, recorded: RecordedEvaluation | None) -> Branch:
        """Write everything."""
        explanation = self.explanation
        root = Branch(self.session.say(case_words(explanation.case)), address=explanation.evaluation)
        self.say(root, ruleset_name(explanation.case.ruleset))
        for standing in standing_lines(recorded):
            self.say(root, standing, strong=True)
        for indicator in explanation.indicators:
            self.indicator(indicator, root)
        for level in explanation.levels:
            self.level(level, root)
        if explanation.full:
            self.say(root, msg("No points lost: {numbers}", numbers=listing(explanation.full)))
        for result in explanation.results:
            self.result(result, root)
        if not (explanation.indicators or explanation.levels or explanation.results):
            for fact in explanation.facts:
                self.opened_fact(fact, root)
            for clause in explanation.clauses:
                self.clause(clause, root)
            for reading in explanation.readings:
                self.reading(reading, root)
        return root

    def indicator(self, indicator: IndicatorExplained, root: Branch) -> None:
        """Write an indicator."""
        line = indicator.line
        heading = msg(
            "{number} {name}: {amounts}, of {weight} ({status})",
            number=line.number,
            name=line.name,
            amounts=amounts(line),
            weight=line.weight,
            status=STATUS[line.status],
        )
        branch = self.say(root, heading, strong=True, address=indicator.address)
        if line.claimed is not None:
            self.say(branch, msg("Claimed by the department: {points}", points=line.claimed))
        if indicator.claim is not None and self.depth.layers >= FACTS:
            self.fact(indicator.claim, branch)
        for part in indicator.parts:
            self.part(part, branch, several=len(line.parts) > 1)
        if indicator.unlisted:
            left_out = plural(
                "{count} posting that lost nothing ({kept} points kept) is not listed. To see it:",
                "{count} postings that lost nothing ({kept} points kept) are not listed. To see them:",
                count=indicator.unlisted,
                kept=reading_text(indicator.unlisted_kept),
            )
            words = ["fenming", "explain", self.explanation.evaluation or "latest", str(line.number)]
            words += ["--ledger", self.depth.ledger] if self.depth.ledger else []
            branch.add(self.session.say(left_out), command=shlex.join(words))

    def part(self, part: PartExplained, branch: Branch, *, several: bool) -> None:
        """Write the postings of a part, under its name where there are several."""
        line, holder = part.line, branch
        if line is not None and (line.row is not None or several):
            said = {"title": line.title or line.id, "amounts": amounts(line), "weight": short_points(line.weight)}
            words = (
                msg("Row {title}: {amounts}, of {weight}", **said)
                if line.row is not None
                else msg("Part {title}: {amounts}, of {weight}", **said)
            )
            holder = self.say(branch, words, address=part.address)
        for posting in in_reading_order(self.explanation.case, part.postings):
            self.posting(posting, holder)

    def level(self, level: LevelExplained, root: Branch) -> None:
        """Write what was posted on a level as a whole, or on the total."""
        if level.line is None:
            branch = self.say(root, msg("Total"), strong=True, address=level.address)
        else:
            name, weight = " / ".join(level.line.path), level.line.weight
            heading = msg("{name}: {amounts}, of {weight}", name=name, amounts=amounts(level.line), weight=weight)
            branch = self.say(root, heading, strong=True, address=level.address)
        for posting in level.postings:
            self.posting(posting, branch)

    def result(self, result: ResultExplained, root: Branch) -> None:
        """Write a value besides points with all its grounds."""
        words = msg("Result {title}: {value}", title=result.line.title, value=result_words(result.line))
        branch = self.say(root, words, strong=True, address=result.address)
        for firing in result.firings:
            self.firing(firing, self.say(branch, firing.says))

    def posting(self, posting: PostingExplained, holder: Branch) -> None:
        """Write a posting with all its grounds."""
        words = msg("{kind}: {amounts}", kind=kind_words(posting.line), amounts=amounts(posting.line))
        limit = limit_words(posting.line)
        remark = "" if limit is None else self.session.say(msg(" ({remark})", remark=limit))
        lost = posting.line.lost not in ("0", "") and not posting.line.lost.startswith("-")
        address = self.explanation.at(posting.address)
        branch = holder.add(self.session.say(words) + remark, strong=lost, address=address)
        self.say(branch, posting.firing.says)
        self.firing(posting.firing, branch)
