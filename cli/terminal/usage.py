"""Report wrong usage in the reader's language; the command-line library reports it in English only."""

from __future__ import annotations

import difflib
import re
from typing import Any

from typer.exceptions import TyperException

from engine.base.faults import UsageFault, problem
from engine.base.messages import Message, listing, msg

_UNKNOWN = re.compile(r"No such command '(.*)'\.", re.DOTALL)
_EXTRA = re.compile(r"Got unexpected extra argument\(s\) \((.*)\)", re.DOTALL)


def wrong_usage(error: TyperException) -> UsageFault | None:
    """Return what was wrong with the command line, and where help is; None where saying nothing asks for help."""
    context: Any = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "fenming"
    if type(error).__name__ == "NoArgsIsHelpError":
        return None
    return _wrong(error, msg("Help: {command} --help", command=path))


def _wrong(error: TyperException, help_: Message) -> UsageFault:
    given: Any = error
    match type(error).__name__:
        case "NoSuchOption":
            near = difflib.get_close_matches(given.option_name, list(given.possibilities or ()), n=1)
            if near:
                return UsageFault.because(
                    problem(
                        "option.unknown",
                        "There is no option {name}; did you mean {near}?",
                        name=given.option_name,
                        near=near[0],
                    ),
                    help_,
                )
            return UsageFault.because(
                problem("option.unknown", "There is no option {name}.", name=given.option_name), help_
            )
        case "MissingParameter":
            parameter = given.param
            value = getattr(parameter, "metavar", None) or getattr(parameter, "name", "?")
            option = next((each for each in getattr(parameter, "opts", ()) if each.startswith("-")), None)
            return UsageFault.because(
                problem("option.missing", "{name} is missing.", name=f"{option} {value}" if option else value), help_
            )
        case "BadParameter":
            return _unfit(given, help_)
        case "BadOptionUsage":
            if "does not take a value" in given.message:
                return UsageFault.because(
                    problem("option.takes-no-value", "{name} takes no value.", name=given.option_name), help_
                )
            return UsageFault.because(
                problem("option.needs-value", "{name} needs a value.", name=given.option_name), help_
            )
        case _:
            return _otherwise_wrong(given, help_)


def _otherwise_wrong(given: Any, help_: Message) -> UsageFault:
    """Return what is wrong with the words of a command that are no options."""
    words = given.format_message()
    if unknown := _UNKNOWN.match(words):
        return _no_command(given, unknown[1], help_)
    if extra := _EXTRA.match(words):
        return UsageFault.because(
            problem(
                "command.too-many-words", "There are more arguments than the command takes: {names}.", names=extra[1]
            ),
            help_,
        )
    return UsageFault.because(
        problem("command.unreadable", "The command line cannot be read: {reason}", reason=words), help_
    )


def _no_command(given: Any, name: str, help_: Message) -> UsageFault:
    near = difflib.get_close_matches(name, list(getattr(given.ctx.command, "commands", ())), n=1)
    if near:
        return UsageFault.because(
            problem("command.unknown", "There is no command {name}; did you mean {near}?", name=name, near=near[0]),
            help_,
        )
    return UsageFault.because(problem("command.unknown", "There is no command {name}.", name=name), help_)


def _unfit(given: Any, help_: Message) -> UsageFault:
    """Return what is wrong with a value; the commands take texts, numbers and words from a list."""
    parameter = given.param
    name = parameter.opts[0] if str(parameter.opts[0]).startswith("-") else parameter.metavar or parameter.name
    if "|" in (parameter.metavar or ""):
        choices = listing(parameter.metavar.split("|"))
        return UsageFault.because(
            problem("option.not-a-choice", "{name} must be one of: {choices}.", name=name, choices=choices), help_
        )
    least = getattr(parameter, "min", None)
    if least is not None:
        return UsageFault.because(
            problem("option.number", "{name} must be a whole number, {least} or more.", name=name, least=least), help_
        )
    return UsageFault.because(problem("option.number", "{name} must be a whole number.", name=name), help_)
