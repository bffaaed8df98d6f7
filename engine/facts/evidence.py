"""The evidence of a fact: from a facts file, into a receipt, and back.

What a file of evidence holds is read outside the engine, which gets no more than its digest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.base.places import Place
from engine.documents import Node
from engine.facts.model import Evidence, FileDigest

_SHA256 = re.compile(r"[0-9a-f]{64}")


def named_files(root: Node) -> Iterator[tuple[str, Place]]:
    """Yield each file that evidence names, with the place where it stands, in the document's order.

    The document need not be right in all else: what is wrong with its facts and with its files is told together.
    """
    facts = root.get("facts")
    for _, section in facts.items() if facts is not None else ():
        for fact in (section,) if section.is_mapping else section.elements:
            listed = fact.get("evidence")
            for item in listed.elements if listed is not None else ():
                file = item.get("file")
                if file is not None and isinstance(file.value, str) and file.text:
                    yield file.text, file.place


def read_evidence(node: Node, digests: Mapping[str, FileDigest]) -> Evidence:
    """Return a piece of evidence that keeps to its schema, with the digest of the file that it names."""
    named = dict(node.items())
    file = named["file"].text if "file" in named else ""
    return Evidence(
        named["title"].text,
        named["reference"].text if "reference" in named else "",
        file,
        digests.get(file) if file else None,
        named["file"].place if "file" in named else node.place,
    )


def evidence_content(evidence: Evidence) -> dict[str, Any]:
    """Return a piece of evidence as JSON; without a digest it is what it was before there were any, to the byte."""
    words = {"title": evidence.title, "reference": evidence.reference, "file": evidence.file}
    digest = evidence.digest
    return words if digest is None else {**words, "sha256": digest.sha256, "size": digest.size}


def evidence_from_content(given: Mapping[str, Any], place: Place) -> Evidence:
    """Return the evidence that a receipt holds; one of the errors of unfit JSON where it holds something else."""
    words = given["title"], given["reference"], given["file"]
    if "sha256" not in given and "size" not in given:
        return Evidence(*words, place=place)
    return Evidence(*words, _digest(given["sha256"], given["size"]), place)


def _digest(sha256: object, size: object) -> FileDigest:
    # A boolean is an integer to Python, and true is no size.
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256) or type(size) is not int or size < 0:
        raise ValueError
    return FileDigest(sha256, size)
