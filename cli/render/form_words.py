"""The forms of the commonest clauses as sentences: what a maintainer would read aloud."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from engine.base.messages import Message, msg
from engine.ruleset.model import Checklist, Criterion
from engine.ruleset.rule_text import Form, Under
from engine.ruleset.source_text import SourceText

_HOW: Mapping[str, Message] = {
    "whole": msg("only whole steps count"),
    "begun": msg("a begun step counts as one"),
    "pro_rata": msg("in proportion"),
}


def form_sentence(form: Form, formula: Callable[[SourceText], str]) -> Message:
    """Return what a form says, its pieces as `formula` shows them."""
    pieces = {name: formula(written) for name, written in form.pieces.items()}
    match form.kind:
        case "steps":
            return _steps(form, pieces)
        case "pro_rata":
            said = {"rate": pieces["pro_rata"], "cap": pieces.get("cap", "100%"), "floor": pieces.get("floor", "")}
            if said["floor"]:
                return msg("In proportion to {rate}; nothing below {floor}, at most {cap}", **said)
            return msg("In proportion to {rate}; at most {cap}", rate=said["rate"], cap=said["cap"])
        case "mean":
            if "weights" in pieces:
                return msg("The mean of {rate}, weighted by {weights}", rate=pieces["mean"], weights=pieces["weights"])
            return msg("The mean of {rate}", rate=pieces["mean"])
        case _:
            return msg("A veto: nothing is left")


def _steps(form: Form, pieces: Mapping[str, str]) -> Message:
    how = msg("as reading {name} decides", name=form.reading) if form.reading else _HOW[form.steps]
    said = {"measure": pieces["measure"], "step": pieces["for_each"], "how": how}
    if "take" in pieces and "over" in pieces:
        line = msg("For each {step} of {measure} over {over}, take {take} ({how})")
    elif "take" in pieces:
        line = msg("For each {step} of {measure} below {below}, take {take} ({how})")
    elif "over" in pieces:
        line = msg("For each {step} of {measure} over {over}, give {gives} ({how})")
    else:
        line = msg("For each {step} of {measure} below {below}, give {gives} ({how})")
    return replace(line, values={**pieces, **said})


def criterion_sentence(item: Criterion, formula: Callable[[SourceText], str]) -> Message:
    """Return what an item of a checklist says."""
    said = {"points": formula(item.weight), "words": item.words}
    if item.condition is not None:
        return msg("{points} points where {condition}: {words}", **said, condition=formula(item.condition))
    if item.needed is not None:
        return msg(
            "{points} points where met: {words}; asked where {condition}", **said, condition=formula(item.needed)
        )
    return msg("{points} points where met: {words}", **said)


def partial_sentences(checklist: Checklist) -> Iterator[tuple[Message, Under]]:
    """Yield what a checklist says of criteria that are met in part, and in which readings."""
    for word, under in checklist.partial.items():
        if word == "yes":
            yield msg("Met in part: points at discretion"), under
        else:
            yield msg("Met in part: nothing"), under
