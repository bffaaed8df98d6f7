"""What the rules and requirements of a checklist say, in both languages; `%(…)s` is filled in when it is read."""

from __future__ import annotations

from typing import NamedTuple

from engine.documents.node import Node
from engine.ruleset.source_text import Bilingual, SourceText


class Words(NamedTuple):
    """A sentence in both languages."""

    zh: str
    en: str

    def at(self, node: Node, zh: dict[str, str] | None = None, en: dict[str, str] | None = None) -> Bilingual:
        """Return the sentence with what is filled in, as if it stood at a node."""
        english = en if en is not None else zh
        return Bilingual(SourceText(self.zh % (zh or {}), node), SourceText(self.en % (english or {}), node))


THERE = Words(
    "%(count)s条标准应各有一条评分标准符合情况，"
    "现有 {count(criterion where criterion.indicator == number)} 条，或序号不全。",
    "Each of the %(count)s criteria needs one fact `criterion`; "
    "there are {count(criterion where criterion.indicator == number)}, or a number is missing.",
)
THERE_REMEDY = Words(
    "写评分标准符合情况：指标序号为 {number}，标准序号为 %(numbers)s 各一条，是否符合填是、部分或否。",
    "Give one criterion with indicator {number} for each number %(numbers)s, with met 是, 部分 or 否.",
)
NO_OTHER = Words("没有第 {it.number} 条标准。", "There is no criterion {it.number}.")
NO_OTHER_REMEDY = Words("标准序号应为 %(numbers)s。", "Its number must be %(numbers)s.")
DISCRETION = Words(
    "第 {it.number} 条标准（{it.met}）填了酌情得分 {default(it.points, 0)}："
    "部分符合的才填，且应少于该条分值 {%(weight)s}。",
    "Criterion {it.number} ({it.met}) gives {default(it.points, 0)} points at discretion: "
    "only where it is partly met (部分), and less than its weight {%(weight)s}.",
)
DISCRETION_REMEDY = Words(
    "完全符合的写“是”，不符合的写“否”，都不写酌情得分；部分符合的，酌情得分应少于该条分值。",
    "Where it is met write 是, where not 否, both without points; where it is partly met, give less than its weight.",
)
MET = Words("{part_title}：{it.met}，得 {taken} 分。", "{part_title}: {it.met}; {taken}.")
PARTLY = Words(
    "{part_title}：部分符合，{default(it.reviewer, '')}酌情给 {taken} 分，理由：{default(it.reason, '')}。",
    "{part_title}: partly met; {default(it.reviewer, '')} gives {taken}: {default(it.reason, '')}.",
)
PARTLY_NOT = Words(
    "{part_title}：不完全符合，不得分；所填酌情得分 {default(it.points, 0)} 分不计入。",
    "{part_title}: only partly met; no points; the {default(it.points, 0)} points given at discretion do not count.",
)
HOLDS = Words("{part_title}：符合，得 {taken} 分。", "{part_title}: met; {taken}.")
HOLDS_NOT = Words("{part_title}：不符合，得 {taken} 分。", "{part_title}: not met; {taken}.")
