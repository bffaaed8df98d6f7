"""Small cases: changes that gain only together, and a cap that rises with a number."""

from __future__ import annotations

from fractions import Fraction

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


def test_a_cap_is_raised_to_what_is_awarded() -> None:
    """The cap is five times the score; of 10 points 8 are awarded, so that no score above 1.6 gains more."""
    rules = {"award": 8}, {"each": {"p": "project"}, "cap": "5 * p.score"}
    evaluation = evaluate(program(ruleset(indicator(*rules))), case(project(score=1)))
    improvement = improve(evaluation)
    assert check(evaluation, improvement) == 1
    [proposal] = [proposal for loss in improvement.indicators[0].losses for proposal in loss.proposals]
    assert (proposal.changes[0].fields[0].after, proposal.gain, proposal.found) == (Fraction(8, 5), 3, "exact")
