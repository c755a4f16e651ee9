"""The two reports of an incident, from the record: the initial one, and the comprehensive one.

Both are wordings of the tracker's own; they are given values and nothing else, as the notices are.
The comprehensive one is Markdown, which is made into HTML elsewhere: what people wrote is made
harmless in it as on a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from markupsafe import Markup

from incident_tracker.clocks import clocks
from incident_tracker.lifecycle.investigation import State, hypotheses
from incident_tracker.lifecycle.moments import spoken_duration
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.lifecycle.reviews import SCAFFOLD
from incident_tracker.metrics.actions import actions_of
from incident_tracker.model import (
    Action,
    ActionState,
    Entry,
    Incident,
    Milestone,
    Review,
    Section,
    Tracker,
)
from incident_tracker.notices import Which, notice_of
from incident_tracker.pages.safe import inline_markdown, safe_markdown
from incident_tracker.text.comments import without_comments
from incident_tracker.wordings import filled

DONE_BY = ("mitigation", "service-restored", "resolution")
# What a new review says above its own timeline leads nowhere in a document that is handed on.
LEARNED = "Learned afterwards:"
MARKS = re.compile(r"([\\`*_\[\]<>#|])")


class Kind(StrEnum):
    """A report of the protocol, by the name of its wording."""

    INITIAL = "report"
    FULL = "report-full"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A section of the comprehensive report: what the review says, and what the records add."""

    title: str
    text: str
    lines: tuple[str, ...]


def wording(kind: Kind) -> str:
    """Return where a tracker keeps the wording of a report."""
    return f"protocol/messages/{kind}.{'md' if kind is Kind.FULL else 'txt'}.j2"


def initial_report(
    template: str, incident: Incident, tracker: Tracker, now: datetime, place: str
) -> str:
    """Return the report as far as things are known at a moment; ``place`` is the record's."""
    review = tracker.review_by_incident.get(incident.id)
    known = asdict(notice_of(incident, review, Which.RESOLUTION, now))
    open_ = [a for a in actions_of((incident,), tracker) if a.state is ActionState.OPEN]
    values: dict[str, object] = {
        **known,
        "status": _status(incident),
        "place": place,
        "systems": ", ".join(incident.components),
        "summary": _told(incident.section("Summary")),
        "impact": _told(incident.section("Impact")),
        "impacts": tuple(_impacts(incident)),
        "times": tuple(_times(incident)),
        "hypothesis": _hypothesis(incident),
        "done": tuple(_done(incident)),
        "todos": tuple(_todos(incident, tracker)),
        "actions": tuple(_line(action) for action in open_),
        "next_steps": tuple(_next_steps(incident, tracker, now)),
    }
    return filled(template, values)


def full_report(template: str, incident: Incident, tracker: Tracker, now: datetime) -> str:
    """Return incident and review as one Markdown document, in the form of the protocol.

    Refusal where there is no review.
    """
    review = tracker.review_by_incident.get(incident.id)
    if review is None:
        message = f"{incident.id} has no review, and the comprehensive report is made of both"
        raise Refusal(message, f"incident pir new {incident.id}")
    zone = ZoneInfo(incident.zone)
    held, known = review.held_at, asdict(notice_of(incident, review, Which.RESOLUTION, now))
    values: dict[str, object] = {
        **{key: _harmless(value) for key, value in known.items()},
        "title": _plain(incident.title),
        "is_draft": review.status not in review.protocol.gates.review,
        "date": _day(incident.at(Milestone.DETECTED), zone),
        "review_date": _day(held, zone) if held is not None and held <= now else "",
        "attendees": ", ".join(_plain(name) for name in review.attendees),
        "parts": tuple(_parts(incident, review, tracker)),
    }
    return filled(template, values)


def _parts(incident: Incident, review: Review, tracker: Tracker) -> Iterator[Part]:
    actions = tuple(actions_of((incident,), tracker))
    wanted = incident.protocol.preventive_types
    added: Mapping[str, Iterable[str]] = {
        "timeline": _timeline(incident),
        "impact": _impact(incident),
        "actions": (_ticked(action) for action in actions),
        "prevention": (
            _ticked(action)
            for action in actions
            if action.type in wanted and action.state is not ActionState.DROPPED
        ),
    }
    for key, terms in review.protocol.review_sections.items():
        # The actions are read, so that those of both files stand in one list.
        text = "" if key == "actions" else SCAFFOLD.sub(LEARNED, _told(review.section(terms.text)))
        text = "" if text == LEARNED else str(safe_markdown(text))
        yield Part(title=terms.text, text=text, lines=tuple(added.get(key, ())))


def _times(incident: Incident) -> Iterator[tuple[str, str]]:
    zone = ZoneInfo(incident.zone)
    for milestone in Milestone:
        at = incident.at(milestone)
        if at is not None:
            label = milestone.value.removesuffix("_at").capitalize()
            yield label, f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _hypothesis(incident: Incident) -> str:
    """What is believed: the latest hypothesis that nothing has settled."""
    still = [one.text for one in hypotheses(incident) if one.state is State.OPEN]
    return still[-1] if still else ""


def _done(incident: Incident) -> Iterator[str]:
    zone = ZoneInfo(incident.zone)
    for entry in incident.log.of(*DONE_BY):
        yield f"{_clock(entry, zone)} {entry.text}"


def _impacts(incident: Incident) -> Iterator[str]:
    """What was told of the impact, in the timeline and in updates, by time."""
    zone = ZoneInfo(incident.zone)
    for at, text in incident.impacts:
        yield f"{at.astimezone(zone):%Y-%m-%d %H:%M} {text}"


def _todos(incident: Incident, tracker: Tracker) -> Iterator[str]:
    """What is open in the timeline and became no action, be it in the review."""
    known = {action.text.casefold() for action in actions_of((incident,), tracker)}
    said = (entry.said.text for entry in incident.log.open_todos if entry.said is not None)
    yield from (text for text in said if text.casefold() not in known)


def _next_steps(incident: Incident, tracker: Tracker, now: datetime) -> Iterator[str]:
    """What the last update announced while the incident is open, and what is owed after it."""
    last = incident.log.updates[-1] if incident.log.updates else None
    if incident.is_open and last is not None and last.value("next-steps"):
        yield last.value("next-steps")
    zone = ZoneInfo(incident.zone)
    review = tracker.review_by_incident.get(incident.id)
    for clock in clocks(incident, tracker, now):
        if clock.is_owed and clock.name in ("review", "publish"):
            by = f"by {clock.due.astimezone(zone):%Y-%m-%d %H:%M}"
            held = review.held_at if review is not None and clock.name == "review" else None
            yield f"{clock.what}: {f'{held.astimezone(zone):%Y-%m-%d %H:%M}' if held else by}"


def _timeline(incident: Incident) -> Iterator[str]:
    zone = ZoneInfo(incident.zone)
    for entry in incident.log.entries:
        yield f"- {_clock(entry, zone)} - {inline_markdown(entry.text)}"


def _impact(incident: Incident) -> Iterator[str]:
    start = incident.at(Milestone.STARTED) or incident.at(Milestone.DETECTED)
    restored, resolved = incident.at(Milestone.MITIGATED), incident.at(Milestone.RESOLVED)
    end = restored or resolved
    known = start is not None and end is not None and end >= start
    # The report's head has the time until it was resolved.
    until = ", until the service was restored" if restored and restored != resolved else ""
    told = f"{spoken_duration(end - start)}{until}" if known and start and end else "not known"
    yield f"- Duration: {told}"
    yield f"- Systems affected: {inline_markdown(', '.join(incident.components)) or 'not known'}"


def _clock(entry: Entry, zone: ZoneInfo) -> str:
    if entry.at is None:
        return "(no time)"
    return f"{'~' if entry.estimated else ''}{entry.at.astimezone(zone):%Y-%m-%d %H:%M}"


def _line(action: Action) -> str:
    due = action.due.isoformat() if action.due else "no date"
    ticket = f", {action.ticket}" if action.ticket else ""
    return f"{action.text} ({action.owner or 'nobody yet'}, {due}{ticket})"


def _ticked(action: Action) -> str:
    """An action as the protocol writes it, with what became of it."""
    due = action.due.isoformat() if action.due else "no date"
    values = [f"Owner: {action.owner or 'nobody yet'}", f"Due: {due}"]
    values += [f"Ticket: {action.ticket}"] if action.ticket else []
    values += [f"Done: {action.done}"] if action.done else []
    values += [f"Dropped: {action.dropped}"] if action.dropped else []
    text = inline_markdown(action.text)
    text = Markup("~~{}~~").format(text) if action.state is ActionState.DROPPED else text
    mark = "x" if action.state is ActionState.DONE else " "
    return f"- [{mark}] {text} ({inline_markdown(', '.join(values))})"


def _status(incident: Incident) -> str:
    word = incident.protocol.statuses.get(incident.status)
    return word.label if word else incident.status


def _told(section: Section | None) -> str:
    return without_comments(section.text).strip() if section is not None else ""


def _day(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d}" if at is not None else ""


def _harmless(value: object) -> object:
    """What is known of the incident, as it may stand in Markdown."""
    if not isinstance(value, str):
        return value
    return str(safe_markdown(value) if "\n" in value else inline_markdown(value))


def _plain(text: str) -> str:
    """A text that Markdown shows as it was typed."""
    return MARKS.sub(r"\\\1", text)
