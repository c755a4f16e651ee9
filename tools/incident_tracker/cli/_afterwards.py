"""How reports, invitations, the agenda and tickets leave, and how it is kept that they did."""

from __future__ import annotations

from datetime import date

from incident_tracker.afterwards import report, tickets
from incident_tracker.afterwards.agenda import Agenda, FollowUp, Point
from incident_tracker.afterwards.meeting import invitation, meeting_calendar, meeting_of
from incident_tracker.cli._repeating import around
from incident_tracker.cli._reviewing import begin
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import Paint, hand_over, program, say, warn
from incident_tracker.formats.declare import record_page
from incident_tracker.formats.machine import dump
from incident_tracker.lifecycle.actions import numbered
from incident_tracker.lifecycle.boxes import with_tick
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.ids import path_of
from incident_tracker.lifecycle.refusal import NothingFound, Refusal
from incident_tracker.lifecycle.tickets import with_ticket
from incident_tracker.model import Incident, Milestone
from incident_tracker.text.stamps import day_of, written_stamp

BOX = "initial-report"
NOBODY = "nobody yet"


def print_report(session: Session, incident: Incident, *, is_full: bool) -> None:
    """Print a report, and say how it is written down that the initial one went out."""
    if incident.is_maintenance:
        raise Refusal(f"{incident.id} is planned work, which has no such report")
    kind = report.Kind.FULL if is_full else report.Kind.INITIAL
    path = report.wording(kind)
    template = session.workspace.text(path)
    if template is None:
        raise NothingFound(f"no {path}", "incident init writes it into a new tracker")
    if is_full:
        tracker = around(session, incident)
        say(report.full_report(template, incident, tracker, session.now).rstrip("\n"))
        return
    place = _address(session, incident.path)
    tracker = around(session, incident)
    text = report.initial_report(template, incident, tracker, session.now, place)
    say(text.rstrip("\n"))
    is_resolved = incident.at(Milestone.RESOLVED) is not None
    if is_resolved and _owes_report(incident) and not _is_sent(session, incident):
        say(f"once sent: {program()} report {session.short(incident.id)} --sent", err=True)


def report_sent(session: Session, incident: Incident, at: str | None) -> None:
    """Write into the review when the initial report went out; a missing review is begun."""
    if BOX not in incident.protocol.review_boxes:
        message = f'the protocol has no box "{BOX}" in which a report is written down'
        raise Refusal(message, "review_boxes in protocol/protocol.yml")
    if _is_sent(session, incident):
        text = incident.protocol.review_boxes[BOX].text
        message = f"{incident.id} says already that its initial report went out"
        raise Refusal(message, f'incident tick {incident.id} "{text}" --at TIME corrects it')
    moment, path = session.at(at, incident), path_of(incident.id, "pir")
    if session.workspace.text(path) is None:
        if not _owes_report(incident):
            message = f"{incident.id} owes no report and has no review that could tell of one"
            raise Refusal(message, f"incident pir new {incident.id}")
        begin(session, incident)

    def change(draft: Draft) -> Draft:
        return with_tick(draft, BOX, note=written_stamp(moment, draft.zone))

    session.change(path, change)


def invite(session: Session, incident: Incident, form: str) -> None:
    """Print the invitation to the review, for people or for their calendars."""
    contacts = session.workspace.part((), session.protocol).contacts
    review = session.review(incident.id)
    meeting = meeting_of(incident, review, contacts, _address(session, incident.path))
    if form == "ics":
        hand_over(meeting_calendar(meeting, incident.protocol, session.now))
    else:
        say(invitation(meeting).rstrip("\n"))


def agenda_table(found: Agenda, session: Session, since: str) -> None:
    """Print the agenda as a text that may be pasted into the meeting's minutes."""
    for share in found.shares:
        late = f", {share.overdue} overdue" if share.overdue else ""
        say(Paint(share.owner or NOBODY, "cyan"), f": {len(share.points)} open{late}")
        for point in share.points:
            _point(point, session)
    if not found.shares:
        say("no action is open")
    if found.reviews:
        say(Paint("reviews to follow up", "cyan"), f": {len(found.reviews)}")
        for one in found.reviews:
            _follow_up(one, session)
    if since:
        say(Paint(f"done since {since}", "cyan"), f": {len(found.settled)}")
        for action in found.settled:
            say(f"  {action.done}  {action.id}  {action.text} ({action.owner or NOBODY})")


def show_tickets(session: Session, typed: str | None, form: str, template: str | None) -> None:
    """Print what is to be opened elsewhere: for people, for programs, or as lines for a shell."""
    if typed is None:
        tracker = session.whole
        incidents = tracker.incidents
    else:
        incidents = (session.incident(typed),)
        tracker = around(session, incidents[0])
    found = tickets.missing_tickets(incidents, tracker, lambda path: _address(session, path))
    if form == "json":
        say(dump(tickets.tickets_object(found, program())))
    elif form == "commands":
        for line in tickets.commands_for(found, _template(session, template), program()):
            say(line)
    else:
        for ticket in found:
            say(Paint(ticket.title, "cyan"))
            say("  ", ticket.body.replace("\n", "\n  "))
            say(f"    {program()} action ticket {ticket.action} REF{ticket.flag}")
        if not found:
            say("every open action has its ticket")
    for ticket in (ticket for ticket in found if ticket.is_internal):
        warn(f"{ticket.action} is of an internal incident: who reads the tickets?")


def ticket_missing(session: Session, path: str, number: int) -> int:
    """Return 0 where an action names no ticket and 1 where it does, which is said."""
    action = numbered(session.draft(path), number)
    if action.ticket:
        say(f"{action.id} has its ticket: {action.ticket}", err=True)
    return 1 if action.ticket else 0


def write_ticket(session: Session, place: tuple[str, int], reference: str, *, again: bool) -> None:
    """Write the ticket of an action into its line."""
    path, number = place
    session.change(path, lambda draft: with_ticket(draft, number, reference, again=again))


def day(option: str, typed: str) -> date | None:
    """Return the day that was typed, None where nothing was."""
    if not typed:
        return None
    found = day_of(typed)
    if found is None:
        raise Refusal(f'"{typed}" is no date', f"{option} 2026-11-12")
    return found


def _point(point: Point, session: Session) -> None:
    action = point.action
    sign = Paint("overdue", "red") if point.is_overdue else Paint("due", "yellow")
    ticket = f" ({action.ticket})" if action.ticket else ""
    say("  ", sign, f" {action.due or 'no date'}: {action.text}{ticket}")
    record_id, _, number = action.id.rpartition("#")
    say(f"    {program()} action done {session.short(record_id)}#{number}{point.flag}")


def _follow_up(one: FollowUp, session: Session) -> None:
    zone = session.protocol.tzinfo
    sign = Paint("overdue", "red") if one.is_overdue else Paint("due", "yellow")
    held, by = (f"{at.astimezone(zone):%Y-%m-%d}" for at in (one.held, one.by))
    say("  ", sign, f" {by}: {one.record}, held {held}, {one.open} of {one.actions} actions open")
    today = session.now.astimezone(zone).date()
    say(f"    {program()} set {session.short(one.record)} followed_up_at={today}")


def _owes_report(incident: Incident) -> bool:
    terms = incident.protocol.severities.get(incident.severest)
    return incident.counts and terms is not None and terms.report is not None


def _is_sent(session: Session, incident: Incident) -> bool:
    review = session.review(incident.id)
    return review is not None and any(b.box == BOX and b.answered for b in review.boxes)


def _address(session: Session, path: str) -> str:
    return record_page(session.workspace.text("mkdocs.yml") or "", path)


def _template(session: Session, typed: str | None) -> str:
    """The command that opens a ticket: as typed, else as the protocol's settings have it."""
    if typed is not None:
        return typed
    values = {setting.name: setting.value for setting in session.protocol.settings}
    if not values.get(tickets.SETTING):
        message = f"protocol.yml has no setting {tickets.SETTING}, the command that opens a ticket"
        raise Refusal(message, '--open-with "gh issue create --title={title} --body={body}"')
    return values[tickets.SETTING]
