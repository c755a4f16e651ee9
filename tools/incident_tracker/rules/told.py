"""Rules about a change: what was told to others is corrected by telling again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from incident_tracker.changes import RecordChange
from incident_tracker.finding import Level
from incident_tracker.lifecycle.approval import KEY, approved_by, checksum
from incident_tracker.model import Incident, Update
from incident_tracker.pairing import lost_words
from incident_tracker.registry import Context, Example, Problem, rule

TOLD = "Searching fails for everybody. The team is investigating."
PROMISED = "next-update"


@rule(
    "CHG011",
    RecordChange,
    bad=(
        Example(replace={TOLD: "Nothing happened."}),
        Example(replace={"- Next update: 12:00": "- Next update: 11:50"}),
    ),
    good=(
        Example(replace={TOLD: "Searching fails for all visitors. The team is investigating."}),
        Example(replace={TOLD: f"{TOLD} Correction at 10:40: the shop can be searched."}),
    ),
)
def sent_updates_stand(change: RecordChange, context: Context) -> Iterator[Problem]:
    """An update that was sent keeps its words, its status and the time that it promised.

    **Why.** People have read it and planned by it; the record shows what they were told.

    **Fix.** Put it back as it was, and send another update that corrects it:
    `incident update ID --message "it was one page only"`. One that must be rewritten is waived with
    its reason: `incident waive ID CHG011 "it named a customer"`.
    """
    old, new = change.old, change.new
    if not isinstance(old, Incident) or not isinstance(new, Incident):
        return
    for before, now in _same(old, new):
        message = _unsaid(before, now)
        if message:
            help_ = "put it back as it was, and send an update that corrects it"
            yield Problem(now.position, message, help_, note=change.stood(before.position))


@rule("CHG018", RecordChange, level=Level.WARNING)
def approval_is_of_the_text(change: RecordChange, context: Context) -> Iterator[Problem]:
    """An update whose words change is approved anew.

    **Why.** Who approved it answers for the words that they read, and for no others.

    **Fix.** Ask them again: `incident notify ID update --approved-by NAME` writes it down for the
    last update. Else put the words back, or say why they could change:
    `incident waive ID CHG018 "a typing error"`.
    """
    old, new = change.old, change.new
    if not isinstance(old, Incident) or not isinstance(new, Incident):
        return
    for before, now in _same(old, new):
        is_kept = before.value(KEY) == now.value(KEY) != ""
        if is_kept and checksum(before) != checksum(now) and not _unsaid(before, now):
            message = f"the words that {approved_by(now)} approved were changed"
            help_ = "ask for approval again, or put them back"
            yield Problem(now.position, message, help_, note=change.stood(before.position))


def _same(old: Incident, new: Incident) -> Iterator[tuple[Update, Update]]:
    """The updates before and now that were sent at one time: unchanged ones first, then in order."""
    before, now = _by_time(old), _by_time(new)
    for at, updates in before.items():
        there = now.get(at, [])
        kept = {_all(update) for update in updates} & {_all(update) for update in there}
        changed = (
            [update for update in side if _all(update) not in kept] for side in (updates, there)
        )
        yield from zip(*changed, strict=False)


def _by_time(incident: Incident) -> dict[datetime, list[Update]]:
    found = defaultdict(list)
    for update in incident.log.updates:
        if update.at is not None:
            found[update.at].append(update)
    return found


def _all(update: Update) -> tuple[str, datetime | None, str]:
    return update.status, update.next_update_at, _words(update)


def _unsaid(before: Update, now: Update) -> str:
    """What an update says no more, empty where it was corrected at most."""
    if before.status and now.status and before.status != now.status:
        return f"the update told {before.status}, and now tells {now.status}"
    promised, promises = before.next_update_at, now.next_update_at
    if promised and promises and promised != promises:
        clocks = f"{promised:%Y-%m-%d %H:%M}, and now for {promises:%Y-%m-%d %H:%M}"
        return f"the update promised the next one for {clocks}"
    lost, total = lost_words(_words(before), _words(now))
    return f"{lost} of the {total} words of an update that was sent are gone" if lost else ""


def _words(update: Update) -> str:
    """What an update says, without the time that it promises."""
    return " ".join([update.text, *(k.value for k in update.keys if k.key not in (PROMISED, KEY))])
