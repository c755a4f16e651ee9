"""How ``incident contacts`` prints who is called, and writes that they were reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from incident_tracker.cli._choosing import each, one_of
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import Paint, say, warn
from incident_tracker.escalation import Callee, Group, Wanted, Way, callees, in_working_hours
from incident_tracker.formats.machine import dump
from incident_tracker.lifecycle.contacts import with_confirmed, with_tested
from incident_tracker.lifecycle.moments import moment_ahead
from incident_tracker.lifecycle.refusal import NothingFound, Refusal
from incident_tracker.registers import CONTACTS
from incident_tracker.text.document import Document
from incident_tracker.text.stamps import day_of

VERSION = 1


def show(
    session: Session, severity: str, components: Sequence[str], at: str | None, form: str
) -> int:
    """Print who is called for a severity and components at a moment; return the exit status."""
    protocol = session.protocol
    tracker = session.workspace.part((), protocol)
    parts = {part.id: part for part in tracker.components}
    names = [name for typed in components for name in each(typed, parts, "component")]
    wanted = Wanted(
        at=moment_ahead(at, session.now, protocol.tzinfo) if at else session.now,
        severity=one_of(severity, protocol.severities, "severity") if severity else "",
        components=[parts[name] for name in names],
    )
    found = callees(tracker, wanted)
    wrong = [finding for finding in tracker.findings if finding.path == CONTACTS]
    for finding in wrong:
        warn(f"{CONTACTS}, line {finding.line}: {finding.message}", finding.help)
    if form == "json":
        say(dump(_object(found, wanted, session)))
    else:
        _text(found, wanted, session)
    return 1 if wrong else 0


def _text(found: Sequence[Group], wanted: Wanted, session: Session) -> None:
    _heading(wanted, session)
    for group in found:
        _group(group)
    if not found:
        say(f"nobody is in {CONTACTS}")
    for part in wanted.components:
        if not any(callee.id == part.hosted_by for group in found for callee in group.callees):
            say(f"who hosts {part.id} is not written in protocol/components.yml")


def _heading(wanted: Wanted, session: Session) -> None:
    at = wanted.at.astimezone(session.protocol.tzinfo)
    hours = "working hours" if in_working_hours(session.protocol, wanted.at) else "after hours"
    about = f"{wanted.severity}, " if wanted.severity else ""
    say(f"{about}{at:%a %Y-%m-%d %H:%M}, {hours}")


def _group(group: Group) -> None:
    say(Paint(group.title, "cyan"), f" ({group.about})" if group.about else "")
    for callee in group.callees:
        say("  ", Paint(callee.name, "green"), f", {callee.about}" if callee.about else "")
        for way in callee.ways:
            say(f"    {way.kind} {way.value}{_when(way)}")
        if not callee.ways:
            say("    no way to reach them is written down")
        if callee.account:
            say(f"    account {callee.account}")


def _when(way: Way) -> str:
    return "" if way.works else " (in working hours only)"


def _object(found: Sequence[Group], wanted: Wanted, session: Session) -> dict[str, object]:
    return {
        "version": VERSION,
        "contacts": [_entry(group, callee) for group in found for callee in group.callees],
        "summary": {
            "contacts": sum(len(group.callees) for group in found),
            "at": wanted.at.isoformat(timespec="seconds"),
            "severity": wanted.severity or None,
            "components": [part.id for part in wanted.components],
            "working_hours": in_working_hours(session.protocol, wanted.at),
        },
    }


def _entry(group: Group, callee: Callee) -> dict[str, object]:
    return {
        "id": callee.id,
        "name": callee.name,
        "group": group.title,
        "about": callee.about or None,
        "account": callee.account or None,
        "methods": [
            {
                "kind": way.kind,
                "value": way.value,
                "after_hours": way.after_hours,
                "works": way.works,
            }
            for way in callee.ways
        ],
    }


def write_tested(session: Session, name: str, method: str, on: str, at: str | None) -> None:
    """Write the day on which somebody was reached, and say by which ways."""
    day = _day(session, on, at)
    ways: list[str] = []

    def edit(document: Document) -> str:
        text, tried = with_tested(document, name, method, day)
        ways[:] = tried
        return text

    change_contacts(session, edit)
    say(f"reached on {day}: {'; '.join(ways)}")


def write_confirmed(session: Session, on: str, at: str | None) -> None:
    """Write the day on which the list was read through."""
    day, today = _day(session, on, at), _day(session, "", None)
    change_contacts(session, lambda document: with_confirmed(document, day, today))


def change_contacts(session: Session, edit: Callable[[Document], str]) -> None:
    """Change the list of contacts, and say so; NothingFound where there is none."""
    try:
        before, after = session.rewrite(CONTACTS, edit)
    except FileNotFoundError as error:
        message = f"there is no {CONTACTS}"
        raise NothingFound(message, "incident init writes one, to copy") from error
    changed = after.text != before.text
    say("wrote " if changed else "nothing to change in ", Paint(CONTACTS, "green"))


def _day(session: Session, on: str, at: str | None) -> date:
    today: datetime = session.at(at)
    if not on:
        return today.astimezone(session.protocol.tzinfo).date()
    day = day_of(on)
    if day is None:
        raise Refusal(f'"{on}" is no date', "write it as 2026-11-26")
    if day > session.now.astimezone(session.protocol.tzinfo).date():
        raise Refusal(f"{on} is still to come", "write the day on which it was")
    return day
