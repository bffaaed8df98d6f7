"""What a receipt says to people: the card and the explanation as values, with all sums made.

Whoever shows them only paints them, on a terminal, in a browser or as JSON.
"""

from engine.explanation.card import Card, card_of
from engine.explanation.content import explanation_content, explanation_digest
from engine.explanation.explain import explain, losses
from engine.explanation.opening import open_address
from engine.explanation.scored import ScoredCase, scored_case
from engine.explanation.value import Explanation

__all__ = [
    "Card",
    "Explanation",
    "ScoredCase",
    "card_of",
    "explain",
    "explanation_content",
    "explanation_digest",
    "losses",
    "open_address",
    "scored_case",
]
