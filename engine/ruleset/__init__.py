"""Rulesets as they are written: the document read into records."""

from engine.ruleset.model import Ruleset
from engine.ruleset.read import read_ruleset

__all__ = ["Ruleset", "read_ruleset"]
