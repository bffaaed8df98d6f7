"""What overrides and caps lead to, and what there was before an override."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from audit.checks.amounts import Amount, Line, amount
from engine.base.messages import Message, msg
from engine.receipt import Content
from engine.receipt.model import BookedLine, PostingLine


def override_faults(content: Content) -> Iterator[Message]:
    """Report what is not as the overrides and the caps of levels set it, and what cannot have been so before them."""
    yield from _set_faults(content)
    yield from _before_faults(content)


def _set_faults(content: Content) -> Iterator[Message]:
    sets: dict[tuple[int, str], PostingLine] = {}
    levels: dict[tuple[str, ...], PostingLine] = {}
    caps: dict[tuple[str, ...], Amount] = {}
    for posting in content.postings:
        if posting.level is not None and posting.kind == "cap":
            most = max(amount(posting.asked), 0)
            caps[posting.level] = min(most, caps.get(posting.level, most))
        elif posting.kind == "override" and posting.limit != "stricter":
            if posting.level is not None:
                levels[posting.level] = posting
            elif posting.indicator is not None:
                sets[posting.indicator, posting.part] = posting
    for indicator in content.indicators:
        for id_, line in (("", indicator), *((part.id, part) for part in indicator.parts)):
            found = sets.get((indicator.number, id_))
            if found is not None and not _is_as_set(found, line, amount(line.weight)):
                yield msg("indicator {number} is not as its override sets it", number=indicator.number)
    for path, level, weight in _levels(content):
        found = levels.get(path)
        if found is not None and not _is_as_set(found, level, weight):
            yield msg("level “{level}” is not as its override sets it", level=" / ".join(path))
        if found is None and path in caps and amount(level.kept) + amount(level.open) > caps[path]:
            yield msg("level “{level}” is above its cap", level=" / ".join(path))


def _levels(content: Content) -> Iterator[tuple[tuple[str, ...], BookedLine, Amount]]:
    """Yield the levels with their weights, the total last."""
    yield from ((level.path, level, amount(level.weight)) for level in content.levels)
    yield (), BookedLine(kept=content.total, lost="0", open=content.open), amount(content.weight)


def _is_as_set(posting: PostingLine, line: BookedLine, weight: Amount) -> bool:
    """Return whether a line keeps what an override asks for, within its weight, and has nothing open."""
    return amount(line.kept) == min(max(amount(posting.asked), 0), weight) and amount(line.open) == 0


def _before_faults(content: Content) -> Iterator[Message]:
    """Report what cannot have been before the overrides of whole indicators and of levels."""
    overridden = {
        posting.indicator for posting in content.postings if posting.kind == "override" and not posting.part
    }  # fmt: skip
    before: defaultdict[int | None, Line] = defaultdict(Line)
    for posting in content.postings:
        if posting.indicator in overridden and (posting.kind != "override" or posting.part):
            before[posting.indicator].add(posting)
    whole = Line()
    for indicator in content.indicators:
        was = indicator.before_override
        if (was is not None) != (indicator.number in overridden):
            yield msg("indicator {number} does not say what it was before its override", number=indicator.number)
        elif was is not None:
            line = before[indicator.number]
            kept, _, left = line.sums()
            if (kept, left) != (amount(was.kept), amount(was.open)):
                yield msg("indicator {number} was not so before its override", number=indicator.number)
            whole.include(line)
        else:
            whole.add(indicator)
    yield from _total_before_faults(content, whole, is_overridden=bool(overridden))


def _total_before_faults(content: Content, whole: Line, *, is_overridden: bool) -> Iterator[Message]:
    was = content.before_override
    if (was is not None) != is_overridden:
        yield msg("the receipt does not say what the total was before overrides")
    if was is None:
        return
    kept, left = amount(was.total), amount(was.open)
    if min(kept, left) < 0 or kept + left > amount(content.weight):
        yield msg("the total before overrides is impossible")
    # What caps and scaling made, or would have made without the overrides, is for replay to say.
    scales = any(firing.option == "excluded" for firing in content.firings)
    if not scales and not any(posting.level is not None and posting.kind != "override" for posting in content.postings):
        added, _, waiting = whole.sums()
        if (kept, left) != (added, waiting):
            yield msg("the total before overrides does not add up")
