"""What a receipt says to people: the card and the explanation as values, with all sums made.

Whoever shows them only paints them, on a terminal, in a browser or as JSON.
"""

from engine.explanation.card import Card, card_of
from engine.explanation.explain import Explanation, explain
from engine.explanation.scored import ScoredCase, scored_case

__all__ = ["Card", "Explanation", "ScoredCase", "card_of", "explain", "scored_case"]
