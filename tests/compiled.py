"""The library's rulesets, each read once in a process, and compiled once for each choice of readings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from engine.program import Program, compile_ruleset
from engine.ruleset import Ruleset
from workflow.library import find


@cache
def ruleset_of(name: str) -> Ruleset:
    """Return a ruleset of the library."""
    return find(name, None).ruleset


def program_of(name: str, readings: Mapping[str, str]) -> Program:
    """Return the program of a ruleset under a choice of readings."""
    return _program(name, tuple(sorted(readings.items())))


@cache
def _program(name: str, readings: tuple[tuple[str, str], ...]) -> Program:
    return compile_ruleset(ruleset_of(name), dict(readings))
