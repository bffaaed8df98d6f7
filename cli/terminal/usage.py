"""Report wrong usage in the reader's language; the command-line library reports it in English only."""

from __future__ import annotations

import difflib
import re
from typing import Any

from typer.exceptions import TyperException

from cli.terminal.session import Session, write_error
from engine.base.confidential import veiled
from engine.base.messages import Message, listing, msg

WRONG_USAGE = 2
_UNKNOWN = re.compile(r"No such command '(.*)'\.", re.DOTALL)
_EXTRA = re.compile(r"Got unexpected extra argument\(s\) \((.*)\)", re.DOTALL)


def report_usage(session: Session, error: TyperException) -> int:
    """Print what was wrong with the command line and where help is; return the exit code."""
    context: Any = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "fenming"
    if type(error).__name__ == "NoArgsIsHelpError":
        session.print(context.get_help())
        return WRONG_USAGE
    lines = [session.say(_what(error)), session.say(msg("Help: {command} --help", command=path))]
    write_error(veiled("\n".join(lines)) + "\n")
    return WRONG_USAGE


def _what(error: TyperException) -> Message:
    given: Any = error
    match type(error).__name__:
        case "NoSuchOption":
            near = difflib.get_close_matches(given.option_name, list(given.possibilities or ()), n=1)
            if near:
                return msg("There is no option {name}; did you mean {near}?", name=given.option_name, near=near[0])
            return msg("There is no option {name}.", name=given.option_name)
        case "MissingParameter":
            parameter = given.param
            value = getattr(parameter, "metavar", None) or getattr(parameter, "name", "?")
            option = next((each for each in getattr(parameter, "opts", ()) if each.startswith("-")), None)
            return msg("{name} is missing.", name=f"{option} {value}" if option else value)
        case "BadParameter":
            return _unfit(given)
        case "BadOptionUsage":
            if "does not take a value" in given.message:
                return msg("{name} takes no value.", name=given.option_name)
            return msg("{name} needs a value.", name=given.option_name)
        case _:
            words = error.format_message()
            if unknown := _UNKNOWN.match(words):
                return _no_command(given, unknown[1])
            if extra := _EXTRA.match(words):
                return msg("There are more arguments than the command takes: {names}.", names=extra[1])
            return msg("The command line cannot be read: {reason}", reason=words)


def _no_command(given: Any, name: str) -> Message:
    near = difflib.get_close_matches(name, list(getattr(given.ctx.command, "commands", ())), n=1)
    if near:
        return msg("There is no command {name}; did you mean {near}?", name=name, near=near[0])
    return msg("There is no command {name}.", name=name)


def _unfit(given: Any) -> Message:
    """Return what is wrong with a value; the commands take texts, numbers and words from a list."""
    parameter = given.param
    name = parameter.opts[0] if str(parameter.opts[0]).startswith("-") else parameter.metavar or parameter.name
    if "|" in (parameter.metavar or ""):
        return msg("{name} must be one of: {choices}.", name=name, choices=listing(parameter.metavar.split("|")))
    least = getattr(parameter, "min", None)
    if least is not None:
        return msg("{name} must be a whole number, {least} or more.", name=name, least=least)
    return msg("{name} must be a whole number.", name=name)
