"""What of a copied ruleset somebody has to review: its clauses, parameters and readings, and what is confirmed of them.

What is confirmed of a clause is its words, the rules that carry it out, and the parts that cite it: a change of any of
these makes it unreviewed again.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.base.messages import Message, bilingual_text
from engine.base.places import Place
from engine.base.sources import canonical, sha256
from engine.documents import Node, to_plain
from engine.language.vocabulary import vocabulary
from engine.ruleset.clauses import carried_out
from engine.ruleset.model import Ruleset
from engine.ruleset.provenance import Confirmation

CLAUSE, PARAMETER, READING = "clause", "parameter", "reading"
KINDS = (CLAUSE, PARAMETER, READING)
DIGITS = 12
"""How many digits of the digest of what was confirmed are kept."""
_MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class Item:
    """A clause, a parameter or a reading of a ruleset."""

    kind: str
    name: str
    written: str
    """The name as the ruleset writes it."""
    title: str
    words: Message
    """What it says, to be recognised by."""
    content: str
    """The beginning of the digest of what there is to confirm."""
    place: Place

    def spelt(self, *, chinese: bool) -> str:
        """Return what it is called, such as “clause 5.1”, in the Chinese or the English form."""
        return f"{vocabulary('values').spelt(self.kind, chinese=chinese)} {self.written}"

    def is_called(self, kind: str, name: str) -> bool:
        """Return whether a kind, in either form, and a name mean this item."""
        names = (self.name, self.written, self.title)
        return bool(name) and vocabulary("values").canonical(kind) == self.kind and name in names


@dataclass(frozen=True, slots=True)
class Review:
    """An item and who has confirmed it, perhaps before it was changed."""

    item: Item
    confirmation: Confirmation | None

    @property
    def is_confirmed(self) -> bool:
        """Whether it is still what was confirmed."""
        return self.confirmation is not None and self.confirmation.content == self.item.content


def is_chinese(ruleset: Ruleset) -> bool:
    """Return whether a ruleset is written with Chinese keys."""
    key = ruleset.node.key("id")
    return key is not None and not (key.source or key.text).isascii()


def needs_review(ruleset: Ruleset) -> bool:
    """Return whether a ruleset was copied, or begun to be reviewed."""
    return ruleset.provenance is not None or bool(ruleset.reviewed)


def reviews(ruleset: Ruleset) -> tuple[Review, ...]:
    """Return every item of a ruleset with its review: the one that holds, else the last."""
    return tuple(_review(item, ruleset.reviewed) for item in items(ruleset))


def _review(item: Item, reviewed: Iterable[Confirmation]) -> Review:
    of_it = [each for each in reviewed if item.is_called(*parted(each.item))]
    holds = [each for each in of_it if each.content == item.content]
    return Review(item, next(reversed(holds or of_it), None))


def parted(item: str) -> tuple[str, str]:
    """Return the kind and the name of something that is called by both; a Chinese kind needs no blank after it.

    >>> parted("条款5.1"), parted("clause 5.1"), parted("R1")
    (('条款', '5.1'), ('clause', '5.1'), ('R1', ''))
    """
    kind, *name = item.split(maxsplit=1)[:2] or [""]
    chinese = (vocabulary("values").chinese[each] for each in KINDS)
    found = next((word for word in chinese if kind.startswith(word) and not name), kind)
    return found, name[0].strip() if name else kind.removeprefix(found)


def items(ruleset: Ruleset) -> tuple[Item, ...]:
    """Return what there is to review, in the order clauses, parameters, readings."""
    return (*_clauses(ruleset), *_parameters(ruleset), *_readings(ruleset))


def _clauses(ruleset: Ruleset) -> Iterator[Item]:
    rules = carried_out(ruleset)
    places = {key.text: key.place for section in _clause_sections(ruleset) for key, _ in section.entries or ()}
    for clause, words in ruleset.clauses.items():
        carrying = dict.fromkeys(placed.rule.node for placed in rules[clause])
        parts = [
            [part.id, part.method, part.weight.text]
            for indicator in ruleset.indicators
            for part in indicator.parts
            if part.weight is not None and clause in part.cites
        ]
        content = [words, [to_plain(node) for node in carrying], parts]
        place = places.get(clause, ruleset.node.place)
        yield Item(CLAUSE, clause, clause, "", _same(words), _digest(CLAUSE, content), place)


def _clause_sections(ruleset: Ruleset) -> Iterator[Node]:
    for node in (ruleset.node, *(indicator.node for indicator in ruleset.indicators)):
        if (section := node.get("clauses")) is not None:
            yield section


def _parameters(ruleset: Ruleset) -> Iterator[Item]:
    section = ruleset.node.get("parameters")
    for key, node in (section.entries or ()) if section is not None else ():
        parameter = ruleset.parameters[key.text]
        written, words = key.source.strip("'\"") or key.text, _same(parameter.value.text)
        digest = _digest(PARAMETER, to_plain(node))
        yield Item(PARAMETER, key.text, written, parameter.title, words, digest, key.place)


def _readings(ruleset: Ruleset) -> Iterator[Item]:
    section = ruleset.node.get("readings")
    for key, node in (section.entries or ()) if section is not None else ():
        reading = ruleset.readings[key.text]
        question = bilingual_text({"zh": reading.question_zh, "en": reading.question_en})
        yield Item(READING, key.text, key.text, "", question, _digest(READING, to_plain(node)), key.place)


def _digest(kind: str, content: Any) -> str:
    return sha256(canonical([kind, content]))[:DIGITS]


def _same(words: str) -> Message:
    return bilingual_text({"zh": words, "en": words})


def near(called: str, known: Sequence[Item], *, chinese: bool) -> list[str]:
    """Return what may have been meant by something that is called by no item's name: at most a few, the best first."""
    names: dict[str, Item] = {}
    for item in known:
        for name in (item.written, item.name, item.title):
            names.setdefault(name, item)
        for form in (True, False):
            names.setdefault(item.spelt(chinese=form), item)
    kind, name = parted(called)
    close = [*difflib.get_close_matches(called.strip(), names, n=_MOST_NEAR)]
    close += difflib.get_close_matches(name or kind, names, n=_MOST_NEAR)
    exact = [each for each in (called.strip(), name) if each in names]
    return list(dict.fromkeys(names[each].spelt(chinese=chinese) for each in (*exact, *close)))[:_MOST_NEAR]
