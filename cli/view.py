"""One recorded evaluation as the renderers see it: receipt, entry, the ruleset's words, from the ledger alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cli.session import UsageFault
from engine.base.faults import Fault
from engine.base.messages import msg
from engine.base.sources import Sources
from engine.receipt import Content, plain, read_receipt
from engine.receipt.fit import check_fit
from engine.receipt.model import DerivedLine, FactLine, FiringLine, IndicatorLine, PostingLine
from engine.ruleset import Ruleset, read_ruleset

if TYPE_CHECKING:
    from audit.ledger.ledger import Ledger
    from audit.tables.records import RecordedEvaluation


_OF_THE_ENTRY = ("entry", "at", "actor", "standing", "supersedes", "superseded_by")
"""What `summary` repeats of the ledger's entry."""


@dataclass(frozen=True, slots=True)
class View:
    """An evaluation with its ruleset; `facts` and `derivations` find a fact by its id."""

    recorded: RecordedEvaluation | None
    """What the ledger says of it; None for a dry run, which records nothing."""
    content: Content
    ruleset: Ruleset
    receipt_sha256: str
    facts: Mapping[str, FactLine] = field(init=False)
    derivations: Mapping[str, DerivedLine] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", {fact.id: fact for fact in self.content.facts})
        object.__setattr__(self, "derivations", {fact.id: fact for fact in self.content.derived})

    def postings(self, number: int, part: str | None = None) -> Iterator[tuple[PostingLine, FiringLine]]:
        """Yield the postings of an indicator, or of one part, each with its firing."""
        for posting in self.content.postings:
            if posting.indicator == number and part in (None, posting.part):
                yield posting, self.content.firings[posting.firing]

    def claim(self, number: int) -> FactLine | None:
        """Return what the department wrote beside an indicator."""
        for fact in self.content.facts:
            if fact.type == "claim" and fact.values["indicator"] == str(number):
                return fact
        return None

    def indicator(self, number: int) -> IndicatorLine:
        """Return an indicator's line."""
        return self.content.indicator(number)

    def assumptions(self) -> dict[str, list[int]]:
        """Return why facts are assumed, each reason with the indicators whose points rest on such a fact."""
        found: dict[str, set[int]] = {fact.assumed: set() for fact in self.content.facts if fact.assumed}
        for posting in self.content.postings:
            for identity in self.rests_on(posting.firing):
                reason = self.facts[identity].assumed if identity in self.facts else ""
                if reason:
                    found[reason].add(posting.indicator)
        return {reason: sorted(numbers) for reason, numbers in found.items()}

    def rests_on(self, firing: int) -> Iterator[str]:
        """Yield the ids of all facts behind a firing, through those that were derived; some more than once."""
        line = self.content.firings[firing]
        figures = [self.content.aggregates[position] for position in line.aggregates]
        for identity in (*line.facts, *(i for figure in figures for i in figure.facts)):
            yield identity
            if identity in self.derivations:
                yield from self.rests_on(self.derivations[identity].firing)

    def flags(self) -> Iterator[FiringLine]:
        """Yield the firings that flag something."""
        return (firing for firing in self.content.firings if firing.action == "flag")

    def summary(self) -> dict[str, Any]:
        """Return what `evaluate` and `show` answer as JSON."""
        content, recorded = self.content, self.recorded
        return {
            "recorded": recorded is not None,
            "evaluation": recorded and recorded.id,
            **{name: recorded and getattr(recorded, name) for name in _OF_THE_ENTRY},
            "ruleset": content.ruleset.id,
            "ruleset_revision": content.ruleset.revision,
            "ruleset_text": content.ruleset.text,
            "ruleset_digest": content.ruleset.digest,
            "case": plain(content.case),
            "readings": content.readings,
            "weight": content.weight,
            "total": content.total,
            "open": content.open,
            "grade": content.grade,
            "grades": content.grades,
            "before_override": plain(content.before_override),
            "receipt_sha256": self.receipt_sha256,
            "indicators": plain(content.indicators),
            "levels": plain(content.levels),
            "flags": [
                {"rule": f.rule, "kind": f.option, "clauses": f.clauses, "says": plain(f.says)} for f in self.flags()
            ],
            "notices": plain(content.notices),
        }


def view(ledger: Ledger, reference: str) -> View:
    """Return a recorded evaluation by its id, the beginning of it, or `latest`, once it has been checked."""
    recorded = ledger.find(reference)
    receipt = ledger.checked(recorded)
    ruleset = read_ruleset(ledger.sources(recorded.ruleset_digest))
    check_fit(receipt.content, ruleset)
    return View(recorded, receipt.content, ruleset, receipt.sha256)


def view_of(text: bytes, sources: Sources, body: Mapping[str, Any]) -> View:
    """Return the evaluation of an entry with this body, from its receipt and the texts that scored it.

    `ReceiptError` or `RulesetError` where these are not what this program writes.
    """
    from audit.ledger.append import recorded_evaluation

    receipt = read_receipt(text)
    ruleset = read_ruleset(sources)
    check_fit(receipt.content, ruleset)
    return View(recorded_evaluation(body, receipt.content), receipt.content, ruleset, receipt.sha256)


def require_indicator(seen: View, indicator: int) -> None:
    """Refuse a number that no indicator of the evaluation has."""
    numbers = [entry.number for entry in seen.content.indicators]
    if indicator not in numbers:
        raise UsageFault(
            Fault(
                msg("There is no indicator {number} in this evaluation.", number=indicator),
                msg("Its indicators are numbered {numbers}.", numbers=", ".join(map(str, numbers))),
            )
        )
