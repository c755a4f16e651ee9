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


def delivery(*alerts: object) -> str:
    return json.dumps({"version": "4", "status": "firing", "groupKey": "{}", "alerts": alerts})


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
    assert kept.count("Alert: Search fails on c3d4") == 1
    assert kept.count("Alert no longer fires: Search fails on a1b2 (a1b2)") == 1
    assert "status: investigating\n" in kept


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
    said = sent(good_tracker, delivery(alert(severity="page", component="nowhere")))
    assert said.status == 0
    assert 'the label severity is "page": taken as P2' in said.err
    assert 'no component "nowhere"' in said.err


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
