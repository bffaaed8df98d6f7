"""Every file in this folder contains one mistake; its message is next to it in both languages."""

from pathlib import Path

import pytest
import yaml

from engine.base.faults import Fault, InvalidInput
from engine.documents import decode, yaml_reader
from engine.facts import open_facts, read_facts
from i18n import translator
from tests.engine.facts.samples import CONVERSIONS, TYPES
from tests.golden import matches_golden, shown

HERE = Path(__file__).parent
FILES = sorted(file for file in HERE.iterdir() if file.is_file() and file.suffix not in (".py", ".txt"))


def faults_of(file: Path) -> tuple[Fault, ...]:
    """Return the faults of a file that has some."""
    with pytest.raises(InvalidInput) as refused:
        read_facts(open_facts(decode(file.read_bytes(), file.name), file.name), TYPES, CONVERSIONS)
    return refused.value.faults


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_one_mistake_is_one_fault_with_its_place(file: Path) -> None:
    """Nothing that only follows from the mistake is reported."""
    (fault,) = faults_of(file)
    assert fault.where.file == file.name
    assert fault.where.line is not None or str(fault.what).startswith("The file is ")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_message_is_the_golden_one(file: Path, language: str) -> None:
    """Both what is wrong and the remedy, in both languages."""
    golden = file.with_name(f"{file.name}.{language}.txt")
    assert matches_golden(golden, shown(faults_of(file), translator(language)))


@pytest.mark.parametrize("file", [file for file in FILES if file.suffix == ".yaml"], ids=lambda file: file.name)
def test_the_message_does_not_depend_on_the_parser(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML's parser in C is not there in every installation."""
    usual = faults_of(file)
    monkeypatch.setattr(yaml_reader, "_LOADER", yaml.SafeLoader)
    assert shown(faults_of(file), str) == shown(usual, str)


def test_no_golden_message_is_left_over() -> None:
    """Each belongs to a file."""
    names = {file.name for file in FILES}
    assert {file.name.rsplit(".", 2)[0] for file in HERE.glob("*.txt")} == names
