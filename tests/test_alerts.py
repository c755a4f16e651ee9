"""An alert declares an incident once, and is logged in it from then on."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from typed import Said, Tracker

NOW = ("--now", "2026-03-30T09:10-05:00")


def alert(name: str = "a1b2", status: str = "firing", **labels: str) -> dict[str, object]:
    return {
        "status": status,
        "labels": {"alertname": "SearchFails", "severity": "error", **labels},
        "annotations": {"summary": f"Search fails on {name}"},
        "startsAt": "2026-03-30T14:02:03.123456789Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.example.org/graph",
        "fingerprint": name,
    }


def delivery(*alerts: object, group: str = "", **more: object) -> str:
    known = {"groupKey": group} if group else {}
    return json.dumps({"version": "4", "status": "firing", **known, "alerts": alerts, **more})


def sent(tracker: Tracker, text: str, *more: str) -> Said:
    source = tracker.write("delivery.json", text)
    said = tracker.incident("new", "--from-alert", str(source), *NOW, *more)
    source.unlink()
    return said


def records(tracker: Tracker) -> list[str]:
    return [p.read_text("utf-8") for p in sorted(tracker.root.glob("incidents/2026/*-30-*.md"))]


def test_an_alert_declares_an_incident(good_tracker: Tracker) -> None:
    said = sent(good_tracker, delivery(alert(component="search")))
    assert said.status == 0, said.err
    (text,) = records(good_tracker)
    assert "title: Search fails on a1b2\n" in text
    assert "severity: P1\n" in text
    assert "components: [search]\n" in text or "components: {search" in text
    assert "detected_by: monitoring\n" in text
    assert "detected_at: 2026-03-30T09:02:03-05:00\n" in text
    assert "alerts: [a1b2]\n" in text
    assert good_tracker.incident("check").status == 0


def test_a_second_delivery_writes_nothing(good_tracker: Tracker) -> None:
    sent(good_tracker, delivery(alert(component="search")))
    before = records(good_tracker)
    said = sent(good_tracker, delivery(alert(component="search")))
    assert (said.status, "nothing was written" in said.out) == (0, True)
    assert records(good_tracker) == before


def test_a_new_alert_of_the_group_and_the_end_of_one_are_logged_once(
    good_tracker: Tracker,
) -> None:
    sent(good_tracker, delivery(alert(component="search")))
    text = delivery(alert(status="resolved"), alert("c3d4"))
    for _ in range(2):
        assert sent(good_tracker, text).status == 0
    (kept,) = records(good_tracker)
    assert "alerts: [a1b2, c3d4]\n" in kept
    assert kept.count("- 09:02:03 - Alert: Search fails on c3d4 (c3d4)") == 1
    assert kept.count("- 09:10 - Alert no longer fires: Search fails on a1b2 (a1b2)") == 1
    assert "status: investigating\n" in kept


GROUP = '{}:{alertname="SearchFails"}'


def test_an_alert_of_the_group_of_an_open_incident_is_logged_there(good_tracker: Tracker) -> None:
    sent(good_tracker, delivery(alert(component="search"), group=GROUP))
    sent(good_tracker, delivery(alert(status="resolved"), group=GROUP))
    said = sent(good_tracker, delivery(alert("c3d4", severity="critical"), group=GROUP))
    (kept,) = records(good_tracker)
    assert "Alert: Search fails on c3d4 (c3d4)" in kept
    assert "alerts: [a1b2, c3d4]\n" in kept
    assert "severity: P1\n" in kept
    assert "the alerts say P0, the incident is P1" in said.err
    assert good_tracker.incident("check").status == 0
    sent(good_tracker, delivery(alert("c3d4"), group="another"))
    assert len(records(good_tracker)) == 1  # the same alert by another way
    sent(good_tracker, delivery(alert("e5f6", alertname="Other"), group="a third"))
    assert len(records(good_tracker)) == 2


def test_an_alert_that_comes_and_goes_is_told_each_time(good_tracker: Tracker) -> None:
    ended = {**alert(status="resolved"), "endsAt": "2026-03-30T14:04:00Z"}
    again = {**alert(), "startsAt": "2026-03-30T14:06:00Z"}
    over = {**alert(status="resolved"), "endsAt": "2026-03-30T14:08:00Z"}
    for one in (alert(component="search"), ended, again, over):
        for _ in range(2):
            assert sent(good_tracker, delivery(one)).status == 0
    for late in (alert(), ended):  # what was on its way comes after what followed
        assert "nothing was written" in sent(good_tracker, delivery(late)).out
    (kept,) = records(good_tracker)
    assert [line for line in kept.split("\n") if line.startswith("- 09:0")] == [
        "- 09:02:03 - Incident detected via monitoring: Search fails on a1b2",
        "- 09:04 - Alert no longer fires: Search fails on a1b2 (a1b2)",
        "- 09:06 - Alert fires again: Search fails on a1b2 (a1b2)",
        "- 09:08 - Alert no longer fires: Search fails on a1b2 (a1b2)",
    ]
    assert good_tracker.incident("check").status == 0


def test_each_alert_of_the_first_delivery_is_told_but_not_a_thousand(good_tracker: Tracker) -> None:
    many = [alert(f"f{number:04}", component="search") for number in range(1_000)]
    said = sent(good_tracker, delivery(*many, truncatedAlerts=7))
    assert said.status == 0, said.err
    assert "7 alerts of the group were left out" in said.err
    (kept,) = records(good_tracker)
    assert kept.count(" - Alert: Search fails on f") == 20
    assert "Alert: 979 more began or ended" in kept
    assert "f0999]\n" in kept
    assert good_tracker.incident("check").status == 0
    assert "nothing was written" in sent(good_tracker, delivery(*many)).out


def test_deliveries_of_several_open_incidents_reach_each(good_tracker: Tracker) -> None:
    sent(good_tracker, delivery(alert(component="search")))
    sent(good_tracker, delivery(alert("c3d4")))
    gone = (alert(status="resolved"), alert("c3d4", status="resolved"))
    assert sent(good_tracker, delivery(*gone)).status == 0
    first, second = records(good_tracker)
    assert "no longer fires: Search fails on a1b2 (a1b2)" in first
    assert "no longer fires: Search fails on c3d4 (c3d4)" in second


def test_an_alert_of_a_closed_incident_declares_another(good_tracker: Tracker) -> None:
    sent(good_tracker, delivery(alert(component="search")))
    cancel = ("cancel", "search-fails", "--as", "false-alarm", "--because", "the probe", *NOW)
    assert good_tracker.incident(*cancel).status == 0
    assert sent(good_tracker, delivery(alert(component="search"))).status == 0
    assert len(records(good_tracker)) == 2


def test_nothing_that_fires_declares_nothing(good_tracker: Tracker) -> None:
    said = sent(good_tracker, delivery(alert(status="resolved")))
    assert (said.status, records(good_tracker)) == (0, [])


def test_what_the_labels_do_not_say_is_said(good_tracker: Tracker) -> None:
    words = {"severity": "p" * 999, "component": "nowhere\x1b[31m", "kind": "mood"}
    said = sent(good_tracker, delivery(alert(**words), alert("c3d4", **words)))
    assert said.status == 0
    assert f'the label severity is "{"p" * 59}…": taken as P2' in said.err
    assert said.err.count('no component "nowhere') == 1
    assert 'no kind "mood"' in said.err
    assert "\x1b" not in said.err
    (kept,) = records(good_tracker)
    assert "severity: P2\n" in kept


def test_labels_are_read_whatever_their_case(good_tracker: Tracker) -> None:
    words = {"severity": "CRITICAL", "component": "Search", "kind": "Outage"}
    said = sent(good_tracker, delivery(alert(**words)))
    assert said.err == ""
    (kept,) = records(good_tracker)
    for line in ("severity: P0\n", "components: [search]\n", "kind: outage\n"):
        assert line in kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"alerts": []}',
        '{"alerts": [1]}',
        '{"alerts": [{"fingerprint": "../x", "status": "firing"}]}',
        '{"alerts": [{"fingerprint": "a", "status": "gone"}]}',
        '{"alerts": NaN}',
        "[" * 100_000,
        '{"alerts": [{"fingerprint": 5, "status": "firing"}]}',
        "x" * 6_000_000,
    ],
)
def test_what_is_no_delivery_is_refused(good_tracker: Tracker, text: str) -> None:
    said = sent(good_tracker, text)
    assert said.status == 2
    assert "no delivery" in said.err
    assert records(good_tracker) == []


@pytest.mark.parametrize(
    "at",
    [
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00",
        "2099-01-01T00:00:00Z",
        "2026-03-30T14:02:03+99:99",
        "2026-03-30",
        "",
        7,
        None,
        [],
    ],
)
def test_a_time_that_cannot_be_is_taken_as_now(good_tracker: Tracker, at: object) -> None:
    odd = {**alert(component="search"), "startsAt": at, "endsAt": at}
    assert sent(good_tracker, delivery(odd)).status == 0
    (kept,) = records(good_tracker)
    assert "detected_at: 2026-03-30T09:10-05:00\n" in kept
    assert sent(good_tracker, delivery({**odd, "status": "resolved"})).status == 0
    assert good_tracker.incident("check").status == 0


@pytest.mark.parametrize(
    "title", ["\ud800", "Impact: none", "---", "x" * 9_999, "a (c3d4)", "\u202eb"]
)
def test_whatever_the_words_the_record_is_sound(good_tracker: Tracker, title: str) -> None:
    odd = {**alert(component="search"), "annotations": {"summary": title, "x": 5}}
    for status in ("firing", "resolved"):
        said = sent(good_tracker, delivery({**odd, "status": status}, {**odd, "fingerprint": "z9"}))
        assert said.status == 0, said.err
    assert len(records(good_tracker)) == 1
    assert good_tracker.incident("check").status == 0


def test_a_protocol_that_names_what_it_does_not_have_is_refused(good_tracker: Tracker) -> None:
    for old, new in (("critical: P0", "critical: P9"), ("source: monitoring ", "source: nobody ")):
        good_tracker.change("protocol/protocol.yml", old, new)
        said = good_tracker.incident("check")
        assert said.status == 2
        assert '"alerts.' in said.out + said.err
        good_tracker.change("protocol/protocol.yml", new, old)


def test_hostile_words_become_one_harmless_line(good_tracker: Tracker) -> None:
    evil = {
        **alert(component="search"),
        "annotations": {"summary": "a\n## b\x1b[31m <!-- " + "x" * 999},
    }
    evil["startsAt"] = "9999-99-99T99:99:99Z"
    assert sent(good_tracker, delivery(evil)).status == 0
    assert good_tracker.incident("check").status == 0


def test_two_deliveries_at_once_declare_one_incident(good_tracker: Tracker) -> None:
    text = delivery(alert(component="search"))
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "incident_tracker", "new", "--from-alert", "-", *NOW],
            cwd=good_tracker.root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=dict(os.environ),
        )
        for _ in range(4)
    ]
    for process in running:
        process.communicate(text, timeout=60)
        assert process.returncode == 0
    assert len(records(good_tracker)) == 1
