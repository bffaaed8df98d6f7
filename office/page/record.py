"""What the page says of the record: who made it and when, which standing it has, by which texts it was scored."""

from __future__ import annotations

from engine.base.messages import Message, msg
from office.page.values import Report


def record_lines(report: Report) -> tuple[Message, ...]:
    """Say what an evaluation is where it is not simply the official one."""
    record, lines = report.record, []
    if record.standing == "trial" and record.reason:
        lines.append(msg("Trial, not a score of the department: {reason}", reason=record.reason))
    elif record.standing == "trial":
        lines.append(msg("Trial: not a score of the department."))
    elif record.standing == "beside" and record.supersedes is None and record.reason:
        lines.append(msg("Recorded beside the evaluation in force: {reason}", reason=record.reason))
    elif record.standing == "beside":
        lines.append(msg("Recorded beside the evaluation in force."))
    if record.supersedes is not None:
        lines.append(msg("Supersedes {id}: {reason}", id=record.supersedes, reason=record.reason))
    return tuple(lines)
