"""What is owed is the same whether all records are read or those alone that may owe something."""

from __future__ import annotations

import random
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from remembered import BY_EDITS, copied, edits, remembering, run

from bench.many import write
from incident_tracker.due import due
from incident_tracker.errors import BrokenProtocolError
from incident_tracker.memory import OFF, PASTS
from incident_tracker.model import Tracker
from incident_tracker.owing import Cause, Past, owing_files, read, written
from incident_tracker.workspace import Workspace

BEGIN, DAYS = datetime(2026, 1, 1, tzinfo=UTC), 700
FIELDS = {
    "root_cause": ("full-disk", "full-disk", "expired-certificate"),
    "status": ("closed", "resolved", "fixing"),
    "severity": ("P0", "P2", "P3"),
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("owing") / "demo")


def said(tracker: Tracker, now: datetime) -> object:
    return due(tracker, now), [unread.path for unread in tracker.unread]


def retold(chance: random.Random, tracker: Path) -> None:
    """Give some incidents another cause, status or severity."""
    for path in chance.sample(sorted((tracker / "incidents").rglob("*.md")), 8):
        field = chance.choice([*FIELDS])
        line = f"{field}: {chance.choice(FIELDS[field])}\n"
        text = path.read_bytes().decode("utf-8", "replace")
        other, times = re.subn(rf"(?m)^{field}:.*\n", line, text, count=1)
        path.write_text(other if times else text.replace("---\n", f"---\n{line}", 1), "utf-8")


@settings(BY_EDITS, max_examples=5)
@given(seed=st.integers(0, 1 << 30))
def test_after_every_edit_and_at_every_moment_the_same_is_owed(
    demo: Path, tmp_path: Path, seed: int
) -> None:
    folder = tmp_path / str(seed)
    shutil.rmtree(folder, ignore_errors=True)
    tracker = Path(shutil.copytree(demo, folder / "tracker"))
    workspace, memory = Workspace(tracker), remembering(tracker, PASTS)
    chance = random.Random(seed)  # noqa: S311 - a test
    for _ in range(3):
        try:
            whole = workspace.load()
        except BrokenProtocolError:
            with pytest.raises(BrokenProtocolError):
                owing_files(workspace, BEGIN, remembered=memory, fewest=0)
        else:
            told = {
                entry.at for i in whole.incidents for entry in i.log.entries if entry.at is not None
            }
            moments = [BEGIN + timedelta(days=DAYS) * chance.random() for _ in range(3)]
            for now in (*moments, *chance.sample(sorted(told), 3)):
                found = owing_files(workspace, now, remembered=memory, fewest=0)
                assert said(found, now) == said(whole, now)
        retold(chance, tracker)
        if chance.randrange(2):
            list(edits(chance, tracker))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large") / "tracker"
    write(folder, 230)
    (folder / "incidents" / "2026" / "2026-01-01-no-record.md").write_text("nothing\n")
    return folder


def test_most_records_are_not_read_again(large: Path) -> None:
    workspace, memory = Workspace(large), remembering(large, PASTS)
    whole, now = workspace.load(), datetime(2026, 1, 20, 9, tzinfo=UTC)
    for processes in (2, 1):
        found = owing_files(workspace, now, remembered=memory, processes=processes)
        assert said(found, now) == said(whole, now)
        assert len(found.incidents) < len(whole.incidents) / 2
    longer = now - timedelta(days=1000)
    found = owing_files(workspace, longer, remembered=memory)
    assert said(found, longer) == said(whole, longer)


def test_the_command_says_the_same_whatever_it_remembers(large: Path, tmp_path: Path) -> None:
    now = ("--now", "2026-01-20T09:00Z")
    for form in (("text",), ("json",), ("ids",), ("text", "--who", "nobody-here")):
        command = ("due", "--format", *form, *now)
        expected = run(large, tmp_path / "off", *command, **{OFF: "1"})
        assert (expected[0], expected[2].count("no-record.md cannot be read")) == (1, 1)
        for seed in ("1", "2"):
            assert run(large, tmp_path / "cache", *command, PYTHONHASHSEED=seed) == expected
    (kept,) = (tmp_path / "cache" / "incident-tracker").iterdir()
    assert (kept.suffix, kept.stat().st_size < 1_000_000) == (".pasts", True)


def test_a_line_that_tells_nothing_is_none() -> None:
    past = Past("2026-01-01", causes=(Cause("\udcff", "a", "b"),), tried=(("site-down", "c"),))
    assert read(written(past)) == past
    for line in (b"", b"{}", b"[]", b'[null,false,"",[],[]]', b'[1,false,"",[],[],true]'):
        assert read(line) is None
    for line in (b'[null,false,"",[["a"]],[],true]', b'[null,false,"",[],[["a",1]],true]'):
        assert read(line) is None
    assert read(b"[" * 100_000) is None
