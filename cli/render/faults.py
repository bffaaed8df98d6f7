"""Faults as people read them: place, what, remedy, a blank line between."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from cli.terminal.printable import one_line, printable
from cli.terminal.wrapping import wrapped
from engine.base.confidential import veiled
from engine.base.faults import Fault, FenmingError
from engine.base.messages import msg

MOST_SHOWN = 50
"""How many faults are shown one by one."""


def faults_json(error: FenmingError, translate: Callable[[str], str]) -> str:
    """Return the faults of an error as JSON: code, words, remedy and place of each, and how the command ends."""
    faults = [
        {
            "code": fault.code,
            "what": veiled(fault.what.text(translate)),
            "remedy": veiled(fault.remedy.text(translate)),
            "file": veiled(fault.where.file),
            "line": fault.where.line,
            "column": fault.where.column,
            "pointer": fault.where.pointer,
        }
        for fault in error.faults
    ]
    return json.dumps({"exit_code": error.exit_code, "faults": faults}, ensure_ascii=False, indent=2) + "\n"


def faults_text(faults: Sequence[Fault], translate: Callable[[str], str], width: int | None = None) -> str:
    """Return the text of some faults, with their count where there are several; in lines of a width if it is given."""
    paragraphs = [fault_text(fault, translate, width) for fault in faults[:MOST_SHOWN]]
    more = len(faults) - MOST_SHOWN
    if more > 0:
        paragraphs.append(msg("… and {count} more.", count=more).text(translate))
    if len(faults) > 1:
        paragraphs.append(msg("{count} faults. Nothing was written.", count=len(faults)).text(translate))
    return "\n\n".join(paragraphs) + "\n"


def fault_text(fault: Fault, translate: Callable[[str], str], width: int | None = None) -> str:
    """Return the text of one fault: its place on a line of its own, what is wrong with its code, what to do."""
    # Somebody may have given the secret itself where its file, or another word, was meant.
    lines = [one_line(veiled(str(fault.where)))]
    what = f"{fault.what.text(translate)} [{fault.code}]"
    for words in map(veiled, (what, fault.remedy.text(translate))):
        lines += [printable(words)] if width is None else wrapped(words, width, whole=True)
    return "\n".join(line for line in lines if line)
