"""The Jiangmen ruleset is short enough to be read through, and has English only where it is meant."""

from __future__ import annotations

import re

from engine.base.sources import RULESET
from engine.documents import Node, read_document
from workflow.library import folder_of, sources_of

FORM_ID = "jiangmen/department-special/2024"
TEXT = sources_of(folder_of(FORM_ID, None)).files[RULESET]
ROOT = read_document(TEXT, RULESET)
WORD = re.compile(r"[A-Za-z]{3,}")
EXEMPT = re.compile(
    r"""
      https?://\S+             # addresses that the form prints as evidence
    | XXX                      # what the form leaves to fill in, and the check that looks for it
    | 'http'                   # how an address begins, in two checks
    """,
    re.VERBOSE,
)
"""English that the form itself has."""
CLAUSE_IDS = frozenset({"form", "recheck", "11.remark"})
MEANT = frozenset({FORM_ID, "unmentioned-value", *CLAUSE_IDS})
"""The ruleset's id, the id of a check of the examination, and ids of clauses."""
NAMES = "名称对照"
"""The section that gives Chinese names their English ones."""


def test_it_has_at_most_700_lines_of_at_most_120_characters() -> None:
    """A column is a character, as editors count; a Chinese one is two columns wide on a terminal."""
    lines = TEXT.splitlines()
    assert len(lines) <= 700
    assert [number for number, line in enumerate(lines, 1) if len(line) > 120] == []


def english(node: Node) -> list[str]:
    """Return the texts below a node that have an English word of three letters or more, keys included."""
    if node.is_mapping:
        return [text for key, value in node.entries or () for text in (*english(key), *english(value))]
    if node.is_sequence:
        return [text for each in node.elements for text in english(each)]
    return [node.text] if node.text not in MEANT and WORD.search(EXEMPT.sub("", node.text)) else []


def test_no_english_but_where_it_is_meant() -> None:
    """Keys, rules, sentences, remedies and names are Chinese; units and the calendar are no English words."""
    assert [text for key, value in ROOT.entries or () if key.text != NAMES for text in english(value)] == []
    assert [key.text for key, _ in ROOT.entries or () if WORD.search(key.text)] == []
    names = ROOT[NAMES]
    assert [key.text for key, _ in names.entries or () if WORD.search(key.text)] == []


def test_one_comment_is_in_english() -> None:
    """It lets an editor check the file."""
    comments = [line for line in TEXT.splitlines() if line.lstrip().startswith("#") and WORD.search(line)]
    assert comments == ["# yaml-language-server: $schema=../../../../schemas/ruleset.editor.json"]
