"""What of a copied ruleset nobody has confirmed is found, unless it is accepted with a reason."""

from __future__ import annotations

from tests.analysis.changed import changed, examined

COPIED = ("year: 2024\n", f'year: 2024\nprovenance: {{from: demo/schemes/0, revision: 1, text: "{"0" * 64}"}}\n')
CONFIRMED = (
    "\nparameters:\n",
    (
        '\nreviewed:\n  参数 red_line: {by: 甲, on: 2025-01-10, as: "95e9527d179b"}\n'
        '  clause 1.1: {by: 乙, on: 2025-01-11, as: "000000000000"}\n'
        '  clause 1.l: {by: 乙, on: 2025-01-11, as: "000000000000"}\n\nparameters:\n'
    ),
)


def test_a_ruleset_that_was_not_copied_needs_no_review() -> None:
    """There is nothing to confirm."""
    found = examined()
    assert found.of("unreviewed") == found.of("unneeded-confirmation") == []


def test_each_item_of_a_copy_is_found_at_its_place() -> None:
    """By the name that confirms it."""
    found = examined(COPIED)
    lines = found.lines("unreviewed")
    assert len(lines) == 11
    assert lines[0] == ("parameter green_line", found.line("green_line: {value"))
    assert ("clause 1.1", found.line('"1.1": 预算执行率')) in lines
    [first] = [finding for finding in found.of("unreviewed") if finding.name == "clause 1.1"]
    assert str(first.what) == "Nobody has confirmed “clause 1.1” since the ruleset was made from demo/schemes/0."
    assert str(first.remedy).endswith("`fenming ruleset confirm demo/schemes/1 'clause 1.1' --by NAME`.")


def test_what_is_confirmed_as_it_is_is_not_found() -> None:
    """What has changed since is, and what the ruleset does not have."""
    found = examined(CONFIRMED)
    names = {finding.name: str(finding.what) for finding in found.of("unreviewed")}
    assert "parameter red_line" not in names
    assert len(names) == 10
    assert names["clause 1.1"] == (
        "“clause 1.1”, or a rule that carries it out, has changed since 乙 confirmed it on 2025-01-11."
    )
    assert names["clause 2.1"] == "Nobody has confirmed “clause 2.1”."
    [unneeded] = found.of("unneeded-confirmation")
    assert (unneeded.name, unneeded.where.line) == ("clause 1.l", found.line("clause 1.l"))
    assert "“clause 1.1”" in str(unneeded.remedy)


def test_it_can_be_accepted_with_a_reason() -> None:
    """One item, or all."""
    acceptance = ("\nparameters:\n", "\naccepted: {unreviewed: {reason: 试用, at: [clause 1.1]}}\n\nparameters:\n")
    found = examined(COPIED, acceptance)
    assert len(found.of("unreviewed")) == 10
    assert [finding.name for finding in found.found.accepted] == ["clause 1.1"]
    every = (acceptance[0], changed((", at: [clause 1.1]", ""), text=acceptance[1]))
    assert examined(COPIED, every).of("unreviewed") == []
