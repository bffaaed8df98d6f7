"""What else a page says, where it was found out: verdicts, what it would take, other readings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from engine.alternatives.change_words import by_field, change_words, further_words, gain_words, in_a_row
from engine.alternatives.improvement import IndicatorImprovement, LossImprovement, Proposal
from engine.alternatives.readings import Alternative
from engine.base.faults import Fault
from engine.base.messages import Message, bilingual_text, listing, msg, plural
from engine.base.numbers import reading_text
from engine.explanation.range_words import grade_lines, range_lines
from engine.explanation.words import PointsRange
from engine.scoring.firing import Before
from engine.verdicts import Candidate, ConditionVerdict, WrittenRule
from engine.verdicts.rule_words import did_words
from engine.verdicts.words import Line
from office.page.values import Report

MOST_CANDIDATES = 12
"""Of how many facts of a rule the conditions are shown one by one."""


@dataclass(frozen=True, slots=True)
class Others:
    """What a report holds besides the explanation, for the templates."""

    report: Report

    def rules(self, section: str) -> tuple[WrittenRule, ...]:
        """Return the rules of an indicator, by its number, or of another section of the ruleset."""
        verdicts = self.report.verdicts
        return () if verdicts is None else tuple(r for r in verdicts.rules if r.name.partition("/")[0] == section)

    def general_rules(self) -> tuple[WrittenRule, ...]:
        """Return the rules that are of no indicator."""
        verdicts = self.report.verdicts
        return () if verdicts is None else tuple(r for r in verdicts.rules if not r.name.partition("/")[0].isdecimal())

    def did(self, rule: WrittenRule) -> Message:
        """Say what a rule did."""
        assert self.report.verdicts is not None  # noqa: S101 - there is a rule
        words = self.report.verdicts.words
        return msg("{rule}: {did}", rule=words.form.rule(rule.rule), did=did_words(words, rule))

    def candidates(self, rule: WrittenRule) -> Sequence[Candidate]:
        """Return the facts of a rule of which the conditions are shown: those for which it did not fire first."""
        return sorted(rule.candidates, key=lambda candidate: candidate.fired)[:MOST_CANDIDATES]

    def about(self, candidate: Candidate) -> Message | None:
        """Name the facts of a candidate, and whether the rule fired for them; None for a rule that looks at none."""
        assert self.report.verdicts is not None  # noqa: S101 - there is a candidate
        if not candidate.facts:
            return None
        names = listing(map(self.report.verdicts.words.facts.fact, candidate.facts))
        return (
            msg("Fired for {facts}", facts=names) if candidate.fired else msg("Did not fire for {facts}", facts=names)
        )

    def conditions(self, rule: WrittenRule, candidate: Candidate) -> Iterator[Line]:
        """Yield what is said of each condition that was reached."""
        assert self.report.verdicts is not None  # noqa: S101 - there is a candidate
        words = self.report.verdicts.words
        for verdict in candidate.conditions:
            if verdict.truth != "unreached":
                yield _judged(words.condition(rule.rule, verdict, candidate.facts), verdict)

    def improvement(self, number: int | None) -> IndicatorImprovement | None:
        """Return what would gain what an indicator lost."""
        found = self.report.improvement
        return None if found is None else next((each for each in found.indicators if each.number == number), None)

    def wholes(self) -> tuple[IndicatorImprovement, ...]:
        """Return what would gain what levels or the total lost as a whole."""
        found = self.report.improvement
        return () if found is None else tuple(each for each in found.indicators if each.number is None)

    def best(self) -> Iterator[tuple[IndicatorImprovement, Message]]:
        """Yield each indicator that a change would gain points for, with the change that gains the most."""
        found = self.report.improvement
        for each in () if found is None else found.indicators:
            advised = [p for loss in each.losses for p in loss.proposals if not p.assumed]
            if each.number is not None and advised:
                best = max(advised, key=lambda proposal: proposal.gain)
                yield each, self.proposal([best])

    def lost_words(self, loss: LossImprovement) -> Message:
        """Say how many points were lost, and why."""
        said = bilingual_text(loss.says) if loss.says else msg("Clause {clauses}", clauses=listing(loss.clauses))
        if loss.title:
            said = msg("{title}: {reason}", title=loss.title, reason=said)
        if loss.others:
            said = plural("{reason} (and {count} more)", "{reason} (and {count} more)", count=loss.others, reason=said)
        return plural("{count} point: {reason}", "{count} points: {reason}", count=reading_text(loss.lost), reason=said)

    def proposals(self, loss: LossImprovement) -> Iterator[tuple[str, Message]]:
        """Yield each change that would gain points, with the reason where it is no advice, since a fact is assumed."""
        for assumed in dict.fromkeys(proposal.assumed for proposal in loss.proposals):
            for steps in by_field([proposal for proposal in loss.proposals if proposal.assumed == assumed]):
                yield assumed, self.proposal(steps)

    def proposal(self, steps: Sequence[Proposal]) -> Message:
        """Say changes of one field, the nearest first, with what each gains."""
        grades = tuple(self.report.card.case.content.grades)
        words = [change_words(steps[0].changes), *(further_words(each.changes[0]) for each in steps[1:])]
        said = [
            msg("{change}: {gain}", change=change, gain=in_a_row(gain_words(each, grades)))
            for change, each in zip(words, steps, strict=True)
        ]
        return reduce(lambda one, other: msg("{one}; {other}", one=one, other=other), said)

    def range(self) -> list[Message]:
        """Say between which totals all combinations of readings are."""
        return [] if self.report.readings is None else list(range_lines(self.report.readings))

    def depends(self) -> list[Message]:
        """Say on what the grade depends."""
        if self.report.readings is not None:
            return list(grade_lines(self.report.readings))
        return [] if self.report.card.depends is None else [self.report.card.depends]

    def outcome(self, reading: str, key: str) -> Message | None:
        """Say what another alternative of a reading would have scored; None where nobody asked."""
        found = self._alternative(reading, key)
        if found is None or found.is_recorded:
            return None
        if found.outcome is None:
            return msg("no score: {reasons}", reasons=listing(map(_what, found.faults)))
        if not found.outcome.differs:
            return msg("would change nothing here")
        changes = [
            msg("{number}: {recorded} → {here}", number=c.indicator, recorded=_range(c.recorded), here=_range(c.here))
            for c in found.outcome.changes
        ]
        values = {"total": _range(found.outcome.total), "grades": listing(found.outcome.grades)}
        if not changes:
            return msg("here {total}, {grades}", **values)
        return msg("here {total}, {grades}; indicators: {changes}", changes=listing(changes), **values)

    def decides(self, reading: str) -> bool:
        """Return whether another alternative of a reading would change anything on the card."""
        found = self.report.readings
        return found is not None and any(each.reading.id == reading and each.decides for each in found.readings)

    def _alternative(self, reading: str, key: str) -> Alternative | None:
        found = self.report.readings
        for each in () if found is None else found.readings:
            if each.reading.id == reading:
                return next((one for one in each.alternatives if one.name == key), None)
        return None


def _what(fault: Fault) -> Message:
    return fault.what


def _range(points: Before) -> str:
    return str(PointsRange(points.kept, points.open))


def _judged(line: Line, verdict: ConditionVerdict) -> Line:
    """Say before a condition whether it is met."""
    if verdict.observed is None:
        return line
    words = msg("met: {words}", words=line.words) if line.holds else msg("not met: {words}", words=line.words)
    return Line(words, line.holds, line.below)
