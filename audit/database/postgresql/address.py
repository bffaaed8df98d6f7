"""The address of a PostgreSQL database: read, and shown without what is secret in it."""

from __future__ import annotations

import re

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from engine.base.confidential import veiled_address
from engine.base.faults import InvalidInput, problem
from engine.base.messages import msg

_DRIVER = "postgresql+psycopg"
_ADDRESS = re.compile(r"(?:[^@/?#]*@)?[^@]*")
"""After the scheme: an @ occurs at most once, before the host. Otherwise part of a password might pass for a host."""


def locate(url: str) -> URL:
    """Return the parts of an address; what is ambiguous is refused without being repeated."""
    _, _, rest = url.partition("://")
    try:
        if _ADDRESS.fullmatch(rest) and "\0" not in url:
            return make_url(url).set(drivername=_DRIVER)
    except (ArgumentError, ValueError):
        pass
    raise InvalidInput.because(
        problem("ledger.address", "The address “{url}” of the ledger cannot be read.", url=veiled_address(url)),
        msg(
            "Write it as postgresql://user@host:port/database, and within a name or password %40 for @, %2F for /, "
            "%3F for ?, %23 for # and %3A for :."
        ),
    )


def shown(address: URL) -> str:
    """Return an address without its password and its options, which may hold one too."""
    url = URL.create(
        "postgresql", username=address.username, host=address.host, port=address.port, database=address.database
    )
    return url.render_as_string()
