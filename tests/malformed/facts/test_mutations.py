"""The law of wrong input: whatever the bytes are, they are read or refused, and nothing else happens."""

from contextlib import suppress
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from engine.base.faults import Fault, InvalidInput
from engine.base.places import Place
from engine.documents import decode, read_document
from engine.facts import open_facts, read_facts
from tests.engine.facts.samples import CONVERSIONS, TYPES

VALID = """\
ruleset: demo/form/2024
case: {department: 甲局, year: 2024}
facts:
  goal_report: {reported: true}
  performance_target:
    - {id: T1, name: "企业 \\u4e00", direction: ≥, target: 320, actual: 366.5, unit: '%'}
  special_fund:
    - id: F1
      name: |
        口岸
        建设
      amount: 794.07 万元
      self_score: 80 # 满分
      evidence: [{title: 纪要, reference: 一号}]
  criterion: []
"""
SEEDS = [VALID.encode()] + [
    file.read_bytes() for file in sorted(Path(__file__).parent.iterdir()) if file.suffix in (".yaml", ".json")
]
MARKS = rb"""
: - [ ] { } , ' " \ | > &a *a ! % # --- ... null 1e9 NaN 0x
. - 99999999999999999999999999999999999999999999999999 \ud800 << id T1
[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
"""
PIECES = st.sampled_from(
    [*MARKS.split(), b"", b"\n", b"  ", b"\t", b"\r", b": ", b"- ", b"? ", b"\n---\n", b"\x00", b"\x1b[31m", b"\xff"]
) | st.sampled_from([b"\xef\xbb\xbf", b"\xe2\x80\xa8", "甲".encode()])
CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 12), PIECES | st.binary(max_size=3)), min_size=1, max_size=4
)


def refusal(data: bytes, file: str) -> tuple[Fault, ...] | None:
    """Return the faults of a facts file, or None where it has none."""
    try:
        read_facts(open_facts(decode(data, file), file), TYPES, CONVERSIONS)
    except InvalidInput as error:
        return error.faults
    return None


def is_read_or_refused(data: bytes, file: str) -> None:
    """Read bytes as a facts file; every fault reported has words and the file's name."""
    faults = refusal(data, file)
    assert faults is None or faults
    for fault in faults or ():
        assert fault.what.text()
        assert fault.remedy.text()
        assert fault.where.file == file


@given(st.sampled_from(SEEDS), CHANGES, st.sampled_from(["x.yaml", "x.json"]))
def test_a_damaged_file_is_read_or_refused(data: bytes, changes: list[tuple[float, int, bytes]], file: str) -> None:
    """Cut, overwritten or with something put in, anywhere."""
    for where, length, piece in changes:
        start = int(where * len(data))
        data = data[:start] + piece + data[start + length :]
    is_read_or_refused(data, file)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode), st.sampled_from(["x.yaml", "x.json"]))
def test_any_bytes_are_read_or_refused(data: bytes, file: str) -> None:
    """Also those that were never a file of facts."""
    is_read_or_refused(data, file)


@given(st.text(st.characters(), max_size=40), st.sampled_from(["x.yaml", "x.json"]))
def test_any_text_is_read_or_refused(text: str, file: str) -> None:
    """Also with half characters, which no bytes decode to."""
    with suppress(InvalidInput):
        assert read_document(text, file).place != Place()
