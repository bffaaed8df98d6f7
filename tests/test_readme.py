"""The README's output is real: each line shown after a command is what the command prints."""

from __future__ import annotations

import re

import pytest

from tests.cli.program import PROJECT, Program

README = PROJECT / "README.md"
BLOCK = re.compile(r"```console\n\$ fenming (?P<command>[^\n]*)\n(?P<shown>.*?)```", re.DOTALL)


def test_the_readme_shows_what_the_program_prints(program: Program) -> None:
    """Every line of a console block stands in the output, in that order; a line … leaves something out."""
    blocks = list(BLOCK.finditer(README.read_text("utf-8")))
    assert len(blocks) >= 9
    for name in ("examples", "tests"):
        (program.folder / name).symlink_to(PROJECT / name)
    for block in blocks:
        command, _, file = block["command"].partition(" > ")
        result = program.run(*command.split(), folder=program.folder)
        if file:
            (program.folder / file).write_text(result.stdout, "utf-8")
            assert not block["shown"]
            continue
        printed = [line.rstrip() for line in (result.stdout + result.stderr).splitlines()]
        position = 0
        shown = [line.rstrip() for line in block["shown"].splitlines()]
        assert shown, command
        for line in shown:
            if line.strip() in ("…", ""):
                continue
            assert line in printed[position:], f"fenming {command}: {line}"
            position = printed.index(line, position) + 1


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "README.zh-CN.md",
        "CONTRIBUTING.md",
        "docs/rule-language.md",
        "docs/receipt.md",
        "docs/ledger-format.md",
    ],
)
def test_links_lead_somewhere(name: str) -> None:
    """Every relative link of the documents leads to a file."""
    page = README.parent / name
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{name}: {target}"
