"""Say in plain words why a text is not YAML.

PyYAML's two parsers word and place the same mistake differently. The one in Python is there in every installation and
places it better, so it is asked what is wrong, whichever of them met the mistake.
"""

from __future__ import annotations

import re

import yaml

from engine.base.faults import Fault, Problem, problem
from engine.base.messages import Message, msg
from engine.base.places import Place
from engine.documents.punctuation import colons_about, signs_between_entries

_MOST = 256 * 1024
"""The longest text that is parsed once more only for a better message."""

_QUOTE_IT = msg("Put the text in quotes, or correct the indentation of this line and the one before.")
_INDENTATION = msg("Give entries that belong together the same indentation; look for a stray quote or a missing colon.")
_BRACKETS = msg("Put a comma between the entries and a closing bracket after the last.")
_BACKSLASH = msg("Use single quotes, in which a backslash is a backslash, or write it twice.")

_BEGUN = ("unexpected end of stream", "unexpected document separator", "could not find expected ':'", "<stream end>")
"""What is best shown where it begins, and not where the parser gave it up."""

_PROBLEMS: tuple[tuple[str, Problem, Message], ...] = (
    (
        "found character '\\t'",
        problem("yaml.tab", "A tab is not allowed here; indent with spaces."),
        msg("Replace the tab with spaces."),
    ),
    (
        "that cannot start any token",
        problem("yaml.quotes-needed", "A text cannot begin with this character unless it is in quotes."),
        msg("Put the whole text in quotes."),
    ),
    ("mapping values are not allowed", problem("yaml.colon", "Unexpected colon."), _QUOTE_IT),
    ("mapping keys are not allowed", problem("yaml.question-mark", "Unexpected question mark."), _QUOTE_IT),
    (
        "sequence entries are not allowed",
        problem("yaml.list", "A list cannot begin here."),
        msg("Begin the list on a new line."),
    ),
    (
        "could not find expected ':'",
        problem("yaml.no-colon", "This line needs a name and a colon."),
        msg("Write `name: value`; a text continued from the line before must be indented more than its name."),
    ),
    (
        "found unexpected end of stream",
        problem("document.open-quote", "A quote is opened here and never closed."),
        msg("Add the closing quote."),
    ),
    (
        "found unexpected document separator",
        problem("document.open-quote", "A quote is opened here and never closed."),
        msg("Add the closing quote."),
    ),
    (
        "found unknown escape character",
        problem("document.escape", "In double quotes, this backslash does not begin a known escape."),
        _BACKSLASH,
    ),
    (
        "but got '<stream end>'",
        problem("yaml.open-bracket", "A bracket or a brace is opened here and never closed."),
        msg("Add the closing one."),
    ),
    (
        "escape sequence",
        problem("document.escape", "In double quotes, this backslash does not begin a known escape."),
        _BACKSLASH,
    ),
    ("escape code", problem("yaml.escape-code", "The escape does not name a character."), _BACKSLASH),
    ("or ']'", problem("yaml.bracket-missing", "A comma or a closing bracket is missing here."), _BRACKETS),
    ("or '}'", problem("yaml.brace-missing", "A comma or a closing brace is missing here."), _BRACKETS),
    (
        "alphabetic or numeric character",
        problem("yaml.quotes-needed", "A text cannot begin with & or * unless it is in quotes."),
        msg("Put the whole text in quotes."),
    ),
    (
        "tag handle",
        problem("yaml.quotes-needed", "A text cannot begin with ! unless it is in quotes."),
        msg("Put the whole text in quotes."),
    ),
    (
        "line break",
        problem("yaml.block", "Only a line break may follow | or >."),
        msg("Begin the text on the next line, or put it in quotes."),
    ),
    (
        "indentation indicator",
        problem("yaml.block", "Only a line break may follow | or >."),
        msg("Begin the text on the next line, or put it in quotes."),
    ),
    ("<block end>", problem("yaml.indentation", "This does not fit the entries before it."), _INDENTATION),
    ("'<document start>'", problem("yaml.indentation", "This does not fit the entries before it."), _INDENTATION),
    (
        "node content",
        problem("yaml.no-value", "A value is missing here."),
        msg("Write the value, or put it in quotes if it is a text."),
    ),
)

_IN_TEXT = r"""\{(?:[^{}"':]|:(?! ))*\}"""
_BEFORE_BRACES = re.compile(rf""".*: +((?:[^\s"'{{\[][^{{}}"']*|{_IN_TEXT}) *)$""")
_TEXT_WITH_BRACES = re.compile(rf"""(?:[^{{}}"',:]|:(?! )|,(?! *[^\s:,{{}}]+: )|{_IN_TEXT})+""")
"""From where a text begins, to the end of its mapping or to the next name."""

_BOUND_FIRST = re.compile(
    r": +(?P<bound>>=? *[-+]?\d+(?:\.\d+)?%?) *(?P<kind>[^\W\d][^\s,{}#]*)(?P<rest>(?: +[^\W\d][^\s,{}#]*)?)"
)

_AT_COLONS = {"yaml.colon": True, "yaml.no-colon": False}
"""The faults that a full-width colon causes, and whether it is on a line before the one that is reported."""


def syntax_faults(text: str, file: str, error: Exception) -> list[Fault]:
    """Return the faults of a text at which a parser stopped; Chinese punctuation before it is the likely cause."""
    fault = _syntax_fault(text, file, error)
    if fault.code == "yaml.brace-missing" and (unquoted := _text_with_braces(text, fault.where)):
        return [unquoted]
    if fault.code == "yaml.block" and (bound := _bound_first(text, fault.where)):
        return [bound]
    stopped = fault.where.line
    signs = signs_between_entries(text, file, stopped)
    if not signs and stopped is not None and fault.code in _AT_COLONS:
        signs = colons_about(text, file, stopped, before=_AT_COLONS[fault.code])
    explained = any(sign.where.line is not None and sign.where.line <= (stopped or 0) for sign in signs)
    return signs if explained else [fault, *signs]


def _syntax_fault(text: str, file: str, error: Exception) -> Fault:
    second = _second_opinion(text)
    for opinion in (second, error):
        if isinstance(opinion, yaml.MarkedYAMLError):
            words = str(opinion.problem)
            for part, what, remedy in _PROBLEMS:
                if part in words:
                    return Fault(what, remedy, _place(file, opinion))
    marked = second if isinstance(second, yaml.MarkedYAMLError) else error
    return Fault(
        problem("yaml.unreadable", "The YAML cannot be read here."),
        msg("Look at the indentation, the colons, the quotes and the brackets of this line and the one before."),
        _place(file, marked) if isinstance(marked, yaml.MarkedYAMLError) else Place(file),
    )


def _bound_first(text: str, stopped: Place) -> Fault | None:
    """Return the fault of a bound that is written before its kind of value, if a parser took its > for a text's."""
    line = text.split("\n")[(stopped.line or 1) - 1]
    found = _BOUND_FIRST.search(line)
    if found is None or stopped.column is None or not found.start("bound") <= stopped.column <= found.end():
        return None
    return Fault(
        problem("yaml.block", "The kind of value comes before its bound."),
        msg("Write `{example}`.", example=f"{found['kind']} {found['bound']}{found['rest']}"),
        Place(stopped.file, stopped.line, found.start("bound") + 1),
    )


def _text_with_braces(text: str, stopped: Place) -> Fault | None:
    """Return the fault of a text with braces inside a mapping in braces, if a parser stopped in it."""
    if stopped.line is None or stopped.column is None:
        return None
    line = text.split("\n")[stopped.line - 1]
    begun = _BEFORE_BRACES.search(line[: stopped.column - 1])
    found = _TEXT_WITH_BRACES.match(line, begun.start(1)) if begun else None
    if found is None or "{" not in found[0] or found.end() < stopped.column:
        return None
    return Fault(
        problem("yaml.quotes-needed", "A text with braces needs quotes in a mapping in braces."),
        msg('Put the whole text in quotes: "{text}".', text=found[0].rstrip()),
        Place(stopped.file, stopped.line, found.start() + 1),
    )


def _second_opinion(text: str) -> yaml.YAMLError | None:
    """Return where the parser in Python stops, if it does."""
    if len(text) > _MOST:
        return None
    try:
        for _ in yaml.parse(text, Loader=yaml.SafeLoader):
            pass
    except yaml.YAMLError as error:
        return error
    except (OverflowError, ValueError):  # an escape that names no character
        return None
    return None


def _place(file: str, error: yaml.MarkedYAMLError) -> Place:
    mark = error.problem_mark or error.context_mark
    if any(part in str(error.problem) for part in _BEGUN):
        mark = error.context_mark or mark
    return Place(file, mark.line + 1, mark.column + 1) if mark is not None else Place(file)
