"""Recognise files that are not text by their content: workbooks, office documents, PDF, images, archives."""

from __future__ import annotations

from collections.abc import Iterator

from engine.base.messages import Message, msg

_ARCHIVE = msg("a compressed archive")
_IMAGE = msg("an image")
_BEGINNINGS: tuple[tuple[bytes, Message], ...] = (
    (b"\x89PNG", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF87a", _IMAGE),
    (b"GIF89a", _IMAGE),
    (b"II*\0", _IMAGE),
    (b"MM\0*", _IMAGE),
    (b"Rar!\x1a\x07", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"{\\rtf", msg("a rich text document (.rtf)")),
    (b"SQLite format 3\0", msg("a database, such as a ledger")),
)
_IN_ARCHIVE: tuple[tuple[str, Message], ...] = (
    ("xl/", msg("an Excel workbook (.xlsx)")),
    ("word/", msg("a Word document (.docx)")),
    ("ppt/", msg("a PowerPoint presentation (.pptx)")),
    ("OFD.xml", msg("an OFD document (.ofd)")),
    ("content.xml", msg("an OpenDocument file (.ods, .odt)")),
)
_IN_COMPOUND: tuple[tuple[str, Message], ...] = (
    ("EncryptedPackage", msg("an Office file that is locked with a password")),
    ("WordDocument", msg("a Word document (.doc, .wps)")),
    ("PowerPoint Document", msg("a PowerPoint presentation (.ppt, .dps)")),
    ("Workbook", msg("an Excel workbook (.xls, .et)")),
    ("Book", msg("an Excel workbook (.xls, .et)")),
)
_MEMBER, _HEAD = b"PK\x03\x04", 30
_FIELDS = ((6, 2), (18, 4), (26, 2), (28, 2))
"""Where the head of a member has its flags, its size, and how long its name and its extra field are."""
_SIZE_FOLLOWS = 8
"""The flag of a member whose size is written after it."""
_PDF_WITHIN = 1024
"""A PDF may have some bytes before its mark."""


def binary_kind(data: bytes) -> Message | None:
    """Return what kind of file it is if it is known not to be a document; None if it may be one."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _in_archive(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _in_compound(data)
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return msg("a PDF document")
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _IMAGE
    if data.startswith(b"BM") and b"\0" in data[:32]:
        return _IMAGE
    if data[4:8] == b"ftyp" and data[:1] == b"\0":
        return msg("an image or a video")
    return _markup(data)


def _in_archive(data: bytes) -> Message:
    names = list(_members(data))
    for beginning, kind in _IN_ARCHIVE:
        if any(name.startswith(beginning.encode()) for name in names):
            return kind
    return _ARCHIVE


def _members(data: bytes) -> Iterator[bytes]:
    """Yield the names of an archive's members, from the head of each; what one holds is stepped over."""
    position = data.find(_MEMBER)
    while position >= 0:
        head = data[position : position + _HEAD]
        flags, size, name, extra = (int.from_bytes(head[at : at + long], "little") for at, long in _FIELDS)
        begin = position + _HEAD
        yield data[begin : begin + name]
        known = 0 if flags & _SIZE_FOLLOWS else size
        position = data.find(_MEMBER, begin + name + extra + known)


def _in_compound(data: bytes) -> Message:
    """Recognise an Office file of before 2007 by the names of its streams."""
    for name, kind in _IN_COMPOUND:
        if name.encode("utf-16-le") in data:
            return kind
    return msg("an Office file from before 2007 (.doc, .xls)")


def _markup(data: bytes) -> Message | None:
    """Recognise a web page, under which name of a workbook it may have been saved."""
    begun = data[:_PDF_WITHIN].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if begun.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<script")):
        return msg("a web page or an XML file")
    return None
