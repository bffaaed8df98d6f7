"""What can be said of a ruleset without a case of a department: what is unused, untested or contradicts itself.

The checks are pure functions of a ruleset, its programs under its readings, and what its golden cases reach. Each has a
stable id and a page in docs/checks/.
"""

from engine.analysis.checks.finding import Finding
from engine.analysis.examination import Examination, examine
from engine.analysis.material.coverage import Coverage
from engine.analysis.material.material import Material

__all__ = ["Coverage", "Examination", "Finding", "Material", "examine"]
