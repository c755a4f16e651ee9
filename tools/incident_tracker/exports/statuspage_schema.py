"""What stands in the files of /api/v2/, as a JSON Schema; any of the files is an instance of it."""

from __future__ import annotations

from collections.abc import Mapping

from incident_tracker.exports.shapes import (
    Shape,
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

VERSION = 2
"""Statuspage's own: the number in /api/v2/."""
LEVELS = (
    *("operational", "degraded_performance", "partial_outage", "major_outage"),
    "under_maintenance",
)
STATUSES = (
    *("investigating", "identified", "monitoring", "resolved", "postmortem"),
    *("scheduled", "in_progress", "verifying", "completed"),
)
ID = text("twelve letters and digits, or the id that it had before", pattern="^[A-Za-z0-9_-]+$")
MOMENT = moment()
MAYBE = or_none(MOMENT)
LEVEL = word(*LEVELS)
STATUS = word(*STATUSES)
NOTHING = fixed(None)
LISTS = {
    "components": each(part("component")),
    "incidents": each(part("incident")),
    "scheduled_maintenances": each(part("incident")),
}


def statuspage_schema() -> Shape:
    """Return the schema of every file below api/v2/."""
    root = table(
        {"page": part("page"), "status": part("status"), **LISTS},
        "A file of Statuspage's public interface",
        optional=("status", *LISTS),
    )
    return schema("statuspage", VERSION, "Files of /api/v2/", {**root, "minProperties": 2}, PARTS)


PARTS: Mapping[str, Shape] = {
    "page": table(
        {
            "id": ID,
            "name": text(),
            "url": text("the site's address, empty where nobody knows it"),
            "time_zone": text("an IANA zone; the times themselves are in UTC"),
            "updated_at": MOMENT,
        }
    ),
    "status": table(
        {
            "indicator": word("none", "minor", "major", "critical"),
            "description": text("the same in words"),
        }
    ),
    "component": table(
        {
            "id": ID,
            "name": text(),
            "status": LEVEL,
            "created_at": MOMENT,
            "updated_at": MOMENT,
            "position": whole("its place in its group, or among groups; 0 if it is in no register"),
            "description": or_none(text()),
            "showcase": truth(),
            "start_date": or_none(text(format="date")),
            "group_id": or_none(ID),
            "page_id": ID,
            "group": truth("whether it is a group of others"),
            "only_show_if_degraded": truth(),
            "components": each(ID, "the members of a group"),
        },
        optional=("components",),
    ),
    "incident": table(
        {
            "id": ID,
            "name": text("the title, as plain text"),
            "status": STATUS,
            "created_at": MOMENT,
            "updated_at": MOMENT,
            "monitoring_at": or_none(moment("when the fix was in place and watched")),
            "resolved_at": or_none(moment("when it was verified, or over")),
            "impact": word("none", "minor", "major", "critical", "maintenance"),
            "shortlink": text("the address of its page, empty where nobody knows it"),
            "started_at": moment("when the impact began; detection where nobody knows"),
            "page_id": ID,
            "incident_updates": each(part("update"), "newest first"),
            "components": each(part("component"), "those that it touched, as they are now"),
            "reminder_intervals": NOTHING,
            "impact_override": NOTHING,
            "backfilled": truth("whether it was imported"),
            "postmortem_body": NOTHING,
            "postmortem_body_last_updated_at": MAYBE,
            "postmortem_published_at": MAYBE,
            "postmortem_ignored": truth(),
            "postmortem_notified_subscribers": truth(),
            "postmortem_notified_twitter": truth(),
            "scheduled_for": MAYBE,
            "scheduled_until": MAYBE,
            "scheduled_remind_prior": truth(),
            "scheduled_reminded_at": MAYBE,
            "scheduled_auto_in_progress": truth(),
            "scheduled_auto_completed": truth(),
        }
    ),
    "update": table(
        {
            "id": ID,
            "status": STATUS,
            "body": text("HTML: a text, and <br /> where its lines end"),
            "incident_id": ID,
            "created_at": MOMENT,
            "updated_at": MOMENT,
            "display_at": MOMENT,
            "affected_components": or_none(each(part("change"))),
            "deliver_notifications": truth(),
            "custom_tweet": NOTHING,
            "tweet_id": NOTHING,
        }
    ),
    "change": table(
        {"code": ID, "name": text(), "old_status": LEVEL, "new_status": LEVEL},
        "the level of a component before and after an update",
    ),
}
