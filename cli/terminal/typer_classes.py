"""Commands whose usage line speaks the reader's language, which the command-line library leaves in English."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer
from typer.core import DEFAULT_MARKUP_MODE, TyperCommand, TyperGroup

from engine.base.faults import Fault, UsageFault, problem
from engine.base.messages import msg


def _translated(usage: str) -> str:
    return usage.replace("Usage: ", gettext.gettext("Usage: "), 1)


def _help_option(option: Any) -> Any:
    if option is not None:
        option.help = gettext.gettext("Show this message and exit.")
        option.metavar = ""
    return option


def _empty(option: str) -> UsageFault:
    return UsageFault(
        Fault(
            problem("option.empty", "{option} was given an empty value.", option=option),
            msg("Give it a value, or leave it out; a shell variable that is not set gives an empty value."),
        )
    )


class Command(TyperCommand):
    """A command; an option that is given must have a value."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words of the command line."""
        rest: list[str] = super().parse_args(ctx, args)
        for parameter in self.params:
            source = ctx.get_parameter_source(parameter.name)
            given = source is not None and source.name == "COMMANDLINE"
            if given and ctx.params.get(parameter.name) == "" and parameter.opts[0].startswith("-"):
                raise _empty(parameter.opts[0])
        return rest

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option --help."""
        return _help_option(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        """Return the usage line."""
        return _translated(super().get_usage(ctx))


class LazyCommand(TyperCommand):
    """A command whose module is loaded when it is run, so that no other command waits for it."""

    def __init__(self, name: str, help_: str, target: str, localize: Callable[[Any], None]) -> None:
        super().__init__(name, help=help_, rich_markup_mode=DEFAULT_MARKUP_MODE)
        self.target = target
        self.localize = localize

    def load(self) -> Any:
        """Import the module, and return its command in the reader's language."""
        app = typer.Typer(add_completion=False)
        app.command(self.name, cls=Command, help=self.help)(import_module(self.target).command)
        found = typer.main.get_command(app)
        self.localize(found)
        return found

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Read the words of the command line by the command itself."""
        return self.load().make_context(info_name, args, parent, **extra)


class Group(TyperGroup):
    """A group of commands."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option --help."""
        return _help_option(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        """Return the usage line."""
        return _translated(super().get_usage(ctx))
