"""The address of a node of an explanation, as a letter quotes it: `3f2eafaada85aea3/11/whole/posting/2`.

The evaluation's id comes first, then steps: `11` is an indicator, `11/whole` a part of it, `11/whole/posting/2` the
second posting of the part, `11/posting/1` the first one on the indicator as a whole. `level/A%2FB`, `total` and
`result/NAME` are levels, the total and results. `fact/ID`, `clause/ID` and `reading/NAME` may also follow a posting
that is based on them. A receipt never changes, so that an address always means the same.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

_PLAIN = "-._"


def step(name: str | int) -> str:
    """Return a name as one step of an address: letters and digits as they are, other signs percent-escaped.

    >>> step("share(rate(T02))"), step("更新台数")
    ('share%28rate%28T02%29%29', '更新台数')
    """
    text = str(name)
    if text in (".", ".."):
        return text.replace(".", "%2E")
    return "".join(sign if sign.isalnum() or sign in _PLAIN else "".join(_escaped(sign)) for sign in text)


def _escaped(sign: str) -> str:
    return quote(sign, safe="", errors="surrogatepass").replace("~", "%7E")


def address(*steps: str | int) -> str:
    """Return the address of some steps."""
    return "/".join(map(step, steps))


def below(holder: str, *steps: str | int) -> str:
    """Return the address of what is below another one; the empty one is that of the evaluation itself."""
    return f"{holder}/{address(*steps)}" if holder else address(*steps)


def steps_of(written: str) -> tuple[str, ...]:
    """Return the names of an address, however its signs are escaped.

    >>> steps_of("11/whole/posting/2/"), steps_of("fact/share(rate%28T02%29)")
    (('11', 'whole', 'posting', '2'), ('fact', 'share(rate(T02))'))
    """
    return tuple(unquote(each) for each in written.strip("/").split("/")) if written.strip("/") else ()
