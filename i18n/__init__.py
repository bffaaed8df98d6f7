"""The reader's language: Chinese or English, through gettext catalogues.

The language is an argument below the doors, never a setting of the process.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from pathlib import Path

DOMAIN = "fenming"
LOCALES = Path(__file__).parent / "locale"


def language(environ: Mapping[str, str]) -> str:
    """Return `zh` or `en`: FENMING_LANG, else the first locale variable that is set, else English."""
    for name in ("FENMING_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def translator(chosen: str) -> Callable[[str], str]:
    """Return the function that translates a template; English is as it is written."""
    if chosen == "en":
        return str
    return gettext.translation(DOMAIN, LOCALES, [chosen]).gettext
