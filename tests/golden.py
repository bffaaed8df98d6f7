"""Golden texts: what is shown is compared with a file that a person has read.

FENMING_UPDATE_GOLDEN=1 writes the files anew; read the difference before you commit it.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from engine.base.faults import Fault

UPDATE = "FENMING_UPDATE_GOLDEN"


def matches_golden(file: Path, text: str) -> bool:
    """Return whether a text is that of its golden file; when golden files are being updated, make it so."""
    if os.environ.get(UPDATE) == "1":
        file.write_text(text, "utf-8")
    return file.is_file() and file.read_text("utf-8") == text


def shown(faults: Iterable[Fault], translate: Callable[[str], str]) -> str:
    """Return faults as golden files hold them: one paragraph each, place, what is wrong, remedy."""
    return "\n".join(f"{f.where}\n{f.what.text(translate)}\n{f.remedy.text(translate)}\n" for f in faults)
