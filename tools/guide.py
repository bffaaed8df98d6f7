"""Keep the maintainer's guide true, and make the ruleset that it makes: python -m tools.guide [--update].

The guide makes next year's ruleset step by step. Its blocks are done one after another in a temporary folder that has
the examples: a console block is commands and what the last prints; a block that names a file is the whole text of a new
file, or, as diff, a change of one: lines with - go, lines with + come, all others are where to find the place, and a
line … skips lines. Without an option every difference is reported, also from the ruleset that is shipped. --update
writes what is printed into both pages, the blocks of the Chinese page into the English one, and the ruleset into
rulesets/.
"""

import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tools.readme import ELISION, ROOT, difference, run, updated

GUIDE = ROOT / "docs" / "maintainer-guide"
PAGES: Mapping[str, str] = {"README.zh-CN.md": "zh", "README.md": "en"}
"""The pages, each with the language in which its commands answer; the first is where changes are written."""
MADE = "jiangmen/department-special/2025"
OWN = "own"
"""The folder of rulesets that the guide makes."""
PROGRAM = (sys.executable, "-c", "from cli.main import main; main()")

_BLOCK = re.compile(
    r"^```(?P<kind>console|(?:diff|yaml|csv) (?P<file>\S+))\n(?P<content>.*?)^```$", re.DOTALL | re.MULTILINE
)
_PROMPT = "$ "


@dataclass(frozen=True, slots=True)
class Block:
    """Something that the guide does: commands, or the change or text of a file."""

    kind: str
    file: str
    content: str

    @property
    def commands(self) -> list[str]:
        """The commands of a console block."""
        return [line.removeprefix(_PROMPT) for line in self.content.splitlines() if line.startswith(_PROMPT)]

    @property
    def shown(self) -> list[str]:
        """What a console block shows of what its last command prints."""
        return [line for line in self.content.splitlines() if not line.startswith(_PROMPT)]

    def printing(self, lines: Sequence[str]) -> "Block":
        """Return a console block with other lines after its commands."""
        return replace(self, content="".join(f"{line}\n" for line in (*map(_PROMPT.__add__, self.commands), *lines)))


class Bench:
    """A temporary folder in which a page's blocks are done, one after another."""

    def __init__(self, folder: Path, language: str, program: Sequence[str] | None = None) -> None:
        self.folder, self.language = folder, language
        self.program = PROGRAM if program is None else program
        self.environ = {"PYTHONPATH": str(ROOT)}
        (folder / "examples").symlink_to(ROOT / "examples")

    @property
    def made(self) -> Path:
        """Where the ruleset is that the guide makes."""
        return self.folder / OWN / MADE

    def do(self, block: Block) -> list[str]:
        """Do what a block says; return what its last command prints."""
        if block.kind == "console":
            return [self._command(shlex.split(command), command) for command in block.commands][-1]
        file = self.folder / block.file
        if block.kind == "diff":
            file.write_text(patched(file.read_text("utf-8"), block), "utf-8")
        elif file.exists():
            raise ValueError(f"{block.file} is there already")
        else:
            file.write_text(block.content, "utf-8")
        return []

    def _command(self, words: Sequence[str], command: str) -> list[str]:
        match words:
            case ["fenming", *_]:
                return run(command.removeprefix("fenming "), self.folder, self.program, self.language, **self.environ)
            case ["mkdir", name]:
                (self.folder / name).mkdir()
            case ["cp", source, target]:
                shutil.copyfile(self.folder / source, self.folder / target)
            case ["export", setting]:
                name, _, value = setting.partition("=")
                self.environ[name] = value
            case _:
                raise ValueError(f"a console block has the command “{command}”")
        return []


def blocks_of(page: str) -> list[Block]:
    """Return what a page does, in order."""
    return [
        Block(match["kind"].partition(" ")[0], match["file"] or "", match["content"]) for match in _BLOCK.finditer(page)
    ]


def with_blocks(page: str, blocks: Sequence[Block]) -> str:
    """Return a page with other blocks in the places of its own."""
    rest = iter(blocks)

    def written(_: re.Match[str]) -> str:
        block = next(rest)
        return f"```{block.kind}{' ' if block.file else ''}{block.file}\n{block.content}```"

    return _BLOCK.sub(written, page)


def patched(text: str, block: Block) -> str:
    """Return a file's text with the change of a block; `ValueError` where a piece is not in it."""
    lines, at = text.splitlines(keepends=True), 0
    for piece in _pieces(block.content):
        old = [line[1:] for line in piece if line[0] != "+"]
        starts = range(at, len(lines) - len(old) + 1)
        start = next((place for place in starts if lines[place : place + len(old)] == old), None)
        if start is None or not old:
            raise ValueError(f"{block.file} does not have, after line {at}:\n{''.join(old)}")
        new = [line[1:] for line in piece if line[0] != "-"]
        lines[start : start + len(old)] = new
        at = start + len(new)
    return "".join(lines)


def _pieces(content: str) -> Iterator[list[str]]:
    """Yield the runs of lines between the lines …; a line without a sign is a blank one that is kept."""
    piece: list[str] = []
    for line in content.splitlines(keepends=True):
        if line.strip() == ELISION:
            yield piece
            piece = []
        else:
            piece.append(line if line[0] in " +-" else f" {line}")
    yield piece


def differences(page: str, text: str, bench: Bench) -> Iterator[str]:
    """Do a page; yield each difference from what it shows, and from the ruleset that is shipped."""
    for block in blocks_of(text):
        printed = bench.do(block)
        if block.kind == "console" and (wrong := difference(block.shown, printed)) is not None:
            yield f"{page}: {block.commands[-1]}: {wrong}"
    made, shipped = files(bench.made), files(ROOT / "rulesets" / MADE)
    for name in sorted({*made, *shipped}):
        if made.get(name) != shipped.get(name):
            yield f"{page}: {name} is not what is in rulesets/{MADE}"


def files(folder: Path) -> dict[str, bytes]:
    """Return the content of each file of a folder, by its path in it."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*.*") if file.is_file()}


def update() -> None:
    """Write what the commands print into both pages, and the ruleset into rulesets/."""
    source = blocks_of((GUIDE / next(iter(PAGES))).read_text("utf-8"))
    for page, language in PAGES.items():
        text = (GUIDE / page).read_text("utf-8")
        with tempfile.TemporaryDirectory(prefix="fenming-guide-") as place:
            bench, blocks = Bench(Path(place), language), []
            for block, other in zip(blocks_of(text), source, strict=True):
                printed = bench.do(other)
                is_console = other.kind == "console"
                blocks.append(other.printing(updated(block.shown, printed)) if is_console else other)
            (GUIDE / page).write_text(with_blocks(text, blocks), "utf-8")
            shipped = ROOT / "rulesets" / MADE
            shutil.rmtree(shipped, ignore_errors=True)
            shutil.copytree(bench.made, shipped)


def main(arguments: Sequence[str]) -> int:
    """Check or update the guide; return the exit code."""
    if arguments == ["--update"]:
        update()
        return 0
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    wrong: list[str] = []
    for page, language in PAGES.items():
        with tempfile.TemporaryDirectory(prefix="fenming-guide-") as place:
            wrong += differences(page, (GUIDE / page).read_text("utf-8"), Bench(Path(place), language))
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
