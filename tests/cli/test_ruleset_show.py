"""`ruleset show` leaves nothing of a ruleset out, for people and as JSON, and reads well at two widths."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from rich.cells import cell_len

from cli import main
from engine.documents import Node
from engine.language.vocabulary import vocabulary
from engine.ruleset import Ruleset, read_ruleset
from engine.ruleset.clauses import carried_out
from engine.ruleset.surface import open_ruleset
from tests.engine import mini
from tests.golden import matches_golden
from workflow.library import find, folder_of, rulesets, sources_of

GOLDEN = Path(__file__).parent / "golden"
IDS = list(rulesets(None))
RULE_WORDS = ("award", "deduct", "cap", "adjust", "of", "result")
BANDS = {
    "zh": {"below": "低于 {}：{}", "to": "{} 及以下：{}", "above": "高于 {}：{}", "from": "{} 及以上：{}"},
    "en": {"below": "below {}: {}", "to": "up to {}: {}", "above": "above {}: {}", "from": "from {}: {}"},
}


Called: TypeAlias = Mapping[str, str]
"""What a ruleset in Chinese calls things, by the names that its documents are read with."""


def shown(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *options: str, **environ: object
) -> str:
    """Return what the command prints."""
    for key, value in environ.items():
        monkeypatch.setenv(key, str(value))
    capsys.readouterr()
    assert main.run(["ruleset", "show", name, *options]) == 0
    return capsys.readouterr().out


def document_of(name: str) -> Any:
    """Return a ruleset's document with its English keys, every scalar as it is written.

    But for the digests of what was confirmed, which `show` compares and does not print.
    """
    document = as_written(open_ruleset(sources_of(folder_of(name, None)).files))
    for confirmed in document.get("reviewed", {}).values():
        del confirmed["as"]
    return document


def as_written(node: Node) -> Any:
    """Return a document with texts for its scalars."""
    if node.is_mapping:
        return {key: as_written(value) for key, value in node.items()}
    return [as_written(each) for each in node.elements] if node.is_sequence else node.text


def called_by(ruleset: Ruleset) -> Called:
    """Return what a ruleset calls its facts, parameters, rules, parts and alternatives."""
    declared = {name: own for own, name in ruleset.names.items()}
    return declared | {name: fact_type.title for name, fact_type in ruleset.facts.items()}


def rule_name(section: str, rule: dict[str, Any], called: Called) -> str:
    """Return the name by which a rule is shown."""
    spelt = vocabulary("keys").chinese.get(section, called.get(section, section))
    return f"{spelt}/{called.get(rule['id'], rule['id'])}"


def listed(value: Any) -> list[str]:
    """Return one text or several as a list."""
    return value if isinstance(value, list) else [value] if value else []


def of_rule(rule: dict[str, Any], language: str, called: Called) -> Iterator[str]:
    """Yield each text of a rule that must be shown."""
    yield from (*listed(rule.get("where")), *listed(rule.get("when")))
    yield from (called.get(part, part) for part in listed(rule.get("part")))
    yield from (text for word in RULE_WORDS if word in rule for text in of_value(rule[word]))
    yield from (
        called.get(name, name)
        for each in (rule.get("each", {}),)
        for name in (*each, *each.values())
        if len(name) > 1 and name != "it"
    )
    yield from rule.get("readings", ())
    yield from rule.get("under", {})
    if "say" in rule:
        yield rule["say"][language]
    if "override" in rule:
        yield rule["override"]["to"]
    for derived, fields in rule.get("derive", {}).items():
        yield called.get(derived, derived)
        yield from (f"{called.get(name, name)} = {formula}" for name, formula in fields.items())
    if "bands" in rule:
        yield rule["bands"]["measure"]
        for row in rule["bands"]["rows"]:
            [bound] = {"below", "to", "above", "from"} & row.keys()
            yield BANDS[language][bound].format(row[bound], row["gives"])


def of_value(value: str | dict[str, str]) -> Iterator[str]:
    """Yield each text of what an action gives, which may be written in a form."""
    yield from (value.values() if isinstance(value, dict) else [value])


def sections(document: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the sections of rules that belong neither to an indicator nor to a result."""
    yield from ((section, document.get(section, [])) for section in ("definitions", "every_indicator", "checks"))
    yield from ((section, document.get(section, {}).get("rules", [])) for section in ("every_row", "total"))


def of_requirement(requirement: dict[str, Any], language: str, called: Called) -> Iterator[str]:
    """Yield each text of a requirement that must be shown."""
    yield from (requirement["that"], requirement["say"][language], requirement["remedy"][language])
    yield from listed(requirement.get("where"))
    yield from (called.get(name, name) for name in requirement.get("each", {}).values())
    yield from requirement.get("under", ())


def of_document(document: dict[str, Any], language: str, called: Called) -> Iterator[str]:
    """Yield each text of a ruleset that must be shown."""
    yield from (document[key] for key in ("id", "title", "issuer", "year", "source") if key in document)
    yield from (name for grade in document["grades"] for name in grade.values())
    yield from (called[name] for name in (*document["facts"], *document.get("head", ())) if name in called)
    yield from document.get("units", {})
    for clause, words in document.get("clauses", {}).items():
        yield f"{clause}  {words}"
    for requirement in document.get("every_row", {}).get("requires", ()):
        yield from of_requirement(requirement, language, called)
    for section, rules in sections(document):
        for rule in rules:
            yield rule_name(section, rule, called)
            yield from of_rule(rule, language, called)
    for name, result in document.get("results", {}).items():
        yield from (called.get(name, name), result.get("title", ""), result.get("unit", ""))
        yield from result.get("choices", ())
        for rule in result["rules"]:
            yield rule_name(name, rule, called)
            yield from of_rule(rule, language, called)
    for name, parameter in document.get("parameters", {}).items():
        yield f"{called.get(name, name)} = {parameter['value']}"
        yield from (parameter.get("title", ""), *listed(parameter["cites"]))
        for alternatives in parameter.get("under", {}).values():
            yield from (called.get(key, key) for key in alternatives)
            yield from alternatives.values()
    for name, reading in document.get("readings", {}).items():
        yield f"{name} [{reading['clause']}] {reading['question'][language]}"
        yield from (reading["authority"], reading["decided"]["by"], reading["decided"]["on"])
        for key, alternative in reading["alternatives"].items():
            own = called.get(key, key)
            words = alternative[language]
            yield f"{own}, {words}" if language == "en" else f"{own}，{words}"
            scores = alternative["scores"]
            yield scores[language] if isinstance(scores, dict) else scores
    for indicator in document["indicators"]:
        yield from of_indicator(indicator, language, called)


def of_indicator(indicator: dict[str, Any], language: str, called: Called) -> Iterator[str]:
    """Yield each text of an indicator that must be shown."""
    yield f"{indicator['number']} {indicator['name']}（{indicator['weight']}）"
    yield from (*indicator["path"], *listed(indicator.get("evidence_asked")))
    yield from (indicator[key] for key in ("explanation", "remarks") if key in indicator)
    yield from (f"{clause}  {words}" for clause, words in indicator["clauses"].items())
    for part in indicator.get("parts", ()):
        yield f"{called.get(part['id'], part['id'])} {part['title']}"
        yield from (part["weight"], *part.get("cites", ()), *part.get("under", ()))
    for item in indicator.get("checklist", {}).get("items", ()):
        yield from (text for key, each in item.items() if key != "id" for text in listed(each))
    for requirement in indicator.get("requires", ()):
        yield from of_requirement(requirement, language, called)
    for rows in [indicator["rows_from"]] if "rows_from" in indicator else []:
        yield from (called[name] for name in rows["each"].values())
        yield from (*listed(rows.get("where")), *listed(rows.get("path")))
        yield from (rows[key] for key in ("weight", "name", "claimed", "reason") if key in rows)
        yield from (text for column in rows.get("columns", {}).items() for text in column)
    for rule in indicator.get("rules", ()):
        yield rule_name(str(indicator["number"]), rule, called)
        yield from of_rule(rule, language, called)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", IDS)
def test_nothing_of_a_ruleset_is_left_out(
    name: str, language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every text of the document is in what is shown: rules, requirements, parts, parameters, readings, clauses."""
    text = shown(name, capsys, monkeypatch, "--language", "zh", FENMING_LANG=language, COLUMNS=5000)
    texts = list(of_document(document_of(name), language, called_by(find(name, None).ruleset)))
    assert len(texts) > 50
    assert [missing for missing in texts if missing not in text] == []


@pytest.mark.parametrize("name", IDS)
def test_every_rule_is_under_each_clause_that_it_carries_out(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its own citation or by its part's; whole once, then by its name."""
    text = shown(name, capsys, monkeypatch, FENMING_LANG="en", COLUMNS=5000)
    document = document_of(name)
    under: dict[str, set[str]] = {}
    clause = ""
    texts = {**document.get("clauses", {}), **{c: w for i in document["indicators"] for c, w in i["clauses"].items()}}
    for line in text.splitlines():
        words = re.sub(r"^[│├└─ ]+", "", line)
        begins = words.partition("  ")
        if begins[0] in texts and begins[2] == texts[begins[0]]:
            clause = begins[0]
        elif re.match(r"Rule \S+:", words):
            under.setdefault(words.split()[1].rstrip(":"), set()).add(clause)
        elif re.match(r"(?:├──|└──) ", line):
            clause = ""
    for indicator in document["indicators"]:
        number, only = indicator["number"], [*indicator["clauses"]] if len(indicator["clauses"]) == 1 else []
        parts = {part["id"]: listed(part.get("cites")) or only for part in indicator.get("parts", ())}
        items = enumerate(indicator.get("checklist", {}).get("items", ()), 1)
        parts |= {item.get("id", f"c{n}"): [f"{number}.{n}"] for n, item in items}
        for rule in indicator.get("rules", ()):
            own = listed(rule.get("cites")) or only
            wanted = {*own} | {c for part in listed(rule.get("part")) for c in parts[part]}
            if own and len(parts) < 2:
                wanted = {*own}
            assert under[f"{indicator['number']}/{rule['id']}"] == wanted, rule["id"]
    for section, rules in sections(document):
        for rule in rules:
            assert under[f"{section}/{rule['id']}"] == {*listed(rule["cites"]), ""}, rule["id"]
    for called, result in document.get("results", {}).items():
        for rule in result["rules"]:
            assert under[f"{called}/{rule['id']}"] == {*listed(rule.get("cites") or result["cites"]), ""}, rule["id"]


def scalars(value: Any) -> Iterator[str]:
    """Yield every scalar of a document."""
    for each in value.values() if isinstance(value, dict) else value:
        yield from [each] if isinstance(each, str) else scalars(each)


def strings(value: Any) -> Iterator[str]:
    """Yield every key and scalar of a document as text."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
    elif value is not None:
        yield str(value)


@pytest.mark.parametrize("name", IDS)
def test_json_leaves_nothing_out(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every text of the document is there, in both languages, and each clause names its rules."""
    content = json.loads(shown(name, capsys, monkeypatch, "--json"))
    there = set(strings(content))
    document = document_of(name)
    aside = {*strings(document.pop("rounding")), *strings(document.pop("calendar", None)), "true", "false"}
    aside |= {kind for fields in document["facts"].values() for kind in strings([*fields.values()])}
    assert set(scalars(document)) - aside - there == set()
    for section in ("clauses", "parameters", "readings", "units"):
        assert document.get(section, {}).keys() <= content[section].keys()
    assert {*document["facts"]} <= {*content["facts"], *(each["title"] for each in content["facts"].values())}
    rules = {rule["name"] for indicator in content["indicators"] for rule in indicator["rules"]}
    rules |= {rule["name"] for _, several in sections(content) for rule in several}
    rules |= {rule["name"] for result in content["results"].values() for rule in result["rules"]}
    assert rules >= {rule for clause in content["clauses"].values() for rule in clause["rules"]}
    for indicator in content["indicators"]:
        for rule in indicator["rules"]:
            assert all(rule["name"] in content["clauses"][clause]["rules"] for clause in rule["clauses"])


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_how_the_demo_ruleset_is_shown(
    language: str, width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a person has read it; no line is wider than the terminal."""
    text = shown("demo/schemes/1", capsys, monkeypatch, FENMING_LANG=language, COLUMNS=width)
    assert matches_golden(GOLDEN / f"ruleset-show.{language}.{width}.txt", text)
    assert all(cell_len(line) <= width for line in text.splitlines())


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_jiangmen_form_fits_the_terminal(
    language: str, width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line is wider than the terminal."""
    text = shown("jiangmen/department-special/2024", capsys, monkeypatch, FENMING_LANG=language, COLUMNS=width)
    assert all(cell_len(line) <= width for line in text.splitlines())


def test_which_rules_carry_out_which_clause() -> None:
    """Those that cite it, those whose part does, and none for a clause that no rule carries out."""
    parts = [
        {"id": "a", "weight": 4, "title": "甲", "cites": ["1.1"]},
        {"id": "b", "weight": 6, "title": "乙", "cites": ["1.2", "1.3"]},
    ]
    clauses = {"1.1": "一", "1.2": "二", "1.3": "三", "1.4": "四"}
    rules: list[dict[str, Any]] = [
        {"part": ["a", "b"], "award": 1, "of": 1, "cites": ["1.1"]},
        {"part": "b", "award": 1, "of": 1, "cites": ["1.3"]},
        {"override": {"to": 0, "scope": "indicator"}, "cites": ["1.3"], "when": "count(project) > 1"},
    ]
    ruleset = read_ruleset(mini.sources(mini.ruleset(mini.indicator(*rules, parts=parts, clauses=clauses))))
    assert {clause: [placed.name for placed in rules] for clause, rules in carried_out(ruleset).items()} == {
        "1.1": ["1/r0"],
        "1.2": ["1/r0", "1/r1"],
        "1.3": ["1/r0", "1/r1", "1/r2"],
        "1.4": [],
    }


def test_a_checklist_is_shown_as_it_was_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its criteria with points, clauses and partial credit; nothing of the rules that carry it out."""
    text = shown("jiangmen/department-special/2024", capsys, monkeypatch, FENMING_LANG="zh", COLUMNS=5000)
    fourth = text[text.index("├── 4 ") : text.index("├── 5 ")]
    assert "2. 项目间分配合理：符合的得 3 分  [4.2]" in fourth
    assert "仅在口径 R6 取“可酌情”时适用；现采用“全部”，不适用" in fourth
    assert fourth.count("见符合得分第") == 3
    for internal in ("记作", "分项", "该项", "评分前须满足", "规则", "criterion"):
        assert internal not in fourth, internal


def test_rows_carry_out_their_clause_and_are_rounded(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an indicator with rows; and in Chinese nothing of the ruleset's own has its English name."""
    text = shown("national/project-self-evaluation/2020", capsys, monkeypatch, FENMING_LANG="zh", COLUMNS=5000)
    assert text.count("由各行执行") == 3
    assert "没有规则执行" not in text
    assert "有各行的指标按行舍入，其余按指标舍入" in text
    assert re.findall(r"met_from|upper|at-least|checks/|definitions/", text) == []
    assert "达成下限 = 80%  “达成”一档的下限" in text


def test_each_form_is_shown_whatever_the_readers_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By default the reader's own; a form that there is not is refused with those that there are."""
    name, chinese = "jiangmen/department-special/2024", "非 已报整体绩效目标"
    for language, options, there in (
        ("zh", (), True), ("en", (), False), ("en", ("--language", "zh"), True), ("zh", ("--language", "en"), False),
    ):  # fmt: skip
        text = shown(name, capsys, monkeypatch, *options, FENMING_LANG=language, COLUMNS=5000)
        assert (chinese in text) == there
        assert ("where not reported)" in text) != there
    assert main.run(["ruleset", "show", name, "--language", "fr"]) == 2
    assert "--language 须为以下之一：zh、en。" in capsys.readouterr().err
