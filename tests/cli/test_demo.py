"""The demo: its hints are true, it leaves one folder, and it replaces nothing but its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli import main
from tests.cli.program import Program


def test_the_demo_leaves_one_folder_and_can_be_run_again(program: Program, tmp_path: Path) -> None:
    """Nothing in the temporary directory, nothing in the person's own ledger; every run begins anew."""
    temporary, here = tmp_path / "tmp", tmp_path / "here"
    temporary.mkdir()
    here.mkdir()
    for _ in range(2):
        result = program.run("demo", folder=here, TMPDIR=str(temporary))
        assert result.returncode == 0, result.stderr
        assert "92.29" in result.stdout
    assert [file.name for file in here.iterdir()] == ["fenming-demo"]
    assert {file.name for file in (here / "fenming-demo").iterdir()} == {
        "README.txt",
        "fenming.db",
        "fenming.db.checkpoints",
    }
    assert list(temporary.iterdir()) == []
    assert not program.ledger.exists()
    assert (
        len(program.run("audit", "log", "--ledger", "fenming-demo/fenming.db", folder=here).stdout.split("demo")) == 2
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_its_hints_are_true(program: Program, tmp_path: Path, language: str) -> None:
    """Each command that it names does what it says, in the folder where the demo was run."""
    here = tmp_path / "here"
    here.mkdir()
    reported = program.run("demo", folder=here, FENMING_LANG=language).stdout.splitlines()[-3:]
    explain, replay = (line.split("fenming ", 1)[1].split() for line in reported[:2])
    assert (explain[0], replay[0]) == ("explain", "replay")
    for command in (explain, replay):
        result = program.run(*command, folder=here, FENMING_LANG=language, FENMING_LEDGER="")
        assert result.returncode == 0, result.stderr
    assert reported[2].endswith("rm -r fenming-demo")


def test_what_is_not_a_demos_stays(program: Program, tmp_path: Path) -> None:
    """A folder or a file of that name that a person made, a demo's folder with something more in it, a link."""
    place = tmp_path / "fenming-demo"
    elsewhere = tmp_path / "elsewhere"

    def refused() -> bool:
        result = program.run("demo", folder=tmp_path)
        return result.returncode == 4 and "left as it is" in result.stderr

    place.mkdir()
    assert refused()
    (place / "fenming.db").write_bytes(b"mine")
    assert refused()
    assert (place / "fenming.db").read_bytes() == b"mine"
    (place / "fenming.db").unlink()
    place.rmdir()
    place.write_text("mine", "utf-8")
    assert refused()
    place.unlink()
    assert program.run("demo", folder=tmp_path).returncode == 0
    (place / "notes.txt").write_text("mine", "utf-8")
    assert refused()
    (place / "notes.txt").unlink()
    place.rename(elsewhere)
    place.symlink_to(elsewhere)
    assert refused()
    assert (elsewhere / "fenming.db").exists()


def test_a_folder_that_cannot_be_made_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the reason, and what to do."""

    def full(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FENMING_LANG", "en")
    monkeypatch.setattr("cli.commands.demo_folder.Path.mkdir", full)
    assert main.run(["demo"]) == 69
    reported = capsys.readouterr().err
    assert "fenming-demo" in reported
    assert "Permission denied" in reported
