"""What a ruleset itself calls its rules and alternatives, which have other names in receipts."""

from __future__ import annotations

from collections.abc import Mapping

from engine.base.messages import Message, bilingual_text
from engine.facts.words import is_chinese
from engine.language.wording import plain_name
from engine.ruleset.model import Reading
from engine.ruleset.written import key_written


def rule_name(name: str, own: Mapping[str, str]) -> Message | None:
    """Return what a ruleset calls a rule, without its section; None for what is settled without a rule."""
    rule = name.split("/", 1)[-1]
    if "@" in rule:
        return None
    # A rule of several parts has the part's id behind its own.
    known = rule if rule in own else rule.rpartition(".")[0] or rule
    return in_both(own.get(known, rule), known)


def alternative_name(reading: Reading, key: str, own: Mapping[str, str]) -> Message:
    """Return what a ruleset calls an alternative of a reading."""
    written = key_written(reading.node.get("alternatives"), key)
    return bilingual_text({"zh": written if is_chinese(written) else own.get(key, key), "en": key})


def in_both(chinese: str, english: str) -> Message:
    """Return a name in both languages."""
    return bilingual_text({"zh": chinese, "en": plain_name(english, chinese=False)})
