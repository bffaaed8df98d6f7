"""The laws of evidence: files are found in any document, their digests reach the receipt and come back from it."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from engine.base.faults import FactsError, Fault, InvalidInput, problem
from engine.base.messages import msg
from engine.base.sources import canonical
from engine.documents import read_document
from engine.facts import Evidence, Fact, FactType, FileDigest, named_files, open_facts, read_facts
from engine.facts.read import FactsFile
from engine.receipt import Receipt, ReceiptError, facts_of, plain, read_receipt
from engine.receipt.facts import fact_line
from schemas import schema
from tests.audit.receipts import make_content
from tests.engine.facts.samples import CONVERSIONS, TYPES
from tests.engine.mini import case, fact, indicator, program, ruleset
from tests.evaluated import receipt_of

SHA256 = "0123456789abcdef" * 4
DIGEST = FileDigest(SHA256, 12)
HEAD = "ruleset: demo/form/2024\ncase: {department: 甲局, year: 2024}\nfacts:\n"
GOOD = f"""{HEAD}  goal_report: {{reported: true, evidence: [{{title: 报告, file: 附件/报告.pdf}}, {{title: 无文件}}]}}
  special_fund:
    - {{id: F1, name: 甲, amount: 1 万元, self_score: 0, evidence: [{{title: 纪要, file: a b.txt}}]}}
    - id: F2
      name: 乙
      amount: 1 万元
      self_score: 0
      evidence:
        - title: 又是报告
          file: 附件/报告.pdf
"""
NAMED = [
    ("附件/报告.pdf", "/facts/goal_report/evidence/0/file"),
    ("a b.txt", "/facts/special_fund/0/evidence/0/file"),
    ("附件/报告.pdf", "/facts/special_fund/1/evidence/0/file"),
]


def opened(text: str) -> FactsFile:
    """Return an opened facts file."""
    return open_facts(text, "x.yaml")


def test_every_named_file_is_reported_with_its_place() -> None:
    """In the document's order, and as often as it is named."""
    found = list(named_files(opened(GOOD).root))
    assert [(file, place.pointer) for file, place in found] == NAMED
    for file, place in found:
        assert place.line is not None
        assert place.column is not None
        assert GOOD.splitlines()[place.line - 1][place.column - 1 :].startswith(file)


@pytest.mark.parametrize(
    "evidence",
    [
        "",
        "报告.pdf",
        "{title: 甲, file: a}",
        "[a]",
        "[[{file: a}]]",
        "[{file: 5}]",
        "[{file: true}]",
        "[{file: [a]}]",
        "[{file: {a: b}}]",
        "[{file: ''}]",
        "[{file: }]",
    ],
)
def test_what_is_no_file_of_evidence_is_not_looked_for(evidence: str) -> None:
    """Its schema reports what is wrong with it."""
    document = opened(f"{HEAD}  goal_report: {{reported: true, evidence: {evidence or '[]'}}}\n")
    assert list(named_files(document.root)) == []


@given(st.text(st.sampled_from("{}[]:,- \nfactsevidencefile'甲1"), max_size=60))
def test_files_are_looked_for_in_any_document(text: str) -> None:
    """Whatever else is wrong with it."""
    for start in ("", "facts: ", "facts: {a: ", "facts: {a: [{evidence: "):
        with suppress(InvalidInput):
            assert all(file for file, _ in named_files(read_document(start + text, "x.yaml")))


def test_a_digest_belongs_to_all_that_name_its_file() -> None:
    """By the path as it is written; what has none stays without."""
    facts = read_facts(opened(GOOD), TYPES, CONVERSIONS, {"附件/报告.pdf": DIGEST, "报告.pdf": FileDigest(SHA256, 0)})
    found = [(item.title, item.file, item.digest) for one in facts.facts for item in one.evidence]
    assert found == [
        ("报告", "附件/报告.pdf", DIGEST),
        ("无文件", "", None),
        ("纪要", "a b.txt", None),
        ("又是报告", "附件/报告.pdf", DIGEST),
    ]
    assert facts.facts[0].evidence[0].place == next(named_files(opened(GOOD).root))[1]


def test_an_empty_path_has_no_digest() -> None:
    """Even if somebody gives one."""
    facts = read_facts(opened(GOOD), TYPES, CONVERSIONS, {"": DIGEST})
    assert facts.facts[0].evidence[1].digest is None


def test_faults_of_files_are_reported_with_those_of_facts() -> None:
    """All of them, in the order of the file."""
    document = opened(GOOD.replace("self_score: 0, ev", "self_score: 超, ev"))
    places = [place for _, place in named_files(document.root)]
    faults = tuple(
        Fault(problem("evidence.missing", "There is no file “{file}”.", file="a"), msg("Check it."), place)
        for place in places
    )
    with pytest.raises(FactsError) as refused:
        read_facts(FactsFile(document.ruleset, document.root, faults), TYPES, CONVERSIONS)
    assert [fault.where.line for fault in refused.value.faults] == [4, 6, 6, 13]


@pytest.mark.parametrize("field", [f"sha256: {SHA256}", "size: 12"])
def test_nobody_writes_a_digest(field: str) -> None:
    """It is taken from the file, or it would prove nothing."""
    with pytest.raises(FactsError, match=r"There is no field “(sha256|size)” here"):
        read_facts(opened(GOOD.replace("file: a b.txt", f"file: a b.txt, {field}")), TYPES, CONVERSIONS)


DIGESTS = st.builds(FileDigest, st.text("0123456789abcdef", min_size=64, max_size=64), st.integers(0, 2**53 - 1))
EVIDENCE = st.builds(Evidence, st.text(), st.text()) | st.builds(
    Evidence, st.text(), st.text(), st.text(min_size=1), st.none() | DIGESTS
)
_RECEIPT = schema("receipt.json")
OF_EVIDENCE = Draft202012Validator(
    {**_RECEIPT["properties"]["facts"]["items"]["properties"]["evidence"]["items"], "$defs": _RECEIPT["$defs"]}
)


def received(evidence: Mapping[str, Any]) -> Receipt:
    """Read a receipt whose first fact has this evidence."""
    content = make_content()
    content["facts"][0]["evidence"] = [evidence]
    return read_receipt(canonical(content))


@given(EVIDENCE)
def test_evidence_comes_back_as_it_was(evidence: Evidence) -> None:
    """Through JSON that keeps to the receipt's schema."""
    fact_type = FactType("performance_target", {})
    [written] = plain(fact_line(Fact(fact_type.name, "T0", {}, "", (evidence,)))).pop("evidence")
    OF_EVIDENCE.validate(written)
    [line] = received(written).content.facts[0].evidence
    assert plain(line) == written


@given(EVIDENCE)
def test_a_replay_gives_the_same_bytes(evidence: Evidence) -> None:
    """Facts read back from a receipt keep their digests, and those of before there were any go without."""
    scoring = program(ruleset(indicator({"award": "weight"})))
    first = receipt_of(scoring, case(fact("budget", "B1", "", (evidence,), size=1)))
    again = receipt_of(scoring, facts_of(read_receipt(first.text).content, scoring.ruleset.facts))
    assert again.text == first.text
    [written] = json.loads(first.text)["facts"][0]["evidence"]
    assert ("sha256" in written) == ("size" in written) == (evidence.digest is not None)


WRITTEN: dict[str, Any] = {"title": "纪要", "reference": "", "file": "a", "sha256": SHA256, "size": 12}


@pytest.mark.parametrize(
    "unfit",
    [
        {"sha256": SHA256.upper()},
        {"sha256": SHA256[1:]},
        {"sha256": f"{SHA256}\n"},
        {"sha256": ""},
        {"sha256": None},
        {"size": None},
        {"size": -1},
        {"size": "12"},
        {"size": True},
        {"size": 1.0},
    ],
)
def test_what_is_no_digest_is_refused(unfit: dict[str, Any]) -> None:
    """By whoever reads a receipt, as by its schema; but for numbers, which JSON Schema knows as one."""
    with pytest.raises(ReceiptError, match="not a receipt"):
        received({**WRITTEN, **unfit})
    assert unfit in ({"size": 1.0}, {"sha256": f"{SHA256}\n"}) or not OF_EVIDENCE.is_valid({**WRITTEN, **unfit})


@pytest.mark.parametrize("lacking", ["sha256", "size"])
def test_half_a_digest_is_refused(lacking: str) -> None:
    """No receipt ever had one without the other."""
    half = {name: value for name, value in WRITTEN.items() if name != lacking}
    with pytest.raises(ReceiptError, match="incomplete digest"):
        received(half)
    assert not OF_EVIDENCE.is_valid(half)
