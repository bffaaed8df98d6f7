"""The program's outcome of a case, in the oracle's form: the only module here that knows the engine."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from engine.base.faults import FenmingError
from engine.facts import open_facts, read_facts
from engine.program import Program
from engine.receipt import plain
from tests.compiled import program_of
from tests.evaluated import receipt_of
from tests.oracle.form import Outcome
from tests.oracle.generate import RULESET


def compiled(readings: Mapping[str, str]) -> Program:
    """Return the program of the form's ruleset under a choice of readings."""
    return program_of(RULESET, readings)


def score(program: Program, text: str) -> Outcome:
    """Return the outcome of a facts file, or why the program refuses it."""
    try:
        facts = read_facts(open_facts(text, "case.json"), program.ruleset.facts, program.ruleset.conversions)
        return outcome(plain(receipt_of(program, facts).content))
    except FenmingError as error:
        return {"refused": str(error)}


def outcome(content: Mapping[str, Any]) -> Outcome:
    """Return the outcome that a receipt states."""
    before = content["before_override"]
    return {
        "indicators": {indicator["number"]: _indicator(indicator) for indicator in content["indicators"]},
        **_sums(content),
        "before_override": before and _sums(before),
    }


def _indicator(given: Mapping[str, Any]) -> Outcome:
    before = given["before_override"]
    return {
        **{name: Fraction(given[name]) for name in ("weight", "kept", "lost", "open")},
        "status": given["status"],
        "before_override": before and {name: Fraction(before[name]) for name in ("kept", "open")},
    }


def _sums(given: Mapping[str, Any]) -> Outcome:
    return {
        "total": Fraction(given["total"]),
        "open": Fraction(given["open"]),
        "grades": list(given["grades"]),
        "grade": given["grade"],
    }
