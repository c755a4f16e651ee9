"""Times as people type them: the clock alone, minutes ago, and in full; ids by any part of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from typed import Tracker

from incident_tracker.lifecycle.ids import channel_of, find_id, free_id, slug_of
from incident_tracker.lifecycle.moments import (
    Clock,
    TimeProblem,
    moment_ahead,
    moment_in_past,
    moment_now,
    spoken_duration,
)
from incident_tracker.lifecycle.refusal import Refusal

ZONE = ZoneInfo("America/Chicago")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("now", "typed", "meant"),
    [
        ("2026-11-23T14:25-06:00", None, "2026-11-23T14:25-06:00"),
        ("2026-11-23T14:25:40-06:00", None, "2026-11-23T14:25-06:00"),
        ("2026-11-23T14:25-06:00", "14:20", "2026-11-23T14:20-06:00"),
        ("2026-11-23T14:25-06:00", "9:05", "2026-11-23T09:05-06:00"),
        ("2026-11-23T14:25-06:00", "14:20:30", "2026-11-23T14:20:30-06:00"),
        # just after midnight the evening is yesterday's
        ("2026-11-24T00:40-06:00", "23:50", "2026-11-23T23:50-06:00"),
        # somebody's clock may be a little ahead
        ("2026-11-23T14:18-06:00", "14:20", "2026-11-23T14:20-06:00"),
        ("2026-11-23T14:25-06:00", "-10m", "2026-11-23T14:15-06:00"),
        ("2026-11-23T14:25-06:00", "-1h30m", "2026-11-23T12:55-06:00"),
        ("2026-11-23T14:25-06:00", "-1d", "2026-11-22T14:25-06:00"),
        ("2026-11-23T14:25-06:00", "2026-11-20T09:00-05:00", "2026-11-20T09:00-05:00"),
        ("2026-11-23T14:25-06:00", "2026-11-20T09:00Z", "2026-11-20T09:00+00:00"),
        ("2026-11-23T14:25-06:00", "2026-11-20 09:00", "2026-11-20T09:00-06:00"),
        # the repeated hour: the latest that is not to come
        ("2026-11-01T01:50-05:00", "01:30", "2026-11-01T01:30-05:00"),
        ("2026-11-01T01:50-06:00", "01:30", "2026-11-01T01:30-06:00"),
        ("2026-11-01T01:10-06:00", "01:30", "2026-11-01T01:30-05:00"),
    ],
)
def test_a_time_of_the_past_is_the_latest_that_can_be_meant(
    now: str, typed: str | None, meant: str
) -> None:
    found = moment_in_past(typed, Clock(now=at(now), zone=ZONE))
    assert found.isoformat() == at(meant).isoformat()


@pytest.mark.parametrize(
    ("now", "typed", "detected", "meant"),
    [
        ("2026-11-23T14:00-06:00", "12:50", "2026-11-23T13:00-06:00", "2026-11-23T12:50-06:00"),
        ("2026-11-24T00:40-06:00", "23:50", "2026-11-23T23:40-06:00", "2026-11-23T23:50-06:00"),
        ("2026-11-24T00:40-06:00", "23:40", "2026-11-23T23:40:59-06:00", "2026-11-23T23:40-06:00"),
        ("2026-11-27T07:32-06:00", "15:00", "2026-11-24T02:41-06:00", "2026-11-26T15:00-06:00"),
    ],
)
def test_a_clock_that_can_only_have_been_yesterdays_is(
    now: str, typed: str, detected: str, meant: str
) -> None:
    clock = Clock(now=at(now), zone=ZONE, detected=at(detected))
    assert moment_in_past(typed, clock) == at(meant)


@pytest.mark.parametrize(
    ("now", "typed", "detected", "ahead", "before"),
    [
        (
            "2026-11-27T07:32-06:00",
            "15:00",
            "2026-11-27T02:41-06:00",
            "2026-11-27T15:00-06:00",
            "2026-11-26T15:00-06:00",
        ),
        (
            "2026-11-24T00:40-06:00",
            "23:50",
            "2026-11-24T00:20-06:00",
            "2026-11-24T23:50-06:00",
            "2026-11-23T23:50-06:00",
        ),
        # the repeated hour
        (
            "2026-11-01T01:10-06:00",
            "01:30",
            "2026-11-01T01:45-05:00",
            "2026-11-01T01:30-06:00",
            "2026-11-01T01:30-05:00",
        ),
    ],
)
def test_a_clock_that_can_be_neither_todays_nor_yesterdays_is_refused_with_both(
    now: str, typed: str, detected: str, ahead: str, before: str
) -> None:
    clock = Clock(now=at(now), zone=ZONE, detected=at(detected))
    with pytest.raises(TimeProblem) as refused:
        moment_in_past(typed, clock)
    both = f"{typed} is {ahead}, which is still to come, or {before}, which is before the detection"
    assert str(refused.value).startswith(both)
    assert refused.value.hint == f"write it in full if that was it: --at {before}"


@pytest.mark.parametrize(
    "typed", ["2026-11-23T14:23-06:00", "2026-11-23 20:23Z", "2026-11-24 00:00"]
)
def test_what_happened_is_not_still_to_come(typed: str) -> None:
    now = at("2026-11-23T14:20-06:00")
    with pytest.raises(TimeProblem) as refused:
        moment_in_past(typed, Clock(now=now, zone=ZONE))
    told = f"{typed} is still to come: it is 2026-11-23 14:20 (America/Chicago)"
    assert str(refused.value) == told


def test_clocks_that_differ_by_two_minutes_are_one() -> None:
    clock = Clock(now=at("2026-11-23T14:20-06:00"), zone=ZONE)
    for typed in ("14:22", "2026-11-23T14:22-06:00"):
        assert moment_in_past(typed, clock) == at("2026-11-23T14:22-06:00")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "25:00",
        "2026-02-30T10:00",
        "-",
        "١٤:٢٠",
        "2026-11-23T14:20+99:99",
    ],
)
def test_what_is_no_time_is_refused_with_the_forms(typed: str) -> None:
    clock = Clock(now=at("2026-11-23T14:25-06:00"), zone=ZONE)
    with pytest.raises(TimeProblem) as refused:
        moment_in_past(typed, clock)
    assert "14:20, -10m, or 2026-11-23T14:20-05:00" in str(refused.value.hint)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("30m", "2026-11-03T23:50-06:00"),
        ("+1h", "2026-11-04T00:20-06:00"),
        ("1d", "2026-11-04T23:20-06:00"),
        ("00:10", "2026-11-04T00:10-06:00"),
        ("23:20", "2026-11-04T23:20-06:00"),
        ("2026-11-05 09:00", "2026-11-05T09:00-06:00"),
    ],
)
def test_a_time_ahead_is_the_first_behind_the_moment(typed: str, meant: str) -> None:
    assert moment_ahead(typed, at("2026-11-03T23:20-06:00"), ZONE) == at(meant)


def test_the_present_is_what_is_said_else_the_source_date_else_the_clock() -> None:
    system = datetime(2026, 1, 1, tzinfo=UTC)
    assert moment_now("2026-11-24T09:00Z", "1", system, ZONE) == at("2026-11-24T09:00+00:00")
    assert moment_now(None, "1795993200", system, ZONE) == datetime.fromtimestamp(1795993200, UTC)
    assert moment_now(None, None, system, ZONE) is system
    with pytest.raises(TimeProblem):
        moment_now(None, "yesterday", system, ZONE)


@pytest.mark.parametrize(
    ("length", "said"),
    [(0, "0 min"), (36, "36 min"), (88, "1 h 28 min"), (1440, "1 d"), (1501, "1 d 1 h 1 min")],
)
def test_a_duration_is_said_to_the_minute(length: int, said: str) -> None:
    assert spoken_duration(timedelta(minutes=length, seconds=59)) == said


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Checkout returns 500", "checkout-returns-500"),
        ("Ärger mit Straße & Café", "arger-mit-strasse-cafe"),
        ("Øre, Łódź, Ægir", "ore-lodz-aegir"),
        ("Don't panic", "dont-panic"),
        ("停电", "website"),
        ("../../etc/passwd", "etc-passwd"),
        ("a" * 80, "a" * 50),
        ("word " * 20, "word-word-word-word-word-word-word-word-word-word"),
    ],
)
def test_a_slug_is_plain_letters_and_at_most_fifty(title: str, slug: str) -> None:
    assert slug_of(title, otherwise="website") == slug


def test_a_taken_id_gets_the_next_number_and_stays_short_enough() -> None:
    day = at("2026-11-23T14:20-06:00").date()
    taken = {"2026-11-23-x", "2026-11-23-x-2"}
    assert free_id(day, "x", taken) == "2026-11-23-x-3"
    assert free_id(day, "a" * 50, {f"2026-11-23-{'a' * 50}"}) == f"2026-11-23-{'a' * 48}-2"


class Asked(set[str]):
    """Ids, and how often one was looked for."""

    times = 0

    def __contains__(self, name: object) -> bool:
        self.times += 1
        return super().__contains__(name)


@pytest.mark.parametrize(
    "slugs",
    [
        ["x"] * 3000,
        [f"{'a' * 46}{n:04}" for n in range(1500)] * 2,
        ["x", "x-2", "x-3", "x", "x-2"] * 600,
    ],
)
def test_many_ids_of_one_day_are_found_with_few_looks_and_are_the_lowest(slugs: list[str]) -> None:
    day = at("2026-11-23T14:20-06:00").date()
    taken, passed = Asked(), dict[tuple[str, int], int]()
    for number, slug in enumerate(slugs):
        found = free_id(day, slug, taken, passed)
        if number % 50 == 0:
            assert found == free_id(day, slug, set(taken))
        assert set.__contains__(taken, found) is False
        taken.add(found)
    assert len(taken) == len(slugs)
    assert taken.times < 8 * len(slugs)


def test_the_war_room_is_named_as_the_protocol_asks() -> None:
    assert channel_of("2026-11-23-site-down") == "#incident-20261123-site-down"


KNOWN = (
    "2026-11-03-site-down",
    "2026-11-23-checkout-500",
    "2026-12-01-site-slow",
    "2026-12-01-site",
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("checkout", KNOWN[1]),
        ("2026-11-03", KNOWN[0]),
        ("Site-Down", KNOWN[0]),
        ("2026-12-01-site", KNOWN[3]),
        # a whole slug is meant, though it is part of others as well
        ("site", KNOWN[3]),
        ("incidents/2026/2026-11-03-site-down.md", KNOWN[0]),
    ],
)
def test_any_part_that_only_one_id_has_finds_it(typed: str, meant: str) -> None:
    assert find_id(typed, KNOWN) == meant


@pytest.mark.parametrize(
    ("typed", "status", "hint"),
    [
        ("2026-12", 2, "2026-12-01-site-slow, 2026-12-01-site"),
        ("chekout-500", 3, "did you mean 2026-11-23-checkout-500?"),
        ("nothing-like-it-at-all", 3, "incident list"),
        ("../../x", 2, "incident list"),
        ("/etc/x", 2, "incident list"),
        ("incidents/2026/../../x.md", 2, "incident list"),
        ("site\ndown", 2, "incident list"),
        ("٢٠٢٦", 2, "incident list"),
        ("", 2, "incident list"),
    ],
)
def test_what_names_no_single_id_is_refused_with_the_candidates(
    typed: str, status: int, hint: str
) -> None:
    with pytest.raises(Refusal) as refused:
        find_id(typed, KNOWN)
    assert refused.value.exit_status == status
    assert hint in str(refused.value.hint)


def test_what_is_logged_late_at_night_is_of_the_day_that_can_be_meant(
    empty_tracker: Tracker,
) -> None:
    new = ("new", "Slow", "--severity", "P3", "--component", "website", "--slug", "slow")
    assert empty_tracker.incident(*new, "--now", "2026-11-27T02:41-06:00").status == 0
    path = empty_tracker.root / "incidents/2026/2026-11-27-slow.md"
    before, now = path.read_text("utf-8"), ("--now", "2026-11-27T07:32-06:00")
    for command in (
        ("log", "slow", "Service restored: all", "--at", "15:00"),
        ("log", "slow", "Service restored: all", "--at", "2026-11-27T07:40"),
        ("status", "slow", "monitoring", "--resolution", "rollback", "--at", "15:00"),
        ("ack", "slow", "--by", "gil", "--at", "07:40"),
        ("role", "slow", "ic", "gil", "--at", "07:40"),
        ("update", "slow", "--message", "All.", "--at", "15:00"),
        ("set", "slow", "mitigated_at=15:00"),
    ):
        refused = empty_tracker.incident(*command, *now)
        assert (refused.status, path.read_text("utf-8")) == (2, before), command
        assert "still to come" in refused.err
    # How it began lies before anybody knew of it.
    began = ("log", "slow", "Impact started: slow since then", "--about", "--at", "23:50")
    said = empty_tracker.incident(*began, *now)
    assert said.status == 0, said.err
    assert said.out.startswith("23:50 is taken as 2026-11-26 23:50\n")
    other = empty_tracker.incident("set", "slow", "started_at=23:50", *now)
    assert other.status == 0, other.err
