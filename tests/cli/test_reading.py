"""What the compliance officer reads on her terminal, at two widths, in both languages, as golden files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from rich.cells import cell_len

from audit.database.sqlite.guards import guards
from audit.log.keys import SigningKey, new_key
from tests.cli.desk import MINUTES, REPORT
from tests.cli.terminal import NEXT, Noon, NotRandom, Terminal, copied, furnish
from tests.golden import matches_golden

GOLDEN = Path(__file__).parent / "golden"
LONG = "nowhere/" + "a-long-name/" * 12 + "proof.json"
LANGUAGES, WIDTHS = ("zh", "en"), (80, 120)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the first test to furnish."""
    return tmp_path_factory.mktemp("furnished")


def drawn(name: str) -> SigningKey:
    """Make a key, always the same one, under the name if it may be one."""
    return SigningKey(new_key(name).name, NEXT.seed)


@pytest.fixture
def terminal(
    furnished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    """A terminal in a copy of the furnished folder, where the clock stands still."""
    for name in ("FENMING_LEDGER", "FENMING_CHECKPOINTS", "FENMING_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FENMING_ACTOR", "张会计")
    monkeypatch.setenv("FENMING_LANG", "en")
    monkeypatch.setattr("workflow.record.datetime", Noon)
    monkeypatch.setattr("workflow.keys.datetime", Noon)
    monkeypatch.setattr("workflow.keys.new_key", drawn)
    monkeypatch.setattr("audit.log.entries.secrets", NotRandom)
    if not any(furnished.iterdir()):
        monkeypatch.chdir(furnished)
        furnish(furnished, capsys)
    monkeypatch.chdir(copied(furnished, tmp_path / "office"))
    return Terminal(tmp_path / "office", capsys)


def verify(terminal: Terminal) -> Iterator[str]:
    """Sound ledgers, another key than theirs, and a ledger with faults of many kinds."""
    yield "audit verify --key office.pub"
    yield "audit verify"
    yield "audit verify --ledger unsigned.db"
    yield "audit verify --key other.pub"
    tamper(terminal.folder / "fenming.db")
    with (terminal.folder / "fenming.db.checkpoints" / "checkpoints").open("a", encoding="utf-8") as file:
        file.write("what is this\n\n")
    yield "audit verify --key other.pub"
    yield "audit verify --ledger nowhere.db"
    yield "audit verify --key nowhere.pub"
    yield "audit verify --key office.key"
    yield "audit verify --key facts.yaml"
    yield "audit verify --ledger unsigned.db --checkpoints elsewhere"


def tamper(ledger: Path) -> None:
    """Change a ledger past its triggers: amounts, a text, an actor, a digest, a time."""
    with closing(sqlite3.connect(ledger)) as connection, connection:
        for name in guards():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE posting SET kept = '9' WHERE position = 0 AND entry = 1")
        connection.execute("UPDATE source SET text = text || '#' WHERE sha256 = (SELECT min(sha256) FROM source)")
        connection.execute("UPDATE entry SET actor = 'x' WHERE \"index\" = 0")
        connection.execute("UPDATE evaluation SET receipt = replace(receipt, '75', '76') WHERE entry = 2")
        connection.execute("DELETE FROM firing WHERE entry = 2 AND position = 0")
        names = list(guards())
        for name in names[1:]:
            connection.execute(guards()[name])


def past_guards(ledger: Path, statement: str) -> None:
    """Change a ledger past its triggers, and put them back."""
    with closing(sqlite3.connect(ledger)) as connection, connection:
        for name in guards():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        for text in guards().values():
            connection.execute(text)


def prove(terminal: Terminal) -> Iterator[str]:
    """A proof is written to a new file; an entry that is not there, a ledger that is not signed."""
    del terminal
    yield "audit prove 0"
    yield "audit prove latest -o proof.json"
    yield "audit prove latest -o proof.json"
    yield "audit prove 7"
    yield "audit prove 0 --ledger unsigned.db"
    yield "audit prove 1 --key other.pub"
    yield "audit prove 1 --checkpoints elsewhere -o elsewhere.json"
    yield "audit prove 1 -o nowhere/proof.json"
    yield f"audit prove 1 -o {LONG}"


def check(terminal: Terminal) -> Iterator[str]:
    """A good proof of an evaluation and of a key, and what is refused."""
    folder = terminal.folder
    for entry in ("0", "latest"):
        Terminal(folder, terminal.capsys).run(f"audit prove {entry} -o {entry}.json")
    text = (folder / "latest.json").read_text("utf-8")
    for name, changed in (
        ("actor", text.replace("张会计", "李会计")),
        ("receipt", text.replace('\\"total\\"', '\\"Total\\"')),
        ("ruleset", text.replace("示例", "示列", 1) if '"sources"' in text else text),
        ("signature", text.replace("\\n3\\n", "\\n4\\n")),
        ("half", text[: len(text) // 2]),
        ("bare", text[: text.index(',\n "receipt"')] + "\n}\n"),
    ):
        (folder / f"{name}.json").write_text(changed, "utf-8")
    yield "audit check latest.json --key office.pub"
    yield "audit check latest.json --key office.pub --indicator 1"
    yield "audit check 0.json --key office.pub"
    yield "audit check bare.json --key office.pub"
    yield "audit check bare.json --key office.pub --indicator 1"
    yield "audit check latest.json --key other.pub"
    for name in ("actor", "receipt", "ruleset", "signature", "half"):
        yield f"audit check {name}.json --key office.pub"
    yield "audit check facts.yaml --key office.pub"
    yield "audit check nowhere.json --key office.pub"
    yield "audit check 附件 --key office.pub"
    yield "audit check latest.json --key office.pub --indicator 99"
    yield "audit check latest.json"


def consistent(terminal: Terminal) -> Iterator[str]:
    """One checkpoint extends another, or does not."""
    folder = terminal.folder
    kept = (folder / "fenming.db.checkpoints" / "checkpoints").read_text("utf-8").split("\n\n")
    (folder / "monday.txt").write_text("\n\n".join(kept[-3:-1]) + "\n", "utf-8")
    lines = (folder / "monday.txt").read_text("utf-8").splitlines()
    origin, _, _, *rest = lines
    (folder / "forged.txt").write_text("\n".join((origin, "2", "A" * 43 + "=", *rest)) + "\n", "utf-8")
    (folder / "other.txt").write_text("\n".join(("fenming/" + "0" * 32, *lines[1:])) + "\n", "utf-8")
    yield "audit checkpoint"
    yield "audit consistent 2 latest --key office.pub -o extends.json"
    yield "audit check extends.json --key office.pub"
    yield "audit check extends.json --key other.pub"
    yield "audit consistent 2"
    yield "audit consistent forged.txt"
    yield "audit consistent forged.txt --key office.pub"
    yield "audit consistent other.txt"
    yield "audit consistent 3 2"
    yield "audit consistent 9"
    yield "audit consistent facts.yaml"
    yield "audit consistent nowhere.txt"
    yield "audit checkpoint 3"
    (folder / "held.txt").write_text(terminal.text.rpartition("audit checkpoint 3\n")[2].rpartition("[0]")[0], "utf-8")
    kept_file = folder / "fenming.db.checkpoints" / "checkpoints"
    kept_file.write_text("\n\n".join(kept[:2]) + "\n\n", "utf-8")
    past_guards(folder / "fenming.db", "DELETE FROM checkpoint WHERE size > 2")
    yield "audit consistent held.txt"


def key(terminal: Terminal) -> Iterator[str | list[str]]:
    """Keys are made, shown and changed."""
    del terminal
    yield "audit key new fresh.key --name czj.jiangmen.gov.cn/fenming"
    yield "audit key new fresh.key --name czj.jiangmen.gov.cn/fenming"
    yield "audit key new other-fresh.key --name 财政局+预算科"
    yield "audit key new other-fresh.key"
    yield "audit key show --signing-key office.key"
    yield "audit key show"
    yield "audit key show --ledger unsigned.db"
    yield "audit key show --signing-key office.pub"
    yield "audit key rotate other.key --reason 年度更换"
    yield "audit key rotate office.key --reason 年度更换 --signing-key office.key"
    yield "audit key rotate other.key --reason 年度更换 --signing-key office.key"
    yield "audit key rotate next.key --reason 私钥丢失 --lost"
    yield ["audit", "key", "rotate", "other.key", "--reason", "", "--signing-key", "next.key"]
    yield "audit log"
    yield "audit verify --key office.pub"


def seal(terminal: Terminal) -> Iterator[str]:
    """A checkpoint of the present ledger: nothing new to cover, another folder, entries without a checkpoint."""
    yield "audit seal"
    yield "audit seal --signing-key office.key"
    yield "evaluate corrected.yaml --signing-key office.key --supersedes latest --reason 更正 --checkpoints elsewhere"
    yield "audit seal --signing-key office.key --checkpoints elsewhere"
    yield "audit seal --ledger nowhere.db"
    file = terminal.folder / "fenming.db.checkpoints" / "checkpoints"
    file.write_text("\n\n".join(file.read_text("utf-8").split("\n\n")[:2]) + "\n\n", "utf-8")
    yield "audit seal --signing-key office.key"
    tamper(terminal.folder / "fenming.db")
    yield "audit seal --signing-key office.key"


def log(terminal: Terminal) -> Iterator[str]:
    """What the ledger holds."""
    del terminal
    yield "audit log"
    yield "audit log --all"
    yield "audit log --ledger nowhere.db"


def evidence(terminal: Terminal) -> Iterator[str]:
    """Evidence that is the same, was changed, and is gone."""
    yield "evidence check latest"
    (terminal.folder / MINUTES).write_bytes(b"other minutes\r\n")
    (terminal.folder / REPORT).unlink()
    yield "evidence check latest"
    yield "evidence check latest --folder nowhere"
    yield "evidence check latest --ledger nowhere.db"


SCENES: dict[str, Callable[[Terminal], Iterator[str | list[str]]]] = {
    "audit-verify": verify,
    "audit-prove": prove,
    "audit-check": check,
    "audit-consistent": consistent,
    "audit-key": key,
    "audit-seal": seal,
    "audit-log": log,
    "evidence-check": evidence,
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scene", SCENES)
def test_what_the_officer_reads(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, scene: str, language: str, width: int
) -> None:
    """Each scene is as somebody has read it, and fits the terminal but for what is copied whole."""
    monkeypatch.setenv("FENMING_LANG", language)
    monkeypatch.setenv("COLUMNS", str(width))
    for line in SCENES[scene](terminal):
        terminal.run(line)
    file = GOLDEN / f"{scene}.{language}.{width}.txt"
    assert matches_golden(file, terminal.text), f"{file.name} differs; FENMING_UPDATE_GOLDEN=1 writes it anew"
    assert [line for line in terminal.text.splitlines() if cell_len(line) > width and not is_copied(line)] == []


def is_copied(line: str) -> bool:
    """Return whether a line is a command, of a file that is printed, or one word: what is copied whole."""
    return line.startswith(("$ ", ' "', "— ")) or (line.isascii() and " " not in line) or line.strip("“”.。：") == LONG
