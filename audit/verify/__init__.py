"""Verification of a whole ledger: entries, rows, tree, checkpoints, keys, books and guards."""

from audit.verify.report import Finding, Report
from audit.verify.run import verify

__all__ = ["Finding", "Report", "verify"]
