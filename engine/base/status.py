"""How an indicator, a part of one, or a result came out."""

from __future__ import annotations

from typing import Literal, TypeAlias

Status: TypeAlias = Literal["assessed", "not_applicable", "not_assessed"]
"""Scored by its rules, kept in full because it does not apply, or left open because nobody assessed it."""

ResultStatus: TypeAlias = Literal["settled", "open", "none"]
"""How a result came out: with a value, not known since an indicator is not assessed, or without a value."""
