"""What a check remembers changes nothing of what it says, and nobody else can write it."""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from remembered import BY_EDITS, copied, edits, remembering, run

from bench.many import write
from incident_tracker.check import Report, check
from incident_tracker.checking import check_files
from incident_tracker.kept_verdicts import read, written
from incident_tracker.memory import (
    MOST_TRACKERS,
    OFF,
    UNFINISHED,
    VERDICTS,
    Memory,
    base,
    cache_folder,
)
from incident_tracker.units import Verdict
from incident_tracker.workspace import BrokenProtocolError, Workspace


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("memory") / "demo")


@pytest.fixture
def tracker(demo: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo, tmp_path / "tracker"))


def said(report: Report) -> object:
    return report.findings, report.waived, dict(report.texts), list(report.texts)


def all_ways(tracker: Path) -> list[object]:
    """The verdict without files apart, without a memory, by two processes, from a memory, again."""
    workspace = Workspace(tracker)
    try:
        whole = check(workspace.load_with_evidence())
    except BrokenProtocolError as error:
        with pytest.raises(BrokenProtocolError) as other:
            check_files(workspace, remembered=remembering(tracker, VERDICTS), fewest=0)
        return [error.findings, other.value.findings]
    return [
        said(whole),
        said(check_files(workspace).report),
        said(check_files(workspace, processes=2).report),
        *(
            said(check_files(workspace, remembered=remembering(tracker, VERDICTS), fewest=0).report)
            for _ in range(2)
        ),
    ]


# As many as the profile says: four, and eighty where there is time for them.
@pytest.mark.timeout(3_000)
@settings(BY_EDITS, max_examples=settings().max_examples // 25)
@given(seed=st.integers(0, 1 << 30))
def test_with_a_memory_and_in_two_processes_every_edit_gets_the_same_verdict(
    demo: Path, tmp_path: Path, seed: int
) -> None:
    folder = tmp_path / str(seed)
    shutil.rmtree(folder, ignore_errors=True)
    tracker = Path(shutil.copytree(demo, folder / "tracker"))
    chance = random.Random(seed)  # noqa: S311 - a test
    for _ in range(3):
        first, *others = all_ways(tracker)
        assert all(other == first for other in others)
        list(edits(chance, tracker))


def test_what_was_kept_is_used_and_only_for_the_same_bytes(tracker: Path) -> None:
    workspace, memory = Workspace(tracker), remembering(tracker, VERDICTS)
    check_files(workspace, remembered=memory, fewest=0)
    kept = memory().kept
    assert len(kept) > 40
    key, line = next((k, v) for k, v in kept.items() if b"2026-11-03-site-down" in v)
    verdict = read(line)
    assert verdict is not None
    planted = replace(verdict.findings[0], message="planted") if verdict.findings else None
    assert planted is not None
    memory().keep({**kept, key: written(replace(verdict, findings=(planted,)))})

    def messages() -> set[str]:
        report = check_files(workspace, remembered=memory, fewest=0).report
        return {finding.message for finding in report.findings}

    assert "planted" in messages()
    changed = tracker / "incidents" / "2026" / "2026-11-03-site-down.md"
    changed.write_bytes(changed.read_bytes() + b"\n")
    assert "planted" not in messages()


@pytest.mark.parametrize("place", [0, 30, 60, 70, 100, 1_000, -2, -1])
def test_a_damaged_memory_is_as_if_it_were_not_there(tracker: Path, place: int) -> None:
    memory = remembering(tracker, VERDICTS)
    expected = said(check_files(Workspace(tracker), remembered=memory, fewest=0).report)
    path = memory().path
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    assert memory().kept == {}
    assert said(check_files(Workspace(tracker), remembered=memory, fewest=0).report) == expected
    assert memory().kept != {}


def test_a_memory_of_others_is_not_read(tracker: Path) -> None:
    memory = remembering(tracker, VERDICTS)
    check_files(Workspace(tracker), remembered=memory, fewest=0)
    path = memory().path
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert Memory(tracker.parent, path).kept == {}  # it is another tracker's
    path.chmod(0o620)
    assert memory().kept == {}
    path.chmod(0o600)
    assert memory().kept != {}
    path.parent.chmod(0o777)
    assert memory().kept == {}
    path.parent.chmod(0o700)
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")
    assert memory().kept == {}


def test_nothing_is_kept_in_the_repository_that_is_judged(
    tracker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def folder() -> Path | None:
        return cache_folder(tracker)

    monkeypatch.delenv(OFF, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tracker / ".cache"))
    assert folder() is None
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert folder() == tmp_path / "cache" / "incident-tracker"
    monkeypatch.setenv(OFF, "1")
    assert (folder(), Memory.of(tracker, VERDICTS)) == (None, None)
    monkeypatch.delenv(OFF)
    (tmp_path / "cache").symlink_to(tracker)
    assert folder() is None
    (tmp_path / "cache").unlink()
    (tmp_path / ".git").mkdir()
    assert folder() is None  # the tracker is a folder of a larger repository


def test_nothing_is_written_behind_a_link(tracker: Path, tmp_path: Path) -> None:
    others = tmp_path / "others"
    others.mkdir()
    mine = [others / f"{number}.verdicts" for number in range(MOST_TRACKERS + 1)]
    for path in mine:
        path.write_text("mine")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache/incident-tracker").symlink_to(others)
    Memory(tracker, tmp_path / "cache/incident-tracker/new.verdicts").keep({b"key": b"line"})
    assert sorted(others.iterdir()) == sorted(mine)


def test_what_a_killed_command_left_is_taken_away(tracker: Path, tmp_path: Path) -> None:
    memory = Memory(tracker, tmp_path / "cache" / "new.verdicts")
    memory.keep({b"key": b"line"})
    left, present = (tmp_path / "cache" / f"{UNFINISHED}{name}" for name in ("left", "present"))
    left.write_text("half a")
    present.write_text("half a")
    os.utime(left, (1e9, 1e9))
    ahead = tmp_path / "cache" / "ahead.verdicts"  # written while the clock was wrong
    ahead.write_text("")
    os.utime(ahead, (9e9, 9e9))
    memory.keep({b"key": b"another line"})
    assert not left.exists()
    assert present.exists()


def test_other_code_of_the_same_size_and_time_remembers_nothing_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incident_tracker.memory.__file__", str(tmp_path / "memory.py"))
    source = tmp_path / "rule.py"
    bases = []
    for text in ("least = 1\n", "least = 2\n", "least = 1\n"):
        source.write_text(text, encoding="utf-8")
        os.utime(source, (1e9, 1e9))
        bases.append(base({}, []))
    assert bases[0] == bases[2] != bases[1]


def test_a_line_that_is_no_verdict_is_none() -> None:
    verdict = Verdict(unread=("incidents/2026/\udcff.md",))
    assert read(written(verdict)) == verdict
    for line in (b"", b"{}", b"[]", b"[[],[],[],[],[],[],[],1]", b"[[1],[],[],[],[],[],true]"):
        assert read(line) is None
    assert read(b"[" * 100_000) is None


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large") / "tracker"
    write(folder, 420)
    return folder


CHECK = ("check", "--facts")


@pytest.fixture(scope="module")
def expected(large: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, str]:
    """What a command says that remembers nothing."""
    nowhere = tmp_path_factory.mktemp("cache") / "none"
    said = run(large, nowhere, *CHECK, "--no-cache")
    assert said[0] == 0
    assert not nowhere.exists()
    return said


def test_the_command_says_the_same_whatever_it_remembers(
    large: Path, expected: tuple[int, str, str], tmp_path: Path
) -> None:
    assert run(large, tmp_path / "off", *CHECK, **{OFF: "1"}) == expected
    assert not (tmp_path / "off").exists()
    cache = tmp_path / "cache"
    for seed in ("1", "2"):
        assert run(large, cache, *CHECK, PYTHONHASHSEED=seed, CI="true") == expected
    (kept,) = (cache / "incident-tracker").iterdir()
    assert kept.stat().st_size < 1_000_000


def test_where_nothing_can_be_kept_nothing_is_said_of_it(
    large: Path, expected: tuple[int, str, str], tmp_path: Path
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    assert run(large, in_the_way, *CHECK) == expected
    assert in_the_way.read_text() == ""


def test_a_generated_tracker_is_the_same_each_time_and_has_no_fault(
    large: Path, tmp_path: Path
) -> None:
    again = write(tmp_path / "again", 420)
    assert all((large / path).read_text("utf-8") == text for path, text in again.items())
    assert len(again) == 420
    levels = {f.level.value for f in check_files(Workspace(large)).report.findings}
    assert levels == {"fact"}
