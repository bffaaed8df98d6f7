"""What people call a fact."""

from __future__ import annotations

from engine.facts.model import FactType, Kind


def naming_field(fact_type: FactType) -> str:
    """Return the field in which a fact says what it is called; empty where no field does.

    It is the text that is a name, else the first text, of those that each fact has and that are no words of a list.
    """
    texts = [
        field
        for field in fact_type.fields.values()
        if field.kind is Kind.TEXT and not (field.optional or field.choices or field.label)
    ]
    named = [field for field in texts if field.name == "name" or field.title.endswith("名称")]
    return next((field.name for field in (*named, *texts)), "")
