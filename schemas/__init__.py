"""The JSON Schemas of every document that crosses the boundary, as they are in this folder."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def schema(name: str) -> dict[str, Any]:
    """Return a schema by its file's name, such as `ruleset.json`."""
    found: dict[str, Any] = json.loads(text(name))
    return found


def text(name: str) -> str:
    """Return a schema's text by its file's name, such as `facts/claim.json`."""
    return files(__name__).joinpath(name).read_text("utf-8")


def fact_types() -> dict[str, str]:
    """Return the text of every shared fact type's schema, by the type's name."""
    folder = files(__name__).joinpath("facts")
    entries = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".json")), key=lambda e: e.name)
    return {entry.name.removesuffix(".json"): entry.read_text("utf-8") for entry in entries}
