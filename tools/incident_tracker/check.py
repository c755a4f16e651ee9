"""Tracker → findings: every rule on every record, waivers taken into account, sorted by place.

The verdict depends on the files alone: no clock, no Git. A rule that crashes becomes the finding
CFG000.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from incident_tracker.assemble import source_line
from incident_tracker.finding import Finding, Level, Position
from incident_tracker.model import Incident, Record, Review, Tracker, Waiver
from incident_tracker.registry import Context, Problem, Rule, is_duty_of, rules

CRASH = "CFG000"
UNKNOWN_CODE, NO_REASON, UNUSED = "FMT030", "FMT031", "FMT032"


@dataclass(frozen=True, kw_only=True, slots=True)
class Waived:
    """A finding that a record accepts, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """The verdict on a tracker: findings by place, what was waived, how many files were judged."""

    findings: tuple[Finding, ...]
    waived: tuple[Waived, ...]
    files: int

    def count(self, level: Level) -> int:
        """Return how many findings have a level."""
        return sum(finding.level is level for finding in self.findings)

    def exit_status(self, *, strict: bool) -> int:
        """Return 0 where nothing is wrong, 1 where something is, 2 where a rule crashed."""
        if any(finding.code == CRASH for finding in self.findings):
            return 2
        wrong = self.count(Level.ERROR) + (self.count(Level.WARNING) if strict else 0)
        return 1 if wrong else 0


def check(tracker: Tracker) -> Report:
    """Judge every record of the tracker by every rule."""
    found = list(tracker.findings)
    for record in tracker.records:
        if record.sound:
            found += _judge(record, tracker)
    for declared in rules().values():
        if declared.subject is Tracker:
            found += _across(declared, tracker)
    kept, waived = _waive(tracker, found)
    return Report(
        findings=tuple(sorted(kept)),
        waived=tuple(sorted(waived, key=lambda item: item.finding.sort_key)),
        files=len(tracker.records) + len(tracker.unread),
    )


def standing(record: Record, tracker: Tracker) -> tuple[Finding, ...]:
    """Return what the rules about its kind find in one record, without what it waives."""
    if not record.sound:
        return ()
    found = _judge(record, tracker)
    return tuple(sorted(f for f in found if not any(_covers(w, f) for w in record.waivers)))


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
    imported = isinstance(record, Incident) and record.origin is not None
    for declared in rules().values():
        if declared.subject is not type(record) or _version(declared.since) > _version(
            record.protocol.version
        ):
            continue
        if imported and not declared.imported:
            continue
        if declared.duty and not _is_owed(declared, record):
            continue
        yield from _run(declared, record, tracker)


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
    try:
        problems = list(declared.function(record, context)) if declared.function else []
    except Exception as error:  # noqa: BLE001 - a crash must not hide the other findings
        yield _crash(declared, record.path, error)
        return
    for problem in problems:
        yield _finding(declared, level, record, problem)


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
    try:
        problems = list(declared.function(tracker, context)) if declared.function else []
    except Exception as error:  # noqa: BLE001 - as above
        yield _crash(declared, "protocol/protocol.yml", error)
        return
    for problem in problems:
        record = by_path.get(problem.path or "")
        if record is None:
            place = problem.where if isinstance(problem.where, Position) else Position(1, 1)
            yield _plain(
                declared, declared.level, problem, problem.path or "protocol/protocol.yml", place
            )
        elif record.sound:
            yield _finding(declared, declared.level, record, problem)


def _finding(declared: Rule, level: Level, record: Record, problem: Problem) -> Finding:
    place = (
        problem.where
        if isinstance(problem.where, Position)
        else record.where(*([problem.where] if problem.where else []))
    )
    finding = _plain(declared, level, problem, record.path, place)
    field = problem.where if isinstance(problem.where, str) else None
    return replace(finding, source=source_line(record.document, place.line), field=field)


def _plain(declared: Rule, level: Level, problem: Problem, path: str, place: Position) -> Finding:
    return Finding(
        path=path,
        line=place.line,
        column=place.column,
        code=declared.code,
        name=declared.name,
        level=level,
        message=problem.message,
        help=problem.help,
        note=problem.note,
        fix=problem.fix,
    )


def _crash(declared: Rule, path: str, error: Exception) -> Finding:
    return Finding(
        path=path,
        line=1,
        column=1,
        code=CRASH,
        name="rule-crashed",
        level=Level.ERROR,
        message=f"the rule {declared.code} crashed: {type(error).__name__}: {error}",
        help="report this; the other rules were checked",
    )


def _waive(tracker: Tracker, found: Iterable[Finding]) -> tuple[list[Finding], list[Waived]]:
    waivers = {record.path: record.waivers for record in tracker.records if record.waivers}
    kept: list[Finding] = []
    waived: list[Waived] = []
    used: set[tuple[str, Position]] = set()
    for finding in found:
        waiver = next((w for w in waivers.get(finding.path, ()) if _covers(w, finding)), None)
        if waiver is None:
            kept.append(finding)
        else:
            used.add((finding.path, waiver.position))
            waived.append(Waived(finding=finding, reason=waiver.reason))
    for record in tracker.records:
        if record.sound:
            kept += [
                finding for waiver in record.waivers for finding in _doubt(record, waiver, used)
            ]
    return kept, waived


def _covers(waiver: Waiver, finding: Finding) -> bool:
    declared = rules().get(finding.code)
    return (
        declared is not None
        and declared.waivable
        and waiver.code == finding.code
        and bool(waiver.reason)
        and waiver.line in {None, finding.line}
    )


def _doubt(record: Record, waiver: Waiver, used: set[tuple[str, Position]]) -> Iterator[Finding]:
    declared = rules().get(waiver.code)
    if declared is None or not declared.waivable:
        wrong = (
            "is no code of a rule"
            if declared is None
            else "is a fault of form, which cannot be waived"
        )
        yield _waiver_finding(
            UNKNOWN_CODE,
            record,
            waiver,
            f'the waived "{waiver.code}" {wrong}',
            "incident explain lists the codes",
        )
    elif not waiver.reason:
        yield _waiver_finding(
            NO_REASON,
            record,
            waiver,
            f"the waiver of {waiver.code} gives no reason",
            f'write waive: {{{waiver.code}: "why this is right here"}}',
        )
    elif (record.path, waiver.position) not in used:
        yield _waiver_finding(
            UNUSED, record, waiver, f"the waiver of {waiver.code} hides no finding", "remove it"
        )


def _waiver_finding(code: str, record: Record, waiver: Waiver, message: str, help_: str) -> Finding:
    declared = rules()[code]
    return _finding(declared, declared.level, record, Problem(waiver.position, message, help_))


@cache
def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))
