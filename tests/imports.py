"""The imports of the project, as its files say them: which module needs which, and where."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PROJECT = Path(__file__).parent.parent
PACKAGES = ("schemas", "rulesets", "examples", "i18n", "engine", "audit", "office", "workflow", "cli")


@cache
def modules() -> Mapping[str, Path]:
    """Return every module of the project's packages with its file."""
    found: dict[str, Path] = {}
    for package in PACKAGES:
        for file in sorted((PROJECT / package).rglob("*.py")):
            parts = file.relative_to(PROJECT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


@cache
def edges() -> Mapping[str, frozenset[str]]:
    """Return the modules of the project that each module imports, wherever in it."""
    return {module: frozenset(_imported(file)) - {module} for module, file in modules().items()}


@cache
def folder_edges() -> Mapping[str, frozenset[str]]:
    """Return the folders that the files of each folder import from."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for module, wanted in edges().items():
        found[folder(module)] |= {folder(each) for each in wanted} - {folder(module)}
    return {name: frozenset(wanted) for name, wanted in found.items()}


def folder(module: str) -> str:
    """Return the folder that a module's file is in, with dots."""
    return ".".join(modules()[module].parent.relative_to(PROJECT).parts)


def circle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """Return a circle of a graph; nothing where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [str(name) for name in error.args[1]]
    return []


def inside_functions(package: str) -> list[str]:
    """Return where imports are inside functions of a package."""
    found = []
    for module, file in modules().items():
        if module.split(".")[0] == package:
            for function in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(function, ast.FunctionDef):
                    found += [
                        f"{module}:{node.lineno}"
                        for node in ast.walk(function)
                        if isinstance(node, ast.Import | ast.ImportFrom)
                    ]
    return found


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules())
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in modules() or node.module in modules():
                    yield whole if whole in modules() else node.module
