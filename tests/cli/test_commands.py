"""What each command answers, for people and as JSON."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from audit.ledger.ledger import open_ledger
from engine.base.sources import canonical
from engine.receipt import read_receipt
from tests.cli.program import EXAMPLE, Program
from workflow.score import score
from workflow.settings import Settings

GOOD = str(EXAMPLE / "as-printed.yaml")
RULESET = "jiangmen/department-special/2024"


def test_json_of_evaluate_and_show_agree(program: Program) -> None:
    """`show --json` answers from the ledger what `evaluate --json` answered."""
    answer = program.json("evaluate", GOOD)
    for key in ("evaluation", "ruleset", "total", "grade", "receipt_sha256"):
        assert isinstance(answer[key], str), key
    for indicator in answer["indicators"]:
        assert {"number", "name", "weight", "kept", "lost", "status", "claimed"} <= indicator.keys()
        assert all(isinstance(indicator[key], str) for key in ("weight", "kept", "lost"))
    assert program.json("show", answer["evaluation"]) == answer
    assert program.json("show", answer["evaluation"][:4]) == answer
    assert program.json("show", "latest") == answer


def test_every_process_gives_the_same_bytes(program: Program, tmp_path: Path) -> None:
    """Law 1: another hash seed, locale and time zone, and facts in another order, give the same receipt."""
    head, facts = Path(GOOD).read_text("utf-8").split("\nfacts:\n")
    blocks: list[str] = []
    for line in facts.splitlines():
        if line.startswith("  ") and line[2:3] not in (" ", "-", "#", ""):
            blocks.append("")
        if blocks:
            blocks[-1] += f"{line}\n"
    file = tmp_path / "reordered.yaml"
    file.write_text(f"{head}\nfacts:\n{''.join(reversed(blocks))}", "utf-8")
    digests = {
        program.json("evaluate", GOOD, PYTHONHASHSEED="0")["receipt_sha256"],
        program.json("evaluate", str(file), PYTHONHASHSEED="4242", LC_ALL="C", TZ="Asia/Shanghai")["receipt_sha256"],
    }
    assert len(digests) == 1


def test_answers_need_nothing_but_the_ledger(program: Program, tmp_path: Path) -> None:
    """show, explain and replay work from a folder without rulesets, for a ruleset that the library does not have."""
    own = tmp_path / "library" / "my" / "form"
    own.mkdir(parents=True)
    source = EXAMPLE.parents[1] / "rulesets" / RULESET / "ruleset.yaml"
    (own / "ruleset.yaml").write_text(
        source.read_text("utf-8").replace(f"编号: {RULESET}", "编号: my/form", 1), "utf-8"
    )
    calendars = tmp_path / "library" / "calendars"
    calendars.mkdir()
    (calendars / "cn.yaml").write_text((source.parents[3] / "calendars" / "cn.yaml").read_text("utf-8"), "utf-8")
    facts = tmp_path / "facts.yaml"
    facts.write_text(Path(GOOD).read_text("utf-8").replace(f"ruleset: {RULESET}", "ruleset: my/form", 1), "utf-8")
    answer = program.json("evaluate", str(facts), "--rulesets", str(tmp_path / "library"))
    (own / "ruleset.yaml").unlink()
    assert program.json("show", "latest") == answer
    assert program.run("explain", "latest", "1").returncode == 0
    assert program.run("replay", "--all").returncode == 0


def test_replay_is_brief_when_all_agrees(program: Program) -> None:
    """One line, exit 0."""
    program.run("evaluate", GOOD)
    program.run("evaluate", str(EXAMPLE / "spot-check.yaml"), "--beside", "--reason", "抽查")
    result = program.run("replay", "--all")
    assert (result.returncode, result.stdout) == (0, "Replayed 2: every byte agrees.\n")
    assert program.json("replay", "latest") == {"replayed": 1, "differ": []}


def test_replay_reports_the_difference_firing_by_firing(program: Program) -> None:
    """A recorded receipt that today's engine does not give is reported precisely, exit 1."""
    scored = score(GOOD, Settings())
    receipt, sources = scored.receipt, scored.sources
    content = json.loads(receipt.text)
    posting = next(p for p in content["postings"] if p["indicator"] == 11)
    posting["kept"], posting["lost"] = "3", "1"
    content["indicators"][10]["kept"], content["indicators"][10]["lost"] = "3", "1"
    forged = read_receipt(canonical(content))
    with open_ledger(str(program.ledger), create=True) as ledger:
        ledger.append(forged, sources, actor="x", at=datetime(2024, 12, 31, tzinfo=UTC))
    result = program.run("replay", "latest")
    assert result.returncode == 1
    assert "“kept” was 3, is now 4" in result.stdout
    assert "Traceback" not in result.stderr
    answer = program.run("replay", "latest", "--json")
    assert answer.returncode == 1
    assert json.loads(answer.stdout)["differ"][0]["differences"]


def test_other_reading_scores_otherwise(program: Program, tmp_path: Path) -> None:
    """--reading changes the score, is reported on the card, and is replayed as it was."""
    file = tmp_path / "facts.yaml"
    text = Path(GOOD).read_text("utf-8").replace("amount: 0 万元, kind: 项目", "amount: 14541.34 万元, kind: 项目")
    file.write_text(text, "utf-8")
    plain = program.json("evaluate", str(file))
    other = program.json(
        "evaluate", str(file), "--reading", "R10=read-as-one", "--supersedes", "latest", "--reason", "口径"
    )
    assert (plain["indicators"][9]["kept"], other["indicators"][9]["kept"]) == ("2", "0.8")
    assert "R10=read-as-one" in program.run("show", "latest").stdout
    assert program.run("replay", "--all").returncode == 0


def test_correction_is_a_new_entry(program: Program) -> None:
    """A correction names what it supersedes and why; both stay in the ledger."""
    first = program.json("evaluate", GOOD)["evaluation"]
    spot = str(EXAMPLE / "spot-check.yaml")
    second = program.json("evaluate", spot, "--supersedes", first[:6], "--reason", "抽查")["evaluation"]
    assert f"Superseded by {second}." in program.run("show", first).stdout
    assert f"Supersedes {first}: 抽查" in program.run("show", second).stdout
    assert [entry["evaluation"] for entry in program.json("audit", "log")] == [second]
    assert [entry["evaluation"] for entry in program.json("audit", "log", "--all")] == [second, first]
    assert program.run("evaluate", spot, "--supersedes", first, "--reason", "again").returncode == 4


def test_a_second_evaluation_says_what_it_is(program: Program) -> None:
    """It is refused with the one in force, recorded as what it says, or not recorded again."""
    spot = str(EXAMPLE / "spot-check.yaml")
    first = program.json("evaluate", GOOD)["evaluation"]
    refused = program.run("evaluate", spot)
    assert refused.returncode == 4
    assert f"evaluation {first}, entry 0, is in force" in " ".join(refused.stderr.split())
    again = program.run("evaluate", GOOD)
    assert again.returncode == 0
    assert f"These facts give the same receipt as evaluation {first}, entry 0: nothing was recorded." in " ".join(
        again.stdout.split()
    )
    for words in (
        ("--beside", "--trial"),
        ("--beside",),
        ("--trial", "--supersedes", first),
        ("--beside", "--reason", " "),
    ):
        assert program.run("evaluate", spot, *words).returncode == 2
    trial = program.run("evaluate", spot, "--trial")
    assert trial.returncode == 0, trial.stderr
    assert "Trial: not a score of the department." in "\n".join(trial.stdout.splitlines()[:3])
    assert "Trial: not a score of the department." in program.run("explain", "1").stdout
    assert "Trial" in program.run("audit", "log", "--all").stdout
    assert (program.json("show", "1")["standing"], program.json("explain", "1")["standing"]) == ("trial", "trial")
    assert [each["evaluation"] for each in program.json("audit", "log")] == [first]


def test_a_refused_evaluation_leaves_no_file(program: Program) -> None:
    """Neither a ledger nor a folder of checkpoints."""
    assert program.run("evaluate", GOOD, "--supersedes", "latest", "--reason", "x").returncode == 5
    assert list(program.folder.iterdir()) == []


def test_explain_as_json_holds_the_whole_chain(program: Program) -> None:
    """Each posting with its firing, clause texts, aggregates; facts with evidence."""
    program.run("evaluate", GOOD)
    answer = program.json("explain", "latest", "2")["explanation"]
    [indicator] = answer["indicators"]
    [part] = indicator["parts"]
    assert sum(float(p["lost"]) for p in part["postings"]) == pytest.approx(3.96)
    firing = part["postings"][0]["firing"]
    clauses = {clause["id"]: clause["text"] for clause in answer["clauses"]}
    assert clauses[firing["clauses"][0]].startswith("1.首先根据绩效目标表")
    assert firing["formulas"][0]["numbers"]["zh"] == "15 × 100% ÷ 4"


def test_explain_says_that_an_aggregate_has_no_fact(program: Program) -> None:
    """In both languages, in place of a list of no facts."""
    program.run("evaluate", f"rulesets/{RULESET}/cases/full-marks.yaml")
    for language, words in (("en", ": there is no such fact"), ("zh", "：没有这样的事实")):
        shown = program.run("explain", "latest", "10", "--depth", "all", FENMING_LANG=language, COLUMNS="300").stdout
        assert shown.count(words) == 2


def test_facts_check(program: Program) -> None:
    """A good file is reported in one line; nothing is written."""
    result = program.run("facts", "check", GOOD)
    assert result.returncode == 0
    assert "no fault" in result.stdout
    assert not program.ledger.exists()


def test_facts_check_of_another_year(program: Program, tmp_path: Path) -> None:
    """A case of another year than the ruleset's is reported, in words and in JSON."""
    file = tmp_path / "facts.yaml"
    file.write_text(Path(GOOD).read_text("utf-8").replace("year: 2024", "year: 2023", 1), "utf-8")
    result = program.run("facts", "check", str(file))
    assert result.returncode == 0
    assert "The case is for 2023, but the ruleset is for 2024." in result.stdout
    assert program.json("facts", "check", str(file))["notices"] == [
        {"kind": "other_year", "case": "2023", "ruleset": "2024"}
    ]


def test_template_is_a_facts_file_to_fill_in(program: Program, tmp_path: Path) -> None:
    """The template parses as YAML, names every fact type, and as it is says what is missing."""
    text = program.run("facts", "template", RULESET).stdout
    parsed = yaml.safe_load(text)
    assert parsed["ruleset"] == RULESET
    assert "performance_target" in parsed["facts"]
    for field in ("name:", "direction:", "target:", "actual:", "unit:"):
        assert field in text
    file = tmp_path / "template.yaml"
    file.write_text(text, "utf-8")
    result = program.run("facts", "check", str(file))
    assert result.returncode == 3
    assert "performance_target" in result.stderr


def test_a_template_needs_a_ruleset(program: Program) -> None:
    """Without one the command lists the rulesets."""
    result = program.run("facts", "template")
    assert result.returncode == 2
    assert RULESET in result.stderr
    assert "demo/schemes/1" in result.stderr


def test_a_calendar_of_nearly_the_same_name(program: Program, tmp_path: Path) -> None:
    """A misspelt calendar is reported with the one that was probably meant, at its place."""
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "china.yaml").write_text("", "utf-8")
    folder = tmp_path / "form"
    folder.mkdir()
    (folder / "ruleset.yaml").write_text("id: a/form/1\ncalendar: chima\nfacts: {}\n", "utf-8")
    result = program.run("ruleset", "test", str(folder))
    assert result.returncode == 3
    assert "ruleset.yaml:2:11" in result.stderr
    assert "Did you mean “china”?" in result.stderr


def test_listings(program: Program) -> None:
    """Types, rulesets, one ruleset, the log: as tables and as JSON."""
    types = {entry["name"]: entry for entry in program.json("facts", "types")}
    fields = [field["name"] for field in types["performance_target"]["fields"]]
    assert {"name", "direction", "target", "actual", "unit"} <= set(fields)
    assert RULESET in [entry["id"] for entry in program.json("ruleset", "list")]
    shown = program.json("ruleset", "show", RULESET)
    assert len(shown["indicators"]) == 15
    assert len(shown["readings"]) == 18
    program.run("evaluate", GOOD)
    for command in ("facts types", f"facts types {RULESET}", "ruleset list", f"ruleset show {RULESET}", "audit log"):
        result = program.run(*command.split())
        assert result.returncode == 0, result.stderr
        assert result.stdout.strip()


def test_the_ledger_refuses_a_bare_connection(program: Program) -> None:
    """With nothing but sqlite3 in hand, what was recorded cannot be changed or removed."""
    program.run("evaluate", GOOD)
    connection = sqlite3.connect(program.ledger)
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert {"entry", "evaluation", "firing", "posting", "fact"} <= set(tables)
    for table in tables:
        column = connection.execute(f'SELECT name FROM pragma_table_info("{table}")').fetchone()[0]
        for statement in (f'DELETE FROM "{table}"', f'UPDATE "{table}" SET "{column}" = "{column}"'):
            if connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]:
                with pytest.raises(sqlite3.DatabaseError):
                    connection.execute(statement)
    connection.close()
