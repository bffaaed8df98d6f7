"""What the things of a program are called by people: by the titles of the form, rules as they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.base.messages import Message, bilingual_text
from engine.facts.model import Kind
from engine.language.expression import Expression
from engine.language.respell import Spelling, respelt
from engine.language.typed import Const, FieldOf, Typed
from engine.program.program import CompiledRule, Program
from engine.ruleset.clauses import PlacedRule, placed_rules
from engine.ruleset.written import own_names, part_written, rule_written

LANGUAGES = ("zh", "en")


class FormWords:
    """The words of one program."""

    def __init__(self, program: Program) -> None:
        self.program, ruleset = program, program.ruleset
        self.declared = own_names(ruleset)
        self.derived: dict[str, Mapping[str, Typed]] = {}
        for name, trees in _derived_types(program):
            self.derived.setdefault(name, trees)
        self.placed = {(p.rule.node.place, p.rule.id): p for p in placed_rules(ruleset)}
        titles = {name: self.declared.get(name, name) for name in self.derived}
        titles |= {name: result.title for name, result in ruleset.results.items()}
        titles |= {name: parameter.title for name, parameter in ruleset.parameters.items()}
        self.titles = {**titles, **{name: fact_type.title for name, fact_type in ruleset.facts.items()}}
        self.fields = dict(self._fields())
        self.spellings = [
            Spelling(chinese=language == "zh", titles=self.titles, fields=self.fields, bare=True)
            for language in LANGUAGES
        ]

    def _fields(self) -> Iterator[tuple[tuple[str, str], str]]:
        for name, fact_type in self.program.ruleset.facts.items():
            for field in fact_type.fields.values():
                yield (name, field.name), field.title or field.name
        given = {
            (name, field.name): field.title
            for name, fact_type in self.program.ruleset.facts.items()
            for field in fact_type.fields.values()
        }
        for name, trees in self.derived.items():
            for field_name, tree in trees.items():
                copied = given.get((tree.base.type.fact_type, tree.field), "") if isinstance(tree, FieldOf) else ""
                yield (name, field_name), self.declared.get(field_name) or copied or field_name

    def type(self, name: str) -> str:
        """Return what a fact type is called."""
        return self.titles.get(name) or name

    def rule(self, rule: CompiledRule) -> Message:
        """Return what a rule is called: in Chinese as it is written, in English as receipts have it."""
        zh = self.rule_written(rule)
        return Message("{name}", {"name": zh}) if zh == rule.name else bilingual_text({"zh": zh, "en": rule.name})

    def rule_written(self, rule: CompiledRule) -> str:
        """Return a rule's section and id as they are written."""
        placed = self.placed_rule(rule)
        if placed is None:
            return rule.name
        section, own = self.placed_written(placed).split("/", 1)
        part = part_written(placed, rule.part)
        part = self.declared.get(part, part) if part == rule.part else part
        ending = f".{part}" if len(placed.rule.parts) > 1 else ""
        return f"{section if rule.indicator is None else rule.indicator}/{own}{ending}"

    def placed_written(self, placed: PlacedRule) -> str:
        """Return the section and the id of a rule that a ruleset has, as they are written."""
        section, own = rule_written(placed, self.program.ruleset).split("/", 1)
        # What a form of the language comes to, such as the rules of a checklist, has no node of its own.
        return f"{section}/{self.declared.get(own, own) if placed.rule.node.get('id') is None else own}"

    def placed_rule(self, rule: CompiledRule) -> PlacedRule | None:
        """Return a rule as it is written; None for one that is not written by itself."""
        return self.placed.get((rule.place, rule.name.partition("/")[2].partition(".")[0]))

    def expression(self, expression: Expression, tree: Typed, rule: CompiledRule) -> Message:
        """Write an expression of a rule, or a part of one, in the form's own words."""
        texts = [text for text, _ in self.spelt(expression, tree, rule)]
        return bilingual_text(dict(zip(LANGUAGES, texts, strict=True)))

    def spelt(self, expression: Expression, tree: Typed, rule: CompiledRule) -> list[tuple[str, Typed]]:
        """Return an expression in both languages, each with the tree that has its spans in it."""
        aliases = self.aliases(rule.match.patterns, expression.aliases)
        return [respelt(expression.text, tree, aliases, spelling) for spelling in self.spellings]

    def aliases(self, patterns: Sequence[str], written: Sequence[str]) -> Sequence[str]:
        """Return what the matched facts are called: by their types, where no two are of one type."""
        return tuple(map(self.type, patterns)) if len(set(patterns)) == len(patterns) else written

    def is_percentage(self, tree: Typed, expression: Expression, rule: CompiledRule, *, of_band: bool) -> bool:
        """Return whether people write a number as a percentage: the form writes it so, or the field holds one."""
        if tree.type.kind is not Kind.NUMBER or tree.type.unit:
            return False
        ruleset = self.program.ruleset
        match tree:
            case Const(name=name) if name:
                parameter = ruleset.parameters.get(name)
                return parameter is not None and "%" in parameter.value.text
            case Const() if of_band:
                placed = self.placed_rule(rule)
                return placed is not None and any("%" in band.limit.text for band in placed.rule.bands)
            case Const(span=(start, end)):
                return "%" in expression.text[start:end] or "％" in expression.text[start:end]
            case FieldOf(base=base, field=name) if base.type.fact_type in ruleset.facts:
                schema = ruleset.facts[base.type.fact_type].schema
                return bool(schema["properties"][name].get("format") == "percent") if schema else False
            case _:
                return False


def _derived_types(program: Program) -> Iterator[tuple[str, Mapping[str, Typed]]]:
    """Yield each fact type that rules derive, with what gives its fields."""
    for rule in program.rules:
        if rule.derives:
            fields = {f.name: f for f in rule.formulas if f.kind not in ("band", "when")}
            yield rule.derives, {name: formula.expression.tree for name, formula in fields.items()}
