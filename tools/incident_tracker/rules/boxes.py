"""The boxes that the record itself proves, codes CHK020 and up; others are somebody's word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from incident_tracker.finding import Edit, Position
from incident_tracker.lifecycle.checklist import checklists
from incident_tracker.model import Box, Incident
from incident_tracker.registry import Context, Example, Problem, rule

LAST = "- [x] No side effects observed\n"
# Without a clock only what time will never make true is untrue: a meeting that is planned may
# have been held by now. Whether updates came regularly hangs on the clock alone.
LATEST = datetime.max.replace(tzinfo=UTC)
BY_THE_CLOCK = ("updates",)


@rule(
    "CHK020",
    Incident,
    imported=False,
    bad=(
        Example(
            set={"closed_at": None, "status": "resolved"},
            replace={
                "- 12:00 - Incident closed by asha\n": "",
                LAST: f"{LAST}- [x] Incident closed\n",
            },
        ),
        Example(
            record="security",
            replace={"## Checklist\n": "## Checklist\n- [x] PIR conducted\n"},
        ),
    ),
    good=(
        Example(replace={LAST: f"{LAST}- [x] War room established\n- [x] PIR conducted\n"}),
        Example(replace={LAST: f"{LAST}- [ ] Incident closed\n"}),
    ),
)
def computed_boxes_are_true(incident: Incident, context: Context) -> Iterator[Problem]:
    """A ticked box that the record can prove is true.

    **Why.** Such boxes are computed and shown with their evidence; a tick that the log denies is
    believed first.

    **Fix.** Add what is missing to the log, or remove the line; `incident check --fix` takes the
    tick away.
    """
    protocol = incident.protocol
    words = {**protocol.verification_boxes, **protocol.security_boxes, **protocol.review_boxes}
    written = {
        box.box: box
        for box in incident.boxes
        if box.ticked and not box.not_applicable and box.box and box.box not in words
    }
    if not written:
        return
    review = context.tracker.review_by_incident.get(incident.id)
    for checklist in checklists(incident, review, LATEST):
        for line in checklist.lines:
            if line.proof.holds is False and line.box in written and line.box not in BY_THE_CLOCK:
                box = written.pop(line.box)
                yield Problem(
                    box.position,
                    f'"{line.text}" is ticked, but the record says: {line.proof.evidence}',
                    help=f"- [ ] {line.text}",
                    fix=_without_tick(incident, box),
                )


def _without_tick(incident: Incident, box: Box) -> tuple[Edit, ...]:
    line = incident.document.line_text(box.position.line)
    column = line.lower().find("[x]") + 1
    if not column:
        return ()
    start = incident.document.offset(Position(box.position.line, column))
    return (Edit(start, start + len("[x]"), "[ ]"),)
