"""What is said of a change: the file, what is doubtful in it, and what is owed next."""

from __future__ import annotations

from incident_tracker.check import standing
from incident_tracker.cli._gates import doubts, lists_owed, remedy_of, to_type
from incident_tracker.cli._naming import name_doubts
from incident_tracker.cli._terminal import Paint, from_here, say, warn
from incident_tracker.lifecycle.boxes import newly_ticked
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.model import Record, Tracker


def tell_change(before: Draft, after: Draft, around: Tracker, name: str) -> None:
    """Print what came of a change; ``around`` holds what it is judged by, ``name`` is short."""
    verb = "wrote " if before.document.text != after.document.text else "nothing to change in "
    say(verb, Paint(after.document.path, "green"))
    ticked = newly_ticked(before, after)
    if ticked:
        say(f"ticked: {'; '.join(ticked)}")
    for fault in after.new_faults(before):
        warn(f"line {fault.position.line}: {fault.message}", fault.help)
    tell_doubts(before, after, around)
    doubt_names(before.record, after.record, around)
    tell_owed(after.record, around, name)


def tell_doubts(before: Draft, after: Draft, around: Tracker) -> None:
    """Print what the check will hold against a record that it did not hold before."""
    if before.document.text == after.document.text:
        return
    found = (standing(draft.record, around) for draft in (before, after))
    for finding in doubts(after.record, *found):
        warn(f"line {finding.line}: {finding.message}", remedy_of(finding, after.record))


def doubt_names(before: Record | None, after: Record, around: Tracker) -> None:
    """Ask about names that came in and are nearly those of somebody else."""
    for doubt, help_ in name_doubts(before, after, around):
        warn(doubt, help_)


def tell_owed(record: Record, around: Tracker, name: str) -> None:
    """Print what the record owes by now, and what it owes besides before the next status."""
    for status, missing in lists_owed(record, around):
        due = "by now" if status == getattr(record, "status", "") else f"before {status}"
        say(Paint(f"owed {due}", "yellow"), ":")
        for finding in missing:
            say(f"  {from_here(to_type(finding, record, name))}")
