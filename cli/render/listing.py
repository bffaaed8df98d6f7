"""Plain tables for listings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import HORIZONTALS
from rich.table import Table

from cli.session import Session
from engine.errors import Message


def print_table(session: Session, columns: Sequence[Message], rows: Iterable[Sequence[str]]) -> None:
    """Print a table as wide as the terminal."""
    table = Table(box=HORIZONTALS, padding=(0, 1, 0, 0))
    for column in columns:
        table.add_column(session.say(column), overflow="fold")
    for row in rows:
        table.add_row(*row)
    with session.page() as console:
        console.print(table)
