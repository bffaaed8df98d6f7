"""Install the bundle as a machine has to that has nothing else: python -m tools.bundle.check [--postgresql].

No package index, no compiler, a PATH with the Python and a handful of programs, a working folder elsewhere, spaces and
Chinese characters in every path. The demo runs and verifies, a second installation takes the place of the first, and a
damaged bundle changes nothing.
"""

import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

from tools import setup
from tools.bundle.archive import bundle_name
from tools.bundle.install import this_platform, this_python

_PROGRAMS = ("sh", "dirname")
"""All that install.sh and the program ask the system for, besides Python."""
_COMPILERS = ("cc", "gcc", "clang", "c++", "make", "pip", "pip3", "uv")
_SCORE = "92.29–95.29"


class Machine:
    """A machine of its own, as far as the environment makes one."""

    def __init__(self, place: Path) -> None:
        self.path = place / "bin"
        self.work = place / "工作 folder"
        for folder in (self.path, self.work, place / "home"):
            folder.mkdir()
        for name in _PROGRAMS:
            (self.path / name).symlink_to(str(shutil.which(name)))
        python = f"python{sys.version_info.major}.{sys.version_info.minor}"
        (self.path / python).symlink_to(setup.base_python())
        if there := [name for name in _COMPILERS if shutil.which(name, path=str(self.path))]:
            raise AssertionError(f"{there} would be found")
        self.environ = {
            "PATH": str(self.path),
            "HOME": str(place / "home"),
            "LC_ALL": "C.UTF-8",
            "COLUMNS": "100",
            "PIP_NO_INDEX": "1",
            "FENMING_LANG": "en",
        }

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program in the working folder, and return how it ended."""
        return subprocess.run(
            [str(word) for word in command],
            cwd=self.work,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def must(self, *command: str | Path) -> str:
        """Run a program that has to end well, and return what it prints."""
        done = self.run(*command)
        require(done.returncode == 0, f"{command[0]} ended with {done.returncode}", done.stdout + done.stderr)
        return done.stdout


def require(holds: bool, what: str, said: str) -> None:  # noqa: FBT001 - the sentence that follows says what holds
    """Stop the check where something is not as it has to be."""
    if not holds:
        raise setup.SetupError(f"{what}.", said)


def listed(folder: Path) -> list[str]:
    """Return what is in a folder, hidden things too."""
    return sorted(each.name for each in folder.iterdir())


def check(archive: Path, place: Path) -> None:
    """Install, use, install again, and let a damaged bundle fail."""
    machine = Machine(place)
    with tarfile.open(archive) as packed:
        packed.extractall(place / "解 包", filter="data")
    [bundle] = (place / "解 包").iterdir()
    shell, folder = machine.path / "sh", place / "opt of 分明" / "fenming"
    folder.parent.mkdir()
    with setup.step("installed"):
        machine.must(shell, bundle / "install.sh", folder)
    program = folder / "bin" / "fenming"
    with setup.step("demo and verification"):
        require(_SCORE in machine.must(program, "demo"), "the demo's score is not the expected one", "")
        machine.must(program, "audit", "verify", "--ledger", "fenming-demo/fenming.db")
        machine.must(program, "replay", "latest", "--ledger", "fenming-demo/fenming.db")
    first = program.resolve()
    with setup.step("installed again"):
        machine.must(shell, bundle / "install.sh", folder)
    require(program.resolve() != first and first.is_file(), "the new version did not take its place", "")
    machine.must(program, "audit", "verify", "--ledger", "fenming-demo/fenming.db")
    with setup.step("damaged bundle refused"):
        before = listed(folder.parent), listed(folder / "versions")
        wheel = max((bundle / "wheels").iterdir(), key=lambda file: file.stat().st_size)
        content = bytearray(wheel.read_bytes())
        content[len(content) // 2] ^= 1
        wheel.write_bytes(content)
        for target in (folder, folder.parent / "other"):
            refused = machine.run(shell, bundle / "install.sh", target)
            require(refused.returncode == 1 and wheel.name in refused.stderr, "damage passed", refused.stderr)
        require(before == (listed(folder.parent), listed(folder / "versions")), "the refusal left something", "")


def main(arguments: Sequence[str]) -> int:
    """Check the bundle of this Python and platform; return the exit code."""
    version = tomllib.loads((setup.ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    name = bundle_name(version, this_platform(), this_python(), postgresql="--postgresql" in arguments)
    archive = setup.ROOT / "dist" / f"{name}.tar.gz"
    print(f"Installing {archive.name} with no package index and no compiler:", file=sys.stderr)
    try:
        require(archive.is_file(), "there is no such bundle in dist: run `make bundle` first", "")
        with tempfile.TemporaryDirectory(prefix="fenming bundle ") as place:
            check(archive, Path(place).resolve())
    except setup.SetupError as error:
        print(*filter(None, (error.said, f"fenming: {error}")), sep="\n\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
