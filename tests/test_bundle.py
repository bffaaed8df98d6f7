"""The bundle: what it says of itself is true, the same files give the same bytes, and it installs whole or not at all.

`make bundle-check` installs a real one; here the packages are small ones made for the test.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tools.bundle import install
from tools.bundle.archive import bundle_name, licence_files, with_sums, write_archive
from tools.bundle.sbom import write_sbom
from tools.bundle.wheels import Wheel, oldest_glibc, read_wheel

SCRIPTS = Path(install.__file__).parent
EPOCH = 1_764_240_000
CLI = """
def main():
    import sys
    print("{version}", *sys.argv[1:])
"""


def make_wheel(folder: Path, name: str, version: str = "1.0", *, more: str = "", **files: str) -> Path:
    """Make a wheel of pure Python with a licence."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    about = f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{more or 'License-Expression: MIT'}\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{info}/METADATA", about)
        archive.writestr(f"{info}/licenses/LICENSE", f"The licence of {name}.")
        for file, text in files.items():
            archive.writestr(file.replace("__", "/") + ".py", text)
    return path


def make_bundle(
    place: Path, version: str = "1.0", wanted: str = install.this_python(), about: Mapping[str, object] = {}
) -> Path:
    """Make a bundle whose program prints its version and its arguments."""
    wheels = place / "wheels"
    make_wheel(wheels, "fenming", version, cli__main=CLI.replace("{version}", version))
    make_wheel(wheels, "durable_rules", durable_rules_engine="")
    known = {"version": version, "platform": install.this_platform(), "python": install.this_python(), "glibc": None}
    files = {
        "install.sh": (SCRIPTS / "install.sh").read_bytes().replace(b"@PYTHON@", wanted.encode()),
        "install.py": (SCRIPTS / "install.py").read_bytes(),
        install.ABOUT: json.dumps({**known, **about}).encode(),
        **{f"wheels/{wheel.name}": wheel.read_bytes() for wheel in wheels.iterdir()},
    }
    for name, content in with_sums(files).items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_bytes(content)
    return place


def installing(bundle: Path, *arguments: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run install.sh in another folder, with the Python of this test."""
    (bundle.parent / "elsewhere").mkdir(exist_ok=True)
    return subprocess.run(
        ["/bin/sh", str(bundle / "install.sh"), *map(str, arguments)],
        cwd=bundle.parent / "elsewhere",
        env={"PATH": os.environ["PATH"], "PYTHON": sys.executable, "FENMING_LANG": "en", **environ},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def says(program: Path, *arguments: str) -> str:
    """Return what an installed program prints."""
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True, cwd="/").stdout.strip()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder whose path has what shells trip over."""
    folder = tmp_path / "分明's $HOME of “it”"
    folder.mkdir()
    return folder


def test_its_name_says_what_it_is_for() -> None:
    """Version, platform and Python; a bundle with the driver says so."""
    assert bundle_name("0.1.0", "linux-x86_64", "3.11") == "fenming-0.1.0-linux-x86_64-py311"
    assert bundle_name("1.0", "darwin-arm64", "3.14", postgresql=True) == "fenming-1.0-darwin-arm64-py314-postgresql"


@pytest.fixture
def wheels(tmp_path: Path) -> list[Wheel]:
    """A program, what it requires here, what it would require elsewhere, and a package that nothing requires."""
    requires = """License-Expression: Apache-2.0
Requires-Dist: Some.Library>=1
Requires-Dist: other; sys_platform == 'win32'
Requires-Dist: extra; extra == 'more'"""
    old = "License: BSD\nClassifier: License :: OSI Approved :: BSD License"
    made = [
        make_wheel(tmp_path, "extra"),
        make_wheel(tmp_path, "fenming", more=requires),
        make_wheel(tmp_path, "other"),
        make_wheel(tmp_path, "some_library", "2.0", more=old),
    ]
    return [read_wheel(path) for path in made]


def test_the_sbom_names_each_wheel(wheels: list[Wheel], tmp_path: Path) -> None:
    """With its digest, its licence, and what it requires on this platform."""
    sbom = json.loads(write_sbom(wheels, EPOCH))
    assert (sbom["bomFormat"], sbom["specVersion"]) == ("CycloneDX", "1.6")
    assert sbom["metadata"]["component"]["name"] == "fenming"
    [library] = [each for each in sbom["components"] if each["name"] == "some-library"]
    file = tmp_path / "some_library-2.0-py3-none-any.whl"
    assert library["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(file.read_bytes()).hexdigest()}]
    assert library["purl"] == "pkg:pypi/some-library@2.0"
    assert library["licenses"] == [{"license": {"name": "BSD"}}]
    needed = {each["ref"]: each["dependsOn"] for each in sbom["dependencies"]}
    assert needed["pkg:pypi/fenming@1.0"] == ["pkg:pypi/some-library@2.0"]
    assert len(needed) == len(wheels)
    assert write_sbom(wheels, EPOCH) == write_sbom(list(wheels), EPOCH)


def test_each_licence_goes_along(wheels: list[Wheel]) -> None:
    """With its text; a package without one makes no bundle."""
    files = licence_files(wheels)
    assert files["licences/some-library/LICENSE"] == b"The licence of some_library."
    assert b"some-library 2.0: BSD\n" in files["licences/README.txt"]
    bare = Wheel("a.whl", "a", "1", "", "MIT", "MIT", (), {}, None)
    with pytest.raises(ValueError, match="no licence text: a"):
        licence_files([*wheels, bare])


@pytest.mark.parametrize(
    ("tags", "binaries", "glibc"),
    [
        (["any"], [], None),
        (["manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64"], [b"GLIBC_2.30"], (2, 17)),
        (["linux_x86_64"], [b"\0GLIBC_2.2.5\0", b"\0GLIBC_2.34\0GLIBC_2.4\0"], (2, 34)),
        (["macosx_11_0_arm64"], [b"\0"], None),
    ],
)
def test_it_asks_for_the_c_library_that_its_wheels_need(
    tags: list[str], binaries: list[bytes], glibc: tuple[int, int] | None
) -> None:
    """By the oldest of a wheel's tags, or by the symbols of what was built here, which has no such tag."""
    assert oldest_glibc(tags, binaries) == glibc


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    """In whatever order they come; they belong to nobody and have the commit's time."""
    files = {"b.txt": b"b", "install.sh": b"#!", "a/c.txt": b"c"}
    for name, content in (("1", files), ("2", dict(reversed(files.items())))):
        (tmp_path / name).mkdir()
        write_archive(tmp_path / name / "fenming.tar.gz", with_sums(content), EPOCH)
    one, two = (tmp_path / name / "fenming.tar.gz" for name in "12")
    assert one.read_bytes() == two.read_bytes()
    with tarfile.open(one) as archive:
        entries = archive.getmembers()
    assert [entry.name for entry in entries] == sorted(entry.name for entry in entries)
    assert {(entry.uid, entry.gid, entry.uname, entry.mtime) for entry in entries} == {(0, 0, "", EPOCH)}
    assert {entry.name: entry.mode for entry in entries}["fenming/install.sh"] == 0o755


def test_it_installs_upgrades_and_keeps_the_version_before(place: Path) -> None:
    """From any working folder; what else is in the folder stays; the versions before the last one go."""
    folder = place / "opt" / "fen ming"
    folder.parent.mkdir()
    bundles = {version: make_bundle(place / f"bundle {version}", version) for version in ("1.0", "1.1", "1.2")}
    for version, bundle in bundles.items():
        done = installing(bundle, folder)
        assert done.returncode == 0, done.stderr
        assert str(folder / "bin" / "fenming") in done.stdout
        assert says(folder / "bin" / "fenming", "a b", "$c") == f"{version} a b $c"
        (folder / "notes.txt").touch()
    kept = sorted(each.name.partition("-")[0] for each in (folder / "versions").iterdir())
    assert kept == ["1.1", "1.2"]
    assert installing(bundles["1.2"], folder).returncode == 0, "again, to repair it"
    assert says(folder / "bin" / "fenming") == "1.2"
    assert sorted(each.name for each in folder.iterdir()) == ["bin", "notes.txt", "versions"]
    assert [each.name for each in folder.parent.iterdir()] == ["fen ming"]


def test_a_wrong_python_is_named_with_the_right_one(place: Path) -> None:
    """In the language of the surroundings; nothing is made."""
    bundle = make_bundle(place / "bundle", wanted="9.9")
    folder = place / "folder"
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    done = installing(bundle, folder)
    assert done.returncode == 1
    assert f"needs Python 9.9, which was not found ({sys.executable}: Python {here})" in done.stderr
    assert done.stderr.count("\n") == 1
    assert "需要 Python 9.9，未找到" in installing(bundle, folder, FENMING_LANG="", LANG="zh_CN.UTF-8").stderr
    (place / "empty").mkdir()
    for name in ("dirname", "sh"):
        (place / "empty" / name).symlink_to(str(shutil.which(name)))
    none = installing(bundle, folder, PYTHON="", PATH=str(place / "empty"))
    assert (none.returncode, "no Python was found" in none.stderr) == (1, True)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"platform": "plan9-mips"}, ("for plan9-mips", install.this_platform())),
        ({"python": "3.1"}, ("for Python 3.1",)),
        ({"glibc": [99, 1]}, ("needs glibc 99.1",)),
    ],
)
def test_another_platform_is_refused(place: Path, about: dict[str, object], words: tuple[str, ...]) -> None:
    """It says for which the bundle is, and what this one is."""
    done = installing(make_bundle(place / "bundle", about=about), place / "folder")
    assert done.returncode == 1
    assert all(word in done.stderr for word in words), done.stderr
    assert not (place / "folder").exists()


@pytest.mark.parametrize("damage", ["altered", "missing", "added", "no sums"])
def test_a_damaged_bundle_is_refused(place: Path, damage: str) -> None:
    """The file is named; an earlier version stays as it is."""
    folder = place / "folder"
    assert installing(make_bundle(place / "first"), folder).returncode == 0
    bundle = make_bundle(place / "bundle", "2.0")
    wheel = bundle / "wheels" / "durable_rules-1.0-py3-none-any.whl"
    match damage:
        case "altered":
            wheel.write_bytes(wheel.read_bytes().replace(b"MIT", b"MIX"))
        case "missing":
            wheel.unlink()
        case "added":
            wheel = bundle / "wheels" / "evil-1.0-py3-none-any.whl"
            wheel.touch()
        case _:
            wheel = bundle / "SHA256SUMS"
            wheel.unlink()
    for target in (folder, place / "new"):
        done = installing(bundle, target)
        assert done.returncode == 1
        assert wheel.name in done.stderr
        assert "Nothing was installed or changed." in done.stderr
    assert says(folder / "bin" / "fenming") == "1.0"
    assert len(list((folder / "versions").iterdir())) == 1
    assert not (place / "new").exists()


def test_what_does_not_run_is_not_installed(place: Path) -> None:
    """A program that cannot start leaves nothing, neither a folder nor anything hidden beside it."""
    bundle = make_bundle(place / "bundle")
    (bundle / "wheels" / "durable_rules-1.0-py3-none-any.whl").unlink()
    files = {path.relative_to(bundle).as_posix(): path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
    files.pop("SHA256SUMS")
    (bundle / "SHA256SUMS").write_bytes(with_sums(files)["SHA256SUMS"])
    done = installing(bundle, place / "folder")
    assert done.returncode == 1
    assert "No module named 'durable_rules_engine'" in done.stderr
    assert sorted(each.name for each in place.iterdir()) == ["bundle", "elsewhere"]


def test_a_folder_of_something_else_is_left_alone(place: Path) -> None:
    """A file, a folder with other things, and a folder that cannot be made, each with its sentence."""
    bundle = make_bundle(place / "bundle")
    (place / "full").mkdir()
    (place / "full" / "fenming.db").touch()
    (place / "file").touch()
    before = sorted(place.rglob("*"))
    for name, words in (("full", "not an installation"), ("file", "not an installation"), ("no/where", "no folder")):
        done = installing(bundle, place / name)
        assert (done.returncode, words in done.stderr) == (1, True), done.stderr
    assert installing(bundle).returncode == 2
    assert installing(bundle, "a", "b").returncode == 2
    assert [path for path in sorted(place.rglob("*")) if path.name != "elsewhere"] == before
    (place / "empty").mkdir()
    assert installing(bundle, place / "empty").returncode == 0
