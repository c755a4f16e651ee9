"""Tracker → findings: every rule on every record, waivers taken into account, sorted by place.

The verdict depends on the files alone: no clock, no Git. A rule that crashes becomes the finding
CFG000.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from incident_tracker.finding import Finding, Level, Position
from incident_tracker.judging import CRASH, asked, finding_at, finding_in
from incident_tracker.model import Incident, Record, Review, Tracker
from incident_tracker.protocol import PATH as PROTOCOL
from incident_tracker.registry import Context, Rule, is_duty_of, rules, version_key
from incident_tracker.waiving import Waived, covers, doubtful, waive


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """The verdict on a tracker: findings by place, what was waived, the judged files' texts."""

    findings: tuple[Finding, ...]
    waived: tuple[Waived, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    """By path; empty where a file could not be read."""
    since: str = ""
    """What a change was measured from; empty where everything was judged."""
    touched: frozenset[str] = frozenset()
    """The files that the change touches."""
    older: int = 0
    """How many findings of the touched files were there before the change."""
    baselined: int = 0
    """How many findings a baseline accepts."""
    mended: int = 0
    """How many findings of the baseline are there no more."""
    is_narrowed: bool = False
    """Whether it speaks of some files only."""

    @property
    def files(self) -> int:
        """How many files were judged."""
        return len(self.texts)

    @property
    def is_partial(self) -> bool:
        """Whether there may be more findings than these."""
        return self.is_narrowed or bool(self.since)

    def count(self, level: Level) -> int:
        """Return how many findings have a level."""
        return sum(finding.level is level for finding in self.findings)

    def exit_status(self, *, strict: bool) -> int:
        """Return 0 where nothing is wrong, 1 where something is, 2 where a rule crashed."""
        if any(finding.code == CRASH for finding in self.findings):
            return 2
        wrong = self.count(Level.ERROR) + (self.count(Level.WARNING) if strict else 0)
        return 1 if wrong else 0


def check(tracker: Tracker, judged: frozenset[str] | None = None) -> Report:
    """Judge every record of the tracker by every rule.

    With ``judged``, the rules about single records are asked about the records at these paths only.
    """
    found = list(tracker.findings)
    for record in tracker.records:
        if record.sound and (judged is None or record.path in judged):
            found += _judge(record, tracker)
    for declared in rules().values():
        if declared.subject is Tracker:
            found += _across(declared, tracker)
    waiving = waive({r.path: r.waivers for r in tracker.records if r.waivers}, found)
    kept = list(waiving.kept)
    for record in tracker.records:
        if tracker.is_withdrawn(record.id):
            continue  # what it waived is not asked any more
        if record.sound and (judged is None or record.path in judged):
            kept += doubtful(record, waiving.used)
    return Report(
        findings=tuple(sorted(kept)),
        waived=tuple(sorted(waiving.waived, key=lambda item: item.finding.sort_key)),
        texts=texts_of(tracker),
    )


def texts_of(tracker: Tracker) -> dict[str, str]:
    """Return the texts of all files of a tracker by path, those that are no records included."""
    read = {record.path: record.document.text for record in tracker.records}
    return read | {unread.path: unread.text for unread in tracker.unread}


def standing(record: Record, tracker: Tracker) -> tuple[Finding, ...]:
    """Return what the rules about its kind find in one record, without what it waives."""
    if not record.sound:
        return ()
    found = _judge(record, tracker)
    return tuple(sorted(f for f in found if not any(covers(w, f) for w in record.waivers)))


def owed(record: Record, tracker: Tracker, status: str) -> tuple[Finding, ...]:
    """Return what a record still owes to enter a status: what its gated rules would find."""
    ranks = record.protocol.status_order
    entering = record
    if isinstance(record, Incident) and ranks.get(status, -1) > ranks.get(record.status, -1):
        entering = replace(record, status=status)
    found: list[Finding] = []
    for declared in rules().values():
        if not (declared.gated and declared.subject is type(record) and record.sound):
            continue
        if declared.duty and isinstance(record, Incident):
            since = is_duty_of(declared, record)
            if since is None or ranks[since] > ranks.get(status, 0):
                continue
        # A duty names the status that the record has; what else is gated asks for it.
        found += _run(declared, record if declared.duty else entering, tracker)
    waived = {waiver.code for waiver in record.waivers if waiver.reason}
    return tuple(sorted(finding for finding in found if finding.code not in waived))


def _judge(record: Record, tracker: Tracker) -> Iterator[Finding]:
    if isinstance(record, Review) and tracker.is_withdrawn(record.incident):
        return
    imported = isinstance(record, Incident | Review) and record.origin is not None
    for declared in rules().values():
        if declared.subject is not type(record) or version_key(declared.since) > version_key(
            record.protocol.version
        ):
            continue
        if imported and not _holds_for_imported(declared):
            continue
        if declared.duty and not _is_owed(declared, record):
            continue
        yield from _run(declared, record, tracker)


def _holds_for_imported(declared: Rule) -> bool:
    """Whether a rule holds against what came from elsewhere: a review is as whole as its source."""
    return declared.imported and not (declared.subject is Review and declared.gated)


def _is_owed(declared: Rule, record: Record) -> bool:
    if not isinstance(record, Incident) or record.is_cancelled or record.is_maintenance:
        return False
    since = is_duty_of(declared, record)
    ranks = record.protocol.status_order
    return since is not None and ranks.get(record.status, -1) >= ranks[since]


def _run(declared: Rule, record: Record, tracker: Tracker) -> Iterator[Finding]:
    context = Context(tracker=tracker, protocol=record.protocol)
    level = declared.level
    if declared.gated and level is Level.ERROR and not past_gate(record):
        level = Level.WARNING
    problems, crashes = asked(declared, record, context, record.path)
    yield from crashes
    for problem in problems:
        yield finding_in(declared, level, record, problem)


def past_gate(record: Record) -> bool:
    """Whether the record has a status at which missing things are errors."""
    if isinstance(record, Review):
        return record.status in record.protocol.gates.review
    if not isinstance(record, Incident) or record.is_cancelled:
        return isinstance(record, Incident) is False
    ranks, gates = record.protocol.status_order, record.protocol.gates.incident
    return bool(gates) and ranks.get(record.status, -1) >= min(ranks[gate] for gate in gates)


def _across(declared: Rule, tracker: Tracker) -> Iterator[Finding]:
    by_path = {record.path: record for record in tracker.records}
    context = Context(tracker=tracker, protocol=tracker.protocol)
    problems, crashes = asked(declared, tracker, context, PROTOCOL)
    yield from crashes
    for problem in problems:
        record = by_path.get(problem.path or "")
        if record is None:
            place = problem.where if isinstance(problem.where, Position) else Position(1, 1)
            yield finding_at(declared, declared.level, problem, problem.path or PROTOCOL, place)
        elif record.sound:
            yield finding_in(declared, declared.level, record, problem)
