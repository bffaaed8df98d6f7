"""Laws of finding: prefixes, `latest`, corrections, and the state of a case from its entries."""

from __future__ import annotations

import pytest

from audit.ledger.ledger import Ledger
from audit.tables.records import RecordedEvaluation
from engine.base.faults import InvalidInput, NotFound, Refused
from tests.audit.bare import REFUSALS, Bare
from tests.audit.reading import case_history, current, entries
from tests.audit.receipts import ACTOR, AT, DEPARTMENT, make_receipt, make_sources


def record(
    ledger: Ledger,
    missed: int = 1,
    *,
    department: str = DEPARTMENT,
    year: str = "2024",
    supersedes: str | None = None,
    reason: str = "",
) -> RecordedEvaluation:
    """Record a small evaluation."""
    receipt = make_receipt(4, missed=missed, department=department, year=year)
    return ledger.append(receipt, make_sources(), actor=ACTOR, at=AT, supersedes=supersedes, reason=reason)


def test_every_unique_prefix_finds_its_evaluation(ledger: Ledger) -> None:
    """A prefix finds the evaluation if no other begins so; else the error lists those that do. Digits are an entry."""
    recorded = [record(ledger, department=f"部门{n}") for n in range(40)]
    ids = [each.id for each in recorded]
    refused = 0
    for number, each in enumerate(recorded):
        for length in (1, 2, 3, 4, 5 + number % 12):  # every length to 16
            prefix = each.id[:length]
            if prefix.isdigit() and length < 8:
                continue  # the number of an entry
            same = [other for other in ids if other.startswith(prefix)]
            if len(same) == 1:
                assert ledger.find(prefix) == each
                assert ledger.find(prefix.upper()) == each
            else:
                refused += 1
                with pytest.raises(InvalidInput, match="more than one evaluation") as caught:
                    ledger.find(prefix)
                assert sum(other in str(caught.value) for other in same) == min(len(same), 5)
                assert ("…" in str(caught.value)) == (len(same) > 5)
        assert ledger.find(str(each.entry)) == each
        assert ledger.find(f"000{each.entry}") == each
    assert refused
    with pytest.raises(NotFound, match=r"has no evaluation at entry 40"):
        ledger.find("40")
    assert ledger.find("latest") == recorded[-1]


@pytest.mark.parametrize(
    "reference", ["", "xyz", "%", "_", "Latest", "0' OR 1=1 --", "１", "ffffffffffffffffffff", "最新"]
)
def test_what_is_no_id_finds_nothing(ledger: Ledger, reference: str) -> None:
    """No reference but an id, a prefix or `latest` finds anything."""
    record(ledger)
    with pytest.raises(NotFound, match="no evaluation whose id begins with"):
        ledger.find(reference)


def test_an_empty_ledger_has_no_latest(ledger: Ledger) -> None:
    """`latest` of nothing is an error that says so."""
    with pytest.raises(NotFound, match="holds no evaluation in force yet"):
        ledger.find("latest")
    assert list(ledger.evaluations()) == []
    assert list(entries(ledger)) == []
    assert current(ledger, DEPARTMENT, 2024) == ()


def test_unknown_ids_and_digests_are_named(ledger: Ledger) -> None:
    """Reading a receipt or a ruleset that is not there is an error."""
    with pytest.raises(NotFound, match="0123456789abcdef"):
        ledger.receipt("0123456789abcdef")
    with pytest.raises(NotFound, match="no ruleset with the digest “abc”"):
        ledger.sources("abc")


def test_the_state_of_a_case_is_derived_from_its_entries(ledger: Ledger) -> None:
    """A correction supersedes: the history keeps both, the current state is the correction."""
    first = record(ledger)
    other = record(ledger, department="江门市财政局")
    last_year = record(ledger, year="2023")
    second = record(ledger, missed=0, supersedes=first.id[:8], reason="复核：补交佐证材料")
    assert second.supersedes == first.id
    assert ledger.find(first.id).superseded_by == second.id
    third = record(ledger, missed=2, supersedes="latest", reason="再复核")
    assert [each.id for each in case_history(ledger, DEPARTMENT, 2024)] == [first.id, second.id, third.id]
    assert current(ledger, DEPARTMENT, "2024") == (third,)
    assert current(ledger, "江门市财政局", 2024) == (other,)
    assert current(ledger, DEPARTMENT, 2023) == (last_year,)
    assert ledger.receipt(first.id) == make_receipt(4)


def test_a_correction_must_fit(ledger: Ledger) -> None:
    """A correction names an existing evaluation of its own case that has none yet, and says why."""
    first = record(ledger)
    with pytest.raises(NotFound, match="no evaluation whose id begins with"):
        record(ledger, supersedes="0000000000000000", reason="r")
    with pytest.raises(Refused, match=rf"{DEPARTMENT} 2024 \(jiangmen/test/2024\); it cannot"):
        record(ledger, supersedes=first.id, reason="r", department="江门市财政局")
    with pytest.raises(Refused, match="by one of 江门市商务局 2023"):
        record(ledger, supersedes=first.id, reason="r", year="2023")
    with pytest.raises(InvalidInput, match="each need a reason"):
        record(ledger, supersedes=first.id, reason=" ")
    second = record(ledger, missed=0, supersedes=first.id, reason="r")
    with pytest.raises(Refused, match=f"already been superseded by {second.id}"):
        record(ledger, supersedes=first.id, reason="r")
    assert ledger.count() == 2


def test_the_database_refuses_a_second_correction(ledger: Ledger, bare: Bare) -> None:
    """Two entries cannot supersede the same evaluation, whoever writes them."""
    first = record(ledger)
    record(ledger, missed=0, supersedes=first.id, reason="r")
    insert = "INSERT INTO entry VALUES (2, 'key', '', '', NULL, ?, NULL, '', '', '')"
    with pytest.raises(REFUSALS, match=r"row with this supersedes|entry_supersedes_key"):
        bare.execute(insert, (first.id,))
