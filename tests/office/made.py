"""Reports of the examples, made once for all tests."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import examples
from audit.log.keys import SigningKey, new_key
from i18n import translator
from office.page import Report, page
from workflow.ledger import open_ledger
from workflow.record import Recording, record
from workflow.report import evaluation_report
from workflow.score import score
from workflow.settings import Settings

AT = datetime(2025, 3, 1, 8, 0, tzinfo=UTC)
COMMERCE = examples.FOLDER / "jiangmen-commerce-2024" / "as-printed.yaml"
PROJECT = examples.FOLDER / "national-project-2020" / "project.yaml"
KEY = SigningKey(new_key("czj.example/fenming").name, bytes(range(32)))


@dataclass(frozen=True)
class Made:
    """A recorded evaluation, where it is, and its report."""

    settings: Settings
    evaluation: str
    report: Report

    def page(self, language: str) -> str:
        """Return the page in a language."""
        return page(self.report, language, translator(language))


def made(file: Path, folder: Path, *, signed: bool = True) -> Made:
    """Record a facts file in a new ledger, and make its report."""
    settings = Settings(ledger=str(folder / "ledger.db"))
    evaluation = recorded(file, settings, signed=signed)
    return Made(settings, evaluation, evaluation_report(settings, evaluation)[0])


def recorded(file: Path, settings: Settings, *, signed: bool = True, supersedes: str | None = None) -> str:
    """Record a facts file; return the evaluation's id."""
    recording = Recording("复核员", at=AT, supersedes=supersedes, reason="改正" if supersedes else "")
    with closing(open_ledger(settings, create=True, signer=KEY if signed else None)) as ledger:
        return record(ledger, score(str(file), settings), recording).id


@cache
def commerce() -> Made:
    """Return the seed's case."""
    return made(COMMERCE, Path(mkdtemp()))


@cache
def project() -> Made:
    """Return the project's case, which has rows and results."""
    return made(PROJECT, Path(mkdtemp()))
