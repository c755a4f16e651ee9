"""What a post-incident review must tell before it is published: codes PIR001 to PIR009."""

from __future__ import annotations

import re
from collections.abc import Iterator

from incident_tracker.filled import WORD, says_little
from incident_tracker.model import Review, Section
from incident_tracker.protocol import Protocol, ReviewSection
from incident_tracker.registry import Context, Example, Problem, rule


def _filled(review: Review, context: Context, key: str) -> Iterator[Problem]:
    terms = context.protocol.review_sections.get(key)
    if terms is None:  # the protocol asks for no such section
        return
    section = review.section(terms.text)
    write = _to_write(review, terms)
    if section is None:
        yield Problem(None, f'no section "{terms.text}"', help=write, note=terms.hint)
        return
    wrong = says_little(section.text, terms, context.protocol)
    if wrong:
        yield Problem(section.position, f'"{terms.text}" {wrong}', help=write, note=terms.hint)
    elif terms.items:
        for said, note in _items(section, context.protocol):
            yield Problem(section.position, f'"{terms.text}" {said}', help=write, note=note)


def _to_write(review: Review, terms: ReviewSection) -> str:
    """The command that writes a section of the review, be there one of that title beside it."""
    return f'incident section {review.incident} "{terms.text}" - --pir'


def _items(section: Section, protocol: Protocol) -> Iterator[tuple[str, str]]:
    """What is wrong with a list, and what is to be written."""
    if not section.items:
        yield "has no list", 'one line for each, with "- " before it'
    for item in section.items:
        if len({word.casefold() for word in WORD.findall(item)}) < protocol.least_words:
            said = f'has an item that says too little ("{item[:30]}")'
            yield said, "write what it means, or remove the item"
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
    problems = list(_filled(review, context, "impact"))
    yield from problems
    terms = context.protocol.review_sections.get("impact")
    section = review.section(terms.text) if terms else None
    if problems or terms is None or section is None:
        return
    missing = [key for key in terms.keys if not _says(section.text, key)]
    if missing:
        yield Problem(
            section.position,
            f'"{terms.text}" says nothing behind {" and ".join(f"{key}:" for key in missing)}',
            help=_to_write(review, terms),
            note='one line for each, with "- " before it; none with a reason is an answer',
        )


def _says(text: str, key: str) -> bool:
    """Whether a line of a section begins with a key and says something behind it."""
    pattern = rf"^[-*+][ \t]+\**{re.escape(key)}\**:\**[ \t]*(.*)$"
    lines = re.finditer(pattern, text, flags=re.MULTILINE | re.IGNORECASE)
    return any(WORD.search(line[1]) for line in lines)


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

    **Why.** A review that changes nothing was a conversation. An item that the incident holds is
    done and listed like any other, and still the report does not say it.

    **Fix.** `incident action add ID "what to do" --owner NAME --due DATE --type prevent`.
    """
    terms = context.protocol.review_sections.get("actions")
    if terms is None:  # the protocol asks for no such section
        return
    title = terms.text
    section = review.section(title)
    incident = context.tracker.incident_by_id.get(review.incident)
    ours = incident.actions if incident else ()
    if not review.actions:
        yield Problem(
            section.position if section else None,
            f'"{title}" holds no action item' if section else f'no section "{title}"',
            help=f'incident action add {review.incident} "what to do" --owner NAME --due DATE --type prevent',
            note=f"{len(ours)} of the incident stand there, not in the report" if ours else None,
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
