"""A ruleset as a tree: what the form says, and beside each clause the rules that carry it out."""

from __future__ import annotations

from rich.tree import Tree

from cli.render.words import ACTION
from cli.render.wrapping import Wrapped
from cli.session import Session
from engine.errors import msg
from engine.numbers import exact_text
from engine.ruleset import Ruleset
from engine.ruleset.model import Indicator, Reading


def ruleset_tree(session: Session, ruleset: Ruleset) -> Tree:
    """Return the tree of a ruleset."""
    root = Tree(Wrapped(f"{ruleset.title}（{ruleset.issuer}，{ruleset.year}）", style="bold"))
    root.add(Wrapped(session.say(msg("Ruleset {id}, digest {digest}", id=ruleset.id, digest=ruleset.digest))))
    for indicator in ruleset.indicators:
        _indicator(session, indicator, root)
    parameters = root.add(session.say(msg("Parameters")))
    for name, parameter in ruleset.parameters.items():
        cites = ", ".join(parameter.cites)
        parameters.add(Wrapped(f"{name} = {parameter.value.text}  {parameter.title}  [{cites}]"))
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
                does = ACTION.get(rule.action)
                line = msg(
                    "Rule {rule}: {action}",
                    rule=f"{indicator.number}/{rule.id}",
                    action=rule.action if does is None else does,
                )
                node.add(Wrapped(session.say(line)))
    if indicator.remarks:
        branch.add(Wrapped(session.say(msg("Remark: {text}", text=indicator.remarks))))


def _reading(session: Session, reading: Reading, holder: Tree) -> None:
    zh = session.language == "zh"
    question = reading.question_zh if zh else reading.question_en
    node = holder.add(Wrapped(f"{reading.id} [{reading.clause}] {question}"))
    for key, alternative in reading.alternatives.items():
        words = alternative.zh if zh else alternative.en
        line = (
            msg("chosen: {name}, {words} ({scores})", name=key, words=words, scores=alternative.scores)
            if key == reading.chosen
            else msg("or: {name}, {words} ({scores})", name=key, words=words, scores=alternative.scores)
        )
        node.add(Wrapped(session.say(line)))
    authority = msg(
        "Authority: {authority}; decided by {by} on {on}",
        authority=reading.authority,
        by=reading.decided_by,
        on=reading.decided_on,
    )
    node.add(Wrapped(session.say(authority)))
