"""Laws of the stored texts: each is the canonical form of what it says, as RFC 8785 has it."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from audit.ledger.ledger import Ledger, open_ledger
from audit.ledger.submission import Submission
from audit.log.keys import SigningKey
from audit.tables.schema import EntryTable, EvaluationTable, RulesetTable, table
from engine.base.faults import InvalidInput
from engine.base.sources import canonical
from engine.receipt import plain
from tests.audit.reading import entries
from tests.audit.receipts import ACTOR, AT, as_receipt, make_content, make_receipt, make_sources

ODD = [
    "“张”会计",
    'a "quoted" word',
    "back\\slash \\n \\u0041 \\\\",
    "sla/sh </script>",
    "😀👨‍👩‍👧‍👦 𝛑 𠮷",
    "e\u0301 é \u0344 ﬁ Å Å",
    "אבג العربية \u200f\u202e\u2066",
    "a\u00a0b\u3000c\ufeff\ufffd\ufffe\U0010ffff",
    "１２３ ٣ ½ 1e400 -0 null true",
    "🇨🇳\ufe0f\u200d\u00ad",
    " both ends ",
    "\ue000 private",
]
REFUSED = ["a\u2028b", "a\u2029b", "a\x00b", "a\x1fb", "a\tb", "a\rb", "a\x7fb", "a\x85b", "a\ud83d", "a\udc00b"]
PLAIN = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=20)
ANY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


def assert_canonical(ledger: Ledger) -> list[bytes]:
    """Assert that all texts of the ledger are canonical, and return the entries' bodies."""
    columns = (table(EntryTable).c.body, table(EvaluationTable).c.receipt, table(RulesetTable).c.manifest)
    with ledger.reading() as connection:
        texts = [text for column in columns for text in connection.execute(select(column)).scalars()]
    for text in texts:
        assert text.encode() == rfc8785.dumps(json.loads(text))
    bodies = [entry.body for entry in entries(ledger)]
    assert [body.decode() for body in bodies] == texts[: len(bodies)]
    return bodies


@pytest.mark.parametrize("text", ODD)
def test_odd_words_are_stored_canonically_and_unchanged(ledger: Ledger, text: str) -> None:
    """Quotes, backslashes, emoji, combining marks and noncharacters are in the body as they were given."""
    sources = make_sources(text)
    first = ledger.append(make_receipt(department=text, sources=sources), sources, actor=text, at=AT)
    other = make_receipt(department=text, sources=sources, missed=2)
    ledger.append(other, sources, actor=text, at=AT, supersedes=first.id, reason=f"{text}\n{text}")
    bodies = [json.loads(body) for body in assert_canonical(ledger)]
    assert [body["actor"] for body in bodies] == [text, text]
    assert [body["reason"] for body in bodies] == ["", f"{text}\n{text}"]
    assert plain(ledger.receipt(first.id).content)["case"]["department"] == text


@pytest.mark.parametrize("text", REFUSED)
def test_control_characters_and_separators_are_refused(ledger: Ledger, text: str) -> None:
    """Nothing that breaks a line or is no character gets in as an actor or a reason."""
    first = ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
    with pytest.raises(InvalidInput, match="actor"):
        ledger.append(make_receipt(), make_sources(), actor=text, at=AT)
    with pytest.raises(InvalidInput, match="reason"):
        ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT, supersedes=first.id, reason=text)
    assert ledger.count() == 1


def test_the_entries_of_keys_are_canonical(ledger: Ledger) -> None:
    """The name of a key may have any letters."""
    for number, name in enumerate(["审计局", "a\\b", 'a"b', "é/😀", "e\u0301"]):
        key = SigningKey(name, bytes([number]) * 32)
        ledger.rotate(key, actor=f"{name} 1", at=AT, reason=f"{name}\n2", lost=True)
        assert json.loads(assert_canonical(ledger)[-1])["key"] == key.public.text
    assert ledger.count() == 5


@given(st.lists(st.tuples(PLAIN.filter(str.strip), PLAIN, ANY, ANY, st.integers(0, 2**32)), min_size=1, max_size=4))
@settings(max_examples=25)
def test_random_receipts_and_words_are_stored_canonically(
    tmp_path_factory: pytest.TempPathFactory, cases: list[tuple[str, str, str, str, int]]
) -> None:
    """Whatever the words of people, and whatever those of the case and of its rules, control characters among them."""
    submissions = []
    for number, (actor, reason, department, says, seed) in enumerate(cases):
        random = Random(seed)
        sources = make_sources(says)
        targets = random.randint(1, 6)
        missed = random.randint(0, targets)
        content = make_content(targets, department=f"{department}{number}", missed=missed, sources=sources)
        for firing in content["firings"]:
            firing["says"] = {"zh": says, "en": random.choice(ODD + REFUSED[:8])}
        submissions.append(Submission(as_receipt(content), sources, actor, AT, None, reason))
    with open_ledger(str(tmp_path_factory.mktemp("canonical") / "fenming.db"), create=True) as ledger:
        recorded = ledger.append_all(submissions)
        bodies = [json.loads(body) for body in assert_canonical(ledger)]
        assert [(body["actor"], body["reason"]) for body in bodies] == [(case[0], case[1]) for case in cases]
        assert [ledger.receipt(each.id) for each in recorded] == [each.receipt for each in submissions]


KEY = st.text(st.characters(max_codepoint=0xD7FF))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | ANY,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEY, inner, max_size=4),
)


@given(JSON)
def test_the_canonical_form_is_that_of_the_rfc(content: Any) -> None:
    """Texts, booleans, None, small integers, lists, and mappings whose keys sort alike in every encoding."""
    assert canonical(content) == rfc8785.dumps(content)
