"""The page: one evaluation as one HTML file that needs nothing else."""

from office.page.render import page
from office.page.values import Record, Report, Verdicts

__all__ = ["Record", "Report", "Verdicts", "page"]
