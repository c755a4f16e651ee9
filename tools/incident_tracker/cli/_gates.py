"""What a record owes, as lines to type, and the gates that stay closed while it owes something."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from incident_tracker.check import owed, standing
from incident_tracker.cli._terminal import from_here
from incident_tracker.fields import INCIDENT, REVIEW
from incident_tracker.finding import Finding, Level
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.lines import answered_boxes
from incident_tracker.model import Incident, Record, Review, Tracker
from incident_tracker.registry import rules

LINE = re.compile(r"- HH:MM - (.+)")
FIELD = re.compile(r"([a-z_]+): (\[)?([^\]{}]+)\]?")
KEY = re.compile(r"- ([^:]+): .+")
WRITES_SECTION = "incident section "
WAIVING = "what cannot be had is waived with its reason: incident waive ID CODE REASON"


class GateClosed(Refusal):
    """A status that the record may not enter before it has what it owes."""

    exit_status = 1

    def __init__(self, message: str, missing: list[str], hint: str | None = WAIVING) -> None:
        """Say what is missing, one line each."""
        super().__init__("\n  ".join([f"{message}; owed:", *map(from_here, missing)]), hint)


def refuse_closed(gate: str, before: Draft, after: Draft, around: Tracker, name: str) -> None:
    """Refuse the gate while the record has an error or owes something; ``name`` is its short id."""
    title = f"{after.record.id} cannot be {gate} yet"
    broken = [f for f in after.parsed.faults if rules()[f.code].level is Level.ERROR]
    # Nothing is written, so a line has the number that it has in the file.
    places: dict[tuple[str, str], list[int]] = {}
    for fault in before.parsed.faults:
        places.setdefault((fault.code, fault.message), []).append(fault.position.line)
    lines = []
    for fault in broken:
        there = places.get((fault.code, fault.message))
        line = there.pop(0) if there else fault.position.line
        said = f"{fault.message}{f' ({fault.help})' if fault.help else ''}"
        lines.append(f"{fault.code}  edit {after.document.path}, line {line}: {said}")
    missing = [f for f in _wanted(after.record, around, gate) if f.level is Level.ERROR]
    lines += [to_type(f, after.record, name) for f in sorted(missing, key=lambda f: f.code)]
    if lines:
        raise GateClosed(title, lines, WAIVING if missing else None)


def _statuses_from(record: Record) -> list[str]:
    """The record's status and those behind it, as far as its last gate."""
    if isinstance(record, Review):
        return list(record.protocol.gates.review)
    if not isinstance(record, Incident) or record.is_maintenance or record.is_cancelled:
        return []
    names = [name for name in record.protocol.statuses if name != "cancelled"]
    return names[names.index(record.status) :] if record.status in names else []


def lists_owed(record: Record, around: Tracker) -> Iterator[tuple[str, list[Finding]]]:
    """Yield what is owed by now, and what is owed besides before the next status that asks."""
    told: set[str] = set()
    for status in _statuses_from(record):
        missing = [f for f in _wanted(record, around, status) if f.code not in told]
        if missing:
            yield status, missing
            if status != getattr(record, "status", ""):
                return
            told = {finding.code for finding in missing}


def _wanted(record: Record, around: Tracker, status: str) -> list[Finding]:
    """What a record owes to enter a status; a gate wants it without any error besides."""
    missing = list(owed(record, around, status))
    gates = record.protocol.gates
    if status in (*gates.incident, *gates.review):
        known = {finding.code for finding in missing if finding.level is Level.ERROR}
        errors = (f for f in standing(record, around) if f.level is Level.ERROR)
        missing += [finding for finding in errors if finding.code not in known]
    return missing


def doubts(
    record: Record, before: Iterable[Finding], after: Iterable[Finding]
) -> tuple[Finding, ...]:
    """Return the new errors and warnings of a change, without those that are told as owed."""
    is_told_owed = bool(_statuses_from(record))
    old = Counter((finding.code, finding.message) for finding in before)
    found = []
    for finding in after:
        key = (finding.code, finding.message)
        old[key] -= 1
        gated = is_told_owed and rules()[finding.code].gated
        if old[key] < 0 and finding.level in (Level.ERROR, Level.WARNING) and not gated:
            found.append(finding)
    return tuple(found)


def remedy_of(finding: Finding, record: Record) -> str:
    """Return what mends a finding, with the option that would have kept it away."""
    remedy = finding.help or ""
    key = KEY.fullmatch(remedy)
    labels = {word.label: name for name, word in record.protocol.update_keys.items()}
    if key is None or key[1] not in labels:
        return remedy
    return f'give --{labels[key[1]]}, or add the line "{remedy}" below it in {record.path}'


def to_type(finding: Finding, record: Record, name: str) -> str:
    """Return what mends a finding, as a command where its remedy is a line or a field."""
    remedy = (finding.help or "").replace(f" {record.id} ", f" {name} ")
    line, field = LINE.fullmatch(remedy), FIELD.fullmatch(remedy)
    if isinstance(record, Incident) and rules()[finding.code].duty == "boxes":
        return f"{finding.code}  {_boxes(record, name)}"
    if line and isinstance(record, Incident):
        return f'{finding.code}  incident log {name} "{line[1]}"'
    ours = INCIDENT if isinstance(record, Incident) else set(REVIEW) - set(INCIDENT)
    if field and field[1] in ours and field[1] not in ("status", "severity"):
        remedy = _setting(name, field[1], field[3], is_list=bool(field[2]))
    # How a section of the review is written does not say what is to stand there.
    note = f" ({finding.note})" if finding.note and remedy.startswith(WRITES_SECTION) else ""
    return f"{finding.code}  {finding.message}{note}{f': {remedy}' if remedy else ''}"


def _setting(name: str, key: str, value: str, *, is_list: bool) -> str:
    if is_list:
        return f"incident set {name} {key}={value.replace(', ', ',')}"
    known = value.removeprefix("one of ")
    if known != value:
        return f"incident set {name} {key}=… with one of {known}"
    return (
        f'incident set {name} {key}="{value}"'
        if " " in value
        else f"incident set {name} {key}={value}"
    )


def _boxes(incident: Incident, name: str) -> str:
    words = incident.protocol.verification_boxes
    answered = answered_boxes(incident.boxes)
    left = [word.text for key, word in words.items() if key not in answered]
    rest = f" and {len(left) - 1} more" if left[1:] else ""
    each = f'incident tick {name} "{left[0]}"'
    gate = incident.protocol.gates.incident[0]
    return (
        f"the verification is not finished, {left[0]}{rest}: {each}, "
        f"or once all are checked incident status {name} {gate} --all-boxes"
    )
