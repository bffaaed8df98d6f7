"""Whether the evidence files of an evaluation are still what was recorded when the facts were submitted."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from engine.base.faults import Fault, NotFound, problem
from engine.base.messages import Message, msg
from engine.base.places import Place
from engine.facts import FileDigest
from engine.receipt import Content
from engine.receipt.model import EvidenceLine
from workflow.evidence_files import FileProblem, FileState, look
from workflow.settings import Progress

State: TypeAlias = Literal["changed", "gone", "unreadable", "not_recorded", "same"]

STATES: tuple[State, ...] = ("changed", "gone", "unreadable", "not_recorded", "same")
"""What can become of a file, in the order of the answer: first what somebody has to look at."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that an evaluation's evidence names: what was recorded of it, by which facts, under which titles."""

    file: str
    recorded: FileDigest | None
    facts: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileCheck:
    """A file of evidence and what became of it."""

    named: EvidenceFile
    state: State
    found: FileDigest | None = None
    reason: Message | None = None
    """Why it is gone or unreadable."""

    @property
    def needs_a_look(self) -> bool:
        """Whether it is not what was recorded."""
        return self.state in ("changed", "gone", "unreadable")


def check_evidence(content: Content, folder: str, progress: Progress) -> list[FileCheck]:
    """Compare the files of evidence in a folder with a receipt, in the order of `STATES`."""
    named = named_in(content)
    if not os.path.isdir(folder):  # noqa: PTH112 - what cannot even be looked at is not a folder either
        raise NotFound(
            Fault(
                problem("evidence.no-folder", "There is no folder “{folder}” to look for evidence in.", folder=folder),
                msg("Give --folder the folder of the facts file."),
                Place(folder),
            )
        )
    states = look(Path(folder), [each.file for each in named if each.recorded is not None], progress)
    checks = [_check(each, states) for each in named]
    return sorted(checks, key=lambda check: (STATES.index(check.state), check.named.file))


def named_in(content: Content) -> list[EvidenceFile]:
    """Return the files that a receipt's evidence names, each once with all that name it."""
    found: dict[tuple[str, FileDigest | None], list[tuple[str, str]]] = {}
    for fact in content.facts:
        for item in fact.evidence:
            if item.file:
                found.setdefault((item.file, _recorded(item)), []).append((fact.id, item.title))
    return [
        EvidenceFile(file, digest, *(tuple(dict.fromkeys(words)) for words in zip(*naming, strict=True)))
        for (file, digest), naming in found.items()
    ]


def _recorded(item: EvidenceLine) -> FileDigest | None:
    return None if item.sha256 is None or item.size is None else FileDigest(item.sha256, item.size)


def _check(named: EvidenceFile, states: Mapping[str, FileState]) -> FileCheck:
    if named.recorded is None:
        return FileCheck(named, "not_recorded")
    found = states[named.file]
    if isinstance(found, FileProblem):
        return FileCheck(named, "gone" if found.gone else "unreadable", reason=found.what)
    return FileCheck(named, "same" if found == named.recorded else "changed", found)
