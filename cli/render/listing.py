"""Plain tables for listings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import HORIZONTALS
from rich.table import Table

from cli.terminal.printable import one_line
from cli.terminal.session import Session
from cli.terminal.wrapping import Wrapped
from engine.base.messages import Message

_ROOMY = 72
"""How wide a terminal must be for a column that does not wrap, in cells."""


def print_table(session: Session, columns: Sequence[Message], rows: Iterable[Sequence[str]], *, whole: int = 0) -> None:
    """Print a table as wide as the terminal; the column `whole` holds what is copied, so it stays on one line."""
    table = Table(box=HORIZONTALS, padding=(0, 1, 0, 0))
    with session.page() as console:
        for number, column in enumerate(columns):
            whole_here = number == whole and console.width >= _ROOMY
            table.add_column(session.say(column), overflow="fold", no_wrap=whole_here)
        for row in rows:
            table.add_row(*(one_line(text) if number == whole else Wrapped(text) for number, text in enumerate(row)))
        console.print(table)
