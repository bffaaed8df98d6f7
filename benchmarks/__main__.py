"""`python -m benchmarks [--memory N]`: one run, one table, ratios to the bare C module of durable_rules."""

from __future__ import annotations

import argparse
import gc
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.engines import ENGINES, Bare, Engine, Fenming
from benchmarks.form import form_times
from benchmarks.workload import items, rules

SIZES = [
    (50, 20),
    (50, 50),
    (50, 200),
    (50, 2000),
    (200, 20),
    (200, 200),
    (200, 2000),
    (2000, 20),
    (2000, 200),
    (2000, 2000),
]
TARGET = 3.0
SLOWEST_MS = 4_000
"""An engine that takes longer for one evaluation is left out at that size."""


def measured(rule_count: int, fact_count: int) -> dict[str, float]:
    """Return the median milliseconds of one evaluation by each engine, measured in turns; answers must agree.

    Time is that of the processor, so that other work on the machine counts for none of them.
    """
    work, engines = items(fact_count), [engine(rules(rule_count)) for engine in ENGINES]
    answers = {engine.name: engine.answer(work) for engine in engines}
    if len(set(answers.values())) != 1:
        sys.exit(f"{rule_count} rules, {fact_count} facts: the engines disagree")
    if len(answers[Fenming.name].fired) != fact_count:
        sys.exit("the workload does not fire one rule for each fact")
    prepared: list[tuple[Engine, Any]] = [(engine, engine.prepare(work)) for engine in engines]
    gc.collect()
    gc.freeze()  # what was made so far is out of the collector's way, for every engine alike
    times: dict[str, list[float]] = {engine.name: [] for engine in engines}
    for turn in range(7):
        for engine, facts in prepared:
            if turn and times[engine.name][0] > SLOWEST_MS:
                continue
            repeats = 1 if not turn else max(1, min(50, int(30 / max(times[engine.name][-1], 0.01))))
            started = time.process_time()
            for _ in range(repeats):
                engine.run(facts)
            times[engine.name].append((time.process_time() - started) * 1000 / repeats)
    return {name: statistics.median(found[1:] or found) for name, found in times.items()}


def memory(count: int) -> list[int]:
    """Return the resident kilobytes at the start, the middle and the end of many evaluations."""
    engine = Fenming(rules(50))
    facts = engine.prepare(items(20))
    seen = []
    for turn in range(count):
        engine.run(facts)
        if turn in (min(500, count - 1), count // 2, count - 1):
            seen.append(_resident())
    return seen


def _resident() -> int:
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


def starting() -> tuple[float, float]:
    """Return the median milliseconds of `fenming --help` and of a bare Typer program's."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(
            'import typer\napp = typer.Typer()\n@app.command()\ndef run(name: str) -> None:\n    """Run."""\napp()\n',
            "utf-8",
        )
        commands = (
            [sys.executable, "-c", "from cli.main import main; main()", "--help"],
            [sys.executable, str(bare), "--help"],
        )
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(15):
            for command, found in zip(commands, times, strict=True):
                started = time.perf_counter()
                subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - our own programs
                found.append((time.perf_counter() - started) * 1000)
    return statistics.median(times[0]), statistics.median(times[1])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--memory", type=int, default=10_000, help="how many evaluations the memory is watched over")
    chosen = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 150)
    table = Table(title="ms of processor time per evaluation (ratio to the bare C module); answers checked equal")
    table.add_column("rules / facts")
    for engine in ENGINES:
        table.add_column(engine.name, justify="right")
    found: dict[tuple[int, int], dict[str, float]] = {}
    for size in SIZES:
        found[size] = result = measured(*size)
        base = result[Bare.name]
        table.add_row(
            f"{size[0]} / {size[1]}", *(f"{result[e.name]:.3g} ({result[e.name] / base:.2f})" for e in ENGINES)
        )
    table.add_section()
    table.add_row("does not do", *(engine.lacks for engine in ENGINES))
    console.print(table)
    ratio = found[50, 50][Fenming.name] / found[50, 50][Bare.name]
    console.print(f"At 50 rules and 50 facts: {ratio:.2f} times the bare C module (to reach: {TARGET:g}).")
    console.print(form_times().line)
    for count in (50, 200, 2000):
        low, high = found[count, 200][Fenming.name], found[count, 2000][Fenming.name]
        console.print(f"{count} rules: ten times the facts (200 to 2,000) take {high / low:.1f} times as long.")
    console.print(
        f"Resident memory over {chosen.memory} evaluations, kB: {' → '.join(map(str, memory(chosen.memory)))}"
    )
    own, bare = starting()
    console.print(f"`fenming --help`: {own:.0f} ms, a bare Typer program's: {bare:.0f} ms, {own / bare:.2f} times.")


if __name__ == "__main__":
    main()
