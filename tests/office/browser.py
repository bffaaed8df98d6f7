"""Chromium, where the system has it: a page is looked at as its readers do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NEEDED = "FENMING_NEEDS_CHROMIUM"
"""Set in CI: there the tests fail where they would be left out elsewhere."""

_NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser without a window; leave the test out where there is none."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        reason = "not looked at in a browser: there is no Chromium (on Debian: apt install chromium fonts-noto-cjk)"
        if os.environ.get(NEEDED):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as started:
        # Chromium's own sandbox needs more than a container gives; the page is this project's.
        browser = started.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()
