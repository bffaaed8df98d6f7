"""What no message may show: private keys, and the passwords in addresses."""

from __future__ import annotations

import re

_KEY = re.compile(r"PRIVATE(?:\+KEY\+| KEY-----)")
"""How a private key begins: as fenming and Go's note tools write it, or as PEM."""

_CODE = re.compile(r"(PRIVATE\+KEY\+)(?:[^\s+]*\+[0-9a-f]*\+[A-Za-z0-9+/=]*|[^\s“”]+)")
"""A private key with any name, or what is left of one."""

_PASSWORD = re.compile(r"(:/{1,3}[^\s/:@“”]*):[^\s“”]*@")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")


def key_in(text: str) -> int | None:
    """Return where a private key begins in a text; None if there is no key."""
    found = _KEY.search(text)
    return None if found is None else found.start()


def veiled(text: str) -> str:
    """Return a text without the private keys and the passwords that can be recognised in it."""
    return _PASSWORD.sub(r"\1:…@", _CODE.sub(r"\1…", text))


def veiled_address(url: str) -> str:
    """Return only the scheme of an address, since a password may be anywhere after it; a path is unchanged."""
    scheme, separator, _ = url.partition("://")
    if not separator:
        return url
    return f"{scheme if _SCHEME.fullmatch(scheme) else '…'}://…"
