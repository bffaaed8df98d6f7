"""The laws of checking by a schema: each keyword has its words, place and remedy; one mistake is reported once."""

import json
from typing import Any

import pytest

from engine.base.faults import Fault
from engine.documents import read_document
from engine.facts.schema import validate

SCHEMA: dict[str, Any] = {
    "title": "样例",
    "type": "object",
    "properties": {
        "few": {
            "type": "array",
            "title": "少",
            "minItems": 1,
            "maxItems": 2,
            "uniqueItems": True,
            "items": {"type": "integer"},
        },
        "named": {"$ref": "#/$defs/named", "title": "名"},
        "lines": {"type": "string", "x-multiline": True, "pattern": "^[a-z]+$"},
        "code": {"type": "string", "pattern": "^[a-z]+$", "minLength": 2, "maxLength": 4, "title": "代码"},
        "version": {"const": 1},
        "flag": {"const": True},
        "either": {"anyOf": [{"type": "integer", "minimum": 5}, {"type": "array", "items": {"type": "string"}}]},
        "one": {"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 3}]},
        "never": {"not": {}},
        "low": {"type": "number", "minimum": 1.5, "exclusiveMaximum": 10},
        "sum": {"type": ["string", "number", "boolean"]},
        "nothing": {"type": "null"},
        "day": {"type": "string", "format": "date", "x-remedy": {"zh": "见批复。", "en": "See the approval."}},
    },
    "dependentRequired": {"code": ["version"]},
    "additionalProperties": False,
    "maxProperties": 3,
    "$defs": {
        "named": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {
                "pattern": "^[a-z]$",
                "x-remedy": {"zh": "用一个小写字母。", "en": "Use one small letter."},
            },
            "additionalProperties": {"type": "string", "title": "词"},
        }
    },
}


def faults(**document: Any) -> list[Fault]:
    """Return the faults of a document."""
    return validate(read_document(json.dumps(document, ensure_ascii=False), "x.json"), SCHEMA)


@pytest.mark.parametrize(
    ("document", "pointer", "words", "remedy"),
    [
        ({"few": []}, "/few", "“few” (少) has too few entries: 1 at least", "Add"),
        ({"few": [1, 2, 3]}, "/few", "too many entries: 2 at most", "Remove"),
        ({"few": [1, 1]}, "/few", "contains the same entry twice", "Keep one"),
        ({"few": [1, "2"]}, "/few/1", "Entry 2 of “few” is “2”: it must be a whole number", "quotes: `2`"),
        ({"few": {"a": 1}}, "/few", "“few” (少) is a mapping of names to values: it must be a list", "Write a list"),
        ({"named": {}}, "/named", "“named” (名) has too few entries", "Add"),
        ({"named": {"X": "x"}}, "/named/X", "“X” cannot be a name here", "Use one small letter."),
        ({"named": {"x": 1}}, "/named/x", "“x” (词) is 1: it must be a text", '"1"'),
        ({"named": "x"}, "/named", "it must be a mapping of names to values", "indented"),
        ({"code": "ab1", "version": 1}, "/code", "is “ab1”, which does not have the right form", "^[a-z]+$"),
        ({"code": "ab\n", "version": 1}, "/code", "contains the character U+000A", "without U+000A"),
        ({"lines": "ab\n"}, "/lines", "is “ab”, which does not have the right form", "^[a-z]+$"),
        ({"code": "a", "version": 1}, "/code", "too short: it must have 2", "in full"),
        ({"code": "abcde", "version": 1}, "/code", "too long: it may have 4", "Shorten"),
        ({"code": " ", "version": 1}, "/code", "“code” (代码) is empty", "Fill it in"),
        ({"code": "ab"}, "", "“version” is missing", "Add `version:`."),
        ({"version": 2}, "/version", "“version” is 2: it must be 1", "Write `1`."),
        ({"flag": "true"}, "/flag", "“flag” is “true”: it must be true", "Write `true`."),
        ({"either": True}, "/either", "it must be a whole number or a list", "schemas"),
        ({"either": 4}, "/either", "“either” is 4: it must be at least 5", "Correct"),
        ({"either": ["a", 1]}, "/either/1", "it must be a text", '"1"'),
        ({"one": 3}, "/one", "contradicts the other values", "schemas"),
        ({"never": 1}, "/never", "contradicts the other values", "schemas"),
        ({"low": 1.25}, "/low", "“low” is 1.25: it must be at least 1.5", "Correct"),
        ({"low": 10}, "/low", "“low” is 10: it must be below 10", "Correct"),
        ({"sum": []}, "/sum", "“sum” is a list: it must be a text or a number or true or false", "schemas"),
        ({"nothing": 0}, "/nothing", "“nothing” is 0: it must be empty", "schemas"),
        ({"day": "2024-13-01"}, "/day", "it must be a date", "See the approval."),
        ({"dya": "2024-12-01"}, "/dya", "no field “dya”", "Did you mean “day”?"),
        ({"xyz": 1}, "/xyz", "no field “xyz”", "use one of: few, named"),
        (
            {"few": [1], "version": 1, "flag": True, "low": 2},
            "",
            "The document (样例) has too many entries: 3",
            "Remove",
        ),
    ],
)
def test_each_keyword_is_reported(document: dict[str, Any], pointer: str, words: str, remedy: str) -> None:
    """With the field's name and title, its place, and what to do."""
    (fault,) = faults(**document)
    assert fault.where.pointer == pointer
    assert words in str(fault.what)
    assert remedy in str(fault.remedy)


def test_a_document_that_keeps_to_its_schema_has_no_fault() -> None:
    """Numbers are compared exactly."""
    assert faults(few=[1], low=1.5, either=["a"]) == []
    assert faults(one=2, sum="x", nothing=None) == []


def test_numbers_are_compared_exactly() -> None:
    """A binary float could not distinguish these."""
    schema = {"type": "object", "properties": {"x": {"type": "number", "maximum": 1}}}
    assert validate(read_document("x: 1.00000000000000000000", "x.yaml"), schema) == []
    assert validate(read_document("x: 1.00000000000000000001", "x.yaml"), schema)


def test_a_boolean_is_no_number() -> None:
    """As it would be in Python."""
    schema = {"type": "object", "properties": {"x": {"type": "number"}, "y": {"type": "integer"}}}
    assert len(validate(read_document("{x: true, y: false}", "x.yaml"), schema)) == 2


def test_a_document_without_title_or_mapping_has_words_too() -> None:
    """The root itself may be wrong."""
    (fault,) = validate(read_document("[]", "x.yaml"), {"type": "object"})
    assert str(fault.what) == "The document is a list: it must be a mapping of names to values."
    (fault,) = validate(read_document("{a: {b: 1}}", "x.yaml"), {"properties": {"a": {"const": {}}}})
    assert str(fault.what).startswith("“a” is a mapping of names to values: it must be {}")
    schema = {"additionalProperties": False, "allOf": [{"properties": {"a": {"minimum": 5}}}]}
    assert len(validate(read_document("{a: 1}", "x.yaml"), schema)) == 2
    (fault,) = validate(read_document("[[1]]", "x.yaml"), {"items": {"items": {"type": "string"}}})
    assert str(fault.what) == "Entry 1 of “” is 1: it must be a text."
