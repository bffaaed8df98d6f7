"""The differences of two rulesets: the whole form, its facts, then indicator by indicator, then what they share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Any

from rich.cells import cell_len
from rich.tree import Tree

from cli.render.diff_words import CHANGE, PROPERTY, SECTION, THING
from cli.render.review import head_words, provenance_json, review_json
from cli.render.words import ACTION, ruleset_name
from cli.terminal.printable import printable
from cli.terminal.session import Session
from cli.terminal.wrapping import Wrapped
from engine.analysis.difference import Change, Difference, Part
from engine.analysis.side import Shown
from engine.base.messages import Message, listing, msg, plural
from engine.ruleset import Ruleset
from engine.ruleset.clauses import CHECKS, DEFINITIONS, EVERY_INDICATOR, EVERY_ROW
from engine.ruleset.word_form import word_form
from i18n import translator
from workflow.comparison import Comparison

_SHORT = 50
"""How wide a value may be that is shown on one line with the one that takes its place, in cells."""


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
        chinese = session.language == "zh"
        self.forms = {side.digest: word_form(side, chinese=chinese) for side in (found.old, found.new)}

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
        named = self.named(about)
        if about.change in CHANGE:
            said = replace(CHANGE[about.change], values={"thing": named})
            value = about.new or about.old
            shown = about.says or value
            node = self.say(holder, msg("{what}: {value}", what=said, value=shown) if shown else said)
            if value != shown:
                self.say(node, msg("{property}: {value}", property=PROPERTY["amount"], value=value))
            found = found[1:]
        elif about.says:
            named = msg("{what}: {value}", what=named, value=about.says)
        node = holder if bare or not found else self.say(holder, named)
        for each in found:
            self.change(node, each)

    def named(self, about: Difference) -> Message:
        """Return what a thing is called: a rule by its clause and what it does, all else by its name and title."""
        form = self.forms[(self.found.old if about.change is Change.DROPPED else self.found.new).digest]
        thing = THING[about.part]
        if about.part is Part.RULE:
            section, _, id_ = about.name.partition("/")
            called = f"{form.key(section)}/{form.label(id_)}"
            rule = (
                replace(thing, values={"name": listing(about.clauses)})
                if about.clauses
                else msg("Rule {name}", name=called)
            )
            return msg("{thing} ({title})", thing=rule, title=ACTION[about.title])
        first, dot, last = about.name.partition(".")
        reading, sign, key = about.name.partition("=")
        called = form.name(about.name)
        if about.part is Part.FIELD:
            called = f"{form.name(first)}{dot}{form.field_name(last)}"
        elif about.part is Part.ALTERNATIVE:
            called = f"{reading}{sign}{form.label(key)}"
        named: Message = replace(thing, values={"name": called})
        if about.part is Part.RULESET or about.title in ("", called, called.rpartition(".")[2]):
            return named
        return msg("{thing} ({title})", thing=named, title=about.title)

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
        form = self.forms[(self.found.old if value is each.old else self.found.new).digest]
        if each.property in ("chosen", "id") and each.part in (Part.READING, Part.RULE):
            return form.label(str(value))
        if each.property == "place":
            section = str(value).partition("/")[0]
            return (
                self.session.say(msg("indicator {number}", number=section)) if section.isdigit() else form.key(section)
            )
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
