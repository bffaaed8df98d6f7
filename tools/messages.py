"""Keep the translation catalogues in step with the code: python -m tools.messages [--check].

A template is the first argument of `msg(...)` or `_(...)`, written as one literal; of `plural(...)` it is each of the
first two. In `problem(...)` and `plural_problem(...)` the code comes first.
Without --check the catalogues are rewritten, sorted, without dates or line numbers, so that a change shows only
what changed; translations of templates that are gone are dropped.
"""

import ast
import string
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("engine", "audit", "office", "workflow", "cli")
KEYWORDS = {"msg": (0, 1), "_": (0, 1), "plural": (0, 2), "problem": (1, 1), "plural_problem": (1, 2)}
"""The functions that take templates: the position of the first, and how many."""
CATALOGUE = Path("i18n", "locale", "zh", "LC_MESSAGES", "fenming.po")
COMMENT = (
    "# The Chinese of fenming's messages. `make messages` brings it up to date; the translations are written by hand."
)
HEADER = """\
Project-Id-Version: fenming
Language: zh
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit
Plural-Forms: nplurals=1; plural=0;
"""


class LastingCatalog(Catalog):
    """A catalogue whose header holds nothing that changes by itself: no dates, no names of tools."""

    def __iter__(self) -> Iterator[Message]:
        _, *messages = super().__iter__()
        yield Message("", HEADER)
        yield from messages


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates that the code uses, and the calls whose template is not a literal."""

    found: frozenset[str]
    problems: tuple[str, ...]


def templates_of(source: str, file: str) -> Iterator[tuple[str, str]]:
    """Yield each call of a keyword in a module: its template and no problem, or no template and the problem."""
    for node in ast.walk(ast.parse(source, file)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS):
            continue
        first, count = KEYWORDS[node.func.id]
        for number in range(first, first + count):
            match node.args[number:]:
                case [ast.Constant(value=str(template)), *_]:
                    yield template, ""
                case _:
                    yield "", f"{file}:{node.lineno}: argument {number + 1} of {node.func.id}() is not one literal"


def extract(root: Path) -> Templates:
    """Return the templates of all packages under a root."""
    calls = [
        call
        for package in PACKAGES
        for file in sorted((root / package).rglob("*.py"))
        for call in templates_of(file.read_text("utf-8"), file.relative_to(root).as_posix())
    ]
    return Templates(
        found=frozenset(template for template, problem in calls if not problem),
        problems=tuple(problem for _, problem in calls if problem),
    )


def placeholders(text: str) -> set[str] | None:
    """Return the names in a template's braces; None if the braces do not match."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return None


def updated(old: Catalog, templates: Iterable[str]) -> LastingCatalog:
    """Return the catalogue of these templates, with the translations and remarks that the old one has for them."""
    new = LastingCatalog(locale="zh", domain="fenming", header_comment=COMMENT, fuzzy=False)
    for template in sorted(templates):
        known = old.get(template)
        if known is None:
            new.add(template)
        else:
            new.add(template, known.string, flags=known.flags, user_comments=known.user_comments)
    return new


def faults(catalogue: Catalog) -> Iterator[str]:
    """Yield what is wrong with the translations: none, a doubtful one, or other placeholders."""
    for entry in catalogue:
        template, translation = str(entry.id), str(entry.string or "")
        if not template:
            continue
        if not translation:
            yield f"not translated: {template}"
        elif entry.fuzzy:
            yield f"marked as fuzzy: {template}"
        elif placeholders(template) != placeholders(translation):
            yield f"other placeholders in the translation: {template}"


def as_po(catalogue: Catalog) -> bytes:
    """Return the catalogue as a .po file."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=0, no_location=True)
    return buffer.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """Return the catalogue compiled, as gettext loads it."""
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Rewrite the catalogue, or with --check only check it and fail on any problem; return the exit code."""
    source = root / CATALOGUE
    compiled = source.with_suffix(".mo")
    templates = extract(root)
    before = {file: file.read_bytes() if file.is_file() else b"" for file in (source, compiled)}
    catalogue = updated(read_po(BytesIO(before[source]), locale="zh"), templates.found)
    after = {source: as_po(catalogue), compiled: as_mo(catalogue)}
    problems = [*templates.problems, *faults(catalogue)]
    check = "--check" in arguments
    if check:
        stale = [file.relative_to(root).as_posix() for file in before if before[file] != after[file]]
        problems += [f"out of date, run `make messages`: {file}" for file in stale]
    else:
        source.parent.mkdir(parents=True, exist_ok=True)
        for file, content in after.items():
            file.write_bytes(content)
    for problem in problems:
        print(problem)
    print(f"{len(templates.found)} templates, {len(problems)} problems")
    return 1 if check and problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
