"""A change of a tracker → findings: what it touches or newly breaks, and what it takes back.

What was there before, in the same words, is not the change's: it is counted, and shown by a check
of everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from incident_tracker.changes import ChangeSet, RecordChange
from incident_tracker.check import Report, check
from incident_tracker.evidence import named
from incident_tracker.finding import Finding, Level, Position
from incident_tracker.judging import CRASH, asked, finding_at, finding_in
from incident_tracker.model import Record, Tracker, Waiver
from incident_tracker.protocol import PATH as PROTOCOL
from incident_tracker.registry import CHANGES, Context, rules, version_key
from incident_tracker.waiving import Waived, hides_nothing, waive

Key = tuple[str, str, Level, str]


def check_changes(changes: ChangeSet) -> Report:
    """Judge what a change touches or newly breaks, and the change itself."""
    judged = None if changes.touches_protocol else _around(changes)
    now = check(changes.new, judged)
    before = check(changes.old, judged)
    new, older = _new(changes, now.findings, before.findings)
    own = [*_of_change(changes), *_of_all(changes)]
    waiving = waive(_new_waivers(changes), own)
    spare = _spare_waivers(changes, waiving.waived)
    touched = changes.touched
    waived = [w for w in now.waived if w.finding.path in touched] + [*waiving.waived]
    return replace(
        now,
        findings=tuple(sorted([*new, *waiving.kept, *spare])),
        waived=tuple(sorted(waived, key=lambda item: item.finding.sort_key)),
        since=changes.since,
        touched=touched,
        older=sum(finding.path in touched for finding in older),
    )


def _around(changes: ChangeSet) -> frozenset[str]:
    """The records whose own rules may judge them otherwise: the touched ones and counterparts.

    A rule about single records looks at its record, the counterpart and the protocol, no further.
    """
    paths = set(changes.touched)
    for path in changes.touched:
        folder, _, rest = path.partition("/")
        other = {"incidents": "pir", "pir": "incidents"}.get(folder)
        if other:
            paths.add(f"{other}/{rest}")
    if changes.altered:
        paths |= {i.path for i in changes.new.incidents if changes.altered & named([i])}
    return frozenset(paths)


def _new(
    changes: ChangeSet, now: Iterable[Finding], before: Iterable[Finding]
) -> tuple[list[Finding], list[Finding]]:
    """The findings that were not there before, and those that were."""
    known = Counter(_key(f, changes.moved.get(f.path, f.path)) for f in before)
    new: list[Finding] = []
    older: list[Finding] = []
    for finding in now:
        key = _key(finding, finding.path)
        known[key] -= 1
        (older if known[key] >= 0 and finding.code != CRASH else new).append(finding)
    return new, older


def _key(finding: Finding, path: str) -> Key:
    """What makes a finding the same one in another version of the file: not its line."""
    return (path, finding.code, finding.level, finding.about)


def _of_change(changes: ChangeSet) -> Iterator[Finding]:
    """Yield what the rules about changes find."""
    wanted = [rule for rule in rules().values() if rule.subject is RecordChange]
    for change in changes.records():
        record = change.record
        if change.new is not None and not change.new.sound:
            continue  # the error of its form comes first
        if changes.new.is_withdrawn(record.id):
            continue  # its words, and those of its review, are gone on purpose
        context = Context(tracker=changes.new, protocol=record.protocol)
        for declared in wanted:
            if version_key(declared.since) > _version(change):
                continue
            problems, crashes = asked(declared, change, context, record.path)
            yield from crashes
            for problem in problems:
                yield finding_in(declared, declared.level, record, problem)


def _of_all(changes: ChangeSet) -> Iterator[Finding]:
    """Yield what the rules about the change as a whole find."""
    context = Context(tracker=changes.new, protocol=changes.new.protocol)
    for declared in rules().values():
        if declared.subject is not ChangeSet:
            continue
        problems, crashes = asked(declared, changes, context, PROTOCOL)
        yield from crashes
        for problem in problems:
            yield finding_at(
                declared, declared.level, problem, problem.path or PROTOCOL, Position(1, 1)
            )


def _version(change: RecordChange) -> tuple[int, ...]:
    """The newest version that either state carries: going back to an older one hides nothing."""
    both = (record for record in (change.old, change.new) if record is not None)
    return max(version_key(record.protocol.version) for record in both)


def _new_waivers(changes: ChangeSet) -> dict[str, tuple[Waiver, ...]]:
    """The waivers that the change itself brings: an older one accepted an older change."""
    known = _waivers(changes.old)
    return {
        path: tuple(w for w in waivers if (w.code, w.reason) not in _said(known, changes, path))
        for path, waivers in _waivers(changes.new).items()
    }


def _said(
    known: dict[str, tuple[Waiver, ...]], changes: ChangeSet, path: str
) -> frozenset[tuple[str, str]]:
    before = next((old for old, new in changes.moved.items() if new == path), path)
    return frozenset((waiver.code, waiver.reason) for waiver in known.get(before, ()))


def _waivers(tracker: Tracker) -> dict[str, tuple[Waiver, ...]]:
    return {record.path: record.waivers for record in tracker.records if record.waivers}


def _spare_waivers(changes: ChangeSet, waived: Iterable[Waived]) -> Iterator[Finding]:
    """Yield a finding for each waiver of a change that the change does not need."""
    used = {(item.finding.path, item.finding.code) for item in waived}
    brought = _new_waivers(changes)
    for record in _touched(changes):
        for waiver in brought.get(record.path, ()):
            known = waiver.code.startswith(CHANGES) and waiver.code in rules()
            if known and waiver.reason and (record.path, waiver.code) not in used:
                yield hides_nothing(record, waiver)


def _touched(changes: ChangeSet) -> Iterator[Record]:
    return (r for r in changes.new.records if r.path in changes.touched and r.sound)
