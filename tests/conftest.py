"""What all tests share: how many random examples are tried (HYPOTHESIS_PROFILE=long for many), and what is printed."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.cli.program import Program

settings.register_profile("suite", max_examples=100, deadline=None, derandomize=True, database=None)
settings.register_profile("long", max_examples=5_000, deadline=None, print_blob=True, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Return the program with an empty folder for its ledger."""
    return Program(tmp_path)


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Return what adds a sentence to the end of the whole run, such as how many trials there were."""
    return lambda sentence: request.node.user_properties.append(("told", sentence))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests reported."""
    for report in terminalreporter.getreports("passed"):
        for _, sentence in report.user_properties:
            terminalreporter.write_line(sentence)
