"""What names a ruleset: its id and revision name one text, which is the ruleset and its own fact types."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.base.faults import RulesetError
from engine.base.sources import Sources
from engine.receipt import plain
from engine.ruleset import read_ruleset
from rulesets import __file__ as rulesets_file
from tests.engine.mini import CALENDAR, indicator, program, ruleset, schema, scored, sources
from workflow.library import sources_of

BASE = sources(ruleset(indicator({"award": "1"})))


@pytest.mark.parametrize(
    ("name", "text", "is_own"),
    [
        ("ruleset.yaml", "{}", True),
        ("facts/project.json", "{}", True),
        ("shared/project.json", "{}", False),
        ("calendar.yaml", CALENDAR + "# later\n", False),
    ],
)
def test_the_text_is_the_rulesets_own(name: str, text: str, *, is_own: bool) -> None:
    """A change of the ruleset or of its own fact types changes the text; one of shared sources only the digest."""
    other = Sources({**BASE.files, name: text})
    assert other.digest != BASE.digest
    assert (other.text != BASE.text) is is_own


def test_shared_fact_types_are_named_apart() -> None:
    """The library names a shared fact type otherwise than one of the ruleset's own."""
    library = Path(rulesets_file).parent
    names = set(sources_of(library / "jiangmen/department-special/2024").files)
    assert "shared/performance_target.json" in names
    assert not any(name.startswith("facts/") for name in names)
    assert "facts/投诉.yaml" in set(sources_of(library / "demo/schemes/1").files)


def test_a_shared_fact_type_is_read_like_an_own_one() -> None:
    """It makes no difference to the fact type where its schema comes from."""
    files = {name.replace("facts/", "shared/"): text for name, text in BASE.files.items()}
    assert read_ruleset(Sources(files)).facts.keys() == read_ruleset(BASE).facts.keys()


def test_an_own_fact_type_comes_before_a_shared_one() -> None:
    """A ruleset may replace a shared fact type by its own."""
    own = schema("link", {"only": {"type": "number"}})
    shared = {"shared/link.json": BASE.files["facts/link.json"]}
    read = read_ruleset(Sources({**BASE.files, "facts/link.json": own, **shared}))
    assert list(read.facts["link"].fields) == ["only"]


def test_the_receipt_names_id_revision_and_text() -> None:
    """Its head says which text scored."""
    document = ruleset(indicator({"award": "1"}), revision=2, corrigendum={"reason": "错字", "on": "2025-03-01"})
    head = plain(scored(document).content)["ruleset"]
    made = program(document).ruleset
    assert head == {"id": "test/form/1", "revision": 2, "title": "试题", "digest": made.digest, "text": made.text}
    assert made.text == sources(document).text != made.digest
    assert plain(scored(ruleset(indicator({"award": "1"}))).content)["ruleset"]["revision"] == 1


def test_a_corrigendum_is_read() -> None:
    """Its reason and date belong to the ruleset."""
    document = ruleset(indicator({"award": "1"}), revision=3, corrigendum={"reason": "错字", "on": "2025-03-01"})
    read = program(document).ruleset
    assert (read.revision, read.corrigendum and read.corrigendum.reason) == (3, "错字")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"revision": 2}, "does not say what it corrects"),
        ({"revision": 0}, "revision"),
        ({"revision": "2"}, "revision"),
        ({"revision": 2, "corrigendum": {"reason": "错字"}}, "on"),
        ({"revision": 2, "corrigendum": {"reason": "错字", "on": "2025-02-30"}}, "2025-02-30"),
    ],
)
def test_a_revision_that_does_not_say_why_is_refused(more: dict[str, object], says: str) -> None:
    """A later revision has its reason and its date."""
    document = ruleset(indicator({"award": "1"}), **more)
    with pytest.raises(RulesetError) as caught:
        read_ruleset(sources(json.dumps(document, ensure_ascii=False, indent=1)))
    assert any(says in str(fault.what) + fault.where.pointer for fault in caught.value.faults), caught.value.faults
    assert all(fault.where.line for fault in caught.value.faults)
