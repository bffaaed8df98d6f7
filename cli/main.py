"""The program `fenming`: the commands, and how every failure is reported."""

from __future__ import annotations

import sys
from typing import Any

import typer
from typer.exceptions import Abort, Exit, TyperException

from cli import i18n
from cli.commands import audit, case, evaluate, evidence, facts, ruleset
from cli.commands.kinds import Command, Group
from cli.i18n import _
from cli.session import OutputLost, Session, drop, open_streams, write_error
from engine.base.confidential import veiled
from engine.base.faults import FenmingError
from engine.base.messages import msg

INTERRUPTED = 130
UNEXPECTED = 70


def build(session: Session) -> Any:
    """Return the command tree in the session's language."""
    app = typer.Typer(
        name="fenming",
        help=_("Score a department's yearly budget performance by rule, and show why each point was given or taken."),
        cls=Group,
        no_args_is_help=True,
        add_completion=False,
        context_settings={"obj": session, "help_option_names": ["--help", "-h"]},
    )
    for name, function, words in (
        ("demo", evaluate.demo, _("Score the example into a fresh ledger and show its card.")),
        ("evaluate", evaluate.evaluate, _("Score a facts file, record every firing in the ledger, and show the card.")),
        ("show", case.show, _("Show the card: the form itself, with the reason for each point lost.")),
        (
            "explain",
            case.explain,
            _("Explain points: rule, clause, facts, evidence, formula with its numbers, readings."),
        ),
        ("replay", case.replay, _("Score recorded cases again from the ledger alone and report any difference.")),
    ):
        app.command(name, cls=Command, help=words)(function)
    for group, name, words in (
        (facts.app, "facts", _("Check a facts file, or make one to fill in.")),
        (ruleset.app, "ruleset", _("List, show and test rulesets.")),
        (audit.app, "audit", _("List and check the entries of the ledger, and prove them.")),
        (evidence.app, "evidence", _("Compare the files of evidence with what was recorded of them.")),
    ):
        app.add_typer(group, name=name, help=words)
    command = typer.main.get_command(app)
    _localize(command, session)
    return command


def _localize(command: Any, session: Session) -> None:
    """Translate the help of a command, its options, and all below it."""
    for holder in (command, *command.params):
        for words in ("help", "metavar", "options_metavar", "subcommand_metavar"):
            if getattr(holder, words, None):
                setattr(holder, words, session.translate(getattr(holder, words)))
    for child in getattr(command, "commands", {}).values():
        _localize(child, session)


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
        _tell(session, error)
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
    i18n.borrow(session.language)
    try:
        result = build(session).main(arguments, prog_name="fenming", standalone_mode=False)
    except Exit as error:
        result = error.exit_code
    except TyperException as error:
        from cli.usage import tell_usage

        return tell_usage(session, error)
    # The command-line library turns an interruption into an exit code.
    if result == INTERRUPTED:
        raise KeyboardInterrupt
    session.write("")
    return result if isinstance(result, int) else 0


def _tell(session: Session, error: FenmingError) -> None:
    from cli.render.faults import faults_text

    write_error(faults_text(error.faults, session.translate, session.error_width()))


def _output_lost(session: Session, error: OutputLost) -> int:
    drop(sys.stdout)
    _tell(session, error)
    return error.exit_code


def _interrupted(session: Session) -> int:
    # A terminal has put ^C on this line.
    begun = "\n" if sys.stderr.isatty() else ""
    stopped = msg("Stopped early. What was recorded before stays recorded; `fenming audit log` lists it.")
    write_error(f"{begun}{session.say(stopped)}\n")
    return INTERRUPTED


def _unexpected(session: Session, error: Exception) -> int:
    from cli.log import logger

    logger().debug("unexpected", exc_info=error)
    what = msg(
        "Something went wrong inside fenming: {kind}: {reason}.", kind=type(error).__name__, reason=veiled(str(error))
    )
    remedy = msg(
        "No partial output was written. Run the command again with FENMING_LOG=debug and report what it prints."
    )
    write_error(f"{session.say(what)}\n{session.say(remedy)}\n")
    return UNEXPECTED
