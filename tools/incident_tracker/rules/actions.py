"""What an action item must hold, codes ACT020 and up; their form is judged where they are read."""

from __future__ import annotations

from collections.abc import Iterator

from incident_tracker.model import Action, ActionState, Incident, Review
from incident_tracker.protocol import Protocol
from incident_tracker.registry import Context, Example, Problem, rule

LINE = "- [x] Test releases with an index of the previous release (Owner: bo, Due: 2026-03-20, Type: prevent, Ticket: OPS-102, Done: 2026-03-18)"
OWN = "- [x] Test releases with the old index (Owner: bo, Due: 2026-03-20, Type: permanent-fix, Ticket: OPS-101, Done: 2026-03-12)"


def _assigned(actions: tuple[Action, ...]) -> Iterator[Problem]:
    for action in actions:
        missing = [
            name for name, value in (("Owner", action.owner), ("Due", action.due)) if not value
        ]
        if missing and action.state is not ActionState.DROPPED:
            yield Problem(
                action.position,
                f'the action "{action.text[:60]}" lacks: {", ".join(missing)}',
                help="(Owner: name, Due: 2026-12-01)",
            )


def _vague(actions: tuple[Action, ...], protocol: Protocol) -> Iterator[Problem]:
    for action in actions:
        if len(action.text.split()) < protocol.least_words or action.text in protocol.placeholders:
            yield Problem(
                action.position,
                f'"{action.text}" does not say what to do',
                help="a verb, a thing, and an end",
            )


@rule(
    "ACT020",
    Review,
    gated=True,
    bad=(
        Example(
            record="review",
            replace={"Owner: bo, Due: 2026-03-20, Type: prevent": "Due: 2026-03-20, Type: prevent"},
        ),
    ),
)
def review_actions_assigned(review: Review, context: Context) -> Iterator[Problem]:
    """Each action of a review has an owner and a due date.

    **Why.** What belongs to all is done by nobody, and what has no date is done never.

    **Fix.** Write `(Owner: name, Due: 2026-12-01)` behind it.
    """
    yield from _assigned(review.actions)


@rule(
    "ACT021",
    Incident,
    gated=True,
    bad=(
        Example(
            replace={OWN: "- [ ] Test releases with the old index (Owner: bo, Type: permanent-fix)"}
        ),
    ),
)
def incident_actions_assigned(incident: Incident, context: Context) -> Iterator[Problem]:
    """Each action of an incident has an owner and a due date.

    **Why.** What belongs to all is done by nobody, and what has no date is done never.

    **Fix.** Write `(Owner: name, Due: 2026-12-01)` behind it.
    """
    yield from _assigned(incident.actions)


@rule(
    "ACT022",
    Review,
    gated=True,
    bad=(
        Example(record="review", replace={LINE: "- [ ] Fix (Owner: bo, Due: 2026-03-20)"}),
        Example(record="review", replace={LINE: "- [ ] Action 1 (Owner: bo, Due: 2026-03-20)"}),
    ),
)
def review_actions_say_what(review: Review, context: Context) -> Iterator[Problem]:
    """Each action of a review says what is to be done.

    **Why.** In three weeks nobody knows what "fix" meant.

    **Fix.** Begin with a verb, name the thing, say when it is done.
    """
    yield from _vague(review.actions, context.protocol)


@rule(
    "ACT023",
    Incident,
    gated=True,
    bad=(Example(replace={OWN: "- [ ] Repair (Owner: bo, Due: 2026-03-20, Type: permanent-fix)"}),),
)
def incident_actions_say_what(incident: Incident, context: Context) -> Iterator[Problem]:
    """Each action of an incident says what is to be done.

    **Why.** In three weeks nobody knows what "repair" meant.

    **Fix.** Begin with a verb, name the thing, say when it is done.
    """
    yield from _vague(incident.actions, context.protocol)
