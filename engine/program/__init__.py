"""Programs: a ruleset compiled under one choice of readings, which is what an evaluation runs."""

from engine.program.asked import asked
from engine.program.compile import compile_ruleset
from engine.program.program import Program

__all__ = ["Program", "asked", "compile_ruleset"]
