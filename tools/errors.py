"""Write docs/errors.md and its Chinese page from the code: python -m tools.errors [--check].

Each code is listed with the sentence that is said, sample values put in, and with what to do. --check reports a page
that is not what the code says.
"""

from __future__ import annotations

import importlib
import string
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from audit.faults.errors import ProofRefused
from engine.base.faults import (
    Busy,
    Damaged,
    FenmingError,
    InvalidInput,
    NotFound,
    Refused,
    Unavailable,
    UsageFault,
)
from i18n import translator
from tools.code_samples import SAMPLES_OF
from tools.error_samples import AREAS, RAISED, REMEDIES, SAMPLES, Sample
from tools.fault_sites import Site, sites

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("engine", "audit", "office", "workflow", "cli")
PAGES: Mapping[str, str] = {"docs/errors.md": "en", "docs/errors.zh-CN.md": "zh"}
_HOMES = ("engine.base.faults", "audit.faults.errors", "engine.receipt.text", "cli.terminal.session")
"""The modules that define classes of errors."""

KINDS: Mapping[type[FenmingError], tuple[str, str, str, str]] = {
    UsageFault: ("wrong usage", "用法有误", "Correct the command.", "改正命令。"),
    InvalidInput: ("invalid input", "输入有误", "Correct a document or a value.", "改正文件或数值。"),
    ProofRefused: ("no proof", "不予认可", "Do not rely on the proof.", "不要依据该证明。"),
    Refused: ("refused", "拒绝", "Decide: the record as it is forbids it.", "先作决定：现有记录不允许这样做。"),
    NotFound: ("not found", "未找到", "Name something else, or make it first.", "换一个名称，或先建立它。"),
    Damaged: ("damaged", "已损坏", "Stop, and find out what happened.", "停止使用，查明原因。"),
    Unavailable: ("unavailable", "不可用", "See to the file, the disk or the server.", "检修文件、磁盘或服务器。"),
    Busy: ("busy", "占用中", "Wait, and try again.", "稍后再试。"),
}
"""Each kind of error in both languages, and what the caller should do."""

_TEXTS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "# Errors",
        "This page is made from the code by `make errors`. Names, numbers and places in it are samples.",
        (
            "Each fault has a code that stays the same whatever its words become: quote it when you ask for help, and "
            "let "
            "scripts go by it. `fenming` prints it in brackets after what is wrong. In a golden case, `expect: {error: "
            "facts.unit}` expects it."
        ),
        "Kind|Exit code|HTTP|What to do",
        (
            "Where the exit code differs from that of its kind, it is in brackets. Besides, 0 is done, 1 is the answer "
            "of a check that found a difference or refuses a proof, and 130 an interruption. 74 means that what was to "
            "be recorded is recorded, and something after it failed: do not repeat the command."
        ),
        "Code|Kind|What is said|What to do",
    ),
    "zh": (
        "# 错误一览",
        "本页由 `make errors` 根据代码生成，其中的名称、数字和位置均为示例。",
        (
            "每种错误都有固定的代码，措辞改变时代码不变：求助时请引用代码，脚本也应以代码为准。`fenming` "
            "在说明错误之后用方括号给出代码。标准案例中可写 `expect: {error: facts.unit}`。"
        ),
        "类别|退出码|HTTP|应对",
        (
            "退出码与其类别不同的，在括号中注明。此外，0 表示完成，1 表示核验发现差异或不认可证明，130 表示中断。"
            "74 表示应记录的已经记录，只是其后有一步失败：请勿重复执行。"
        ),
        "代码|类别|错误|怎么办",
    ),
}


def kind_of(site: Site) -> type[FenmingError]:
    """Return which of the kinds a site raises; faults that are collected are of documents."""
    found = class_of(site)
    return next(kind for kind in KINDS if kind in found.__mro__)


def class_of(site: Site) -> type[FenmingError]:
    """Return the class that a site raises; faults that are collected are of documents."""
    raised = RAISED.get(site.code, site.raised)
    for home in _HOMES if raised else ():
        found: type[FenmingError] | None = getattr(importlib.import_module(home), raised, None)
        if found is not None:
            return found
    return InvalidInput


def page(found: Sequence[Site], language: str) -> str:
    """Return the page in a language."""
    translate = translator(language)
    title, made, about, kinds, other, columns = _TEXTS[language]
    lines = [title, "", made, "", about, "", *_table(kinds, _kind_rows(language)), "", other]
    for area, group in groupby(sorted(found, key=lambda site: site.code), lambda site: site.code.partition(".")[0]):
        rows = [_row(list(same), language, translate) for _, same in groupby(group, lambda site: site.code)]
        lines += ["", f"## {AREAS[area][language == 'zh']}", "", *_table(columns, rows)]
    return "\n".join(lines) + "\n"


def _kind_rows(language: str) -> Iterator[Sequence[str]]:
    for kind, (en, zh, do_en, do_zh) in KINDS.items():
        yield (zh, str(kind.exit_code), str(kind.status), do_zh) if language == "zh" else (
            en, str(kind.exit_code), str(kind.status), do_en,
        )  # fmt: skip


def _row(same: Sequence[Site], language: str, translate: Callable[[str], str]) -> Sequence[str]:
    code = same[0].code
    said = dict.fromkeys(_filled(site.template, code, language, translate) for site in same)
    remedies: list[Sample] = [remedy for site in same for remedy in site.remedies]
    remedies = list(REMEDIES.get(code, remedies))
    done = dict.fromkeys(_filled(remedy, code, language, translate) for remedy in remedies)
    kind, raised = kind_of(same[0]), class_of(same[0])
    ends = "" if raised.exit_code == kind.exit_code else f" ({raised.exit_code})"
    return f"`{code}`", KINDS[kind][language == "zh"] + ends, "<br>".join(said), "<br>".join(done)


def _filled(template: Sample, code: str, language: str, translate: Callable[[str], str]) -> str:
    """Return a sentence with the sample values of its code."""
    if not isinstance(template, str):
        return template[language == "zh"]
    values = {}
    for _, name, _, _ in string.Formatter().parse(template):
        if name:
            sample = SAMPLES_OF.get(code, {}).get(name) or SAMPLES_OF.get(code.partition(".")[0], {}).get(name)
            sample = sample or SAMPLES[name]
            values[name] = sample if isinstance(sample, str) else sample[language == "zh"]
    return translate(template).format(**values)


def _table(columns: str, rows: Iterable[Sequence[str]]) -> list[str]:
    names = columns.split("|")
    cells = [[cell.replace("|", r"\|").replace("<<", "`<<`") for cell in row] for row in rows]
    return ["| " + " | ".join(row) + " |" for row in (names, ["---"] * len(names), *cells)]


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Write both pages, or report where they differ from the code."""
    found = sites(root, PACKAGES)
    stale = False
    for name, language in PAGES.items():
        file, text = root / name, page(found, language)
        if "--check" not in arguments:
            file.write_text(text, "utf-8")
        elif not file.exists() or file.read_text("utf-8") != text:
            sys.stderr.write(f"out of date, run `make errors`: {name}\n")
            stale = True
    return int(stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
