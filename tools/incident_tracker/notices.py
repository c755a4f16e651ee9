"""The three notices of the protocol, rendered from the record; their wording is the tracker's own.

A template is given values and nothing else, in a sandbox: what stands in a record is never part
of a template. What is not known yet is an empty text, for which the template has the words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from incident_tracker.cadence import by_time
from incident_tracker.lifecycle.moments import spoken_duration
from incident_tracker.lifecycle.people import responders
from incident_tracker.lines import answered_boxes
from incident_tracker.model import Action, ActionState, Incident, Milestone, Review, Update
from incident_tracker.text.stamps import offset_text
from incident_tracker.wordings import WordingProblem, filled

SUBJECT = "subject"


class Which(StrEnum):
    """A notice of the protocol."""

    INITIAL = "initial"
    UPDATE = "update"
    RESOLUTION = "resolution"


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """What a notice may say; a text is empty where it is not known."""

    id: str
    title: str
    severity: str
    severity_name: str
    drill: str
    status: str
    impact: str
    started: str
    detected: str
    resolved: str
    duration: str
    ic: str
    message: str
    next_steps: str
    eta: str
    next_update: str
    root_cause: str
    resolution: str
    prevention: str
    report_within: str
    works: bool
    responders: str
    audiences: tuple[str, ...]
    outside: bool = False
    """Whether people outside the team read it; then it names nobody."""


def for_outside(notice: Notice) -> Notice:
    """Return the notice as people outside the team read it: nobody of the team is named."""
    return replace(notice, ic="", responders="", outside=True)


def template_path(which: Which) -> str:
    """Return where a tracker keeps the wording of a notice."""
    return f"protocol/messages/{which}.txt.j2"


def render(template: str, notice: Notice) -> str:
    """Return the notice's text; WordingProblem with the line where the template is at fault."""
    return filled(template, asdict(notice))


def letter_of(text: str) -> tuple[str, str]:
    """Return the subject and the body of a notice; WordingProblem where it has no subject."""
    first, _, rest = text.partition("\n")
    mark, colon, subject = first.partition(":")
    if mark.casefold() != SUBJECT or not colon or not subject.strip() or not rest.strip():
        message = "the notice does not begin with a line Subject: … and a text below it"
        raise WordingProblem(message, "mend the wording in protocol/messages")
    return subject.strip(), rest.strip("\n")


def notice_of(incident: Incident, review: Review | None, which: Which, now: datetime) -> Notice:
    """Return what a notice about the incident says at a moment."""
    protocol = incident.protocol
    zone = ZoneInfo(incident.zone)
    terms = protocol.severities.get(incident.severity)
    told = [update for _, update in by_time(incident.log.updates)]
    last = told[-1] if told else None
    shown = told[0] if which is Which.INITIAL and told else last
    resolved = incident.at(Milestone.RESOLVED)
    start = incident.at(Milestone.STARTED) or incident.at(Milestone.DETECTED)
    end = resolved or now
    status = shown.status if which is Which.INITIAL and shown else incident.status
    finished = which is Which.RESOLUTION
    is_over = incident.status in protocol.gates.incident
    return Notice(
        id=incident.id,
        title=incident.title,
        severity=incident.severity,
        severity_name=terms.name if terms else "",
        drill=incident.drill,
        status=_label(incident, "resolved" if finished and is_over else status),
        impact=_impact(incident, shown if which is Which.INITIAL else None),
        started=_time(incident.at(Milestone.STARTED), zone),
        detected=_time(incident.at(Milestone.DETECTED), zone),
        resolved=_time(resolved, zone),
        duration=spoken_duration(end - start) if start else "",
        ic=incident.roles.get(incident.protocol.acknowledger_role, ""),
        message=_message(shown, finished=finished, final=protocol.gates.incident),
        next_steps=_said(shown, "next-steps"),
        eta=_said(shown, "eta"),
        next_update=_time(_next_update(incident, last, which, now), zone),
        root_cause=_root_cause(incident, last),
        resolution=_resolution(incident, last),
        prevention=_prevention(incident, review, last),
        report_within=_words(terms.report) if terms and terms.report and incident.counts else "",
        works=_works(incident),
        responders=", ".join(responders(incident)),
        audiences=terms.audiences if terms else (),
    )


def _next_update(
    incident: Incident, last: Update | None, which: Which, now: datetime
) -> datetime | None:
    """When the next update comes: as the newest one promises, before any as the clock has it."""
    if last is not None or which is not Which.INITIAL or not incident.is_open:
        return last.next_update_at if last is not None else None
    terms = incident.protocol.severities.get(incident.severity)
    detected = incident.at(Milestone.DETECTED)
    if detected is None or terms is None or terms.update is None:
        return None
    due = detected + terms.update.late
    return due if due > now else None


def _label(incident: Incident, status: str) -> str:
    word = incident.protocol.statuses.get(status)
    return word.label if word else status


def _message(update: Update | None, *, finished: bool, final: Iterable[str]) -> str:
    if update is None or (finished and update.status not in final):
        return ""
    return update.text.strip()


def _said(update: Update | None, key: str) -> str:
    return update.value(key) if update else ""


def _impact(incident: Incident, first: Update | None) -> str:
    """The impact last told, whether in an update or in the timeline, and not "unchanged"."""
    if first is not None and first.value("impact"):
        return first.value("impact")
    return incident.impact_last_told


def _root_cause(incident: Incident, last: Update | None) -> str:
    confirmed = [entry.said.text for entry in incident.log.of("hypothesis-confirmed") if entry.said]
    named = incident.root_cause.replace("-", " ")
    return _said(last, "root-cause") or next((text for text in confirmed[::-1] if text), named)


def _resolution(incident: Incident, last: Update | None) -> str:
    if _said(last, "resolution"):
        return _said(last, "resolution")
    option = incident.protocol.resolution_options.get(incident.resolution)
    lines = [entry.said.text for entry in incident.log.of("resolution") if entry.said]
    parts = (option.label if option else "", lines[-1] if lines else "")
    return ": ".join(part for part in parts if part)


def _prevention(incident: Incident, review: Review | None, last: Update | None) -> str:
    if _said(last, "prevention"):
        return _said(last, "prevention")
    actions: tuple[Action, ...] = (*incident.actions, *(review.actions if review else ()))
    types = incident.protocol.preventive_types
    return "; ".join(
        action.text
        for action in actions
        if action.type in types and action.state is not ActionState.DROPPED
    )


def _works(incident: Incident) -> bool:
    """Whether somebody answered for every box that the verification asks for."""
    answered = answered_boxes(incident.boxes)
    return set(incident.protocol.verification_boxes) <= answered


def _time(at: datetime | None, zone: ZoneInfo) -> str:
    if at is None:
        return ""
    there = at.astimezone(zone)
    return f"{there:%Y-%m-%d %H:%M} (UTC{offset_text(there)})"


def _words(length: timedelta) -> str:
    hours = length.total_seconds() / 3600
    return f"{hours / 24:g} days" if hours > 48 else f"{hours:g} hours"  # noqa: PLR2004 # as people say it
