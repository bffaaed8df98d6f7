"""Documents: text in, a tree of nodes out, each with its place; YAML and JSON alike."""

from engine.documents.json_reader import read_json
from engine.documents.node import Node, to_plain
from engine.documents.text import MAX_BYTES, decode
from engine.documents.yaml_reader import read_yaml

__all__ = ["MAX_BYTES", "Node", "decode", "read_document", "to_plain"]


def read_document(text: str, file: str) -> Node:
    """Return the tree of a document, JSON where the file's name says so, else YAML; `InvalidInput` with its faults."""
    text = text.removeprefix("\ufeff")
    return read_json(text, file) if file.lower().endswith(".json") else read_yaml(text, file)
