"""What records say of each other, judged over the whole tracker: codes REL001 and up."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from incident_tracker.finding import Level, Position
from incident_tracker.lifecycle.ids import SLUG_FROM
from incident_tracker.outline import Overview
from incident_tracker.parse import id_problem, stem
from incident_tracker.registry import Context, Example, Problem, rule
from incident_tracker.text.tables import nearest

MOST_COMPARED = 100


def _ids(overview: Overview) -> dict[str, None]:
    """Return the ids of all incidents, those that could not be read among them."""
    read = [incident.id for incident in overview.incidents]
    return dict.fromkeys([*read, *map(stem, overview.unread)])


def _nearest_record(word: str, known: Iterable[str]) -> str | None:
    """Return the id or path most like this one; only those of its month or slug are compared."""
    month, slug = stem(word)[: len("2026-11")], stem(word)[SLUG_FROM:]
    likely = [name for name in known if month in name or slug in name]
    return nearest(word, likely[:MOST_COMPARED])


def _hint(near: str | None, otherwise: str) -> str:
    return f'did you mean "{near}"?' if near else otherwise


@rule(
    "REL001",
    Overview,
    bad=(Example(record="review", path="pir/2026/2026-03-03-good.md"),),
)
def review_has_incident(overview: Overview, context: Context) -> Iterator[Problem]:
    """A review has the name of an incident that exists.

    **Why.** The name is the only link between them; a review of nothing is counted for nothing.

    **Fix.** Rename the review to its incident's name.
    """
    ids = _ids(overview)
    for review in overview.reviews:
        if review.id not in ids:
            yield Problem(
                None,
                f'no incident "{review.id}"',
                path=review.path,
                help=_hint(
                    _nearest_record(review.id, ids),
                    f"incidents/{review.id[:4]}/{review.id}.md is missing",
                ),
            )


@rule("REL002", Overview, bad=(Example(set={"components": "{serach: major_outage}"}),))
def components_exist(overview: Overview, context: Context) -> Iterator[Problem]:
    """The components of an incident stand in `components.yml`.

    **Why.** A mistyped component is missing from its own history.

    **Fix.** Correct the id, or add the component to `protocol/components.yml`.
    """
    known = [component.id for component in overview.components]
    if not known:
        return
    ids = frozenset(known)
    for incident in overview.incidents:
        if incident.imported:
            continue
        for name in incident.components:
            if name not in ids:
                yield Problem(
                    "components",
                    f'no component "{name}"',
                    path=incident.path,
                    help=_hint(nearest(name, known), f"known: {', '.join(known)}"),
                )


@rule(
    "REL003",
    Overview,
    bad=(
        Example(
            set={
                "status": "cancelled",
                "resolved_at": None,
                "mitigated_at": None,
                "verified_at": None,
                "closed_at": None,
                "resolution": None,
            },
            replace={
                "- 11:45 - Verification complete\n- 12:00 - Incident closed by asha": "- 11:45 - Cancelled: duplicate of 2026-03-01-nothing because it is the same fault",
                "- 11:10 - Resolution implemented (rollback): release 7 → release 6\n": "",
                "- 11:00 - Service restored: search answers\n": "",
                "### 2026-03-02 11:50 - Resolved": "### 2026-03-02 11:46 - Cancelled",
            },
        ),
    ),
)
def duplicate_exists(overview: Overview, context: Context) -> Iterator[Problem]:
    """The incident that another one is a duplicate of exists.

    **Why.** Whoever follows the link must find the work.

    **Fix.** Correct the id behind `duplicate of`.
    """
    ids = _ids(overview)
    for incident in overview.incidents:
        for told in incident.cancelled:
            if told.name and told.name not in ids:
                yield Problem(
                    told.position,
                    f'no incident "{told.name}"',
                    path=incident.path,
                    help=_hint(_nearest_record(told.name, ids), "write the whole id"),
                )


@rule(
    "REL004",
    Overview,
    level=Level.WARNING,
    bad=(
        Example(
            replace={
                "- 11:12 - TODO: test a release with the old index": "- 11:11 - Runbook used: goood, fix 1 - worked\n- 11:12 - TODO: test a release with the old index"
            }
        ),
    ),
)
def runbook_exists(overview: Overview, context: Context) -> Iterator[Problem]:
    """The runbook that was used exists.

    **Why.** Whether a runbook helps is counted on its own page.

    **Fix.** Correct its name, or write the runbook that was missing.
    """
    known = [*(runbook.id for runbook in overview.runbooks), *map(stem, overview.unread)]
    ids = frozenset(known)
    for incident in overview.incidents:
        for used in incident.runbooks:
            if used.name and used.name not in ids:
                yield Problem(
                    used.position,
                    f'no runbook "{used.name}"',
                    path=incident.path,
                    help=_hint(nearest(used.name, known), f"known: {', '.join(known)}"),
                )


@rule(
    "REL005",
    Overview,
    bad=(
        Example(
            record="review",
            replace={
                "The incident's timeline is complete.": "Taken from [the incident](../../incidents/2026/2026-03-02-god.md#timeline)."
            },
        ),
    ),
    good=(
        Example(
            record="review",
            replace={
                "The incident's timeline is complete.": "Taken from [its notes](https://example.org/notes.md)."
            },
        ),
    ),
)
def links_lead_somewhere(overview: Overview, context: Context) -> Iterator[Problem]:
    """A link from one record to another leads to a file that exists.

    **Why.** The same link works on the Git host and on the site, or on neither.

    **Fix.** Correct the path; it is relative to the file that holds the link.
    """
    paths = [*(record.path for record in overview.records), *overview.unread]
    known = frozenset(paths)
    for record in overview.records:
        for link in record.links:
            if link.name not in known:
                near = _nearest_record(link.name, paths)
                right = posixpath.relpath(near, posixpath.dirname(record.path)) if near else None
                yield Problem(
                    link.position,
                    f"no record at {link.name}",
                    path=record.path,
                    help=f"did you mean {right}?" if right else "correct the path",
                )


@rule("REL006", Overview, level=Level.WARNING, bad=(Example(set={"root_cause": None}),))
def reviewed_cause_named(overview: Overview, context: Context) -> Iterator[Problem]:
    """The incident of a published review has its root cause as a short name.

    **Why.** Repeats are found by it; the review is where it became known.

    **Fix.** Write `root_cause: short-slug` into the incident.
    """
    for review in overview.reviews:
        incident = overview.incident_by_id.get(review.id)
        if (
            incident is None
            or incident.root_cause
            or review.imported  # its source knows no such names
            or review.status not in context.protocol.gates.review
        ):
            continue
        yield Problem(
            Position(*incident.status_at),
            "reviewed, but without a root cause",
            path=incident.path,
            help=f"incident set {incident.id} root_cause=short-slug",
        )


@rule(
    "REL007",
    Overview,
    bad=(
        Example(set={"formerly": "[2026-03-09-good]"}),
        Example(set={"formerly": "[site-gone]"}),
    ),
    good=(Example(set={"formerly": "[2026-03-02-search-fails]"}),),
)
def former_names_are_free(overview: Overview, context: Context) -> Iterator[Problem]:
    """A former name of a record is an id, and no other record has or had it.

    **Why.** Old links are led from the former name to the record, so it may mean one record only.

    **Fix.** Take the name out of `formerly`, or rename the other record.
    """
    held: dict[str, str] = dict.fromkeys(_ids(overview), "")
    for incident in overview.incidents:
        for name in incident.formerly:
            other = held.setdefault(name, incident.id)
            message, help_ = f'the former name "{name}"', "take it out"
            if problem := id_problem(name):
                message += f" {problem}"
            elif name == incident.id:
                message += " is the name that it has"
            elif not other:
                message += " is a record that is there"
                help_ = f"if a renaming was cut off, finish it: {_again(name, incident.id)}"
            elif other != incident.id:
                message += f" is a former name of {other}, too"
            else:
                continue
            yield Problem("formerly", message, help_, path=incident.path)


def _again(old: str, new: str) -> str:
    day = "" if old[:SLUG_FROM] == new[:SLUG_FROM] else f" --date {new[: SLUG_FROM - 1]}"
    return f"incident rename {old} {new[SLUG_FROM:]}{day}"
