"""The faces of an explanation: whole ones as a person has read them, in Markdown, as JSON, opened by an address."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from rich.cells import cell_len

import examples
import schemas
from tests.cli.conftest import Run
from tests.golden import matches_golden

GOLDEN = Path(__file__).parent / "golden"
COMMERCE = examples.FOLDER / "jiangmen-commerce-2024" / "as-printed.yaml"
PROJECT = examples.FOLDER / "national-project-2020" / "project.yaml"
CASES = {"commerce": COMMERCE, "project": PROJECT}


@pytest.fixture
def run(fenming: Run) -> Callable[..., str]:
    """Return what runs a command in Chinese, where no other language is asked for."""
    return partial(fenming, language="zh")


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [80, 120])
def test_whole_explanations(name: str, language: str, width: int, run: Callable[..., str]) -> None:
    """Of the shipped examples, in all three layers, as golden files; no line is wider than the terminal."""
    run("evaluate", str(CASES[name]))
    shown = run("explain", "latest", "--depth", "all", language=language, width=width)
    assert matches_golden(GOLDEN / f"explained-{name}.{language}.{width}.txt", shown)
    assert all(cell_len(line) <= width for line in shown.splitlines())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_markdown(language: str, run: Callable[..., str]) -> None:
    """Each node with its address, and at the end the digest of the whole explanation."""
    run("evaluate", str(PROJECT))
    words = "explain", "latest", "1", "--depth", "2", "--format", "markdown"
    shown = run(*words, language=language)
    assert matches_golden(GOLDEN / f"explained-project.{language}.md", shown)
    assert json.loads(run("explain", "latest", "--json"))["digest"] in shown


def test_layers_hold_each_other(run: Callable[..., str]) -> None:
    """What a layer says the next one says too, but for what a derivation holds then; ids are shown only on request."""
    run("evaluate", str(COMMERCE))
    one, two, three = (run("explain", "latest", "1", "--depth", depth, width=400) for depth in ("1", "2", "3"))
    assert run("explain", "latest", "1", width=400) == one
    assert run("explain", "latest", "1", "--depth", "all", width=400) == three
    assert "条款 1.1" in one
    assert "分值 × 得分率 ÷ 得分结果个数（类别 = “产出”） = 15 × 50% ÷ 10 = 0.75" not in one
    for deeper in (two, three):
        assert "分值 × 得分率 ÷ 得分结果个数（类别 = “产出”） = 15 × 50% ÷ 10 = 0.75" in deeper
        assert "实际完成值 ÷ 年初目标值 = 177 ÷ 110 ≈ 160.91%" in deeper
    assert "规则“平均得分”" not in two
    assert "规则“平均得分”" in three
    assert not re.search(r"1/mean|share\(|T02", three)
    named = run("explain", "latest", "1", "--depth", "3", "--ids", width=400)
    assert all(name in named for name in ("1/mean", "share(rate(T02))", "[T02]"))


def test_an_address_opens_what_it_was_shown_beside(run: Callable[..., str]) -> None:
    """In every face the same address; with the whole id, the beginning of it, an entry's number, or `latest`."""
    run("evaluate", str(COMMERCE))
    content = json.loads(run("explain", "latest", "--json"))["explanation"]
    address = content["indicators"][0]["parts"][0]["postings"][7]["address"]
    assert address in run("explain", "latest", "1", "--addresses", width=400)
    assert f"`{address}`" in run("explain", "latest", "1", "--format", "markdown")
    evaluation, rest = address.split("/", 1)
    opened = run("explain", address)
    assert "160.91%" in opened
    assert opened.count("得分：得") == 1
    for other in (f"{evaluation[:6]}/{rest}", f"0/{rest}", f"latest/{rest}"):
        assert run("explain", other) == opened
    assert run("explain", "latest", rest) == opened
    shown = json.loads(run("explain", address, "--json"))["explanation"]
    [indicator] = shown["indicators"]
    assert [posting["address"] for part in indicator["parts"] for posting in part["postings"]] == [address]
    fact = run("explain", f"{address}/fact/T02", width=400)
    assert "实际完成值：177" in fact
    refused = run("explain", f"{evaluation}/1/whole/posting/11", ends=5)
    assert "evaluation.no-such-address" in refused


def test_json_keeps_to_its_schema(run: Callable[..., str]) -> None:
    """What the ledger says is around it; inside, every text is in both languages, for every reader."""
    run("evaluate", str(COMMERCE))
    answers = [json.loads(run("explain", "latest", "--json", language=language)) for language in ("zh", "en")]
    assert answers[0] == answers[1]
    assert set(answers[0]) == {"evaluation", "standing", "superseded_by", "digest", "explanation"}
    Draft202012Validator(schemas.schema("explanation.json")).validate(answers[0]["explanation"])


def test_hostile_names_do_nothing_in_markdown(run: Callable[..., str], tmp_path: Path) -> None:
    """What a department writes is text there: no heading, no link, no code, no markup."""
    file = tmp_path / "hostile.yaml"
    hostile = json.dumps("# <b>x</b> [y](http://z) `q` *s*")
    file.write_text(PROJECT.read_text("utf-8").replace("报告出具时间偏长，已开通网上查询。", hostile), "utf-8")
    run("evaluate", str(file))
    shown = run("explain", "latest", "4", "--depth", "2", "--format", "markdown")
    assert r"\# \<b\>x\</b\> \[y\](http://z) \`q\` \*s\*" in shown


@pytest.mark.parametrize("option", ["--depth=all", "--all-rules"])
def test_an_indicator_is_named_as_well_as_numbered(option: str, run: Callable[..., str]) -> None:
    """The same is shown; a name that is nearly one suggests it."""
    run("evaluate", str(COMMERCE))
    assert run("explain", "latest", "投入成本合理性", option) == run("explain", "latest", "8", option)
    assert "“投入成本合理性”" in run("explain", "latest", "投入成本合理", option, ends=5)


@pytest.mark.parametrize("option", ["--depth=1", "--all-rules"])
def test_an_indicator_and_a_result_of_one_name_are_both_shown(option: str, run: Callable[..., str]) -> None:
    """Neither hides the other."""
    run("evaluate", str(PROJECT))
    shown = run("explain", "latest", "预算执行率", option)
    assert "1 预算执行率" in shown
    assert "结果 预算执行率" in shown


def test_what_the_department_wrote_beside_an_indicator_is_shown(run: Callable[..., str]) -> None:
    """Its reason, measures and evidence come with the facts; also in JSON, where no posting is based on them."""
    run("evaluate", str(COMMERCE))
    words = ("受地缘政治冲突加剧", "宣传落实各级外资激励政策", "佐证材料详见两个项目资金佐证材料文件夹")
    assert not any(each in run("explain", "latest", "1", width=4000) for each in words)
    assert all(each in run("explain", "latest", "1", "--depth", "2", width=4000) for each in words)
    assert all(each in run("explain", "latest", "1", "--json") for each in words)
    not_assessed = run("explain", "latest", "13", "--depth", "all")
    assert "绩效自评复核反馈意见表" in not_assessed
    assert "没有列佐证材料" not in not_assessed


def test_postings_of_a_kind_are_in_the_order_of_the_facts_with_losses_first(run: Callable[..., str]) -> None:
    """And each keeps the address that it has in the receipt."""
    run("evaluate", str(COMMERCE))
    shown = run("explain", "latest", "2", "--addresses")
    sentences = re.findall(r"── “([^”]+)”[^\n]+得", shown)
    assert sentences == [
        "实际吸收外资",
        "完成情况表未印出的效益指标之二",
        "全市进出口总值",
        "完成情况表未印出的效益指标之一",
    ]
    addresses = re.findall(r"/2/whole/posting/(\d)", shown)
    whole = json.loads(run("explain", "latest", "2", "--json"))["explanation"]["indicators"][0]["parts"][0]["postings"]
    assert [each["address"].rpartition("/")[2] for each in whole] == ["1", "2", "3", "4"]
    taken = [whole[int(number) - 1]["lost"] for number in addresses]
    assert [each != "0" for each in taken] == [True, True, False, False]


def test_a_hint_names_the_ledger_that_was_named_and_is_one_line(run: Callable[..., str]) -> None:
    """So that it can be copied; a name with a space is quoted."""
    run("evaluate", str(PROJECT), "--ledger", "my other.db")
    shown = run("explain", "latest", "--ledger", "my other.db", width=80)
    assert re.search(r"  fenming explain [0-9a-f]{16} 2 --ledger 'my other\.db'$", shown, re.MULTILINE)
    assert "`fenming explain" in run("explain", "latest", "--ledger", "my other.db", "--format", "markdown")


def test_deeper_layers_are_offered_where_they_add_something(run: Callable[..., str]) -> None:
    """Clauses and readings are shown in full at once."""
    run("evaluate", str(COMMERCE))
    offered = {what: "--depth 2" in run("explain", "latest", what) for what in ("2", "clause/1.1", "reading/R2")}
    assert offered == {"2": True, "clause/1.1": False, "reading/R2": False}
