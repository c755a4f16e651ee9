"""Rules about a change: lines that others may have read stay in the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from incident_tracker.changes import RecordChange, entries_of, steps_back
from incident_tracker.finding import Position
from incident_tracker.model import Action, Incident, Record, Review
from incident_tracker.pairing import Paired, Placed, lost_words, paired
from incident_tracker.registry import Context, Example, Problem, rule

APART = ("Action Items", "Checklist")
TODO = "- 11:12 - TODO: test a release with the old index\n"
CLOSED = "- 12:00 - Incident closed by asha\n"
UPDATE = (
    "### 2026-03-02 10:20 - Investigating\nSearching fails for everybody. "
    "The team is investigating.\n- Impact: search is unavailable\n"
    "- Next steps: look at release 7\n- Next update: 12:00\n"
)
CAUSE = (
    "The release test builds a fresh index, so no test ever meets an index that an older release "
    "has written."
)
ACTION = (
    "- [x] Test releases with the old index (Owner: bo, Due: 2026-03-20, "
    "Type: permanent-fix, Ticket: OPS-101, Done: 2026-03-12)"
)
OTHER = "- [ ] Say in release notes that a format changes (Owner: chen, Due: 2026-03-30)"


@rule(
    "CHG004",
    RecordChange,
    bad=(
        Example(replace={TODO: ""}),
        Example(replace={UPDATE: ""}),
        Example(
            set={"status": "resolved", "closed_at": None},
            replace={CLOSED: "- 12:30 - Status changed: closed → resolved because it came back\n"},
        ),
    ),
    good=(
        Example(replace={"release 7 went out at 09:54": "release 7 was out at 09:54"}),
        Example(set={"waive": '{CHG004: "it named a customer"}'}, replace={TODO: ""}),
    ),
)
def log_lines_stay(change: RecordChange, context: Context) -> Iterator[Problem]:
    """A line of the timeline, and an update that was sent, stay in the record.

    **Why.** The timeline is the log; who reads it next year must find what was known at the time.

    **Fix.** Put the line back. A wrong one is corrected by a new line that says so; one that must
    go is waived with its reason: `incident waive ID CHG004 "it named a customer"`.
    """
    old, new = change.old, change.new
    if not isinstance(old, Incident) or not isinstance(new, Incident):
        return
    ranks = {**new.protocol.status_order, **old.protocol.status_order}
    back = ranks.get(new.status, -1) < ranks.get(old.status, -1) and not steps_back(old, new)
    for entry in entries_of(old, new).gone:
        # A status taken back by deleting its line is one mistake, and CHG001 tells it.
        if not (back and entry in old.log.times.values()):
            yield _vanished(change, old, entry.position, _behind(new, entry.at), "timeline line")
    left = Counter(update.at for update in new.log.updates)
    for update in old.log.updates:
        left[update.at] -= 1
        if left[update.at] < 0:
            yield _vanished(change, old, update.position, _heading(new, "Updates"), "update")


@rule(
    "CHG005",
    RecordChange,
    bad=(Example(replace={ACTION: OTHER}), Example(replace={ACTION: f"{OTHER}\n{ACTION}"})),
    good=(Example(replace={ACTION: f"{ACTION}\n{OTHER}"}),),
)
def actions_stay(change: RecordChange, context: Context) -> Iterator[Problem]:
    """An action item stays in its place: done, or dropped with a reason, never removed.

    **Why.** Tickets and reviews name it by its number, and what was promised must stay readable.

    **Fix.** Put it back; what will not be done is dropped: `incident action drop ID#1 --because …`.
    New ones go below the old ones.
    """
    old, new = change.old, change.new
    if not isinstance(old, Incident | Review) or not isinstance(new, Incident | Review):
        return
    found: Paired[Action] = paired(_actions(old), _actions(new))
    for action in found.gone:
        yield _vanished(change, old, action.position, _heading(new, "Action Items"), "action item")
    for before, now in found.moved:
        yield Problem(
            now.position,
            f"the action {before.id} became {now.id}",
            "put new actions below those that are there",
            note=change.stood(before.position),
        )


@rule(
    "CHG006",
    RecordChange,
    bad=(Example(record="review", replace={CAUSE: "A test was missing, as it happens so often."}),),
    good=(
        Example(record="review", replace={"so no test ever meets": "and no test ever meets"}),
        Example(record="review", replace={CAUSE: f"{CAUSE} The same holds for the other indexes."}),
    ),
)
def published_review_stands(change: RecordChange, context: Context) -> Iterator[Problem]:
    """What a published review says is corrected and added to, not rewritten.

    **Why.** People have read it and decided by it; a second opinion belongs below the first one.

    **Fix.** Put the text back and add what is new below it with its date, or say why it had to be
    written anew: `incident waive ID CHG006 "the first text named a customer" --review`.
    """
    old, new = change.old, change.new
    if not isinstance(old, Review) or not isinstance(new, Review):
        return
    if old.status not in old.protocol.gates.review or new.status != old.status:
        return
    for section in old.sections:
        now = new.section(section.title)
        if section.title in APART or (now is not None and not now.words):
            continue  # rules about lists, and about empty sections, say it
        lost, total = lost_words(section.text, now.text if now else "")
        if lost:
            message = f"{lost} of the {total} words of {section.title} are gone"
            place = now.position if now else Position(1, 1)
            help_ = "put them back, and add what is new below them with its date"
            yield Problem(place, message, help_, note=change.stood(section.position))


@rule("CHG013", RecordChange)
def former_names_stay(change: RecordChange, context: Context) -> Iterator[Problem]:
    """A record keeps the names that it had before.

    **Why.** Links and tickets name it by them, and the pages at the old addresses lead to it.

    **Fix.** Write them into `formerly` again.
    """
    old, new = change.old, change.new
    if not isinstance(old, Incident) or not isinstance(new, Incident):
        return
    lost = [name for name in old.formerly if name not in (*new.formerly, new.id)]
    if lost:
        whole = ", ".join(dict.fromkeys([*old.formerly, *new.formerly]))
        message = f"the former name {lost[0]} is gone"
        note = change.was("formerly", f"[{', '.join(old.formerly)}]")
        yield Problem("formerly", message, f"formerly: [{whole}]", note=note)


def _vanished(
    change: RecordChange, old: Record, was: Position, place: Position, what: str
) -> Problem:
    line = old.document.line_text(was.line).strip()
    message = f"{'an' if what[0] in 'aeiou' else 'a'} {what} vanished"
    return Problem(place, message, f"put it back: {line}", note=change.stood(was))


def _actions(record: Incident | Review) -> list[Placed[Action]]:
    return [Placed(place=a.id.rpartition("#")[2], words=a.text, line=a) for a in record.actions]


def _behind(incident: Incident, at: datetime | None) -> Position:
    """The line behind which an entry of that time would stand."""
    earlier = [
        e for e in incident.log.entries if at is not None and e.at is not None and e.at <= at
    ]
    return earlier[-1].position if earlier else _heading(incident, "Timeline")


def _heading(record: Record, title: str) -> Position:
    section = record.section(title)
    return section.position if section else Position(1, 1)
