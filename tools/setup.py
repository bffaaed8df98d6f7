"""Set up .venv: python tools/setup.py [test] [bench].

Standard library only, since it runs before anything is installed, and written so that an old Python can at
least read it. The rule engine durable_rules ships as C source; it is compiled here, with the flags it needs.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "fenming needs Python 3.11 or newer and this is Python %d.%d: "
        "install a newer one, or name it, as in `make PYTHON=python3.12 demo`." % sys.version_info[:2]
    )

import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sysconfig
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "fenming.json"
GROUPS = ("test", "bench")
COMPILED = "durable-rules"
ELSEWHERE = ("PYTHONHOME", "PYTHONPATH", "PIP_PREFIX", "PIP_TARGET", "PIP_USER")
"""Settings of the person's that would lead Python or pip out of .venv."""


class SetupError(Exception):
    """Why .venv could not be set up, in one sentence, and what a failed command said last."""

    def __init__(self, sentence: str, said: str = "") -> None:
        super().__init__(sentence)
        self.said = said


def compile_flags(version: tuple[int, ...]) -> list[str]:
    """Return the preprocessor flags with which durable_rules compiles on this version of Python.

    Its own set-up overwrites CFLAGS, so these travel in CPPFLAGS. Python 3.13 removed PyEval_CallObject, which
    gcc 14 and clang 16 refuse to guess and older compilers guess wrongly; a next such removal is to fail here,
    not at run time.
    """
    renamed = ["-DPyEval_CallObject=PyObject_CallObject"] if version >= (3, 13) else []
    return ["-O2", "-Werror=implicit-function-declaration", *renamed]


def find_compiler(environ: Mapping[str, str]) -> str:
    """Return the C compiler's command: CC if set, else Python's own, else cc, gcc or clang."""
    asked = environ.get("CC", "").strip()
    usual = [str(sysconfig.get_config_var("CC") or "cc"), "cc", "gcc", "clang"]
    for command in [asked] if asked else usual:
        if shutil.which(shlex.split(command)[0], path=environ.get("PATH", "")):
            return command
    looked_for = f"CC={asked}" if asked else "cc, gcc and clang"
    raise SetupError(
        f"no C compiler was found (looked for {looked_for}), and the rule engine has to be compiled: "
        + advice("build-essential python3-dev")
    )


def advice(packages: str) -> str:
    """Return how to install what is missing on this system."""
    if sys.platform == "darwin":
        return "install one with `xcode-select --install`, then run make again."
    return f"install it, on Debian or Ubuntu with `apt install {packages}`, then run make again."


def check_python() -> None:
    """Refuse a Python that lacks what a virtual environment or a C extension needs."""
    if importlib.util.find_spec("ensurepip") is None:
        raise SetupError("this Python cannot make virtual environments: " + advice("python3-venv"))
    header = Path(sysconfig.get_path("include")) / "Python.h"
    if not header.is_file():
        raise SetupError(f"Python's C headers are missing (no {header}): " + advice("python3-dev"))


def wanted() -> dict[str, str]:
    """Return all that .venv depends on, named; a group counts once it is installed."""

    def digest(content: bytes) -> str:
        return hashlib.sha256(content).hexdigest()

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    installed_as = {part: project[part] for part in ("build-system", "project")}
    locks = {name: digest(lock(name).read_bytes()) for name in ("build", "runtime", *GROUPS)}
    return {
        "python": f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro} {base_python()}",
        "place": str(ROOT),
        "project": digest(json.dumps(installed_as, sort_keys=True).encode()),
        "flags": shlex.join(compile_flags(sys.version_info[:2])),
        **locks,
    }


def base_python() -> str:
    """Return the Python outside any virtual environment, so that .venv's own Python can make .venv anew."""
    return str(Path(sys.executable).resolve())


def lock(name: str) -> Path:
    """Return the file that locks a set of dependencies."""
    return ROOT / "requirements" / f"{name}.txt"


def installed() -> dict[str, str] | None:
    """Return what .venv was completed with; None if it is absent, was interrupted, or has lost its Python."""
    try:
        stamp = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) and PYTHON.is_file() else None


def entry_of(name: str, package: str) -> str:
    """Return the entry of one package in a lock: its version and the digests of its files."""
    found = re.search(rf"^{package}==(?:.*\\\n)*.*\n", lock(name).read_text("utf-8"), re.MULTILINE)
    return found[0] if found else ""


def run(command: Sequence[str | Path], failure: str, cwd: Path = ROOT, /, **environ: str) -> None:
    """Run a command silently; when it fails, raise the sentence with the last words of the command."""
    inherited = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**inherited, **environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise SetupError(failure, "\n".join(done.stdout.strip().splitlines()[-25:]))


def pip(*arguments: str | Path, failure: str, **environ: str) -> None:
    """Install into .venv, from the locks only."""
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    run([PYTHON, "-m", "pip", "install", *quiet, *arguments], failure, **environ)


def install_lock(name: str) -> None:
    """Install a locked set of dependencies, each file checked against its digest.

    The lock is complete, so pip is to resolve nothing: where a package asks for an extra of another, older versions
    of pip look past the lock for a newer release, and then refuse it for not being in the lock.
    """
    failure = f"the packages of requirements/{name}.txt could not be installed: is the package index within reach?"
    pip("--require-hashes", "--no-deps", "--no-build-isolation", "-r", lock(name), failure=failure)


def compile_engine(compiler: str) -> None:
    """Compile and install the rule engine, then see that it loads.

    Past pip's cache: a copy that was once built there without the flags would be taken from it.
    """
    flags = shlex.join([*shlex.split(os.environ.get("CPPFLAGS", "")), *compile_flags(sys.version_info[:2])])
    failure = f"the rule engine ({COMPILED}) could not be compiled with `{compiler}`: its last words are above."
    with tempfile.TemporaryDirectory() as directory:
        entry = Path(directory) / "requirement.txt"
        entry.write_text(entry_of("runtime", COMPILED), "utf-8")
        options = ("--no-cache-dir", "--no-deps", "--require-hashes", "--no-build-isolation", "--use-pep517")
        pip(*options, "-r", entry, failure=failure, CC=compiler, CPPFLAGS=flags)
    run([PYTHON, "-c", "import durable_rules_engine"], f"the rule engine ({COMPILED}) was compiled but does not load.")


def install_fenming() -> None:
    """Install fenming itself, as the code in this directory.

    Python reads the path to it in the encoding of the locale, and does not start when it cannot: in the C locale
    with a Chinese path, say. So it is put relatively.
    """
    pip("--no-deps", "--no-build-isolation", "--editable", ROOT, failure="fenming itself could not be installed.")
    for path_file in VENV.glob("lib/python3*/site-packages/_fenming.pth"):
        path_file.write_text("../../../..\n", "utf-8")


@contextmanager
def step(what: str) -> Iterator[None]:
    """Print what is being done, and how long it took."""
    print(f"  {what:<28}", end="", file=sys.stderr, flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print(file=sys.stderr)
        raise
    print(f"{time.monotonic() - start:5.1f} s", file=sys.stderr)


def make_environment() -> None:
    """Make .venv from scratch, with all that fenming needs to run."""
    check_python()
    compiler = find_compiler(os.environ)
    print(f"Setting up .venv with Python {sys.version.split()[0]} (once):", file=sys.stderr)
    with step("virtual environment"):
        run([base_python(), "-m", "venv", "--clear", VENV], "the virtual environment could not be made: see above.")
    with step("build tools"):
        install_lock("build")
    with step("rule engine, compiled"):
        compile_engine(compiler)
    with step("libraries"):
        install_lock("runtime")
    with step("fenming"):
        install_fenming()


def set_up(groups: Sequence[str]) -> None:
    """Bring .venv to what the locks say, with the groups asked for; do nothing when it is there already.

    The stamp is removed before the first change and written after the last, so that an interrupted set-up is
    begun anew.
    """
    goal = wanted()
    have = installed()
    fresh = have is None or any(goal.get(name) != value for name, value in have.items())
    present = {} if fresh or have is None else have
    missing = [group for group in groups if group not in present]
    if present and not missing:
        return
    STAMP.unlink(missing_ok=True)
    if fresh:
        make_environment()
    for group in missing:
        with step(f"tools for {group}"):
            install_lock(group)
    complete = {name: value for name, value in goal.items() if name not in GROUPS or name in missing or name in present}
    STAMP.write_text(json.dumps(complete, indent=1), "utf-8")


def main(arguments: Sequence[str]) -> int:
    """Set up .venv for fenming and the groups named; return the exit code."""
    unknown = set(arguments) - set(GROUPS)
    if unknown:
        print(f"fenming: unknown group {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}.", file=sys.stderr)
        return 2
    here = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(here, fcntl.LOCK_EX)  # two makes at once take turns
        set_up(arguments)
    except SetupError as error:
        print(*filter(None, (error.said, f"fenming: {error}")), sep="\n\n", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nfenming: interrupted; the next make begins again.", file=sys.stderr)
        return 130
    finally:
        os.close(here)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
