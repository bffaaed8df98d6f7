"""The cache of compiled programs: one for each ruleset and choice of readings, and not too many."""

from __future__ import annotations

from tests.engine.mini import indicator, ruleset, sources
from workflow.programs import MOST_PROGRAMS, Programs


def test_a_program_is_compiled_once_for_each_choice_of_readings() -> None:
    """The same texts and readings give the same program."""
    cache = Programs()
    read = cache.ruleset(sources(ruleset(indicator({"award": 1}))))
    assert cache.ruleset(sources(ruleset(indicator({"award": 1})))) is read
    assert cache.program(read, {}) is cache.program(read, {})


def test_the_oldest_programs_go() -> None:
    """However many rulesets a long process meets, it keeps so many programs."""
    cache = Programs()
    first, *others = [
        cache.ruleset(sources(ruleset(indicator({"award": 1}), id=f"test/form/{number}")))
        for number in range(MOST_PROGRAMS + 1)
    ]
    kept = cache.program(first, {})
    for other in others:
        cache.program(other, {})
    assert cache.program(first, {}) is not kept
