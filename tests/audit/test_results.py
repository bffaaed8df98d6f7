"""Verification refuses a result that is not what its firings give."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from engine.base.sources import canonical
from engine.receipt import ReceiptError, read_receipt
from engine.receipt.results import result_faults
from tests.audit.test_balance import contents
from tests.engine.mini import fact, indicator, ruleset, scored

DOCUMENT = ruleset(
    indicator({"award": "10"}),
    results={
        "pay": {"cites": ["1.1"], "unit": "万元", "rules": [{"each": "project", "result": "it.amount"}]},
        "word": {"cites": ["1.1"], "choices": ["好", "差"], "rules": [{"result": "'好'"}]},
        "none": {"cites": ["1.1"], "optional": True, "rules": [{"when": "score(1) > 10", "result": "1"}]},
        "rate": {"cites": ["1.1"], "kind": "percent", "rules": [{"result": "50%"}]},
        "half": {"cites": ["1.1"], "kind": "percent", "rules": [{"result": "score(1) / 20"}]},
    },
)


def content() -> Any:
    """Return what a receipt says: a result of two firings, one without a value, and three of one firing."""
    facts = (fact("project", name, name="a", amount=3, met=True, kind="甲", score=1) for name in ("A", "B"))
    return json.loads(scored(DOCUMENT, *facts).text)


def refused(changed: Any) -> bool:
    """Return whether a receipt is refused: by its reader, or for its results."""
    try:
        return any(True for _ in result_faults(read_receipt(canonical(changed)).content))
    except ReceiptError:
        return True


def _value(said: Any) -> None:
    said["results"][0]["value"] = "4"


def _formula(said: Any) -> None:
    [line] = said["firings"][said["results"][0]["firings"][1]]["formulas"]
    line["value"] = "4"


def _no_value(said: Any) -> None:
    said["results"][0]["value"] = None


def _left_out(said: Any) -> None:
    del said["results"][1]


def _all_left_out(said: Any) -> None:
    del said["results"]


def _firing_left_out(said: Any) -> None:
    said["results"][0]["firings"].pop()


def _firing_twice(said: Any) -> None:
    said["results"][0]["firings"] *= 2


def _firing_of_another(said: Any) -> None:
    said["results"][1]["firings"] = said["results"][0]["firings"][:1]


def _award_as_firing(said: Any) -> None:
    number = next(n for n, firing in enumerate(said["firings"]) if firing["action"] == "award")
    said["results"][2].update(firings=[number], value="10", status="settled")


def _firing_that_is_not_there(said: Any) -> None:
    said["results"][0]["firings"].append(len(said["firings"]))


def _open(said: Any) -> None:
    said["results"][0].update(status="open", value=None)


def _none(said: Any) -> None:
    said["results"][0].update(status="none", value=None)


def _invented(said: Any) -> None:
    said["results"][2].update(status="settled", value="1")


def _named_twice(said: Any) -> None:
    said["results"].append({**said["results"][2]})


def _swapped(said: Any) -> None:
    one, other = said["results"][3:5]
    one["firings"], other["firings"] = other["firings"], one["firings"]


def _waits_for_what_is_assessed(said: Any) -> None:
    said["results"][4].update(status="open", value=None, unassessed=[1])


def _waits_for_what_is_not_there(said: Any) -> None:
    said["results"][4].update(status="open", value=None, unassessed=[7])


def _percentage_with_a_unit(said: Any) -> None:
    said["results"][0]["kind"] = "percent"


def _text_as_number(said: Any) -> None:
    said["results"][1]["kind"] = "number"


def _number_as_date(said: Any) -> None:
    said["results"][3]["kind"] = "date"


FORGERIES = [
    _value, _formula, _no_value, _left_out, _all_left_out, _firing_left_out, _firing_twice, _firing_of_another,
    _award_as_firing, _firing_that_is_not_there, _open, _none, _invented, _named_twice, _swapped,
    _waits_for_what_is_assessed, _waits_for_what_is_not_there, _percentage_with_a_unit, _text_as_number,
    _number_as_date,
]  # fmt: skip


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__.strip("_"))
def test_a_forged_result_is_refused(forge: Callable[[Any], None]) -> None:
    """Whatever was altered: a value, a firing, a status."""
    said = content()
    assert not refused(said)
    forge(said)
    assert refused(said)


@pytest.mark.parametrize("seed", range(10))
def test_what_the_engine_makes_is_accepted(seed: int) -> None:
    """Random results of random cases; and no value of one can be altered."""
    for said in contents(seed):
        assert not refused(said)
        for number, line in enumerate(said["results"]):
            if line["value"] is not None:
                changed = copy.deepcopy(said)
                changed["results"][number]["value"] = f"{line['value']}1"
                assert refused(changed)
