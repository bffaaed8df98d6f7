"""One recorded evaluation as the renderers see it: receipt, entry, the ruleset's words, from the ledger alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cli.session import UsageFault
from engine.errors import Fault, msg
from engine.ruleset import Ruleset, read_ruleset

if TYPE_CHECKING:
    from audit.ledger import Ledger
    from audit.records import Evaluation


@dataclass(frozen=True, slots=True)
class View:
    """A recorded evaluation with its ruleset; `facts` and `derivations` find a fact by its id."""

    recorded: Evaluation
    content: Mapping[str, Any]
    ruleset: Ruleset
    facts: Mapping[str, Mapping[str, Any]] = field(init=False)
    derivations: Mapping[str, Mapping[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", {fact["id"]: fact for fact in self.content["facts"]})
        object.__setattr__(self, "derivations", {fact["id"]: fact for fact in self.content["derived"]})

    def postings(self, number: int, part: str | None = None) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """Yield the postings of an indicator, or of one part, each with its firing."""
        for posting in self.content["postings"]:
            if posting["indicator"] == number and part in (None, posting["part"]):
                yield posting, self.content["firings"][posting["firing"]]

    def claim(self, number: int) -> Mapping[str, Any] | None:
        """Return what the department wrote beside an indicator."""
        for fact in self.content["facts"]:
            if fact["type"] == "claim" and fact["values"]["indicator"] == str(number):
                found: Mapping[str, Any] = fact
                return found
        return None

    def flags(self) -> Iterator[Mapping[str, Any]]:
        """Yield the firings that flag something."""
        return (firing for firing in self.content["firings"] if firing["action"] == "flag")

    def summary(self) -> dict[str, Any]:
        """Return what `evaluate` and `show` answer as JSON."""
        content, recorded = self.content, self.recorded
        return {
            "evaluation": recorded.id,
            "entry": recorded.entry,
            "at": recorded.at,
            "actor": recorded.actor,
            "standing": recorded.standing,
            "supersedes": recorded.supersedes,
            "superseded_by": recorded.superseded_by,
            "ruleset": content["ruleset"]["id"],
            "ruleset_revision": content["ruleset"]["revision"],
            "ruleset_text": content["ruleset"]["text"],
            "ruleset_digest": content["ruleset"]["digest"],
            "case": content["case"],
            "readings": content["readings"],
            "weight": content["weight"],
            "total": content["total"],
            "grade": content["grade"],
            "total_before_override": content["total_before_override"],
            "grade_before_override": content["grade_before_override"],
            "receipt_sha256": recorded.receipt_sha256,
            "indicators": content["indicators"],
            "levels": content["levels"],
            "flags": [
                {"rule": f["rule"], "kind": f["option"], "clauses": f["clauses"], "says": f["says"]}
                for f in self.flags()
            ],
        }


def view(ledger: Ledger, reference: str) -> View:
    """Return a recorded evaluation by its id, the beginning of it, or `latest`, once it has been checked."""
    recorded = ledger.find(reference)
    receipt = ledger.checked(recorded)
    return View(recorded, receipt.content, read_ruleset(ledger.sources(recorded.ruleset_digest)))


def require_indicator(seen: View, indicator: int) -> None:
    """Refuse a number that no indicator of the evaluation has."""
    numbers = [entry["number"] for entry in seen.content["indicators"]]
    if indicator not in numbers:
        raise UsageFault(
            Fault(
                msg("There is no indicator {number} in this evaluation.", number=indicator),
                msg("Its indicators are numbered {numbers}.", numbers=", ".join(map(str, numbers))),
            )
        )


def lost(posting: Mapping[str, Any]) -> Fraction:
    """Return the points that a posting takes."""
    return Fraction(posting["lost"])
