"""Find the word that was probably meant by one that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def likeliest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like another; one of two characters may differ in one, if it alone does.

    >>> likeliest("名子", ["名称", "分值"]), likeliest("名子", ["名称", "名单"]), likeliest("记分方式", ["计分方式"])
    ('名称', None, '计分方式')
    """
    words = list(dict.fromkeys(known))
    if close := get_close_matches(word, words, n=1):
        return close[0]
    alike = [each for each in words if _differ_in_one(word, each)] if not word.isascii() else []
    return alike[0] if len(alike) == 1 else None


def _differ_in_one(word: str, other: str) -> bool:
    pairs = list(zip(word, other, strict=False))
    return len(word) == len(other) > 1 and sum(one != two for one, two in pairs) == 1
