"""Say what a change of a fact is: which fields, from what, to what."""

from __future__ import annotations

from collections.abc import Mapping

from engine.alternatives.improvement import Change, FieldChange
from engine.alternatives.scan import Stop
from engine.alternatives.trials import Edit
from engine.facts.called import naming_field
from engine.facts.model import Fact, FactType, FieldType, Value, value_text


def change_of(edit: Edit, types: Mapping[str, FactType], main: Mapping[tuple[str, str], Stop | None]) -> Change:
    """Return the change that an edit is; `main` are the fields that it is about, and where their values stop."""
    fact, fact_type = edit.fact, types[edit.fact.type]
    name = fact_name(fact, fact_type)
    if edit.values is None:
        return Change("remove", fact.id, fact.type, fact_type.title, name)
    fields = [
        _field(field, fact, edit.values, fact_type, main)
        for field in fact_type.fields.values()
        if (field.name in fact.values) != (field.name in edit.values)
        or fact.values.get(field.name) != edit.values.get(field.name)
    ]
    supplied = any(field.before is None for field in fields)
    fields.sort(key=lambda field: field.beside)
    return Change("supply" if supplied else "set", fact.id, fact.type, fact_type.title, name, tuple(fields))


def fact_name(fact: Fact, fact_type: FactType) -> str:
    """Return what people call a fact: its name or first text; else its choices and whole numbers, or its type."""
    if fact_type.single:
        return fact_type.title
    fields = [field for field in fact_type.fields.values() if field.name in fact.values and not field.optional]
    if naming := naming_field(fact_type):
        return str(fact.values[naming])
    said = [
        value_text(fact.values[field.name]) if field.choices else f"{field.title}{value_text(fact.values[field.name])}"
        for field in fields
        if field.fixed and (field.choices or _is_whole(fact.values[field.name]))
    ]
    return f"{fact_type.title}（{'，'.join(said) or fact.id}）"


def _is_whole(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _field(
    field: FieldType,
    fact: Fact,
    values: Mapping[str, Value],
    fact_type: FactType,
    main: Mapping[tuple[str, str], Stop | None],
) -> FieldChange:
    key = (fact.id, field.name)
    stop = main.get(key)
    return FieldChange(
        field.name,
        field.title or field.name,
        fact.values.get(field.name),
        stop.value if stop is not None and stop.bound else values.get(field.name),
        field.unit,
        fact_type.schema["properties"][field.name].get("format") == "percent",
        stop.bound if stop is not None else "",
        key not in main,
    )
