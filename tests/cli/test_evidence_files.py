"""Evidence files on disk: what is found and read, and what is refused with its place and a remedy."""

from __future__ import annotations

import hashlib
import os
import socket
import unicodedata
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli import main
from tests.cli.desk import MINUTES, REPORT, Desk, digest, facts_of
from workflow import evidence_files as evidence
from workflow.evidence_files import FileProblem, look


def no_file(_: Path) -> None:
    """Leave nothing there."""


def fifo(path: Path) -> None:
    """Put a pipe there that nobody writes to."""
    os.mkfifo(path)


def socket_file(path: Path) -> None:
    """Put a socket there, whose path the system wants short."""
    before = Path.cwd()
    with closing(socket.socket(socket.AF_UNIX)) as bound:
        os.chdir(path.parent)
        try:
            bound.bind(path.name)
        finally:
            os.chdir(before)


def link_to(target: str) -> Callable[[Path], None]:
    """Return what puts a link there."""
    return lambda path: path.symlink_to(target)


@pytest.mark.parametrize(
    ("name", "put", "what", "remedy"),
    [
        ("gone.txt", no_file, "There is no file “gone.txt”.", "folder of the facts file"),
        ("附件/会议纪要.txt", no_file, "There is no file", "Did you mean “附件/会议 纪要.txt”?"),
        ("附件s/会议 纪要.txt", no_file, "There is no file", "Did you mean “附件/会议 纪要.txt”?"),
        ("REPORT.PDF", no_file, "There is no file", "Did you mean “report.pdf”?"),
        ("report.pdf/x", no_file, "There is no file", "folder of the facts file"),
        ("   ", no_file, "There is no file", "folder of the facts file"),
        ("x" * 300, no_file, "cannot be read: File name too long", "permissions"),
        ("附件", no_file, "“附件” is a folder", "Name each file"),
        (".", no_file, "“.” is a folder", "Name each file"),
        ("pipe", fifo, "not an ordinary file", "Save its content"),
        ("socket", socket_file, "not an ordinary file", "Save its content"),
        ("loop", link_to("loop"), "cannot be read: Too many levels", "permissions"),
        ("dangling", link_to("nowhere"), "There is no file", "folder of the facts file"),
        ("out", link_to("../fenming.db"), "a link that leads out", "Put the file into the folder"),
        ("out", link_to("/dev/zero"), "a link that leads out", "Put the file into the folder"),
        ("/etc/passwd", no_file, "a path on one machine only", "Put the file into the folder"),
        ("C:/纪要.txt", no_file, "a path on one machine only", "Put the file into the folder"),
        ("\\\\server\\纪要.txt", no_file, "a path on one machine only", "Put the file into the folder"),
        ("附件\\会议 纪要.txt", no_file, "contains a backslash", "“/”: `附件/会议 纪要.txt`"),
        ("../案卷/report.pdf", no_file, "leaves a folder by “..”", "Put the file into the folder"),
        ("附件/../report.pdf", no_file, "leaves a folder by “..”", "Put the file into the folder"),
        ("..", no_file, "leaves a folder by “..”", "Put the file into the folder"),
        ("https://www.jiangmen.gov.cn/a.pdf", no_file, "is a web address", "`reference:`"),
        ("FILE:report.pdf", no_file, "is a web address", "`reference:`"),
    ],
)
def test_what_is_no_file_here_is_refused(
    desk: Desk, name: str, put: Callable[[Path], None], what: str, remedy: str
) -> None:
    """With what is wrong, where, and a remedy; nothing hangs, and nothing is written."""
    put(desk.folder / name)
    desk.facts(facts_of("", name))
    [fault] = desk.faults()
    assert what in str(fault.what)
    assert remedy in str(fault.remedy)
    assert (fault.where.file, fault.where.line) == (str(desk.folder / "facts.yaml"), 15)
    assert fault.where.pointer == "/facts/service/0/evidence/0/file"
    for command in (("evaluate",), ("facts", "check")):
        words = [*command, str(desk.folder / "facts.yaml")]
        assert main.run(words if command[0] == "facts" else [*words, "--ledger", str(desk.ledger)]) == 3
    assert not desk.ledger.exists()


@pytest.mark.parametrize("name", ["..report.pdf", "附件/...", "甲:乙", "~/x", "http/x.txt", "%41.txt", "*", "-"])
def test_odd_names_are_names(desk: Desk, name: str) -> None:
    """What only looks like something else is taken as it is written."""
    (desk.folder / name).parent.mkdir(exist_ok=True)
    desk.put(name, b"x")
    desk.facts(facts_of(name))
    desk.evaluate()
    assert desk.recorded()["execution/0"]["file"] == name


def test_names_are_found_however_they_are_composed(desk: Desk) -> None:
    """A name typed on one system (NFC) and stored by another (NFD) is one name; the receipt keeps what was typed."""
    for form, other in (("NFC", "NFD"), ("NFD", "NFC")):
        folder, file = (unicodedata.normalize(form, text) for text in (f"café {form}", "한글.txt"))  # type: ignore[arg-type]
        (desk.folder / folder).mkdir()
        desk.put(f"{folder}/{file}", form.encode())
        written = unicodedata.normalize(other, f"{folder}/{file}")  # type: ignore[arg-type]
        assert written != f"{folder}/{file}"
        assert look(desk.folder, [written]) == {written: digest(form.encode())}


def test_of_two_spellings_the_written_one_counts(desk: Desk) -> None:
    """Where both are there, and nothing is guessed where neither is the one."""
    composed, apart = (unicodedata.normalize(form, "ǖ") for form in ("NFC", "NFD"))
    desk.put(composed, b"1")
    desk.put(apart, b"2")
    between = "ü\u0304"
    looked = look(desk.folder, [composed, apart, between])
    assert (looked[composed], looked[apart]) == (digest(b"1"), digest(b"2"))
    assert isinstance(missing := looked[between], FileProblem)
    assert missing.gone


def test_no_name_outside_is_ever_told(desk: Desk) -> None:
    """Neither by a link to a folder nor by what is suggested in place of a missing file."""
    outside = desk.folder.parent / "secret"
    outside.mkdir()
    (outside / "plan-2025.txt").write_bytes(b"x")
    (desk.folder / "out").symlink_to(outside)
    for name in ("out/plan-2025.txt", "out/plan-2024.txt"):
        looked = look(desk.folder, [name])[name]
        assert isinstance(looked, FileProblem)
        assert "link that leads out" in str(looked.what)
        assert "plan" not in str(looked.remedy)
    (desk.folder / unicodedata.normalize("NFD", "é")).symlink_to(outside)
    for name in ("é/plan-2025.txt", "é/plan-2024.txt"):
        assert isinstance(looked := look(desk.folder, [name])[name], FileProblem)
        assert looked.gone


def test_links_inside_are_followed(desk: Desk) -> None:
    """A link to a file, and one to a folder; also where the folder itself was reached by a link."""
    (desk.folder / "link").symlink_to(MINUTES)
    (desk.folder / "more").symlink_to("附件")
    (desk.folder.parent / "way").symlink_to(desk.folder)
    names = ["link", "more/会议 纪要.txt"]
    assert set(look(desk.folder.parent / "way", names).values()) == {digest(b"minutes\r\n")}


def test_a_file_is_read_once(desk: Desk, opens: list[str]) -> None:
    """However many facts name it, and in whatever way."""
    (desk.folder / "link").symlink_to(REPORT)
    looked = look(desk.folder, [REPORT, REPORT, f"./{REPORT}", "附件//会议 纪要.txt", "link", MINUTES])
    assert len(opens) == 2
    assert looked[REPORT] == looked["link"] == digest(b"")
    assert looked["附件//会议 纪要.txt"] == looked[MINUTES] == digest(b"minutes\r\n")


@given(st.binary(max_size=200), st.integers(1, 64))
def test_blocks_do_not_matter(tmp_path_factory: pytest.TempPathFactory, data: bytes, block: int) -> None:
    """The digest is that of the whole, wherever the blocks end."""
    folder = tmp_path_factory.mktemp("blocks")
    (folder / "a").write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evidence, "BLOCK", block)
        assert look(folder, ["a"]) == {"a": digest(data)}


class Meddler:
    """Something that happens to a file between its blocks, once."""

    def __init__(self, happens: Callable[[], object]) -> None:
        self.happens = happens
        self.usual = hashlib.sha256

    def __call__(self) -> Meddler:
        self.digest = self.usual()
        return self

    def update(self, block: bytes) -> None:
        """Take a block, and let it happen."""
        self.digest.update(block)
        self.happens()

    def hexdigest(self) -> str:
        """Return the digest."""
        return self.digest.hexdigest()


@pytest.mark.parametrize("change", [b"0123456789" * 2, b"0123", b"", b"9876543210"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, change: bytes
) -> None:
    """Longer, shorter, or of the same length: no digest is that of one state of it.

    The first three have even the same date, as where its steps are coarse.
    """
    file = desk.put(REPORT, b"0123456789")
    os.utime(file, ns=(1, 1))

    def happens() -> None:
        file.write_bytes(change)
        if len(change) != 10:
            os.utime(file, ns=(1, 1))

    monkeypatch.setattr(evidence, "BLOCK", 4)
    monkeypatch.setattr("workflow.evidence_files.hashlib.sha256", Meddler(happens))
    looked = look(desk.folder, [REPORT])[REPORT]
    assert isinstance(looked, FileProblem)
    assert "changed while it was read" in str(looked.what)
    assert not looked.gone


def test_a_file_that_grows_for_ever_has_an_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read no further than one block beyond its size."""
    file = desk.put(REPORT, b"0123456789")
    blocks: list[int] = []

    def grow() -> None:
        blocks.append(1)
        assert len(blocks) < 10
        with file.open("ab") as stream:
            stream.write(b"0123456789")

    monkeypatch.setattr(evidence, "BLOCK", 4)
    monkeypatch.setattr("workflow.evidence_files.hashlib.sha256", Meddler(grow))
    assert isinstance(look(desk.folder, [REPORT])[REPORT], FileProblem)


@pytest.mark.parametrize("other", [fifo, link_to(MINUTES), Path.mkdir])
def test_a_file_exchanged_before_it_is_opened(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, other: Callable[[Path], None]
) -> None:
    """For a pipe it does not hang, no link is followed, and a folder is not a file."""
    usual = os.open

    def exchanged(path: Path, flags: int) -> int:
        path.unlink()
        other(path)
        return usual(path, flags)

    monkeypatch.setattr("workflow.evidence_files.os.open", exchanged)
    assert isinstance(look(desk.folder, [REPORT])[REPORT], FileProblem)


def test_a_file_that_may_not_be_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is reported as such; the system's refusal is made here, since a superuser may read all."""

    def refuse(path: Path, _flags: int) -> int:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("workflow.evidence_files.os.open", refuse)
    desk.facts(facts_of(REPORT))
    [fault] = desk.faults()
    assert str(fault.what) == "The file “report.pdf” cannot be read: Permission denied."
