"""What a post-incident review must hold before it is published: codes PIR001 and up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from incident_tracker.finding import Level, Position
from incident_tracker.model import Review, Section
from incident_tracker.protocol import Protocol, ReviewSection
from incident_tracker.registry import Context, Example, Problem, rule

WORD = re.compile(r"[^\W\d_]{2,}")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def spoken(text: str) -> str:
    """Return a section's text without template comments and list marks."""
    return re.sub(
        r"^[ \t]*([-*+]|[0-9]+\.)[ \t]+(\[[ xX]\][ \t]*)?",
        "",
        COMMENT.sub("", text),
        flags=re.MULTILINE,
    ).strip()


def says_little(text: str, terms: ReviewSection, protocol: Protocol) -> str | None:
    """Return why a text says nothing, None where it says something."""
    bare = spoken(text)
    if not bare:
        return "is empty"
    for placeholder in protocol.placeholders:
        if re.search(rf"(?<!\w){re.escape(placeholder)}(?!\w)", bare, flags=re.IGNORECASE):
            return f'still holds template text ("{placeholder}")'
    words = {word.casefold() for word in WORD.findall(bare)}
    if len(words) < protocol.least_words or len(bare) < terms.least:
        return f'says too little ("{bare[:30]}")'
    return None


def _filled(review: Review, context: Context, key: str) -> Iterator[Problem]:
    terms = context.protocol.review_sections[key]
    section = review.section(terms.text)
    if section is None:
        yield Problem(None, f'no section "{terms.text}"', help=f"## {terms.text}", note=terms.hint)
        return
    wrong = says_little(section.text, terms, context.protocol)
    if wrong:
        yield Problem(section.position, f'"{terms.text}" {wrong}', help=f"write {terms.hint}")
    elif terms.items:
        yield from _items(section, terms, context.protocol)


def _items(section: Section, terms: ReviewSection, protocol: Protocol) -> Iterator[Problem]:
    if not section.items:
        yield Problem(section.position, f'"{terms.text}" has no list', help="- one line for each")
    for item in section.items:
        if len({word.casefold() for word in WORD.findall(item)}) < protocol.least_words:
            yield Problem(
                section.position,
                f'"{terms.text}" has an item that says too little ("{item[:30]}")',
                help="write what it means, or remove the item",
            )
            return


SUMMARY = "A release changed the format of the search index without a way to read the old one, so every search failed for an hour."
CAUSE = "The release test builds a fresh index, so no test ever meets an index that an older release has written."


@rule(
    "PIR001",
    Review,
    gated=True,
    bad=(
        Example(record="review", replace={SUMMARY: "x"}),
        Example(record="review", replace={SUMMARY: "Brief description of what happened"}),
        Example(record="review", replace={f"## Incident Summary\n{SUMMARY}\n": ""}),
    ),
)
def summary_filled(review: Review, context: Context) -> Iterator[Problem]:
    """The summary tells in a few sentences what happened and how it ended.

    **Why.** Most readers read nothing else.

    **Fix.** Write two or three sentences below `## Incident Summary`.
    """
    yield from _filled(review, context, "summary")


@rule(
    "PIR002",
    Review,
    gated=True,
    bad=(
        Example(
            record="review", replace={"## Timeline\nThe incident's timeline is complete.\n": ""}
        ),
        Example(record="review", replace={"The incident's timeline is complete.": "t"}),
    ),
)
def timeline_filled(review: Review, context: Context) -> Iterator[Problem]:
    """The review's timeline adds what the incident's does not say, or says that nothing is missing.

    **Why.** What was learned afterwards (when it really began) belongs into the story.

    **Fix.** Write the lines, or one sentence that the incident's timeline is complete.
    """
    yield from _filled(review, context, "timeline")


@rule(
    "PIR003",
    Review,
    gated=True,
    bad=(
        Example(
            record="review",
            replace={"- Business impact: two people asked by telephone instead\n": ""},
        ),
        Example(
            record="review",
            replace={
                "- Users affected: about 300 visitors who searched in that hour": "- Users affected: [Number/description]"
            },
        ),
    ),
)
def impact_filled(review: Review, context: Context) -> Iterator[Problem]:
    """The impact names the users affected and what it cost; duration and systems are computed.

    **Why.** Whether the actions are worth their price is measured against it.

    **Fix.** Write `- Users affected: …` and `- Business impact: …`; "none" with a reason is an
    answer.
    """
    terms = context.protocol.review_sections["impact"]
    problems = list(_filled(review, context, "impact"))
    yield from problems
    section = review.section(terms.text)
    if problems or section is None:
        return
    for key in terms.keys:
        found = re.search(
            rf"^[-*+][ \t]+\**{re.escape(key)}\**:\**[ \t]*(.*)$",
            section.text,
            flags=re.MULTILINE | re.IGNORECASE,
        )
        if found is None or not WORD.search(found[1]):
            yield Problem(
                section.position,
                f'"{terms.text}" does not say: {key}',
                help=f"- {key}: who or what, and how many",
            )


@rule(
    "PIR004",
    Review,
    gated=True,
    bad=(
        Example(record="review", replace={CAUSE: "r"}),
        Example(record="review", replace={CAUSE: "TBD"}),
        Example(record="review", replace={CAUSE: "What actually caused the incident"}),
    ),
)
def cause_filled(review: Review, context: Context) -> Iterator[Problem]:
    """The root cause says what in the system let this happen.

    **Why.** Actions against the wrong cause do not prevent the next one.

    **Fix.** Write below `## Root Cause` what made the fault possible, and what let it through.
    """
    yield from _filled(review, context, "root-cause")


@rule(
    "PIR005",
    Review,
    gated=True,
    bad=(
        Example(
            record="review",
            replace={"- The probe saw the fault five minutes after it began.": "- Good thing 1"},
        ),
        Example(
            record="review",
            replace={
                "- The probe saw the fault five minutes after it began.": "The probe saw the fault five minutes after it began."
            },
        ),
    ),
)
def went_well_filled(review: Review, context: Context) -> Iterator[Problem]:
    """What went well is listed.

    **Why.** What is not named is not kept.

    **Fix.** Write one line for each thing below `## What Went Well`.
    """
    yield from _filled(review, context, "went-well")


@rule(
    "PIR006",
    Review,
    gated=True,
    bad=(
        Example(
            record="review",
            replace={
                "- Nobody could see from the release notes that the format changes.": "- Issue 1"
            },
        ),
        Example(
            record="review",
            replace={
                "- Nobody could see from the release notes that the format changes.": "- Nobody could see from the release notes that the format changes.\n- a"
            },
        ),
    ),
)
def needs_improvement_filled(review: Review, context: Context) -> Iterator[Problem]:
    """What needs improvement is listed.

    **Why.** It is what the action items are made from.

    **Fix.** Write one line for each thing below `## What Needs Improvement`.
    """
    yield from _filled(review, context, "needs-improvement")


ACTION = "- [x] Test releases with an index of the previous release (Owner: bo, Due: 2026-03-20, Type: prevent, Ticket: OPS-102, Done: 2026-03-18)\n"


@rule(
    "PIR007",
    Review,
    gated=True,
    bad=(
        Example(record="review", replace={ACTION: ""}),
        Example(record="review", replace={f"## Action Items\n{ACTION}": ""}),
    ),
)
def actions_present(review: Review, context: Context) -> Iterator[Problem]:
    """A review has at least one action item.

    **Why.** A review that changes nothing was a conversation.

    **Fix.** `incident action add ID "what to do" --owner NAME --due DATE --type prevent`.
    """
    title = context.protocol.review_sections["actions"].text
    section = review.section(title)
    if not review.actions:
        yield Problem(
            section.position if section else None,
            f'"{title}" holds no action item' if section else f'no section "{title}"',
            help=f'incident action add {review.incident} "what to do" --owner NAME --due DATE --type prevent',
        )


@rule(
    "PIR008",
    Review,
    gated=True,
    bad=(
        Example(
            record="review",
            replace={
                "Every release is tested with an index that the previous release has written.": "p"
            },
        ),
        Example(
            record="review",
            replace={
                "Every release is tested with an index that the previous release has written.": "<!-- how -->"
            },
        ),
    ),
)
def prevention_filled(review: Review, context: Context) -> Iterator[Problem]:
    """The prevention says how this is kept from happening again.

    **Why.** It is the promise that the resolution notice makes to everybody.

    **Fix.** Write it below `## Prevention`.
    """
    yield from _filled(review, context, "prevention")


@rule(
    "PIR009",
    Review,
    gated=True,
    bad=(
        Example(
            record="review",
            replace={"- A format is a promise to the data that already exists.": "- Learning 1"},
        ),
        Example(
            record="review",
            replace={"- A format is a promise to the data that already exists.": "- l"},
        ),
    ),
)
def lessons_filled(review: Review, context: Context) -> Iterator[Problem]:
    """The lessons learned are listed, for teams that were not there.

    **Why.** The same lesson is paid for twice otherwise.

    **Fix.** Write one line for each below `## Lessons Learned`.
    """
    yield from _filled(review, context, "lessons")


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
            help=f"incident pir schedule {review.incident} --at 2026-11-09T10:00-06:00",
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
    for number, line in enumerate(review.document.lines[start - 1 :], start=start):
        match = pattern.search(COMMENT.sub("", line))
        if match:
            yield Problem(
                Position(number, line.find(match[1]) + 1),
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
