"""Commands whose usage line speaks the reader's language, which the command-line library leaves in English."""

from __future__ import annotations

import gettext
from typing import Any

from typer.core import TyperCommand, TyperGroup


def _translated(usage: str) -> str:
    return usage.replace("Usage: ", gettext.gettext("Usage: "), 1)


class Command(TyperCommand):
    """A command."""

    def get_usage(self, ctx: Any) -> str:
        """Return the usage line."""
        return _translated(super().get_usage(ctx))


class Group(TyperGroup):
    """A group of commands."""

    def get_usage(self, ctx: Any) -> str:
        """Return the usage line."""
        return _translated(super().get_usage(ctx))
