"""The evidence of a fact, as a facts file gives it.

What a file of evidence holds is read outside the engine, which gets no more than its digest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.base.places import Place
from engine.documents import Node
from engine.facts.model import Evidence, FileDigest


def named_files(root: Node) -> Iterator[tuple[str, Place]]:
    """Yield each file that evidence names, with its place, in the document's order.

    The document need not be right in all else: faults of its facts and of its files are reported together.
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
