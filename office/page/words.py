"""The words of a page: messages in its language, made harmless, with what is in Chinese marked as Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup, escape

from engine.base.messages import Message, listing, msg
from engine.documents.printable import printable
from engine.explanation.value import EvidenceExplained
from engine.explanation.words import FieldValue

_TAGS = {"zh": "zh-CN", "en": "en"}
_CHINESE = re.compile(
    r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    r"(?:[\u2e80-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff“”‘’—…·]"
    r"|[ 0-9.%A-Za-z/–−+-](?=[^<>&]*?[\u4e00-\u9fff\u3001-\u3011\uff00-\uffef]))*"
)
"""A run of Chinese, with the figures and letters inside it."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """Says messages in the language of the page."""

    language: str
    translate: Callable[[str], str]

    @property
    def tag(self) -> str:
        """The language's tag in HTML."""
        return _TAGS[self.language]

    def say(self, words: object) -> str:
        """Return words as plain text: what cannot be seen, or turns the direction, by its code."""
        return printable(words.text(self.translate) if isinstance(words, Message) else str(words))

    def mark(self, words: object) -> Markup:
        """Return words as HTML; on a page in another language, what is Chinese is marked as such."""
        text = self.say(words)
        if self.language == "zh":
            return escape(text)
        marked, end = Markup(), 0
        for found in _CHINESE.finditer(text):
            marked += escape(text[end : found.start()]) + Markup('<span lang="zh-CN">{}</span>').format(found[0])
            end = found.end()
        return marked + escape(text[end:])

    def value(self, field: FieldValue) -> str:
        """Return a field's value with its unit."""
        value = field.value
        if isinstance(value, bool):
            shown = self.say(msg("yes") if value else msg("no"))
        else:
            shown = self.say(value)
            # A number with a true minus, as everywhere else.
            shown = f"−{shown[1:]}" if shown[:1] == "-" and shown[1:2].isdecimal() else shown
        return f"{shown} {field.unit}".rstrip()


def href(address: str) -> str:
    """Return the link to what has an address: the address itself is its id.

    A `%` of the id is escaped once more, since a browser decodes the fragment before it looks for the id.
    """
    return "#" + quote(address, safe="/-._")


def evidence_words(item: EvidenceExplained) -> str:
    """Return what a piece of evidence is called, and where it is."""
    line = item.line
    return " ".join(part for part in (line.title, line.reference, line.file) if part)


def listed(words: tuple[object, ...]) -> Message:
    """Return words in a row."""
    return listing(words)


TERMS: Mapping[str, Message] = {
    "address": msg("Address"),
    "annex": msg("Annex: the points lost or open, one by one"),
    "assumed": msg("assumed"),
    "blank": msg("blank"),
    "bytes": msg("bytes"),
    "claimed": msg("Claimed"),
    "clause": msg("Clause"),
    "clauses": msg("Clauses"),
    "conditions": msg("Conditions"),
    "contents": msg("Contents"),
    "department": msg("Department"),
    "download": msg("Download the proof"),
    "entry": msg("In the ledger"),
    "evaluation": msg("Evaluation"),
    "evidence": msg("Evidence"),
    "explanation": msg("Whole explanation"),
    "facts": msg("Facts"),
    "facts_evidence": msg("Facts and evidence"),
    "figures": msg("Figures"),
    "form": msg("Score sheet"),
    "formulas": msg("Formulas"),
    "how": msg("How this score is made up"),
    "indicator": msg("Indicator"),
    "kept": msg("kept"),
    "kind": msg("Statement of the evaluation, with the reason for every point"),
    "lost": msg("lost"),
    "no_evidence": msg("No evidence is listed with it."),
    "notices": msg("Notices"),
    "open": msg("open"),
    "origin": msg("Derived by"),
    "proof": msg("Record and proof"),
    "readings": msg("Readings"),
    "receipt": msg("Receipt"),
    "remarks": msg("Please check (no points deducted)"),
    "results": msg("Results"),
    "rule_readings": msg("Readings that this rule follows"),
    "rule_conditions": msg("Rule, conditions and readings"),
    "ruleset": msg("Ruleset"),
    "score": msg("Score"),
    "settled": msg("Settled by the program, not by a rule of the form"),
    "skip": msg("To the score sheet"),
    "text": msg("text"),
    "total": msg("Total"),
    "bounded": msg("The search stopped at its bound; there may be more."),
    "decided": msg("decided something here"),
    "improve": msg("What it would take"),
    "not_reproduced": msg(
        "This version of fenming does not make the recorded receipt again; what it would say beyond the explanation "
        "is left out."
    ),
    "order": msg("Indicators with the most points to gain come first."),
    "other_rules": msg("Rules of no indicator, and what they did"),
    "reproduced": msg("The recorded receipt was made again, byte for byte."),
    "rules": msg("Every rule of it, and what it did"),
    "weight": msg("Weight"),
    "why": msg("Why"),
    "year": msg("Year"),
}
"""The words that the page uses alone, by the names that its templates have for them."""

SENTENCES: Mapping[str, Message] = {
    "alternative": msg("or “{name}”: {words} ({scores})"),
    "assumed": msg("Assumed: {reason}"),
    "authority": msg("Authority: {authority}; decided by {by} on {on}"),
    "called": msg("“{name}”"),
    "chosen": msg("chosen “{name}”: {words} ({scores})"),
    "claimed": msg("Claimed by the department: {points}"),
    "indicator": msg("{number} {name}"),
    "mark": msg(
        "{mark} marks scores that rest on assumed facts, not on a document; each reason is followed by its indicators:"
    ),
    "more_facts": msg("… and {count} more facts"),
    "no_proof": msg("No signed checkpoint covers this evaluation yet, so that the page has no proof."),
    "not_assessed": msg("Not assessed: {numbers}. Their {points} points are open: neither kept nor lost."),
    "line": msg("{name}: {amounts}, of {weight}"),
    "other_readings": msg("Other readings than the ruleset's: {readings}."),
    "no_advice": msg("No advice, since the fact is assumed ({reason}); it would take:"),
    "posting": msg("{kind}: {amounts}"),
    "remark": msg(" ({remark})"),
    "proves": msg("It proves to anyone who has the public key that this evaluation is recorded:"),
    "quote": msg("Everything here can be quoted by its address after the id of the evaluation, and opened with:"),
    "later": msg("This page says nothing of what was recorded later."),
    "reason_numbers": msg("{reason} — {numbers}"),
    "reason_results": msg("{reason} — results: {results}"),
    "reason": msg("Reason: {reason}"),
    "supply": msg("To supply: {what}"),
    "whole": msg("{name}: {lost} of {weight} points lost"),
    "recorded": msg("{entry}, by {actor} at {at}"),
    "revision": msg("revision {revision}"),
    "rule": msg("Rule “{rule}”"),
}
"""The sentences of the page, by the names that its templates have for them."""


def sentence(named: str, /, **values: object) -> Message:
    """Return one of the page's sentences with its values."""
    return Message(SENTENCES[named].template, values)
