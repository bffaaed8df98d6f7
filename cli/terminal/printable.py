"""Texts as a terminal may show them."""

from engine.documents.printable import one_line, printable

__all__ = ["one_line", "printable"]
