"""The laws of the translation catalogues: every template translated, the same bytes every time, nothing stale."""

from pathlib import Path

import pytest

from tools import messages

CODE = """
msg("Field “{name}” is missing.", name=name, why=msg("It is required."))
_("Score")
_("Grade " "and total")
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a tree with a little code and no catalogue."""
    for package in messages.PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "cli" / "main.py").write_text(CODE, "utf-8")
    return tmp_path


def translate(root: Path, template: str, translation: str) -> None:
    """Write a translation into the catalogue, as a person would."""
    file = root / messages.CATALOGUE
    entry = f'msgid "{template}"\nmsgstr "'
    text = file.read_text("utf-8")
    assert text.count(entry) == 1
    start = text.index(entry) + len(entry)
    end = text.index('"\n', start)
    file.write_text(text[:start] + translation + text[end:], "utf-8")


@pytest.fixture
def translated(tree: Path) -> Path:
    """Return the same tree with its catalogue complete."""
    messages.main([], tree)
    translate(tree, "Field “{name}” is missing.", "缺少字段“{name}”。")
    translate(tree, "It is required.", "此项必填。")
    translate(tree, "Score", "得分")
    translate(tree, "Grade and total", "等级与总分")
    messages.main([], tree)
    return tree


def check(root: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the problems that --check reports; it fails if and only if there are any."""
    capsys.readouterr()
    code = messages.main(["--check"], root)
    *problems, _ = capsys.readouterr().out.splitlines()
    assert code == bool(problems)
    return problems


def test_nested_calls_and_joined_literals_are_found(tree: Path) -> None:
    """They are templates like any other."""
    assert messages.extract(tree).found == {"Field “{name}” is missing.", "It is required.", "Score", "Grade and total"}


def test_a_complete_catalogue_passes(translated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And is compiled."""
    assert check(translated, capsys) == []
    assert (translated / messages.CATALOGUE).with_suffix(".mo").stat().st_size > 0


def test_writing_twice_gives_the_same_bytes(translated: Path) -> None:
    """No date, no order of discovery, no tool's version."""
    files = [translated / messages.CATALOGUE, (translated / messages.CATALOGUE).with_suffix(".mo")]
    before = [file.read_bytes() for file in files]
    (translated / "cli" / "main.py").rename(translated / "audit" / "elsewhere.py")
    messages.main([], translated)
    assert [file.read_bytes() for file in files] == before


def test_a_template_without_translation_is_reported(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each by its text."""
    messages.main([], tree)
    assert "not translated: Score" in check(tree, capsys)


def test_a_new_or_dropped_template_is_reported(translated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The catalogue is then out of date."""
    source = translated / "cli" / "main.py"
    source.write_text(CODE.replace("Score", "Points"), "utf-8")
    problems = check(translated, capsys)
    assert "not translated: Points" in problems
    assert "out of date, run `make messages`: i18n/locale/zh/LC_MESSAGES/fenming.po" in problems


def test_a_translation_that_was_not_compiled_is_reported(translated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The program would show the old one."""
    translate(translated, "Score", "分数")
    assert check(translated, capsys) == ["out of date, run `make messages`: i18n/locale/zh/LC_MESSAGES/fenming.mo"]


@pytest.mark.parametrize(
    "translation", ["缺少字段。", "缺少字段“{nmae}”。", "缺少字段“{name}”，{name2}。", "缺少字段“{name”。"]
)
def test_other_placeholders_are_reported(
    translated: Path, translation: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """They would fail, or drop a value, only when the message is shown."""
    translate(translated, "Field “{name}” is missing.", translation)
    messages.main([], translated)
    assert check(translated, capsys) == ["other placeholders in the translation: Field “{name}” is missing."]


def test_a_doubtful_translation_is_reported(translated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A fuzzy one is not compiled, so it would not be shown."""
    file = translated / messages.CATALOGUE
    file.write_text(file.read_text("utf-8").replace('msgid "Score"', '#, fuzzy\nmsgid "Score"'), "utf-8")
    messages.main([], translated)
    assert check(translated, capsys) == ["marked as fuzzy: Score"]


@pytest.mark.parametrize("call", ["msg(template)", 'msg(f"Field {name}")', 'msg("a" + "b")', "_()"])
def test_a_template_that_is_no_literal_is_reported(tree: Path, call: str) -> None:
    """With its place: the extractor could not know it."""
    (tree / "cli" / "main.py").write_text(f"\n{call}\n", "utf-8")
    (problem,) = messages.extract(tree).problems
    assert problem.startswith("cli/main.py:2: ")
