"""The shape that design asks for: imports go one way, the engine is pure, the calendar is right."""

from __future__ import annotations

import ast
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import chinese_calendar
import pytest
import yaml

from tests.imports import circle, edges, folder_edges, inside_functions

PROJECT = Path(__file__).parent.parent
OUTER = {
    "schemas": {"engine", "audit", "office", "workflow", "cli", "i18n"},
    "engine": {"audit", "office", "workflow", "cli", "i18n"},
    "audit": {"office", "workflow", "cli", "i18n"},
    "office": {"audit", "workflow", "cli", "i18n"},
    "workflow": {"cli", "i18n"},
    "i18n": {"engine", "audit", "office", "workflow", "cli"},
}
ENGINE = [
    f"engine.{name}"
    for name in (
        *("analysis", "explanation", "alternatives", "receipt", "scoring", "program"),
        *("ruleset", "language", "facts", "documents", "base"),
    )
]
AUDIT = [f"audit.{name}" for name in ("backup", "verify", "ledger", "checks", "database", "tables", "log", "faults")]
CLI = ["cli", "cli.commands", "cli.render", "cli.terminal"]
"""The folders of each package, from above to below; each knows only those below it."""
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
    """Cli → workflow → office and audit → engine → schemas, never back."""
    for file in (PROJECT / package).rglob("*.py"):
        assert not imported(file) & OUTER[package], file


def test_no_import_goes_in_a_circle() -> None:
    """Neither among files nor among folders."""
    assert circle(edges()) == []
    assert circle(folder_edges()) == []


@pytest.mark.parametrize(("above", "below"), [*pairwise(ENGINE), *pairwise(AUDIT), *pairwise(CLI)])
def test_each_folder_knows_only_those_below_it(above: str, below: str) -> None:
    """The order of the folders is the order in which docs/architecture.md draws them."""
    assert above not in folder_edges().get(below, ())


def test_the_doors_work_through_the_use_cases() -> None:
    """A command asks the workflow; of the ledger and the engine it knows values, not how they work."""
    for name in ("cli.commands", "cli.commands.audit", "cli.commands.facts", "cli.commands.ruleset"):
        assert folder_edges()[name] <= {
            *("cli.commands", "cli.render", "cli.terminal", "workflow", "i18n", "examples", "schemas"),
            *("engine.base", "engine.facts", "engine.explanation", "engine.receipt", "engine.scoring"),
            *("audit.ledger", "audit.log", "audit.tables"),
        }, name


def test_the_workflow_reads_no_environment() -> None:
    """Settings are given; only the terminal's own modules look at the environment."""
    for package in ("engine", "audit", "office", "workflow"):
        for file in (PROJECT / package).rglob("*.py"):
            assert "os.environ" not in file.read_text("utf-8"), file


def test_imports_are_at_the_top() -> None:
    """Commands are loaded when they are run, so that hardly an import has to wait inside a function."""
    assert len(inside_functions("cli")) <= 15


def test_audit_has_rooms() -> None:
    """At most ten modules directly in it."""
    assert len(list((PROJECT / "audit").glob("*.py"))) <= 10


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
    packages = ("engine", "audit", "office", "workflow", "cli", "schemas")
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
