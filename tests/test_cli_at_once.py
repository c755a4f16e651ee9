"""Two commands at once, and a command killed half-way: no line is lost, no file is broken."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from typed import Tracker

LATER = "2026-11-23T22:00-06:00"
RECORD = "incidents/2026/2026-11-23-checkout-500.md"


@pytest.fixture
def tracker(empty_tracker: Tracker) -> Tracker:
    """A tracker with one open incident, detected on 23 November at 21:02."""
    new = ("new", "Checkout returns 500", "--severity", "P3", "--slug", "checkout-500")
    assert empty_tracker.incident(*new, "--now", "2026-11-23T21:02-06:00").status == 0
    return empty_tracker


def text(tracker: Tracker) -> str:
    return (tracker.root / RECORD).read_text("utf-8")


def timeline(tracker: Tracker) -> list[str]:
    return text(tracker).split("## Timeline\n")[1].splitlines()


def test_row_29_two_processes_that_log_at_once_lose_no_line(tracker: Tracker) -> None:
    def typed(name: str) -> subprocess.Popen[bytes]:
        loop = (
            "from incident_tracker.cli import main\n"
            "for n in range(10):\n"
            "    try:\n"
            f"        main(['log', 'checkout', f'{name} {{n}}', '--now', '{LATER}'])\n"
            "    except SystemExit as done:\n"
            "        assert done.code == 0, done\n"
        )
        return subprocess.Popen(
            [sys.executable, "-c", loop], cwd=tracker.root, stdout=subprocess.DEVNULL
        )

    running = [typed("one"), typed("two")]
    assert [process.wait(60) for process in running] == [0, 0]
    said = {line.removeprefix("- 22:00 - ") for line in timeline(tracker)[1:]}
    assert said == {f"{name} {n}" for name in ("one", "two") for n in range(10)}


def test_row_29_a_command_killed_at_any_time_leaves_the_old_or_the_new_file(
    tracker: Tracker,
) -> None:
    before = text(tracker)
    after = before + "- 21:10 - a note\n"
    command = (
        sys.executable, "-m", "incident_tracker", "log", "checkout", "a note", "--at", "21:10",
        "--now", "2026-11-23T22:00-06:00",
    )  # fmt: skip
    seen = set()
    for step in range(8):
        process = subprocess.Popen(command, cwd=tracker.root, stdout=subprocess.DEVNULL)
        time.sleep(0.05 * step)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(20)
        seen.add(text(tracker))
        tracker.write(RECORD, before)
    assert seen <= {before, after}
    assert tracker.incident("check").status == 0
