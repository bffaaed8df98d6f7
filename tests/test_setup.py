"""The laws of setting up: it refuses clearly, installs what is locked and nothing else, and never half."""

import ast
import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tools import setup

OWN = ("engine", "audit", "office", "workflow", "i18n", "cli", "schemas", "rulesets", "examples")
"""The project's own packages."""

LOCKS = ("build", "runtime", "test", "bench")


def requirements(name: str) -> dict[str, str]:
    """Return the packages of a lock, each with its whole entry."""
    entries = setup.lock(name).read_text("utf-8").replace("\\\n", " ").splitlines()
    return {entry.split("==")[0]: entry for entry in entries}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of what setting up reads, without .venv, at a path with spaces and Chinese characters."""
    root = tmp_path / "分明 of the books"
    root.mkdir()
    shutil.copy(setup.ROOT / "pyproject.toml", root)
    for folder in ("tools", "requirements"):
        shutil.copytree(setup.ROOT / folder, root / folder)
    return root


def start(root: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up script of a tree to its end."""
    command = [sys.executable, *arguments] if arguments else [sys.executable, str(root / "tools" / "setup.py")]
    return subprocess.run(
        command, cwd=root, env={**os.environ, **environ}, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_an_old_python_is_refused_in_one_sentence(tree: Path) -> None:
    """Before anything newer than the oldest Python 3 is imported."""
    program = "import sys, runpy; sys.version_info = (3, 10, 13); runpy.run_path('tools/setup.py', run_name='__main__')"
    done = start(tree, "-c", program)
    assert done.returncode == 1
    assert done.stderr.startswith("fenming needs Python 3.11 or newer and this is Python 3.10: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("compiler", ["nonexistent-cc", "nonexistent-cc -m64"])
def test_a_missing_compiler_is_one_sentence_and_leaves_nothing(tree: Path, compiler: str) -> None:
    """The sentence says what is missing and how to install it; there is no traceback and no .venv."""
    done = start(tree, CC=compiler)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"fenming: no C compiler was found (looked for CC={compiler})")
    assert "then run make again." in done.stderr
    assert not (tree / ".venv").exists()


def test_no_compiler_is_found_on_an_empty_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor where Python itself was compiled by one that is gone."""
    monkeypatch.setattr(sysconfig, "get_config_var", lambda _: "gone-cc -pthread")
    with pytest.raises(setup.SetupError, match="looked for cc, gcc and clang"):
        setup.find_compiler({"PATH": ""})


def test_a_python_without_headers_or_venv_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian ships both apart from Python; the sentence names the package."""
    with monkeypatch.context() as patch:
        patch.setattr(sysconfig, "get_path", lambda _: "/nonexistent")
        with pytest.raises(setup.SetupError, match=r"no /nonexistent/Python\.h.* python3-dev"):
            setup.check_python()
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(setup.SetupError, match="python3-venv"):
        setup.check_python()


def test_the_compiler_asked_for_is_taken() -> None:
    """CC may carry options, as it may for make."""
    assert setup.find_compiler({"CC": "sh -x", "PATH": os.defpath}) == "sh -x"


def test_an_unknown_group_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """By name, with the groups that there are."""
    assert setup.main(["tset"]) == 2
    assert "unknown group tset; there are test, bench." in capsys.readouterr().err


@pytest.mark.parametrize("version", [(3, 13), (3, 14), (4, 0)])
def test_the_removed_function_is_renamed_from_python_3_13_on(version: tuple[int, ...]) -> None:
    """Python 3.13 took away a function that durable_rules calls."""
    assert "-DPyEval_CallObject=PyObject_CallObject" in setup.compile_flags(version)


@pytest.mark.parametrize("version", [(3, 11), (3, 12)])
def test_nothing_is_renamed_where_the_function_exists(version: tuple[int, ...]) -> None:
    """Renaming it there would hide the header's own definition."""
    assert not [flag for flag in setup.compile_flags(version) if flag.startswith("-D")]


class TestInterruption:
    """A .venv is believed complete only if everything in it was installed from the present locks."""

    @pytest.fixture(autouse=True)
    def _elsewhere(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        venv = tmp_path / ".venv"
        (venv / "bin").mkdir(parents=True)
        (venv / "bin" / "python").touch()
        monkeypatch.setattr(setup, "PYTHON", venv / "bin" / "python")
        monkeypatch.setattr(setup, "STAMP", venv / "fenming.json")
        self.done: list[str] = []
        monkeypatch.setattr(setup, "make_environment", lambda: self.done.append("from scratch"))
        monkeypatch.setattr(setup, "install_lock", self.done.append)

    def set_up(self, *groups: str) -> list[str]:
        """Set up and return what was done."""
        self.done.clear()
        setup.set_up(groups)
        return list(self.done)

    def test_a_second_time_does_nothing(self) -> None:
        """And a group is added once, without beginning anew."""
        assert self.set_up() == ["from scratch"]
        assert self.set_up() == []
        assert self.set_up("test") == ["test"]
        assert self.set_up("test") == []
        assert self.set_up("test", "bench") == ["bench"]
        assert self.set_up() == []

    @pytest.mark.parametrize("stamp", ["", "{", "[]", "null", "\0"])
    def test_a_torn_stamp_is_no_stamp(self, stamp: str) -> None:
        """Whatever it holds."""
        setup.STAMP.write_text(stamp, "utf-8")
        assert self.set_up() == ["from scratch"]

    @pytest.mark.parametrize("name", ["python", "place", "project", "flags", "build", "runtime", "test"])
    def test_any_change_begins_anew(self, name: str) -> None:
        """Another Python, another place, another lock; the group is installed again too."""
        self.set_up("test")
        stamp = json.loads(setup.STAMP.read_text("utf-8"))
        setup.STAMP.write_text(json.dumps({**stamp, name: "as it was before"}), "utf-8")
        assert self.set_up("test") == ["from scratch", "test"]

    def test_a_lost_python_begins_anew(self) -> None:
        """As when the system's Python was upgraded away."""
        self.set_up()
        setup.PYTHON.unlink()
        assert self.set_up() == ["from scratch"]

    @pytest.mark.parametrize("error", [KeyboardInterrupt, setup.SetupError("no network"), MemoryError])
    def test_an_interrupted_change_begins_anew(
        self, monkeypatch: pytest.MonkeyPatch, error: BaseException | type[BaseException]
    ) -> None:
        """Even when only a group was being added: a package may lie there half."""

        def interrupted(_: str) -> None:
            raise error

        self.set_up()
        with monkeypatch.context() as patch:
            patch.setattr(setup, "install_lock", interrupted)
            with pytest.raises(error if isinstance(error, type) else type(error)):
                setup.set_up(["test"])
        assert self.set_up("test") == ["from scratch", "test"]


def test_a_failed_command_says_its_last_words() -> None:
    """The sentence is ours, the words are the command's, and only the last 25 lines of them."""
    program = "print(*range(100), sep='\\n'); raise SystemExit(3)"
    with pytest.raises(setup.SetupError, match="could not be made") as caught:
        setup.run([sys.executable, "-c", program], "could not be made")
    assert caught.value.said.split() == [str(number) for number in range(75, 100)]


def test_the_engines_entry_is_found_whole() -> None:
    """It is installed apart from the others, by its digest too."""
    entry = setup.entry_of("runtime", setup.COMPILED)
    assert re.fullmatch(r"durable-rules==2\.0\.28 \\\n    --hash=sha256:[0-9a-f]{64}\n", entry)


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_locked_by_digest(name: str) -> None:
    """Each has an exact version and at least one digest, and nothing else is in the lock."""
    for package, entry in requirements(name).items():
        assert re.fullmatch(r"[a-z0-9-]+==[0-9a-z.]+( ; [^#]*?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", entry), package


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_names_a_host_or_a_path(name: str) -> None:
    """Where the files come from is the reader's affair."""
    assert not re.search(r"://|--(index|extra-index|find|trusted)|@|/", setup.lock(name).read_text("utf-8"))


def test_the_locks_agree_on_every_version() -> None:
    """So that a group never changes what the others installed."""
    versions: dict[str, set[str]] = {}
    for name in LOCKS:
        for package, entry in requirements(name).items():
            versions.setdefault(package, set()).add(entry.split()[0])
    assert {package: found for package, found in versions.items() if len(found) > 1} == {}


def test_the_locks_are_complete() -> None:
    """Nothing is installed but what they name, and no package lacks another."""
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "No broken requirements found.\n"), done.stdout + done.stderr


def test_the_runtime_holds_no_tool_of_tests_or_benchmarks() -> None:
    """They are locked apart."""
    tools = {
        "pytest",
        "hypothesis",
        "mypy",
        "ruff",
        "coverage",
        "babel",
        "clipspy",
        "zen-engine",
        "setuptools",
        "rfc8785",
    }
    assert tools.isdisjoint(requirements("runtime"))


def test_the_program_imports_only_what_the_runtime_holds() -> None:
    """And the standard library, and itself."""
    imported = {
        name.split(".")[0]
        for package in OWN
        for file in (setup.ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        for name in imports(node)
    }
    distributions = importlib.metadata.packages_distributions()
    foreign = imported - {*OWN} - sys.stdlib_module_names
    runtime = requirements("runtime")
    held = {name for name in foreign if any(canonical(d) in runtime for d in distributions.get(name, []))}
    assert foreign == held


def imports(node: ast.AST) -> list[str]:
    """Return the modules that a statement imports by absolute name."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case _:
            return []


def canonical(distribution: str) -> str:
    """Return a package's name as locks spell it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_no_runtime_library_is_under_a_copyleft_licence() -> None:
    """None is under the GPL, the LGPL or the AGPL, and each says what it is under."""
    for package in (package for package, entry in requirements("runtime").items() if "sys_platform" not in entry):
        metadata = importlib.metadata.metadata(package)
        stated = [*metadata.get_all("License-Expression", []), *metadata.get_all("License", [])]
        classified = [c for c in metadata.get_all("Classifier", []) if c.startswith("License ::")]
        licences = "; ".join([*(text[:60] for text in stated), *classified])
        assert licences, package
        assert not re.search("GPL|GNU", licences), f"{package}: {licences}"
