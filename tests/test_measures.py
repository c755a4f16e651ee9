"""What enters a statistic, what is left out and why, and from when on a statistic is shown."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from builder import PROTOCOL, incident, review, tracker
from incident_tracker.measure import (
    Measurement,
    Single,
    State,
    Target,
    in_words,
    of_durations,
    of_rate,
)
from incident_tracker.model import Incident, Review
from incident_tracker.periods import compute

TERMS = PROTOCOL.metrics
LATER = datetime(2026, 3, 1, 12, tzinfo=UTC)
MUCH_LATER = datetime(2026, 9, 1, 12, tzinfo=UTC)


def measured(
    metric: str, group: str, *records: Incident | Review, now: datetime = LATER
) -> Measurement:
    found = compute(tracker(*records), now, names=(metric,))
    (one,) = (measurement for measurement in found if measurement.group == group)
    return one


def single(metric: str, of: Incident, *beside: Review, now: datetime = LATER) -> Single:
    (value,) = measured(metric, of.severity, of, *beside, now=now).values
    return value


def reasons(measurement: Measurement) -> dict[str, int]:
    return {left_out.reason: left_out.count for left_out in measurement.left_out}


def seconds(count: int) -> list[Single]:
    return [Single(record=str(place), value=float(place + 1)) for place in range(count)]


@pytest.mark.parametrize(
    ("count", "interval", "p90", "is_sure"),
    [(5, False, False, False), (6, True, False, False), (9, True, False, False),
     (10, True, True, False), (28, True, True, False), (29, True, True, True)],
)  # fmt: skip
def test_a_statistic_needs_enough_values(
    *,
    count: int,
    interval: bool,
    p90: bool,
    is_sure: bool,
) -> None:
    one = of_durations("P0", seconds(count), TERMS)
    assert (one.interval is not None, one.p90 is not None) == (interval, p90)
    assert one.p90_is_sure is is_sure
    assert (one.n, one.max) == (count, count)


def test_only_recorded_values_enter_the_statistics() -> None:
    values = [
        *seconds(3),
        Single(record="a", state=State.PENDING, value=10**6, reason="not resolved yet"),
        Single(record="b", state=State.INVALID, value=-6.0, reason="ended before it began"),
        Single(record="c", state=State.NOT_APPLICABLE, reason="unknown"),
    ]
    one = of_durations("P0", values, TERMS)
    assert (one.n, one.mean, one.max, len(one.values)) == (3, 2.0, 3.0, 6)
    assert reasons(one) == {
        "pending: not resolved yet": 1,
        "invalid: ended before it began": 1,
        "not applicable: unknown": 1,
    }


def test_a_strict_target_is_missed_at_its_value_and_a_deadline_is_met_there() -> None:
    strict, deadline = Target(value=60), Target(value=60, strict=False)
    assert [strict.is_missed(value) for value in (59.9, 60, 60.1)] == [False, True, True]
    assert [deadline.is_missed(value) for value in (59.9, 60, 60.1)] == [False, False, True]


def test_a_rate_is_held_against_its_target_in_percent() -> None:
    kept = [Single(record=str(place), missed=False) for place in range(3)]
    target = Target(value=100, strict=False)
    whole = of_rate("P0", kept, TERMS, target=target)
    assert (whole.headline, whole.is_met) == (100, True)
    assert whole.rate is not None
    assert whole.rate.interval is not None
    assert round(whole.rate.interval.low * 100) == 44
    part = of_rate("P0", [*kept, Single(record="late", missed=True)], TERMS, target=target)
    assert (part.headline, part.is_met) == (75, False)


@pytest.mark.parametrize(
    ("taken", "missed"), [("10:14:59", False), ("10:15", True), ("10:15:01", True)]
)
def test_acknowledging_at_the_target_has_missed_it(*, taken: str, missed: bool) -> None:
    one = incident("one", severity="P0", acknowledged=f"2026-03-01T{taken}Z")
    assert single("time-to-acknowledge", one).missed is missed


@pytest.mark.parametrize(("now", "missed"), [("10:14", None), ("10:15", True)])
def test_an_unacknowledged_one_is_pending_until_the_deadline_and_then_missed(
    *, now: str, missed: bool | None
) -> None:
    at = datetime.fromisoformat(f"2026-03-01T{now}+00:00")
    value = single("time-to-acknowledge", incident("one", severity="P0"), now=at)
    assert (value.state, value.missed) == (State.PENDING, missed)


def test_row_31_one_that_nobody_ever_acknowledged_has_missed_and_is_in_no_mean() -> None:
    over = {"status": "closed", "resolved": "2026-03-01T11:00Z"}
    one = measured("time-to-acknowledge", "P0", incident("one", severity="P0", **over))
    assert (one.n, one.mean, one.is_met) == (0, None, None)
    assert one.on_target is not None
    assert (one.on_target.hits, one.on_target.count) == (0, 1)
    assert reasons(one) == {"not applicable: never acknowledged": 1}


def test_one_that_nobody_acknowledged_and_was_over_before_it_began_is_invalid() -> None:
    over = {"status": "closed", "resolved": "2026-02-27T10:00Z"}
    one = measured("time-to-acknowledge", "P0", incident("one", severity="P0", **over))
    assert reasons(one) == {"invalid: over before it was detected": 1}
    assert one.on_target is not None
    assert one.on_target.count == 0


def test_one_that_was_over_before_its_deadline_did_not_miss_it() -> None:
    over = {"status": "closed", "resolved": "2026-03-01T10:05Z"}
    assert single("time-to-acknowledge", incident("one", severity="P0", **over)).missed is None


def test_lower_severities_are_held_against_their_response_time() -> None:
    taken = incident("one", severity="P2", acknowledged="2026-03-01T14:00Z")
    one = measured("time-to-acknowledge", "P2", taken, now=datetime(2026, 3, 1, 15, tzinfo=UTC))
    assert one.target == Target(value=4 * 3600, strict=False, label="response time, not a target")
    assert one.values[0].missed is False


def test_an_open_incident_is_listed_with_its_age_and_in_no_mean() -> None:
    one = measured("time-to-resolve", "P1", incident("one"))
    assert (one.n, one.mean) == (0, None)
    assert (one.values[0].state, one.values[0].value) == (State.PENDING, 7200)
    assert reasons(one) == {"pending: not resolved yet": 1}


def test_row_31_an_unknown_start_gives_no_time_to_detect_and_never_zero() -> None:
    value = single("time-to-detect", incident("one"))
    assert (value.state, value.value) == (State.NOT_APPLICABLE, None)


def test_an_estimated_start_says_so() -> None:
    timeline = [
        "- ~09:50 - Impact started: first error",
        "- 10:00 - Detected via monitoring: probe",
    ]
    value = single("time-to-detect", incident("one", zone="UTC", timeline=timeline))
    assert (value.state, value.value, value.reason) == (
        State.RECORDED, 600, "the start is estimated",
    )  # fmt: skip


def test_row_31_an_incident_that_ends_before_it_begins_is_invalid_and_shown() -> None:
    value = single("time-to-resolve", incident("one", resolved="2026-03-01T09:59:54Z"))
    assert (value.state, value.value, value.missed) == (State.INVALID, -6, None)
    assert value.reason == "resolved before it was detected"


@pytest.mark.parametrize(
    ("detected", "resolved", "hours"),
    [
        ("2026-11-01T00:30-05:00", "2026-11-01T02:30-06:00", 3),
        ("2026-03-08T01:30-06:00", "2026-03-08T03:30-05:00", 1),
        ("2026-03-01T10:00+09:00", "2026-03-01T02:00Z", 1),
        ("2026-03-01T10:00-11:30", "2026-03-02T12:00+14:00", 0.5),
    ],
)
def test_row_31_a_length_is_the_time_that_passed_whatever_the_clocks_showed(
    detected: str, resolved: str, hours: float
) -> None:
    one = incident("one", detected=detected, resolved=resolved)
    found = single("time-to-resolve", one, now=datetime(2026, 11, 2, tzinfo=UTC))
    assert found.value == hours * 3600


def test_an_imported_record_is_not_held_to_what_its_source_never_had() -> None:
    origin = {"origin": "{system: status page, id: abc}", "resolved": "2026-03-01T11:00Z"}
    imported = incident("one", severity="P0", status="resolved", **origin)
    for metric in ("time-to-detect", "time-to-acknowledge", "time-to-mitigate"):
        value = single(metric, imported)
        assert (value.state, value.missed) == (State.NOT_APPLICABLE, None)
        assert value.reason.startswith("status page does not say")
    assert single("time-to-resolve", imported).value == 3600
    assert measured("review-completion", "P0", imported, now=MUCH_LATER).values == ()


def test_drills_and_cancelled_ones_are_in_no_mean_but_counted() -> None:
    taken = {"acknowledged": "2026-03-01T10:20Z"}
    records = (
        incident("one", **taken),
        incident("drill", drill="site-down", **taken),
        incident("alarm", status="cancelled", **taken),
        incident("upgrade", kind="maintenance", severity="", status="scheduled"),
    )
    one = measured("time-to-acknowledge", "P1", *records)
    assert one.n == 1
    assert reasons(one) == {"drill": 1, "cancelled": 1}
    for group in ("P1", "drill", "cancelled", "maintenance"):
        assert measured("incidents", group, *records).n == 1


def test_a_duplicate_is_counted_as_one() -> None:
    line = "- 10:30 - Cancelled: duplicate of 2026-03-01-one because it is the same fault"
    again = incident("again", status="cancelled", zone="UTC", timeline=[line])
    assert measured("incidents", "duplicate", incident("one"), again).n == 1
    assert measured("incidents", "P1", incident("one"), again).n == 1


CLOSED = {"resolved": "2026-03-01T11:00Z", "status": "closed"}


@pytest.mark.parametrize(
    ("now", "missed"), [("2026-03-08T11:00+00:00", None), ("2026-03-08T11:01+00:00", True)]
)
def test_a_missing_review_is_pending_until_its_time_is_over(
    *, now: str, missed: bool | None
) -> None:
    value = single("review-completion", incident("one", **CLOSED), now=datetime.fromisoformat(now))
    assert value.missed is missed


def test_a_draft_is_no_completed_review() -> None:
    one = incident("one", **CLOSED)
    published = {"status": "published", "published_at": "2026-04-01T10:00Z"}
    assert single("review-completion", one, review(one), now=MUCH_LATER).missed is True
    assert (
        single("review-completion", one, review(one, **published), now=MUCH_LATER).missed is False
    )


@pytest.mark.parametrize(
    ("held", "missed"), [("2026-03-08T10:59Z", False), ("2026-03-08T11:00Z", True)]
)
def test_the_time_to_review_is_less_than_its_target(*, held: str, missed: bool) -> None:
    one = incident("one", **CLOSED)
    value = single("time-to-review", one, review(one, held_at=held), now=MUCH_LATER)
    assert value.missed is missed


def test_a_lesser_incident_without_a_review_is_not_waited_for() -> None:
    one = measured("time-to-review", "P3", incident("one", severity="P3", **CLOSED))
    assert (one.values, one.left_out) == ((), ())


def test_dropped_and_future_actions_are_left_out_of_those_in_time() -> None:
    one = incident(
        "one",
        actions=[
            "- [x] Done on its day (Owner: bo, Due: 2026-03-05, Done: 2026-03-05)",
            "- [x] Done a day late (Owner: bo, Due: 2026-03-05, Done: 2026-03-06)",
            "- [ ] Open and overdue (Owner: bo, Due: 2026-03-05)",
            "- [ ] Open and not due (Owner: bo, Due: 2026-03-12)",
            "- [ ] ~~Not done at all~~ (Owner: bo, Due: 2026-03-05, Dropped: not worth it)",
        ],
    )
    now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    in_time = measured("actions-in-time", "all", one, now=now)
    assert [value.missed for value in in_time.values] == [False, True, True, None, None]
    assert reasons(in_time) == {"pending: not due yet": 1, "not applicable: dropped": 1}
    assert measured("action-completion", "all", one, now=now).headline == 50
    assert measured("actions-overdue", "all", one, now=now).n == 1


@pytest.mark.parametrize(("again", "share"), [("2026-05-30T10:00Z", 50), ("2026-05-30T10:01Z", 0)])
def test_a_repeat_lies_within_the_window(again: str, share: float) -> None:
    first = incident("first", root_cause="same", detected="2026-03-01T10:00Z")
    second = incident("second", root_cause="same", severity="P3", detected=again)
    assert measured("repeats", "all", first, second, now=MUCH_LATER).headline == share


def test_an_incident_without_a_cause_is_no_first_of_its_kind() -> None:
    one = measured("repeats", "all", incident("one"), incident("two", root_cause="known"))
    assert (one.n, one.headline) == (1, 0)
    assert reasons(one) == {"not applicable: no root cause is named": 1}


PREVENT = "- [x] Test it before (Owner: bo, Due: 2026-03-10, Type: prevent, Done: 2026-03-05)"


@pytest.mark.parametrize(
    ("again", "missed"),
    [(None, False), ("2026-03-05T23:00-06:00", False), ("2026-03-06T00:00-06:00", True)],
)
def test_a_prevention_did_not_hold_when_the_cause_came_back_after_it(
    again: str | None,
    *,
    missed: bool,
) -> None:
    records = [incident("one", root_cause="same", actions=[PREVENT])]
    if again is not None:
        records.append(incident("again", root_cause="same", detected=again))
    (value,) = measured("prevention", "all", *records, now=MUCH_LATER).values
    assert value.missed is missed


def test_a_prevention_is_pending_until_its_window_is_over() -> None:
    one = incident("one", root_cause="same", actions=[PREVENT])
    (value,) = measured("prevention", "all", one, now=datetime(2026, 4, 1, tzinfo=UTC)).values
    assert (value.state, value.missed) == (State.PENDING, None)
    undone = incident("one", root_cause="same", actions=[PREVENT.replace("[x]", "[ ]")[:-19] + ")"])
    (value,) = measured("prevention", "all", undone, now=MUCH_LATER).values
    assert value.reason == "a preventive action is open"


def test_every_number_says_its_reasons_in_json() -> None:
    found = compute(tracker(incident("one")), LATER)
    told = json.loads(json.dumps([one.to_json() for one in found], allow_nan=False))
    (resolve,) = (t for t in told if (t["metric"], t["group"]) == ("time-to-resolve", "P1"))
    assert resolve["left_out"] == [{"reason": "pending: not resolved yet", "count": 1}]
    assert resolve["target"] == {"value": 14400.0, "strict": True, "label": "target"}


def test_what_happens_in_the_same_minute_takes_no_time_and_is_recorded() -> None:
    value = single("time-to-acknowledge", incident("one", acknowledged="2026-03-01T10:00Z"))
    assert (value.state, value.value, value.missed) == (State.RECORDED, 0, False)


def test_an_open_imported_incident_does_not_wait_for_what_its_source_never_says() -> None:
    imported = incident("one", origin="{system: status page, id: abc}")
    assert single("time-to-acknowledge", imported).state is State.NOT_APPLICABLE
    assert single("time-to-resolve", imported).state is State.PENDING


def test_a_time_that_is_missing_because_of_an_error_of_form_is_invalid() -> None:
    value = single("time-to-resolve", replace(incident("one", status="closed"), sound=False))
    assert (value.state, value.reason) == (State.INVALID, "the record has errors of form")


def test_a_broken_promise_is_not_kept() -> None:
    updates = ["### 2026-03-01 10:10 - Investigating", "We look.", "- Next update: 10:40"]
    one = measured("promises", "P1", incident("one", zone="UTC", updates=updates))
    assert (one.headline, one.values[0].reason) == (0, "broken")


def test_an_action_is_overdue_from_the_midnight_that_ends_its_day() -> None:
    one = incident("one", actions=["- [ ] Write the runbook (Owner: gil, Due: 2026-03-10)"])
    midnight = datetime(2026, 3, 11, 5, tzinfo=UTC)
    before = midnight - timedelta(seconds=1)
    assert measured("actions-overdue", "all", one, now=before).n == 0
    assert measured("actions-overdue", "all", one, now=midnight).mean == 0


def test_a_window_is_over_at_its_very_end() -> None:
    one = incident("one", root_cause="same", actions=[PREVENT])
    end = datetime(2026, 3, 6, 6, tzinfo=UTC) + PROTOCOL.repeat_window
    (before,) = measured("prevention", "all", one, now=end - timedelta(seconds=1)).values
    (after,) = measured("prevention", "all", one, now=end).values
    assert (before.state, after.state) == (State.PENDING, State.RECORDED)


def test_a_review_that_is_held_right_now_was_held() -> None:
    one = incident("one", **CLOSED)
    held = review(one, held_at="2026-03-02T11:00Z")
    now = datetime(2026, 3, 2, 11, tzinfo=UTC)
    assert single("time-to-review", one, held, now=now).state is State.RECORDED


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 min"),
        (20, "20 s"),
        (8.5 * 60, "8 min 30 s"),
        (599.5, "10 min"),
        (47.5 * 60, "48 min"),
        (47.4 * 60, "47 min"),
        (125 * 60, "2 h 05 min"),
        (86_399, "1 d"),
        (2 * 86_400 + 5400, "2 d 2 h"),
        (-90, "minus 1 min 30 s"),
    ],
)
def test_a_length_is_rounded_half_up_and_never_cut(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_what_is_only_planned_is_in_no_count() -> None:
    planned = incident(
        "planned", kind="maintenance", severity="", status="scheduled",
        detected="2026-03-09T10:00Z",
    )  # fmt: skip
    over = incident("over", kind="maintenance", severity="", status="completed")
    (one,) = compute(tracker(planned, over), LATER, names=("detected-by-monitoring",))
    assert reasons(one) == {"maintenance": 1}
