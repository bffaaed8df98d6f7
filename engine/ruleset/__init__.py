"""Rulesets: the document read into records, and compiled under one choice of readings into a program."""

from engine.ruleset.asked import asked
from engine.ruleset.compile import compile_ruleset
from engine.ruleset.model import Ruleset
from engine.ruleset.program import Program
from engine.ruleset.read import read_ruleset

__all__ = ["Program", "Ruleset", "asked", "compile_ruleset", "read_ruleset"]
