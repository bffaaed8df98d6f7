"""What kind of value a result is."""

from __future__ import annotations

from typing import Literal, TypeAlias

ResultKind: TypeAlias = Literal["number", "percent", "text", "date", "yes or no"]
