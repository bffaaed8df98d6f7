"""Parts from which rules only deduct, although they begin at nothing."""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.checks.finding import Finding
from engine.analysis.material.material import Material
from engine.base.messages import msg
from engine.ruleset.records import WHOLE

_REMEDY = msg("If it begins with all its points, write `method: deduct` (计分方式: 扣分制); otherwise add an award.")


def deductions_from_nothing(material: Material) -> Iterator[Finding]:
    """Find the parts by award to which no rule awards points in any reading, but from which rules deduct."""
    acts = {(version.rule.indicator, version.rule.part, version.rule.action) for version in material.versions}
    for indicator in material.ruleset.indicators:
        for part in indicator.parts:
            one = indicator.number, part.id
            if part.method == "award" and (*one, "deduct") in acts and (*one, "award") not in acts:
                whole = part.id == WHOLE
                what = (
                    msg(
                        "Indicator {number} begins at nothing and no rule awards it points; deductions take nothing.",
                        number=indicator.number,
                    )
                    if whole
                    else msg(
                        "Part {part} of indicator {number} begins at nothing and no rule awards it points; "
                        "deductions take nothing.",
                        part=part.id,
                        number=indicator.number,
                    )
                )
                name = str(indicator.number) if whole else f"{indicator.number}/{part.id}"
                yield Finding("deduction-from-nothing", name, what, _REMEDY, indicator.node.place)
