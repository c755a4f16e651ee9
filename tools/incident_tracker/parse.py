"""Document → record, with every fault of its form; the only reader of front matter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from incident_tracker import fields
from incident_tracker.finding import Fault, Position
from incident_tracker.front_fields import FrontFields
from incident_tracker.frozen import value
from incident_tracker.log.blocks import read_actions, read_boxes, read_updates
from incident_tracker.log.fold import MILESTONES, first_at, fold
from incident_tracker.log.headings import heading_faults
from incident_tracker.log.timeline import read_timeline
from incident_tracker.model import (
    Action,
    Box,
    Incident,
    Log,
    Milestone,
    Origin,
    Record,
    Review,
    Runbook,
    Section,
    Waiver,
    Written,
)
from incident_tracker.protocol import Protocol
from incident_tracker.text.comments import CLOSE, OPEN, comment_spans
from incident_tracker.text.document import Document
from incident_tracker.text.sections import Section as Part

ID = re.compile(r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})-(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)")
RUNBOOK_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 50
TOP_LEVEL = 2
WRITTEN = ("status", "severity", "resolution", "detected_by", "visibility", "protocol")
LINE_WAIVER = re.compile(r"[ \t]*incident:[ \t]*ok[ \t]+(?P<code>\S+)(?P<reason>.*)")


@value
class Parsed:
    """A record, None where nothing could be made of the file, and the faults of its form."""

    record: Record | None
    faults: tuple[Fault, ...]


def parse(document: Document, current: Protocol) -> Parsed:
    """Return the record that a document holds, judged by the protocol version that it carries.

    The kind of record follows from the top-level folder: ``incidents``, ``pir`` or ``runbooks``.
    """
    folder, _, _ = document.path.partition("/")
    name = _name_fault(document.path, folder)
    faults = [*document.faults, *([name] if name else [])]
    if not document.readable or document.front is None:
        return Parsed(record=None, faults=tuple(faults))
    rows = {"incidents": fields.INCIDENT, "pir": fields.REVIEW}.get(folder, fields.RUNBOOK)
    version = document.front.get("protocol")
    protocol = current.at_version(getattr(version, "text", None))
    read = FrontFields(rows=rows, protocol=protocol, document=document)
    read.read(document.front)
    builder = {"incidents": _incident, "pir": _review}.get(folder, _runbook)
    record, more = builder(document, read, protocol)
    # Where a section's name is wrong, what its lines seem to be says nothing.
    more = list(heading_faults(document, protocol)) or more
    return Parsed(record=record, faults=(*faults, *read.faults, *more))


def stem(path: str) -> str:
    """Return the id that a path gives its record."""
    return path.rpartition("/")[2].removesuffix(".md")


def id_problem(record_id: str) -> str | None:
    """Return what is wrong with an incident's id, None where it is right."""
    match = ID.fullmatch(record_id)
    if match is None:
        return "is not YYYY-MM-DD-slug in small letters, digits and dashes"
    try:
        date.fromisoformat(match["date"])
    except ValueError:
        return f"begins with {match['date']}, which is no date"
    if len(match["slug"]) > LONGEST_SLUG:
        return f"has a slug of {len(match['slug'])} characters; at most {LONGEST_SLUG} fit"
    return None


def _name_fault(path: str, folder: str) -> Fault | None:
    record_id = stem(path)
    if folder == "runbooks":
        wrong = (
            None
            if RUNBOOK_ID.fullmatch(record_id) and path.count("/") == 1
            else "is no runbook's name"
        )
        help_ = "name it runbooks/what-is-wrong.md, in small letters, digits and dashes"
    else:
        wrong = id_problem(record_id)
        help_ = (
            f"name it {folder}/2026/2026-11-03-site-down.md: the date of detection and a short slug"
        )
        if wrong is None and path != f"{folder}/{record_id[:4]}/{record_id}.md":
            wrong = f"lies in {path.rpartition('/')[0]}/"
            help_ = f"move it: git mv {path} {folder}/{record_id[:4]}/{record_id}.md"
    if wrong is None:
        return None
    return Fault(
        code="FMT014",
        message=f'the file\'s name "{record_id}" {wrong}',
        help=help_,
        position=Position(1, 1),
    )


def _incident(
    document: Document, read: FrontFields, protocol: Protocol
) -> tuple[Incident, list[Fault]]:
    values = read.values
    record_id = stem(document.path)
    zone = ZoneInfo(cast("str", values["zone"])) if "zone" in values else protocol.tzinfo
    kinds = cast("tuple[str, ...]", values.get("kind", ()))
    log, faults = _log(document, read, protocol, zone, _date_of(record_id), kinds)
    boxes, actions, more = _lists(document, protocol, record_id, values)
    written = _written(values)
    times = {**{m: e.at for m, e in log.times.items() if e.at is not None}, **written.times}
    origin = cast("Origin | None", values.get("origin"))
    severity = cast("str", values.get("severity", "")) or (
        log.severities[-1].value if log.severities else ""
    )
    terms = protocol.severities.get(severity)
    maintenance = "maintenance" in kinds
    level = (
        protocol.maintenance_level
        if maintenance
        else terms.component_level
        if terms
        else "operational"
    )
    components = cast("Mapping[str, str]", values.get("components", {}))
    logged_status = log.statuses[-1].value if log.statuses else ""
    incident = Incident(
        id=record_id,
        path=document.path,
        document=document,
        protocol=protocol,
        fields=read.places,
        waivers=_waivers(document, values),
        sections=_sections(document),
        title=_text(values, "title"),
        status=_text(values, "status") or logged_status,
        severity=severity,
        components={name: given or level for name, given in components.items()},
        kinds=kinds,
        visibility=_text(values, "visibility") or "internal",
        public_summary=_text(values, "public_summary"),
        root_cause=_text(values, "root_cause"),
        resolution=_text(values, "resolution") or log.resolution,
        detected_by=_text(values, "detected_by") or log.detected_by,
        times=times,
        roles=written.roles
        or {role: changes[-1].value for role, changes in log.roles.items() if changes},
        drill=_text(values, "drill"),
        scheduled_start=cast("datetime | None", values.get("scheduled_start")),
        scheduled_end=cast("datetime | None", values.get("scheduled_end")),
        ticket=_text(values, "ticket"),
        zone=zone.key,
        origin=origin,
        stated=cast("Mapping[Milestone, timedelta]", values.get("stated", {})),
        alerts=cast("tuple[str, ...]", values.get("alerts", ())),
        alert_groups=cast("tuple[str, ...]", values.get("alert_groups", ())),
        formerly=cast("tuple[str, ...]", values.get("formerly", ())),
        written=written,
        log=log,
        boxes=boxes,
        actions=actions,
    )
    return incident, [*faults, *more]


def _log(
    document: Document,
    read: FrontFields,
    protocol: Protocol,
    zone: ZoneInfo,
    first: date,
    kinds: tuple[str, ...],
) -> tuple[Log, list[Fault]]:
    faults: list[Fault] = []
    timeline, updates = document.section("Timeline"), document.section("Updates")
    entries, wrong = (
        read_timeline(timeline, document, protocol, zone=zone, first_date=first)
        if timeline
        else ((), ())
    )
    faults += wrong
    detected = cast("datetime | None", read.values.get("detected_at")) or first_at(
        entries, Milestone.DETECTED, protocol
    )
    told, wrong = (
        read_updates(updates, document, protocol, zone=zone, detected=detected)
        if updates
        else ((), ())
    )
    faults += wrong
    severity = cast("str", read.values.get("severity", ""))
    return fold(
        entries, told, severity=severity, protocol=protocol, is_maintenance="maintenance" in kinds
    ), faults


def _written(values: Mapping[str, object]) -> Written:
    times = {m: cast("datetime", values[key]) for key, m in MILESTONES.items() if key in values}
    texts = {key: cast("str | None", values.get(key)) for key in WRITTEN}
    given = cast("Mapping[str, str]", values.get("components", {}))
    return Written(
        **texts,
        times=times,
        roles=cast("Mapping[str, str] | None", values.get("roles")),
        components=tuple(given),
    )


def _review(
    document: Document, read: FrontFields, protocol: Protocol
) -> tuple[Review, list[Fault]]:
    values, record_id = read.values, stem(document.path)
    boxes, actions, faults = _lists(document, protocol, record_id, values)
    return Review(
        id=record_id,
        path=document.path,
        document=document,
        protocol=protocol,
        fields=read.places,
        waivers=_waivers(document, values),
        sections=_sections(document),
        incident=record_id,
        status=_text(values, "status"),
        held_at=cast("datetime | None", values.get("held_at")),
        published_at=cast("datetime | None", values.get("published_at")),
        followed_up_at=cast("date | None", values.get("followed_up_at")),
        attendees=cast("tuple[str, ...]", values.get("attendees", ())),
        apologies=cast("tuple[str, ...]", values.get("apologies", ())),
        facilitator=_text(values, "facilitator"),
        visibility=_text(values, "visibility") or "internal",
        origin=cast("Origin | None", values.get("origin")),
        boxes=boxes,
        actions=actions,
    ), faults


def _runbook(
    document: Document, read: FrontFields, protocol: Protocol
) -> tuple[Runbook, list[Fault]]:
    values = read.values
    return Runbook(
        id=stem(document.path),
        path=document.path,
        document=document,
        protocol=protocol,
        fields=read.places,
        waivers=_waivers(document, values),
        sections=_sections(document),
        title=_text(values, "title"),
        covers=cast("tuple[str, ...]", values.get("covers", ())),
        owner=_text(values, "owner"),
        last_reviewed=cast("date | None", values.get("last_reviewed")),
        last_tested=cast("date | None", values.get("last_tested")),
    ), []


def _lists(
    document: Document,
    protocol: Protocol,
    record_id: str,
    values: Mapping[str, object],
) -> tuple[tuple[Box, ...], tuple[Action, ...], list[Fault]]:
    faults: list[Fault] = []
    boxes: tuple[Box, ...] = ()
    actions: tuple[Action, ...] = ()
    checklist, items = document.section("Checklist"), document.section("Action Items")
    if checklist:
        boxes, wrong = read_boxes(checklist, document, protocol)
        faults += wrong
    if items:
        actions, wrong = read_actions(
            items, document, protocol, record_id, is_imported="origin" in values
        )
        faults += wrong
    return boxes, actions, faults


def _sections(document: Document) -> tuple[Section, ...]:
    return tuple(_section(part, document) for part in document.sections if part.level == TOP_LEVEL)


def _section(part: Part, document: Document) -> Section:
    lines = document.lines[part.first_line : part.last_line]
    text = "\n".join(lines).strip("\n")
    return Section(title=part.title, position=part.position, text=text, part=part)


def _waivers(document: Document, values: Mapping[str, object]) -> tuple[Waiver, ...]:
    named = cast("tuple[Waiver, ...]", values.get("waive", ()))
    if "incident:" not in document.text:
        return named
    return (*named, *_line_waivers(document.lines))


def _line_waivers(lines: Iterable[str]) -> Iterable[Waiver]:
    for number, line in enumerate(lines, start=1):
        if "incident:" not in line:
            continue
        for start, end in comment_spans(line):
            match = LINE_WAIVER.fullmatch(line, start + len(OPEN), end - len(CLOSE))
            if match is not None:
                reason, place = match["reason"].strip(" \t"), Position(number, start + 1)
                yield Waiver(code=match["code"], reason=reason, position=place, line=number)


def _text(values: Mapping[str, object], key: str) -> str:
    return cast("str", values.get(key, ""))


def _date_of(record_id: str) -> date:
    try:
        return date.fromisoformat(record_id[:10])
    except ValueError:
        return date.min.replace(year=1970)


def unsound(record: Record) -> Record:
    """Return the record marked as having an error of form."""
    return replace(record, sound=False)
