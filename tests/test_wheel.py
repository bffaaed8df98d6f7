"""The wheel holds all that the program needs: installed in an empty environment, the demo runs."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Path:
    """Install the wheel into an environment that has its dependencies and nothing else of this project."""
    folder = tmp_path / "环境"
    venv.create(folder, with_pip=False)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    # The dependencies are those of this environment; the project itself, which is there by a .pth file, is not.
    (packages / "dependencies.pth").write_text(f"import sys; sys.path.append({sysconfig.get_path('purelib')!r})\n")
    return folder / "bin" / "python"


def run(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed program in an empty folder."""
    folder = python.parent.parent / "empty"
    folder.mkdir(exist_ok=True)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("FENMING_", "PYTHON"))}
    program = "from cli.main import main; main()"
    return subprocess.run(
        [str(python), "-I", "-c", program, *arguments],
        cwd=folder, env={**environ, "FENMING_LANG": "en"}, capture_output=True, text=True, encoding="utf-8",
        check=False,
    )  # fmt: skip


@pytest.mark.long
def test_the_demo_runs_from_a_wheel(installed: Path) -> None:
    """With the example, the rulesets, the schemas and the catalogues that are in it."""
    where = [str(installed), "-I", "-c", "import cli, examples; print(cli.__file__, examples.__file__)"]
    files = subprocess.run(where, capture_output=True, text=True, check=True).stdout.split()
    assert all(str(installed.parent.parent) in file for file in files), files
    done = run(installed, "demo")
    assert done.returncode == 0, done.stderr
    assert "92.29–95.29" in done.stdout
    assert run(installed, "replay", "latest", "--ledger", "fenming-demo/fenming.db").returncode == 0


def test_the_wheel_holds_no_tests(wheel: Path) -> None:
    """And nothing of the workshop."""
    names = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    kept = {name for name in names if not name.endswith(".dist-info")}
    assert kept == {"engine", "audit", "office", "workflow", "cli", "i18n", "schemas", "rulesets", "examples"}
