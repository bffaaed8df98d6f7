"""Make the page: templates filled with values, every text escaped, the style named by its digest."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from engine.alternatives.change_words import none_words, open_words
from engine.base.messages import listing
from engine.base.numbers import reading_text
from engine.explanation.card import IndicatorRow, LevelRow, grade_words
from engine.explanation.order import in_reading_order
from engine.explanation.words import STATUS, amounts, kind_words, limit_words, short_points
from engine.facts.builtin import NOT_ASSESSED
from office.page.alternatives import MOST_CANDIDATES, Others
from office.page.bars import LENGTH, bar
from office.page.pieces import (
    MOST_FACTS,
    Seen,
    counted,
    fact_groups,
    firings_behind,
    heaviest_weight,
    is_named,
    kept_words,
    shown_formulas,
    whole_line,
)
from office.page.record import record_lines
from office.page.values import Report
from office.page.words import TERMS, PageWords, evidence_words, href, sentence

_TEMPLATES = files("office.page") / "templates"


def page(report: Report, language: str, translate: Callable[[str], str]) -> str:
    """Return the page of an evaluation: the same text each time, for it has no clock and no chance in it."""
    words = PageWords(language, translate)
    style = (_TEMPLATES / "page.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = _environment().overlay(finalize=_finalizer(words)).get_template("page.html")
    explained = {each.line.number: each for each in report.explanation.indicators}
    return template.render(
        report=report,
        card=report.card,
        case=report.card.case,
        content=report.card.case.content,
        explanation=report.explanation,
        explained=explained,
        style=Markup(style),  # noqa: S704 - this package's own file
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        words=words,
        w=words.mark,
        say=words.say,
        value=words.value,
        t=TERMS,
        whole=whole_line(report),
        heaviest=heaviest_weight(report),
        record=record_lines(report),
        proof=None if report.proof is None else base64.b64encode(report.proof.encode()).decode(),
        groups=list(fact_groups(report)),
        in_reading_order=partial(in_reading_order, report.explanation.case),
        changed=tuple(f"{name}={words.say(choice)}" for name, choice in report.card.changed_readings),
        others=Others(report),
        lost=[each for each in report.explanation.indicators if not each.is_full],
    )


@cache
def _environment() -> Environment:
    """Return the environment with the templates of this package; what is missing in a value is an error."""
    texts = {each.name: each.read_text("utf-8") for each in _TEMPLATES.iterdir() if each.name.endswith(".html")}
    made = Environment(
        loader=DictLoader(texts),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals |= {
        "STATUS": STATUS,
        "LENGTH": LENGTH,
        "MOST_CANDIDATES": MOST_CANDIDATES,
        "MOST_FACTS": MOST_FACTS,
        "amounts": amounts,
        "NOT_ASSESSED": NOT_ASSESSED,
        "bar": bar,
        "counted": counted,
        "evidence_words": evidence_words,
        "firings_behind": firings_behind,
        "grade_words": grade_words,
        "href": href,
        "is_level": lambda row: isinstance(row, LevelRow),
        "is_indicator": lambda row: isinstance(row, IndicatorRow),
        "is_named": is_named,
        "kept_words": kept_words,
        "kind_words": kind_words,
        "limit_words": limit_words,
        "listing": listing,
        "none_words": none_words,
        "open_words": open_words,
        "reading_text": reading_text,
        "s": sentence,
        "points": short_points,
        "seen": Seen,
        "shown_formulas": shown_formulas,
    }
    return made


def _finalizer(words: PageWords) -> Callable[[Any], Any]:
    def finalize(value: Any) -> Any:
        """Say messages, and make texts harmless; they are escaped after that."""
        return value if isinstance(value, Markup | int) else words.say(value)

    return finalize
