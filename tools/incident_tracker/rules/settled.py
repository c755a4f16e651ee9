"""Rules about a change: what was settled when an incident was declared or closed."""

from __future__ import annotations

from collections.abc import Iterator

from incident_tracker.changes import RecordChange, entries_of, minute
from incident_tracker.model import Change, Incident
from incident_tracker.pairing import LEAST_ALIKE
from incident_tracker.registry import Context, Example, Problem, rule
from incident_tracker.text.alike import likeness

ASSIGNED = "- 10:10 - IC assigned: asha"
GAPS = "## Gaps\n- None was found (accepted: it was real)\n\n"
ROLES = "{ic: finn, technical_lead: bo, communications_lead: chen, scribe: dana}"


@rule(
    "CHG016",
    RecordChange,
    bad=(
        Example(
            set={"drill": "site-down"},
            replace={"## Action Items": f"{GAPS}## Action Items"},
        ),
    ),
)
def drills_stay_drills(change: RecordChange, context: Context) -> Iterator[Problem]:
    """An incident does not become a drill after it was declared, nor a drill an incident.

    **Why.** Drills count in no metric; one word would take an incident out of all of them.

    **Fix.** Put it back. If it was declared as the wrong one, say so:
    `incident waive ID CHG016 "the drill was declared without --drill"`.
    """
    old, new = change.old, change.new
    if not isinstance(old, Incident) or not isinstance(new, Incident):
        return
    if old.is_drill == new.is_drill:
        return
    became = "an incident became a drill" if new.is_drill else "a drill became an incident"
    reason = f'put it back, or say why: incident waive {new.id} CHG016 "how it came"'
    note = change.was("drill", old.drill) if old.drill else f"in {change.since}: no drill"
    yield Problem("drill" if new.drill else None, became, reason, note=note)


@rule(
    "CHG017",
    RecordChange,
    bad=(Example(set={"roles": ROLES}, replace={ASSIGNED: ASSIGNED.replace("asha", "finn")}),),
    good=(
        Example(
            set={"roles": ROLES.replace("finn", "ashia")},
            replace={ASSIGNED: ASSIGNED.replace("asha", "ashia")},
        ),
    ),
)
def roles_stand_after_closing(change: RecordChange, context: Context) -> Iterator[Problem]:
    """Who had a role in a closed incident stays in its line.

    **Why.** The review asks them, and duties were fulfilled in their names.

    **Fix.** Put the name back; who took over has a line of their own. A wrong name is corrected
    with its reason: `incident waive ID CHG017 "the chat shows that it was finn"`.
    """
    old, new = change.old, change.new
    if not isinstance(old, Incident) or not isinstance(new, Incident):
        return
    if (old.status,) != old.protocol.gates.incident[-1:]:
        return
    gone = entries_of(old, new).gone
    help_ = f'put it back, or give the reason: incident waive {new.id} CHG017 "where it is from"'
    for role, before in old.log.roles.items():
        for was, now in _same(before, new.log.roles.get(role, ())):
            if was.entry and now.entry and was.entry not in gone and _is_other(was, now):
                message = f"{role} was changed after closing, from {was.value} to {now.value}"
                note = change.stood(was.entry.position)
                yield Problem(now.entry.text_position, message, help_, note=note)


def _same(before: tuple[Change, ...], now: tuple[Change, ...]) -> Iterator[tuple[Change, Change]]:
    """The assignments of a role at the same minute, where no equal one is there."""
    for was in before:
        there = [c for c in now if c.at and was.at and minute(c.at) == minute(was.at)]
        if there and was.value not in {change.value for change in there}:
            yield was, there[0]


def _is_other(was: Change, now: Change) -> bool:
    """Whether it is somebody else, and no name that was mistyped."""
    return likeness(was.value.casefold(), now.value.casefold(), LEAST_ALIKE) < LEAST_ALIKE
