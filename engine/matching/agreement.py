"""Two matchers agree, or there is no score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from engine.base.faults import Fault, MatchersDisagree, problem
from engine.base.messages import Message, listing, msg
from engine.base.places import NOWHERE
from engine.matching.interface import Match

MAX_SHOWN = 20
"""How many differences are reported."""


def agree(names: Mapping[int, str], plain: Iterable[Match], fast: Iterable[Match]) -> None:
    """Raise `MatchersDisagree`, with the matches that only one side has, unless both found the same."""
    plain, fast = list(plain), list(fast)
    if len(plain) == len(fast) and len(plain) == len(common := set(plain)) and common == set(fast):
        return
    ours, theirs = Counter(plain), Counter(fast)
    wrong = [match for match in ours | theirs if not ours[match] == theirs[match] == 1]
    raise MatchersDisagree(*(_fault(names, match, ours[match], theirs[match]) for match in wrong[:MAX_SHOWN]))


def _fault(names: Mapping[int, str], match: Match, plain: int, fast: int) -> Fault:
    index, row = match
    return Fault(
        problem(
            "matcher.disagreement",
            "Rule {rule} on the facts {facts}: the plain matcher found it {plain} times, the fast one {fast} times.",
            rule=names.get(index, str(index)),
            facts=_facts(match),
            plain=plain,
            fast=fast,
        ),
        msg("There is no score. Please report this with the ruleset and the facts file."),
        row[0].place if row else NOWHERE,
    )


def _facts(match: Match) -> Message:
    return listing(fact.id for fact in match[1])
