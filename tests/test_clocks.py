"""The clocks: at their very limit, over changes of severity, and what is due because of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from builder import incident, review, tracker
from incident_tracker.cadence import Verdict, running_promise
from incident_tracker.clocks import Clock, clocks
from incident_tracker.due import due
from incident_tracker.lifecycle.checklist import checklists
from incident_tracker.model import Incident, Review

LONG_AFTER = datetime(2026, 6, 1, 12, tzinfo=UTC)


def at(clock: str, day: int = 1) -> datetime:
    return datetime.fromisoformat(f"2026-03-{day:02}T{clock}+00:00")


def named(
    name: str, of: Incident, now: datetime = LONG_AFTER, *beside: Incident | Review
) -> list[Clock]:
    return [clock for clock in clocks(of, tracker(of, *beside), now) if clock.name == name]


def only(name: str, of: Incident, now: datetime = LONG_AFTER, *beside: Incident | Review) -> Clock:
    (clock,) = named(name, of, now, *beside)
    return clock


@pytest.mark.parametrize(
    ("severity", "in_time", "late"),
    [("P0", "10:15", "10:15:01"), ("P1", "11:00", "11:00:01"), ("P2", "14:00", "14:00:01")],
)
def test_acknowledging_at_its_deadline_is_in_time(severity: str, in_time: str, late: str) -> None:
    taken = incident("one", severity=severity, acknowledged=f"2026-03-01T{in_time}Z")
    assert only("acknowledge", taken).verdict is Verdict.KEPT
    taken = incident("one", severity=severity, acknowledged=f"2026-03-01T{late}Z")
    assert only("acknowledge", taken).verdict is Verdict.LATE


@pytest.mark.parametrize(
    ("now", "verdict"),
    [("10:14", Verdict.RUNNING), ("10:15", Verdict.RUNNING), ("10:15:01", Verdict.LATE)],
)
def test_an_unacknowledged_incident_is_late_behind_its_deadline(now: str, verdict: Verdict) -> None:
    clock = only("acknowledge", incident("one", severity="P0"), at(now))
    assert (clock.verdict, clock.ended) == (verdict, None)


@pytest.mark.parametrize(
    ("resolved", "verdict"), [("10:59:59", Verdict.KEPT), ("11:00", Verdict.LATE)]
)
def test_the_target_to_resolve_is_missed_at_its_value(resolved: str, verdict: Verdict) -> None:
    done = incident("one", severity="P0", resolved=f"2026-03-01T{resolved}Z")
    assert only("resolve", done).verdict is verdict


def test_a_severity_without_a_demand_has_no_clock_for_it() -> None:
    low = incident("one", severity="P3", acknowledged="2026-03-01T10:05Z")
    assert [clock.name for clock in clocks(low, tracker(low), LONG_AFTER)] == ["acknowledge"]


@pytest.mark.parametrize(
    ("verified", "verdict"),
    [("11:29:59", Verdict.EARLY), ("11:30", Verdict.KEPT), ("15:00", Verdict.KEPT)],
)
def test_a_watch_may_be_too_short_but_never_too_long(verified: str, verdict: Verdict) -> None:
    fixed = incident("one", resolved="2026-03-01T11:00Z", verified=f"2026-03-01T{verified}Z")
    assert only("watch", fixed).verdict is verdict


def test_an_audience_that_a_raise_makes_owed_is_told_in_time_from_the_raise() -> None:
    raised = incident(
        "one",
        severity="P0",
        zone="UTC",
        timeline=[
            "- 10:00 - Incident detected via monitoring: probe",
            "- 10:20 - Notified: on-call team, team lead via phone",
            "- 12:00 - Severity changed: P1 → P0 because donations fail",
            "- 12:15 - Notified: campaign manager via phone",
        ],
    )
    found = {clock.audience: clock for clock in named("notify", raised)}
    assert found["team lead"].due == at("11:00")
    assert found["campaign manager"].start == at("12:00")
    assert found["campaign manager"].due == at("12:15")
    assert {clock.verdict for clock in found.values()} == {Verdict.KEPT}


def test_an_audience_that_is_owed_no_longer_need_not_be_told() -> None:
    lowered = incident(
        "one", severity="P2", zone="UTC",
        timeline=["- 10:05 - Severity changed: P0 → P2 because only one page fails"],
    )  # fmt: skip
    assert named("notify", lowered) == []


def test_an_audience_that_was_late_stays_late_when_the_severity_is_lowered() -> None:
    lowered = incident(
        "one", severity="P2", zone="UTC",
        timeline=["- 10:16 - Severity changed: P0 → P2 because only one page fails"],
    )  # fmt: skip
    assert {clock.verdict for clock in named("notify", lowered)} == {Verdict.LATE}


@pytest.mark.parametrize(("second", "verdict"), [("11:10", Verdict.KEPT), ("11:11", Verdict.LATE)])
def test_an_update_at_its_limit_is_in_time(second: str, verdict: Verdict) -> None:
    told = incident(
        "one", severity="P0", zone="UTC",
        updates=["### 2026-03-01 10:10 - Investigating", "We look.",
                 f"### 2026-03-01 {second} - Identified", "We know."],
    )  # fmt: skip
    assert [clock.verdict for clock in named("update", told, at("11:12"))] == [
        Verdict.KEPT,
        verdict,
        Verdict.RUNNING,
    ]


def test_a_raise_starts_the_wait_for_an_update_anew() -> None:
    raised = incident(
        "one", severity="P0", zone="UTC",
        timeline=["- 12:00 - Severity changed: P3 → P0 because every page fails"],
    )  # fmt: skip
    clock = only("update", raised, at("12:30"))
    assert (clock.due, clock.remind) == (at("13:00"), at("12:30"))


def test_a_raise_never_gives_more_time_than_there_was() -> None:
    raised = incident(
        "one", severity="P0", zone="UTC",
        timeline=["- 13:50 - Severity changed: P1 → P0 because every page fails"],
    )  # fmt: skip
    assert only("update", raised, at("13:55")).due == at("14:00")


def test_a_lower_severity_gives_its_longer_time_from_the_last_update() -> None:
    lowered = incident(
        "one", severity="P1", zone="UTC",
        timeline=["- 10:30 - Severity changed: P0 → P1 because one page answers"],
    )  # fmt: skip
    assert only("update", lowered, at("12:00")).due == at("14:00")


def test_what_was_late_before_the_severity_was_lowered_stays_late() -> None:
    lowered = incident(
        "one", severity="P1", zone="UTC",
        timeline=["- 11:30 - Severity changed: P0 → P1 because one page answers"],
    )  # fmt: skip
    assert only("update", lowered, at("12:00")).verdict is Verdict.LATE


PROMISE = ["### 2026-03-01 10:10 - Investigating", "We look.", "- Next update: 10:40"]


@pytest.mark.parametrize(
    ("answer", "now", "verdict"),
    [
        ("10:40", "12:00", Verdict.KEPT),
        ("10:41", "12:00", Verdict.LATE),
        (None, "10:40", Verdict.RUNNING),
        (None, "10:41", Verdict.BROKEN),
    ],
)
def test_a_promise_is_kept_late_or_broken(answer: str | None, now: str, verdict: Verdict) -> None:
    second = ["", f"### 2026-03-01 {answer} - Identified", "We know."] if answer else []
    told = incident("one", zone="UTC", updates=[*PROMISE, *second])
    assert only("promise", told, at(now)).verdict is verdict


def test_no_update_is_waited_for_when_the_incident_is_over() -> None:
    over = incident(
        "one", severity="P0", zone="UTC", updates=PROMISE[:2],
        resolved="2026-03-01T10:30Z", verified="2026-03-01T11:00Z",
    )  # fmt: skip
    assert [clock.ended for clock in named("update", over)] == [at("10:10"), at("11:00")]


@pytest.mark.parametrize(
    ("closed", "verdict"),
    [("2026-03-02T00:00-06:00", Verdict.KEPT), ("2026-03-02T00:01-06:00", Verdict.LATE)],
)
def test_the_same_day_ends_at_midnight_of_the_trackers_zone(closed: str, verdict: Verdict) -> None:
    over = incident(
        "one", detected="2026-03-01T10:00-06:00", resolved="2026-03-01T11:00-06:00",
        verified="2026-03-01T12:00-06:00", closed=closed,
    )  # fmt: skip
    assert only("close", over).verdict is verdict


def test_the_same_day_is_never_shorter_than_its_least_time() -> None:
    over = incident(
        "one", detected="2026-03-01T21:00-06:00", resolved="2026-03-01T23:00-06:00",
        verified="2026-03-01T23:40-06:00",
    )  # fmt: skip
    assert only("close", over).limit == timedelta(hours=4)


RESOLVED = {
    "resolved": "2026-03-01T12:00Z",
    "verified": "2026-03-01T13:00Z",
    "closed": "2026-03-01T14:00Z",
}


@pytest.mark.parametrize(
    ("held", "verdict"),
    [("2026-03-08T12:00Z", Verdict.KEPT), ("2026-03-08T12:01Z", Verdict.LATE)],
)
def test_a_review_held_at_its_deadline_is_in_time(held: str, verdict: Verdict) -> None:
    over = incident("one", **RESOLVED)
    assert only("review", over, LONG_AFTER, review(over, held_at=held)).verdict is verdict


def test_a_meeting_that_is_only_scheduled_was_not_held() -> None:
    over = incident("one", **RESOLVED)
    clock = only("review", over, at("12:00", day=5), review(over, held_at="2026-03-06T12:00Z"))
    assert (clock.verdict, clock.ended) == (Verdict.RUNNING, None)


@pytest.mark.parametrize(
    ("box", "verdict"),
    [
        ("- [x] Initial incident report (2026-03-02 06:00)", Verdict.KEPT),
        ("- [x] Initial incident report (2026-03-02 06:01)", Verdict.LATE),
        ("- [x] Initial incident report (2026-03-02)", Verdict.KEPT),
        ("- [x] Initial incident report (2026-03-03)", Verdict.LATE),
        ("- [x] Initial incident report (n/a: told in the meeting)", Verdict.NOT_APPLICABLE),
        ("- [ ] Initial incident report", Verdict.LATE),
    ],
)
def test_the_initial_report_is_what_its_box_says(box: str, verdict: Verdict) -> None:
    over = incident("one", **RESOLVED)
    clock = only("report", over, LONG_AFTER, review(over, boxes=[box]))
    assert clock.verdict is verdict


DOCUMENTED, RUNBOOKS = "Documentation updated", "Runbooks updated"


@pytest.mark.parametrize(
    ("boxes", "verdict"),
    [
        ([f"[x] {DOCUMENTED} (2026-03-08 12:00)", f"[x] {RUNBOOKS}"], Verdict.NOT_APPLICABLE),
        ([f"[x] {DOCUMENTED} (2026-03-08 07:00)", f"[x] {RUNBOOKS} (2026-03-05)"], Verdict.KEPT),
        ([f"[x] {DOCUMENTED} (2026-03-08 07:01)", f"[x] {RUNBOOKS} (2026-03-05)"], Verdict.LATE),
        ([f"[x] {DOCUMENTED} (2026-03-05)", f"[x] {RUNBOOKS} (n/a: it was right)"], Verdict.KEPT),
        ([f"[x] {DOCUMENTED} (2026-03-05)", f"[ ] {RUNBOOKS}"], Verdict.LATE),
        ([f"[x] {DOCUMENTED} (2026-03-05)"], Verdict.LATE),
    ],
)
def test_documents_are_up_to_date_when_the_last_box_says_so(
    boxes: list[str], verdict: Verdict
) -> None:
    over = incident("one", **RESOLVED)
    told = review(over, boxes=[f"- {box}" for box in boxes])
    assert only("documentation", over, LONG_AFTER, told).verdict is verdict


def test_imported_cancelled_and_planned_ones_have_no_clocks() -> None:
    origin = "{system: status page, id: abc}"
    for apart in (
        incident("imported", origin=origin),
        incident("cancelled", status="cancelled"),
        incident("planned", kind="maintenance", severity="", status="scheduled"),
    ):
        assert clocks(apart, tracker(apart), LONG_AFTER) == ()


def test_a_clock_does_not_run_before_its_start() -> None:
    one = incident("one")
    assert clocks(one, tracker(one), at("09:59")) == ()


def owed(now: datetime, *records: Incident | Review) -> list[tuple[str, bool, str, str]]:
    found = due(tracker(*records), now)
    return [(item.what, item.is_overdue, item.who, item.command) for item in found]


def test_an_open_incident_owes_what_a_responder_can_still_do() -> None:
    fresh = incident("one", severity="P0")
    log = "incident log 2026-03-01-one"
    teller = "Communications Lead"
    assert owed(at("10:16"), fresh) == [
        ("acknowledgement", True, "Incident Commander", "incident ack 2026-03-01-one --by NAME"),
        ("notice to campaign manager", True, teller, f'{log} "Notified: campaign manager"'),
        ("notice to on-call team", True, teller, f'{log} "Notified: on-call team"'),
        ("notice to team lead", True, teller, f'{log} "Notified: team lead"'),
        ("status update", False, teller, 'incident update 2026-03-01-one --message "…"'),
    ]


def test_one_update_is_due_at_the_earlier_of_promise_and_cadence() -> None:
    told = incident(
        "one", zone="UTC", roles="{ic: asha}", acknowledged="2026-03-01T10:05Z", updates=PROMISE
    )
    updates = [item for item in due(tracker(told), at("10:30")) if "update" in item.command]
    assert [(item.when, item.who) for item in updates] == [(at("10:40"), "asha")]


SAME_MINUTE = [*PROMISE, "", "### 2026-03-01 10:10 - Investigating", "We still look."]


@pytest.mark.parametrize(("second", "promised"), [(["- Next update: 12:10"], "12:10"), ([], None)])
def test_of_two_updates_of_one_minute_the_last_one_promises(
    second: list[str], promised: str | None
) -> None:
    told = incident("one", severity="P3", zone="UTC", updates=[*SAME_MINUTE, *second])
    when = at(promised) if promised else None
    made = running_promise(told, at("11:00"))
    assert (made.due if made else None) == when
    assert [clock.due for clock in named("promise", told, at("11:00"))] == ([when] if when else [])
    owed_by = [item for item in due(tracker(told), at("11:00")) if item.clock == "promise"]
    assert [(item.when, item.is_overdue) for item in owed_by] == ([(when, False)] if when else [])


def test_a_promise_is_not_answered_by_what_is_told_later_than_now() -> None:
    told = incident(
        "one", zone="UTC", updates=[*PROMISE, "", "### 2026-03-01 12:00 - Investigating", "Yes."]
    )
    made = running_promise(told, at("10:20"))
    assert made is not None
    assert (made.due, made.verdict(at("10:20"))) == (at("10:40"), Verdict.RUNNING)


@pytest.mark.parametrize(
    ("resolved", "verdict"), [("10:30", Verdict.NOT_APPLICABLE), ("10:50", Verdict.BROKEN)]
)
def test_what_is_over_keeps_no_promise_running(resolved: str, verdict: Verdict) -> None:
    told = incident(
        "one", zone="UTC", updates=PROMISE, status="resolved",
        resolved=f"2026-03-01T{resolved}Z", verified=f"2026-03-01T{resolved}Z",
    )  # fmt: skip
    assert [only("promise", told, at(now)).verdict for now in ("10:51", "12:00")] == [verdict] * 2


def test_a_closed_incident_owes_its_review_and_nothing_of_the_past() -> None:
    over = incident("one", roles="{ic: asha}", **RESOLVED)
    begin = "incident pir new 2026-03-01-one"
    assert owed(at("12:01", day=8), over) == [
        ("initial report", True, "asha", "incident report 2026-03-01-one"),
        ("sharing of what was learned", True, "asha", begin),
        ("review meeting, for which no time is set", True, "asha", begin),
    ]


def test_an_action_is_overdue_when_its_day_is_over_in_the_trackers_zone() -> None:
    line = "- [ ] Write the runbook (Owner: gil, Due: 2026-03-10, Type: document)"
    over = incident("one", severity="P3", actions=[line], **RESOLVED)
    last = datetime(2026, 3, 11, 4, 59, 59, tzinfo=UTC)
    expected = ("Write the runbook", False, "gil", "incident action done 2026-03-01-one#1")
    assert owed(last, over) == [expected]
    assert [item.is_overdue for item in due(tracker(over), last + timedelta(seconds=1))] == [True]


def test_a_repeated_lesser_incident_owes_a_review() -> None:
    first = incident("first", detected="2026-02-01T10:00Z", severity="P3", root_cause="same", **{
        key: value.replace("-03-", "-02-") for key, value in RESOLVED.items()
    })  # fmt: skip
    again = incident("again", severity="P2", root_cause="same", **RESOLVED)
    assert named("review", first, LONG_AFTER, again) == []
    assert only("review", again, LONG_AFTER, first).limit == timedelta(days=7)
    elsewhere = replace(first, root_cause="other")
    assert named("review", again, LONG_AFTER, elsewhere) == []


def test_a_severity_holds_from_the_very_moment_of_its_change() -> None:
    raised = incident(
        "one", severity="P0", zone="UTC",
        timeline=["- 10:10 - Severity changed: P2 → P0 because every page fails"],
        updates=["### 2026-03-01 10:10 - Investigating", "We look."],
    )  # fmt: skip
    assert named("update", raised, at("10:30"))[-1].due == at("11:10")


def test_no_update_is_waited_for_behind_the_last_one() -> None:
    over = incident(
        "one", zone="UTC", resolved="2026-03-01T10:30Z", verified="2026-03-01T11:00Z",
        updates=["### 2026-03-01 10:50 - Resolved", "It works again."],
    )  # fmt: skip
    assert [clock.ended for clock in named("update", over)] == [at("10:50")]


def test_an_update_at_the_very_end_begins_no_wait() -> None:
    over = incident(
        "one", zone="UTC", resolved="2026-03-01T10:30Z", verified="2026-03-01T11:00Z",
        updates=["### 2026-03-01 11:00 - Monitoring", "It works again."],
    )  # fmt: skip
    assert [clock.ended for clock in named("update", over)] == [at("11:00")]


def test_an_audience_that_was_not_yet_late_falls_away_at_its_very_limit() -> None:
    lowered = incident(
        "one", severity="P2", zone="UTC",
        timeline=["- 10:15 - Severity changed: P0 → P2 because only one page fails"],
    )  # fmt: skip
    assert named("notify", lowered) == []


def test_the_highest_severity_ever_held_decides_about_the_review() -> None:
    lowered = incident(
        "one", severity="P3", zone="UTC", **RESOLVED,
        timeline=["- 10:30 - Severity changed: P1 → P3 because a second look shows little"],
    )  # fmt: skip
    assert only("review", lowered).verdict is Verdict.LATE


def test_a_clock_starts_and_a_meeting_is_held_at_its_very_moment() -> None:
    assert only("acknowledge", incident("one"), at("10:00")).verdict is Verdict.RUNNING
    over = incident("one", **RESOLVED)
    meeting = review(over, held_at="2026-03-06T12:00Z")
    assert only("review", over, at("12:00", day=6), meeting).verdict is Verdict.KEPT


def test_nothing_is_overdue_at_its_very_limit() -> None:
    fresh = incident("one", severity="P0")
    owed_then = due(tracker(fresh), at("10:15"))
    assert [item.when for item in owed_then][:2] == [at("10:15"), at("10:15")]
    assert not any(item.is_overdue for item in owed_then)


def test_a_severity_that_is_lowered_at_the_very_limit_gives_its_longer_time() -> None:
    lowered = incident(
        "one", severity="P1", zone="UTC",
        timeline=["- 11:00 - Severity changed: P0 → P1 because one page answers"],
    )  # fmt: skip
    assert only("update", lowered, at("12:00")).due == at("14:00")


def test_a_fix_can_be_verified_from_the_end_of_the_watch_on_and_is_never_overdue() -> None:
    fixed = incident(
        "one", roles="{ic: asha}", severity="P3", acknowledged="2026-03-01T10:05Z",
        resolved="2026-03-01T11:00Z",
    )  # fmt: skip
    assert only("watch", fixed).due == at("11:30")
    (item,) = due(tracker(fixed), at("11:00", day=3))
    assert (item.when, item.is_overdue, item.is_possible) == (at("11:30"), False, True)
    assert item.what == "can be verified once the watch has lasted 30 min"


def test_what_is_written_for_a_time_to_come_is_not_late_before_it() -> None:
    ahead = incident(
        "one", severity="P0", zone="UTC", acknowledged="2026-03-01T10:20Z",
        resolved="2026-03-01T12:00Z",
        updates=["### 2026-03-01 10:05 - Investigating", "We look.", "- Next update: 10:30",
                 "### 2026-03-01 11:30 - Identified", "We know."],
    )  # fmt: skip
    found = {clock.name: clock for clock in clocks(ahead, tracker(ahead), at("10:10"))}
    for name in ("acknowledge", "resolve", "update", "promise"):
        assert (found[name].verdict, found[name].ended) == (Verdict.RUNNING, None), name
    later = {clock.name: clock for clock in clocks(ahead, tracker(ahead), at("11:10"))}
    assert later["promise"].verdict is Verdict.BROKEN


def test_an_action_of_an_incident_with_a_review_names_the_file_it_stands_in() -> None:
    line = "- [ ] Write the runbook (Owner: gil, Due: 2026-03-10, Type: document)"
    other = "- [ ] Alert at 80 % (Owner: bo, Due: 2026-03-11, Type: detect)"
    over = incident("one", severity="P3", actions=[line], **RESOLVED)
    found = due(tracker(over, review(over, actions=[other])), at("12:00", day=2))
    assert [item.command for item in found if not item.clock] == [
        "incident action done 2026-03-01-one#1 --incident",
        "incident action done 2026-03-01-one#1 --review",
    ]


@pytest.mark.parametrize(
    ("second", "promised", "evidence"),
    [
        ("10:40", "10:40", "2 updates"),
        ("10:41", "10:40", "2 updates, 1 promise late"),
        ("11:11", "11:30", "2 updates, 1 wait too long"),
    ],
)
def test_updates_are_regular_without_a_long_wait_and_a_missed_promise(
    second: str, promised: str, evidence: str
) -> None:
    told = incident(
        "one", severity="P0", zone="UTC",
        updates=["### 2026-03-01 10:10 - Investigating", "We look.", f"- Next update: {promised}",
                 f"### 2026-03-01 {second} - Identified", "We know."],
    )  # fmt: skip
    during = checklists(told, None, at(second))[0]
    (proof,) = (line.proof for line in during.lines if line.box == "updates")
    is_late = evidence != "2 updates"
    assert (proof.evidence, proof.holds, proof.is_late) == (evidence, not is_late, is_late)


def test_word_that_it_is_over_is_owed_on_the_day_of_the_verification() -> None:
    verified = {key: value for key, value in RESOLVED.items() if key != "closed"}
    still = incident("one", roles="{ic: asha}", **verified)
    what = "word to everybody that it is over"
    command = 'incident update 2026-03-01-one --status resolved --message "…"'
    assert (what, False, "asha", command) in owed(at("13:00"), still)
    assert (what, True, "asha", command) in owed(at("12:00", day=3), still)
    minor = incident("one", severity="P3", **verified)
    assert what not in [item for item, *_ in owed(at("13:00"), minor)]
