"""No message shows a secret: neither a private key nor a password, wherever somebody gives it by mistake."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.log.coding import encoded
from audit.log.keys import SigningKey
from engine.base.confidential import key_in, veiled
from engine.base.faults import InvalidInput
from engine.documents import read_document
from tests.cli.desk import Desk

KEY = SigningKey("czj.example", bytes(range(7, 39)))
PEM = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIB5x\n-----END PRIVATE KEY-----"
PARTS = (KEY.text.rpartition("+")[2], encoded(b"\1" + KEY.seed)[:8], "MC4CAQ")


def shows_none(told: str) -> bool:
    """Return whether a text has no part of a key."""
    return not any(part in told for part in PARTS)


@pytest.mark.parametrize("name", ["a.key", "a.yaml", "a.json"])
@pytest.mark.parametrize("key", [KEY.text, PEM])
@pytest.mark.parametrize(
    "content",
    [
        "{key}\n",
        "\ufeff{key}",
        "\n\n  - {key}\n",
        "ruleset: {key}\n",
        "a: &{key}\n",
        "a: !{key}\n",
        '{{"a": "{key}", "a": 1}}',
        "\x00{key}",
    ],
)
def test_a_document_with_a_private_key_is_refused_without_it(name: str, key: str, content: str) -> None:
    """Whatever else is wrong with it: the key's place is reported, and nothing of its content."""
    with pytest.raises(InvalidInput) as caught:
        read_document(content.format(key=key), name)
    (fault,) = caught.value.faults
    assert "private key" in str(fault.what)
    assert fault.where.line == content[: content.index("{key}")].count("\n") + 1
    assert shows_none(str(caught.value))


@pytest.mark.parametrize(
    "words", [("evaluate",), ("facts", "check"), ("evidence", "check", "--facts"), ("audit", "check", "--key")]
)
def test_a_key_where_a_document_is_expected(desk: Desk, words: tuple[str, ...]) -> None:
    """The file is refused, and its text is in no message."""
    file = desk.put("a.key", f"{KEY.text}\n".encode())
    code, answer, told = desk.run(*words, str(file))
    assert code in (2, 3)
    assert told
    assert shows_none(answer + told)
    assert not desk.ledger.exists()


def test_a_ruleset_that_is_a_key(desk: Desk) -> None:
    """Likewise where a ruleset's file is read."""
    desk.put("ruleset.yaml", KEY.text.encode())
    code, answer, told = desk.run("ruleset", "show", str(desk.folder))
    assert code in (2, 5)
    assert shows_none(answer + told)


def test_a_key_itself_in_place_of_its_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key given instead of the name of its file is reported without showing it."""
    facts = str(desk.folder / "facts.yaml")
    monkeypatch.setenv("FENMING_KEY", KEY.text)
    for words in (("evaluate", facts), ("evaluate", KEY.text), ("audit", "log", KEY.text), ("audit", KEY.text)):
        code, answer, told = desk.run(*words)
        assert code in (2, 5)
        assert "PRIVATE+KEY+…" in told
        assert shows_none(answer + told)


@given(
    st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="+")), st.binary(min_size=32, max_size=32)
)
def test_every_key_is_known_and_veiled(name: str, seed: bytes) -> None:
    """Whatever the key's name."""
    key = SigningKey(name, seed)
    assert key_in(f"x {key.text}") == 2
    assert veiled(f"“{key.text}”不是") == "“PRIVATE+KEY+…”不是"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("at “postgresql://u:se:k@ret@host/db”.", "at “postgresql://u:…@host/db”."),
        ("postgresql:/u:secret@host/db", "postgresql:/u:…@host/db"),
        ("postgresql://u@host:5432/db, %40 for @", "postgresql://u@host:5432/db, %40 for @"),
        ("sqlite:///a:b/c.db", "sqlite:///a:b/c.db"),
        ("https://example.org/a@b", "https://example.org/a@b"),
        ("a.yaml:3:1 /facts/x@y", "a.yaml:3:1 /facts/x@y"),
    ],
)
def test_passwords_of_addresses_are_veiled(text: str, shown: str) -> None:
    """What is between a name and the host is a password; nothing else is hidden."""
    assert veiled(text) == shown
