"""Captures of a hosted Statuspage, as its public address ``/api/v2/…`` serves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from incident_tracker.importers.captures import Feed, rows
from incident_tracker.importers.declare import importer
from incident_tracker.importers.draft import Row, Skipped, SourceFile
from incident_tracker.importers.html_text import shown
from incident_tracker.importers.mapping import RowMap

PLANNED = "scheduled_maintenances"
POST_MORTEM, PUBLISHED = "postmortem", "postmortem_published_at"
PLANNED_STATUSES = ("scheduled", "in_progress", "verifying", "completed")
FEED = Feed(
    lists=("incidents", PLANNED),
    changed="updated_at",
    updates="incident_updates",
    told=("created_at", "body"),
)


@importer("statuspage", ".json")
def read(files: Sequence[SourceFile], mapping: RowMap) -> Iterator[Row | Skipped]:
    """Captures of a Statuspage's /api/v2/*.json: a file, or a folder of them over time."""
    for row in rows(files, FEED):
        if isinstance(row, Skipped) or not isinstance(row.value, Mapping):
            yield row
        elif not _is_page(row):
            yield replace(row, value=_filled(row.value, row.at))
        elif len(files) == 1:
            yield Skipped(path=row.path, line=row.line, reason=f"no list {' or '.join(FEED.lists)}")


def _is_page(row: Row) -> bool:
    """Whether this is a capture of the page alone, as ``status.json`` and ``components.json``."""
    value = row.value
    return isinstance(value, Mapping) and not row.at and "page" in value and "id" not in value


def _filled(value: Mapping[str, object], at: str) -> Mapping[str, object]:
    """The incident with its kind, and with what older pages name otherwise or tell elsewhere."""
    found = dict(value)
    is_planned = (
        at.startswith(PLANNED)
        or found.get("scheduled_for") is not None
        or found.get("status") in PLANNED_STATUSES
    )
    if is_planned:
        found["kind"] = "maintenance"
    found["started_at"] = _told_at(found, "started_at")
    updates = found.get("incident_updates") or ()
    if isinstance(updates, Sequence) and not isinstance(updates, str):
        found["incident_updates"] = [*map(_update, updates), *_post_mortem(found, updates)]
    return found


def _told_at(told: Mapping[str, object], name: str) -> object:
    """The time that the page shows; that of the writing where it shows none."""
    return told.get(name) or told.get("created_at")


def _update(update: object) -> object:
    if not isinstance(update, Mapping):
        return update
    body = update.get("body")
    words = {"body": shown(body)} if isinstance(body, str) else {}
    return {**update, "display_at": _told_at(update, "display_at"), **words}


def _post_mortem(found: dict[str, object], updates: Sequence[object]) -> Iterator[object]:
    """The post-mortem as an update more, where it is published and none of them tells it.

    It is taken out of the fields of the incident then; an unpublished one stays where it is.
    """
    told = [one for one in updates if isinstance(one, Mapping) and one.get("status") == POST_MORTEM]
    if told and not found.get(PUBLISHED):
        found[PUBLISHED] = _told_at(told[0], "display_at")
    body = found.get("postmortem_body")
    if isinstance(body, str) and body and found.get(PUBLISHED):
        del found["postmortem_body"]
        if not told:
            yield {"status": POST_MORTEM, "body": shown(body), "display_at": found[PUBLISHED]}
