"""The ledger's laws over random evaluations: append-only, whole, and self-contained."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from audit.ledger.ledger import open_ledger
from audit.log.entries import BESIDE, OFFICIAL
from audit.replay import replay
from engine.base.faults import EvaluationError, FactsError
from engine.program import compile_ruleset
from engine.ruleset import read_ruleset
from tests.audit.conftest import Fresh
from tests.audit.reading import current
from tests.engine.generate import random_facts, random_sources
from tests.evaluated import receipt_of
from workflow.replay import recompute

AT = datetime(2024, 12, 31, tzinfo=UTC)


@given(st.integers(0, 2**32))
@settings(max_examples=12)
def test_what_is_recorded_stays_and_is_enough(fresh: Fresh, seed: int) -> None:
    """Laws 6 and 7: later entries change no earlier byte; a corrected one stays; the ledger alone replays them all."""
    with fresh() as url:
        check(url, Random(seed))


def check(url: str, random: Random) -> None:
    """Record random evaluations, then look whether each is as it was recorded."""
    recorded: dict[str, bytes] = {}
    latest: str | None = None
    sources = random_sources(random)
    program = compile_ruleset(read_ruleset(sources))
    with open_ledger(url, create=True) as ledger:
        for _ in range(3):
            try:
                receipt = receipt_of(program, random_facts(random))
            except (EvaluationError, FactsError):
                continue
            corrects = latest if random.random() < 0.5 else None
            beside = BESIDE if latest and not corrects else OFFICIAL
            latest = ledger.append(
                receipt, sources, actor="甲", at=AT, supersedes=corrects, reason="说明", standing=beside
            ).id
            recorded[latest] = receipt.text
    with open_ledger(url, create=False) as ledger:
        assert [found.id for found in ledger.evaluations()] == list(recorded)
        for identity, text in recorded.items():
            assert ledger.receipt(identity).text == text
            assert replay(ledger, identity, recompute).same
        in_force = {found.id for found in current(ledger, "某局", 2024)}
        superseded = {found.supersedes for found in ledger.evaluations()}
        official = {found.id for found in ledger.evaluations() if found.standing == OFFICIAL}
        assert in_force == official - superseded
