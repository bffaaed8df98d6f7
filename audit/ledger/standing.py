"""Which evaluation of a case is in force, and what a new one may be beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from sqlalchemy import Connection, bindparam, select

from audit.ledger.append import Batch
from audit.ledger.references import superseded
from audit.ledger.submission import Submission
from audit.log.entries import BESIDE, OFFICIAL, TRIAL
from audit.tables.queries import ENTRY, EVALUATION, RULESET, listing, record
from audit.tables.records import RecordedEvaluation
from engine.base.faults import InvalidInput, Refused, problem
from engine.base.folding import folded
from engine.base.messages import msg

Case: TypeAlias = tuple[str, str, str]
"""A department by its folded name, a year and a form: what one evaluation in force scores."""


@dataclass(frozen=True, slots=True)
class New:
    """An evaluation to be recorded: what it supersedes, and its standing."""

    submission: Submission
    supersedes: str | None
    standing: str


@dataclass(slots=True)
class Cases:
    """The cases of one transaction: what is in force in the ledger, and what the transaction itself adds to it."""

    connection: Connection
    path: str
    _fresh: set[Case] = field(default_factory=set)
    """The cases that this transaction scores itself."""
    _superseded: set[str] = field(default_factory=set)

    def decide(self, submission: Submission) -> New | RecordedEvaluation:
        """Return what to record, or the evaluation in force that the same facts gave already."""
        standing, old = submission.standing, None
        if submission.supersedes is not None:
            if standing != OFFICIAL:
                raise InvalidInput.because(
                    problem(
                        "recording.standing",
                        "An evaluation that supersedes another takes its standing; it cannot be recorded as something "
                        "else.",
                    ),
                    msg("Nothing was written. Leave out either --supersedes or the other option."),
                )
            found = superseded(self.connection, self.path, submission.supersedes, submission.receipt.content)
            if found.id in self._superseded:
                raise Refused.because(
                    problem(
                        "recording.superseded-twice",
                        "Evaluation {evaluation} is superseded twice in one recording.",
                        evaluation=found.id,
                    ),
                    msg("Nothing was written. Record one of the two corrections."),
                )
            standing, old = found.standing, found.id
        if standing not in (OFFICIAL, BESIDE, TRIAL):
            raise ValueError(standing)
        if standing == OFFICIAL:
            case = case_of(submission)
            current = in_force(self.connection, case)
            if current is not None and current.id not in self._superseded and case not in self._fresh:
                if current.receipt_sha256 == submission.receipt.sha256:
                    return current
                if current.id != old:
                    raise Refused.because(
                        problem(
                            "recording.in-force",
                            "{department}, {year}, has been scored by {ruleset} already: evaluation {id}, entry "
                            "{entry}, is in force.",
                            department=current.department,
                            year=current.year,
                            ruleset=current.ruleset,
                            id=current.id,
                            entry=current.entry,
                        ),
                        msg(
                            "Nothing was written. Say what the new evaluation is: `--supersedes {id} --reason TEXT` "
                            "corrects that one, `--beside --reason TEXT` is recorded next to it, `--trial` is a trial.",
                            id=current.id,
                        ),
                    )
            elif case in self._fresh:
                _, year, ruleset = case
                raise Refused.because(
                    problem(
                        "recording.twice",
                        "{department}, {year}, is scored by {ruleset} twice in one recording.",
                        department=submission.receipt.content.case.department,
                        year=year,
                        ruleset=ruleset,
                    ),
                    msg("Nothing was written. Record one of the two, then say of the other what it is."),
                )
            self._fresh.add(case)
        if old is not None:
            self._superseded.add(old)
        return New(submission, old, standing)


def case_of(submission: Submission) -> Case:
    """Return the case that a submission scores, and by which form."""
    content = submission.receipt.content
    return folded(content.case.department), content.case.year, content.ruleset.id


_OF_A_CASE = (
    listing(in_force=True)
    .where(
        EVALUATION.c.department_key == bindparam("department"),
        EVALUATION.c.year == bindparam("year"),
        RULESET.c.id == bindparam("ruleset"),
    )
    .order_by(ENTRY.c.index)
    .limit(1)
)
"""The evaluation in force of a case; made once, for every submission asks for its own."""


def in_force(connection: Connection, case: Case) -> RecordedEvaluation | None:
    """Return the evaluation in force of a case by a form; None before the first one."""
    rows = connection.execute(_OF_A_CASE, dict(zip(("department", "year", "ruleset"), case, strict=True)))
    found = rows.one_or_none()
    return None if found is None else record(found)


def fill_batch(batch: Batch, decided: list[New | RecordedEvaluation]) -> None:
    """Add what is to be recorded; what is recorded already takes its place in the answer."""
    for each in decided:
        if isinstance(each, RecordedEvaluation):
            batch.repeat(each)
        else:
            batch.add_evaluation(each.submission, each.supersedes, each.standing)


def doubled_cases(connection: Connection, start: int, stop: int) -> Iterator[tuple[int, str]]:
    """Return the official entries that score a case that an earlier one in force scores, each with the earlier id."""
    old, older, oldest = EVALUATION.alias("old"), ENTRY.alias("old_entry"), RULESET.alias("old_ruleset")
    later = ENTRY.alias("later")
    replaced = select(later.c.index).where(later.c.supersedes == old.c.id, later.c.index <= ENTRY.c.index).exists()
    found = (
        select(ENTRY.c.index, old.c.id)
        .join_from(ENTRY, EVALUATION, EVALUATION.c.entry == ENTRY.c.index)
        .join(RULESET, RULESET.c.digest == EVALUATION.c.ruleset)
        .join(old, (old.c.department_key == EVALUATION.c.department_key) & (old.c.year == EVALUATION.c.year))
        .join(older, older.c.index == old.c.entry)
        .join(oldest, oldest.c.digest == old.c.ruleset)
        .where(
            ENTRY.c.index >= start,
            ENTRY.c.index < stop,
            older.c.index < ENTRY.c.index,
            ENTRY.c.standing == OFFICIAL,
            older.c.standing == OFFICIAL,
            oldest.c.id == RULESET.c.id,
            ~replaced,
        )
        .order_by(ENTRY.c.index, older.c.index)
    )
    for entry, identity in connection.execute(found).all():
        yield entry, str(identity)
