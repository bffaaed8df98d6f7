"""The schemas describe what the program writes, and each is itself a valid JSON Schema 2020-12."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
import rfc8785
from jsonschema import Draft202012Validator

import schemas
from audit.ledger.ledger import open_ledger
from engine.base.faults import EvaluationError, FactsError
from engine.facts.types import read_fact_type
from engine.program import compile_ruleset
from engine.receipt import plain
from engine.ruleset import read_ruleset
from tests.audit.reading import entries
from tests.cli.program import EXAMPLE
from tests.engine.generate import random_facts, random_sources
from tests.evaluated import receipt_of
from workflow.score import score
from workflow.settings import Settings

DOCUMENTS = [
    "ruleset.json",
    "facts.json",
    "fact-type.json",
    "calendar.json",
    "cases.json",
    "receipt.json",
    "entry.json",
    "improvement.json",
]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_is_a_schema(name: str) -> None:
    """Each document's schema keeps to the standard's own schema."""
    Draft202012Validator.check_schema(schemas.schema(name))


@pytest.mark.parametrize("name", sorted(schemas.fact_types()))
def test_fact_types_keep_to_what_is_supported(name: str) -> None:
    """Each shared fact type is read, and every field has a Chinese title."""
    fact_type = read_fact_type(name, schemas.fact_types()[name], name)
    assert all(any("\u4e00" <= c <= "\u9fff" for c in field.title) for field in fact_type.fields.values())


@pytest.mark.parametrize("name", ["as-printed", "visible-only", "spot-check"])
def test_receipts_of_the_example(name: str) -> None:
    """A receipt keeps to its schema, and its bytes are canonical by an independent library."""
    scored = score(str(EXAMPLE / f"{name}.yaml"), Settings())
    receipt, _sources = scored.receipt, scored.sources
    Draft202012Validator(schemas.schema("receipt.json")).validate(plain(receipt.content))
    assert receipt.text == rfc8785.dumps(json.loads(receipt.text))


@pytest.mark.parametrize("seed", range(20))
def test_random_receipts(seed: int) -> None:
    """So do the receipts of random rulesets."""
    random = Random(seed)
    program = compile_ruleset(read_ruleset(random_sources(random)))
    try:
        receipt = receipt_of(program, random_facts(random))
    except (EvaluationError, FactsError):
        return
    Draft202012Validator(schemas.schema("receipt.json")).validate(plain(receipt.content))
    assert receipt.text == rfc8785.dumps(json.loads(receipt.text))


def test_entries_of_a_ledger(tmp_path: Path) -> None:
    """An entry's body keeps to its schema, and is canonical."""
    scored = score(str(EXAMPLE / "as-printed.yaml"), Settings())
    receipt, sources = scored.receipt, scored.sources
    with open_ledger(str(tmp_path / "l.db"), create=True) as ledger:
        ledger.append(receipt, sources, actor="甲", at=datetime(2024, 12, 31, tzinfo=UTC))
        [entry] = entries(ledger)
    Draft202012Validator(schemas.schema("entry.json")).validate(json.loads(entry.body))
    assert entry.body == rfc8785.dumps(json.loads(entry.body))
