"""What a replay found: one line where all agrees, else the difference, firing by firing."""

from __future__ import annotations

from collections.abc import Sequence

from audit.replay import ReplayResult
from cli.render.faults import fault_text
from cli.session import Session
from engine.base.messages import msg


def replay_text(session: Session, count: int, results: Sequence[ReplayResult]) -> str:
    """Return the text of a replay; `results` are the evaluations that did not come out the same."""
    if not results:
        return session.say(msg("Replayed {count}: every byte agrees.", count=count))
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
    return "\n".join(lines)
