"""What all tests share: how many random examples are tried (HYPOTHESIS_PROFILE=long for many), and what is printed."""

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from engine.base.sources import Sources
from engine.documents import Node
from engine.ruleset import Ruleset, read_ruleset
from engine.ruleset.surface import open_ruleset
from tests.cli.program import Program

settings.register_profile("suite", max_examples=100, deadline=None, derandomize=True, database=None)
settings.register_profile("long", max_examples=5_000, deadline=None, print_blob=True, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.fixture(scope="session", autouse=True)
def read_once() -> Iterator[None]:
    """Let the commands of this process read each text of a ruleset once: the form takes half a second each time."""
    known: dict[tuple[str, str | None], Ruleset] = {}

    def read(sources: Sources, found_as: str | None = None) -> Ruleset:
        key = sources.digest, found_as
        if key not in known:
            known[key] = read_ruleset(sources, found_as)
        return known[key]

    documents: dict[str, Node] = {}

    def opened(files: Mapping[str, str]) -> Node:
        key = Sources(files).digest
        if key not in documents:
            documents[key] = open_ruleset(files)
        return documents[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workflow.library.read_ruleset", read)
        patch.setattr("workflow.library.open_ruleset", opened)
        yield


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Return the program with an empty folder for its ledger."""
    return Program(tmp_path)


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Return what adds a sentence to the end of the whole run, such as how many trials there were."""
    return lambda sentence: request.node.user_properties.append(("told", sentence))


def pytest_collection_finish() -> None:
    """Keep the thousands of collected tests out of each search for garbage: they stay to the end in any case."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests reported."""
    for report in terminalreporter.getreports("passed"):
        for _, sentence in report.user_properties:
            terminalreporter.write_line(sentence)
