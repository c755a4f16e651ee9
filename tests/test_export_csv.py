"""The tables: every value where its column says, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime

from poison import public, with_records_of

from conftest import ROOT
from incident_tracker.audience import Audience
from incident_tracker.exports.csv import csv_export
from incident_tracker.exports.declare import Settings, exports
from incident_tracker.formats.columns import MEASUREMENTS, UPDATES
from incident_tracker.workspace import Workspace

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
PUBLIC = Settings(audience=Audience.PUBLIC)


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_every_record_is_a_row_of_its_table() -> None:
    tracker = Workspace.find(ROOT).load()
    files = csv_export(tracker, NOW, Settings())
    rows = {name: table(data) for name, data in files.items() if name.endswith(".csv")}
    assert [row["id"] for row in rows["incidents.csv"]] == [i.id for i in tracker.incidents]
    updates = [(i.id, u.status) for i in tracker.incidents for u in i.log.updates]
    assert [(r["incident"], r["status"]) for r in rows["updates.csv"]] == updates
    actions = [action.id for incident in tracker.incidents for action in incident.actions]
    actions += [action.id for review in tracker.reviews for action in review.actions]
    assert sorted(row["id"] for row in rows["actions.csv"]) == sorted(actions)
    first = next(r for r in rows["updates.csv"] if r["incident"] == "2026-11-03-site-down")
    assert (first["at"], first["next_update"], first["impact"]) == (
        "2026-11-03T14:20:00-06:00",
        "2026-11-03T14:50:00-06:00",
        "the website and the donation form are unavailable",
    )


def test_a_metric_stands_there_for_all_time_and_for_each_quarter() -> None:
    files = csv_export(Workspace.find(ROOT).load(), NOW, Settings())
    rows = [r for r in table(files["metrics.csv"]) if r["metric"] == "time-to-resolve"]
    p0 = {row["period"]: row for row in rows if row["group"] == "P0"}
    assert p0[""]["unit"] == "seconds"
    assert int(p0[""]["n"]) == sum(int(row["n"]) for name, row in p0.items() if name)
    assert (p0[""]["target"], p0[""]["target_met"]) == ("3600", "no")
    assert set(p0) >= {"", "2026-Q1", "2026-Q4"}


def test_the_columns_are_described_as_they_stand_there() -> None:
    for settings in (Settings(), PUBLIC):
        files = exports()["csv"].files(public(), NOW, settings)
        described = json.loads(files["csv-metadata.json"])["tables"]
        assert [one["url"] for one in described] == [n for n in files if n.endswith(".csv")] or (
            {one["url"] for one in described} == {n for n in files if n.endswith(".csv")}
        )
        for one in described:
            header = files[one["url"]].decode().split("\r\n")[0].split(",")
            columns = one["tableSchema"]["columns"]
            assert [column["name"] for column in columns] == header
            assert all(column["dc:description"] for column in columns)


def test_the_public_gets_no_table_of_actions_and_no_names() -> None:
    files = exports()["csv"].files(public(), NOW, PUBLIC)
    assert sorted(files) == ["csv-metadata.json", "incidents.csv", "updates.csv"]
    assert "roles" not in table(files["incidents.csv"])[0]
    assert "approved_by" not in table(files["updates.csv"])[0]


def test_row_20_no_text_is_a_formula_or_breaks_a_row() -> None:
    texts = '=1+1\r\n"a",\tb\x00\x1b\u202e\u2028</script>'
    tracker = with_records_of(public(), texts)
    for name, data in csv_export(tracker, NOW, Settings()).items():
        if name.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
            assert {len(row) for row in rows} == {len(rows[0])}
            assert not any(cell.lstrip().startswith("=") for row in rows for cell in row)
            assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\u202e\u2028]", data.decode())


def test_the_guide_lists_the_columns_in_their_order() -> None:
    text = (ROOT / "docs" / "guide" / "open-data.md").read_text("utf-8")
    for heading, columns in (("Updates", UPDATES), ("Metrics", MEASUREMENTS)):
        below = text.split(f"#### {heading}\n")[1].split("\n#")[0]
        told = re.findall(r"^\| `([a-z0-9_]+)` \| (.+?) \|$", below, re.MULTILINE)
        assert told == [(column.name, column.about) for column in columns]
