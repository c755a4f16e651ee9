"""Action items that stand in no other system yet, as tickets for it: nothing is opened here.

A command is made of a template whose words are split first and filled then, and each is quoted for
the shell: what somebody wrote into a record is a word, whatever it holds.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from incident_tracker.lifecycle.actions import flag_of, shared_ids
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.metrics.actions import actions_of
from incident_tracker.model import Action, ActionState, Incident, Tracker
from incident_tracker.text.characters import scrubbed

SETTING = "OPEN_TICKET"
PLACE = re.compile(r"\{([a-z_]*)\}")
PLACES = ("title", "body", "owner", "due", "type", "id", "link")
VERSION = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """What a ticket of an action says; ``flag`` is what names the file to the commands."""

    action: str
    flag: str
    title: str
    owner: str
    due: date | None
    type: str
    link: str
    is_internal: bool

    @property
    def body(self) -> str:
        """The text of the ticket: whose action it is, by when, and where it comes from."""
        due = self.due.isoformat() if self.due else "no date"
        lines = [f"Owner: {self.owner or 'nobody yet'}", f"Due: {due}"]
        lines += [f"Type: {self.type}"] if self.type else []
        return "\n".join([*lines, f"Action: {self.action}", f"Record: {self.link}"])


def missing_tickets(
    incidents: Iterable[Incident], tracker: Tracker, address: Callable[[str], str]
) -> tuple[Ticket, ...]:
    """Return a ticket for each open action that names none, by due date.

    ``address`` says where the record of a path is read.
    """
    found = []
    for incident in incidents:
        actions = tuple(actions_of((incident,), tracker))
        shared = shared_ids(actions)
        found += [
            _ticket(action, flag_of(action, shared), incident, address(action.path))
            for action in actions
            if action.state is ActionState.OPEN and not action.ticket
        ]
    return tuple(sorted(found, key=lambda ticket: (ticket.due or date.max, ticket.action)))


def commands_for(
    tickets: Iterable[Ticket], template: str, program: str = "incident"
) -> Iterator[str]:
    """Yield a line for the shell for each ticket: opened if it is missing, its link recorded.

    ``program`` is how the tracker's own command is called, in the words of the shell.
    Run again afterwards, it opens nothing: the first command of the line asks the record.
    """
    words = _words(template)
    for ticket in tickets:
        opening = " ".join(shlex.quote(_filled(word, ticket)) for word in words)
        ours = f"{program} action ticket {shlex.quote(ticket.action)}{ticket.flag}"
        yield f'{ours} --missing && {ours} "$({opening})"'


def tickets_object(tickets: Iterable[Ticket], program: str = "incident") -> dict[str, object]:
    """Return what JSON says about tickets that are to be opened."""
    found = [
        {
            "action": ticket.action,
            "title": ticket.title,
            "body": ticket.body,
            "owner": ticket.owner or None,
            "due": ticket.due.isoformat() if ticket.due else None,
            "type": ticket.type or None,
            "link": ticket.link,
            "internal": ticket.is_internal,
            "record": f"{program} action ticket {ticket.action} REF{ticket.flag}",
        }
        for ticket in tickets
    ]
    return {"version": VERSION, "tickets": found, "summary": {"tickets": len(found)}}


def _ticket(action: Action, flag: str, incident: Incident, link: str) -> Ticket:
    return Ticket(
        action=action.id,
        flag=flag,
        title=action.text,
        owner=action.owner,
        due=action.due,
        type=action.type,
        link=link,
        is_internal=bool({*incident.kinds} & {*incident.protocol.internal_kinds}),
    )


def _filled(word: str, ticket: Ticket) -> str:
    """A word of the template with the ticket's values, of which none is looked into again."""
    values = {
        "title": ticket.title,
        "body": ticket.body,
        "owner": ticket.owner,
        "due": ticket.due.isoformat() if ticket.due else "",
        "type": ticket.type,
        "id": ticket.action,
        "link": ticket.link,
    }
    return PLACE.sub(lambda found: scrubbed(values[found[1]]), word)


def _words(template: str) -> list[str]:
    """The words of a template; Refusal where it is none that can be filled."""
    shown = "gh issue create --title={title} --body={body}"
    try:
        words = shlex.split(template)
    except ValueError as error:
        message = f"the command that opens a ticket cannot be read: {error}"
        raise Refusal(message, shown) from error
    unknown = [name for word in words for name in PLACE.findall(word) if name not in PLACES]
    if unknown:
        message = f"the command that opens a ticket asks for {{{unknown[0]}}}, which is unknown"
        raise Refusal(message, f"known: {', '.join(f'{{{name}}}' for name in PLACES)}")
    if not any("{title}" in word for word in words):
        raise Refusal("the command that opens a ticket takes no {title}", shown)
    return words
