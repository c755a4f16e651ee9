"""What a record must not hold, because everybody who clones it has it for ever: SEC011, SEC012."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from incident_tracker.finding import Level, Position
from incident_tracker.model import Incident, Record
from incident_tracker.registry import Context, Example, Problem, rule
from incident_tracker.text.sensitive import sensitive

MOST_NAMED = 20
"""Of one record and kind; whoever takes these out is told of the next."""
GUIDE = 'see "Something secret was pushed" in the guide for responders'


def _example(words: str) -> Example:
    line = "- 10:25 - Root cause hypothesis: release 7 reads the old index\n"
    return Example(replace={line: f"{line}- 10:26 - {words}\n"})


@rule(
    "SEC011",
    Record,
    bad=(
        _example("Found AKIAIOSFODNN7EXAMPLE in the log"),
        _example("Tried postgres://search:hunter2@db.internal/index"),
        _example("Posted: -----BEGIN OPENSSH PRIVATE KEY-----"),
    ),
    good=(_example("Tried postgres://search:***@db.internal/index"),),
)
def no_secret(record: Record, context: Context) -> Iterator[Problem]:
    """A record holds no password, key or token.

    **Why.** Git keeps every version, and every clone has it: what was pushed once is known.

    **Fix.** Rotate it first, then take it out; the guide for responders says how to go on where it
    was pushed. Where it is none, write `<!-- incident: ok SEC011 why it is none -->` behind it.
    """
    yield from _found(record, secrets=True, help_=f"rotate it, then take it out; {GUIDE}")


@rule(
    "SEC012",
    Record,
    level=Level.WARNING,
    bad=(
        _example("Reported by visitor@mail.town"),
        _example("Paid with 4111 1111 1111 1111"),
        _example("Called back at +49 30 23125 000"),
    ),
    good=(_example("Reported by visitor@mail.example, called back at 202-555-0143"),),
)
def no_personal_data(record: Record, context: Context) -> Iterator[Problem]:
    """A record names nobody by e-mail address, card or phone number.

    **Why.** Who is named there cannot be forgotten again: Git keeps every version. Records of
    another system are not judged: what it published is known.

    **Fix.** Say who it was in other words. Where it is nobody's own, such as a public hotline, write
    `<!-- incident: ok SEC012 whose it is -->` behind it.
    """
    if not (isinstance(record, Incident) and record.origin is not None):
        yield from _found(record, secrets=False, help_="say it in other words")


def _found(record: Record, *, secrets: bool, help_: str) -> Iterator[Problem]:
    text = record.document.text
    kind = (found for found in sensitive(text) if found.is_secret is secrets)
    for found in islice(kind, MOST_NAMED):
        begin = text.rfind("\n", 0, found.start) + 1
        place = Position(text.count("\n", 0, begin) + 1, found.start - begin + 1)
        yield Problem(place, f"{found.what} stands here", help_)
