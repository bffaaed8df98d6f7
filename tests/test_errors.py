"""docs/errors.md lists every code that the program can give, from the code itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import main
from engine.base.faults import FenmingError
from i18n import translator
from tools import errors
from tools.error_samples import AREAS, REMEDIES
from tools.fault_sites import Site, sites

ROOT = Path(__file__).parents[1]
FOUND = sites(ROOT, errors.PACKAGES)


def test_the_pages_are_what_the_code_says(capsys: pytest.CaptureFixture[str]) -> None:
    """`make errors` would change nothing."""
    assert errors.main(["--check"]) == 0, capsys.readouterr().err


def test_a_page_that_is_out_of_date_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So that it is made anew."""
    (tmp_path / "docs").mkdir()
    assert errors.main([], tmp_path) == 0
    (tmp_path / "docs" / "errors.md").write_text("# Errors\n", "utf-8")
    assert errors.main(["--check"], tmp_path) == 1
    assert capsys.readouterr().err == "out of date, run `make errors`: docs/errors.md\n"


def test_codes_are_an_area_and_words() -> None:
    """`facts.unit`: what a script compares has one form."""
    assert len(FOUND) > 300
    for site in FOUND:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*\.[a-z0-9]+(-[a-z0-9]+)*", site.code), site
    assert {site.code.partition(".")[0] for site in FOUND} == set(AREAS)


def test_a_code_is_of_one_kind() -> None:
    """Whoever acts on a code, or on the exit code, does the same wherever it is raised."""
    kinds: dict[str, set[type]] = {}
    for site in FOUND:
        kinds.setdefault(site.code, set()).add(errors.kind_of(site))
    assert [code for code, found in kinds.items() if len(found) > 1] == []


def test_every_code_has_a_remedy() -> None:
    """In the code, or among those that are listed because the code shows them elsewhere; none is listed in vain."""
    found: dict[str, set[str]] = {}
    for site in FOUND:
        found.setdefault(site.code, set()).update(site.remedies)
    most = 4
    assert {code for code, remedies in found.items() if not 0 < len(remedies) <= most} == set(REMEDIES)
    written = {remedy for remedies in REMEDIES.values() for remedy in remedies if isinstance(remedy, str)}
    assert [remedy for remedy in written if translator("zh")(remedy) == remedy] == []


def _classes(kind: type[FenmingError] = FenmingError) -> Iterator[type[FenmingError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _classes(each)


def test_every_error_is_of_a_kind_that_a_caller_acts_on() -> None:
    """Each class has the exit code and the HTTP status of its kind, or its own where it is listed."""
    for each in _classes():
        assert any(issubclass(each, kind) for kind in errors.KINDS), each
        assert each.exit_code in {1, 2, 3, 4, 5, 6, 69, 70, 74, 75}
        assert 400 <= each.status < 600
    direct = [kind for kind in errors.KINDS if FenmingError in kind.__bases__]
    assert len({kind.exit_code for kind in direct}) == len(direct) == 6


@pytest.mark.parametrize(
    ("words", "code", "ends"),
    [
        (["show", "latest"], "ledger.missing", 5),
        (["evaluate", "nowhere.yaml"], "file.missing", 5),
        (["evaluate", "."], "file.folder", 3),
        (["evaluate", "empty.yaml"], "document.empty", 3),
        (["evaluate", "x.yaml", "--reading", "R1"], "option.reading-form", 2),
        (["ruleset", "show", "nosuch"], "ruleset.missing", 5),
        (["facts", "check", "short.yaml"], "value.missing", 3),
    ],
)
def test_what_a_command_prints_is_on_the_page(
    words: list[str],
    code: str,
    ends: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The code in brackets, the exit code, and the row of the page agree."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FENMING_LEDGER", raising=False)
    Path("empty.yaml").write_text("", "utf-8")
    Path("short.yaml").write_text("ruleset: demo/schemes/1\n", "utf-8")
    assert main.run(words) == ends
    assert f"[{code}]" in capsys.readouterr().err
    (row,) = [line for line in (ROOT / "docs/errors.md").read_text("utf-8").splitlines() if f"| `{code}` |" in line]
    kind = next(kind for kind, words in errors.KINDS.items() if f"| {words[0]} |" in row)
    assert kind.exit_code == ends


def test_errors_are_json_where_json_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On standard error, each with its code and its place; standard output stays empty."""
    monkeypatch.chdir(tmp_path)
    Path("short.yaml").write_text("ruleset: demo/schemes/1\n", "utf-8")
    for words, code in (
        (["evaluate", "short.yaml", "--json"], "value.missing"),
        (["shw", "--json"], "command.unknown"),
    ):
        ends = main.run(words)
        shown = capsys.readouterr()
        answer = json.loads(shown.err)
        assert shown.out == ""
        assert answer["exit_code"] == ends > 0
        assert {fault["code"] for fault in answer["faults"]} == {code}
        assert all(fault["what"] and fault["remedy"] for fault in answer["faults"])
        assert {fault["line"] for fault in answer["faults"]} == ({1} if ends == 3 else {None})


MODULE = """
from other import known, refuse

LATER = msg("Later.")

def plain(path):
    raise NotFound.because(problem("a.plain", "No {path}.", path=path), msg("Look."), Place(path))

def named(one):
    what = problem("a.one", "One.") if one else problem("a.two", "Two.")
    remedy = LATER if one else msg("Now.")
    return Fault(what, remedy)

def helped(name):
    raise refuse(problem("a.helped", "Not {name}.", name=name), name)

def collected(faults):
    faults.append(Fault(plural_problem("a.many", "One.", "Many.", count=2), known()))
    return InvalidInput(Fault(problem("a.inner", "Inner."), msg("Go.")))
"""
OTHER = """
def known():
    return msg("Known.")

def refuse(what, name):
    remedy = msg("Did you mean {near}?") if near(name) else known()
    return Refused.because(what, remedy)
"""


def test_remedies_are_found_where_they_are_written(tmp_path: Path) -> None:
    """Beside the problem, by a name, or in a function that takes the problem or returns the remedy."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "module.py").write_text(MODULE.replace("from other", "from package.other"), "utf-8")
    (tmp_path / "package" / "other.py").write_text(OTHER, "utf-8")
    found = {site.code: site for site in sites(tmp_path, ("package",))}
    assert {code: (site.raised, site.remedies) for code, site in found.items()} == {
        "a.plain": ("NotFound", ("Look.",)),
        "a.one": ("", ("Later.", "Now.")),
        "a.two": ("", ("Later.", "Now.")),
        "a.helped": ("Refused", ("Did you mean {near}?", "Known.")),
        "a.many": ("", ("Known.",)),
        "a.inner": ("InvalidInput", ("Go.",)),
    }
    assert found["a.plain"] == Site("a.plain", "No {path}.", ("Look.",), "NotFound", "package/module.py:7")
