"""Expressions that are worked out before any rule has fired: what facts must satisfy, and what rows say."""

from __future__ import annotations

from collections.abc import Iterable

from engine.base.faults import RulesetError, problem
from engine.base.messages import msg
from engine.language.expression import Expression
from engine.language.fold import nodes
from engine.language.scope import Scope
from engine.language.typed import Aggregate, HasResult, ResultOf, Score, Type, Typed
from engine.ruleset.expressions import checked
from engine.ruleset.model import Ruleset
from engine.ruleset.source_text import SourceText


def checked_early(written: SourceText, scope: Scope, expected: Type | None, ruleset: Ruleset) -> Expression:
    """Check an expression that looks at given facts alone; `RulesetError` where it asks what only rules give."""
    found = checked(written, scope, expected)
    refuse_late([found.tree], written, ruleset)
    return found


def refuse_late(trees: Iterable[Typed], written: SourceText, ruleset: Ruleset) -> None:
    """Refuse scores, results and derived facts where no rule has fired yet."""
    listed = list(trees)
    late: list[Typed] = [node for node in nodes(Aggregate, listed) if node.fact_type not in ruleset.facts]
    late += [*nodes(Score, listed), *nodes(ResultOf, listed), *nodes(HasResult, listed)]
    if late:
        raise RulesetError.because(
            problem(
                "expression.too-early", "This is worked out before any rule has fired, when that is not known yet."
            ),
            msg("Look at given facts only, or ask it in the conditions of a rule."),
            written.place_at(late[0].span[0]),
        )
