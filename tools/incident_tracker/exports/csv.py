"""Incidents, updates, actions and metrics as CSV, with what each column says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from incident_tracker.audience import Audience
from incident_tracker.exports.declare import Files, Settings, export
from incident_tracker.exports.json_text import json_bytes
from incident_tracker.exports.offers import Offer, OnSite, Use
from incident_tracker.formats.columns import (
    ACTIONS,
    INCIDENTS,
    MEASUREMENTS,
    UPDATES,
    Column,
    Record,
    Told,
    rows,
)
from incident_tracker.formats.spreadsheet import csv_text
from incident_tracker.measure import Measurement
from incident_tracker.metrics.actions import actions_of
from incident_tracker.model import Milestone, Tracker
from incident_tracker.periods import By, compute

COLUMNS = "csv-metadata.json"
"""Where programs that know CSV on the Web (W3C) look for what the columns say."""
PUBLIC = {
    "incidents.csv": {
        "id",
        "path",
        "title",
        "severity",
        "status",
        "kind",
        "drill",
        "components",
        "visibility",
        "scheduled_start",
        "scheduled_end",
        *(milestone.value for milestone in Milestone),
    },
    "updates.csv": {column.name for column in UPDATES} - {"sent", "approved_by"},
}
"""The columns that the public may read; of the other tables nothing."""


ON_SITE = OnSite(
    folder="data/",
    offers=(
        Offer(
            paths=("incidents.csv", "updates.csv", COLUMNS),
            title="Tables",
            about="A row for each incident and for each update; csv-metadata.json says what every "
            "column means.",
            readers="Spreadsheets (CSV), and programs that know CSV on the Web",
            changes="with each incident and each update",
            use=Use.DATA,
            for_the_team=("actions.csv", "metrics.csv"),
            also="There are tables of actions and of metrics as well.",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Table:
    """One file: its name, what its columns say, and its text."""

    name: str
    columns: Mapping[str, str]
    text: str


@export("csv", on_site=ON_SITE)
def csv_export(tracker: Tracker, now: datetime, settings: Settings) -> Files:
    """Tables for spreadsheets: incidents, updates, actions, metrics, and what the columns say."""
    tables = list(_tables(tracker, now, settings.audience))
    files = {table.name: table.text.encode() for table in tables}
    return {**files, COLUMNS: json_bytes(_metadata(tables))}


def _tables(tracker: Tracker, now: datetime, audience: Audience) -> Iterator[Table]:
    told = [Told(incident, u) for incident in tracker.incidents for u in incident.log.updates]
    yield _table("incidents.csv", INCIDENTS, tracker.incidents, audience)
    yield _table("updates.csv", UPDATES, told, audience)
    if audience is Audience.INTERNAL:
        actions = actions_of(tracker.incidents, tracker)
        yield _table("actions.csv", ACTIONS, actions, audience)
        yield _table("metrics.csv", MEASUREMENTS, _measured(tracker, now), audience)


def _measured(tracker: Tracker, now: datetime) -> Iterable[Measurement]:
    """All time first, then the quarters."""
    return (*compute(tracker, now), *compute(tracker, now, by=By.QUARTER))


def _table(
    name: str, columns: Sequence[Column[Record]], records: Iterable[Record], audience: Audience
) -> Table:
    public = PUBLIC.get(name, set())
    shown = [c for c in columns if audience is Audience.INTERNAL or c.name in public]
    return Table(name, {c.name: c.about for c in shown}, csv_text(rows(shown, records)))


def _metadata(tables: Iterable[Table]) -> object:
    """The columns as CSV on the Web (W3C) describes them."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
        "tables": [
            {
                "url": table.name,
                "tableSchema": {
                    "columns": [
                        {
                            "name": name,
                            "titles": name,
                            "datatype": "string",
                            "dc:description": about,
                        }
                        for name, about in table.columns.items()
                    ]
                },
            }
            for table in tables
        ],
    }
