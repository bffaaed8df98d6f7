"""What an evaluation would have come to: the changed facts are checked and scored like a facts file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import pytest

from audit.ledger.ledger import Ledger
from engine.base.faults import FactsError, FenmingError, NotFound, UsageFault
from engine.base.places import Place
from engine.documents.node import from_plain
from engine.facts.read import facts_document, read_facts
from engine.facts.written import recorded_digests, written_facts
from engine.receipt import facts_of
from engine.receipt.make import make_receipt
from engine.scoring.evaluate import evaluate
from tests.workflow.recorded import COMMERCE, PROJECT, record_file
from workflow.ledger import open_ledger
from workflow.programs import PROGRAMS
from workflow.score import score
from workflow.settings import Settings
from workflow.what_if import Changes, WhatIf, what_if

EXAMPLES = [*sorted(COMMERCE.glob("*.yaml")), PROJECT]


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_written_facts_are_the_facts(file: Path) -> None:
    """The facts of a receipt, written as in a facts file and read back, give the same receipt, byte for byte."""
    scored = score(str(file), Settings())
    content, ruleset = scored.receipt.content, scored.ruleset
    recorded = facts_of(content, ruleset.facts)
    document = facts_document(from_plain(written_facts(ruleset.id, recorded, ruleset.facts), Place("again")))
    facts = read_facts(document, ruleset.facts, ruleset.conversions, recorded_digests(recorded))
    again = make_receipt(evaluate(PROGRAMS.program(ruleset, content.readings), facts))
    assert again.text == scored.receipt.text


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger of the printed form."""
    settings, _ = record_file(tmp_path, COMMERCE / "as-printed.yaml")
    with closing(open_ledger(settings)) as opened:
        yield opened


def differing(found: WhatIf) -> dict[int, Fraction]:
    """Return the differences by indicator."""
    return {e.line.number: Fraction(e.points.difference) for e in found.comparison.indicators if e.points.difference}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (Changes(values=(("实际吸收外资", "21"),)), "no-such-fact"),
        (Changes(values=(("GOAL.nonsense", "21"),)), "no-such"),
        (Changes(dropped=("T99",)), "no-such-fact"),
        (Changes(values=(("T02.方向", "约等于"),)), "facts"),
        (Changes(values=(("T02.actual", "many"),)), "facts"),
        (Changes(values=(("T02.unit", ""),)), "facts"),
    ],
)
def test_what_is_not_there_or_not_right_is_named(ledger: Ledger, changes: Changes, expected: str) -> None:
    """As a facts file would be refused."""
    with pytest.raises(FenmingError) as refused:
        what_if(ledger, "latest", changes)
    assert isinstance(refused.value, NotFound | FactsError)
    assert expected in " ".join(fault.code for fault in refused.value.faults) or expected == "facts"


def test_nothing_to_change_is_wrong_usage(ledger: Ledger) -> None:
    """It says how to give a change."""
    with pytest.raises(UsageFault, match="--set"):
        what_if(ledger, "latest", Changes())


def test_a_value_is_set_by_name_or_title(ledger: Ledger) -> None:
    """165 insured enterprises score in full what 177 score by half."""
    for field in ("actual", "实际完成值"):
        found = what_if(ledger, "latest", Changes(values=((f"T02.{field}", "165"),)))
        assert differing(found) == {1: Fraction(3, 4)}
        assert found.changed.content.total == "93.04"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("123", "123"),
        ("a: b", "a: b"),
        ("#7", "#7"),
        ("[一", "[一"),
        ("是", "是"),
        ("上半年\n下半年", "上半年\n下半年"),
        ('"7"', "7"),
        ("'it''s'", "it's"),
    ],
)
def test_a_text_needs_no_quotes(ledger: Ledger, written: str, text: str) -> None:
    """What YAML would read as another value, or not at all, is a text in a field that holds one."""
    found = what_if(ledger, "latest", Changes(values=(("goal-1.completion", written),)))
    assert found.changed.facts["goal-1"].values["completion"] == text


def test_a_fact_is_dropped_and_a_file_added(ledger: Ledger, tmp_path: Path) -> None:
    """A finding takes half a point; what is dropped is no longer asked."""
    file = tmp_path / "more.yaml"
    file.write_text(
        "事实:\n  审计和财会监督发现问题:\n"
        "    - {编号: F9, 问题: 票据不全, 意见年度: 2024, 出具单位: 市审计局, 文书: 审〔2024〕9号,\n"
        "       to_be_rectified: 是, funds_diverted: 否, repeated_or_unrectified: 否}\n",
        "utf-8",
    )
    found = what_if(ledger, "latest", Changes(added=(str(file),)))
    assert differing(found) == {11: Fraction(-1, 2)}
    dropped = what_if(ledger, "latest", Changes(dropped=("T02",)))
    assert set(differing(dropped)) == {1}


def test_decimals_and_empty_lists_are_taken(ledger: Ledger, tmp_path: Path) -> None:
    """A file may state that there are none of a kind, which assesses what was left open for want of it."""
    assert what_if(ledger, "latest", Changes(values=(("T02.actual", "164.5"),))).changed.content.total == "93.04"
    file = tmp_path / "more.yaml"
    file.write_text("facts: {monitoring_warning: [], key_evaluation: [], criterion: []}\n", "utf-8")
    found = what_if(ledger, "latest", Changes(added=(str(file),)))
    assert {"monitoring_warning", "key_evaluation"} <= set(found.changed.content.stated)


def test_a_fact_is_called_by_a_text_of_its_own(ledger: Ledger) -> None:
    """Where no other has it."""
    found = what_if(ledger, "latest", Changes(values=(("支持购买进出口信用保险企业数.actual", "165"),)))
    assert differing(found) == {1: Fraction(3, 4)}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (Changes(values=(("T02.actual", "1"), ("T02.actual", "2"))), "option.value-twice"),
        (Changes(values=(("T02.actual", "1"),), dropped=("T02",)), "option.dropped-and-set"),
    ],
)
def test_changes_that_contradict_each_other_are_refused(ledger: Ledger, changes: Changes, code: str) -> None:
    """Nobody guesses which one counts."""
    with pytest.raises(UsageFault) as refused:
        what_if(ledger, "latest", changes)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_the_facts_of_another_case_are_refused(ledger: Ledger, tmp_path: Path) -> None:
    """And those that are there already are reported, by where they are."""
    file = tmp_path / "more.yaml"
    for head, code in (("案卷: {部门: 旁局, 年度: 2024}\n", "facts.other-case"), ("", "facts.duplicate-id")):
        again = "{id: T02, name: 甲, kind: 产出, direction: ≥, target: 1, actual: 1, unit: 家}"
        file.write_text(f"{head}facts: {{performance_target: [{again}]}}\n", "utf-8")
        with pytest.raises(FactsError) as refused:
            what_if(ledger, "latest", Changes(added=(str(file),)))
        assert code in [fault.code for fault in refused.value.faults]
        assert "None" not in str(refused.value)


def test_another_reading_is_another_score(ledger: Ledger) -> None:
    """By the name that the ruleset or the receipt has for the alternative."""
    found = what_if(ledger, "latest", Changes(readings={"R10": "each-part"}))
    assert found.changed.content.readings["R10"] == "each-part"
    before = ledger.count()
    assert before == 1, "nothing was recorded"


def test_what_is_not_changed_stays_as_it_was(tmp_path: Path) -> None:
    """The recorded readings, an amount in the unit in which it was given, and the digest of a file that is gone."""
    text = (COMMERCE / "as-printed.yaml").read_text("utf-8").replace("total: 14541.34 万元", "total: 1.454134 亿元")
    titled = "{title: 2024年国际贸易单一窗口江门分平台推广与运维服务项目结果公告}"
    (tmp_path / "case.yaml").write_text(text.replace(titled, f"{titled[:-1]}, file: notice.txt}}"), "utf-8")
    (tmp_path / "notice.txt").write_text("公告", "utf-8")
    settings, _ = record_file(tmp_path, tmp_path / "case.yaml", {"R10": "each-part"})
    (tmp_path / "notice.txt").unlink()
    with closing(open_ledger(settings)) as opened:
        found = what_if(opened, "latest", Changes(values=(("T02.actual", "165"),)))
    before, after = found.recorded.shown.case, found.changed
    assert after.content.readings == before.content.readings
    assert after.content.readings["R10"] == "each-part"
    assert after.facts["annual_budget"] == before.facts["annual_budget"]
    assert after.facts["annual_budget"].converted == {"total": "1.454134 亿元"}
    assert [fact for fact in after.content.facts if fact.id != "T02"] == [
        fact for fact in before.content.facts if fact.id != "T02"
    ]
    assert any(item.sha256 for fact in after.content.facts for item in fact.evidence)
