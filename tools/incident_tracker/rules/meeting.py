"""When, with whom and in which words a review was held: codes PIR010 and up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from incident_tracker.finding import Level, Position
from incident_tracker.model import Milestone, Review
from incident_tracker.registry import Context, Example, Problem, rule
from incident_tracker.rules.incident import clock
from incident_tracker.text.comments import blanked


@rule("PIR010", Review, bad=(Example(record="review", set={"status": None}),))
def review_has_status(review: Review, context: Context) -> Iterator[Problem]:
    """A review is a draft or published.

    **Why.** What is missing in a draft is a warning, in a published review an error.

    **Fix.** Write `status: draft`.
    """
    if not review.status:
        yield Problem(None, "no status", help="status: draft")


@rule("PIR011", Review, gated=True, bad=(Example(record="review", set={"held_at": None}),))
def meeting_held(review: Review, context: Context) -> Iterator[Problem]:
    """The record says when the meeting was held.

    **Why.** The time to the review is one of the protocol's metrics, and writing alone is no
    conversation.

    **Fix.** Write `held_at` with date, time and offset, or run `incident pir schedule ID --at …`.
    """
    if review.held_at is None:
        yield Problem(
            review.where("status"),
            "nothing says when the review was held",
            help=f"incident pir schedule {review.incident} --at YYYY-MM-DDTHH:MM",
        )


@rule("PIR012", Review, gated=True, bad=(Example(record="review", set={"attendees": None}),))
def attendees_named(review: Review, context: Context) -> Iterator[Problem]:
    """The record says who was at the meeting.

    **Why.** All responders and stakeholders are to be heard; who was missing can be asked.

    **Fix.** Write `attendees: [asha, bo]`.
    """
    if not review.attendees:
        yield Problem(
            review.where("held_at", "status"),
            "nobody is named as attending",
            help="attendees: [asha, bo]",
        )


@rule("PIR013", Review, gated=True, bad=(Example(record="review", set={"published_at": None}),))
def publication_dated(review: Review, context: Context) -> Iterator[Problem]:
    """A published review says when it was published.

    **Why.** The protocol gives it a deadline.

    **Fix.** Write `published_at`, or run `incident pir publish ID`.
    """
    if review.published_at is None and review.status in context.protocol.gates.review:
        yield Problem(
            "status",
            "published without published_at",
            help=f"incident pir publish {review.incident}",
        )


@rule(
    "PIR014",
    Review,
    bad=(Example(record="review", set={"published_at": "2026-03-05T09:00-06:00"}),),
)
def published_after_held(review: Review, context: Context) -> Iterator[Problem]:
    """A review is published after its meeting.

    **Why.** A report without the meeting is one person's view.

    **Fix.** Correct the time that is wrong.
    """
    if (
        review.held_at is not None
        and review.published_at is not None
        and review.published_at < review.held_at
    ):
        yield Problem(
            "published_at",
            "published before the meeting was held",
            help="correct the time that is wrong",
        )


@rule(
    "PIR015",
    Review,
    level=Level.WARNING,
    bad=(
        Example(
            record="review",
            replace={
                "- Nobody could see from the release notes that the format changes.": "- It was human error that nobody read the notes."
            },
        ),
    ),
    good=(
        Example(
            record="review",
            replace={
                "- Nobody could see from the release notes that the format changes.": "- The form calls a wrong card number a human error. <!-- incident: ok PIR015 the form's own words -->"
            },
        ),
        Example(
            record="review",
            replace={
                "- A format is a promise to the data that already exists.": "<!-- write what the system let happen,\nnot a human error -->\n- A format is a promise to the data that already exists."
            },
        ),
    ),
)
def wording_blameless(review: Review, context: Context) -> Iterator[Problem]:
    """The review speaks of systems, not of who is to blame.

    **Why.** Where people are blamed, the next incident is hidden.

    **Fix.** Write what made the slip possible. If the words are meant, say so on the line:
    `<!-- incident: ok PIR015 reason -->`.
    """
    words = "|".join(re.escape(word) for word in context.protocol.review.blame_words)
    pattern = re.compile(rf"(?<!\w)({words})(?!\w)", re.IGNORECASE)
    start = min((section.position.line for section in review.sections), default=1)
    body = blanked("\n".join(review.document.lines[start - 1 :])).split("\n")
    for number, line in enumerate(body, start=start):
        match = pattern.search(line)
        if match:
            yield Problem(
                Position(number, match.start() + 1),
                f'"{match[1]}" blames',
                help="say what in the system made it possible",
            )


@rule(
    "PIR016",
    Review,
    gated=True,
    bad=(
        Example(
            record="review", replace={"- [x] Initial incident report (2026-03-02 18:00)\n": ""}
        ),
    ),
)
def boxes_present(review: Review, context: Context) -> Iterator[Problem]:
    """The checklist of the review holds its five boxes, ticked or not.

    **Why.** What was not even asked is forgotten; what is open stays on the board.

    **Fix.** Add the missing line, such as `- [ ] Runbooks updated`, or `- [x] … (n/a: why)`.
    """
    present = {box.box for box in review.boxes}
    missing = [
        word.text for box, word in context.protocol.review_boxes.items() if box not in present
    ]
    if missing:
        section = review.section("Checklist")
        yield Problem(
            section.position if section else None,
            f"the checklist lacks: {', '.join(missing)}",
            help=f"- [ ] {missing[0]}",
        )


@rule(
    "PIR017",
    Review,
    bad=(Example(record="review", set={"held_at": "2026-03-02T11:00-06:00"}),),
    good=(Example(record="review", set={"held_at": "2026-03-02T11:10-06:00"}),),
)
def held_after_the_incident(review: Review, context: Context) -> Iterator[Problem]:
    """A review is held when the incident is resolved, not before.

    **Why.** While it burns nobody knows what there is to learn; the time to the review would be
    negative.

    **Fix.** Correct the date of the meeting, or the times of the incident.
    """
    incident = context.tracker.incident_by_id.get(review.incident)
    resolved = incident.at(Milestone.RESOLVED) if incident is not None else None
    if review.held_at is not None and resolved is not None and review.held_at < resolved:
        yield Problem(
            "held_at",
            f"held before the incident was resolved at {clock(resolved)}",
            help="correct the date of the meeting",
        )
