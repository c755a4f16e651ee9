"""What an issue that anybody may read says about what is owed: ids, kinds and days, no more."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from typed import Tracker

from incident_tracker.due import Due
from incident_tracker.formats.duties import MOST, duty_list

NOW = ("--now", "2026-11-23T16:00-05:00")
ZONE = ZoneInfo("America/Chicago")


def owed(record: str, *, clock: str = "review") -> Due:
    return Due(
        id=record,
        what="the text of an action",
        when=datetime(2026, 11, 24, 6, tzinfo=UTC),
        is_overdue=False,
        who="asha",
        command="incident …",
        record=record,
        clock=clock,
    )


def test_a_line_has_the_id_the_kind_of_duty_and_its_last_moment() -> None:
    assert (
        duty_list([owed("2026-11-03-a")], (), ZONE)
        == "- `2026-11-03-a`: review, due 2026-11-24 00:00"
    )


def test_the_day_of_an_action_is_the_day_that_stands_in_the_record() -> None:
    assert duty_list([owed("2026-11-03-a#2", clock="")], (), ZONE) == (
        "- `2026-11-03-a#2`: action, due 2026-11-23"
    )


def test_nothing_owed_is_no_text() -> None:
    assert duty_list((), (), ZONE) == ""


def test_no_file_name_leaves_its_code() -> None:
    (line,) = duty_list((), ["incidents/`@all` <img>\n#1.md"], ZONE).splitlines()
    assert line == "- **unread** `incidents/'@all' <img> #1.md`: nobody knows what it owes"


def test_a_decade_of_neglect_fits_into_an_issue() -> None:
    text = duty_list([owed(f"2026-11-03-{'x' * 50}-{n}") for n in range(MOST + 7)], (), ZONE)
    assert text.endswith("\n- 7 more: `incident due`")
    assert len(text) < 60_000


def test_the_command_names_no_title_no_name_and_no_action(good_tracker: Tracker) -> None:
    new = ("new", "--title", "Secret of the house", "--severity", "P0", "--by", "asha")
    good_tracker.incident(*new, "--slug", "a", "--at", "2026-11-23T12:00-05:00", *NOW)
    said = good_tracker.incident("due", "--format", "ids", *NOW)
    assert said.status == 1
    assert "- **overdue** `2026-11-23-a`: update, due 2026-11-23 12:00\n" in said.out
    assert "Secret" not in said.out
    assert "asha" not in said.out


def test_the_command_prints_nothing_where_nothing_is_owed(empty_tracker: Tracker) -> None:
    said = empty_tracker.incident("due", "--format", "ids", *NOW)
    assert (said.status, said.out) == (0, "")
