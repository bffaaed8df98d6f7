"""The ledger: evaluations are appended whole or not at all, and read back with their digests checked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import DBAPIError

from audit import errors, rows
from audit.database import Database, open_database
from audit.entries import check_text, evaluation_body
from audit.queries import ENTRY, EVALUATION, RULESET, SOURCE, entry_record, listing, record
from audit.records import Entry, Evaluation
from audit.tables import FORMAT, Format, Row, table
from engine.errors import Message, msg
from engine.receipt import Receipt
from engine.sources import Sources, canonical, sha256

LATEST = "latest"
"""The reference to the evaluation that was recorded last."""

_PAGE = 500
_SHOWN_CANDIDATES = 5


def open_ledger(url: str, *, create: bool, timeout: float = 30.0) -> Ledger:
    """Open the ledger at a path, a `sqlite:///` or a `postgresql://` address; make it where `create` allows it.

    `timeout` is how many seconds to wait for another process that is writing. `LedgerError` where there is no ledger,
    or something else stands there.
    """
    database = open_database(url, create=create, timeout=timeout)
    ledger = Ledger(database)
    try:
        ledger.prepare(create=create and database.writable)
    except BaseException:
        ledger.close()
        raise
    return ledger


class Ledger:
    """An open ledger; use it in a `with` statement."""

    def __init__(self, database: Database) -> None:
        self.path = database.name
        self._database = database

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.engine.dispose()

    def prepare(self, *, create: bool) -> None:
        """Check that this is a ledger that we know; make its tables where there is nothing yet."""
        with self._transaction() as connection:
            names = self._database.tables(connection)
            if names:
                self._check_format(connection, names)
                return
        if not create:
            raise errors.empty(self.path)
        with self._transaction(writing=True) as connection:
            # Another process may have made the tables while we waited for the lock.
            if names := self._database.tables(connection):
                self._check_format(connection, names)
                return
            self._database.create_tables(connection)
            connection.execute(insert(table(Format)), {"version": FORMAT})

    def append(
        self,
        receipt: Receipt,
        sources: Sources,
        *,
        actor: str,
        at: datetime,
        supersedes: str | None = None,
        reason: str = "",
    ) -> Evaluation:
        """Record an evaluation in one transaction and return it.

        `supersedes` names the evaluation of the same department and year that this one corrects; then `reason`
        says why.
        """
        check_text(actor, reason, correcting=supersedes is not None)
        content = receipt.content
        digest = content["ruleset"]["digest"]
        if sources.digest != digest:
            raise errors.wrong_sources(self.path, sources.digest, digest)
        with self._transaction(writing=True) as connection:
            if names := self._database.missing_guards(connection):
                raise errors.unguarded(self.path, names)
            corrected = None if supersedes is None else self._superseded(connection, supersedes, content["case"])
            index = connection.execute(select(func.coalesce(func.max(ENTRY.c.index), -1) + 1)).scalar_one()
            evaluation = rows.evaluation_id(index, receipt.sha256)
            body = evaluation_body(index, evaluation, receipt, actor=actor, at=at, supersedes=corrected, reason=reason)
            _add_sources(connection, sources, content["ruleset"])
            connection.execute(insert(EVALUATION), rows.evaluation_row(evaluation, index, receipt))
            for row, values in rows.child_rows(evaluation, content):
                if values:
                    connection.execute(insert(table(row)), values)
            connection.execute(insert(ENTRY), rows.entry_row(body))
            return self._one(connection, evaluation)

    def find(self, reference: str) -> Evaluation:
        """Return the evaluation with this id, with the only id that begins so, or the `latest`."""
        with self._transaction() as connection:
            return self._find(connection, reference)

    def receipt(self, evaluation: str) -> Receipt:
        """Return an evaluation's receipt, once its digest and its entry's have been checked."""
        columns = (EVALUATION.c.receipt, EVALUATION.c.receipt_sha256, ENTRY.c.body, ENTRY.c.body_sha256)
        query = select(*columns).join_from(EVALUATION, ENTRY, ENTRY.c.evaluation == EVALUATION.c.id)
        with self._transaction() as connection:
            row = connection.execute(query.where(EVALUATION.c.id == evaluation)).one_or_none()
        if row is None:
            raise errors.unknown(self.path, evaluation)
        entry = msg("the entry of evaluation {evaluation}", evaluation=evaluation)
        body = self._checked(row.body, row.body_sha256, entry)
        stored = msg("the receipt of evaluation {evaluation}", evaluation=evaluation)
        if row.receipt_sha256 != body.get("receipt_sha256"):
            raise errors.altered(self.path, stored)
        content = self._checked(row.receipt, row.receipt_sha256, stored)
        return Receipt(content, row.receipt.encode(), row.receipt_sha256)

    def sources(self, digest: str) -> Sources:
        """Return the texts of a ruleset, once their digests have been checked."""
        with self._transaction() as connection:
            stored = connection.execute(
                select(RULESET.c.manifest).where(RULESET.c.digest == digest)
            ).scalar_one_or_none()
            if stored is None:
                raise errors.unknown_ruleset(self.path, digest)
            what = msg("the texts of ruleset {digest}", digest=digest)
            manifest = self._checked(stored, digest, what)
            query = select(SOURCE.c.sha256, SOURCE.c.text).where(SOURCE.c.sha256.in_(sorted(set(manifest.values()))))
            texts: dict[str, str] = {row.sha256: row.text for row in connection.execute(query)}
        if any(sha256(_bytes(texts.get(key))) != key for key in manifest.values()):
            raise errors.altered(self.path, what)
        return Sources({name: texts[key] for name, key in manifest.items()})

    def evaluations(self, *, newest_first: bool = False) -> Iterator[Evaluation]:
        """Return the evaluations in the order of their entries, reading on as they are asked for."""
        bound = None
        while True:
            query = listing().order_by(ENTRY.c.index.desc() if newest_first else ENTRY.c.index).limit(_PAGE)
            if bound is not None:
                query = query.where(ENTRY.c.index < bound if newest_first else ENTRY.c.index > bound)
            with self._transaction() as connection:
                page = [record(row) for row in connection.execute(query).mappings()]
            yield from page
            if len(page) < _PAGE:
                return
            bound = page[-1].entry

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """Return the entries from `start` on, reading on as they are asked for."""
        while True:
            query = select(ENTRY).where(ENTRY.c.index >= start).order_by(ENTRY.c.index).limit(_PAGE)
            with self._transaction() as connection:
                page = [entry_record(row) for row in connection.execute(query).mappings()]
            yield from page
            if len(page) < _PAGE:
                return
            start = page[-1].index + 1

    def count(self) -> int:
        """Return how many entries there are."""
        with self._transaction() as connection:
            return int(connection.execute(select(func.count()).select_from(ENTRY)).scalar_one())

    def case_history(self, department: str, year: int | str) -> tuple[Evaluation, ...]:
        """Return every evaluation of a case, the oldest first."""
        query = listing().where(EVALUATION.c.department == department, EVALUATION.c.year == str(year))
        with self._transaction() as connection:
            return tuple(record(row) for row in connection.execute(query.order_by(ENTRY.c.index)).mappings())

    def current(self, department: str, year: int | str) -> tuple[Evaluation, ...]:
        """Return the evaluations of a case that no later one supersedes, the oldest first."""
        return tuple(each for each in self.case_history(department, year) if each.superseded_by is None)

    def _find(self, connection: Connection, reference: str) -> Evaluation:
        query = listing()
        if reference == LATEST:
            row = connection.execute(query.order_by(ENTRY.c.index.desc()).limit(1)).mappings().one_or_none()
            if row is None:
                raise errors.no_evaluation(self.path)
            return record(row)
        prefix = reference.lower()
        if not prefix or not set(prefix) <= set("0123456789abcdef"):
            raise errors.unknown(self.path, reference)
        # Ids are hexadecimal, so that all with this prefix stand between it and the prefix followed by a “g”.
        query = query.where(EVALUATION.c.id.between(prefix, prefix + "g")).order_by(ENTRY.c.index)
        found = [record(row) for row in connection.execute(query.limit(_SHOWN_CANDIDATES + 1)).mappings()]
        if not found:
            raise errors.unknown(self.path, reference)
        if len(found) > 1:
            shown = [f"{e.id} ({e.department} {e.year}, {e.total}, {e.at})" for e in found[:_SHOWN_CANDIDATES]]
            more = ["…"] if len(found) > _SHOWN_CANDIDATES else []
            raise errors.ambiguous(self.path, reference, "; ".join(shown + more))
        return found[0]

    def _one(self, connection: Connection, evaluation: str) -> Evaluation:
        return record(connection.execute(listing().where(EVALUATION.c.id == evaluation)).mappings().one())

    def _superseded(self, connection: Connection, reference: str, case: Mapping[str, Any]) -> str:
        """Return the id of the evaluation that a new one of `case` supersedes."""
        old = self._find(connection, reference)
        was, now = f"{old.department} {old.year}", f"{case['department']} {case['year']}"
        if was != now:
            raise errors.wrong_case(old.id, was, now)
        if old.superseded_by is not None:
            raise errors.superseded_already(old.id, old.superseded_by)
        return old.id

    def _checked(self, stored: object, digest: str, what: Message) -> Mapping[str, Any]:
        """Return the JSON object that a stored text holds, once its digest has been checked."""
        text = _bytes(stored)
        if sha256(text) != digest:
            raise errors.altered(self.path, what)
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise errors.altered(self.path, what)
        return found

    def _check_format(self, connection: Connection, names: list[str]) -> None:
        version = None
        if Format.__tablename__ in names:
            version = connection.execute(select(func.max(table(Format).c.version))).scalar_one_or_none()
        if version is None:
            raise errors.not_a_ledger(self.path)
        if version > FORMAT:
            raise errors.newer(self.path, version, FORMAT)
        if lacking := sorted(set(Row.metadata.tables) - set(names)):
            raise errors.damaged(self.path, msg("it lacks the tables {names}", names=", ".join(lacking)))

    @contextmanager
    def _transaction(self, *, writing: bool = False) -> Iterator[Connection]:
        try:
            with self._database.begin(writing=writing) as connection:
                yield connection
        except DBAPIError as error:
            raise self._database.explain(error) from error


def _add_sources(connection: Connection, sources: Sources, ruleset: Mapping[str, Any]) -> None:
    """Store the ruleset and its texts, those that are not there yet."""
    manifest = sources.manifest
    known = connection.execute(
        select(RULESET.c.digest).where(RULESET.c.digest == ruleset["digest"])
    ).scalar_one_or_none()
    if known is not None:
        return
    texts = {manifest[name]: text for name, text in sources.files.items()}
    there = set(connection.execute(select(SOURCE.c.sha256).where(SOURCE.c.sha256.in_(list(texts)))).scalars())
    fresh = [{"sha256": key, "text": text} for key, text in texts.items() if key not in there]
    if fresh:
        connection.execute(insert(SOURCE), fresh)
    stored = {
        "digest": sources.digest,
        "id": ruleset["id"],
        "title": ruleset["title"],
        "manifest": canonical(manifest).decode(),
    }
    connection.execute(insert(RULESET), stored)


def _bytes(stored: object) -> bytes:
    return stored.encode() if isinstance(stored, str) else b""
