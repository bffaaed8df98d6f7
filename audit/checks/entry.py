"""Checking one entry: its columns against its body, its receipt against the rows behind it, its books."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from sqlalchemy import Connection, select

from audit.checks.balance import book_faults
from audit.log.entries import (
    BESIDE,
    COVER_KIND,
    ENTRY_FORMAT,
    EVALUATION_KIND,
    KEY_KIND,
    MOST_ACTOR,
    MOST_REASON,
    OFFICIAL,
    TRIAL,
    evaluation_id,
    is_cover,
    is_plain,
)
from audit.tables import making
from audit.tables.ranges import EntryRange
from audit.tables.rows import ChildRow, EntryRow, EvaluationRow
from audit.tables.schema import EntryTable, EvaluationTable, RulesetTable, table
from audit.tables.stored import parsed, plain_text, stored_bytes
from engine.base.messages import Message, msg
from engine.base.sources import canonical, sha256
from engine.receipt import ReceiptError, read_receipt
from engine.receipt.results import result_faults

_OTHER_FIELDS: Mapping[Any, Sequence[str]] = {KEY_KIND: ("key",), COVER_KIND: ("from", "to")}
"""What the body of an entry that records no evaluation says beyond its columns."""

_IDENTITY = re.compile("[0-9a-f]{32}")
_TIME = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_ENTRY = table(EntryTable)
_EVALUATION = table(EvaluationTable)
_RULESET = table(RulesetTable)


def entry_faults(connection: Connection, entry: EntryRow, span: EntryRange) -> Iterator[Message]:
    """Report all that is wrong with one entry, the rows behind it, and what it supersedes."""
    yield from check_entry(entry, span)
    if entry.supersedes is not None:
        yield from check_supersession(connection, entry, span)


def check_entry(entry: EntryRow, span: EntryRange) -> Iterator[Message]:
    """Report all that is wrong with one entry and the rows behind it, taken by themselves."""
    evaluation = span.evaluations.get(entry.number)
    leaf = span.leaves[entry.number]
    yield from _check_columns(entry, evaluation, leaf.body)
    if leaf.hash.hex() != entry.leaf_hash:
        yield msg("its leaf_hash is not the hash of its body")
    if not entry.actor or not all(
        isinstance(text, str) and is_plain(text) for text in (entry.actor, _one_line(entry.reason))
    ):
        yield msg("its actor or its reason is not plain text")
    elif len(entry.actor) > MOST_ACTOR or len(entry.reason) > MOST_REASON:
        yield msg("its actor or its reason is too long")
    if not isinstance(entry.at, str) or not _TIME.fullmatch(entry.at):
        yield msg("its timestamp is not valid")
    if entry.kind == EVALUATION_KIND:
        if evaluation is None:
            yield msg("its evaluation is missing")
        else:
            yield from _check_evaluation(entry.number, evaluation, span)
    elif (
        evaluation is not None
        or entry.evaluation is not None
        or entry.supersedes is not None
        or entry.standing is not None
        or any(entry.number in found for found in span.children.values())
    ):
        yield msg("it is not an evaluation, but has the rows of one")


def check_supersession(connection: Connection, entry: EntryRow, span: EntryRange) -> Iterator[Message]:
    """Check that what an entry supersedes came before it, and is of the same case."""
    new = span.evaluations.get(entry.number)
    form, old_form = _RULESET.alias("form"), _RULESET.alias("old_form")
    query = select(_EVALUATION.c.entry, _EVALUATION.c.department_key, _EVALUATION.c.year, _ENTRY.c.standing)
    query = query.add_columns(form.c.id.label("form"), old_form.c.id.label("old_form"))
    query = query.join_from(_EVALUATION, _ENTRY, _ENTRY.c.index == _EVALUATION.c.entry)
    query = query.outerjoin(old_form, old_form.c.digest == _EVALUATION.c.ruleset)
    query = query.outerjoin(form, form.c.digest == (None if new is None else plain_text(new.ruleset)))
    # No id has a replaced character; a database is not asked for what is not text.
    named = plain_text(entry.supersedes)
    old = connection.execute(query.where(_EVALUATION.c.id == named)).all()
    case = None if new is None else (new.department_key, new.year)
    if len(old) != 1 or old[0].entry >= entry.number or (old[0].department_key, old[0].year) != case:
        yield msg(
            "it supersedes {evaluation}, which is not an earlier evaluation of its case", evaluation=entry.supersedes
        )
    elif entry.standing != old[0].standing or entry.standing == TRIAL:
        yield msg("it supersedes {evaluation}, and has another standing or is a trial", evaluation=entry.supersedes)
    elif None not in (old[0].form, old[0].old_form) and old[0].form != old[0].old_form:
        # A ruleset that is missing is reported as missing.
        yield msg("it supersedes {evaluation}, which another form has scored", evaluation=entry.supersedes)


def _check_columns(entry: EntryRow, evaluation: EvaluationRow | None, text: bytes) -> Iterator[Message]:
    """Write the body again from the columns; where that is not what is stored, report which column differs."""
    body = {**entry.said, "format": ENTRY_FORMAT}
    found = None
    if entry.kind == EVALUATION_KIND and evaluation is not None:
        body["ruleset"] = evaluation.ruleset
        body["receipt_sha256"] = evaluation.receipt_sha256
    else:
        found = parsed(entry.body)
        body = {name: value for name, value in body.items() if value is not None}
        body |= {name: found.get(name) for name in _OTHER_FIELDS.get(str(entry.kind), ())}
    if entry.number == 0 and (identity := _identity(entry)):
        body["ledger"] = identity
    if _canonical(body) == text and isinstance(entry.body, str):
        if entry.kind not in (EVALUATION_KIND, *_OTHER_FIELDS):
            yield msg("it is of no known kind")
        if entry.kind == EVALUATION_KIND and entry.standing not in (OFFICIAL, BESIDE, TRIAL):
            yield msg("its standing is unknown")
        if entry.kind == COVER_KIND and not is_cover(entry.number, body["from"], body["to"]):
            yield msg("it does not cover the entries before it")
        return
    said = parsed(entry.body) if found is None else found
    wrong = [name for name in body if said.get(name) != body[name] or type(said.get(name)) is not type(body[name])]
    if wrong and said:
        yield msg("its body does not say what its columns say: {columns}", columns=", ".join(sorted(wrong)))
    else:
        yield msg("its body is not the canonical JSON of an entry")


def _identity(entry: EntryRow) -> str | None:
    """Return the random number that the first entry may hold."""
    said = parsed(entry.body).get("ledger")
    return said if isinstance(said, str) and _IDENTITY.fullmatch(said) else None


def _one_line(reason: object) -> object:
    return reason.replace("\n", "") if isinstance(reason, str) else reason


def _check_evaluation(entry: int, evaluation: EvaluationRow, span: EntryRange) -> Iterator[Message]:
    text = stored_bytes(evaluation.receipt)
    digest = plain_text(evaluation.receipt_sha256)
    if sha256(text) != digest:
        yield msg("its receipt is not the one that was recorded")
    try:
        # Whether the digest is that of the text was asked before.
        receipt = replace(read_receipt(text), sha256=evaluation.receipt_sha256)
    except ReceiptError:
        yield msg("its receipt is not one")
        return
    stored = span.rulesets.get(evaluation.ruleset)
    if stored is not None and stored != receipt.content.ruleset:
        yield msg("the name of ruleset {digest} is not what it was", digest=stored.digest)
    expected = making.evaluation_row(evaluation_id(entry, digest), entry, receipt)
    if expected != evaluation:
        yield _differing("evaluation", expected, evaluation)
    for row, wanted in making.child_rows(entry, receipt.content):
        found = span.children[row].get(entry, [])
        # To Python 1 is 1.0, and SQLite keeps either in a column that has lost its type.
        if found != wanted or (span.floats and float in map(type, chain.from_iterable(found))):
            yield _differing_rows(str(row.__tablename__), wanted, found)
    for fault in book_faults(receipt.content):
        yield msg("its books do not balance: {fault}", fault=fault)
    for fault in result_faults(receipt.content):
        yield msg("its results are not what its rules give: {fault}", fault=fault)


def _differing_rows(name: str, wanted: Sequence[ChildRow], found: Sequence[ChildRow]) -> Message:
    if len(found) != len(wanted):
        return msg(
            "it has {found} rows in {table} instead of {wanted}", found=len(found), table=name, wanted=len(wanted)
        )
    for was, now in zip(wanted, found, strict=True):
        if was != now or float in map(type, now):
            return _differing(f"{name} {now.place}", was, now)
    return msg("its rows in {table} are not what its receipt says", table=name)


def _differing(name: str, was: EvaluationRow | ChildRow, now: EvaluationRow | ChildRow) -> Message:
    columns = zip(now._fields, was, now, strict=True)
    wrong = ", ".join(column for column, wanted, found in columns if wanted != found or type(found) is float)
    return msg("its row in {table} is not what its receipt says: {columns}", table=name, columns=wrong)


def _canonical(body: Mapping[str, Any]) -> bytes:
    try:
        return canonical(body)
    except (TypeError, UnicodeEncodeError):
        # Bytes that are not text are read as surrogates, which no body contains.
        return b""
