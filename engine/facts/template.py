"""Write a facts file to fill in: every fact type of a ruleset with its fields, units and choices as comments."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from engine.facts.model import FactType, FieldType, Kind

_HEAD = """\
# {title}
# 填写说明：删去用不到的条目；没有的事项写 []（例如 new_project: []）。数字按原文写小数，带单位的写成“2265.02 万元”。
# Fill in what you have; write [] where there is none. Check with: fenming facts check THIS-FILE
ruleset: {ruleset}
case:
  department:          # 部门
  year: {year}
facts:
"""


def template(ruleset: str, title: str, year: int, types: Iterable[FactType], optional: Collection[str]) -> str:
    """Return the text of the file; as it stands, `facts check` tells what is still to be filled in."""
    pieces = [_HEAD.format(title=title, ruleset=ruleset, year=year)]
    pieces += [_section(fact_type, optional=fact_type.name in optional) for fact_type in types if fact_type.schema]
    return "\n".join(pieces)


def _section(fact_type: FactType, *, optional: bool) -> str:
    schema = fact_type.schema
    lines = [f"  # {fact_type.title}{'（可不填 optional）' if optional else ''}: {schema['description']}"]
    lines.append(f"  {fact_type.name}:")
    fields = [_field(field, schema["properties"][field.name]) for field in fact_type.fields.values()]
    if fact_type.single:
        lines += [f"    {field}" for field in fields]
    else:
        lines.append("    - id:               # 编号，全文件不重复 unique in the file")
        lines += [f"      {field}" for field in fields]
    indent = "    " if fact_type.single else "      "
    lines.append(f"{indent}# evidence: [{{title: , reference: , file: }}]   # 佐证材料")
    text = "\n".join(lines)
    return "\n".join(f"  # {line[2:]}" if optional else line for line in text.split("\n")) + "\n"


def _field(field: FieldType, part: dict[str, object]) -> str:
    mark = "# " if field.optional else ""
    notes = [field.title]
    if field.choices:
        notes.append(" | ".join(field.choices))
    elif part.get("format") == "percent":
        notes.append("百分数，如 94.4%")
    elif field.unit:
        notes.append(f"如 2265.02 {field.unit}")
    elif field.kind is Kind.BOOLEAN:
        notes.append("true | false")
    elif field.kind is Kind.DATE:
        notes.append("如 2024-12-31")
    elif field.kind is Kind.NUMBER:
        notes.append("数字")
    if field.optional:
        notes.append("可不填 optional")
    return f"{mark}{field.name}:".ljust(20) + f"# {'；'.join(notes)}"
