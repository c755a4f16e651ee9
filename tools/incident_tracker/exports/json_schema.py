"""What stands in the JSON export, as a JSON Schema; a version ever only gains optional keys."""

from __future__ import annotations

from collections.abc import Mapping

from incident_tracker.exports.shapes import (
    Shape,
    by_name,
    day,
    each,
    fixed,
    moment,
    or_none,
    part,
    schema,
    table,
    text,
    truth,
    whole,
    word,
)
from incident_tracker.fields import INCIDENT, REVIEW, RUNBOOK, Row
from incident_tracker.model import ActionState, Milestone

VERSION = 1
COUNTED = ("incidents", "reviews", "runbooks", "unread")
TEXTS = ("detected_by", "resolution", "root_cause", "ticket")


def json_schema() -> Shape:
    """Return the schema of the JSON export."""
    root = table(
        {
            "version": fixed(VERSION, "of this form; another number is another schema"),
            "audience": word("internal", "public", about="whom it was made for"),
            "made_for": moment("the moment that it was made for"),
            "organisation": text("whose records these are"),
            "zone": text("the time zone of the tracker"),
            "protocol": text("the version of the protocol in force"),
            "components": each(part("component"), "what can be broken, in the order of its file"),
            "incidents": each(part("incident"), "incidents, drills and planned work, by path"),
            "reviews": each(part("review"), "post-incident reviews, by path"),
            "runbooks": each(part("runbook"), "runbooks, by path"),
            "unread": each(text(), "the paths of files that could not be read"),
            "summary": table({key: whole() for key in COUNTED}, "how many of each there are"),
        },
        "A tracker: all of its records, without its contacts",
    )
    return schema("json", VERSION, "Export of an incident tracker", root, PARTS)


def _of(rows: Mapping[str, Row], *names: str, shape: Shape) -> dict[str, Shape]:
    return {name: {**shape, "description": rows[name].about} for name in names}


RECORD: Mapping[str, Shape] = {
    "id": text("the record's id, the same for an incident and its review"),
    "path": text("where the record lies in the repository"),
    "url": or_none(text("the address of its page, null where the site has none")),
    "protocol": text("the protocol version that judges it"),
    "well_formed": truth("false where its form has errors, so that some of it may be missing"),
    "waivers": each(
        table(
            {
                "code": text(),
                "reason": text(),
                "line": or_none(whole("the line that it is about, null for the record", 1)),
            }
        ),
        "findings that the record accepts",
    ),
    "sections": each(
        table({"title": text(), "text": text("Markdown, as it was written")}),
        "the record's sections as they were written; what was read from them stands beside",
    ),
}
LISTS: Mapping[str, Shape] = {
    "boxes": each(part("box"), "the checklist lines that stand in the file"),
    "actions": each(part("action"), "the action items"),
}
NAMES = each(text())
SAID = table(
    {
        "phrase": text("the phrase of the protocol"),
        "text": text(),
        "by": text(),
        "names": NAMES,
        "option": text(),
        "old": text(),
        "new": text(),
        "reason": text(),
        "via": text(),
        "ticket": text(),
        "outcome": text(),
        "fix": whole(),
        "sha256": text(),
        "facts": by_name(truth()),
    },
    "what a line with a phrase of the protocol says; parts that are empty are left out",
    optional=(
        *("text", "by", "names", "option", "old", "new", "reason", "via", "ticket", "outcome"),
        *("fix", "sha256", "facts"),
    ),
)
PARTS: Mapping[str, Shape] = {
    "component": table(
        {
            "id": text(),
            "name": text(),
            "group": or_none(text()),
            "description": or_none(text()),
            "since": or_none(day("its first day")),
            "hosted_by": or_none(text()),
            "backup": or_none(text("what can take over")),
        }
    ),
    "incident": table(
        {
            **RECORD,
            **_of(INCIDENT, "title", "status", "visibility", "zone", shape=text()),
            **_of(INCIDENT, "severity", "public_summary", "drill", shape=or_none(text())),
            **_of(INCIDENT, *TEXTS, shape=or_none(text())),
            **_of(INCIDENT, "kind", "formerly", "alerts", "alert_groups", shape=NAMES),
            **_of(INCIDENT, "components", "roles", shape=by_name(text())),
            **_of(INCIDENT, "scheduled_start", "scheduled_end", shape=or_none(moment())),
            **_of(INCIDENT, *(m.value for m in Milestone), shape=or_none(moment())),
            "origin": or_none(
                table(
                    {"system": text(), "id": text(), "url": or_none(text())},
                    INCIDENT["origin"].about,
                )
            ),
            "stated": by_name(whole(), f"{INCIDENT['stated'].about}; seconds by milestone"),
            "timeline": each(part("entry"), "the log of what happened"),
            "updates": each(part("update"), "what was told, oldest first"),
            **LISTS,
        }
    ),
    "review": table(
        {
            **RECORD,
            **_of(REVIEW, "incident", "status", "visibility", shape=text()),
            **_of(REVIEW, "held_at", "published_at", shape=or_none(moment())),
            **_of(REVIEW, "followed_up_at", shape=or_none(day())),
            **_of(REVIEW, "facilitator", shape=or_none(text())),
            **_of(REVIEW, "attendees", "apologies", shape=NAMES),
            **LISTS,
        }
    ),
    "runbook": table(
        {
            **RECORD,
            **_of(RUNBOOK, "title", shape=text()),
            **_of(RUNBOOK, "owner", shape=or_none(text())),
            **_of(RUNBOOK, "covers", shape=NAMES),
            **_of(RUNBOOK, "last_reviewed", "last_tested", shape=or_none(day())),
        }
    ),
    "entry": table(
        {
            "at": or_none(moment("null where the line has no time that can be read")),
            "estimated": truth(),
            "text": text(),
            "said": or_none(part("said")),
        }
    ),
    "said": SAID,
    "update": table(
        {
            "at": or_none(moment("when it was told")),
            "status": or_none(text("the status that it tells")),
            "text": text("Markdown, as it was written"),
            "keys": by_name(text(), "the lines `- Key: value`, by the key's identifier"),
            "next_update_at": or_none(moment("when the next one was promised for")),
            "components": by_name(text(), "levels of components from then on"),
        }
    ),
    "box": table(
        {
            "box": or_none(text("its identifier in the protocol")),
            "text": text(),
            "ticked": truth(),
            "note": or_none(text()),
            "not_applicable": or_none(text("why it does not apply")),
            "at": or_none({"anyOf": [moment(), day()], "description": "when it was done"}),
        }
    ),
    "action": table(
        {
            "id": text("the record's id and the item's number"),
            "text": text(),
            "state": word(*(state.value for state in ActionState)),
            "owner": or_none(text()),
            "due": or_none(day()),
            "type": or_none(text()),
            "ticket": or_none(text()),
            "done": or_none(day()),
            "dropped": or_none(text("why it will not be done")),
        }
    ),
}
