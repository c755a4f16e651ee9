"""Where a name or a ticket is asked, one stands there: codes INC034 and PIR018."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from incident_tracker.finding import Level
from incident_tracker.model import Action, ActionState, Incident, Review
from incident_tracker.protocol import Protocol
from incident_tracker.registry import Context, Example, Problem, rule

HELP = "write who or which it is, or leave it out"


@rule(
    "INC034",
    Incident,
    level=Level.WARNING,
    imported=False,
    bad=(
        Example(set={"ticket": "TBD"}),
        Example(
            set={
                "roles": "{ic: nobody, technical_lead: bo, communications_lead: chen, scribe: dana}"
            },
            replace={"IC assigned: asha": "IC assigned: nobody"},
        ),
        Example(replace={"(Owner: bo, Due": "(Owner: ?, Due"}),
    ),
    good=(Example(set={"ticket": "OPS-7"}),),
)
def names_are_names(incident: Incident, context: Context) -> Iterator[Problem]:
    """A role, an owner or a ticket of an incident is a name, and no word for nobody.

    **Why.** A name looks like an answer in every list; nobody asks again where "TBD" stands.

    **Fix.** Write who it is, or leave the field out: what is missing is asked for when it is due.
    The words are `nobody` in `protocol.yml`.
    """
    protocol = context.protocol
    if incident.ticket and not protocol.names(incident.ticket):
        yield Problem("ticket", f'"{incident.ticket}" is no ticket', HELP)
    for role, name in incident.roles.items():
        if name and not protocol.names(name):
            yield Problem(
                "roles", f'"{name}" is nobody who could be {role.replace("_", " ")}', HELP
            )
    yield from _owners(incident.actions, protocol)


@rule(
    "PIR018",
    Review,
    level=Level.WARNING,
    imported=False,
    bad=(
        Example(record="review", set={"attendees": "[asha, bo, chen, TBD]"}),
        Example(record="review", replace={"(Owner: bo, Due": "(Owner: TBD, Due"}),
        Example(record="review", replace={"Ticket: OPS-102": "Ticket: none"}),
    ),
)
def review_names_are_names(review: Review, context: Context) -> Iterator[Problem]:
    """Who was at a review, who owns its actions and their tickets are names, no words for nobody.

    **Why.** An action of "TBD" is nobody's, and looks as if it were somebody's.

    **Fix.** Write who it is, or leave it out. The words are `nobody` in `protocol.yml`.
    """
    protocol = context.protocol
    for name in (*review.attendees, *review.apologies):
        if not protocol.names(name):
            field = "attendees" if name in review.attendees else "apologies"
            yield Problem(field, f'"{name}" is nobody', HELP)
    if review.facilitator and not protocol.names(review.facilitator):
        yield Problem("facilitator", f'"{review.facilitator}" is nobody', HELP)
    yield from _owners(review.actions, protocol)


def _owners(actions: Iterable[Action], protocol: Protocol) -> Iterator[Problem]:
    for action in actions:
        if action.state is ActionState.DROPPED:
            continue
        for what, text in (("owner", action.owner), ("ticket", action.ticket)):
            if text and not protocol.names(text):
                yield Problem(action.position, f'"{text}" is no {what} of an action', HELP)
