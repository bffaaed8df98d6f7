"""How an indicator, or a part of one, came to its score."""

from __future__ import annotations

from typing import Literal, TypeAlias

Status: TypeAlias = Literal["assessed", "not_applicable", "not_assessed"]
"""Scored by its rules, kept in full because it does not apply, or left open because nobody assessed it."""
