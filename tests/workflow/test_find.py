"""Finding in a ledger: how many are given out, and what their firings took."""

from __future__ import annotations

from contextlib import closing
from fractions import Fraction
from pathlib import Path

import pytest

from audit.tables.criteria import Criteria
from tests.audit.receipts import AT, as_receipt, make_content, make_sources
from tests.workflow.recorded import COMMERCE, record_file
from workflow.find import find
from workflow.ledger import open_ledger
from workflow.settings import Settings


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_the_count_is_of_what_meets_the_criteria(at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest totals, 75/7, are above 10.714285 by less than a query can see; the count is not used up by them."""
    monkeypatch.setattr("workflow.find._MANY", at_once)
    settings, sources = Settings(ledger=str(tmp_path / "ledger.db")), make_sources()
    with closing(open_ledger(settings, create=True)) as ledger:
        for number, (targets, missed) in enumerate([(3, 1), (3, 2), (7, 2), (7, 2), (7, 2)]):
            content = make_content(targets, department=f"部门{number}", missed=missed)
            ledger.append(as_receipt(content), sources, actor="张会计", at=AT)
    for most, totals in ((1, ["5"]), (2, ["5", "10"]), (9, ["5", "10"]), (None, ["5", "10"])):
        found = find(settings, Criteria(at_most=Fraction("10.714285")), most)
        assert [each.evaluation.total for each in found] == totals


def test_what_a_firing_took_is_of_the_indicator_that_is_asked_for(tmp_path: Path) -> None:
    """The spot check takes 2 points of one indicator and 4 of the other; without one that is asked for, it is twice."""
    settings, _ = record_file(tmp_path, COMMERCE / "spot-check.yaml")
    taken = {}
    for indicator in (10, 11, None):
        [found] = find(settings, Criteria(indicator=indicator, clause="11.remark", lost=True))
        taken[indicator] = [firing.lost for firing in found.firings]
    assert taken == {10: [2], 11: [4], None: [2, 4]}
    assert find(settings, Criteria(indicator=9, clause="11.remark", lost=True)) == []
