"""Verdicts: for every rule and every fact that it could match, whether it fired, and what failed by how much.

They are computed from the recorded facts and the rule's own conditions, never from what the matchers found; that both
agree is a law (tests/engine/verdicts). Nothing here speaks: `engine.verdicts.words` says it.
"""

from engine.verdicts.compute import CompiledVerdicts, compile_verdicts, verdicts_of
from engine.verdicts.model import Candidate, Condition, ConditionVerdict, Inactive, RuleVerdict, WrittenRule

__all__ = [
    "Candidate",
    "CompiledVerdicts",
    "Condition",
    "ConditionVerdict",
    "Inactive",
    "RuleVerdict",
    "WrittenRule",
    "compile_verdicts",
    "verdicts_of",
]
