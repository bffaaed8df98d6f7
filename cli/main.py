"""The program `fenming`: the commands, and how every failure is reported."""

from __future__ import annotations

import sys
from typing import Any

from typer.core import DEFAULT_MARKUP_MODE
from typer.exceptions import Abort, Exit, TyperException

from cli.commands.tree import TREE, GroupEntry
from cli.terminal import borrowed as i18n
from cli.terminal.session import OutputLost, Session, drop, open_streams, write_error
from cli.terminal.typer_classes import Group, LazyCommand
from engine.base.confidential import veiled
from engine.base.faults import FenmingError, Unexpected, UsageFault, problem
from engine.base.messages import msg

INTERRUPTED = 130


def build(session: Session) -> Group:
    """Return the command tree in the session's language."""
    group = _group(TREE, session)
    group.context_settings = {"obj": session, "help_option_names": ["--help", "-h"]}
    return group


def _group(entry: GroupEntry, session: Session) -> Group:
    commands = [
        _group(each, session)
        if isinstance(each, GroupEntry)
        else LazyCommand(each.name, session.translate(each.help), each.module, lambda c: _localize(c, session))
        for each in entry.entries
    ]
    group = Group(
        name=entry.name,
        help=session.translate(entry.help),
        commands={str(each.name): each for each in commands},
        no_args_is_help=True,
        rich_markup_mode=DEFAULT_MARKUP_MODE,
    )
    _localize(group, session)
    return group


def _localize(command: Any, session: Session) -> None:
    """Translate the help of a command and its options."""
    for holder in (command, *command.params):
        for words in ("help", "metavar", "options_metavar", "subcommand_metavar"):
            if getattr(holder, words, None):
                setattr(holder, words, session.translate(getattr(holder, words)))


def main() -> None:
    """Run the program and leave with its exit code."""
    open_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; return its exit code. No error reaches the user as a traceback."""
    session = Session.begin()
    try:
        return _run(session, arguments)
    except (KeyboardInterrupt, Abort):
        return _interrupted(session)
    except BrokenPipeError:
        drop(sys.stdout)
        return 0
    except OutputLost as error:
        return _output_lost(session, error)
    except FenmingError as error:
        _report(session, error, as_json="--json" in arguments)
        return error.exit_code
    except OSError as error:
        try:
            # The command-line library prints its help by itself; what could not be written is still to be written.
            session.write("")
        except OutputLost as lost:
            return _output_lost(session, lost)
        return _unexpected(session, error)
    except Exception as error:  # noqa: BLE001 - the last door: the user gets one sentence, the log the rest
        return _unexpected(session, error)


def _run(session: Session, arguments: list[str]) -> int:
    if arguments == ["--version"]:
        from importlib.metadata import version  # noqa: PLC0415 - only here

        session.print(f"fenming {version('fenming')}")
        return 0
    i18n.borrow(session.language)
    try:
        result = build(session).main(arguments, prog_name="fenming", standalone_mode=False)
    except Exit as error:
        result = error.exit_code
    except TyperException as error:
        from cli.terminal.usage import wrong_usage  # noqa: PLC0415 - only on wrong usage

        wrong = wrong_usage(error)
        if wrong is not None:
            raise wrong from None
        session.print(error.ctx.get_help())  # type: ignore[attr-defined]
        return UsageFault.exit_code
    # The command-line library turns an interruption into an exit code.
    if result == INTERRUPTED:
        raise KeyboardInterrupt
    session.write("")
    return result if isinstance(result, int) else 0


def _report(session: Session, error: FenmingError, *, as_json: bool = False) -> None:
    from cli.render.faults import faults_json, faults_text  # noqa: PLC0415 - only on an error

    if as_json:
        write_error(faults_json(error, session.translate))
    else:
        write_error(faults_text(error.faults, session.translate, session.error_width()))


def _output_lost(session: Session, error: OutputLost) -> int:
    drop(sys.stdout)
    _report(session, error)
    return error.exit_code


def _interrupted(session: Session) -> int:
    # A terminal has put ^C on this line.
    begun = "\n" if sys.stderr.isatty() else ""
    stopped = msg("Stopped early. What was recorded before stays recorded; `fenming audit log` lists it.")
    write_error(f"{begun}{session.say(stopped)}\n")
    return INTERRUPTED


def _unexpected(session: Session, error: Exception) -> int:
    from cli.terminal.log import logger  # noqa: PLC0415 - only where something went wrong

    logger().debug("unexpected", exc_info=error)
    fault = Unexpected.because(
        problem(
            "internal.unexpected",
            "Something went wrong inside fenming: {kind}: {reason}.",
            kind=type(error).__name__,
            reason=veiled(str(error)),
        ),
        msg("No partial output was written. Run the command again with FENMING_LOG=debug and report what it prints."),
    )
    _report(session, fault)
    return fault.exit_code
