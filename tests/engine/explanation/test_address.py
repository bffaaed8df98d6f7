"""Laws of addresses: whatever names hold, an address says them apart and gives them back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.explanation import explain, scored_case
from engine.explanation.address import address, below, steps_of
from engine.explanation.opening import addresses
from engine.ruleset import read_ruleset
from tests.engine.mini import indicator, ruleset, scored, sources

NAMES = st.one_of(st.text(min_size=1), st.text("./%~ 一a#?", min_size=1), st.sampled_from([".", "..", "%2F", "1/2"]))


@given(st.lists(NAMES, min_size=1, max_size=4))
def test_an_address_gives_its_names_back(names: list[str]) -> None:
    """And no step of it is one that a web address resolves, or that ends the path."""
    written = address(*names)
    assert steps_of(written) == tuple(names)
    assert not {"", ".", ".."} & set(written.split("/"))
    assert not set("?#~ ") & set(written)
    assert below(address(*names[:1]), *names[1:]) == written or len(names) == 1


def test_levels_whose_names_have_strokes_are_told_apart() -> None:
    """`A/B` over `C` is not `A` over `B/C`."""
    cap = {"cap": {"to": 3, "scope": "level_2"}}
    document = ruleset(
        indicator({"award": 5}, cap, path=["A/B", "C"], weight=50),
        indicator({"award": 5}, cap, path=["A", "B/C"], weight=50, number=2),
    )
    receipt = scored(document)
    whole = explain(scored_case(receipt, read_ruleset(sources(document))))
    found = [each for each, _ in addresses(whole)]
    assert len(found) == len(set(found))
    assert {"level/A%252FB%2FC", "level/A%2FB%252FC"} <= set(found)
