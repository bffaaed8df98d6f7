"""A receipt together with the ruleset that scored it: what one names is found in the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.facts.builtin import CLAIM
from engine.receipt.fit import check_fit
from engine.receipt.model import Content, DerivedLine, FactLine, FiringLine, PostingLine, Receipt, ResultLine
from engine.ruleset.model import Ruleset
from engine.ruleset.written import own_names


@dataclass(frozen=True, slots=True)
class ScoredCase:
    """A scored case; `facts` and `derivations` find a fact by its id."""

    content: Content
    ruleset: Ruleset
    receipt_sha256: str
    facts: Mapping[str, FactLine] = field(init=False, repr=False)
    derivations: Mapping[str, DerivedLine] = field(init=False, repr=False)
    own_names: Mapping[str, str] = field(init=False, repr=False)
    """What the ruleset itself calls what has another name in the receipt."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", {fact.id: fact for fact in self.content.facts})
        object.__setattr__(self, "own_names", own_names(self.ruleset))
        object.__setattr__(self, "derivations", {fact.id: fact for fact in self.content.derived})

    def postings(self, number: int, part: str | None = None) -> Iterator[tuple[PostingLine, FiringLine]]:
        """Yield the postings of an indicator, or of one part, each with its firing."""
        for posting in self.content.postings:
            if posting.indicator == number and part in (None, posting.part):
                yield posting, self.content.firings[posting.firing]

    def level_postings(self, path: tuple[str, ...]) -> list[tuple[PostingLine, FiringLine]]:
        """Return the postings on a level as a whole, or on the total for the empty path, each with its firing."""
        return [(p, self.content.firings[p.firing]) for p in self.content.postings if p.level == path]

    def claim(self, number: int) -> FactLine | None:
        """Return what the department wrote beside an indicator."""
        for fact in self.content.facts:
            if fact.type == CLAIM and fact.values["indicator"] == str(number):
                return fact
        return None

    def assumptions(self) -> dict[str, list[int]]:
        """Return why facts are assumed, each reason with the indicators whose points rest on such a fact."""
        found: dict[str, set[int]] = {fact.assumed: set() for fact in self.content.facts if fact.assumed}
        for posting in self.content.postings:
            for identity in self.rests_on(posting.firing):
                reason = self.facts[identity].assumed if identity in self.facts else ""
                if reason and posting.indicator is not None:
                    found[reason].add(posting.indicator)
        return {reason: sorted(numbers) for reason, numbers in found.items()}

    def assumed_results(self) -> dict[str, list[str]]:
        """Return why facts are assumed, each reason with the titles of the results that rest on such a fact."""
        found: dict[str, list[str]] = {}
        for line in self.content.results:
            behind = {identity for firing in line.firings for identity in self.rests_on(firing)}
            for reason in {self.facts[one].assumed for one in behind if one in self.facts} - {""}:
                found.setdefault(reason, []).append(line.title)
        return found

    def rests_on(self, firing: int) -> Iterator[str]:
        """Yield the ids of all facts behind a firing, through those that were derived; some more than once."""
        line = self.content.firings[firing]
        figures = [self.content.aggregates[position] for position in line.aggregates]
        for identity in (*line.facts, *(i for figure in figures for i in figure.facts)):
            yield identity
            if identity in self.derivations:
                yield from self.rests_on(self.derivations[identity].firing)

    def result(self, named: str) -> ResultLine | None:
        """Return the result that has a name or a title."""
        return next((line for line in self.content.results if named in (line.name, line.title)), None)

    def flags(self) -> Iterator[FiringLine]:
        """Yield the firings that flag something."""
        return (firing for firing in self.content.firings if firing.action == "flag")


def scored_case(receipt: Receipt, ruleset: Ruleset) -> ScoredCase:
    """Put a receipt and its ruleset together; `ReceiptError` where they do not belong together."""
    check_fit(receipt.content, ruleset)
    return ScoredCase(receipt.content, ruleset, receipt.sha256)
