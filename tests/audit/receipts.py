"""Receipts made by hand, whose books balance: what the ledger keeps, without the engine that makes it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from engine.base.numbers import exact_text, simplest
from engine.base.sources import Sources, canonical, sha256
from engine.receipt import Receipt, read_receipt

AT = datetime(2024, 12, 1, 8, 30, tzinfo=UTC)
ACTOR = "张会计"
DEPARTMENT = "江门市商务局"


def make_sources(note: str = "") -> Sources:
    """Return the texts of a small ruleset; another note makes it another ruleset."""
    form = f"test-{sha256(note.encode())[:8]}" if note else "test"
    return Sources(
        {
            "ruleset.yaml": f"id: jiangmen/{form}/2024\ntitle: 部门整体支出绩效自评 {note}\n",
            "facts/performance_target.json": '{"type":"object"}',
            "calendar.yaml": "2024: []\n",
        }
    )


def make_content(
    targets: int = 4,
    *,
    department: str = DEPARTMENT,
    year: str = "2024",
    missed: int = 1,
    sources: Sources | None = None,
    revision: int = 1,
) -> dict[str, Any]:
    """Return the content of a receipt: one indicator of 15 points shared by `targets`, of which `missed` lose theirs.

    Each target has two firings, one that derives its completion and one that awards, and one posting. The last firing
    gives a result, the points kept; another result has no value.
    """
    sources = sources or make_sources()
    share = Fraction(15, targets)
    ids = [f"T{n}" for n in range(targets)]
    kept = [Fraction(0) if n < missed else share for n in range(targets)]
    total = exact_text(simplest(sum(kept, Fraction(0))))
    lost = exact_text(simplest(15 - sum(kept, Fraction(0))))
    line = {"weight": "15", "kept": total, "lost": lost, "open": "0"}
    return {
        "format": "fenming/receipt/1",
        "semantics": 1,
        "ruleset": {
            "id": sources.files["ruleset.yaml"].splitlines()[0].removeprefix("id: "),
            "revision": revision,
            "title": "部门整体支出绩效自评",
            "digest": sources.digest,
            "text": sources.text,
        },
        "readings": {"R1": "passes"},
        "case": {"department": department, "year": year},
        "stated": ["performance_target"],
        "facts": [_fact(n, name) for n, name in enumerate(ids)],
        "derived": [
            {"type": "completion", "id": f"completion({name})", "values": {"rate": "1"}, "firing": n, "assumed": n == 0}
            for n, name in enumerate(ids)
        ],
        "aggregates": [{"text": "count(completion)", "value": str(targets), "facts": ids}],
        "firings": [_derivation(n, name) for n, name in enumerate(ids)]
        + [_award(n, name, targets, kept[n]) for n, name in enumerate(ids)]
        + [_given(total)],
        "postings": [
            {
                "indicator": 1,
                "part": "whole",
                "firing": targets + n,
                "kind": "award",
                "asked": exact_text(simplest(kept[n])),
                "kept": exact_text(simplest(kept[n])),
                "lost": exact_text(simplest(share - kept[n])),
                "open": "0",
                "limit": "",
            }
            for n in range(targets)
        ],
        "indicators": [
            {
                "number": 1,
                "name": "产出指标完成情况",
                "path": ["履职效能", "整体效能"],
                **line,
                "status": "assessed",
                "claimed": "14.25",
                "before_override": None,
                "assumed": True,
                "parts": [{"id": "whole", "title": "", **line, "status": "assessed"}],
            }
        ],
        "levels": [{"path": ["履职效能"], **line}, {"path": ["履职效能", "整体效能"], **line}],
        "weight": "15",
        "total": total,
        "open": "0",
        "grade": "良",
        "grades": ["良"],
        "before_override": None,
        "notices": [],
        "results": [
            _result("kept", title="实得分", unit="分", value=total, status="settled", firings=[2 * targets]),
            _result("advice", kind="text", value=None, status="none", firings=[]),
        ],
    }


def as_receipt(content: Mapping[str, Any]) -> Receipt:
    """Return the receipt with this content."""
    return read_receipt(canonical(content))


def make_receipt(
    targets: int = 4,
    *,
    department: str = DEPARTMENT,
    year: str = "2024",
    missed: int = 1,
    sources: Sources | None = None,
    revision: int = 1,
) -> Receipt:
    """Return a receipt; the options are those of `make_content`."""
    content = make_content(targets, department=department, year=year, missed=missed, sources=sources, revision=revision)
    return as_receipt(content)


def fresh_receipt(targets: int = 4) -> Receipt:
    """Return the receipt of a department that no other has, so that it can be recorded beside any."""
    return make_receipt(targets, department=f"部门{secrets.token_hex(8)}")


def _fact(number: int, name: str) -> dict[str, Any]:
    return {
        "type": "performance_target",
        "id": name,
        "values": {"name": f"服务企业数 {number}", "target": "320", "actual": "366", "met": True},
        "assumed": "完成情况表未公开" if number == 0 else "",
        "converted": {},
        "evidence": [{"title": "会议纪要", "reference": f"江商〔2024〕{number} 号", "file": ""}],
    }


def _firing(rule: str, action: str, name: str, **more: object) -> dict[str, Any]:
    return {
        "rule": rule,
        "indicator": 1,
        "part": "whole",
        "action": action,
        "option": "",
        "clauses": ["1.1"],
        "readings": ["R1"],
        "readings_unused": [],
        "facts": [name],
        "aggregates": [],
        "assumed": name == "T0",
        "formulas": [],
        "says": {"zh": "“服务企业”完成。", "en": "“服务企业” is done."},
        **more,
    }


def _given(total: str) -> dict[str, Any]:
    formulas = [_formula("result", "result", "score(1)", total, total)]
    more = {"indicator": None, "part": "", "facts": [], "formulas": formulas}
    return _firing("kept/given", "result", "T0", **more)


def _result(name: str, **more: object) -> dict[str, Any]:
    return {"name": name, "title": "", "kind": "number", "unit": "", "unassessed": [], **more}


def _formula(name: str, kind: str, text: str, numbers: str, value: str) -> dict[str, Any]:
    return {"name": name, "kind": kind, "gives": "number", "text": text, "numbers": numbers, "value": value}


def _derivation(number: int, name: str) -> dict[str, Any]:
    formulas = [_formula("rate", "field", "t.actual / t.target", "366 / 320", "1.14375")]
    derivation = {"indicator": None, "part": "", "formulas": formulas, "assumed": number == 0}
    return _firing("definitions/completion", "derive", name, **derivation)


def _award(number: int, name: str, targets: int, points: Fraction) -> dict[str, Any]:
    value = exact_text(simplest(points))
    formulas = [_formula("points", "points", "weight * band / count(completion)", f"15 / {targets}", value)]
    return _firing("1/share", "award", f"completion({name})", aggregates=[0], formulas=formulas, assumed=number == 0)
