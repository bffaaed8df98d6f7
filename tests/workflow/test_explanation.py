"""The explanation of a recorded evaluation: what changes it, how it is opened, and whose words it has."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from engine.base.faults import NotFound
from engine.base.messages import CHINESE, LANGUAGE, Message
from engine.explanation import Explanation, explanation_content, open_address
from engine.explanation.content import both
from engine.explanation.opening import addresses, firings_of
from engine.ruleset.model import Ruleset
from tests.workflow.recorded import AT, COMMERCE, PROJECT, record_file
from workflow.ledger import open_ledger
from workflow.record import Recording, record
from workflow.score import score
from workflow.settings import Settings
from workflow.show import Shown, show, show_unrecorded, split_address

EXAMPLES = [COMMERCE / "as-printed.yaml", COMMERCE / "spot-check.yaml", COMMERCE / "visible-only.yaml", PROJECT]


def shown_of(file: Path, folder: Path) -> Shown:
    """Record a facts file in a new ledger, and return what the ledger shows of it."""
    settings, evaluation = record_file(folder, file)
    with closing(open_ledger(settings)) as ledger:
        return show(ledger, evaluation)


def test_what_the_ledger_says_later_changes_nothing(tmp_path: Path) -> None:
    """Superseded, the evaluation has the same explanation, to the byte of its digest; another has another."""
    settings, evaluation = record_file(tmp_path, COMMERCE / "as-printed.yaml")
    with closing(open_ledger(settings)) as ledger:
        before = show(ledger, evaluation)
        later = Recording("复核员", at=AT + timedelta(days=1), supersedes=evaluation, reason="抽查")
        other = record(ledger, score(str(COMMERCE / "spot-check.yaml"), settings, None), later)
        after = show(ledger, evaluation)
        assert after.recorded is not None
        assert after.recorded.superseded_by == other.id
        assert explanation_content(after.whole_explanation) == explanation_content(before.whole_explanation)
        assert after.explanation_digest == before.explanation_digest
        assert show(ledger, other.id).explanation_digest != before.explanation_digest


def test_it_holds_no_time_and_no_name_of_who_recorded_it(tmp_path: Path) -> None:
    """What it is made of is the receipt, the ruleset and the evaluation's id; the ledger's clock is not in it."""
    text = str(explanation_content(shown_of(COMMERCE / "as-printed.yaml", tmp_path).whole_explanation))
    assert "复核员" not in text
    assert AT.strftime("%Y-%m-%d") not in text


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_address_opens_what_it_names(file: Path, tmp_path: Path) -> None:
    """All different, and each opens to itself; facts, clauses and readings also below what is based on them."""
    whole = shown_of(file, tmp_path).whole_explanation
    known = dict(addresses(whole))
    assert len(known) == len(list(addresses(whole)))
    for address, opened in known.items():
        assert open_address(whole, address) == opened
        assert split_address(whole.at(address)) == (whole.evaluation, address)
    for posting in whole.postings:
        below = [fact.address for fact in posting.firing.given_facts()]
        below += [clause.address for clause in posting.firing.clauses]
        below += [reading.address for reading in posting.firing.readings]
        assert all(open_address(whole, f"{posting.address}/{each}") == known[each] for each in below)


def test_an_indicator_is_opened_however_its_number_is_written(tmp_path: Path) -> None:
    """As the other commands take it."""
    shown = shown_of(COMMERCE / "as-printed.yaml", tmp_path)
    assert shown.explanation("011") == shown.explanation("１１") == shown.explanation(11)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    """An address of another evaluation, a posting too many, a fact on which the posting is not based."""
    shown = shown_of(COMMERCE / "as-printed.yaml", tmp_path)
    for wrong in ("1/whole/posting/99", "1/whole/posting/8/fact/S1", "fact/none", "level/x/y"):
        with pytest.raises(NotFound, match=re.escape(wrong)):
            shown.explanation(wrong)
    with pytest.raises(NotFound, match="99"):
        shown.explanation("99")


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_chinese_explanation_has_the_words_of_the_form(file: Path) -> None:
    """No name that only receipts have: of a field, a parameter, a rule, an alternative."""
    shown = show_unrecorded(score(str(file), Settings(), None))
    whole, ruleset = shown.whole_explanation, shown.case.ruleset
    english = names_of(ruleset)
    assert len(english) > 40
    for text in chinese_phrases(whole):
        found = english & set(re.findall(r"[A-Za-z_][A-Za-z0-9_-]*", text))
        assert not found, (text, found)


def names_of(ruleset: Ruleset) -> set[str]:
    """Return the English names that a ruleset has for what it calls otherwise."""
    fields = {name for fact_type in ruleset.facts.values() for name in fact_type.fields}
    return {name for name in {*ruleset.names.values(), *fields, *ruleset.facts} if name.isascii() and len(name) > 1}


def chinese_phrases(whole: Explanation) -> list[str]:
    """Return what an explanation says of its own in Chinese: names, formulas, conditions, titles of fields."""

    def zh(message: Message) -> str:
        return message.text(lambda words: CHINESE if words == LANGUAGE else words)

    said: list[str] = []
    for firing in firings_of(whole):
        said += [zh(formula.reads) for formula in firing.formulas] + [zh(formula.name) for formula in firing.formulas]
        said += [zh(figure.reads) for figure in firing.aggregates] + [zh(condition) for condition in firing.conditions]
        said += [zh(firing.rule)] if firing.rule is not None else []
    for fact in whole.facts:
        said += [
            zh(fact.title),
            *(both(field.title)["zh"] for field in fact.values if isinstance(field.title, Message)),
        ]
    for reading in whole.readings:
        said += [zh(each.name) for each in reading.alternatives]
    return said
