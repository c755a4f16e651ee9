"""Kills, a full disk, a tree that may not be written: the old file or the new one, and plain words.

This is row 29 of docs/hostile-input.md; tools/trials/kills.py does the same a thousand times.
"""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from typed import Tracker

from conftest import ROOT

RECORD = "incidents/2026/2026-03-02-good.md"
NOW = ("--now", "2026-03-20T10:00-06:00")
# More than the limit of a file, where there is no disk to fill.
LONG = "\n".join(["x" * 1_000] * 100)
GROWING = {
    "log": ("log", "2026-03-02-good", LONG, *NOW),
    "new": ("new", "Site down", "--severity", "P2", *NOW),
    "evidence": ("evidence", "2026-03-02-good", "--label", "log", *NOW),
}
ON_A_DISK = """\
mkdir "$1/disk" && mount -t tmpfs -o size=1m none "$1/disk" && cp -a "$1/tracker" "$1/disk/"
cd "$1/disk/tracker" || exit 90
case "$2" in
  full)
    dd if=/dev/zero of=../filler bs=4k 2>/dev/null
    (echo x >> ../filler) 2>/dev/null && exit 91
    ;;
  readonly) mount -o remount,ro "$1/disk" ;;
esac
shift 2
"$@"
status=$?
cp -a "$PWD" ../../after
exit $status
"""


def typed(arguments: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "incident_tracker", *arguments]


def looked_at(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with what it holds and its mode."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
        for path in folder.rglob("*")
        if path.is_file()
    }


def on_a_disk(
    tracker: Path, kind: str, arguments: tuple[str, ...], data: bytes
) -> tuple[subprocess.CompletedProcess[bytes], Path]:
    """Run a command on a disk of 1 MB of its own; where none can be had, below the same limits."""
    place = tracker.parent
    command = typed(arguments)
    script = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", ON_A_DISK, "sh"]
    may = subprocess.run([*script[:4], "true"], capture_output=True, check=False).returncode == 0
    if may:
        whole = [*script, str(place), kind, *command]
        return subprocess.run(whole, input=data, capture_output=True, check=False), place / "after"
    if kind == "full":

        def limited() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

        done = subprocess.run(
            command, cwd=tracker, input=data, capture_output=True, check=False, preexec_fn=limited
        )
        return done, tracker
    for path in [tracker, *tracker.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)
    # Root may write everywhere, unless it gives that up.
    bound = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*bound, *command], cwd=tracker, input=data, capture_output=True, check=False
    )
    for path in [tracker, *tracker.rglob("*")]:
        path.chmod(path.stat().st_mode | 0o200)
    return done, tracker


@pytest.mark.parametrize("kind", ["full", "readonly"])
@pytest.mark.parametrize("name", GROWING)
def test_row_29_a_full_or_locked_disk_leaves_all_as_it_was_and_says_so(
    good_tracker: Tracker, kind: str, name: str
) -> None:
    (good_tracker.root / RECORD).chmod(0o640)
    before = looked_at(good_tracker.root)
    done, after = on_a_disk(good_tracker.root, kind, GROWING[name], b"x" * 200_000)
    assert done.returncode == 2, done.stderr
    found = looked_at(after)
    if kind == "readonly":
        for path, (data, _) in before.items():
            assert found[path][0] == data
    else:
        assert {path: found[path] for path in before} == before
    assert set(found) == set(before)
    said = done.stderr.decode()
    assert "Traceback" not in said
    assert "internal error" not in said
    assert "help: check permissions and free space" in said
    place = {"log": RECORD, "new": "incidents/2026/2026-03-20", "evidence": "evidence"}[name]
    assert place in said.partition("\n")[0] or kind == "readonly"
    assert ".tmp" not in said


def test_row_29_killed_at_points_of_writing_it_leaves_the_old_or_the_new_file() -> None:
    trial = ROOT / "tools" / "trials" / "kills.py"
    done = subprocess.run(
        [sys.executable, str(trial), "16", "new", "log", "rename"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "16 kills, 0 times something was wrong" in done.stdout


def test_row_29_one_of_two_writers_is_killed_and_no_line_of_either_is_lost() -> None:
    trial = ROOT / "tools" / "trials" / "writers.py"
    done = subprocess.run(
        [sys.executable, str(trial), "7"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 kills, 0 lost, 0 twice, 0 damaged, 0 failed" in done.stdout


def test_row_29_what_a_killed_command_left_is_taken_away_and_what_a_living_one_writes_is_not(
    good_tracker: Tracker,
) -> None:
    folder = (good_tracker.root / RECORD).parent
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = folder / f".incident-{gone.pid}-abc.tmp"
    living = folder / f".incident-{os.getppid()}-abc.tmp"
    for path in (left, living):
        path.write_text("half a rec")
    assert good_tracker.incident("check").status == 0
    assert good_tracker.incident("log", "2026-03-02-good", "Looked again", *NOW).status == 0
    assert not left.exists()
    assert living.exists()
    # Git never sees the name.
    assert ".incident-*.tmp" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
