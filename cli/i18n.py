"""The reader's language: Chinese or English, by FENMING_LANG or the locale, through gettext catalogues."""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable, Mapping
from pathlib import Path

DOMAIN = "fenming"
LOCALES = Path(__file__).parent / "locale"
LANGUAGES = ("zh", "en")


def language(environ: Mapping[str, str]) -> str:
    """Return `zh` or `en`: FENMING_LANG, else the first locale variable that is set, else English."""
    for name in ("FENMING_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def translator(chosen: str) -> Callable[[str], str]:
    """Return the function that translates a template; English is returned unchanged."""
    if chosen == "en":
        return str
    return gettext.translation(DOMAIN, LOCALES, [chosen]).gettext


def borrow(chosen: str) -> None:
    """Let the command-line library, which asks gettext's default domain, speak the same language."""
    os.environ["LANGUAGE"] = chosen
    gettext.bindtextdomain(DOMAIN, LOCALES)
    gettext.textdomain(DOMAIN)


def _(template: str) -> str:
    """Mark a template for the catalogue; the code that shows it translates it."""
    return template


BORROWED = (
    _("Arguments"),
    _("Options"),
    _("[OPTIONS]"),
    _("COMMAND [ARGS]..."),
    _("Commands"),
    _("Error"),
    _("Aborted."),
    _("[default: {}]"),
    _("[env var: {}]"),
    _("[required]"),
    _("Show this message and exit."),
    _("Usage: "),
    _("language: en"),
)
"""Words of the command-line library that its help shows, and the entry that names a catalogue's language."""
