"""Texts without a translation, in a ruleset whose other texts have one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.analysis.checks.finding import Finding
from engine.analysis.material.material import Material
from engine.base.messages import msg
from engine.base.sources import TRANSLATIONS
from engine.documents import Node

_BLANK = re.compile(r"\{[^{}]*\}")
_LETTERS = {"zh": re.compile("[A-Za-z]{2}"), "en": re.compile("[\u4e00-\u9fff]")}
"""By language, what shows that a text is not in it."""


def untranslated_texts(material: Material) -> Iterator[Finding]:
    """Find the texts that are the same in both languages, where another text has a translation."""
    texts = list(_texts(material.ruleset.node))
    if all(zh.place == en.place for zh, en in texts):
        return
    missing = {zh.text: zh for zh, en in texts if zh.place == en.place}
    for text, node in missing.items():
        words = _BLANK.sub("", text)
        language = "en" if _LETTERS["en"].search(words) else "zh"
        if _LETTERS[language].search(words):
            yield Finding(
                "untranslated-text",
                text,
                msg("“{text}” has no translation, although other texts have one.", text=text),
                msg("Add it to {file}, word for word, with its translation.", file=TRANSLATIONS[language]),
                node.place,
            )


def _texts(node: Node) -> Iterator[tuple[Node, Node]]:
    """Yield each text of a document in Chinese and in English."""
    zh, en = node.get("zh"), node.get("en")
    if zh is not None and en is not None and zh.is_scalar and en.is_scalar:
        yield zh, en
    for below in (*(value for _, value in node.entries or ()), *node.elements):
        yield from _texts(below)
