"""What an action item must hold, codes ACT020 and up; their form is judged where they are read."""

from __future__ import annotations

from collections.abc import Iterator

from incident_tracker.model import Action, Incident, Review
from incident_tracker.protocol import Protocol
from incident_tracker.registry import Context, Example, Problem, rule

LINE = "- [x] Test releases with an index of the previous release (Owner: bo, Due: 2026-03-20, Type: prevent, Ticket: OPS-102, Done: 2026-03-18)"
OWN = "- [x] Test releases with the old index (Owner: bo, Due: 2026-03-20, Type: permanent-fix, Ticket: OPS-101, Done: 2026-03-12)"


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
    "ACT021",
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
