"""Make the bundle for machines without a network and a compiler: python -m tools.bundle [--postgresql].

It is made of the commit that is checked out, for the Python that runs this and for the platform it runs on. The same
commit gives the same bytes with the same compiler, zlib and pip.
"""

import json
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from tools import setup
from tools.bundle import wheels
from tools.bundle.archive import bundle_name, licence_files, with_sums, write_archive
from tools.bundle.install import ABOUT, this_platform, this_python
from tools.bundle.sbom import write_sbom

_DIST = setup.ROOT / "dist"


def git(*arguments: str) -> bytes:
    """Ask git about the checkout."""
    try:
        return subprocess.run(["git", *arguments], cwd=setup.ROOT, check=True, capture_output=True).stdout  # noqa: S607
    except (OSError, subprocess.CalledProcessError) as error:
        raise setup.SetupError("a bundle is made of a commit, and git cannot read one here.") from error


def make(place: Path, *, postgresql: bool) -> Path:
    """Make the bundle in a temporary folder, and return where it then is."""
    commit, moment = git("log", "-1", "--format=%H %ct").decode().split()
    epoch = int(moment)
    if git("status", "--porcelain"):
        print("  Changes that are not committed are left out.", file=sys.stderr)
    source, folder = place / "source", place / "wheels"
    folder.mkdir()
    with tarfile.open(fileobj=BytesIO(git("archive", "--format=tar", "HEAD"))) as archive:
        archive.extractall(source, filter="data")
    with setup.step("wheels of libraries"):
        wheels.fetch(folder, postgresql=postgresql)
    with setup.step("rule engine, compiled"):
        wheels.build_engine(folder, epoch)
    with setup.step("fenming"):
        wheels.build_fenming(source, folder, epoch)
    made = sorted(map(wheels.read_wheel, folder.glob("*.whl")), key=lambda wheel: wheel.name)
    version = tomllib.loads((source / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    about = {
        "version": version,
        "commit": commit,
        "platform": this_platform(),
        "python": this_python(),
        "glibc": max((wheel.glibc for wheel in made if wheel.glibc), default=None),
    }
    own = source / "tools" / "bundle"
    files = {
        "install.sh": (own / "install.sh").read_bytes().replace(b"@PYTHON@", this_python().encode()),
        "install.py": (own / "install.py").read_bytes(),
        ABOUT: (json.dumps(about, indent=1) + "\n").encode(),
        "sbom.cdx.json": write_sbom(made, epoch).encode(),
        **{name: (source / "docs" / name).read_bytes() for name in ("install.md", "install.zh-CN.md")},
        **licence_files(made),
        **{f"wheels/{wheel.file}": (folder / wheel.file).read_bytes() for wheel in made},
    }
    _DIST.mkdir(exist_ok=True)
    name = bundle_name(version, this_platform(), this_python(), postgresql=postgresql)
    path = _DIST / f"{name}.tar.gz"
    with setup.step("archive"):
        write_archive(path, with_sums(files), epoch)
    return path


def main(arguments: Sequence[str]) -> int:
    """Make the bundle and print its name; return the exit code."""
    try:
        with tempfile.TemporaryDirectory(prefix="fenming-bundle-") as place:
            path = make(Path(place), postgresql="--postgresql" in arguments)
    except setup.SetupError as error:
        print(*filter(None, (error.said, f"fenming: {error}")), sep="\n\n", file=sys.stderr)
        return 1
    print(path.relative_to(setup.ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
