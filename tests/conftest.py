"""How many random examples the property tests try: HYPOTHESIS_PROFILE=long for many, and new ones each time."""

import os
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
