"""Compare two rulesets in the policy's terms."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.analysis.difference import Difference, differences
from engine.ruleset import Ruleset
from workflow.library import find


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rulesets, and all that is not the same in them."""

    old: Ruleset
    new: Ruleset
    differences: tuple[Difference, ...]


def compare(old: str, new: str, folder: Path | None) -> Comparison:
    """Compare two rulesets, each named by its id or by the path of its folder."""
    before, after = find(old, folder).ruleset, find(new, folder).ruleset
    return Comparison(before, after, differences(before, after))
