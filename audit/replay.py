"""Replay: score a recorded case again from the ledger alone, and report precisely what differs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from msgspec import Struct

from audit.ledger.ledger import Ledger
from audit.tables.records import RecordedEvaluation
from engine.base.faults import FenmingError
from engine.base.messages import Message, msg
from engine.base.sources import Sources, canonical
from engine.receipt import Content, Receipt, plain
from engine.receipt.model import FiringLine

Recompute: TypeAlias = Callable[[Sources, Content], Receipt]
"""Scores again: the texts and the stored receipt's content (its facts and readings) give a new receipt."""

MISSING, EXTRA, CHANGED = "missing", "extra", "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One point in which the new receipt differs from the stored one."""

    section: str
    """head, fact, derived, aggregate, firing, posting, indicator, level, total, result, notice, or receipt."""
    name: str
    kind: str
    """missing (it was recorded, and is not there now), extra (the other way round) or changed."""
    field: str = ""
    was: str = ""
    now: str = ""

    @property
    def message(self) -> Message:
        """The difference as one sentence."""
        what = _SECTIONS[self.section](self.name)
        if self.kind == MISSING:
            return msg("{what} was recorded, but does not come out now.", what=what)
        if self.kind == EXTRA:
            return msg("{what} comes out now, but was not recorded.", what=what)
        return msg(
            "{what}: “{field}” was {was}, is now {now}.", what=what, field=self.field, was=self.was, now=self.now
        )


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What a replay gave: the two receipts, or the error by which today's engine refuses the case."""

    evaluation: RecordedEvaluation
    was: Receipt
    now: Receipt | None
    refusal: FenmingError | None
    differences: tuple[Difference, ...]
    faults: tuple[Message, ...] = ()
    """What in the ledger's rows is not what the stored receipt and its entry say."""

    @property
    def same(self) -> bool:
        """Whether the receipts agree byte for byte, and the ledger's rows with them."""
        return not self.faults and self.now is not None and self.now.text == self.was.text


def replay(ledger: Ledger, evaluation: str, recompute: Recompute) -> ReplayResult:
    """Score an evaluation again from what the ledger holds, and compare the receipts byte for byte."""
    record = ledger.find(evaluation)
    was = ledger.receipt(record.id)
    sources = ledger.sources(was.content.ruleset.digest)
    faults = ledger.row_faults(record.entry)
    try:
        now = recompute(sources, was.content)
    except FenmingError as refusal:
        return ReplayResult(record, was, None, refusal, (), faults)
    return ReplayResult(record, was, now, None, tuple(compare(was, now)), faults)


def compare(was: Receipt, now: Receipt) -> Iterator[Difference]:
    """Report what differs: firing by firing, then what follows from them; nothing where the bytes are the same."""
    if was.text == now.text:
        return
    found = list(_differences(_sections(was.content), _sections(now.content)))
    yield from found
    if not found:
        # The same lines in another order, or written otherwise.
        place = next((n for n, (a, b) in enumerate(zip(was.text, now.text, strict=False)) if a != b), None)
        at = min(len(was.text), len(now.text)) if place is None else place
        yield Difference("receipt", "", CHANGED, f"byte {at}", _around(was.text, at), _around(now.text, at))


_SECTIONS: Mapping[str, Callable[[str], Message]] = {
    "head": lambda _: msg("The receipt's head"),
    "fact": lambda name: msg("Fact {name}", name=name),
    "derived": lambda name: msg("Derived fact {name}", name=name),
    "aggregate": lambda name: msg("Aggregate {name}", name=name),
    "firing": lambda name: msg("Firing {name}", name=name),
    "posting": lambda name: msg("Posting {name}", name=name),
    "indicator": lambda name: msg("Indicator {name}", name=name),
    "level": lambda name: msg("Level {name}", name=name),
    "total": lambda _: msg("The total"),
    "result": lambda name: msg("Result {name}", name=name),
    "notice": lambda name: msg("Notice {name}", name=name),
    "receipt": lambda _: msg("The receipt's text"),
}

_LISTED = ("facts", "derived", "aggregates", "firings", "postings", "indicators", "levels", "results", "notices")
_TOTALS = ("weight", "total", "open", "grade", "grades", "before_override")

_Line: TypeAlias = tuple[str, Mapping[str, Any]]
_Lines: TypeAlias = dict[Hashable, _Line]


def _differences(was: Mapping[str, _Lines], now: Mapping[str, _Lines]) -> Iterator[Difference]:
    for section, before in was.items():
        after = now[section]
        for key, (name, line) in before.items():
            if key not in after:
                yield Difference(section, name, MISSING)
                continue
            other = after[key][1]
            for field in dict.fromkeys((*line, *other)):
                if line.get(field) != other.get(field):
                    yield from _inner(section, name, field, line.get(field), other.get(field))
        for key, (name, _) in after.items():
            if key not in before:
                yield Difference(section, name, EXTRA)


def _inner(section: str, name: str, field: str, was: object, now: object) -> Iterator[Difference]:
    """Go into mappings, so that a difference names the value that changed and not all that surrounds it."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*was, *now)):
            if was.get(key) != now.get(key):
                yield from _inner(section, name, f"{field}/{key}", was.get(key), now.get(key))
    else:
        yield Difference(section, name, CHANGED, field, _text(was), _text(now))


def _sections(content: Content) -> dict[str, _Lines]:
    """Return the lines of a receipt by what they are about, not by where they are, in the order of the report."""
    head = _fields(content, *_LISTED, *_TOTALS)
    names = [_firing_name(firing) for firing in content.firings]
    return {
        "head": {"": ("", head)},
        "fact": _keyed((fact.id, _fields(fact, "id")) for fact in content.facts),
        "firing": _keyed(zip(names, (_firing(firing, content) for firing in content.firings), strict=True)),
        "derived": _keyed((fact.id, {**_fields(fact, "id"), "firing": names[fact.firing]}) for fact in content.derived),
        "aggregate": _keyed((figure.text, _fields(figure)) for figure in content.aggregates),
        "posting": _keyed(
            (f"{p.indicator} {p.part} {p.kind} {names[p.firing]}", _fields(p, "firing")) for p in content.postings
        ),
        "indicator": _keyed(
            (str(i.number), {**_fields(i), "parts": {part.id: _fields(part) for part in i.parts}})
            for i in content.indicators
        ),
        "level": _keyed((" / ".join(level.path), _fields(level)) for level in content.levels),
        "total": {"": ("", {name: value for name, value in _fields(content).items() if name in _TOTALS})},
        "result": _keyed(
            (result.name, {**_fields(result), "firings": [names[number] for number in result.firings]})
            for result in content.results
        ),
        "notice": _keyed((type(notice).__name__, _fields(notice)) for notice in content.notices),
    }


def _fields(line: Struct, *without: str) -> dict[str, Any]:
    """Return what a line says, by the names of its fields."""
    return {name: value for name, value in plain(line).items() if name not in without}


def _keyed(lines: Iterable[_Line]) -> _Lines:
    """Key lines by their name and, where several have the same, by which of them it is."""
    keyed: _Lines = {}
    seen: dict[str, int] = {}
    for name, line in lines:
        seen[name] = seen.get(name, 0) + 1
        keyed[(name, seen[name])] = (name, line)
    return keyed


def _firing_name(firing: FiringLine) -> str:
    facts = ", ".join(firing.facts)
    return f"{firing.rule} ({facts})" if facts else firing.rule


def _firing(firing: FiringLine, content: Content) -> Mapping[str, Any]:
    """Return a firing with its formulas by name and its aggregates spelt out instead of numbered."""
    figures = [content.aggregates[number] for number in firing.aggregates]
    return {
        **_fields(firing),
        "formulas": {formula.name: _fields(formula) for formula in firing.formulas},
        "aggregates": {figure.text: figure.value for figure in figures},
    }


def _text(value: object) -> str:
    """Write a value as the receipt would; a text as it is."""
    return value if isinstance(value, str) else canonical(value).decode()


def _around(text: bytes, at: int) -> str:
    return text[max(at - 20, 0) : at + 20].decode(errors="replace")
