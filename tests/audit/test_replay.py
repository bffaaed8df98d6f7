"""Laws of replay: the same bytes, or a difference that names what changed, from the ledger alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audit.ledger.ledger import Ledger
from audit.replay import Difference, ReplayResult, replay
from audit.tables.records import RecordedEvaluation
from engine.base.faults import EvaluationError, problem
from engine.base.messages import msg
from engine.base.sources import Sources, sha256
from engine.receipt import Content, Receipt, write_receipt
from tests.audit.receipts import ACTOR, AT, as_receipt, make_content, make_receipt, make_sources


@pytest.fixture
def recorded(ledger: Ledger) -> RecordedEvaluation:
    """An evaluation in the ledger."""
    return ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)


def replay_changed(
    ledger: Ledger, evaluation: RecordedEvaluation, change: Callable[[dict[str, Any]], object]
) -> ReplayResult:
    """Replay with an engine that gives the stored receipt with a change."""
    content = make_content()
    change(content)
    return replay(ledger, evaluation.id, lambda _sources, _content: as_receipt(content))


def test_the_same_bytes_are_the_same(ledger: Ledger, recorded: RecordedEvaluation) -> None:
    """A replay gets the texts and the stored content, and no difference where the bytes agree."""
    seen: list[tuple[Sources, Content]] = []

    def recompute(sources: Sources, content: Content) -> Receipt:
        seen.append((sources, content))
        return write_receipt(content)

    result = replay(ledger, "latest", recompute)
    assert result.same
    assert (result.evaluation, result.differences, result.refusal) == (recorded, (), None)
    assert seen == [(make_sources(), make_receipt().content)]


def test_a_changed_formula_is_named_with_was_and_now(ledger: Ledger, recorded: RecordedEvaluation) -> None:
    """A changed value is reported by firing and field, not by position."""

    def change(content: dict[str, Any]) -> None:
        content["firings"][6]["formulas"][0].update(numbers="15 / 5", value="3")
        content["postings"][2].update(asked="3", kept="3", lost="0.75")
        content["indicators"][0].update(kept="10.5", lost="4.5")
        content["indicators"][0]["parts"][0].update(kept="10.5", lost="4.5")
        content["levels"][0].update(kept="10.5", lost="4.5")
        content["total"] = "10.5"

    result = replay_changed(ledger, recorded, change)
    assert not result.same
    firing, posting = "1/share (completion(T2))", "1 whole award 1/share (completion(T2))"
    assert list(result.differences) == [
        Difference("firing", firing, "changed", "formulas/points/numbers", "15 / 4", "15 / 5"),
        Difference("firing", firing, "changed", "formulas/points/value", "3.75", "3"),
        Difference("posting", posting, "changed", "asked", "3.75", "3"),
        Difference("posting", posting, "changed", "kept", "3.75", "3"),
        Difference("posting", posting, "changed", "lost", "0", "0.75"),
        Difference("indicator", "1", "changed", "kept", "11.25", "10.5"),
        Difference("indicator", "1", "changed", "lost", "3.75", "4.5"),
        Difference("indicator", "1", "changed", "parts/whole/kept", "11.25", "10.5"),
        Difference("indicator", "1", "changed", "parts/whole/lost", "3.75", "4.5"),
        Difference("level", "履职效能", "changed", "kept", "11.25", "10.5"),
        Difference("level", "履职效能", "changed", "lost", "3.75", "4.5"),
        Difference("total", "", "changed", "total", "11.25", "10.5"),
    ]
    assert str(result.differences[1].message) == f"Firing {firing}: “formulas/points/value” was 3.75, is now 3."
    assert str(result.differences[-1].message) == "The total: “total” was 11.25, is now 10.5."


def test_a_changed_result_is_named_with_was_and_now(ledger: Ledger, recorded: RecordedEvaluation) -> None:
    """By its name, as is one that is gone."""

    def change(content: dict[str, Any]) -> None:
        content["firings"][8]["formulas"][0]["value"] = content["results"][0]["value"] = "10.5"
        content["results"].pop()

    result = replay_changed(ledger, recorded, change)
    assert [(each.section, each.name, each.kind, each.field, each.now) for each in result.differences] == [
        ("firing", "kept/given", "changed", "formulas/result/value", "10.5"),
        ("result", "kept", "changed", "value", "10.5"),
        ("result", "advice", "missing", "", ""),
    ]
    assert str(result.differences[1].message) == "Result kept: “value” was 11.25, is now 10.5."


def test_missing_and_extra_firings_are_named(ledger: Ledger, recorded: RecordedEvaluation) -> None:
    """A firing that is gone shifts the others without accusing them."""

    def change(content: dict[str, Any]) -> None:
        gone = content["firings"].pop(4)
        content["firings"].append({**gone, "rule": "1/other"})
        for posting in content["postings"]:
            posting["firing"] = 8 if posting["firing"] == 4 else posting["firing"] - 1
        content["results"][0]["firings"] = [7]

    result = replay_changed(ledger, recorded, change)
    assert [(each.section, each.name, each.kind) for each in result.differences] == [
        ("firing", "1/share (completion(T0))", "missing"),
        ("firing", "1/other (completion(T0))", "extra"),
        ("posting", "1 whole award 1/share (completion(T0))", "missing"),
        ("posting", "1 whole award 1/other (completion(T0))", "extra"),
    ]
    assert "was recorded, but does not come out now" in str(result.differences[0].message)
    assert "comes out now, but was not recorded" in str(result.differences[1].message)


AWARD = "1/share (completion(T1))"
COUNT = "count(completion)"


def _head(content: dict[str, Any]) -> None:
    content["readings"]["R1"] = "fails"
    content["ruleset"]["digest"] = "0"
    content["stated"] = []


def _double(content: dict[str, Any]) -> None:
    content["firings"].append(content["firings"][7])


def _no_facts(content: dict[str, Any]) -> None:
    content["firings"].append({**content["firings"][0], "rule": "1/@rounding", "facts": []})


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda c: c["facts"][1]["values"].update(actual="367"), [("fact", "T1", "changed", "values/actual")]),
        (lambda c: c["facts"][1]["values"].update(met=False), [("fact", "T1", "changed", "values/met")]),
        (lambda c: c["facts"][0].update(assumed=""), [("fact", "T0", "changed", "assumed")]),
        (lambda c: c["derived"][3]["values"].pop("rate"), [("derived", "completion(T3)", "changed", "values/rate")]),
        (lambda c: c["derived"][0].update(firing=1), [("derived", "completion(T0)", "changed", "firing")]),
        (lambda c: c["aggregates"][0].update(facts=[]), [("aggregate", COUNT, "changed", "facts")]),
        (lambda c: c["firings"][5]["aggregates"].clear(), [("firing", AWARD, "changed", f"aggregates/{COUNT}")]),
        (lambda c: c["firings"][5]["clauses"].append("1.2"), [("firing", AWARD, "changed", "clauses")]),
        (lambda c: c["firings"][5]["says"].update(en="!"), [("firing", AWARD, "changed", "says/en")]),
        (lambda c: c.update(grade="优"), [("total", "", "changed", "grade")]),
        (lambda c: c.update(semantics=2), [("head", "", "changed", "semantics")]),
        (lambda c: c["indicators"].clear(), [("indicator", "1", "missing", "")]),
        (lambda c: c["levels"].pop(), [("level", "履职效能 / 整体效能", "missing", "")]),
        (lambda c: c["indicators"][0].update(claimed=None), [("indicator", "1", "changed", "claimed")]),
        (_head, [("head", "", "changed", field) for field in ("ruleset/digest", "readings/R1", "stated")]),
        (_double, [("firing", "1/share (completion(T3))", "extra", "")]),
        (_no_facts, [("firing", "1/@rounding", "extra", "")]),
    ],
)  # fmt: skip
def test_a_difference_is_precise(
    ledger: Ledger,
    recorded: RecordedEvaluation,
    change: Callable[[dict[str, Any]], object],
    expected: list[tuple[str, str, str, str]],
) -> None:
    """One change gives its difference and no other, and each can be said in a sentence."""
    result = replay_changed(ledger, recorded, change)
    assert sorted((d.section, d.name, d.kind, d.field) for d in result.differences) == sorted(expected)
    assert not result.same
    assert all(str(each.message) for each in result.differences)


def test_another_order_is_a_difference(ledger: Ledger, recorded: RecordedEvaluation) -> None:
    """Lines that are all there but in another order are reported by the first byte that differs."""
    result = replay_changed(ledger, recorded, lambda content: content["facts"].reverse())
    assert [(each.section, each.kind) for each in result.differences] == [("receipt", "changed")]
    assert result.differences[0].was != result.differences[0].now
    assert "The receipt's text: “byte " in str(result.differences[0].message)


def test_other_bytes_with_the_same_content_are_a_difference(ledger: Ledger, recorded: RecordedEvaluation) -> None:
    """A receipt that only continues after the stored one is not the same."""
    was = make_receipt()
    text = was.text + b"\n"
    result = replay(ledger, recorded.id, lambda _sources, _content: Receipt(was.content, text, sha256(text)))
    assert not result.same
    assert [each.field for each in result.differences] == [f"byte {len(was.text)}"]


def test_a_case_that_is_refused_today_is_not_the_same(ledger: Ledger, recorded: RecordedEvaluation) -> None:
    """An engine that refuses a stored case is a difference with its own words."""

    def refuse(_sources: Sources, _content: Content) -> Receipt:
        raise EvaluationError.because(
            problem("evaluation.division-by-zero", "A rule divides by zero."), msg("Correct it.")
        )

    result = replay(ledger, recorded.id, refuse)
    assert not result.same
    assert result.now is None
    assert "divides by zero" in str(result.refusal)
