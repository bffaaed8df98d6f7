"""What holds of every explanation: of the shipped rulesets' golden cases, and of random rules on random facts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
import rfc8785
from jsonschema import Draft202012Validator

import schemas
from engine.base.faults import EvaluationError, FactsError
from engine.base.sources import canonical, sha256
from engine.explanation import Explanation, explain, explanation_content, explanation_digest, open_address, scored_case
from engine.explanation.formulas import rule_of
from engine.explanation.opening import addresses
from engine.language.expression import Expression
from engine.language.figures import figures
from engine.language.fold import walk
from engine.language.typed import Choice, FieldOf, Matched
from engine.program import Program, compile_ruleset
from engine.program.program import CompiledRule, Formula
from engine.receipt import Receipt
from engine.ruleset import read_ruleset
from tests.compiled import ruleset_of
from tests.engine.generate import random_facts, random_sources
from tests.evaluated import receipt_of
from workflow.golden import Programs, read_cases, run_case
from workflow.library import cases_of, find

RULESETS = [
    "jiangmen/department-special/2024",
    "national/project-self-evaluation/2020",
    "demo/schemes/1",
    "demo/payments/1",
]
SEEDS = range(12)


def explained(program: Program, receipt: Receipt) -> Explanation:
    """Return the explanation of a receipt."""
    return explain(scored_case(receipt, program.ruleset), program, "abc123")


def golden(name: str) -> Iterator[tuple[Program, Receipt]]:
    """Yield the receipts of a ruleset's golden cases that can be scored."""
    ruleset = ruleset_of(name)
    programs = Programs(ruleset)
    cases = list(read_cases(cases_of(find(name, None).folder), types=ruleset.facts))
    for case in cases[:: 1 + len(cases) // 40]:
        program = programs.under(case.readings)
        evaluation = run_case(case, ruleset, program).evaluation
        if evaluation is not None:
            yield program, receipt_of(program, evaluation.facts)


def random_receipts() -> Iterator[tuple[Program, Receipt]]:
    """Yield receipts of random rules on random facts."""
    for seed in SEEDS:
        random = Random(seed)
        program = compile_ruleset(read_ruleset(random_sources(random)))
        for _ in range(4):
            try:
                yield program, receipt_of(program, random_facts(random))
            except (EvaluationError, FactsError):
                continue


@pytest.fixture(scope="module")
def randomly() -> list[tuple[Program, Receipt]]:
    """Return the random receipts, made once."""
    return list(random_receipts())


@pytest.mark.parametrize("name", RULESETS)
def test_every_formula_of_the_golden_cases_is_put_into_words_by_its_tree(name: str) -> None:
    """The rule is found again, and every number of the receipt is read back into its tree."""
    counted = sum(1 for program, receipt in golden(name) for _ in trees_with_numbers(program, receipt))
    assert counted > 50


def test_every_formula_of_random_rules_is_put_into_words_by_its_tree(randomly: list[tuple[Program, Receipt]]) -> None:
    """And a field's value in it is that of the fact that the rule matched."""
    compared = 0
    for program, receipt in randomly:
        case = scored_case(receipt, program.ruleset)
        for facts, expression, values in trees_with_numbers(program, receipt):
            nodes = walk(expression.tree)
            if any(isinstance(node, Choice) for node in nodes):
                continue  # Two branches may show the same number.
            for node in nodes:
                if isinstance(node, FieldOf) and isinstance(node.base, Matched) and node.span in values:
                    given = case.facts.get(facts[node.base.pattern]) if node.base.pattern < len(facts) else None
                    if given is not None and isinstance(text := given.values[node.field], str):
                        compared += 1
                        assert values[node.span].strip("()'") == text
    assert compared > 50


def trees_with_numbers(
    program: Program, receipt: Receipt
) -> Iterator[tuple[tuple[str, ...], Expression, dict[tuple[int, int], str]]]:
    """Yield the trees of all formulas of a receipt with their values, and the facts that the rule matched."""
    rules: dict[str, tuple[CompiledRule, ...]] = {}
    for rule in program.rules:
        rules[rule.name] = (*rules.get(rule.name, ()), rule)
    for line in receipt.content.firings:
        if "@" in line.rule:
            continue
        rule_found = rule_of(line, rules)
        assert rule_found is not None, line.rule
        for written, formula in zip(line.formulas, rule_found.formulas, strict=True):
            found = figures(pieces(formula), written.numbers)
            assert found is not None, f"{written.text} | {written.numbers}"
            trees = [each for each in pieces(formula) if isinstance(each, Expression)]
            yield from ((line.facts, tree, dict(values)) for tree, values in zip(trees, found, strict=True))


def pieces(formula: Formula) -> list[Expression | str]:
    """Return the expressions of a formula, with the words between them."""
    row = formula.band
    if row is None:
        return [formula.expression.canonical]
    return [row.ends[0], row.on.canonical, f"{row.ends[1]} → ", row.gives.canonical]


def test_each_posting_has_one_address_which_opens_it_alone(randomly: list[tuple[Program, Receipt]]) -> None:
    """And so has every fact; no two nodes have the same."""
    for program, receipt in randomly[:12]:
        whole = explained(program, receipt)
        known = [address for address, _ in addresses(whole)]
        assert max(Counter(known).values()) == 1
        shown = list(whole.postings)
        assert Counter(id(each.line) for each in shown) == Counter(id(line) for line in receipt.content.postings)
        for posting in shown:
            opened = open_address(whole, posting.address)
            assert opened is not None
            assert [(each.address, each.line) for each in opened.postings] == [(posting.address, posting.line)]
            assert not opened.facts
        for fact in whole.facts:
            found = open_address(whole, fact.address)
            assert found is not None
            assert [each.id for each in found.facts] == [fact.id]


def test_the_json_keeps_to_its_schema(randomly: list[tuple[Program, Receipt]]) -> None:
    """Whole and opened; its bytes are canonical by an independent library, and their digest is the explanation's."""
    validator = Draft202012Validator(schemas.schema("explanation.json"))
    for program, receipt in randomly[:12]:
        whole = explained(program, receipt)
        content = explanation_content(whole)
        validator.validate(content)
        assert canonical(content) == rfc8785.dumps(content)
        assert explanation_digest(whole) == sha256(canonical(content))
        for _, opened in list(addresses(whole))[::7]:
            validator.validate(explanation_content(opened))


def test_a_phrase_never_shows_a_sign_of_the_language(randomly: list[tuple[Program, Receipt]]) -> None:
    """Neither `*` nor `==` nor the name of an alias is left in a formula of random rules."""
    for program, receipt in randomly[:12]:
        for posting in explained(program, receipt).postings:
            for formula in posting.firing.formulas:
                said = [str(formula.reads.values[language]) for language in ("zh", "en")]
                assert not any(re.search(r" \* | / |==|\bit\.|\bx\.", text) for text in said), said
