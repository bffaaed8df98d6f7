"""What it would take, painted as a tree on the terminal: each change in words, with what it gains."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.tree import Tree

from cli.render.reproduced import reproduced_tree
from cli.terminal.session import Session
from cli.terminal.wrapping import Wrapped
from engine.alternatives.change_words import (
    ORDER,
    by_field,
    change_words,
    further_words,
    gain_words,
    in_a_row,
    none_words,
    open_words,
)
from engine.alternatives.improvement import IndicatorImprovement, LossImprovement, OpenPoints, Proposal
from engine.base.messages import Message, bilingual_text, listing, msg, plural
from engine.base.numbers import reading_text
from workflow.improve import Improved


def render_improvement(session: Session, improved: Improved) -> None:
    """Print what it would take to gain the points that were lost."""
    with session.page() as console:
        console.print(_Painter(session, improved).tree())


class _Painter:
    """Builds the tree."""

    def __init__(self, session: Session, improved: Improved) -> None:
        self.session = session
        self.improved = improved

    def line(self, message: Message, style: str = "") -> Wrapped:
        """Return a message as a line of the tree."""
        return Wrapped(self.session.say(message), style=style)

    def tree(self) -> Tree:
        """Return the whole tree."""
        improvement = self.improved.improvement
        root = reproduced_tree(self.session, self.improved.reproduced)
        if len(improvement.indicators) > 1:
            root.add(self.line(ORDER))
        for each in improvement.opens:
            self.open(each, root)
        for indicator in improvement.indicators:
            self.indicator(indicator, root)
        if not improvement.opens and not improvement.indicators:
            root.add(self.line(self.nothing()))
        if improvement.bounded:
            root.add(self.line(msg("The search stopped at its bound; there may be more.")))
        return root

    def nothing(self) -> Message:
        """Say that no points are missing: of the indicator that was asked for, or of the case."""
        number = self.improved.indicator
        if number is None:
            return msg("Nothing was lost, and nothing is open.")
        plans = self.improved.reproduced.program.indicators
        name = next(plan.name for plan in plans if plan.number == number)
        return msg("{number} {name}: nothing was lost, and nothing is open.", number=number, name=name)

    def open(self, each: OpenPoints, root: Tree) -> None:
        """Add an indicator that is not assessed."""
        branch = root.add(self.line(open_words(each), "bold"))
        if each.reason:
            branch.add(self.line(msg("Reason: {reason}", reason=each.reason)))
        for supply in each.supply:
            branch.add(self.line(msg("To supply: {what}", what=supply)))
        if each.remove is not None:
            branch.add(self.line(each.remove))

    def indicator(self, indicator: IndicatorImprovement, root: Tree) -> None:
        """Add an indicator that lost points."""
        values = {"lost": reading_text(indicator.lost), "weight": reading_text(indicator.weight)}
        if indicator.number is not None:
            name: Message = Message("{number} {name}", {"number": indicator.number, "name": indicator.name})
        else:
            name = Message("{name}", {"name": indicator.name}) if indicator.name else msg("Total")
        words = msg("{name}: {lost} of {weight} points lost", name=name, **values)
        branch = root.add(self.line(words, "bold"))
        for loss in indicator.losses:
            self.loss(loss, branch)

    def loss(self, loss: LossImprovement, branch: Tree) -> None:
        """Add what was lost for the same facts, and what would gain it."""
        said = bilingual_text(loss.says) if loss.says else msg("Clause {clauses}", clauses=listing(loss.clauses))
        if loss.title:
            said = msg("{title}: {reason}", title=loss.title, reason=said)
        if loss.others:
            said = plural("{reason} (and {count} more)", "{reason} (and {count} more)", count=loss.others, reason=said)
        words = plural(
            "{count} point: {reason}", "{count} points: {reason}", count=reading_text(loss.lost), reason=said
        )
        node = branch.add(self.line(words))
        none = none_words(loss)
        if none is not None:
            node.add(self.line(none))
        advised = [proposal for proposal in loss.proposals if not proposal.assumed]
        self.proposals(advised, node)
        marked = [proposal for proposal in loss.proposals if proposal.assumed]
        for reason, proposals in groupby(marked, key=lambda proposal: proposal.assumed):
            words = msg("No advice, since the fact is assumed ({reason}); it would take:", reason=reason)
            self.proposals(list(proposals), node.add(self.line(words)))

    def proposals(self, proposals: Sequence[Proposal], node: Tree) -> None:
        """Add changes, those of one field in one line, the nearest first."""
        for steps in by_field(proposals):
            pieces = [self.step(steps[0], first=True), *(self.step(each, first=False) for each in steps[1:])]
            semicolon = "；" if self.session.language == "zh" else "; "
            end = "。" if self.session.language == "zh" else "."
            node.add(Wrapped(semicolon.join(pieces) + end))

    def step(self, proposal: Proposal, *, first: bool) -> str:
        """Return one change in words, with what it gains."""
        words = change_words(proposal.changes) if first else further_words(proposal.changes[0])
        return self.session.say(
            msg("{change}: {gain}", change=words, gain=in_a_row(gain_words(proposal, self.now_grades())))
        )

    def now_grades(self) -> tuple[str, ...]:
        """Return the grades that the case can have as it is."""
        return tuple(self.improved.reproduced.shown.case.content.grades)
