"""The figures in a text, Chinese or English: 60%, 0.6, 六成, 六折, 百分之六十, 一半, 三分之一, 20日, 三个."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from engine.base.numbers import Number, simplest

_PLAIN_SIGNS = str.maketrans("０１２３４５６７８９．％／－～", "0123456789.%/-~")
_DIGITS: Mapping[str, int] = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS: Mapping[str, int] = {"十": 10, "百": 100, "千": 1000}
_LARGE: Mapping[str, int] = {"万": 10**4, "亿": 10**8}

_ARABIC = r"\d+(?:\.\d+)?"
_CHINESE = r"[零〇一二两三四五六七八九十百千]+"
_EITHER = rf"(?:{_ARABIC}|{_CHINESE})"
_COUNTED = "个|天|日|年|月|分|项|次|件|元|万|亿|人|家|名|倍|小时|工作日"
"""What follows a number in Chinese words that counts something; others, as in 一是 or 二级, are names."""

_FORMS = re.compile(
    rf"""
      (?P<skipped> 第\s*{_EITHER} | [（(]\s*\d+\s*[）)] | (?:^|(?<=[。；;\n]))\s*\d+[.、．](?!\d) | \d{{4}}\s*年
        | [A-Za-z]-?\d[\d.]* | (?:level|indicator|criterion|criteria|goal|number|clause|step|row)s?[\ -]\d[\d.]*
        | {_EITHER}\s*[级号条] )
    | (?P<range> (?P<from>{_ARABIC})\s*[-~—–至到]\s*(?P<to>{_ARABIC})\s*% )
    | (?P<percent> {_ARABIC}\s*% )
    | 百分之(?P<hundredths> {_EITHER} )
    | (?P<parts> {_CHINESE} )分之(?P<share> {_CHINESE} )
    | (?P<fraction> \d+/\d+ )
    | (?P<tenths> {_EITHER} )成(?P<more> [一二三四五六七八九] )?(?!立|员|本|果|效|为)
    | (?P<rebate> {_EITHER} )折
    | (?P<half> 一半|半数|减半|折半|对半|过半 )
    | (?P<plain> {_ARABIC} )\s*(?P<large> [万亿] )?
    | (?P<words> {_CHINESE} )(?=\s*(?:{_COUNTED}))
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a text; `text` is how it is written."""

    text: str
    values: tuple[Number, ...]
    """What it may be worth: 500万 is 500 and 5,000,000."""
    is_share: bool
    is_plain: bool
    """Whether it may be a share of something, and whether a number of points, days, or so on; 0.6 may be both."""


def figures(text: str) -> list[Figure]:
    """Return the figures of a text in order, without ordinals, numbers of list items, and years.

    >>> [figure.values for figure in figures("1.完成率60%以下的得八成，每超过3个扣0.5分，最多一半。")]
    [(Fraction(3, 5),), (Fraction(4, 5),), (3,), (Fraction(1, 2),), (Fraction(1, 2),)]
    """
    return [figure for match in _FORMS.finditer(text.translate(_PLAIN_SIGNS)) for figure in _of(match)]


def _of(match: re.Match[str]) -> Iterator[Figure]:
    for name, values in _READERS.items():
        if match[name] is not None:
            yield from values(match)
            return


def _share(match: re.Match[str], value: Fraction | int) -> Figure:
    return Figure(match[0], (simplest(Fraction(value)),), is_share=True, is_plain=False)


def _range(match: re.Match[str]) -> Iterator[Figure]:
    low = Fraction(match["from"])
    yield Figure(match["from"], (simplest(low / 100), simplest(low)), is_share=True, is_plain=True)
    yield Figure(f"{match['to']}%", (simplest(Fraction(match["to"]) / 100),), is_share=True, is_plain=False)


def _plain(match: re.Match[str]) -> Iterator[Figure]:
    value = simplest(Fraction(match["plain"]))
    values = (value,) if match["large"] is None else (value, simplest(Fraction(value * _LARGE[match["large"]])))
    yield Figure(match[0].strip(), values, is_share=0 < value < 1, is_plain=True)


def _rebate(match: re.Match[str]) -> Iterator[Figure]:
    words = match["rebate"]
    if words[0].isdigit():
        value = Fraction(words) / 10
    else:
        value = Fraction("".join(str(_DIGITS.get(sign, 0)) for sign in words)) / 10 ** len(words)
    yield _share(match, value)


def _tenths(match: re.Match[str]) -> Iterator[Figure]:
    yield _share(match, _number(match["tenths"]) / 10 + Fraction(_DIGITS.get(match["more"] or "", 0), 100))


def _number(words: str) -> Fraction:
    """Return a number in Arabic or Chinese digits.

    >>> [int(_number(words)) for words in ("12", "十二", "二十", "一百零五", "两千三百")]
    [12, 12, 20, 105, 2300]
    """
    if words[0].isdigit():
        return Fraction(words)
    total, digit = 0, 0
    for sign in words:
        if sign in _TENS:
            total += (digit or 1) * _TENS[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return Fraction(total + digit)


_READERS: Mapping[str, Callable[[re.Match[str]], Iterator[Figure]]] = {
    "skipped": lambda _: iter(()),
    "range": _range,
    "percent": lambda match: iter((_share(match, Fraction(match["percent"].rstrip("% ")) / 100),)),
    "hundredths": lambda match: iter((_share(match, _number(match["hundredths"]) / 100),)),
    "share": lambda match: iter((_share(match, _number(match["share"]) / _number(match["parts"])),)),
    "fraction": lambda match: iter((_share(match, Fraction(match["fraction"])),)),
    "tenths": _tenths,
    "rebate": _rebate,
    "half": lambda match: iter((_share(match, Fraction(1, 2)),)),
    "plain": _plain,
    "words": lambda m: iter((Figure(m[0], (simplest(_number(m["words"])),), is_share=False, is_plain=True),)),
}
