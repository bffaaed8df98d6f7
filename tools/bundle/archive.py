"""The files of a bundle, and the archive that holds them: the same bytes for the same files."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.bundle.install import SUMS
from tools.bundle.wheels import Wheel


def bundle_name(version: str, platform: str, python: str, *, postgresql: bool = False) -> str:
    """Return the name of a bundle.

    >>> bundle_name("0.1.0", "linux-x86_64", "3.11")
    'fenming-0.1.0-linux-x86_64-py311'
    """
    return f"fenming-{version}-{platform}-py{python.replace('.', '')}" + ("-postgresql" if postgresql else "")


def licence_files(wheels: Sequence[Wheel]) -> dict[str, bytes]:
    """Return the texts of all licences, each in a folder of its package, and a list of what is under which.

    `ValueError` where a package brings none: a text that has to go along with it would be missing.
    """
    if lacking := [wheel.name for wheel in wheels if not wheel.licences]:
        raise ValueError(f"these packages bring no licence text: {', '.join(lacking)}")
    files = {f"licences/{wheel.name}/{name}": text for wheel in wheels for name, text in wheel.licences.items()}
    listed = "".join(f"{wheel.name} {wheel.version}: {wheel.licence}\n" for wheel in wheels)
    return {"licences/README.txt": listed.encode(), **files}


def with_sums(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Add the list of all files with their digests, as `sha256sum -c` reads it."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return {**files, SUMS: "".join(lines).encode()}


def write_archive(path: Path, files: Mapping[str, bytes], epoch: int) -> None:
    """Write the files into one archive, in a folder of its name: sorted, of one time, of nobody."""
    folder = path.name.removesuffix(".tar.gz")
    part = path.with_name(f".{path.name}.part")
    with (
        part.open("wb") as raw,
        gzip.GzipFile("", "wb", 9, raw, mtime=epoch) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(f"{folder}/{name}")
            entry.size, entry.mtime = len(content), epoch
            entry.mode = 0o755 if name.endswith(".sh") else 0o644
            archive.addfile(entry, io.BytesIO(content))
    part.replace(path)
