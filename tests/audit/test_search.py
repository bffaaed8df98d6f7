"""Laws of finding: what a query finds is what the receipts say, on each kind of database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from audit.ledger.ledger import Ledger, open_ledger
from audit.tables.criteria import Criteria
from audit.tables.records import RecordedEvaluation
from engine.receipt import Content
from tests.audit.conftest import Fresh
from tests.audit.receipts import AT, as_receipt, make_content, make_sources

DEPARTMENTS = ("商务局", "商 务 局", "财政局", "教育局")
ACTORS = ("张会计", "李会计")
CLAUSES = ("1.1", "1.2", "11.1")
RULES = ("1/share", "1/other", "definitions/completion")
SOURCES = (make_sources(), make_sources("二"))
MOST = 24


@pytest.fixture(scope="module")
def filled(fresh: Fresh) -> Iterator[Ledger]:
    """A ledger of evaluations that differ in all that is looked for."""
    with fresh() as url, closing(open_ledger(url, create=True)) as ledger:
        for number in range(MOST):
            targets = 1 + number % 7
            content = make_content(
                targets,
                department=DEPARTMENTS[number % len(DEPARTMENTS)],
                year=str(2020 + number % 3),
                missed=number % (targets + 1),
                sources=SOURCES[number % 2],
            )
            content["grade"] = "优" if number % 4 else None
            for place, firing in enumerate(content["firings"]):
                firing["clauses"] = [CLAUSES[(place + number) % 3], *(["1.3"] if place % 2 else [])]
                if firing["rule"] == "1/share" and (place + number) % 2:
                    firing["rule"] = "1/other"
            ledger.append(
                as_receipt(content),
                SOURCES[number % 2],
                actor=ACTORS[number % 2],
                at=AT + timedelta(days=number),
                standing="beside" if number >= len(DEPARTMENTS) else "official",
                reason="另一份",
            )
        yield ledger


def optional(*values: object) -> st.SearchStrategy[object]:
    """Draw one of some values, or nothing."""
    return st.sampled_from([None, None, *values])


POINTS = [None, None, *(Fraction(15 * kept, whole) for whole in (1, 3, 7) for kept in range(whole + 1))]
CRITERIA = st.builds(
    Criteria,
    department=optional("商务局", "財政局", "财 政 局", "无此局"),
    year=optional("2020", "2022", "1999"),
    ruleset=optional("jiangmen/test/2024", "jiangmen/test", "jiangmen", "jiang"),
    grade=optional("优", "良"),
    at_least=st.sampled_from(POINTS),
    at_most=st.sampled_from(POINTS),
    indicator=optional(1, 2),
    clause=optional(*CLAUSES, "9"),
    rule=optional(*RULES, "9/none"),
    lost=st.booleans(),
    actor=optional(*ACTORS),
    since=optional("2024-12-05T00:00:00Z"),
    until=optional("2024-12-11T00:00:00Z"),
    in_force=st.booleans(),
)


@pytest.mark.parametrize("fresh", ["sqlite", "postgresql"], indirect=True, scope="module")
@given(criteria=CRITERIA)
@example(criteria=Criteria(ruleset="jiang", in_force=False))
@example(criteria=Criteria(ruleset="jiangmen/test", in_force=False))
@example(criteria=Criteria(clause="1.1", in_force=False))
@example(criteria=Criteria(clause="1.3", lost=True, in_force=False))
@example(criteria=Criteria(rule="definitions/completion", in_force=False))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_found_is_what_the_receipts_say(filled: Ledger, criteria: Criteria) -> None:
    """Each evaluation that meets all criteria, and no other; the newest first."""
    everything = [(each, filled.receipt(each.id).content) for each in filled.evaluations()]
    wanted = [each.entry for each, content in everything if is_wanted(criteria, each, content)]
    found = [each for each in filled.search(criteria) if criteria.meets(filled.checked(each).content)]
    assert [each.entry for each in found] == sorted(wanted, reverse=True)
    for _, content in everything:
        assert list(criteria.firings(content)) == [n for n, met in enumerate(lines_of(criteria, content)) if met]


def is_wanted(criteria: Criteria, each: RecordedEvaluation, content: Content) -> bool:
    """Say the same without SQL, by other means than the criteria themselves."""
    c, id_, total = criteria, content.ruleset.id, Fraction(content.total)
    name = each.department.replace(" ", "")
    whole = [
        c.department is None or c.department.replace(" ", "") == name,
        c.year in (None, each.year),
        c.ruleset is None or f"{id_}/".startswith(f"{c.ruleset}/"),
        c.grade in (None, content.grade),
        c.at_least is None or total >= c.at_least,
        c.at_most is None or total <= c.at_most,
        c.actor in (None, each.actor),
        c.since is None or each.at >= c.since,
        c.until is None or each.at < c.until,
        not c.in_force or each.in_force,
        c.indicator in (None, 1),
    ]
    lines = lines_of(criteria, content)
    about_firings = c.clause is not None or c.rule is not None
    loses = not c.lost or Fraction(content.indicators[0].lost) > 0
    return all(whole) and (any(lines) if about_firings else loses)


def lines_of(c: Criteria, content: Content) -> list[bool]:
    """Say of each firing whether it meets what is asked of firings."""
    lines = []
    for number, firing in enumerate(content.firings):
        lost = any(Fraction(posting.lost) > 0 for posting in content.postings if posting.firing == number)
        posts = firing.action != "derive"
        lines.append(
            (c.clause is None or (posts and c.clause in firing.clauses))
            and c.rule in (None, firing.rule)
            and (c.indicator is None or firing.indicator == c.indicator)
            and (lost or not c.lost)
        )
    return lines


@pytest.mark.parametrize(
    ("criteria", "index"),
    [
        (Criteria(department="x"), "ix_evaluation_case"),
        (Criteria(year="2024"), "ix_evaluation_year"),
        (Criteria(ruleset="x"), "ix_evaluation_ruleset"),
        (Criteria(grade="优"), "ix_evaluation_grade"),
        (Criteria(at_least=Fraction(80), at_most=Fraction(81)), "ix_evaluation_total"),
        (Criteria(indicator=1, lost=True), "ix_score_indicator (indicator=? AND lost>?)"),
        (Criteria(clause="1.1", lost=True), "ix_citation_clause (clause=? AND lost>?)"),
        (Criteria(rule="1/share"), "ix_firing_rule"),
        (Criteria(actor="x"), "ix_entry_actor"),
    ],
)
def test_each_criterion_is_answered_by_an_index(criteria: Criteria, index: str, tmp_path: Path) -> None:
    """No table is read through."""
    file = tmp_path / "fenming.db"
    open_ledger(str(file), create=True).close()
    query = criteria.query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with closing(sqlite3.connect(file)) as connection:
        plan = [step[3] for step in connection.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert any(index in step for step in plan), plan
    assert not any(step.startswith("SCAN") for step in plan), plan
