"""The library's rulesets, each read once in a process, and compiled once for each choice of readings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from engine.program import Program
from engine.program.scopes import readings_meant
from engine.ruleset import Ruleset
from workflow.library import find
from workflow.programs import PROGRAMS


@cache
def ruleset_of(name: str) -> Ruleset:
    """Return a ruleset of the library."""
    return find(name, None).ruleset


def program_of(name: str, readings: Mapping[str, str]) -> Program:
    """Return the program of a ruleset under a choice of readings; commands that a test runs share it."""
    ruleset = ruleset_of(name)
    return PROGRAMS.program(ruleset, readings_meant(ruleset, readings))
