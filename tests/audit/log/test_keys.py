"""Laws of keys: only the owner reads one, nothing else is taken for one, and no message shows a secret."""

from __future__ import annotations

import os
import resource
import socket
import stat
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.log.coding import encoded
from audit.log.keys import PublicKey, SigningKey, new_key, parse_public_key, read_key, read_public_key, write_key
from engine.base.faults import FenmingError, InvalidInput
from tests.audit.log.published import ENOCH, FOO, PETER, PETER_PRIVATE, SUM_DB

NAME = "czj.jiangmen.gov.cn/fenming"
SECRET = SigningKey(NAME, bytes(range(32)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's key stands."""
    return tmp_path / "fenming.key"


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    """Change the umask until the test is over."""
    before = os.umask(0o022)
    os.umask(before)
    yield os.umask
    os.umask(before)


def refusal(act: Callable[[Path], object], path: Path, *secrets: str) -> str:
    """Return what a refusal says, once it is sure that it says what, where and what to do, and no secret."""
    with pytest.raises(FenmingError) as caught:
        act(path)
    (fault,) = caught.value.faults
    assert fault.code.startswith("key.")
    assert fault.where.file == str(path)
    assert str(path) in str(fault.what)
    assert str(fault.remedy).endswith(".")
    reported = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert not [secret for secret in secrets if secret in reported]
    return str(fault.what)


def write_bytes(path: Path, data: bytes) -> Path:
    """Write a file that only its owner can read."""
    path.touch(0o600)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", [NAME, "a", "审计局", "x=y", "sum.golang.org", "é/—"])
def test_a_new_key_is_written_and_read(path: Path, name: str) -> None:
    """What is written is read again; its public half checks what it signs, and nothing else."""
    key = new_key(name)
    write_key(key, path)
    assert read_key(path) == key
    assert path.read_text("utf-8") == f"{key.text}\n"
    assert parse_public_key(key.public.text) == key.public
    public = path.with_name("fenming.pub")
    public.write_text(f"  {key.public.text}\n\n", "utf-8")
    assert read_public_key(public) == key.public
    assert key.public.verifies(key.sign(b"text"), b"text")
    assert not key.public.verifies(key.sign(b"text"), b"texts")
    assert not new_key(name).public.verifies(key.sign(b"text"), b"text")


def test_two_new_keys_differ() -> None:
    """Each is made from fresh randomness."""
    assert new_key(NAME).seed != new_key(NAME).seed


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "a+b", "+", "a\n", "a\tb", "a\u00a0b", "a\u3000", "\0", "a\u200b", "\ud800"]
)
def test_a_name_that_cannot_stand_in_a_signature_line_is_refused(name: str) -> None:
    """Spaces, plus signs and what is not printed make no name, neither of a new key nor in a file."""
    with pytest.raises(InvalidInput, match="cannot be the name of a key") as caught:
        new_key(name)
    assert "czj.jiangmen.gov.cn/fenming" in str(caught.value.faults[0].remedy)
    if name != "\ud800":
        assert parse_public_key(PublicKey(name, bytes(32)).text) is None


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o177, 0o277, 0o777])
def test_only_the_owner_reads_a_new_key(path: Path, umask: Callable[[int], int], mask: int) -> None:
    """Its file has the mode 0600, whatever the umask."""
    umask(mask)
    write_key(SECRET, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path) == SECRET


@pytest.mark.parametrize("bit", [0o001, 0o002, 0o004, 0o010, 0o020, 0o040])
def test_a_key_that_others_may_touch_is_refused(path: Path, bit: int) -> None:
    """Any permission of the group or of others is too much."""
    write_key(SECRET, path)
    path.chmod(0o600 | bit)
    assert "Other users can read or change the private key" in refusal(read_key, path, SECRET.text)
    path.chmod(0o400)
    assert read_key(path) == SECRET


def test_an_existing_file_is_left_alone(path: Path) -> None:
    """A key never replaces a file, nor writes through a link, dangling or not."""
    other = write_bytes(path.with_name("other"), b"mine")
    link, dangling, folder = (path.with_name(name) for name in ("link", "dangling", "folder"))
    link.symlink_to(other)
    dangling.symlink_to(path.with_name("nowhere"))
    folder.mkdir()
    for taken in (other, link, dangling, folder):
        assert "There is already a file" in refusal(lambda each: write_key(SECRET, each), taken, SECRET.text)
    assert other.read_bytes() == b"mine"
    assert not path.with_name("nowhere").exists()
    assert list(folder.iterdir()) == []


def test_a_key_that_cannot_be_written_leaves_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, umask: Callable[[int], int]
) -> None:
    """A missing folder, a name too long, a full disk, a file system without permissions: each has its own words."""

    def write(each: Path) -> None:
        write_key(SECRET, each)

    assert "No such file or directory" in refusal(write, path / "key", SECRET.text)
    assert "File name too long" in refusal(write, path.with_name("x" * 300), SECRET.text)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        assert "cannot be written: File too large" in refusal(write, path, SECRET.text)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    with monkeypatch.context() as patched:
        # As on a file system that keeps other permissions than it is given.
        patched.setattr(os, "fchmod", lambda *_: None)
        umask(0o277)
        assert "Other users can read or change" in refusal(write, path, SECRET.text)
    assert list(path.parent.iterdir()) == []


def test_a_key_is_on_the_disk_when_it_is_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is synchronized with all that it holds, and then the folder with its name."""
    synced: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "fsync", lambda each: synced.append((os.fstat(each).st_ino, path.stat().st_size)))
    write_key(SECRET, path)
    size = len(SECRET.text) + 1
    assert synced == [(path.stat().st_ino, size), (path.parent.stat().st_ino, size)]


def test_nothing_stays_open(path: Path) -> None:
    """Neither a written key nor a refused one holds its file."""
    before = os.listdir("/dev/fd")  # noqa: PTH208 - descriptors, not a folder
    write_key(SECRET, path)
    read_key(path)
    for act in (read_public_key, lambda each: write_key(SECRET, each)):
        refusal(act, path)
    assert os.listdir("/dev/fd") == before  # noqa: PTH208 - likewise


BROKEN = {
    "empty": b"",
    "a newline": b"\n",
    "binary": bytes(range(256)),
    "not UTF-8": b"\xff" + SECRET.text.encode(),
    "UTF-16": SECRET.text.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + SECRET.text.encode(),
    "another key's": b"-----BEGIN PRIVATE KEY-----\n",
    "huge": SECRET.text.encode() + b"\n" * 20_000_000,
    "just too long": b"x" * 10_001,
    "CRLF": SECRET.text.encode() + b"\r\n",
    "two lines": SECRET.text.encode() + b"\n\n",
    "two keys": f"{SECRET.text}\n{SECRET.text}\n".encode(),
    "a space before": b" " + SECRET.text.encode(),
    "another id": SECRET.text.replace(SECRET.public.key_id.hex(), "00000000").encode(),
    "a capital id": SECRET.text.replace(SECRET.public.key_id.hex(), SECRET.public.key_id.hex().upper()).encode(),
    "another name": SECRET.text.replace("jiangmen", "xinhui").encode(),
    "another algorithm": SECRET.text.rpartition("+")[0].encode() + b"+" + encoded(b"\2" + SECRET.seed).encode(),
    "a short seed": SECRET.text.rpartition("+")[0].encode() + b"+" + encoded(b"\1" + SECRET.seed[:-1]).encode(),
    "a long seed": SECRET.text.rpartition("+")[0].encode() + b"+" + encoded(b"\1" + SECRET.seed + b"\0").encode(),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_what_is_no_private_key_is_refused(path: Path, data: bytes) -> None:
    """Each file that is not a private key to the byte is named, and none of it is shown."""
    secrets = (SECRET.text, encoded(SECRET.seed)[:20], encoded(b"\1" + SECRET.seed)[:20])
    assert "is not a private key" in refusal(read_key, write_bytes(path, data), *secrets)


def test_a_truncated_or_changed_key_is_refused(path: Path) -> None:
    """Every proper beginning of a key, and every change of one character, is not one."""
    for text, act in ((SECRET.text, read_key), (SECRET.public.text, read_public_key)):
        for at in range(len(text)):
            for data in (text[:at], text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :], text[:at] + text[at + 1 :]):
                refusal(act, write_bytes(path, data.encode()), SECRET.text, encoded(b"\1" + SECRET.seed)[:20])


def test_a_private_key_is_not_taken_for_a_public_one(path: Path) -> None:
    """It is reported as what it is, broken or not, so that it goes no further."""
    for data in (SECRET.text, SECRET.text[:40], f"{SECRET.text}\n" * 50):
        said = refusal(read_public_key, write_bytes(path, data.encode()), SECRET.text, data[20:])
        assert said == f"“{path}” is a private key; a check takes the public one."


def test_a_public_key_does_not_sign(path: Path) -> None:
    """And is distinguished from other files."""
    assert "is a public key; it takes the private one" in refusal(
        read_key, write_bytes(path, SECRET.public.text.encode())
    )


@pytest.mark.parametrize("data", [b"", b"\n", bytes(range(256)), b"x" * 20_000_000, b"a+b+c", b"a+00000000+AQ=="])
def test_what_is_no_public_key_is_refused(path: Path, data: bytes) -> None:
    """Each file that is not one is named."""
    assert "is not a public key" in refusal(read_public_key, write_bytes(path, data))
    padded = SECRET.public.text.encode() + b"\n" * 10_000 + b"more"
    assert "is not a public key" in refusal(read_public_key, write_bytes(path, padded))


@pytest.mark.parametrize("act", [read_key, read_public_key])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, act: Callable[[Path], object]) -> None:
    """Nobody waits at a pipe without a writer, an endless device, a socket or a folder."""
    pipe, folder, loop, gone = (tmp_path / name for name in ("pipe", "folder", "loop", "gone"))
    os.mkfifo(pipe, 0o600)
    folder.mkdir()
    loop.symlink_to(loop)
    place = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        for each in (place, loop, tmp_path / ("x" * 300)):
            assert "cannot be read" in refusal(act, each)
        for each in (gone, gone / "x"):
            assert "There is no key" in refusal(act, each)
    for each in (pipe, folder, Path("/dev/zero"), Path("/dev/null")):
        assert "is not a p" in refusal(act, each)


@pytest.mark.parametrize("act", [read_key, read_public_key])
def test_nothing_is_read_from_a_pipe(path: Path, act: Callable[[Path], object]) -> None:
    """Even if somebody writes a good key into it."""
    os.mkfifo(path, 0o600)
    with path.open("r+b", buffering=0) as pipe:
        pipe.write(SECRET.text.encode() if act is read_key else SECRET.public.text.encode())
        assert "is not a p" in refusal(act, path, SECRET.text)


def test_a_key_shows_no_secret() -> None:
    """Neither its repr nor its text form gives the seed away."""
    for shown in (repr(SECRET), str(SECRET), f"{SECRET}", repr([SECRET]), repr(SECRET.public)):
        for secret in (
            SECRET.text,
            encoded(SECRET.seed),
            encoded(b"\1" + SECRET.seed),
            SECRET.seed.hex(),
            repr(SECRET.seed),
        ):
            assert secret not in shown


def test_the_keys_of_go_are_read_and_written_again(path: Path) -> None:
    """Go's private and public keys are ours to the byte."""
    key = read_key(write_bytes(path, f"{PETER_PRIVATE}\n".encode()))
    assert (key.name, key.text, key.public.text) == ("PeterNeumann", PETER_PRIVATE, PETER)
    for text in (PETER, ENOCH, FOO, SUM_DB):
        public = read_public_key(write_bytes(path, f"{text}\n".encode()))
        assert public.text == text


@given(
    st.one_of(
        st.text(st.characters()),
        st.lists(st.sampled_from([*PETER.split("+"), "+", "PRIVATE+KEY+", "\n", "A", "="])).map("".join),
    )
)
def test_any_text_is_a_public_key_or_none(text: str) -> None:
    """Reading raises nothing, and takes a key in one spelling alone, but for the newline at its end."""
    found = parse_public_key(text)
    assert found is None or found.text == text.removesuffix("\n")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_key_or_a_fault(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Reading a file raises nothing but our own error."""
    path = write_bytes(tmp_path_factory.getbasetemp() / "fuzzed.key", data)
    for act in (read_key, read_public_key):
        refusal(act, path)
