"""What a replay found: one line where all agrees, else the difference, firing by firing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from audit.replay import ReplayResult
from cli.render.faults import fault_text
from cli.terminal.session import Session
from engine.base.messages import msg


def render_replay(session: Session, count: int, results: Sequence[ReplayResult]) -> None:
    """Print the outcome of a replay; `results` are the evaluations that did not come out the same."""
    if not results:
        session.print(session.say(msg("Replayed {count}: every byte agrees.", count=count)))
        return
    lines: list[str] = []
    for result in results:
        recorded = result.evaluation
        lines.append(
            session.say(
                msg(
                    "{id} ({department}, {year}) differs from what was recorded:",
                    id=recorded.id,
                    department=recorded.department,
                    year=recorded.year,
                )
            )
        )
        if result.refusal is not None:
            lines += [
                f"  {line}"
                for fault in result.refusal.faults
                for line in fault_text(fault, session.translate).split("\n")
            ]
        for fault in result.faults:
            row = msg("The ledger's rows of entry {entry}: {fault}", entry=recorded.entry, fault=fault)
            lines.append(f"  {session.say(row)}")
        lines += [f"  {session.say(difference.message)}" for difference in result.differences]
    lines.append(session.say(msg("Replayed {count}: {differ} differ.", count=count, differ=len(results))))
    session.print("\n".join(lines))


def replay_json(session: Session, count: int, results: Sequence[ReplayResult]) -> dict[str, Any]:
    """Return the same as JSON."""
    return {"replayed": count, "differ": [_result_json(session, result) for result in results]}


def _result_json(session: Session, result: ReplayResult) -> dict[str, Any]:
    return {
        "evaluation": result.evaluation.id,
        "rows": [session.say(fault) for fault in result.faults],
        "refusal": None if result.refusal is None else [session.say(fault.what) for fault in result.refusal.faults],
        "differences": [
            {
                "section": difference.section,
                "name": difference.name,
                "kind": difference.kind,
                "field": difference.field,
                "was": difference.was,
                "now": difference.now,
            }
            for difference in result.differences
        ],
    }
