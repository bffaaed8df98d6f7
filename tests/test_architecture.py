"""The shape that design asks for: imports go one way, the engine is pure, the calendar is right."""

from __future__ import annotations

import ast
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
import yaml

PROJECT = Path(__file__).parent.parent
OUTER = {"engine": {"audit", "cli"}, "audit": {"cli"}, "schemas": {"engine", "audit", "cli"}}
IMPURE = {"os", "pathlib", "time", "random", "secrets", "socket", "subprocess", "tempfile", "shutil", "io", "logging"}
IMPURE |= {"rich", "typer", "sqlmodel", "sqlalchemy", "structlog", "sqlite3", "threading", "locale"}


def imported(file: Path) -> set[str]:
    """Return the top-level names that a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("package", sorted(OUTER))
def test_imports_go_one_way(package: str) -> None:
    """Cli → audit → engine, never back."""
    for file in (PROJECT / package).rglob("*.py"):
        assert not imported(file) & OUTER[package], file


def test_the_engine_is_pure() -> None:
    """No disk, clock, network, randomness, terminal or database in the engine; and no float."""
    for file in (PROJECT / "engine").rglob("*.py"):
        assert not imported(file) & IMPURE, file
        tree = ast.parse(file.read_text("utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        assert not names & {"open", "print", "input", "float", "eval", "exec"}, file
        assert not [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, float)], file


def test_only_the_matching_package_touches_the_rule_engine() -> None:
    """durable_rules stays behind the one small interface, and its Host layer is never used."""
    packages = ("engine", "audit", "cli", "schemas")
    users = [
        f for name in packages for f in (PROJECT / name).rglob("*.py") if "durable_rules_engine" in f.read_text("utf-8")
    ]
    assert {file.parent.name for file in users} == {"durable"}
    for name in packages:
        for file in (PROJECT / name).rglob("*.py"):
            assert not imported(file) & {"durable"}, file


def test_the_engine_knows_no_form() -> None:
    """No Chinese word of a form is in the engine, but for the unit of days and the engine's own sentences."""
    words = ("江门", "绩效", "预算", "产出", "效益", "专项", "整体效能", "jiangmen")
    for file in (PROJECT / "engine").rglob("*.py"):
        text = file.read_text("utf-8")
        assert not [word for word in words if word in text], file


def test_the_calendar_agrees_with_an_independent_one() -> None:
    """Every day that the calendar covers is worked or not as the chinesecalendar package says."""
    document = yaml.safe_load((PROJECT / "rulesets" / "calendars" / "cn.yaml").read_text("utf-8"))
    holidays, workdays = set(document["holidays"]), set(document["workdays"])
    day, last = document["covers"]["from"], document["covers"]["to"]
    assert last > day > date(2000, 1, 1)
    while day <= last:
        ours = day in workdays or (day.weekday() < 5 and day not in holidays)
        assert ours == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)
