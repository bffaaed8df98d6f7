"""Install fenming from the bundle that this file is in; install.sh runs it with the Python that the bundle is for.

FOLDER/bin/fenming leads to one of FOLDER/versions. Each is made beside FOLDER and moved in when it works, so that
FOLDER holds what it held before until the new version takes its place at once. Standard library only.
"""

import compileall
import hashlib
import json
import os
import platform
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
from pathlib import Path
from typing import Any

SUMS = "SHA256SUMS"
ABOUT = "bundle.json"
START = "from cli.main import main; main()"


class InstallError(Exception):
    """Why nothing was installed, in English and in Chinese."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(english)
        self.chinese = chinese


def spoken(english: str, chinese: str) -> str:
    """Return a sentence in the language of the surroundings, which install.sh finds out in the same way."""
    names = ("FENMING_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    language = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return chinese if language.startswith("zh") else english


def check_files(bundle: Path) -> None:
    """Refuse a bundle in which a file is missing, altered or added, by the digests of SHA256SUMS."""
    try:
        lines = (bundle / SUMS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    wanted = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = {path.relative_to(bundle).as_posix(): path for path in bundle.rglob("*") if path.is_file()}
    found.pop(SUMS, None)
    missing = sorted(wanted.keys() - found.keys())
    added = sorted(found.keys() - wanted.keys())
    altered = sorted(name for name in wanted.keys() & found.keys() if _digest(found[name]) != wanted[name])
    if not wanted or missing or altered or added:
        names = ", ".join(missing + altered + added) if wanted else SUMS
        raise InstallError(
            f"the bundle is not as it was made; missing, altered or added: {names}. Fetch a complete, unmodified copy.",
            f"安装包与制作时不符，缺少、改动或多出的文件：{names}。请重新取得完整、未经改动的安装包。",
        )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_platform(about: "dict[str, Any]") -> None:
    """Refuse a machine or a Python for which the bundle's compiled files are not made."""
    here = this_platform()
    if here != about["platform"]:
        raise InstallError(
            f"this bundle is for {about['platform']}, and this machine is {here}. Take the bundle for {here}.",
            f"本安装包适用于 {about['platform']}，本机是 {here}。请换用适用于 {here} 的安装包。",
        )
    if this_python() != about["python"]:
        raise InstallError(
            f"this bundle is for Python {about['python']}, and this is {this_python()}. Name another with PYTHON=…",
            f"本安装包适用于 Python {about['python']}，现在的是 {this_python()}。请用 PYTHON=… 指明另一个。",
        )
    if about["glibc"] and libc() < tuple(about["glibc"]):
        need = ".".join(map(str, about["glibc"]))
        have = "glibc " + ".".join(map(str, libc())) if libc() else spoken("another C library", "另一种 C 库")
        raise InstallError(
            f"this bundle needs glibc {need} or newer, and this machine has {have}. Make a bundle on such a machine.",
            f"本安装包需要 glibc {need} 或更新版本，本机为 {have}。请在同类机器上制作安装包。",
        )


def this_platform() -> str:
    """Return the platform as bundles are named: linux-x86_64, linux-aarch64, darwin-arm64."""
    return f"{platform.system()}-{platform.machine()}".lower()


def this_python() -> str:
    """Return the Python as bundles know it: 3.11, or 3.14t and the like where it takes other extensions."""
    kind = "" if sys.implementation.name == "cpython" else sys.implementation.name
    return f"{kind}{sys.version_info.major}.{sys.version_info.minor}" + (
        "t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""
    )


def libc() -> "tuple[int, ...]":
    """Return the version of glibc; nothing on a system with another C library."""
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    except (ValueError, OSError, AttributeError):
        return ()
    return tuple(int(part) for part in version.split(".")[:2]) if name == "glibc" else ()


def is_ours(folder: Path) -> bool:
    """Return whether fenming is installed in a folder."""
    return (folder / "bin" / "fenming").is_symlink() and (folder / "versions").is_dir()


def check_place(folder: Path) -> None:
    """Refuse a folder that holds anything other than an earlier fenming, or that cannot be made."""
    if not folder.parent.is_dir():
        raise InstallError(
            f"there is no folder “{folder.parent}”: make it first.", f"文件夹“{folder.parent}”不存在，请先建立。"
        )
    if (folder.exists() and not folder.is_dir()) or (folder.is_dir() and any(folder.iterdir()) and not is_ours(folder)):
        raise InstallError(
            f"“{folder}” exists and is not an installation of fenming: name another folder.",
            f"“{folder}”已存在，但不是分明的安装文件夹：请换一个文件夹。",
        )


def install(bundle: Path, folder: Path, about: "dict[str, Any]") -> None:
    """Make this version beside the folder, see that it runs, and put it in its place."""
    digest = hashlib.sha256((bundle / SUMS).read_bytes()).hexdigest()[:8]
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as beside:
        part = Path(beside) / folder.name
        name = free_name(folder / "versions", f"{about['version']}-{digest}")
        made = part / "versions" / name
        made.parent.mkdir(parents=True)
        make_environment(made, bundle, folder / "versions" / name)
        (part / "bin").mkdir()
        (part / "bin" / "fenming").symlink_to(Path("..", "versions", name, "bin", "fenming"))
        if not is_ours(folder):
            part.rename(folder)  # takes the place of an empty folder, too
            return
        before = (folder / "bin" / "fenming").readlink().parts[2]
        made.rename(folder / "versions" / name)
        (part / "bin" / "fenming").replace(folder / "bin" / "fenming")
        for old in (folder / "versions").iterdir():
            if old.name not in {name, before}:
                shutil.rmtree(old, ignore_errors=True)


def free_name(versions: Path, name: str) -> str:
    """Return a name that no version has, for one bundle may be installed again."""
    number, free = 1, name
    while (versions / free).exists():
        number += 1
        free = f"{name}-{number}"
    return free


def make_environment(made: Path, bundle: Path, final: Path) -> None:
    """Make an environment that is to be moved to its final place: nothing in it may name the place it is made in."""
    venv.EnvBuilder(symlinks=True, with_pip=False).create(made)
    for script in (made / "bin").iterdir():
        if not script.name.startswith("python"):
            script.unlink()
    [packages] = made.glob("lib/python3*/site-packages")
    for wheel in sorted((bundle / "wheels").glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(packages)
    compileall.compile_dir(packages, quiet=2, stripdir=str(made), prependdir=str(final))
    start = made / "bin" / "fenming"
    start.write_text(f'#!/bin/sh\nexec {shlex.quote(str(final / "bin" / "python"))} -I -c "{START}" "$@"\n', "utf-8")
    start.chmod(0o777 & ~umask())
    tried = subprocess.run(
        [str(made / "bin" / "python"), "-I", "-c", "import durable_rules_engine; " + START, "--help"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if tried.returncode:
        last = tried.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise InstallError(
            f"what was unpacked does not run with this Python: {' '.join(last)}",
            f"解包后的程序不能用这个 Python 运行：{' '.join(last)}",
        )


def umask() -> int:
    """Return which rights new files do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def stop(number: int, _frame: object) -> None:
    """Leave by way of all that cleans up."""
    sys.exit(128 + number)


def main(bundle: Path, folder: Path) -> int:
    """Install the bundle into the folder; return the exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        check_files(bundle)
        about = json.loads((bundle / ABOUT).read_text("utf-8"))
        check_platform(about)
        check_place(folder)
        install(bundle, folder, about)
    except InstallError as error:
        why = spoken(str(error), error.chinese)
    except OSError as error:
        why = spoken(f"“{folder}” cannot be written: {error.strerror}.", f"“{folder}”无法写入：{error.strerror}。")
    except KeyboardInterrupt:
        why = spoken("interrupted.", "已中断。")
    else:
        start = folder / "bin" / "fenming"
        version = about["version"]
        print(spoken(f"fenming {version} is installed: {start}", f"分明 {version} 已安装：{start}"))
        return 0
    unchanged = spoken("Nothing was installed or changed.", "没有安装或改动任何内容。")
    print(f"install.sh: {why}\n{unchanged}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent, Path(sys.argv[1]).resolve()))
