"""The words for the differences of two rulesets: the things, what happened to them, their sections and properties."""

from __future__ import annotations

from collections.abc import Mapping

from engine.analysis.difference import Change, Part
from engine.base.messages import Message, msg
from engine.ruleset.clauses import CHECKS, DEFINITIONS, EVERY_INDICATOR, EVERY_ROW, TOTAL

THING: Mapping[Part, Message] = {
    Part.RULESET: msg("The form"),
    Part.FACT_TYPE: msg("Fact type {name}"),
    Part.FIELD: msg("Field {name}"),
    Part.INDICATOR: msg("Indicator {name}"),
    Part.CLAUSE: msg("Clause {name}"),
    Part.PARAMETER: msg("Parameter {name}"),
    Part.READING: msg("Reading {name}"),
    Part.ALTERNATIVE: msg("Alternative {name}"),
    Part.RULE: msg("Rule of clause {name}"),
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
