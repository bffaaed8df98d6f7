"""What a formula of a rule is for."""

from __future__ import annotations

from typing import Literal, TypeAlias

FormulaKind: TypeAlias = Literal["when", "band", "points", "of", "result", "field", "copy"]
"""A condition on the case, a row of a band table, points, the slice at stake, the value of a result, or a field of the
derived fact: one that is computed, or one that is taken over as it is."""
