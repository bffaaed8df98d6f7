"""Keep the console blocks of both READMEs true: python -m tools.readme [--update | --clone].

Each block is a command and what it prints; a line … leaves something out. Without an option the commands run in a
temporary folder and every difference is reported. --update writes the blocks anew, showing the same places of each
output as before. --clone does what a new user does: it clones the commit, runs `make demo` and each README's commands
in the clone's own folder, and reports every file that they leave there and .gitignore does not cover.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES: Mapping[str, str] = {"README.md": "en", "README.zh-CN.md": "zh"}
"""The pages, each with the language in which its commands answer."""

ELISION = "…"
NEEDED = ("examples", "rulesets", "tests")
"""The folders that the commands read."""

_BLOCK = re.compile(r"```console\n(?P<content>.*?)```", re.DOTALL)
_ALIKE = 0.6
"""How alike two lines are, from 0 to 1, that are taken for the same line before and after a change."""
_GAP = 0.1


@dataclass(frozen=True, slots=True)
class Block:
    """A command of a page, and the lines that the page shows of its output."""

    command: str
    shown: tuple[str, ...]
    start: int
    """Where in the page the shown lines begin."""
    end: int


def blocks_of(text: str) -> list[Block]:
    """Return the console blocks of a page; each is one command, on its first line, and its output."""
    found = []
    for match in _BLOCK.finditer(text):
        command, _, shown = match["content"].partition("\n")
        if not command.startswith("$ fenming "):
            raise ValueError(f"a console block begins with “{command}”, not with “$ fenming ”")
        start = match.start("content") + len(command) + 1
        found.append(Block(command.removeprefix("$ fenming "), tuple(shown.splitlines()), start, match.end("content")))
    return found


def run(command: str, folder: Path, program: Sequence[str], language: str, **environ: str) -> list[str]:
    """Run one command of a page in a folder, also with its `> FILE`; return the lines that it prints."""
    words, _, file = command.partition(" > ")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FENMING_")}
    settings = {**kept, "COLUMNS": "100", "FENMING_LANG": language, **environ}
    done = start([*program, *shlex.split(words)], folder, settings)
    printed = done.stdout
    if file:
        (folder / file).write_text(done.stdout, "utf-8")
        printed = ""
    return [line.rstrip() for line in (printed + done.stderr).rstrip().splitlines()]


def start(words: Sequence[str], folder: Path, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder, with nothing to read."""
    return subprocess.run(
        words,
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def difference(shown: Sequence[str], printed: Sequence[str]) -> str | None:
    """Return the first shown line that is not where it should be in the output; None where all are."""
    segments = _segments(shown)
    position = 0
    for number, segment in enumerate(segments):
        last = number == len(segments) - 1
        ends = [len(printed) - len(segment)] if last else range(position, len(printed) - len(segment) + 1)
        starts = [position] if number == 0 else ends
        there = [at for at in starts if at >= position and list(printed[at : at + len(segment)]) == segment]
        if not there or (number == 0 and last and len(segment) != len(printed)):
            return _first_wrong(segment, printed[position:], at_once=number == 0)
        position = there[0] + len(segment)
    return None


def _segments(shown: Sequence[str]) -> list[list[str]]:
    """Return the runs of lines between the elisions; an elision at an end gives an empty run there."""
    segments: list[list[str]] = [[]]
    for line in shown:
        if line.strip() == ELISION:
            segments.append([])
        else:
            segments[-1].append(line.rstrip())
    return segments


def _first_wrong(segment: Sequence[str], printed: Sequence[str], *, at_once: bool) -> str:
    """Return the first line of a segment that is missing; an elision where lines are left out without one."""
    if at_once:
        return next((line for line, other in zip_longest(segment, printed) if line != other and line), ELISION)
    return next((line for line in segment if line not in printed), segment[0] if segment else ELISION)


def updated(shown: Sequence[str], printed: Sequence[str]) -> list[str]:
    """Return what to show of a new output: the places that were shown before, and all where nothing was left out."""
    if not any(line.strip() == ELISION for line in shown):
        return list(printed)
    lines: list[str] = []
    position = 0
    for segment in _segments(shown):
        place = _place(segment, printed, position) if segment else None
        if place is not None:
            lines += [*([ELISION] if place[0] > position else []), *printed[place[0] : place[1]]]
            position = place[1]
    return [*lines, *([ELISION] if position < len(printed) else [])]


def _place(segment: Sequence[str], printed: Sequence[str], position: int) -> tuple[int, int] | None:
    """Return where in the output the lines most like a segment are, by the best local alignment of the two."""
    rest = printed[position:]
    scores = [[0.0] * (len(rest) + 1) for _ in range(len(segment) + 1)]
    starts = [list(range(len(rest) + 1)) for _ in range(len(segment) + 1)]
    best, found = 0.0, None
    for row, line in enumerate(segment, 1):
        for column, other in enumerate(rest, 1):
            choices = [
                (0.0, column),
                (scores[row - 1][column] - _GAP, starts[row - 1][column]),
                (scores[row][column - 1] - _GAP, starts[row][column - 1]),
                (scores[row - 1][column - 1] + _likeness(line, other), starts[row - 1][column - 1]),
            ]
            score, start = max(choices, key=lambda choice: choice[0])
            scores[row][column], starts[row][column] = score, start
            if score > best:
                best, found = score, (position + start, position + column)
    return found


def _likeness(line: str, other: str) -> float:
    """Return how alike two lines are: above zero where they are taken for the same."""
    return (1.0 if line == other else SequenceMatcher(None, line, other, autojunk=False).ratio()) - _ALIKE


def differences(page: Path, folder: Path, program: Sequence[str], language: str, **environ: str) -> Iterator[str]:
    """Run a page's commands in a folder, one after another; yield each difference from what it shows."""
    for block in blocks_of(page.read_text("utf-8")):
        wrong = difference(block.shown, run(block.command, folder, program, language, **environ))
        if wrong is not None:
            yield f"{page.name}: fenming {block.command}: {wrong}"


def update(page: Path, folder: Path, program: Sequence[str], language: str, **environ: str) -> None:
    """Run a page's commands in a folder, and write their output into the page."""
    text = page.read_text("utf-8")
    pieces, position = [], 0
    for block in blocks_of(text):
        lines = updated(block.shown, run(block.command, folder, program, language, **environ))
        pieces += [text[position : block.start], *(f"{line}\n" for line in lines)]
        position = block.end
    page.write_text("".join((*pieces, text[position:])), "utf-8")


def prepare(folder: Path) -> None:
    """Let a folder have what the commands read, without anything that they write."""
    for name in NEEDED:
        (folder / name).symlink_to(ROOT / name)


def in_clone() -> Iterator[str]:
    """Do in a clean clone what the READMEs say; yield each difference, and each file left that Git would report.

    The clone gets a .venv of its own from `make demo`, as a new user's does, which shows that the clone lacks nothing.
    With pip's cache filled by the checkout's own set-up, the whole takes a good minute on two idle cores.
    """
    with tempfile.TemporaryDirectory(prefix="fenming-readme-") as place:
        clone = Path(place, "fenming")
        must("git", "clone", "--quiet", str(ROOT), str(clone))
        must("make", "demo", folder=clone)
        yield from left(clone, "make demo")
        program = [str(clone / ".venv" / "bin" / "fenming")]
        for name, language in PAGES.items():
            yield from differences(clone / name, clone, program, language)
            yield from left(clone, name)
            must("git", "clean", "-fdxq", "-e", ".venv", folder=clone)


def left(clone: Path, after: str) -> Iterator[str]:
    """Yield a sentence for each file of a clone that Git reports after a command."""
    for line in must("git", "status", "--porcelain", folder=clone).splitlines():
        yield f"{after} leaves “{line}” behind: remove it, or name it in .gitignore"


def must(*command: str, folder: Path = ROOT) -> str:
    """Run a command that has to succeed; return what it printed."""
    outer = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "PYTHONPATH", "VIRTUAL_ENV")
    environ = {name: value for name, value in os.environ.items() if name not in outer and "FENMING_" not in name}
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise RuntimeError(f"{shlex.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def main(arguments: Sequence[str]) -> int:
    """Check or update the pages; return the exit code."""
    if arguments == ["--clone"]:
        wrong = list(in_clone())
    elif arguments in ([], ["--update"]):
        wrong = []
        program = [str(ROOT / ".venv" / "bin" / "fenming")]
        for name, language in PAGES.items():
            with tempfile.TemporaryDirectory(prefix="fenming-readme-") as place:
                prepare(Path(place))
                if arguments:
                    update(ROOT / name, Path(place), program, language)
                else:
                    wrong += differences(ROOT / name, Path(place), program, language)
    else:
        print(__doc__, file=sys.stderr)
        return 2
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
