"""The words of the command-line library, in the reader's language."""

from __future__ import annotations

import gettext
import os

from i18n import DOMAIN, LOCALES


def borrow(chosen: str) -> None:
    """Let the command-line library, which asks gettext's default domain, speak the same language."""
    os.environ["LANGUAGE"] = chosen
    gettext.bindtextdomain(DOMAIN, LOCALES)
    gettext.textdomain(DOMAIN)


def _(template: str) -> str:
    """Mark a template for the catalogue; whoever shows it translates it."""
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
