"""Commands whose usage line speaks the reader's language, which the command-line library leaves in English."""

from __future__ import annotations

import gettext
from typing import Any

from typer.core import TyperCommand, TyperGroup


def _translated(usage: str) -> str:
    return usage.replace("Usage: ", gettext.gettext("Usage: "), 1)


def _help_option(option: Any) -> Any:
    if option is not None:
        option.help = gettext.gettext("Show this message and exit.")
        option.metavar = ""
    return option


class Command(TyperCommand):
    """A command."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option --help."""
        return _help_option(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        """Return the usage line."""
        return _translated(super().get_usage(ctx))


class Group(TyperGroup):
    """A group of commands."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option --help."""
        return _help_option(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        """Return the usage line."""
        return _translated(super().get_usage(ctx))
