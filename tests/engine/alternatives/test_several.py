"""Changes that gain only together: as many as are needed, and none that is not."""

from __future__ import annotations

from engine.alternatives.improve import improve
from engine.scoring.evaluate import evaluate
from tests.engine.alternatives.applied import check
from tests.engine.mini import case, indicator, program, ruleset
from tests.engine.verdicts.test_verdicts import project


def test_what_is_not_needed_is_left_out() -> None:
    """Three of the four projects must be met; the other is tried on the way and makes no difference."""
    rule = {"award": "if count(project where met and name != '码头') >= 3 then 10 else 0"}
    unmet = [project(f"P{number}", name="桥" if number else "码头", met=False) for number in range(4)]
    evaluation = evaluate(program(ruleset(indicator(rule))), case(*unmet))
    improvement = improve(evaluation)
    assert check(evaluation, improvement) == 1
    [loss] = improvement.indicators[0].losses
    [proposal] = loss.proposals
    assert len(proposal.changes) == 3
