"""Rules about a change: what a record said before is not silently unsaid.

Both states are shown: the finding stands at what is there now, its note says what was there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from incident_tracker.changes import RecordChange, entries_of, minute, stepped_back_at, steps_back
from incident_tracker.finding import Position
from incident_tracker.lifecycle.phrasing import severity_changed, status_changed
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.log.fold import KEPT
from incident_tracker.model import Change, Entry, Incident, Milestone, Review
from incident_tracker.pairing import LEAST_ALIKE
from incident_tracker.protocol import Protocol
from incident_tracker.registry import Context, Example, Problem, declare, rule, version_key
from incident_tracker.text.alike import likeness

CLOSED = "- 12:00 - Incident closed by asha\n"
RESTORED = "- 11:00 - Service restored: search answers"
REOPENED = f"{CLOSED}- 12:30 - Status changed: closed → fixing because errors are back\n"
AGAIN = (
    f"{REOPENED}- 13:00 - Service restored: search answers\n- 13:10 - Resolution implemented "
    "(rollback): index rebuilt\n- 13:45 - Verification complete\n- 14:00 - Incident closed by asha\n"
)
ANEW = {
    "mitigated_at": "2026-03-02T13:00-06:00",
    "resolved_at": "2026-03-02T13:10-06:00",
    "verified_at": "2026-03-02T13:45-06:00",
    "closed_at": "2026-03-02T14:00-06:00",
}
ACKNOWLEDGED = "- 10:05 - Acknowledged by bo"
LOWERED = "- 11:00 - Severity changed: P1 → P2 because only old visitors were affected"


@rule(
    "CHG001",
    RecordChange,
    bad=(
        Example(record="review", set={"status": "draft", "published_at": None}),
        Example(set={"status": "resolved", "closed_at": None}, replace={CLOSED: ""}),
    ),
    good=(Example(record="review", set={"followed_up_at": "2026-03-14"}),),
)
def step_back_told(change: RecordChange, context: Context) -> Iterator[Problem]:
    """A status goes back only with a line that says why.

    **Why.** Who was told that it is over must be able to read when and why it was not.

    **Fix.** Write the line, as
    `incident log ID "Status changed: closed → investigating because errors are back"`, or set the
    status as it was; `incident status ID investigating --reason "errors are back"` does both at
    once.
    """
    old, new = change.old, change.new
    if not isinstance(old, Incident | Review) or not isinstance(new, Incident | Review):
        return
    ranks = {**new.protocol.status_order, **old.protocol.status_order}
    before, now = ranks.get(old.status, -1), ranks.get(new.status, -1)
    if not 0 <= now < before or steps_back(old, new):
        return
    if isinstance(new, Incident) and _logged(new.log.statuses) not in ("", new.status):
        return  # field and log disagree, which is an error of its own
    help_ = (
        _to_log(new, status_changed, old.status, new.status, "errors are back")
        if isinstance(new, Incident)
        else f"set status: {old.status} again; what is new is added below what was published"
    )
    message = f"the status went back from {old.status} to {new.status} without a line that says why"
    yield Problem("status", message, help_, note=change.was("status", old.status))


@rule(
    "CHG002",
    RecordChange,
    bad=(
        Example(
            set={"severity": "P2"}, replace={"Triage complete: real, P1": "Triage complete: real"}
        ),
        Example(
            record="security",
            set={"severity": "P3"},
            replace={"Triage complete: real, P2": "Triage complete: real"},
        ),
    ),
    good=(
        Example(
            set={"severity": "P2"},
            replace={RESTORED: f"{RESTORED}\n{LOWERED}"},
        ),
    ),
)
def severity_lowered_with_reason(change: RecordChange, context: Context) -> Iterator[Problem]:
    """A severity is lowered only by a line with its reason.

    **Why.** A lower severity owes less and stands in another mean; the first one must stay
    readable.

    **Fix.** Write the line, as
    `incident log ID "Severity changed: P1 → P2 because one page only"`;
    `incident set ID severity=P2 --reason "one page only"` changes the severity together with it.
    """
    old, new = change.old, change.new
    if not isinstance(old, Incident) or not isinstance(new, Incident):
        return
    if not old.severity or not new.severity:
        return
    known = old.protocol if new.severity in old.protocol.severities else new.protocol
    if known.rank(new.severity) <= known.rank(old.severity):
        return
    if _logged(new.log.severities):
        return  # a line with its reason, or one that disagrees, which is an error of its own
    yield Problem(
        "severity",
        f"the severity was lowered from {old.severity} to {new.severity} without a reason",
        _to_log(new, severity_changed, old.severity, new.severity, "one page only"),
        note=change.was("severity", old.severity),
    )


@rule(
    "CHG003",
    RecordChange,
    bad=(
        Example(
            set={"mitigated_at": "2026-03-02T10:50-06:00"},
            replace={RESTORED: RESTORED.replace("11:00", "10:50")},
        ),
        Example(replace={"- 11:12 - TODO": "- 11:11 - TODO"}),
        Example(replace={"- 11:12 - TODO": "- ~11:12 - TODO"}),
        Example(
            set={**ANEW, "acknowledged_at": "2026-03-02T10:02-06:00"},
            replace={CLOSED: AGAIN, ACKNOWLEDGED: "- 10:02 - Acknowledged by bo"},
        ),
    ),
    good=(
        Example(set=ANEW, replace={CLOSED: AGAIN}),
        Example(
            set={
                "mitigated_at": "2026-03-02T10:50-06:00",
                "waive": '{CHG003: "the web server\'s log shows 10:50"}',
            },
            replace={RESTORED: RESTORED.replace("11:00", "10:50")},
        ),
    ),
)
def times_stand_after_closing(change: RecordChange, context: Context) -> Iterator[Problem]:
    """A time of a closed incident is corrected only with a reason.

    **Why.** Metrics were read from it; a number that changes afterwards must say why.

    **Fix.** Put the time back, or keep the correction with its reason:
    `incident waive ID CHG003 "the web server's log shows 10:50"`.
    """
    old, new = change.old, change.new
    if not isinstance(old, Incident) or not isinstance(new, Incident):
        return
    last = old.protocol.gates.incident[-1:]
    if (old.status,) != last:
        return
    help_ = f'put it back, or give the reason: incident waive {new.id} CHG003 "where it is from"'
    told: set[tuple[bool, Position]] = set()
    for milestone, (before, now) in _changed(old, new).items():
        told |= _proofs(milestone, old, new)
        if not _contradicts(new, milestone):  # which is an error of its own
            message = f"{milestone.value} was changed after closing, from {_clock(before)}"
            note = change.was(milestone.value, before.isoformat(timespec="minutes"))
            yield Problem(milestone.value, f"{message} to {_clock(now)}", help_, note=note)
    for was, now_there in entries_of(old, new).moved:
        if not told & {(False, was.position), (True, now_there.position)}:
            message = f"this line's time was changed after closing, from {_clock(was.at)}"
            note = change.stood(was.position)
            yield Problem(now_there.position, message, help_, note=note)
    for was, now_there in _made_estimates(old, new):
        message, note = "this time was made an estimate after closing", change.stood(was.position)
        yield Problem(now_there.position, message, help_, note=note)


@rule(
    "CHG007",
    RecordChange,
    bad=(
        Example(record="runbook", gone=True),
        Example(record="maintenance", path="incidents/2026/2026-03-15-renamed.md"),
    ),
)
def records_stay(change: RecordChange, context: Context) -> Iterator[Problem]:
    """A record stays in its place; one that moves says where it was.

    **Why.** Links, tickets and other records name it; a page that vanishes takes its history along.

    **Fix.** `incident rename` moves a record and leaves its former name in it, `incident withdraw`
    empties one that should not be there, `incident cancel` ends one that was none.
    """
    old = change.old
    if old is None or change.new is not None:
        return
    back = f"git checkout {change.commit} -- {old.path}"
    if isinstance(old, Incident | Review) and change.likely:
        slug = change.likely.rpartition("/")[2].removesuffix(".md")[11:]
        message = f"{old.path} became {change.likely} and says nowhere what it was called"
        yield Problem(None, message, f"{back}, then: incident rename {old.id} {slug}")
        return
    if isinstance(old, Incident):
        back += f', or: incident withdraw {old.id} --because "why it should not be there"'
    yield Problem(None, f"{old.path} was deleted", back)


@rule("CHG008", RecordChange)
def name_is_free(change: RecordChange, context: Context) -> Iterator[Problem]:
    """A new record has a name that nobody else took in the meantime.

    **Why.** Two records at one path are a conflict in Git, and only one of the two is the incident.

    **Fix.** If both are the same incident, fetch and merge, and `incident merge` unites them. If
    not, give this one another name: `incident rename ID NEW-SLUG`.
    """
    if change.taken and change.new is not None:
        since = change.since.partition(" ")[0]
        yield Problem(
            None,
            f"{change.new.path} is there in {since} as well, with other words",
            f"the same incident: git merge {since}; another one: rename this one",
        )


@rule("CHG010", RecordChange)
def judged_by_its_day(change: RecordChange, context: Context) -> Iterator[Problem]:
    """A record is not put back under an older version of the protocol.

    **Why.** It would be judged by fewer rules than on the day when it was written.

    **Fix.** Write the version that it had.
    """
    old, new = change.old, change.new
    if not isinstance(old, Incident) or not isinstance(new, Incident):
        return
    before, now = old.protocol.version, new.protocol.version
    if version_key(now) < version_key(before):
        message = f"the record went back from version {before} of the protocol to {now}"
        yield Problem("protocol", message, f"protocol: {before}")


declare(
    "CHG009",
    "baseline-only-shrinks",
    """A baseline of old findings never grows.

    **Why.** It is there to adopt a history as it was; what is new is mended, or waived with a
    reason.

    **Fix.** Take the added entries out again; `incident check` without the baseline shows them.
    """,
)


def _to_log(
    incident: Incident, line: Callable[[Protocol, str, str, str], str], old: str, new: str, why: str
) -> str | None:
    """The command that logs a change, or what to define first in a protocol without its phrase."""
    try:
        return f'incident log {incident.id} "{line(incident.protocol, old, new, why)}"'
    except Refusal as refusal:
        return refusal.hint


def _logged(changes: tuple[Change, ...]) -> str:
    """The last value that a line of the log gives, empty where none does."""
    return next((change.value for change in reversed(changes) if change.entry is not None), "")


def _made_estimates(old: Incident, new: Incident) -> Iterator[tuple[Entry, Entry]]:
    """The lines whose time was exact, with those of the same minute whose time is an estimate."""
    exact, guessed = _at_minutes(old, estimated=False), _at_minutes(new, estimated=True)
    still, known = _at_minutes(new, estimated=False), _at_minutes(old, estimated=True)
    for at in exact.keys() & guessed.keys():
        there, before = ({e.text for e in found.get(at, ())} for found in (still, known))
        fresh = [entry for entry in guessed[at] if entry.text not in before]
        for was in exact[at]:
            alike = (e for e in fresh if likeness(was.text, e.text, LEAST_ALIKE) >= LEAST_ALIKE)
            now = next(alike, None)
            if was.text not in there and now is not None:
                fresh.remove(now)
                yield was, now


def _at_minutes(incident: Incident, *, estimated: bool) -> dict[datetime, list[Entry]]:
    found: dict[datetime, list[Entry]] = {}
    for entry in incident.log.entries:
        if entry.at is not None and entry.estimated is estimated:
            found.setdefault(minute(entry.at), []).append(entry)
    return found


def _proofs(milestone: Milestone, old: Incident, new: Incident) -> set[tuple[bool, Position]]:
    """The lines, old (False) and new, that prove a milestone: its time and theirs are one."""
    proving = ((side is new, side.log.times.get(milestone)) for side in (old, new))
    return {(is_new, entry.position) for is_new, entry in proving if entry is not None}


def _changed(old: Incident, new: Incident) -> dict[Milestone, tuple[datetime, datetime]]:
    """The milestones whose times, in the field or in the line, are others than before.

    One that was reached once more behind a step back is none: it leaves the earlier time.
    """
    since = stepped_back_at(old, new)
    found = {}
    for milestone in Milestone:
        before, now = old.at(milestone), new.at(milestone)
        if before is None or now is None:
            continue
        again = since is not None and milestone not in KEPT and before <= since <= now
        if _contradicts(new, milestone) or (minute(before) != minute(now) and not again):
            found[milestone] = (before, now)
    return found


def _contradicts(incident: Incident, milestone: Milestone) -> bool:
    """Whether field and log disagree, which is an error of its own."""
    field, entry = incident.written.times.get(milestone), incident.log.times.get(milestone)
    return (
        field is not None
        and entry is not None
        and entry.at is not None
        and (minute(field) != minute(entry.at))
    )


def _clock(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M") if at else "no time"
