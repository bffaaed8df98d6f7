"""The log: structlog to standard error, quiet unless FENMING_LOG asks for more."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

import structlog


def logger() -> Any:
    """Return a logger at the level that FENMING_LOG names (debug, info, warning); warning if it names none."""
    level = getattr(logging, os.environ.get("FENMING_LOG", "warning").upper(), logging.WARNING)
    return structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
