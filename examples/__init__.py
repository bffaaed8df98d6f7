"""Examples of facts files, each in a folder with its sources."""

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where they are."""
