"""Laws of checkpoints: published ones hold, one changed byte breaks each, and what is not one is refused as such."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.faults.errors import ProofError, ProofRefused
from audit.log.coding import decoded, encoded
from audit.log.keys import PublicKey, SigningKey, parse_public_key
from audit.log.notes import Checkpoint, Signature, origin_of, parse_checkpoint
from tests.audit.log.published import EXAMPLE_CHECKPOINT, NOTES, SUM_DB, SUM_DB_HEADS, SUM_DB_NOTES

ONE = SigningKey("czj.jiangmen.gov.cn/fenming", bytes(range(32)))
TWO = SigningKey("审计局", bytes(range(32, 64)))
ROOT = hashlib.sha256(b"root").digest()
HEAD = Checkpoint("fenming/0123456789abcdef0123456789abcdef", 1234, ROOT)
UNSIGNED = HEAD.note
SIGNED = HEAD.signed([ONE]).note
TEXT = HEAD.text
LINE = SIGNED.removeprefix(UNSIGNED)
CODE = encoded(ROOT)


def public(text: str) -> PublicKey:
    """Return a key that must be one."""
    key = parse_public_key(text)
    assert key is not None
    return key


def verdict(note: bytes | str, key: PublicKey) -> bool | None:
    """Tell whether a note is a checkpoint that a key has signed; None where it is not one, or its signature fails."""
    try:
        return parse_checkpoint(note if isinstance(note, str) else note.decode()).is_signed_by(key)
    except (UnicodeDecodeError, ProofError, ProofRefused):
        return None


@pytest.mark.parametrize(("key", "text", "signed"), NOTES)
def test_published_signatures_hold(key: str, text: str, signed: str) -> None:
    """The examples of Go's package and of C2SP verify with our keys, and not over another text."""
    raw = decoded(signed)
    assert raw is not None
    assert raw[:4] == public(key).key_id
    assert public(key).verifies(raw[4:], text.encode())
    assert not public(key).verifies(raw[4:], text.encode() + b"\n")
    assert not public(key).verifies(raw[3:], text.encode())
    assert not PublicKey(public(key).name, public(key).key[:-1]).verifies(raw[4:], text.encode())


@pytest.mark.parametrize("number", range(len(SUM_DB_NOTES)))
def test_checkpoints_of_the_go_checksum_database_hold(number: int) -> None:
    """Heads that sum.golang.org signed parse, verify, and are written again as they were."""
    found = parse_checkpoint(SUM_DB_NOTES[number])
    size, root, _ = SUM_DB_HEADS[number]
    assert (found.origin, found.size, encoded(found.root)) == ("go.sum database tree", size, root)
    assert found.note == SUM_DB_NOTES[number]
    assert found.is_signed_by(public(SUM_DB))
    assert not found.is_signed_by(ONE.public)
    other = Checkpoint(found.origin, found.size + 1, found.root, found.signatures)
    with pytest.raises(
        ProofRefused, match=rf"“sum\.golang\.org\+033de0ae” on the checkpoint of {size + 1} entries"
    ) as caught:
        other.is_signed_by(public(SUM_DB))
    assert caught.value.exit_code == 1


def test_the_example_of_the_specification_is_read() -> None:
    """It parses and is written again as it was."""
    found = parse_checkpoint(EXAMPLE_CHECKPOINT)
    assert (found.origin, found.size, found.note) == ("example.com/behind-the-sofa", 20852163, EXAMPLE_CHECKPOINT)
    assert [(each.name, each.key_id.hex()) for each in found.signatures] == [
        ("example.com/behind-the-sofa", "033de0ae")
    ]


@given(
    st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"]), min_size=1),
    st.integers(0, 10**19 - 1),
    st.binary(min_size=32, max_size=32),
    st.lists(st.sampled_from([ONE, TWO]), max_size=3),
)
def test_what_is_written_is_read_again(origin: str, size: int, root: bytes, keys: list[SigningKey]) -> None:
    """Any head, signed by any keys or by none, is itself once written and read."""
    signed = Checkpoint(origin, size, root).signed(keys)
    found = parse_checkpoint(signed.note)
    assert found == signed
    assert found.note == signed.note
    assert [found.is_signed_by(key.public) for key in (ONE, TWO)] == [ONE in keys, TWO in keys]


@pytest.mark.parametrize("keys", [[ONE], [ONE, TWO]])
def test_no_byte_of_a_signed_checkpoint_can_be_changed(keys: list[SigningKey]) -> None:
    """Another byte anywhere, one byte less or one more: none verifies, and only errors of ours are raised."""
    note = HEAD.signed(keys).note.encode()
    last = keys[-1].public
    assert verdict(note, last) is True
    for at, byte in enumerate(note):
        values = {byte ^ 1, byte ^ 0x20, byte ^ 0x80, 0, 0x0A, 0x0D, 0x20, 0x2B, 0x30, 0x3D, 0x41, 0xFF} - {byte}
        for value in values:
            assert_not_all(note[:at] + bytes([value]) + note[at + 1 :], keys)
            assert_not_all(note[:at] + bytes([value]) + note[at:], keys)
        assert_not_all(note[:at] + note[at + 1 :], keys)
        if at:
            assert_not_all(note[:at], keys)
    for more in (b"\n", b" ", b"x", b"\0"):
        assert_not_all(note + more, keys)


def assert_not_all(note: bytes, keys: list[SigningKey]) -> None:
    """Assert that the keys have not all signed this."""
    assert not all(verdict(note, key.public) for key in keys), note


def with_root(code: str) -> str:
    """Return the unsigned note with another text in place of the root."""
    return f"{HEAD.origin}\n{HEAD.size}\n{code}\n\n"


REFUSED = {
    "nothing": "",
    "a newline": "\n",
    "two newlines": "\n\n",
    "no blank line": TEXT,
    "no last newline": SIGNED[:-1],
    "no newline after the text": TEXT[:-1],
    "CRLF": SIGNED.replace("\n", "\r\n"),
    "CRLF in the signature": UNSIGNED + LINE.replace("\n", "\r\n"),
    "no origin": f"\n1\n{CODE}\n\n",
    "no origin line": f"1\n{CODE}\n\n",
    "an extension line": f"{TEXT}more\n\n",
    "an extension line, signed": f"{TEXT}more\n\n{LINE}",
    "two texts": f"{UNSIGNED}{SIGNED}",
    "a second blank line": f"{UNSIGNED}\n{LINE}",
    "a blank line at the end": f"{SIGNED}\n",
    "something after the signatures": f"{SIGNED}more\n",
    "a byte order mark after the text": f"{TEXT}\ufeff\n{LINE}",
    "control characters": f"fenming\t\n1\n{CODE}\n\n",
    "a null": f"fenming\0\n1\n{CODE}\n\n",
    "an escape": f"fenming\x1b[0m\n1\n{CODE}\n\n",
    "a lone surrogate": f"fenming\ud800\n1\n{CODE}\n\n",
    "a long note": f"{'x' * 100_000}\n1\n{CODE}\n\n",
    "a long note in bytes": f"{'分' * 33_334}\n1\n{CODE}\n\n",
    **{
        f"the size {size!r}": f"fenming\n{size}\n{CODE}\n\n"
        for size in ["", "-1", "+1", "01", "00", "1.0", "1e3", "0x1", " 1", "1 ", "１", "1٣", "1_0", "9" * 20, "²"]
    },
    **{
        f"the root {code!r}": with_root(code)
        for code in [
            "",
            CODE[:-1],
            CODE + "=",
            CODE[:-2] + "==",
            CODE[:-2] + chr(ord(CODE[-2]) + 1) + "=",
            CODE.replace("=", ""),
            " " + CODE,
            CODE + " ",
            CODE[:20] + " " + CODE[20:],
            encoded(ROOT[:-1]),
            encoded(ROOT + b"\0"),
            ROOT.hex(),
            CODE.translate(str.maketrans("+/", "-_")) + "-",
            "分" * 44,
        ]
    },
    **{
        f"the signature {line!r}": f"{UNSIGNED}{line}\n"
        for line in [
            "—",
            "— ",
            "— name",
            "— name ",
            "—  AAAAAAA=",
            "-- name AAAAAAA=",
            "– name AAAAAAA=",
            "—\u00a0name AAAAAAA=",
            "— name  AAAAAAA=",
            "— na me AAAAAAA=",
            "— na+me AAAAAAA=",
            "— na\u3000me AAAAAAA=",
            "— na\u00a0me AAAAAAA=",
            "— na\u2028me AAAAAAA=",
            "— name AAAAAAA= ",
            "— name AAAAAAA",
            "— name AAAAAAB=",
            "— name AAAAAA==",
            "— name AAAA",
            "— name =",
            " — name AAAAAAA=",
            "\ufeff— name AAAAAAA=",
        ]
    },
}


@pytest.mark.parametrize("note", REFUSED.values(), ids=REFUSED)
def test_what_is_no_checkpoint_to_the_byte_is_refused(note: str) -> None:
    """Each departure from C2SP's form is an error that says what and what to do, and shows nothing of the note."""
    with pytest.raises(ProofError) as caught:
        parse_checkpoint(note)
    assert caught.value.exit_code == 3
    assert str(caught.value).startswith("This is not a complete checkpoint. Fetch a")


def test_what_is_just_allowed_is_read() -> None:
    """The longest note, the longest size, the empty tree, the shortest signature, more signatures than the sixteen."""
    longest = f"{'x' * (100_000 - len(TEXT) - 1 + len(HEAD.origin))}\n{HEAD.size}\n{CODE}\n\n"
    assert len(longest) == 100_000
    assert parse_checkpoint(longest).note == longest
    with pytest.raises(ProofError):
        parse_checkpoint(f"x{longest}")
    assert parse_checkpoint(f"x\n{'9' * 19}\n{CODE}\n\n").size == 10**19 - 1
    assert parse_checkpoint(f"x\n0\n{CODE}\n\n").size == 0
    assert parse_checkpoint(f"{UNSIGNED}— n AAAAAAA=\n").signatures == (Signature("n", bytes(4), b"\0"),)
    many = f"{UNSIGNED}{'— other/name AAAAAAA=' + chr(10)}" + LINE * 40
    assert parse_checkpoint(many).is_signed_by(ONE.public)


def other_signatures() -> Iterator[Signature]:
    """Give signatures of keys that we do not know, some of which share a name or an id with the one that we do."""
    good = HEAD.signed([ONE]).signatures[0]
    yield Signature("witness.example/w", b"\0\1\2\3", b"\4" * 72)
    yield Signature(good.name, bytes([good.key_id[0] ^ 1]) + good.key_id[1:], good.signature)
    yield Signature(good.name + "x", good.key_id, good.signature)
    yield Signature("witness.example/w", good.key_id, b"\1")


@pytest.mark.parametrize("other", list(other_signatures()))
def test_signatures_of_unknown_keys_are_ignored(other: Signature) -> None:
    """A name or an id alone makes no known key: such lines neither sign nor spoil, wherever they stand."""
    good = HEAD.signed([ONE]).signatures
    assert not Checkpoint(HEAD.origin, HEAD.size, HEAD.root, (other,)).is_signed_by(ONE.public)
    for signatures in ((other, *good), (*good, other)):
        found = parse_checkpoint(Checkpoint(HEAD.origin, HEAD.size, HEAD.root, signatures).note)
        assert found.signatures == signatures
        assert found.is_signed_by(ONE.public)


def test_a_failing_signature_of_a_known_key_is_an_error_even_beside_a_good_one() -> None:
    """Whether it stands first or last, or is of another length."""
    (good,) = HEAD.signed([ONE]).signatures
    for wrong in (bytes(64), good.signature[:-1], good.signature + b"\0", TWO.sign(TEXT.encode()), b"\0"):
        bad = Signature(good.name, good.key_id, wrong)
        for signatures in ((bad,), (bad, good), (good, bad), (good, bad, good)):
            found = parse_checkpoint(Checkpoint(HEAD.origin, HEAD.size, HEAD.root, signatures).note)
            with pytest.raises(ProofRefused, match="does not hold"):
                found.is_signed_by(ONE.public)
            assert not found.is_signed_by(TWO.public)


def test_a_ledger_is_known_by_its_first_leaf() -> None:
    """The origin is `fenming/` and the first half of the leaf's hash in hexadecimal."""
    assert origin_of(bytes(range(32))) == "fenming/000102030405060708090a0b0c0d0e0f"


PIECES = ["\n", "\n\n", "— ", " ", "=", "0", "A", "\r", "\ud800", "é", "\u3000", *TEXT.split("\n")[:3], LINE]


@given(st.one_of(st.text(st.characters(), max_size=200), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_text_is_a_checkpoint_or_a_proof_error(text: str) -> None:
    """Nothing but `ProofError` comes out of a text that is not one; a text that is one is written as it was."""
    try:
        found = parse_checkpoint(text)
    except ProofError:
        return
    assert found.note == text
    assert verdict(text, ONE.public) in (None, text.count(LINE) > 0)


@given(st.data())
def test_a_mutated_note_never_verifies(data: st.DataObject) -> None:
    """Splices of a signed note are refused, unless they are the note."""
    note = data.draw(st.sampled_from([SIGNED, HEAD.signed([ONE, TWO]).note]))
    first, second = sorted(data.draw(st.tuples(st.integers(0, len(note)), st.integers(0, len(note)))))
    put = data.draw(st.one_of(st.text(st.characters(), max_size=5), st.sampled_from(PIECES), st.just(note[second:])))
    spliced = note[:first] + put + note[second:]
    if verdict(spliced, ONE.public):
        found = parse_checkpoint(spliced)
        assert found.text == TEXT
        assert HEAD.signed([ONE]).signatures[0] in found.signatures
