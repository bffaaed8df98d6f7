"""How a comparison is said: where it holds, where it fails, and where it fails by a distance."""

from __future__ import annotations

from collections.abc import Mapping

from engine.base.comparators import Comparator
from engine.base.messages import Message, msg

IS = msg("{what} is {value}")

COMPARED: Mapping[Comparator, tuple[Message, Message, Message]] = {
    Comparator.AT_LEAST: (
        msg("{what} is {value}, at least {threshold}"),
        msg("{what} is {value}; it must be at least {threshold}"),
        msg("{what} is {value}; it must be at least {threshold}, and is {distance} below"),
    ),
    Comparator.ABOVE: (
        msg("{what} is {value}, more than {threshold}"),
        msg("{what} is {value}; it must be more than {threshold}"),
        msg("{what} is {value}; it must be more than {threshold}, and is {distance} below"),
    ),
    Comparator.AT_MOST: (
        msg("{what} is {value}, at most {threshold}"),
        msg("{what} is {value}; it must be at most {threshold}"),
        msg("{what} is {value}; it must be at most {threshold}, and is {distance} above"),
    ),
    Comparator.BELOW: (
        msg("{what} is {value}, less than {threshold}"),
        msg("{what} is {value}; it must be less than {threshold}"),
        msg("{what} is {value}; it must be less than {threshold}, and is {distance} above"),
    ),
    Comparator.EQUAL: (
        msg("{what} is {value}, equal to {threshold}"),
        msg("{what} is {value}; it must be {threshold}"),
        msg("{what} is {value}; it must be {threshold}"),
    ),
    Comparator.UNEQUAL: (
        msg("{what} is {value}, and not {threshold}"),
        msg("{what} is {value}; it must not be {threshold}"),
        msg("{what} is {value}; it must not be {threshold}"),
    ),
}
DATES: Mapping[Comparator, tuple[Message, Message, Message]] = {
    **COMPARED,
    Comparator.AT_LEAST: (
        msg("{what} is {value}, not before {threshold}"),
        msg("{what} is {value}; it must not be before {threshold}"),
        msg("{what} is {value}; it must not be before {threshold}, and is {distance} too early"),
    ),
    Comparator.ABOVE: (
        msg("{what} is {value}, after {threshold}"),
        msg("{what} is {value}; it must be after {threshold}"),
        msg("{what} is {value}; it must be after {threshold}, and is {distance} before it"),
    ),
    Comparator.AT_MOST: (
        msg("{what} is {value}, not after {threshold}"),
        msg("{what} is {value}; it must not be after {threshold}"),
        msg("{what} is {value}; it must not be after {threshold}, and is {distance} too late"),
    ),
    Comparator.BELOW: (
        msg("{what} is {value}, before {threshold}"),
        msg("{what} is {value}; it must be before {threshold}"),
        msg("{what} is {value}; it must be before {threshold}, and is {distance} after it"),
    ),
}
