"""The page in Chromium: accessible by axe-core, as wide as the screen, usable by keyboard, printed as the form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.office.browser import chromium
from tests.office.made import PROJECT, Made, commerce, made, project

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return the browser."""
    with chromium() as started:
        yield started


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Return what opens a page in a window of a width; what the browser complains of is an error."""
    complaints: list[str] = []
    contexts = []

    def opened(text: str, width: int = 1280, **options: Any) -> Page:
        file = tmp_path / "page.html"
        file.write_text(text, "utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda request: complaints.append(request.url) if request.url != file.as_uri() else None)
        page.goto(file.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def violations(page: Page) -> list[tuple[str, str]]:
    """Return what axe-core finds, each with the first element that has it."""
    page.evaluate(AXE)
    return [(each["id"], each["nodes"][0]["html"]) for each in page.evaluate("axe.run()")["violations"]]


def test_axe_finds_nothing(opened: Callable[..., Page]) -> None:
    """As the page is first seen, and with a score opened, and what is in it."""
    page = opened(commerce().page("zh"), 390, bypass_csp=True)  # axe-core is a script
    page.evaluate(OPEN_ALL.replace("'details'", "'[id=\"2\"] + tr details, #readings details'"))
    assert violations(page) == []


@pytest.mark.long
@pytest.mark.parametrize(("language", "width"), [("zh", 390), ("en", 1280)])
@pytest.mark.parametrize("case", [commerce, project], ids=lambda case: case.__name__)
def test_axe_finds_nothing_anywhere(
    opened: Callable[..., Page], case: Callable[[], Made], language: str, width: int
) -> None:
    """With all of it open."""
    page = opened(case().page(language), width, bypass_csp=True)
    page.evaluate(OPEN_ALL)
    assert violations(page) == []


def test_it_is_no_wider_than_the_screen(opened: Callable[..., Page], tmp_path: Path) -> None:
    """Closed and open, and with names that are very long, in one word or many."""
    text = PROJECT.read_text("utf-8").replace("更新检测设备", "W" * 400).replace("某市示例局（虚构）", "长" * 199)
    file = tmp_path / "facts.yaml"
    file.write_text(text, "utf-8")
    pages = commerce().page("zh"), made(file, tmp_path).page("en")
    for shown, width in product(pages, (390, 800, 1280)):
        page = opened(shown, width)
        assert page.evaluate(WIDTH) == width
        page.evaluate(OPEN_ALL)
        assert page.evaluate(WIDTH) == width


def test_a_score_opens_by_keyboard(opened: Callable[..., Page]) -> None:
    """Without a script: it can be reached by Tab, is marked there, and Enter opens it."""
    page = opened(commerce().page("zh"), java_script_enabled=False)
    summary = page.locator("tr.why summary").first
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.locator("tr.why summary:focus-visible").count():
            break
    assert page.locator("tr.why summary:focus-visible").count() == 1
    assert page.locator(":focus-visible").evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
    assert not page.locator("tr.why .within").first.is_visible()
    page.keyboard.press("Enter")
    assert page.locator("tr.why .within").first.is_visible()
    assert summary.is_visible()


def test_an_address_opens_what_it_names(opened: Callable[..., Page]) -> None:
    """Also where it is inside something that is closed, and whatever signs its name has."""
    page = opened(commerce().page("zh"))
    for link in ("#2/whole/posting/4", page.locator("a.at[href*='%2528']").first.get_attribute("href")):
        page.goto(f"{page.url.partition('#')[0]}{link}")
        assert page.locator(":target").count() == 1
        assert page.locator(":target").is_visible()


def test_it_prints_as_the_form(opened: Callable[..., Page]) -> None:
    """On A4: the form with its reasons, then an annex; nothing that is only for the screen."""
    page = opened(commerce().page("zh"))
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator(".annex").is_visible()
    assert page.locator("tr.why .within:visible").count() == 0
    assert page.locator("thead").evaluate("each => getComputedStyle(each).display") == "table-header-group"
    pdf = page.pdf(prefer_css_page_size=True)
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[([^\]]*)\]", pdf)}
    assert {(round(box[2]), round(box[3])) for box in boxes} == {(595, 842)}
    pages = len(re.findall(rb"/Type /Page\b", pdf))
    assert 3 < pages < 12
