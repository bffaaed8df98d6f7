"""The reasons beside the lines of the card: why points were lost, who judged them, where the claim differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from engine.base.messages import Message, bilingual_text, msg
from engine.base.numbers import reading_text, simplest
from engine.explanation.scored import ScoredCase
from engine.explanation.words import (
    STATUS,
    PointsRange,
    limit_words,
    says,
    short_points,
)
from engine.receipt.model import (
    BookedLine,
    FiringLine,
    IndicatorLine,
    PartLine,
    PostingLine,
    RowLine,
)


def level_reasons(case: ScoredCase, path: tuple[str, ...]) -> Iterator[Message]:
    """Yield what was taken from a level as a whole, and what scaling gave to the total."""
    posted = case.level_postings(path)
    yield from _losses([(posting, firing) for posting, firing in posted if posting.kind != "rescaling"], case.own_names)
    yield from (says(firing, case.own_names) for posting, firing in posted if posting.kind == "rescaling")


def row_reasons(case: ScoredCase, line: IndicatorLine, part: PartLine, row: RowLine) -> Iterator[Message]:
    """Yield what a row says of itself, why it lost points, and where the department's own score differs."""
    filled = [f"{title} {value}" for title, value in row.columns.items() if value]
    if filled:
        yield bilingual_text({"zh": "；".join(filled), "en": "; ".join(filled)})
    posted = list(case.postings(line.number, part.id))
    if part.status == "not_applicable":
        yield STATUS["not_applicable"]
    yield from _losses(posted, case.own_names)
    yield from (says(firing, case.own_names) for posting, firing in posted if posting.kind in ("adjustment", "limit"))
    yield from _claim_gap(row.claimed, part)
    if row.reason:
        yield bilingual_text({"zh": row.reason, "en": row.reason})


def indicator_reasons(case: ScoredCase, line: IndicatorLine) -> Iterator[Message]:
    """Yield why points were lost, what the department wrote of it, and where its own score differs."""
    if line.status == "not_applicable":
        yield STATUS["not_applicable"]
    has_rows = any(part.row is not None for part in line.parts)
    posted = list(case.postings(line.number, "" if has_rows else None))
    yield from _losses(posted, case.own_names)
    yield from _judged(posted, line, case.own_names)
    before = line.before_override
    if before is not None and (before.kept, before.open) != (line.kept, line.open):
        points = str(PointsRange.read(before.kept, before.open))
        if Fraction(line.kept) == Fraction(line.open) == 0:
            yield msg("Before it was set to zero: {points}.", points=points)
        else:
            yield msg("Before the override: {points}.", points=points)
    yield from _claim_gap(line.claimed, line)
    claim = case.claim(line.number)
    for name in ("reason", "measures") if claim is not None else ():
        if claim is not None and name in claim.values:
            written = str(claim.values[name])
            yield bilingual_text({"zh": written, "en": written})


def _claim_gap(claimed: str | None, line: BookedLine) -> Iterator[Message]:
    """Say by how much the department's own score differs, once all points are known."""
    if claimed is None or Fraction(line.open) != 0 or Fraction(claimed) == Fraction(line.kept):
        return
    gap = Fraction(claimed) - Fraction(line.kept)
    values = {"claimed": claimed, "gap": reading_text(simplest(abs(gap)))}
    if gap > 0:
        yield msg("Claimed {claimed}: {gap} more than the score.", **values)
    else:
        yield msg("Claimed {claimed}: {gap} less than the score.", **values)


def _losses(postings: list[tuple[PostingLine, FiringLine]], own: Mapping[str, str]) -> Iterator[Message]:
    """Yield a sentence for each reason that took points; alike ones are added up and counted."""
    lost: dict[tuple[str, str, str], list[Fraction]] = {}
    words: dict[tuple[str, str, str], tuple[Message, Message | None]] = {}
    for posting, firing in postings:
        amount = Fraction(posting.lost)
        if posting.kind in ("rounding", "limit", "adjustment"):
            continue
        if amount > 0 or posting.kind in ("not_assessed", "override"):
            sentence, limit = says(firing, own), limit_words(posting)
            key = (str(sentence), firing.says.zh, "" if limit is None else str(limit))
            words[key] = sentence, limit
            lost.setdefault(key, []).append(max(amount, Fraction(0)))
    for key, (sentence, limit) in words.items():
        remark: Message | str = "" if limit is None else msg(" ({remark})", remark=limit)
        total, times = sum(lost[key], Fraction(0)), len(lost[key])
        if not total:
            yield Message("{sentence}{remark}", {"sentence": sentence, "remark": remark})
            continue
        points = short_points(str(total))
        if times > 1:
            points = f"{points} ({times} ×)"
        yield Message("−{points} {sentence}{remark}", {"points": points, "sentence": sentence, "remark": remark})


def _judged(
    posted: Sequence[tuple[PostingLine, FiringLine]], line: IndicatorLine, own: Mapping[str, str]
) -> Iterator[Message]:
    """Yield the reviewers' judgements, what limited them together, and what they led to."""
    judged = [firing for posting, firing in posted if posting.kind in ("adjustment", "limit")]
    yield from (says(firing, own) for firing in judged)
    if judged:
        after = line.kept if line.before_override is None else line.before_override.kept
        yield msg("After the judgements: {points}.", points=after)
