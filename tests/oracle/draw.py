"""Random choices of a case: numbers at and beside the form's limits, days, ids and words."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

T = TypeVar("T")

RATES = [(0, 1), (1, 3), (2, 3), (4, 3), (5, 3), (1, 2), (1, 1), (-1, 4), (12, 1)]
RATES += [(n, 10_000) for n in (5999, 6000, 6001, 9999, 10_000, 10_001, 13_999, 14_000, 14_001)]
RATES += [(n, 10_000) for n in (14_999, 15_000, 15_001, 20_000, 20_001)]
FULL_RATES = [(1, 1), (4, 3), (10_000, 10_000), (10_001, 10_000), (14_999, 10_000), (15_000, 10_000)]
LETTERS = "abcdefghkmnpqrstuvwxyzABCDEFGHKMNPQRSTUVWXYZ0123456789甲乙丙丁戊己庚辛"
WORDS = ["服务企业", "信用保险", "平台运维", "外贸促进", "商贸流通", "吸收外资", "口岸建设", "满意度"]


class Draw:
    """Random choices that one text determines; a strong case loses little, so that high grades are met too."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)
        self._ids: set[str] = set()
        self.strong = self.chance(40)

    def chance(self, percent: int) -> bool:
        """Return true in so many cases of a hundred."""
        return self.random.randrange(100) < percent

    def among(self, choices: Sequence[T]) -> T:
        """Return one of the choices."""
        return self.random.choice(choices)

    def shuffled(self, values: list[T]) -> list[T]:
        """Return the same values in a random order."""
        return self.random.sample(values, k=len(values))

    def count(self, least: int, most: int) -> int:
        """Return a whole number between two."""
        return self.random.randint(least, most)

    def decimal(self, least: int, most: int, places: int = 2) -> Decimal:
        """Return a number between two that has so many decimal places."""
        return Decimal(self.count(least * 10**places, most * 10**places)).scaleb(-places)

    def points(self, most: Fraction) -> Decimal:
        """Return points from 0 to a weight with two or three places, often at an end."""
        places = self.among([2, 2, 3])
        whole = int(most * 10**places)
        choices = [0, 1, whole - 1, whole, whole // 2, self.count(0, whole), self.count(0, whole), self.count(0, whole)]
        return Decimal(self.among(choices)).scaleb(-places)

    def planned_and_actual(self) -> tuple[Decimal, Decimal]:
        """Return a target above 0 and an actual, often exactly at a limit of the rate."""
        if self.chance(5 if self.strong else 25):
            return self.decimal(1, 500), self.decimal(0, 900)
        actual, planned = self.among(FULL_RATES if self.strong and self.chance(85) else RATES)
        step = self.among([Decimal(1), Decimal(3), Decimal("0.5"), self.decimal(1, 90)])
        return planned * step, actual * step

    def day(self, first: date, last: date) -> date:
        """Return a day between two."""
        return first + timedelta(days=self.count(0, (last - first).days))

    def new_id(self) -> str:
        """Return an id that no other fact of the case has."""
        while True:
            name = "".join(self.random.choices(LETTERS, k=self.count(1, 8)))
            if self.chance(10):
                name = f"{name}.{self.count(1, 99)}-_"
            if name not in self._ids:
                self._ids.add(name)
                return name

    def name(self) -> str:
        """Return a name, which other facts may have too."""
        return f"{self.among(WORDS)}{self.count(1, 40)}"

    def amount(self, value: Decimal) -> str:
        """Return an amount of so many 万元 as a facts file writes it, now and then in 亿元."""
        return f"{plain(value / 10_000)} 亿元" if self.chance(4) else f"{plain(value)} 万元"


def plain(value: Decimal) -> str:
    """Return a number in digits, without an exponent."""
    return f"{value:f}"
