"""A page as its elements: read strictly, so that what is not nested well is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input"}
BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "h5", "dt", "dd", "th", "td", "summary", "blockquote", "title"}


@dataclass
class Element:
    """An element with what is in it."""

    tag: str
    attributes: dict[str, str]
    above: Element | None
    content: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it."""
        return "".join(each if isinstance(each, str) else each.text for each in self.content)

    def all(self, *tags: str) -> list[Element]:
        """Return the elements in it, of these tags if there are any, in the page's order."""
        found = []
        for each in self.content:
            if isinstance(each, Element):
                found += [each] if not tags or each.tag in tags else []
                found += each.all(*tags)
        return found

    def language(self) -> str:
        """Return the language that holds here."""
        return self.attributes.get("lang") or (self.above.language() if self.above is not None else "")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), (tag, attrs)
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.content.append(element)
        if tag not in VOID:
            self.here = element

    def handle_endtag(self, tag: str) -> None:
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}>"
        assert self.here.above is not None
        self.here = self.here.above

    def handle_data(self, data: str) -> None:
        self.here.content.append(data)


def read(page: str) -> Element:
    """Return a page's elements; fail where one is not closed where it was opened."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.here is reader.root
    return reader.root


def outline(page: str, *opened: str) -> str:
    """Return what is on a page as people see it, a line for each block, indented as it is nested.

    What can be opened is closed, but for the rows below those with the ids of `opened`.
    """
    lines: list[str] = []
    root = read(page)
    for row in [each for each in root.all("tr") if each.attributes.get("id") in opened]:
        assert row.above is not None
        rows = row.above.all("tr")
        rows[rows.index(row) + 1].all("details")[0].attributes["open"] = ""
    _outline(root, 0, lines)
    return "\n".join(line for line in lines if line.strip()) + "\n"


def _outline(element: Element, depth: int, lines: list[str]) -> None:
    if element.tag in ("style", "head", "svg") or element.attributes.get("class") == "annex":
        if element.tag == "svg":
            lines.append(f"{'  ' * depth}[{element.attributes['aria-label']}]")
        return
    below = depth + (element.tag in BLOCKS or element.tag in ("section", "details", "ul", "ol"))
    start = len(lines)
    if element.tag in BLOCKS:
        lines.append(f"{'  ' * depth}{element.tag}: ")
    is_closed = element.tag == "details" and "open" not in element.attributes
    for each in element.all("summary")[:1] if is_closed else element.content:
        if isinstance(each, Element):
            _outline(each, below, lines)
        elif (words := re.sub(r"\s+", " ", each)).strip():
            if element.tag in BLOCKS and len(lines) - 1 == start:
                lines[start] += words
            elif element.tag in ("span", "a", "strong", "em", "abbr", "small") and lines:
                lines[-1] += words
            else:
                lines.append(f"{'  ' * below}{words.strip()}")
