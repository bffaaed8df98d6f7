"""What verdicts cost, as a share of the evaluation; and what other engines answer when a rule did not fire."""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import clips
from rich.console import Console
from rich.table import Table

import examples
from benchmarks.engines import Clips, Fenming, Zen
from benchmarks.workload import BandRule, Item, items, rules
from engine.facts.model import Facts
from engine.program import Program
from engine.receipt import facts_of
from engine.receipt.make import make_receipt
from engine.scoring.evaluate import evaluate
from engine.verdicts import compile_verdicts, verdicts_of
from engine.verdicts.words import VerdictWords
from workflow.programs import PROGRAMS
from workflow.score import score
from workflow.settings import Settings

TARGET = 1.5
ROUNDS = 40
EXAMPLES = Path(examples.__file__).parent


def example(name: str) -> tuple[Program, Facts]:
    """Return an example's program and facts."""
    found = score(str(EXAMPLES / name), Settings())
    content = found.receipt.content
    return PROGRAMS.program(found.ruleset, content.readings), facts_of(content, found.ruleset.facts)


def random_case(rule_count: int, fact_count: int) -> tuple[Program, Facts]:
    """Return the workload of the other benchmarks."""
    engine = Fenming(rules(rule_count))
    return engine.program, engine.prepare(items(fact_count))


def measured(program: Program, facts: Facts) -> tuple[float, float, int]:
    """Return the median milliseconds of an evaluation without and with verdicts, measured in turns, and how many."""
    compiled = compile_verdicts(program)
    count = sum(len(each.candidates) for each in compiled.of(evaluate(program, facts)))
    without, with_verdicts = [], []
    gc.collect()
    gc.freeze()
    for _ in range(ROUNDS):
        started = time.perf_counter()
        make_receipt(evaluate(program, facts))
        between = time.perf_counter()
        evaluation = evaluate(program, facts)
        make_receipt(evaluation)
        compiled.of(evaluation)
        ended = time.perf_counter()
        without.append((between - started) * 1000)
        with_verdicts.append((ended - between) * 1000)
    return statistics.median(without), statistics.median(with_verdicts), count


QUESTIONS = (
    "Did rule r1 fire for item I1?",
    "Which condition kept it from firing?",
    "By how much was it missed?",
    "What would make the condition hold?",
)
ASKED = [BandRule(1, "甲", 6000, 8000, 1), BandRule(2, "甲", 8000, 10000, 1)]
ITEM = Item("I1", "外资", "甲", 35, 11, 5500, met=True)


def fenming_answers() -> Iterator[str]:
    """Yield what fenming answers."""
    engine = Fenming(ASKED)
    evaluation = evaluate(engine.program, engine.prepare([ITEM]))
    rule = verdicts_of(evaluation)[0]
    [candidate] = rule.candidates
    stopped = candidate.stopped
    if stopped is None or stopped.needed is None:
        sys.exit("the rule fires")
    yield "yes" if rule.fired else "no"
    yield VerdictWords(evaluation).condition(rule.rule, stopped, candidate.facts).words.text()
    yield str(getattr(stopped.observed, "distance", ""))
    yield f"amount {stopped.needed.comparator.value} {stopped.needed.values[0]}"


def zen_answers() -> Iterator[str]:
    """Yield what the trace of zen-engine says."""
    engine = Zen(ASKED)
    [fact] = engine.prepare([ITEM])
    answer = engine.decision.evaluate(fact, {"trace": True})
    yield "yes" if answer["result"] else "no"
    yield f"traceData: {answer['trace']['t']['traceData']}"
    yield "-"
    yield "-"


class _Watched(clips.Router):  # type: ignore[misc]  # clips is not typed
    """Keeps what CLIPS prints."""

    def __init__(self) -> None:
        super().__init__("watched", 40)
        self.text = ""

    def query(self, _name: str) -> bool:
        """Take everything."""
        return True

    def write(self, _name: str, text: str) -> None:
        """Keep a text."""
        self.text += text


def clips_answers() -> Iterator[str]:
    """Yield what CLIPS prints where rules, activations and facts are watched, and what `matches` counts."""
    engine, watched = Clips(ASKED), _Watched()
    engine.environment.add_router(watched)
    engine.template.watch = True
    for rule in engine.environment.rules():
        rule.watch_firings = rule.watch_activations = True
    [fact] = engine.prepare([ITEM])
    engine.template.assert_fact(**fact)
    matches = next(rule for rule in engine.environment.rules() if rule.name == "r1").matches()
    engine.environment.run()
    yield "yes" if "FIRE" in watched.text else "no: watched, only the fact is printed"
    yield f"matches r1: {matches} (patterns, joins, activations)"
    yield "-"
    yield "-"


def main() -> None:
    """Measure, ask and print."""
    console = Console(width=None if sys.stdout.isatty() else 150)
    table = Table(title="ms per evaluation to its receipt, without and with the verdict on every rule and fact")
    for column in ("case", "without", "with verdicts", "ratio", "verdicts"):
        table.add_column(column, justify="left" if column == "case" else "right")
    cases = {
        "seed case": example("jiangmen-commerce-2024/as-printed.yaml"),
        "national project": example("national-project-2020/project.yaml"),
        "50 rules, 50 facts": random_case(50, 50),
        "50 rules, 200 facts": random_case(50, 200),
    }
    for name, (program, facts) in cases.items():
        without, with_verdicts, count = measured(program, facts)
        ratio = f"{with_verdicts / without:.2f}"
        table.add_row(name, f"{without:.2f}", f"{with_verdicts:.2f}", ratio, f"{count:,}")
    console.print(table)
    console.print(f"To reach on the seed case: at most {TARGET:g} times.")
    answers = Table(
        title="What each says of a rule that did not fire: kind 甲 and 60 <= amount < 80, for an amount of 55"
    )
    for column in ("question", "fenming, verdict", "zen-engine, trace", "CLIPS (clipspy), watch"):
        answers.add_column(column)
    for row in zip(QUESTIONS, fenming_answers(), zen_answers(), clips_answers(), strict=True):
        answers.add_row(*row)
    console.print(answers)


if __name__ == "__main__":
    main()
