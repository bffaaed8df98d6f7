"""Names that look alike: two spellings of one department are one department."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator


def folded(name: str) -> str:
    """Return a name as it is compared with others: in NFKC, without white space and marks on Chinese characters."""
    text = unicodedata.normalize("NFKC", name)
    marks = set(marks_on_han(text))
    return "".join(each for at, each in enumerate(text) if not each.isspace() and at not in marks)


def marks_on_han(text: str) -> Iterator[int]:
    """Return the places of the combining marks that follow a Chinese character, which has none of its own."""
    on_han = False
    for at, character in enumerate(text):
        if unicodedata.category(character).startswith("M"):
            if on_han:
                yield at
        else:
            on_han = unicodedata.name(character, "").startswith("CJK ")
