"""The engine's folders build on each other in one order, and no two of its modules need each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import engine

ROOT = Path(engine.__file__).parent

BUILDS_ON = {
    "base": set(),
    "documents": {"base"},
    "facts": {"base", "documents"},
    "language": {"base", "documents", "facts"},
    "ruleset": {"base", "documents", "facts", "language"},
    "matching": {"base", "facts"},
    "matching/durable": {"base", "facts", "matching"},
    "program": {"base", "facts", "language", "ruleset", "matching", "matching/durable"},
    "scoring": {"base", "facts", "language", "matching", "program"},
    "verdicts": {"base", "facts", "language", "ruleset", "matching", "program", "scoring"},
    "receipt": {"base", "facts", "language", "ruleset", "program", "scoring"},
    "alternatives": {
        *("base", "documents", "facts", "language", "ruleset", "matching"),
        *("program", "scoring", "receipt", "verdicts"),
    },
    "explanation": {"base", "facts", "language", "ruleset", "program", "scoring", "receipt", "alternatives"},
}
"""What each folder may import. The matchers know neither the language nor the rules that they serve."""


def imported(file: Path) -> Iterator[Path]:
    """Yield the modules of the engine that a module imports."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "engine":
            package = ROOT.joinpath(*node.module.split(".")[1:])
            inside = [package / f"{alias.name}.py" for alias in node.names]
            found = [path for path in inside if path.is_file()] if package.is_dir() else []
            yield from found or [package / "__init__.py" if package.is_dir() else package.with_suffix(".py")]


def test_each_folder_imports_only_what_it_builds_on() -> None:
    """From the base to the explanation, never back."""
    for folder, allowed in BUILDS_ON.items():
        for file in (ROOT / folder).glob("*.py"):
            used = {path.parent.relative_to(ROOT).as_posix() for path in imported(file)}
            assert used <= allowed | {folder}, file


def test_no_module_needs_itself() -> None:
    """There is an order in which the modules can be read, each after those that it imports."""
    graph = {file: set(imported(file)) - {file} for file in ROOT.rglob("*.py")}
    assert len(list(TopologicalSorter(graph).static_order())) >= len(graph) > 60
