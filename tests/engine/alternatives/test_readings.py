"""The range over readings is that of all combinations, each scored by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from random import Random
from typing import Any

import pytest

from engine.alternatives.readings import Readings, readings_of
from engine.base.faults import InvalidInput, RulesetError
from engine.base.numbers import Number
from engine.base.sources import Sources
from engine.facts.model import Facts
from engine.program import compile_ruleset
from engine.receipt.make import firing_numbers, make_receipt
from engine.ruleset import Ruleset, read_ruleset
from engine.scoring.evaluate import evaluate
from engine.scoring.evaluation import Evaluation, possible_grades
from tests.engine.generate import random_facts, random_sources
from tests.engine.mini import case, fact, indicator, ruleset, sources

SEEDS = range(25)
GRADES = [{"name": name, "from": line} for name, line in (("优", 12), ("良", 8), ("中", 4), ("差", 0))]


def reading(name: str, alternatives: Sequence[str], clause: str = "1.1") -> dict[str, Any]:
    """Return a reading whose first alternative is chosen."""
    return {
        "clause": clause,
        "question": {"zh": f"{name}怎样理解？", "en": f"What does {name} mean?"},
        "chosen": alternatives[0],
        "alternatives": {each: {"zh": f"按{each}", "en": f"by {each}", "scores": "0"} for each in alternatives},
        "authority": "无",
        "decided": {"by": "某", "on": "2024-01-01"},
    }


def with_readings(found: Sources, random: Random) -> Sources:
    """Return a random ruleset in which two more readings decide rules and parameters here and there."""
    document = json.loads(found.files["ruleset.yaml"])
    register = {"R2": ("甲", "乙"), "R3": ("子", "丑", "寅")}
    document["grades"] = GRADES
    document["readings"] |= {name: reading(name, alternatives) for name, alternatives in register.items()}
    rules = [rule for each in document["indicators"] for rule in each.get("rules", ())]
    for rule in [*rules, *document["total"]["rules"], *document["checks"]]:
        if random.random() < 0.25:
            names = random.sample(("R1", "R2", "R3"), random.choice((1, 1, 2)))
            rule["under"] = {name: random.choice(list(document["readings"][name]["alternatives"])) for name in names}
    if random.random() < 0.3:
        document["total"]["rules"].append({"id": "most", "cites": ["1.1"], "cap": random.choice(("3", "6", "9"))})
    if random.random() < 0.4:
        name = random.choice(("R2", "R3"))
        document["parameters"]["line"]["under"] = {name: {register[name][1]: "1"}}
    return Sources({**found.files, "ruleset.yaml": json.dumps(document, ensure_ascii=False, indent=1)})


def combinations(found: Ruleset) -> Iterator[dict[str, str]]:
    """Yield every combination of alternatives."""
    register = found.readings
    for chosen in product(*(reading.alternatives for reading in register.values())):
        yield dict(zip(register, chosen, strict=True))


def brute(found: Ruleset, facts: Facts) -> list[tuple[Number, Number, list[str]]]:
    """Return the lowest and highest total and the grades of each combination that has a score."""
    reached = []
    for choices in combinations(found):
        try:
            total = evaluate(compile_ruleset(found, choices), facts).outcome
        except InvalidInput:
            continue
        top = total.kept + total.open
        reached.append((total.kept, top, possible_grades(found.grades, total.kept, top)))
    return reached


def asked(found: Ruleset, facts: Facts, readings: Mapping[str, str] | None = None) -> Readings:
    """Return how far the score of a case depends on readings."""
    return readings_of(evaluate(compile_ruleset(found, readings), facts), lambda chosen: compile_ruleset(found, chosen))


def scored(found: Ruleset, facts: Facts) -> Evaluation | None:
    """Return a case as the ruleset chooses; None where it has no score."""
    try:
        return evaluate(compile_ruleset(found), facts)
    except InvalidInput:
        return None


@pytest.mark.parametrize("seed", SEEDS)
def test_the_range_is_that_of_every_combination(seed: int) -> None:
    """Whatever readings decide: rules, thresholds, caps of levels, what is left out of the total."""
    found, facts, recorded = drawn(Random(seed))
    assert_range(found, recorded, facts)


def drawn(random: Random) -> tuple[Ruleset, Facts, Evaluation]:
    """Draw rulesets until one can be compiled under all its readings and scores a case."""
    while True:
        found = read_ruleset(with_readings(random_sources(random), random))
        facts = random_facts(random)
        try:
            for choices in combinations(found):
                compile_ruleset(found, choices)
        except RulesetError:
            continue  # a rule names what is not there in another reading
        if (recorded := scored(found, facts)) is not None:
            return found, facts, recorded


def assert_range(found: Ruleset, recorded: Evaluation, facts: Facts) -> None:
    """See that the range is that of each combination, scored by itself, and that its ends are reached as it says."""
    every = brute(found, facts)
    answer = readings_of(recorded, lambda chosen: compile_ruleset(found, chosen)).range
    assert (answer.low.total, answer.high.total) == (min(each[0] for each in every), max(each[1] for each in every))
    assert set(answer.grades) == {name for each in every for name in each[2]}
    assert (answer.scored, answer.is_exact) == (len(every), True)
    for extreme, which in ((answer.low, 0), (answer.high, 1)):
        assert extreme.choices is not None
        total = evaluate(compile_ruleset(found, dict(extreme.choices)), facts).outcome
        assert (total.kept, total.kept + total.open)[which] == extreme.total


def simple(random: Random) -> Ruleset:
    """Return a ruleset in which each indicator has a reading of its own, and something may act on their sum."""
    register = {f"R{number}": ("甲", "乙", "丙")[: random.randint(2, 3)] for number in (1, 2, 3)}
    indicators = []
    for number, (name, alternatives) in enumerate(register.items(), 1):
        rules = [award(str(random.randint(0, 10)), under={name: each}) for each in alternatives]
        if random.random() < 0.4:
            rules[-1] = {"not_applicable": "excluded", "under": rules[-1]["under"]}
        path = ["一级", random.choice(("二级", "另二级"))]
        indicators.append(indicator(*rules, number=number, path=path))
    if random.random() < 0.3:
        indicators.append(indicator({"not_applicable": "excluded"}, number=4))
    total: list[dict[str, Any]] = []
    if random.random() < 0.4:
        total.append({"cap": str(random.randint(3, 24)), **random.choice(({}, {"level": "二级"}))})
    if random.random() < 0.2:
        total.append({"override": "9", "level": "二级"})
    if random.random() < 0.3:
        total[-1:] = [{**rule, "under": {"R1": "甲"}} for rule in total[-1:]]
    document = ruleset(
        *indicators,
        readings={name: reading(name, alternatives) for name, alternatives in register.items()},
        grades=GRADES,
        total={
            "rescale": "applicable",
            "rules": [{"id": f"t{number}", "cites": ["1.1"], **rule} for number, rule in enumerate(total)],
        },
    )
    return read_ruleset(sources(document))


@pytest.mark.parametrize("seed", range(60))
def test_what_acts_on_a_sum_joins_what_adds_to_it(seed: int) -> None:
    """Caps and overrides of levels and the total, and what is left out of it."""
    random = Random(seed)
    while True:
        try:
            found = simple(random)
            recorded = evaluate(compile_ruleset(found), case())
            break
        except InvalidInput:
            continue  # no level of that name, or nothing applies
    assert_range(found, recorded, case())


def award(points: str, **more: Any) -> dict[str, Any]:
    """Return a rule that gives points."""
    return {"award": points, **more}


def two_apart(**more: Any) -> Ruleset:
    """Return a ruleset of two indicators, each with a reading of its own."""
    document = ruleset(
        indicator(award("10", under={"R1": "多"}), award("4", under={"R1": "少"})),
        indicator(award("10", under={"R2": "多"}), award("3", under={"R2": "少"}), number=2),
        readings={"R1": reading("R1", ("多", "少")), "R2": reading("R2", ("多", "少"))},
        grades=[{"name": "优", "from": 15}, {"name": "中", "from": 10}, {"name": "差", "from": 0}],
        **more,
    )
    return read_ruleset(sources(document))


def test_readings_that_share_nothing_are_apart() -> None:
    """They are two groups of two combinations, and what both change adds up."""
    answer = asked(two_apart(), case())
    assert [(group.readings, group.indicators) for group in answer.groups] == [(("R1",), (1,)), (("R2",), (2,))]
    assert (answer.range.low.total, answer.range.high.total) == (7, 20)
    assert answer.range.low.choices == (("R1", "少"), ("R2", "少"))
    assert answer.range.grades == ("优", "中", "差")
    [outcome] = [each.outcome for each in answer.readings[0].alternatives if not each.is_recorded]
    assert outcome is not None
    assert [(each.indicator, each.recorded.kept, each.here.kept) for each in outcome.changes] == [(1, 10, 4)]
    assert (outcome.total.kept, outcome.grades) == (14, ("中",))


def test_a_cap_of_the_total_joins_them() -> None:
    """What limits the sum makes what they change depend on each other."""
    limited = two_apart(total={"rules": [{"id": "most", "cites": ["1.1"], "cap": "12"}]})
    answer = asked(limited, case())
    assert [group.readings for group in answer.groups] == [("R1", "R2")]
    assert (answer.range.low.total, answer.range.high.total) == (7, 12)


def test_what_only_a_combination_does_joins_its_readings() -> None:
    """Though neither reading changes anything by itself."""
    document = ruleset(
        indicator({"deduct": "8", "under": {"R1": "少", "R2": "少"}}, method="deduct"),
        readings={"R1": reading("R1", ("多", "少")), "R2": reading("R2", ("多", "少"))},
    )
    answer = asked(read_ruleset(sources(document)), case())
    assert [group.readings for group in answer.groups] == [("R1", "R2")]
    assert answer.range.low.choices == (("R1", "少"), ("R2", "少"))
    assert answer.range.low.total == 2
    assert not any(each.decides for each in answer.readings)


def test_what_cannot_be_scored_is_listed() -> None:
    """With the fewest choices that come to it; the range is that of the others, and says how many."""
    document = ruleset(
        indicator(
            award("10", under={"R1": "多"}),
            award("10 / count(project)", under={"R1": "少"}),
        ),
        readings={"R1": reading("R1", ("多", "少")), "R2": reading("R2", ("甲", "乙", "丙"))},
    )
    answer = asked(read_ruleset(sources(document)), case())
    [unscorable] = answer.unscorable
    assert unscorable.choices == (("R1", "少"),)
    assert [fault.code for fault in unscorable.faults] == ["evaluation.cannot-compute"]
    assert (answer.range.combinations, answer.range.scored) == (6, 3)
    assert (answer.range.low.total, answer.range.high.total) == (10, 10)


def test_a_firing_names_the_readings_that_decide_it() -> None:
    """Not those that only the rule mentions, nor those that let another rule do the same."""
    document = ruleset(
        indicator(
            {"deduct": "line", "each": {"p": "project"}, "where": "p.met"},
            {"deduct": "2", "each": {"p": "project"}, "where": "not p.met", "under": {"R2": "甲"}},
            {"deduct": "1 + 1", "each": {"p": "project"}, "where": "not p.met", "under": {"R2": "乙"}},
            method="deduct",
        ),
        parameters={"line": {"value": "1", "cites": ["1.1"], "under": {"R1": {"少": "3"}}}},
        readings={"R1": reading("R1", ("多", "少")), "R2": reading("R2", ("甲", "乙"))},
    )
    facts = case(fact("project", "P1", met=True), fact("project", "P2", met=False))
    answer = asked(read_ruleset(sources(document)), facts)
    found = {(firing.rule, *(each.id for each in firing.facts)): names for firing, names in answer.decided.items()}
    assert found == {("1/r0", "P1"): ("R1",), ("1/whole@rest",): ("R1",)}
    numbers = firing_numbers(answer.evaluation)
    lines = make_receipt(answer.evaluation).content.firings
    assert [lines[number].rule for number in numbers.values()] == [firing.rule for firing in numbers]


def test_too_many_combinations_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bounds hold for every combination, and nothing is said to be exact."""
    limited = two_apart(total={"rules": [{"id": "most", "cites": ["1.1"], "cap": "12"}]})
    monkeypatch.setattr("engine.alternatives.choices.MOST_COMBINATIONS", 3)
    found = asked(limited, case()).range
    assert (found.low.total, found.high.total, found.scored, found.is_exact) == (0, 20, None, False)
    assert found.grades == ("优", "中", "差")


def test_every_answer_is_the_same() -> None:
    """Whatever was recorded is left out of the choices, and the range stays that of all combinations."""
    found = two_apart()
    one, other = (asked(found, case(), chosen).range for chosen in ({}, {"R1": "少"}))
    assert (one.low.total, one.high.total, one.grades) == (other.low.total, other.high.total, other.grades)
    assert other.low.choices == (("R2", "少"),)
    assert other.high.choices == (("R1", "多"),)
