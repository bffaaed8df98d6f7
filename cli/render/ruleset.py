"""A ruleset as a tree: what the form says, and beside each clause the rules that carry it out."""

from __future__ import annotations

from rich.tree import Tree

from cli.render.wrapping import Wrapped
from cli.session import Session
from engine.errors import msg
from engine.numbers import exact_text
from engine.ruleset import Ruleset
from engine.ruleset.model import Indicator, Reading


def ruleset_tree(session: Session, ruleset: Ruleset) -> Tree:
    """Return the tree of a ruleset."""
    root = Tree(Wrapped(f"{ruleset.title}（{ruleset.issuer}，{ruleset.year}）", style="bold"))
    root.add(session.say(msg("Ruleset {id}, digest {digest}", id=ruleset.id, digest=ruleset.digest)))
    for indicator in ruleset.indicators:
        _indicator(session, indicator, root)
    parameters = root.add(session.say(msg("Parameters")))
    for name, parameter in ruleset.parameters.items():
        parameters.add(f"{name} = {parameter.value.text}  {parameter.title}  [{', '.join(parameter.cites)}]")
    readings = root.add(session.say(msg("Readings")))
    for reading in ruleset.readings.values():
        _reading(session, reading, readings)
    return root


def _indicator(session: Session, indicator: Indicator, root: Tree) -> None:
    heading = f"{indicator.number} {indicator.name}（{exact_text(indicator.weight)}）  {' / '.join(indicator.path)}"
    branch = root.add(Wrapped(heading, style="bold"))
    if indicator.explanation:
        branch.add(Wrapped(indicator.explanation))
    for clause, words in indicator.clauses.items():
        node = branch.add(Wrapped(f"{clause}  {words}"))
        for rule in indicator.rules:
            if clause in rule.cites:
                node.add(session.say(msg("Rule {rule}", rule=f"{indicator.number}/{rule.id}: {rule.action}")))
    if indicator.remarks:
        branch.add(session.say(msg("Remark: {text}", text=indicator.remarks)))


def _reading(session: Session, reading: Reading, holder: Tree) -> None:
    zh = session.language == "zh"
    node = holder.add(f"{reading.id} [{reading.clause}] {reading.question_zh if zh else reading.question_en}")
    for key, alternative in reading.alternatives.items():
        words = alternative.zh if zh else alternative.en
        line = (
            msg("chosen: {name}, {words} ({scores})", name=key, words=words, scores=alternative.scores)
            if key == reading.chosen
            else msg("or: {name}, {words} ({scores})", name=key, words=words, scores=alternative.scores)
        )
        node.add(Wrapped(session.say(line)))
