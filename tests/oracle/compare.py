"""Compare the program with the oracle, case by case, under one choice of readings for each block of cases."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tests.oracle import facts, form, program
from tests.oracle.generate import case_text, choose_readings

BLOCK = 25


class Disagreement(NamedTuple):
    """A case that the two score differently, with all that is needed to run it again."""

    number: int
    readings: Mapping[str, str]
    differences: list[str]
    text: str

    def __str__(self) -> str:
        options = " ".join(f"--reading {name}={alternative}" for name, alternative in self.readings.items())
        return "\n".join([f"Case {self.number} differs under {options}", *self.differences, self.text])


class Compared(NamedTuple):
    """What came of some cases: how many there were of each kind, and those that differ."""

    counts: Counter[str]
    disagreements: list[Disagreement]


def compare_block(seed: int, block: int, cases: int = BLOCK) -> Compared:
    """Compare the cases of one block, all under the block's readings."""
    readings = choose_readings(seed, block)
    compiled = program.compiled(readings)
    counts: Counter[str] = Counter()
    disagreements = []
    for number in range(block * BLOCK, block * BLOCK + cases):
        text = case_text(seed, number, readings)
        given = facts.read(text)
        expected = form.score(given, readings, facts.not_assessed(given))
        counts.update(kinds(given, expected))
        found = differences(program.score(compiled, text), expected)
        if found:
            disagreements.append(Disagreement(number, readings, found, text))
    return Compared(counts, disagreements)


def kinds(given: facts.Facts, outcome: form.Outcome) -> Iterator[str]:
    """Yield what a case has, so that a run shows how much it covered."""
    judged = Counter(fact["indicator"] for fact in given.get("judgement", []))
    yield "cases"
    if judged:
        yield "judged"
    if any(count > 1 for count in judged.values()):
        yield "judged several times"
    if outcome["open"]:
        yield "open"
    if outcome["before_override"]:
        yield "overridden"
    if outcome["grade"] is None:
        yield "without one grade"


def differences(found: form.Outcome, expected: form.Outcome) -> list[str]:
    """Return each figure that the program and the oracle give differently."""
    ours, theirs = dict(_figures(found)), dict(_figures(expected))
    return [
        f"  {name}: program {ours.get(name, 'nothing')}, oracle {theirs.get(name, 'nothing')}"
        for name in {**theirs, **ours}
        if name not in ours or name not in theirs or ours[name] != theirs[name]
    ]


def _figures(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every figure of an outcome by its path; a mapping that may be missing is a figure of its own."""
    if isinstance(value, dict):
        yield name, "given"
        for key, item in value.items():
            yield from _figures(item, f"{name} {key}".strip())
    else:
        yield name, value
