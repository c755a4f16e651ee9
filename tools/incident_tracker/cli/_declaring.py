"""How ``incident new`` turns what was typed, and what it may ask for, into a declaration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import click

from incident_tracker.cli._choosing import one_of
from incident_tracker.cli._options import may_ask, pairs
from incident_tracker.cli._outcome import doubt_names
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import Paint, program, say, warn
from incident_tracker.lifecycle.declare import Declaration, new_incident, new_maintenance
from incident_tracker.lifecycle.ids import channel_of, free_id, namesakes, path_of, slug_of
from incident_tracker.lifecycle.moments import moment_ahead
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Incident
from incident_tracker.parse import LONGEST_SLUG, stem
from incident_tracker.protocol import Protocol, Severity
from incident_tracker.values import SLUG


@dataclass(frozen=True, slots=True)
class Typed:
    """The options of ``incident new``."""

    given: Mapping[str, object]

    def text(self, key: str) -> str:
        """Return the text of an option, empty where it was not given."""
        return cast("str | None", self.given.get(key)) or ""

    def many(self, key: str) -> tuple[str, ...]:
        """Return the texts of an option that may be repeated, or name several after commas."""
        texts = cast("tuple[str, ...]", self.given.get(key) or ())
        return tuple(part.strip() for text in texts for part in text.split(",") if part.strip())


def declare(session: Session, given: Mapping[str, object]) -> Incident:
    """Write the new record, print what comes first, and return it."""
    typed = Typed(given)
    planned = bool(given.get("maintenance"))
    said = _declaration(session, typed, planned=planned)
    protocol = session.protocol
    zone = protocol.tzinfo
    text = new_maintenance(protocol, said) if planned else new_incident(protocol, said, zone)
    first = said.start if planned and said.start else said.at
    otherwise = next(iter(said.components), "incident")
    slug = _slug(typed.text("slug"), said.title, otherwise)
    alike = namesakes(slug, session.ids)
    there = [known for known in session.unfinished.incidents if known.id in alike]
    draft = _created(session, first.astimezone(zone).date(), slug, text)
    doubt_names(None, draft, session.around(draft))
    _first_steps(session, draft, said)
    for known in there:
        same = f'incident cancel {draft.id} --as "duplicate-of {known.id}" --because "the same"'
        warn(f'already open: {known.id} ("{known.title}")', f"if it is the same: {same}")
    return draft


def _declaration(session: Session, typed: Typed, *, planned: bool) -> Declaration:
    protocol, zone = session.protocol, session.protocol.tzinfo
    title = typed.text("title") or typed.text("words") or _asked("Title", "")
    kinds = tuple(one_of(kind, protocol.kinds, "kind") for kind in typed.many("kinds"))
    severity = "" if planned else _severity(protocol, typed)
    source, _, symptom = typed.text("detected_by").partition(":")
    start = _ahead(typed.text("start"), session.now, zone)
    at = session.at(cast("str | None", typed.given.get("at")))
    return Declaration(
        title=title,
        at=at,
        severity=severity,
        kinds=kinds,
        components=_components(session, typed, severity),
        visibility=typed.text("visibility"),
        public_summary=typed.text("public_summary"),
        detected_by=one_of(source, protocol.detection_sources, "source") if source else "",
        symptom=symptom.strip(),
        drill=_known(typed.text("drill"), protocol),
        start=start,
        end=_ahead(typed.text("end"), start or session.now, zone),
        ticket=typed.text("ticket"),
        by=typed.text("by"),
        impact=typed.text("impact"),
        alerts=typed.many("alerts"),
        alert_groups=typed.many("alert_groups"),
    )


def _known(scenario: str, protocol: Protocol) -> str:
    return one_of(scenario, protocol.drill_scenarios, "scenario") if scenario else ""


def _ahead(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    return moment_ahead(text, now, zone) if text else None


def _severity(protocol: Protocol, typed: Typed) -> str:
    names = ", ".join(f"{key} {level.name.lower()}" for key, level in protocol.severities.items())
    severity = typed.text("severity") or _asked(f"Severity ({names})", "")
    if not severity:
        raise Refusal("an incident needs a severity", f"--severity with one of: {names}")
    return one_of(severity, protocol.severities, "severity")


def _components(session: Session, typed: Typed, severity: str) -> dict[str, str]:
    """The components with their levels; the default one where the severity asks for one at once."""
    protocol = session.protocol
    parts = session.components
    known = {part.id: part for part in parts}
    names = typed.many("components")
    terms = protocol.severities.get(severity)
    if not names and terms is not None and terms.component_needed == "declare":
        usual = protocol.default_component
        usual = usual if usual in known or not known else ""
        names = tuple(name for name in (_asked("Component", usual) or usual,) if name)
    found: dict[str, str] = {}
    for name, level in pairs(names).items():
        part = one_of(name, known, "component") if known else name
        found[part] = one_of(level, protocol.component_levels, "level") if level else ""
    return found


def _slug(typed: str, title: str, otherwise: str) -> str:
    if typed and (not SLUG.fullmatch(typed) or len(typed) > LONGEST_SLUG):
        message = f'"{typed}" is no slug: small letters, digits and dashes, {LONGEST_SLUG} at most'
        raise Refusal(message, f"--slug {slug_of(typed, otherwise=otherwise)}")
    return typed or slug_of(title, otherwise=otherwise)


def _created(session: Session, day: date, slug: str, text: str) -> Incident:
    """Create the file; where another was quicker, under the next free id."""
    taken = set(session.ids)
    while True:
        record_id = free_id(day, slug, taken)
        try:
            return session.create(path_of(record_id), text).incident
        except FileExistsError:
            taken.add(record_id)


def _asked(question: str, default: str) -> str:
    if not may_ask():
        return ""
    answer: str = click.prompt(question, default=default or None, err=True)
    return answer


def _first_steps(session: Session, incident: Incident, said: Declaration) -> None:
    if incident.is_maintenance:
        if not (incident.is_internal or incident.public_summary):
            typed = f'{program()} set {session.short(incident.id)} public_summary="…"'
            say(f"owed, for everybody may read of it: {typed}")
        return
    terms = session.protocol.severities[said.severity]
    _tell_visibility(session, incident)
    say("war room: ", Paint(channel_of(stem(incident.path)), "cyan"))
    held = None if said.by else session.on_call
    if held is not None:
        say(f"on call: {held.person.name} ({program()} contacts --severity {said.severity})")
    zone = ZoneInfo(incident.zone)
    for what, at in _clocks(terms, said, held.person.id if held is not None else "NAME"):
        say(f"by {_clock(at, said.at, zone)}: {what}")
    update = terms.update
    if update is not None:
        first, late = (
            _clock(said.at + span, said.at, zone) for span in (update.remind, update.late)
        )
        say(f"by {first}, at the latest {late}: the first update ({program()} update)")
    say(f"notice: {program()} notify {session.short(incident.id)} initial")
    session.tell_owed(incident)


def _tell_visibility(session: Session, incident: Incident) -> None:
    """Say who may read of it; what its kind keeps inside is not offered to the outside."""
    kept = {*incident.kinds} & {*session.protocol.internal_kinds} or incident.is_drill
    summary = "" if incident.public_summary else ' public_summary="…"'
    public = f"{program()} set {session.short(incident.id)} visibility=public{summary}"
    may = f" (if the outside may know: {public})" if incident.is_internal and not kept else ""
    say(f"visibility: {incident.visibility}{may}")


def _clock(at: datetime, declared: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%H:%M}{'' if local.date() == declared.date() else f' on {local:%Y-%m-%d}'}"


def _clocks(terms: Severity, said: Declaration, taker: str) -> list[tuple[str, datetime]]:
    """What the protocol wants first, and by when."""
    spans: list[tuple[str, timedelta | None]] = [
        (f"somebody takes it ({program()} ack --by {taker})", None if said.by else terms.response),
        (f"{', '.join(terms.audiences)} are told", terms.notify),
    ]
    found = [(what, said.at + span) for what, span in spans if span is not None]
    return sorted(found, key=lambda item: item[1])
