"""What earlier versions wrote stays readable: it verifies, replays byte for byte, comes over whole."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from audit.entries import evaluation_id
from audit.errors import LedgerError
from audit.ledger import Ledger, open_ledger
from audit.log.keys import read_public_key
from audit.log.proofs import parse_proof
from audit.migrate import older_ledger
from audit.proofs import prove
from audit.replay import replay
from audit.tables import CHILDREN, FORMAT, table
from audit.verify import verify
from cli.commands.case import Recompute
from engine.sources import canonical, sha256
from tests import verifier
from tests.audit.receipts import ACTOR, AT, make_receipt, make_sources

ARCHIVE = Path(__file__).parents[1] / "archive"
OLDER = sorted(ARCHIVE.glob("format-1*.db.gz"))


def unpacked(packed: Path, folder: Path) -> Path:
    """Unpack a ledger."""
    path = folder / packed.name.removesuffix(".gz")
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    return path


def bodies(path: Path) -> list[str]:
    """Return the bodies of a ledger's entries, whatever its format."""
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute('SELECT body FROM entry ORDER BY "index"')]


def check_sound(ledger: Ledger) -> None:
    """Check that a ledger verifies, and that each case comes out again as it was, to the byte."""
    report = verify(ledger)
    assert report.findings == ()
    again = Recompute()
    found = list(ledger.evaluations())
    assert len(found) == report.evaluations > 0
    for evaluation in found:
        assert replay(ledger, evaluation.id, again).same, evaluation.id


def test_the_archive_is_there() -> None:
    """A ledger of every format so far."""
    assert [packed.name for packed in sorted(ARCHIVE.glob("*.db.gz"))] == [
        f"format-{version}.db.gz" for version in range(1, FORMAT + 1)
    ]


def test_the_ledger_of_this_format_verifies_and_replays(tmp_path: Path) -> None:
    """With its checkpoints and the key that signed it first; nothing in it has to be written anew."""
    path = unpacked(ARCHIVE / f"format-{FORMAT}.db.gz", tmp_path)
    before = path.read_bytes()
    (tmp_path / "kept").mkdir()
    shutil.copy(ARCHIVE / f"format-{FORMAT}.checkpoints", tmp_path / "kept" / "checkpoints")
    key = read_public_key(ARCHIVE / f"format-{FORMAT}.key.pub")
    with open_ledger(f"sqlite:///{path}?mode=ro", create=False, checkpoints=tmp_path / "kept") as ledger:
        check_sound(ledger)
        report = verify(ledger, key=key)
        assert report.findings == ()
        assert report.notices == ()
        assert (report.checkpoints, report.signed, len(report.keys)) == (4, 4, 2)
        proof = prove(ledger, 1, key)
        assert proof.text == gzip.decompress((ARCHIVE / f"format-{FORMAT}.proof.json.gz").read_bytes()).decode()
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["proof.json.gz", "consistency.json"])
def test_proofs_of_the_archive_hold(name: str) -> None:
    """For us, and for the second verifier."""
    data = (ARCHIVE / f"format-2.{name}").read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode()
    parse_proof(text).check(read_public_key(ARCHIVE / "format-2.key.pub"))
    assert verifier.check(text, (ARCHIVE / "format-2.key.pub").read_text("utf-8"))


@pytest.mark.parametrize("packed", OLDER, ids=lambda packed: packed.name)
def test_an_older_ledger_is_refused_and_told_how_to_go_on(packed: Path, tmp_path: Path) -> None:
    """It is not opened, and not changed."""
    path = unpacked(packed, tmp_path)
    before = path.read_bytes()
    for create in (False, True):
        with pytest.raises(LedgerError, match="audit migrate"):
            open_ledger(str(path), create=create)
    assert path.read_bytes() == before


@pytest.mark.parametrize("packed", OLDER, ids=lambda packed: packed.name)
def test_an_older_ledger_comes_into_a_new_one(packed: Path, tmp_path: Path, bare_url: str) -> None:
    """Each entry is as it was, to the byte; the new ledger verifies and replays; the old one is untouched."""
    path = unpacked(packed, tmp_path)
    before = path.read_bytes()
    kept = tmp_path / "kept"
    with older_ledger(str(path)) as old, open_ledger(bare_url, create=True, checkpoints=kept) as new:
        new.fill(old.copy)
        assert [entry.body.decode() for entry in new.entries()] == bodies(path)
        check_sound(new)
        assert verify(new).checkpoints == 1
        recorded = new.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
        assert recorded.entry == len(bodies(path))
        assert verify(new).findings == ()
    assert path.read_bytes() == before


def test_only_an_older_ledger_is_brought_over(url: str) -> None:
    """One of today's format has nothing to bring."""
    open_ledger(url, create=True).close()
    with pytest.raises(LedgerError, match=f"has format {FORMAT} already"), older_ledger(url):
        pass


def test_what_is_no_ledger_is_not_brought_over(tmp_path: Path) -> None:
    """Another program's database, and a ledger of tomorrow."""
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE something (x)")
    with pytest.raises(LedgerError, match="not a fenming ledger"), older_ledger(str(path)):
        pass
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE ledger_format (version INTEGER)")
        connection.execute("INSERT INTO ledger_format VALUES (99)")
    with pytest.raises(LedgerError, match="a newer fenming"), older_ledger(str(path)):
        pass


def test_an_older_ledger_is_not_brought_into_one_that_is_in_use(tmp_path: Path, ledger: Ledger) -> None:
    """The new ledger is to be empty."""
    ledger.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
    with older_ledger(str(unpacked(OLDER[0], tmp_path))) as old, pytest.raises(LedgerError, match="holds entries"):
        ledger.fill(old.copy)
    assert ledger.count() == 1


def add_again(connection: sqlite3.Connection, index: int, supersedes: str | None = None) -> None:
    """Record the first evaluation of an older ledger once more, as the fenming of that format did."""
    first = json.loads(connection.execute('SELECT body FROM entry WHERE "index" = 0').fetchone()[0])
    evaluation = evaluation_id(index, first["receipt_sha256"])
    said = {**first, "index": index, "evaluation": evaluation, "supersedes": supersedes}
    columns = "ruleset, department, year, total, grade, receipt_sha256, receipt"
    connection.execute(
        f"INSERT INTO evaluation SELECT ?, ?, {columns} FROM evaluation WHERE entry = 0", (index, evaluation)
    )
    for child in CHILDREN:
        name, columns = child.__tablename__, ", ".join(table(child).columns.keys()[1:])
        query = f"INSERT INTO {name} SELECT ?, {columns} FROM {name} WHERE evaluation = ?"
        connection.execute(query, (evaluation, first["evaluation"]))
    text = canonical(said)
    values = (index, "evaluation", said["at"], said["actor"], evaluation, supersedes, "", sha256(text), text.decode())
    connection.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)


def test_an_older_ledger_with_a_complete_tile_comes_over(tmp_path: Path) -> None:
    """The tree over all its entries is that of the new ledger."""
    path = unpacked(OLDER[0], tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        for index in range(3, 260):
            add_again(connection, index)
    with older_ledger(str(path)) as old, open_ledger(str(tmp_path / "new.db"), create=True) as new:
        new.fill(old.copy)
        report = verify(new)
    assert report.findings == ()
    assert report.evaluations == 260


def test_an_older_ledger_with_a_correction_of_something_else_is_not_brought_over(tmp_path: Path) -> None:
    """Though all of it fits together: what it supersedes does not come before it."""
    path = unpacked(OLDER[0], tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        sealed = connection.execute("SELECT receipt_sha256 FROM evaluation WHERE entry = 0").fetchone()[0]
        add_again(connection, 3, evaluation_id(3, sealed))
    with pytest.raises(LedgerError, match="entry 3: it supersedes"), older_ledger(str(path)):
        pass


def test_a_new_ledger_does_not_begin_in_the_folder_of_another(tmp_path: Path) -> None:
    """Its checkpoints would stand among those of the other."""
    kept = tmp_path / "kept"
    with open_ledger(str(tmp_path / "other.db"), create=True, checkpoints=kept) as other:
        other.append(make_receipt(), make_sources(), actor=ACTOR, at=AT)
    with (
        older_ledger(str(unpacked(OLDER[0], tmp_path))) as old,
        open_ledger(str(tmp_path / "new.db"), create=True, checkpoints=kept) as new,
        pytest.raises(LedgerError, match="are not of the ledger"),
    ):
        new.fill(old.copy)


DAMAGES = [
    ("UPDATE evaluation SET receipt = replace(receipt, '92.29', '99.29') WHERE entry = 0", "entry 0: its receipt"),
    ('UPDATE entry SET body = replace(body, \'"index":1\', \'"index":7\') WHERE "index" = 1', "entry 1: its body"),
    ('UPDATE entry SET body = replace(body, \'"index":1\', \'"index":true\') WHERE "index" = 1', "entry 1: its body"),
    ('UPDATE entry SET body = replace(body, \'"actor":"\', \'"actor":"另\') WHERE "index" = 0', "entry 0: its body"),
    ("UPDATE entry SET body = ' ' || body WHERE \"index\" = 0", "entry 0: its body"),
    ("UPDATE entry SET body = 'x' WHERE \"index\" = 2", "entry 2: its body"),
    ("UPDATE entry SET body = '{}' WHERE \"index\" = 2", "entry 2: its body"),
    ('UPDATE entry SET body = CAST(body AS BLOB) WHERE "index" = 2', "entry 2: its body"),
    ("UPDATE entry SET body = CAST(x'ff' AS TEXT) WHERE \"index\" = 2", "no text"),
    ('UPDATE entry SET body_sha256 = evaluation WHERE "index" = 2', "entry 2: its leaf_hash"),
    ("UPDATE entry SET reason = 'x' WHERE \"index\" = 1", "entry 1: its body"),
    ('UPDATE entry SET supersedes = NULL WHERE "index" = 1', "entry 1: its body"),
    ('DELETE FROM entry WHERE "index" = 1', "belong to no entry"),
    ('UPDATE entry SET "index" = 1000000000000000 WHERE "index" = 2', "belong to no entry"),
    ("DELETE FROM evaluation WHERE entry = 0", "entry 0: its body"),
    ("UPDATE evaluation SET total = '100' WHERE entry = 0", "entry 0: its row in evaluation"),
    ("UPDATE evaluation SET receipt = 'x' WHERE entry = 1", "entry 1: its receipt"),
    ("UPDATE evaluation SET receipt = x'00' WHERE entry = 1", "entry 1: its receipt"),
    ("UPDATE posting SET kept = '15' WHERE position = 3", "its row in posting"),
    ("UPDATE firing SET assumed = 5 WHERE position = 3", "its row in firing"),
    ("DELETE FROM fact WHERE position = 0", "rows in fact"),
    (
        (
            "INSERT INTO score SELECT 'x', indicator, name, path, weight, kept, lost, status, claimed, "
            "before_override, assumed, parts FROM score LIMIT 1"
        ),
        "score has rows that belong to no entry",
    ),
    ("UPDATE ruleset SET manifest = '{}'", "ruleset"),
    ("UPDATE ruleset SET manifest = x'00'", "ruleset"),
    ("UPDATE ruleset SET id = x'00'", "the name of ruleset"),
    ("UPDATE source SET text = text || 'x'", "the text"),
    ("INSERT INTO source VALUES ('x', 'x')", "the text x"),
    ("UPDATE ledger_format SET version = 'x'", "not a fenming ledger"),
    ("UPDATE ledger_format SET version = 1.5", "not a fenming ledger"),
]


@pytest.mark.parametrize(("damage", "said"), DAMAGES)
def test_a_damaged_older_ledger_is_not_brought_over(tmp_path: Path, damage: str, said: str) -> None:
    """What has been changed is told; a new ledger made of it would verify."""
    path = unpacked(OLDER[0], tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for name in names:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(damage)
    with pytest.raises(LedgerError, match=said), older_ledger(str(path)):
        pass
