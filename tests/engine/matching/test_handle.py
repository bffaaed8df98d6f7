"""The engine's handles: cleared after each evaluation, given up after a failure, never too many, fit for a fork."""

from __future__ import annotations

import gc
import json
import os
import resource
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import durable_rules_engine
import pytest

from engine.base.faults import Unavailable
from engine.matching.durable.handle import MAX_IDLE, Handle, Handles
from engine.matching.durable.stratum import DurableStratum
from engine.matching.interface import Join
from engine.matching.interface import Test as Computed
from tests.engine.matching.build import LIMIT, compare, fact, facts, named, nothing, rule

SENTINEL = '{"id":"0","t":0}'


def definition(*bodies: list[dict[str, Any]]) -> str:
    """Write a definition with a sentinel and one rule for each list of terms."""
    rules = {str(number): {"pri": 1, "all": [{"a": {"$and": terms}}]} for number, terms in enumerate(bodies)}
    return json.dumps({"go": {"pri": 1, "all": [{"a": {"$and": [{"t": 0}]}}]}, **rules})


def matched(stratum: DurableStratum, *names: str) -> set[tuple[int, tuple[str, ...]]]:
    given = facts(*(fact("T", name, x=1) for name in names))
    return named(stratum.matches(given, [0], None, nothing, LIMIT))


def test_a_session_begins_and_ends_without_facts() -> None:
    """Nothing of one evaluation is left for the next."""
    handle = Handle(definition([{"t": 1}]), SENTINEL)
    for _ in range(2):
        with handle:
            assert list(handle.firings()) == []
            handle.put('{"id":"1","t":1}')
            assert list(handle.firings()) == ['{"0":{"a":{"id":"1","t":1}}}']
            assert list(handle.firings()) == []
    given_back = handle._release
    del handle
    assert not given_back.alive


def test_a_session_that_fired_nothing_can_be_ended() -> None:
    """Deleting a session that never ran an action aborts the process, unless one was run in it before."""
    handle = Handle(definition([{"t": 1}]), SENTINEL)
    for _ in range(3):
        with handle:
            handle.put('{"id":"1","t":2}')
    assert handle.alive


def test_a_session_left_in_the_middle_of_a_firing_can_be_ended() -> None:
    """An evaluation may stop at any firing, with an action of the engine still open."""
    handle = Handle(definition([{"t": 1}]), SENTINEL)
    for _ in range(3):
        with handle:
            for number in range(5):
                handle.put(f'{{"id":"{number}","t":1}}')
            assert next(handle.firings())
    with handle:
        handle.put('{"id":"9","t":1}')
        assert len(list(handle.firings())) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "error code: 204"),
        ('{"id":"1","t":1', "error code"),
        ('{"id":"1","t":1e+16}', "error code"),
        ('{"id":"7","t":1}', "answer 2 to"),
    ],
)
def test_after_a_failure_a_handle_is_dead(text: str, why: str) -> None:
    """What the engine holds after a failure is not known, so nothing more is asked of it."""
    handle = Handle(definition([{"t": 1}]), SENTINEL)
    with handle:
        handle.put('{"id":"7","t":1}')
        with pytest.raises(Unavailable, match=why):
            handle.put(text)
        assert not handle.alive
    with pytest.raises(Unavailable, match="error code: 111"):
        handle.put('{"id":"8","t":1}')


@pytest.mark.parametrize("step", ["start_action_for_state", "complete_and_start_action", "delete_state"])
@pytest.mark.parametrize("failure", [durable_rules_engine.error, MemoryError])
def test_a_failure_at_any_step_is_reported_and_the_next_evaluation_gets_a_new_handle(
    step: str, failure: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every call of the engine may fail, and each is checked."""
    stratum = DurableStratum([rule(0, ["T"], compare(0, "x", "==", 1))])
    assert matched(stratum, "a") == {(0, ("a",))}

    def fails(*_: object) -> None:
        raise failure("broken")

    with monkeypatch.context() as broken:
        broken.setattr(durable_rules_engine, step, fails)
        with pytest.raises(Unavailable, match="The rule engine failed: broken"):
            matched(stratum, "b")
    assert matched(stratum, "c") == {(0, ("c",))}


def test_a_definition_that_the_engine_refuses_is_reported() -> None:
    """A refused definition is an error of this program, and says so."""
    with pytest.raises(Unavailable, match="The rule engine failed: Could not create ruleset"):
        Handle('{"r":{"pri":"high"}}', SENTINEL)


def test_a_definition_without_its_sentinel_is_refused() -> None:
    """Without the sentinel the first session could not be ended."""
    with pytest.raises(Unavailable, match="the sentinel did not fire"):
        Handle('{"r":{"pri":1,"all":[{"a":{"$and":[{"t":1}]}}]}}', SENTINEL)


def test_an_exception_in_a_condition_leaves_the_next_evaluation_clean() -> None:
    """A condition is Python, and may fail in the midst of the engine's firings."""

    def fails(*_: object) -> bool:
        raise ZeroDivisionError

    stratum = DurableStratum([rule(0, ["T"]), rule(1, ["T", "T"], Join(0, "x", 1, "x"), Computed((0, 1), fails))])
    given = facts(*(fact("T", str(number), x=1) for number in range(100)))
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            stratum.matches(given, [0, 1], None, nothing, LIMIT)
        assert matched(stratum, "a") == {(0, ("a",))}


def test_an_exception_in_a_derivation_leaves_the_next_evaluation_clean() -> None:
    """A derivation may fail while sessions are open."""

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    stratum = DurableStratum([rule(0, ["T"], derives=True)])
    with pytest.raises(ZeroDivisionError):
        stratum.matches(facts(fact("T", "a")), [0], None, fails, LIMIT)
    assert matched(stratum, "b") == {(0, ("b",))}


def test_a_child_process_goes_on_even_from_the_middle_of_an_evaluation(tmp_path: Path) -> None:
    """A child has a copy of the handles, and of a session that the parent was in."""
    stratum = DurableStratum([rule(0, ["T", "T"], Computed((0, 1), lambda _, act: act()))])
    reported = tmp_path / "reported"

    def fork() -> bool:
        if not reported.exists() and os.fork() == 0:
            seen: Callable[[], bool] = lambda: True  # noqa: E731
            rows = stratum.matches(facts(fact("T", "child")), [0], seen, nothing, LIMIT)
            reported.write_text(repr(named(rows)))
            os._exit(0)
        if not reported.exists():
            os.wait()
        return True

    found = stratum.matches(facts(fact("T", "parent")), [0], fork, nothing, LIMIT)
    assert named(found) == {(0, ("parent", "parent"))}
    assert reported.read_text() == "{(0, ('child', 'child'))}"


def handles_alive() -> int:
    return sum(isinstance(one, Handle) and one.alive for one in gc.get_objects())


def test_more_programs_than_the_engine_allows_sessions_do_no_harm() -> None:
    """1,025 sessions of one handle kill the process; here each has its handle, and gives it back with its program."""
    gc.collect()
    before = handles_alive()
    strata = [DurableStratum([rule(0, ["T"], compare(0, "x", "==", 1))]) for _ in range(1_100)]
    for stratum in (*strata, strata[0], strata[-1]):
        assert matched(stratum, "a") == {(0, ("a",))}
    assert handles_alive() == before + 1_100
    del strata, stratum
    assert handles_alive() == before


def test_a_handle_that_is_lent_is_lent_to_nobody_else() -> None:
    """Two sessions at once, of two threads or of one, have a handle each; a later one takes one of these again."""
    handles = Handles(definition([{"t": 1}]), SENTINEL)
    with handles.session() as first, handles.session() as second:
        assert first is not second
        for handle, number in ((first, 1), (second, 2)):
            handle.put(f'{{"id":"{number}","t":1}}')
        assert list(first.firings()) == ['{"0":{"a":{"id":"1","t":1}}}']
        assert list(second.firings()) == ['{"0":{"a":{"id":"2","t":1}}}']
        assert len(handles) == 0
    assert len(handles) == 2
    with handles.session() as third:
        assert third in (first, second)


def test_a_session_begins_once() -> None:
    """To begin another in the same handle would lose the facts of the first."""
    handle = Handle(definition([{"t": 1}]), SENTINEL)
    with handle, pytest.raises(Unavailable, match="its session has begun already"), handle:
        pass
    with handle:
        assert handle.alive


def test_few_handles_are_kept_however_many_were_lent() -> None:
    """The rest are given back to the engine."""
    gc.collect()
    handles, before = Handles(definition([{"t": 1}]), SENTINEL), handles_alive()
    with ExitStack() as sessions:
        for _ in range(MAX_IDLE + 5):
            sessions.enter_context(handles.session())
        assert handles_alive() == before + MAX_IDLE + 5
    assert len(handles) == MAX_IDLE
    assert handles_alive() == before + MAX_IDLE


def test_a_dead_handle_is_not_lent_again() -> None:
    """After a failure nothing is known of what the engine holds."""
    handles = Handles(definition([{"t": 1}]), SENTINEL)
    with handles.session() as first, pytest.raises(Unavailable):
        first.put("")
    assert len(handles) == 0
    with handles.session() as second:
        assert second is not first
        assert second.alive


def test_memory_stays_flat_over_many_evaluations() -> None:
    """Neither evaluations nor failed ones leave anything behind."""
    rules = [
        rule(0, ["T", "T"], Join(0, "x", 1, "x")),
        rule(1, ["T"], compare(0, "x", ">", 1), Computed((0,), lambda _, act: act())),
        rule(2, ["T"], compare(0, "x", "==", 1), derives=True),
        *(rule(number, ["T"], compare(0, "x", "<", number)) for number in range(3, 80)),
    ]
    stratum = DurableStratum(rules)
    given = facts(*(fact("T", str(number), x=number % 7) for number in range(40)))
    derived = fact("T", "derived", x=6)

    def fails() -> bool:
        raise ZeroDivisionError

    def run(times: int) -> int:
        for _ in range(times):
            stratum.matches(given, range(80), lambda: True, lambda _, __: derived, LIMIT)
            with pytest.raises(ZeroDivisionError):
                stratum.matches(given, range(80), fails, nothing, LIMIT)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = run(50)
    assert run(150) - before < 4_000
