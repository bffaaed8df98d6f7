"""How far a score depends on readings: the range of the total, and what each alternative would have scored."""

from __future__ import annotations

from collections.abc import Iterator

from rich.box import HORIZONTALS
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from cli.render.ledger import standing_lines
from cli.render.reproduced import MADE_AGAIN
from cli.render.words import case_words, ruleset_name
from cli.terminal.printable import one_line
from cli.terminal.session import Session
from cli.terminal.wrapping import Wrapped
from engine.alternatives.choices import Outcome
from engine.alternatives.readings import Alternative, ReadingAlternatives
from engine.base.faults import Fault
from engine.base.messages import Message, listing, msg
from engine.explanation.range_words import alternative_words, range_lines
from engine.explanation.words import PointsRange, authority_words, result_words
from engine.scoring.firing import Before
from workflow.readings import ReadingsShown

_NUMBERS = 14
"""How wide the columns of the total and of the grade are at most, in cells."""


def render_readings(session: Session, found: ReadingsShown, *, every: bool = False) -> None:
    """Print the range of the total, then the readings that decide something in this case, or `every` one."""
    with session.page() as console:
        _Page(session, console, found).print(every=every)


class _Page:
    """Prints one answer."""

    def __init__(self, session: Session, console: Console, found: ReadingsShown) -> None:
        self.session, self.console = session, console
        self.shown, self.readings = found.shown, found.readings
        self.ruleset = self.readings.evaluation.program.ruleset

    def say(self, message: Message, style: str = "", *, indent: int = 0) -> None:
        """Print a sentence."""
        self.console.print(Padding(Wrapped(self.session.say(message), style), (0, 0, 0, indent)))

    def print(self, *, every: bool) -> None:
        """Print the whole."""
        self.say(case_words(self.shown.case), "bold")
        self.say(ruleset_name(self.ruleset))
        for standing in standing_lines(self.shown.recorded):
            self.say(standing, "bold")
        self.say(MADE_AGAIN)
        if not self.readings.readings:
            self.say(msg("The ruleset has no readings."))
            return
        self.console.print()
        for line in range_lines(self.readings):
            self.say(line)
        for reading in self.readings.readings:
            if every or reading.decides:
                self.reading(reading)
        idle = [each.reading.id for each in self.readings.readings if not each.decides]
        if idle and not every:
            self.console.print()
            self.say(msg("Readings that decide nothing in this case: {readings}.", readings=listing(idle)))

    def reading(self, each: ReadingAlternatives) -> None:
        """Print a reading: its question, what each alternative scores here, by whose authority one was chosen."""
        reading, zh = each.reading, self.session.language == "zh"
        self.console.print()
        question = reading.question_zh if zh else reading.question_en
        self.say(
            msg("{name} [clause {clause}] {question}", name=reading.id, clause=reading.clause, question=question),
            "bold",
        )
        table = Table(box=HORIZONTALS, padding=(0, 1, 0, 0), pad_edge=False)
        heads = (msg("Alternative"), msg("What changes"), msg("Total"), msg("Grade"))
        for number, head in enumerate(heads):
            last = number > 1
            table.add_column(
                self.session.say(head), justify="right" if number == 2 else "left",  # noqa: PLR2004 - the total
                overflow="fold", max_width=_NUMBERS if last else None, ratio=None if last else 1,
            )  # fmt: skip
        table.expand = True
        for alternative in each.alternatives:
            table.add_row(*self.row(each, alternative))
        self.console.print(Padding(table, (0, 0, 0, 2)))
        self.say(authority_words(reading), indent=2)

    def row(self, each: ReadingAlternatives, alternative: Alternative) -> tuple[Wrapped, Wrapped, str, Wrapped]:
        """Return the line of an alternative."""
        written = each.reading.alternatives[alternative.name]
        called = alternative_words(self.readings, each.reading.id, alternative.name)
        words = msg("{name}: {words}", name=called, words=written.zh if self.session.language == "zh" else written.en)
        name = self.session.say(msg("recorded: {alternative}", alternative=words) if alternative.is_recorded else words)
        style = "bold" if alternative.is_recorded else ""
        if alternative.outcome is None:
            lines = [one_line(self.session.say(message)) for fault in alternative.faults for message in parts(fault)]
            none = self.session.say(msg("no score"))
            return Wrapped(one_line(name), style), Wrapped("\n".join(lines)), none, Wrapped("")
        outcome = alternative.outcome
        changes = "\n".join(one_line(self.session.say(line)) for line in self.changes(outcome))
        total, grades = points_words(outcome.total), self.session.say(listing(outcome.grades))
        same = self.session.say(msg("nothing")) if not alternative.is_recorded else ""
        return Wrapped(one_line(name), style), Wrapped(changes or same), total, Wrapped(grades, style)

    def changes(self, outcome: Outcome) -> Iterator[Message]:
        """Yield what an alternative changes: the scores of indicators, and results."""
        names = {indicator.number: indicator.name for indicator in self.ruleset.indicators}
        for change in outcome.changes:
            yield msg(
                "{number} {name}: {recorded} → {here}",
                number=change.indicator,
                name=names[change.indicator],
                recorded=points_words(change.recorded),
                here=points_words(change.here),
            )
        for result in outcome.results:
            yield msg("{title}: {value}", title=result.title, value=result_words(result))
        if outcome.remarks_change:
            yield msg("remarks on the card")


def points_words(points: Before) -> str:
    """Write points, as a range where some are open."""
    return str(PointsRange(points.kept, points.open))


def parts(fault: Fault) -> tuple[Message, Message]:
    """Return what is wrong and what to do about it."""
    return fault.what, fault.remedy
