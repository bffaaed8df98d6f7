"""The page of an evaluation: well made, complete, the same each time, harmless whatever the names in it are."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.log.proofs import InclusionProof, parse_proof
from engine.base.numbers import exact_text
from engine.explanation import Explanation
from engine.receipt.model import LevelLine
from i18n import translator
from office.page import page
from office.page.bars import LENGTH, bar
from office.page.words import SENTENCES, TERMS, PageWords, href
from tests.golden import matches_golden
from tests.office.html import Element, outline, read
from tests.office.made import KEY, PROJECT, Made, commerce, made, project, recorded
from workflow.report import evaluation_report

GOLDEN = Path(__file__).parent / "golden"
TEMPLATES = Path(__file__).parents[2] / "office" / "page" / "templates"
HAN = re.compile(r"[\u3400-\u9fff]")
PAGES = [(case, language) for case in (commerce, project) for language in ("zh", "en")]


@pytest.fixture(params=PAGES, ids=lambda each: f"{each[0].__name__}-{each[1]}")
def root(request: pytest.FixtureRequest) -> Element:
    """The elements of each page."""
    case, language = request.param
    return read(case().page(language))


def addresses(explanation: Explanation) -> Iterator[str]:
    """Yield the address of everything in an explanation."""
    for indicator in explanation.indicators:
        yield indicator.address
        yield from (part.address for part in indicator.parts if part.line is not None)
    yield from (posting.address for posting in explanation.postings)
    yield from (result.address for result in explanation.results)
    for fact in explanation.facts:
        yield fact.address
        yield from (item.address for item in fact.evidence)
    yield from (clause.address for clause in explanation.clauses)
    yield from (reading.address for reading in explanation.readings)


def test_everything_on_it_has_its_address(root: Element) -> None:
    """Each node of the explanation is on the page once, under its address."""
    ids = [each.attributes["id"] for each in root.all() if "id" in each.attributes]
    assert len(set(ids)) == len(ids)
    case = commerce() if "jiangmen" in root.text else project()
    assert set(addresses(case.report.explanation)) <= set(ids)


def test_its_links_lead_to_what_is_on_it(root: Element) -> None:
    """No link leads out of the page, and a browser finds what each leads to."""
    ids = {each.attributes["id"] for each in root.all() if "id" in each.attributes}
    links = [each.attributes["href"] for each in root.all("a")]
    inside = [link for link in links if not link.startswith("data:application/json;base64,")]
    assert len(links) - len(inside) == 1
    assert all(link[:1] == "#" and unquote(link[1:]) in ids for link in inside)


def test_it_needs_and_runs_nothing(root: Element) -> None:
    """Its policy allows its own style, by digest, and nothing else; there is no script, no frame, no picture."""
    [style] = root.all("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    [policy] = [m.attributes["content"] for m in root.all("meta") if "http-equiv" in m.attributes]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not root.all("script", "link", "img", "iframe", "object", "embed", "form", "base", "input")
    names = {name for each in root.all() for name in each.attributes}
    assert not {name for name in names if name.startswith("on") or name in ("style", "src", "srcset")}
    assert "url(" not in style.text
    assert "@import" not in style.text


def test_it_can_be_read_without_seeing_it(root: Element) -> None:
    """Headings go down one level at a time, tables name their columns and rows, bars say what they show."""
    [html] = root.all("html")
    assert html.attributes["lang"] in ("zh-CN", "en")
    levels = [int(each.tag[1]) for each in root.all("h1", "h2", "h3", "h4", "h5")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(each.attributes.get("scope") in ("col", "row") for each in root.all("th"))
    assert all(each.attributes.get("aria-label") for each in root.all("svg"))
    assert all(each.content and isinstance(each.content[0] or "", str | Element) for each in root.all("details"))


def test_on_an_english_page_chinese_is_marked() -> None:
    """So that it is read out as Chinese, and has a Chinese face."""

    def unmarked(element: Element) -> Iterator[str]:
        for each in element.content:
            if isinstance(each, Element):
                yield from unmarked(each)
            elif HAN.search(each) and element.language() != "zh-CN" and element.tag != "title":
                yield each

    found = [text for text in unmarked(read(commerce().page("en"))) if not text.startswith(("fact/", "level/"))]
    assert found == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_people_read(language: str) -> None:
    """The page of the seed's case, with one of its scores opened."""
    case = commerce()
    text = outline(case.page(language), "2").replace(case.evaluation, "EVALUATION")
    text = re.sub(r"\b[0-9a-f]{64}\b", "DIGEST", text)
    assert matches_golden(GOLDEN / f"commerce.{language}.txt", text)


def test_the_same_evaluation_gives_the_same_bytes(tmp_path: Path) -> None:
    """Whatever is recorded after it, even where it is superseded."""
    case = made(PROJECT, tmp_path)
    before = case.page("zh")
    later = recorded(PROJECT.parent.parent / "jiangmen-commerce-2024" / "spot-check.yaml", case.settings)
    other = tmp_path / "other.yaml"
    other.write_text(PROJECT.read_text("utf-8").replace("实际完成值: 28", "实际完成值: 29"), "utf-8")
    recorded(other, case.settings, supersedes=case.evaluation)
    again, standing = evaluation_report(case.settings, case.evaluation)
    assert standing.superseded_by not in (None, later)
    assert page(again, "zh", translator("zh")) == before


def test_its_proof_can_be_checked() -> None:
    """The proof that it carries proves the receipt whose digest it shows."""
    case = commerce()
    [link] = [a.attributes["href"] for a in read(case.page("en")).all("a") if "download" in a.attributes]
    proof = parse_proof(base64.b64decode(link.partition(",")[2]).decode())
    assert isinstance(proof, InclusionProof)
    proof.check(KEY.public)
    assert proof.receipt is not None
    assert hashlib.sha256(proof.receipt.encode()).hexdigest() in read(case.page("en")).text


def test_without_a_signed_checkpoint_it_says_so(tmp_path: Path) -> None:
    """And has no proof."""
    root = read(made(PROJECT, tmp_path, signed=False).page("en"))
    assert "No signed checkpoint covers this evaluation yet" in root.text
    assert not [a for a in root.all("a") if "download" in a.attributes]


@pytest.mark.parametrize("case", [commerce, project], ids=lambda case: case.__name__)
def test_it_can_be_made_of_the_explanation_alone(case: Callable[[], Made]) -> None:
    """What could not be found out is left out, and the page says so."""
    alone = replace(case().report, verdicts=None, improvement=None, readings=None, decided={})
    root = read(page(alone, "en", translator("en")))
    assert "does not make the recorded receipt again" in root.text
    assert not [each for each in root.all() if each.attributes.get("id") == "improve"]


HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'",
    "</style></title></details><h1>总分 100</h1>",
    "{{ 7 * 7 }}{% raw %}",
    "مديرية المالية",
    "长" * 3_000,
]


def test_hostile_names_are_only_names(tmp_path: Path) -> None:
    """A name that is markup is shown as it is written; none changes the elements of the page."""
    file = tmp_path / "facts.yaml"
    text = PROJECT.read_text("utf-8")
    plain = {each.tag for each in read(project().page("zh")).all()}
    name = json.dumps("".join(HOSTILE[:5]), ensure_ascii=False)
    for written in ("某市示例局（虚构）", "更新检测设备", "2台设备招标流标，已列入下年度采购。"):
        text = text.replace(f": {written}", f": {name}")
    file.write_text(text, "utf-8")
    root = read(made(file, tmp_path).page("zh"))
    assert root.text.count("".join(HOSTILE[:5])) > 3
    assert {each.tag for each in root.all()} == plain
    assert len(root.all("h1")) == 1


@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60)), st.sampled_from(["zh", "en"]))
def test_any_text_comes_through_as_text(text: str, language: str) -> None:
    """It is shown as it is written, but for what is not seen, which is shown by its code."""
    words = PageWords(language, translator(language))
    root = read(str(words.mark(text)))
    assert root.text == words.say(text)
    assert {each.tag for each in root.all()} <= {"span"}


def test_what_turns_the_direction_is_shown_by_its_code() -> None:
    """A name cannot show other digits than it has."""
    assert PageWords("zh", translator("zh")).say("得\u202e001\u202c分") == "得\\u202e001\\u202c分"


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
def test_a_browser_finds_the_id_behind_a_link(name: str) -> None:
    """It decodes the fragment, and then looks for the id."""
    assert unquote(href(name)[1:]) == name
    assert re.fullmatch(r"#[A-Za-z0-9/._~%-]*", href(name))


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_a_bar_is_as_long_as_its_weight(kept: int, lost: int, left: int) -> None:
    """Its segments follow each other without a gap, each as long as its points."""
    weight = kept + lost + left
    line = LevelLine(path=(), weight=str(weight), kept=str(kept), lost=str(lost), open=str(left))
    segments = bar(line, exact_text(max(weight, 1)))
    points = {"kept": kept, "lost": lost, "open": left}
    assert [each.kind for each in segments] == [kind for kind, value in points.items() if value]
    assert all(abs(float(each.length) - points[each.kind] * LENGTH / weight) < 0.01 for each in segments)
    ends = [float(each.start) + float(each.length) for each in segments]
    assert all(abs(end - float(each.start)) < 0.02 for end, each in zip(ends, segments[1:], strict=False))


def test_the_templates_use_all_words() -> None:
    """And no others."""
    text = "".join(file.read_text("utf-8") for file in TEMPLATES.glob("*.html"))
    assert set(re.findall(r"\bt\.([a-z_]+)", text)) == set(TERMS)
    assert set(re.findall(r'\bs\("([a-z_]+)"', text)) | {"alternative"} == set(SENTENCES)
