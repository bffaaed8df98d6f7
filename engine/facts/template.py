"""Write a facts file to fill in: every fact type of a ruleset, its fields with their meaning beside them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from engine.errors import CHINESE, LANGUAGE, Message, msg
from engine.facts.model import FactType, FieldType
from engine.facts.wording import wanted

_COLUMN = 28
"""Where the remarks begin, unless a name is longer."""

_INTRODUCTION = (
    msg("Fill in what stands after the colons, then check the file: fenming facts check FILE"),
    msg("Where there is nothing of a kind write [], as in `new_project: []`; copy an entry for each further one."),
    msg("Lines that begin with # may stay out; remove the # to use them."),
    msg("Any fact may list its documents:     evidence: [{{title: …, reference: …, file: …}}]"),
    msg("A file is a path that begins at the folder of this one; its size and SHA-256 are recorded with the facts."),
    msg("A fact that no document shows tells why:     assumed: …"),
)


def template(
    ruleset: str,
    title: str,
    year: int,
    types: Iterable[FactType],
    optional: Collection[str],
    translate: Callable[[str], str] = str,
) -> str:
    """Return the text of the file; checked as it stands, it tells what is still to be filled in.

    `optional` names the types that may be left out.
    """
    lines = [f"# {title}", "#", *(f"# {note.text(translate)}" for note in _INTRODUCTION), ""]
    lines += [
        f"ruleset: {ruleset}",
        "case:",
        _line("  department:", "部门"),
        _line(f"  year: {year}", "年度"),
        "",
        "facts:",
    ]
    for fact_type in types:
        if fact_type.schema:
            lines += ["", *_section(fact_type, fact_type.name in optional, translate)]
    return "\n".join(lines) + "\n"


def _section(fact_type: FactType, optional: bool, translate: Callable[[str], str]) -> Iterator[str]:  # noqa: FBT001
    about = [fact_type.title]
    if translate(LANGUAGE) != CHINESE:
        about.append(str(fact_type.schema["description"]))
    if optional:
        about.append(msg("May be left out.").text(translate))
    yield f"  # {' — '.join(about)}"
    body = [f"{fact_type.name}:"]
    fields = list(_fields(fact_type, translate))
    if fact_type.single:
        body += [f"  {field}" for field in fields]
    else:
        body.append(f"  - id: {fact_type.name}-1")
        body += [f"    {field}" for field in fields]
    for line in body:
        yield f"  # {line}" if optional else f"  {line}"


def _fields(fact_type: FactType, translate: Callable[[str], str]) -> Iterator[str]:
    """Yield a line for each field; at least one is not commented out, since an entry holds something."""
    needed = {name for name, field in fact_type.fields.items() if not field.optional} or set(fact_type.fields)
    for name, field in fact_type.fields.items():
        remark = _remark(field, fact_type).text(translate)
        yield _line(f"{name}:" if name in needed else f"# {name}:", remark)


def _remark(field: FieldType, fact_type: FactType) -> Message:
    says = fact_type.schema["properties"][field.name]
    if field.optional:
        return msg("{title} — {wanted}; may be left out", title=field.title, wanted=wanted(says))
    return msg("{title} — {wanted}", title=field.title, wanted=wanted(says))


def _line(start: str, remark: str) -> str:
    return f"{start.ljust(_COLUMN)} # {remark}"
