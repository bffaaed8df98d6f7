"""The differences of two rulesets: the whole form, its facts, then indicator by indicator, then what they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from rich.cells import cell_len
from rich.tree import Tree

from cli.render.review import head_words, provenance_json, review_json
from cli.render.words import ACTION, ruleset_name
from cli.terminal.printable import printable
from cli.terminal.session import Session
from cli.terminal.wrapping import Wrapped
from engine.analysis.difference import Change, Difference, Part
from engine.analysis.side import Shown
from engine.base.messages import Message, msg, plural
from engine.ruleset import Ruleset
from engine.ruleset.clauses import CHECKS, DEFINITIONS, EVERY_INDICATOR, EVERY_ROW, TOTAL
from i18n import translator
from workflow.comparison import Comparison

_SHORT = 50
"""How wide a value may be that is shown on one line with the one that takes its place, in cells."""

THING: Mapping[Part, Message] = {
    Part.RULESET: msg("The form"),
    Part.FACT_TYPE: msg("Fact type {name}"),
    Part.FIELD: msg("Field {name}"),
    Part.INDICATOR: msg("Indicator {name}"),
    Part.CLAUSE: msg("Clause {name}"),
    Part.PARAMETER: msg("Parameter {name}"),
    Part.READING: msg("Reading {name}"),
    Part.ALTERNATIVE: msg("Alternative {name}"),
    Part.RULE: msg("Rule {name}"),
    Part.RESULT: msg("Result {name}"),
}
CHANGE: Mapping[Change, Message] = {
    Change.ADDED: msg("{thing}, added"),
    Change.DROPPED: msg("{thing}, dropped"),
}
SECTION: Mapping[str, Message] = {
    "": msg("Clauses of the whole form"),
    DEFINITIONS: msg("Definitions"),
    EVERY_INDICATOR: msg("Rules of every indicator"),
    EVERY_ROW: msg("Rules of every row"),
    CHECKS: msg("Checks"),
    TOTAL: msg("Rules of the total"),
}
PROPERTY: Mapping[str, Message] = {
    "action": msg("Action"),
    "amount": msg("Amount"),
    "authority": msg("Authority"),
    "bands": msg("Bands"),
    "bands_on": msg("Band by"),
    "steps": msg("Reading of the steps"),
    "bounds": msg("Bounds"),
    "calendar": msg("Working days"),
    "chosen": msg("Chosen"),
    "choices": msg("Choices"),
    "cites": msg("Clauses"),
    "clause": msg("Clause"),
    "clause_id": msg("Moved"),
    "conditions": msg("Conditions"),
    "decided": msg("Decided"),
    "derives": msg("Derived fact"),
    "each": msg("For each"),
    "evidence_asked": msg("Evidence asked for"),
    "explanation": msg("Explanation"),
    "fields": msg("Fields"),
    "full_score": msg("Full score"),
    "grades": msg("Grades"),
    "head": msg("Head of the card"),
    "id": msg("Id"),
    "issuer": msg("Issuer"),
    "kind": msg("Kind"),
    "level": msg("Level"),
    "levels": msg("Levels"),
    "method": msg("Method"),
    "name": msg("Name"),
    "number": msg("Moved"),
    "of": msg("At stake"),
    "option": msg("Outcome"),
    "optional": msg("May be left out"),
    "parts": msg("Parts"),
    "path": msg("Moved to another level"),
    "pattern": msg("Pattern"),
    "place": msg("Moved"),
    "places": msg("Decimals"),
    "question": msg("Question"),
    "readings": msg("Relies on reading"),
    "remarks": msg("Remark"),
    "requires": msg("Required"),
    "rescale": msg("Scaled to what applies"),
    "rows": msg("Rows"),
    "say": msg("Says"),
    "scope": msg("Scope"),
    "scores": msg("Scores"),
    "single": msg("Only one"),
    "source": msg("Source"),
    "text": msg("Wording"),
    "title": msg("Title"),
    "under": msg("In readings"),
    "units": msg("Units"),
    "value": msg("Value"),
    "weight": msg("Weight"),
    "when": msg("When"),
    "where": msg("Where"),
    "words": msg("Meaning"),
    "year": msg("Year"),
}
"""What each property is called."""


def comparison_json(found: Comparison) -> dict[str, Any]:
    """Return the differences as JSON, each value in both languages."""
    return {
        "old": _side_json(found.old),
        "new": _side_json(found.new),
        "differences": [
            {
                "part": each.part.value,
                "change": each.change.value,
                "name": each.name,
                "title": each.title,
                "section": each.section,
                "property": each.property,
                "old": _in_both(each.old),
                "new": _in_both(each.new),
            }
            for each in found.differences
        ],
    }


def _side_json(ruleset: Ruleset) -> dict[str, Any]:
    named = {"id": ruleset.id, "revision": ruleset.revision, "text": ruleset.text}
    return {**named, "provenance": provenance_json(ruleset), "review": review_json(ruleset)}


def _in_both(shown: Shown) -> dict[str, str]:
    return {language: _text(shown, language) for language in ("zh", "en")}


def _text(shown: Shown, language: str) -> str:
    return shown if isinstance(shown, str) else shown.text(translator(language))


def render_comparison(session: Session, found: Comparison) -> None:
    """Print the differences as a tree."""
    drawing = _Drawing(session, found)
    with session.page() as console:
        console.print(drawing.tree())
    session.print("")
    session.report(
        plural("{count} difference.", "{count} differences.", count=len(found.differences))
        if found.differences
        else msg("The two rulesets say the same.")
    )


class _Drawing:
    """A comparison being drawn."""

    def __init__(self, session: Session, found: Comparison) -> None:
        self.session = session
        self.found = found

    def tree(self) -> Tree:
        """Return the whole."""
        new, old = self.found.new, self.found.old
        root = Tree(Wrapped(f"{new.title}（{new.issuer}，{new.year}）", style="bold"))
        self.say(root, ruleset_name(new))
        for words in head_words(new):
            self.say(root, words)
        self.say(root, msg("Compared with {ruleset}", ruleset=ruleset_name(old)))
        by_section: dict[str, list[Difference]] = {}
        for each in self.found.differences:
            by_section.setdefault(_place(each), []).append(each)
        for place in self.order(by_section):
            self.section(root, place, by_section[place])
        return root

    def order(self, places: Iterable[str]) -> list[str]:
        """Return the places in the form's order; a dropped indicator is where its number was."""
        first = ["form", "facts"]
        results = {**self.found.new.results, **self.found.old.results}
        last = ["", DEFINITIONS, EVERY_INDICATOR, EVERY_ROW, CHECKS, *results, "parameters", "readings"]
        numbered = sorted((place for place in places if place.removeprefix("-").isdigit()), key=lambda at: abs(int(at)))
        return [place for place in (*first, *numbered, *last) if place in {*places}]

    def section(self, root: Tree, place: str, found: list[Difference]) -> None:
        """Draw the differences of one place."""
        holder = root
        if place.removeprefix("-").isdigit():
            holder = self.indicator(root, place, found)
            found = [each for each in found if each.part is not Part.INDICATOR or each.property]
        elif place in SECTION:
            holder = self.say(root, SECTION[place], "bold")
        for (part, _name), several in groupby(found, key=lambda each: (each.part, each.name)):
            self.thing(holder, list(several), bare=part is Part.INDICATOR)

    def indicator(self, root: Tree, place: str, found: list[Difference]) -> Tree:
        """Draw the heading of an indicator, which says whether it was added or dropped."""
        number = place.removeprefix("-")
        whole = next((each for each in found if each.part is Part.INDICATOR and not each.property), None)
        side = self.found.old if place.startswith("-") else self.found.new
        name = next((each.name for each in side.indicators if str(each.number) == number), "")
        heading: Message = msg("{number} {name}", number=number, name=name)
        if whole is not None:
            heading = replace(CHANGE[whole.change], values={"thing": heading})
        node = self.say(root, heading, "bold")
        if whole is not None:
            self.say(node, msg("Weight: {weight}", weight=whole.new or whole.old))
        return node

    def thing(self, holder: Tree, found: list[Difference], *, bare: bool) -> None:
        """Draw what happened to one thing; `bare` leaves out what it is called."""
        about = found[0]
        named: Message = replace(THING[about.part], values={"name": about.name})
        title: str | Message = ACTION[about.title] if about.part is Part.RULE else about.title
        if title not in ("", about.name.partition(".")[2] or about.name) and about.part is not Part.RULESET:
            named = msg("{thing} ({title})", thing=named, title=title)
        if about.change in CHANGE:
            said = replace(CHANGE[about.change], values={"thing": named})
            value = about.new or about.old
            self.say(holder, msg("{what}: {value}", what=said, value=value) if value else said)
            found = found[1:]
        node = holder if bare or not found else self.say(holder, named)
        for each in found:
            self.change(node, each)

    def change(self, node: Tree, each: Difference) -> None:
        """Draw a property that changed: on one line where both values are short."""
        name, language = PROPERTY[each.property], self.session.language
        old, new = (self.shown(each, value, language) for value in (each.old, each.new))
        if old == new:
            # Only the words in the other language are not the same.
            other = "en" if language == "zh" else "zh"
            old, new = (self.shown(each, value, other) for value in (each.old, each.new))
        if max(cell_len(old), cell_len(new)) <= _SHORT:
            self.say(node, msg("{property}: {old} → {new}", property=name, old=old, new=new))
            return
        branch = self.say(node, name)
        self.say(branch, msg("Before: {text}", text=old))
        self.say(branch, msg("Now: {text}", text=new))

    def shown(self, each: Difference, value: Shown, language: str) -> str:
        """Return a value in a language."""
        if each.property == "action":
            return self.session.say(ACTION[str(value)])
        return printable(_text(value, language)) or self.session.say(msg("none"))

    def say(self, holder: Tree, message: Message, style: str = "") -> Tree:
        """Add a sentence to a branch."""
        return holder.add(Wrapped(self.session.say(message), style=style))


def _place(each: Difference) -> str:
    """Return under which heading a difference is drawn; what was dropped with its indicator has a minus."""
    match each.part:
        case Part.RULESET:
            return "form"
        case Part.FACT_TYPE | Part.FIELD:
            return "facts"
        case Part.PARAMETER:
            return "parameters"
        case Part.READING | Part.ALTERNATIVE:
            return "readings"
        case _:
            return each.section
