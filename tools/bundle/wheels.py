"""The wheels of a bundle: fetched by the locks, built where there is none, and read for what they say of themselves."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from tools import setup

_DRIVER = ("psycopg", "psycopg-binary")
"""The driver for PostgreSQL, under the LGPL: only in the bundles for which it is asked."""

_GLIBC_OF_OLD_TAGS = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
_LICENCE_FILE = re.compile(r"(?i)[^/]+\.dist-info/(?:licenses/.+|(?:licen[cs]e|copying|notice|authors)[^/]*)")
_SHORT = 80
"""No name of a licence is longer; what is longer is its text."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel, and what it says of itself."""

    file: str
    name: str
    version: str
    sha256: str
    expression: str
    """The licence as SPDX writes it, or empty."""
    licence: str
    """The licence as the package names it."""
    requires: tuple[str, ...]
    licences: Mapping[str, bytes]
    """The texts of its licences, by their file names."""
    glibc: tuple[int, int] | None
    """The oldest glibc that it runs with; None where it needs none."""


def fetch(folder: Path, *, postgresql: bool) -> None:
    """Fetch the wheels that the locks name for this Python and platform, each checked against its digest."""
    entries = setup.lock("runtime").read_text("utf-8").replace(setup.entry_of("runtime", setup.COMPILED), "")
    entries += "".join(setup.entry_of("test", name) for name in _DRIVER if postgresql)
    wanted = folder.parent / "fetched.txt"
    wanted.write_text(entries, "utf-8")
    options = ("--require-hashes", "--no-deps", "--only-binary=:all:", "--dest", folder, "-r", wanted)
    _pip("download", *options, failure="a wheel could not be fetched: is the package index within reach?")


def build_engine(folder: Path, epoch: int) -> None:
    """Build the wheel of the rule engine from its locked source, the same bytes each time.

    Debug information would hold the name of the temporary folder it is built in.
    """
    compiler = setup.find_compiler(os.environ)
    asked = shlex.split(os.environ.get("CPPFLAGS", ""))
    flags = shlex.join([*asked, *setup.compile_flags(sys.version_info[:2]), "-g0"])
    wanted = folder.parent / "built.txt"
    wanted.write_text(setup.entry_of("runtime", setup.COMPILED), "utf-8")
    options = ("--no-cache-dir", "--no-deps", "--require-hashes", "--no-build-isolation", "--use-pep517")
    failure = f"the rule engine ({setup.COMPILED}) could not be compiled with `{compiler}`: its last words are above."
    environ = {"CC": compiler, "CPPFLAGS": flags, "SOURCE_DATE_EPOCH": str(epoch)}
    _pip("wheel", *options, "--wheel-dir", folder, "-r", wanted, failure=failure, **environ)


def build_fenming(source: Path, folder: Path, epoch: int) -> None:
    """Build fenming's own wheel from its source."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    setup.run(command, "fenming's wheel could not be built.", source, SOURCE_DATE_EPOCH=str(epoch))


def _pip(*arguments: str | Path, failure: str, **environ: str) -> None:
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    setup.run([sys.executable, "-m", "pip", *arguments, *quiet], failure, **environ)


def read_wheel(path: Path) -> Wheel:
    """Read what a wheel says of itself."""
    name, version, _, tags = parse_wheel_filename(path.name)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if strange := [each for each in names if ".data/" in each and "/scripts/" not in each.partition(".data")[2]]:
            raise ValueError(f"{path.name} holds what the installer does not know where to put: {strange[0]}")
        [metadata] = [each for each in names if re.fullmatch(r"[^/]+\.dist-info/METADATA", each)]
        about = BytesParser().parsebytes(archive.read(metadata))
        texts = {each: archive.read(each) for each in names if _LICENCE_FILE.fullmatch(each) and not each.endswith("/")}
        symbols = [archive.read(each) for each in names if each.endswith(".so")] if path.stem.endswith(_plain()) else []
    return Wheel(
        path.name,
        canonicalize_name(name),
        str(version),
        hashlib.sha256(path.read_bytes()).hexdigest(),
        about.get("License-Expression", ""),
        _licence(about),
        tuple(about.get_all("Requires-Dist", [])),
        {re.sub(r"^[^/]+/(licenses/)?", "", each): text for each, text in texts.items()},
        oldest_glibc([tag.platform for tag in tags], symbols),
    )


def _plain() -> str:
    """Return the platform tag of what is built here, which promises nothing about the C library."""
    return f"-linux_{os.uname().machine}"


def _licence(about: Message) -> str:
    """Return the licence that a package names."""
    stated = [about.get("License-Expression", ""), about.get("License", "")]
    classified = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier", []) if line.startswith("License ")]
    named = [each for each in stated if each and len(each) <= _SHORT and "\n" not in each]
    return [*named, " and ".join(classified)][0]


def oldest_glibc(platforms: Sequence[str], binaries: Sequence[bytes]) -> tuple[int, int] | None:
    """Return the oldest glibc for which a wheel is tagged, or that the files built here ask for."""
    promised = []
    for tag in platforms:
        if found := re.match(r"manylinux_(\d+)_(\d+)_", tag):
            promised.append((int(found[1]), int(found[2])))
        elif tag.partition("_")[0] in _GLIBC_OF_OLD_TAGS:
            promised.append(_GLIBC_OF_OLD_TAGS[tag.partition("_")[0]])
    if promised:
        return min(promised)
    asked = [(int(a), int(b)) for data in binaries for a, b in re.findall(rb"\bGLIBC_(\d+)\.(\d+)", data)]
    return max(asked, default=None)


def requirements_of(wheel: Wheel, names: Sequence[str]) -> list[str]:
    """Return which of some packages a wheel requires here, without its extras."""
    wanted = [Requirement(each) for each in wheel.requires]
    needed = {canonicalize_name(each.name) for each in wanted if not each.marker or each.marker.evaluate({"extra": ""})}
    return sorted(needed & set(names))
