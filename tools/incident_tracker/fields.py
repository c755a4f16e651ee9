"""One row for each field of the front matter: its type, from when it is needed, and what it says.

Reading, scaffolds, the page of the format and the editors' schema all come from these rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from incident_tracker.frozen import value
from incident_tracker.model import Milestone


class Kind(StrEnum):
    """How the text of a field is read."""

    TEXT = "text"
    WORD = "word"
    WORDS = "words"
    SLUG = "slug"
    NAME = "name"
    NAMES = "names"
    PEOPLE = "people"
    TIME = "time"
    DATE = "date"
    COMPONENTS = "components"
    ROLES = "roles"
    WAIVERS = "waivers"
    ORIGIN = "origin"
    STATED = "stated"
    ZONE = "zone"
    VERSION = "version"


OF_PEOPLE = frozenset({Kind.NAME, Kind.PEOPLE, Kind.ROLES})
"""The kinds of fields that name somebody; a name in another field is that of a thing."""


class Source(StrEnum):
    """Who writes a field: a person, the fold of the log, first one then the other, or a command."""

    TYPED = "typed"
    DERIVED = "derived"
    BOTH = "typed, then derived"
    COMMAND = "command"


@value
class Row:
    """One field. ``words`` names the table of the protocol that lists its values."""

    key: str
    kind: Kind
    source: Source
    needed: str
    about: str
    example: str
    words: str = ""


TIMES: Mapping[Milestone, str] = {
    Milestone.STARTED: "when the impact began, where it is known",
    Milestone.DETECTED: "the first alert or report",
    Milestone.ACKNOWLEDGED: "when somebody took it",
    Milestone.MITIGATED: "when users no longer suffered the main impact",
    Milestone.RESOLVED: "when the fix was in place",
    Milestone.VERIFIED: "when the checks passed after the watch",
    Milestone.CLOSED: "when the incident was closed",
}


# A table is read as a table: one field, three lines.
# fmt: off
def _incident() -> tuple[Row, ...]:
    typed, derived, both, command = Source.TYPED, Source.DERIVED, Source.BOTH, Source.COMMAND
    return (
        Row(key="title", kind=Kind.TEXT, source=typed, needed="declare",
            about="what is wrong, as a user would say it",
            example="Website unavailable, HTTP 503 on every page"),
        Row(key="severity", kind=Kind.WORD, words="severities", source=both,
            needed="declare (maintenance has none)",
            about="the severity held now",
            example="P1"),
        Row(key="status", kind=Kind.WORD, words="statuses", source=both,
            needed="declare",
            about="where it stands",
            example="investigating"),
        Row(key="kind", kind=Kind.WORDS, words="kinds", source=typed,
            needed="identified (security: declare)",
            about="what kind of incident, one or a list",
            example="outage"),
        Row(key="drill", kind=Kind.WORD, words="drill_scenarios", source=typed,
            needed="drills",
            about="the scenario, where this is practice",
            example="site-down"),
        Row(key="components", kind=Kind.COMPONENTS, words="component_levels", source=typed,
            needed="declare or identified",
            about="what is affected, and how badly",
            example="{website: major_outage}"),
        Row(key="visibility", kind=Kind.WORD, words="visibility", source=typed,
            needed="never",
            about="who may read it; without it nobody outside the team",
            example="internal"),
        Row(key="public_summary", kind=Kind.TEXT, source=typed, needed="visibility public",
            about="what the public page says about it",
            example="Some donations failed."),
        Row(key="scheduled_start", kind=Kind.TIME, source=typed, needed="maintenance",
            about="when planned work begins",
            example="2026-11-29T02:00-06:00"),
        Row(key="scheduled_end", kind=Kind.TIME, source=typed, needed="maintenance",
            about="when planned work ends",
            example="2026-11-29T04:00-06:00"),
        Row(key="detected_by", kind=Kind.WORD, words="detection_sources", source=derived,
            needed="closed",
            about="how it was found",
            example="monitoring"),
        *(
            Row(
                key=milestone.value,
                kind=Kind.TIME,
                source=derived,
                needed="never"
                if milestone in (Milestone.STARTED, Milestone.MITIGATED)
                else "its milestone",
                about=about,
                example="2026-11-03T14:05-06:00",
            )
            for milestone, about in TIMES.items()
        ),
        Row(key="roles", kind=Kind.ROLES, words="roles", source=derived,
            needed="what the severity owes",
            about="who holds which role now",
            example="{ic: asha, scribe: dana}"),
        Row(key="resolution", kind=Kind.WORD, words="resolution_options", source=derived,
            needed="monitoring",
            about="how it was resolved",
            example="rollback"),
        Row(key="root_cause", kind=Kind.SLUG, source=typed, needed="closed (P2), review published",
            about="the cause as a short slug, the same for the same cause",
            example="plugin-update-untested"),
        Row(key="ticket", kind=Kind.TEXT, source=typed, needed="never",
            about="the ticket in another system",
            example="OPS-412"),
        Row(key="zone", kind=Kind.ZONE, source=typed, needed="never",
            about="the time zone of times without an offset, where it is not the tracker's",
            example="Europe/Berlin"),
        *_common(),
        Row(key="alerts", kind=Kind.NAMES, source=command, needed="never",
            about="the fingerprints of the alerts that belong to it",
            example="[f0e1d2c3b4a59687]"),
        Row(key="alert_groups", kind=Kind.NAMES, source=command, needed="never",
            about="the groups of these alerts, by the checksums of their keys",
            example="[g0123456789abcdef]"),
        Row(key="formerly", kind=Kind.NAMES, source=command, needed="never",
            about="the ids that it had before it was renamed",
            example="[2026-11-03-site-gone]"),
        Row(key="origin", kind=Kind.ORIGIN, source=command, needed="never",
            about="where an imported record came from",
            example="{system: statuspage, id: 5jfkz8q1mlql}"),
        Row(key="stated", kind=Kind.STATED, source=command, needed="never",
            about="how long it took from detection as its source itself states it",
            example="{mitigated_at: 2h49m, resolved_at: 7h12m}"),
        Row(key="protocol", kind=Kind.VERSION, source=command, needed="never",
            about="the protocol version that judges it",
            example="2.0.0"),
    )


def _common() -> tuple[Row, ...]:
    return (
        Row(key="waive", kind=Kind.WAIVERS, source=Source.TYPED, needed="never",
            about="findings that this record accepts, each with the reason",
            example='{SEC003: "no system could be isolated"}'),
    )


def _review() -> tuple[Row, ...]:
    typed = Source.TYPED
    return (
        Row(key="status", kind=Kind.WORD, words="review_statuses", source=Source.BOTH,
            needed="always",
            about="draft or published",
            example="draft"),
        Row(key="held_at", kind=Kind.TIME, source=typed, needed="published",
            about="when the meeting was held; in the future: when it is",
            example="2026-11-09T10:00-06:00"),
        Row(key="published_at", kind=Kind.TIME, source=Source.DERIVED, needed="published",
            about="when the report was published",
            example="2026-11-10T09:15-06:00"),
        Row(key="attendees", kind=Kind.PEOPLE, source=typed, needed="published",
            about="who was there",
            example="[asha, bo, chen]"),
        Row(key="apologies", kind=Kind.PEOPLE, source=typed, needed="never",
            about="who could not come",
            example="[erin]"),
        Row(key="facilitator", kind=Kind.NAME, source=typed, needed="never",
            about="who led the meeting; without it the Incident Commander",
            example="finn"),
        Row(key="followed_up_at", kind=Kind.DATE, source=typed, needed="never",
            about="the team meeting that went through the actions",
            example="2026-11-16"),
        Row(key="incident", kind=Kind.SLUG, source=Source.COMMAND, needed="never",
            about="the incident's id, which is this file's stem anyway",
            example="2026-11-03-site-down"),
        Row(key="visibility", kind=Kind.WORD, words="visibility", source=typed,
            needed="never",
            about="who may read it",
            example="internal"),
        *_common(),
        Row(key="origin", kind=Kind.ORIGIN, source=Source.COMMAND, needed="never",
            about="where an imported review came from",
            example="{system: markdown, id: 2026-02-03-form.md}"),
    )


def _runbook() -> tuple[Row, ...]:
    typed = Source.TYPED
    return (
        Row(key="title", kind=Kind.TEXT, source=typed, needed="always",
            about="the runbook's name",
            example="Site down"),
        Row(key="covers", kind=Kind.WORDS, words="kinds", source=typed,
            needed="always",
            about="the kinds of incident that it is for",
            example="[outage]"),
        Row(key="owner", kind=Kind.NAME, source=typed, needed="always",
            about="who keeps it current",
            example="gil"),
        Row(key="last_reviewed", kind=Kind.DATE, source=typed, needed="always",
            about="when it was last read through",
            example="2026-10-01"),
        Row(key="last_tested", kind=Kind.DATE, source=typed, needed="never",
            about="when it was last tried, as in a drill",
            example="2026-11-19"),
        *_common(),
    )


# fmt: on
INCIDENT: Mapping[str, Row] = {row.key: row for row in _incident()}
REVIEW: Mapping[str, Row] = {row.key: row for row in _review()}
RUNBOOK: Mapping[str, Row] = {row.key: row for row in _runbook()}
