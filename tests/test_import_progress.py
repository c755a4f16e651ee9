"""Long imports show how far they are: on a terminal, never in a pipe."""

from __future__ import annotations

import io
import sys

import pytest
from importing import lines, row
from typed import Tracker as Typed


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def shown(tracker: Typed, count: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a terminal shows while so many incidents are imported."""
    path = tracker.write("x.jsonl", lines(*(row(id=str(n)) for n in range(count))))
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    said = tracker.incident("import", "jsonl", str(path), "--map", "status-history", "--write")
    assert said.out.startswith(f"wrote {count} records\n")
    return terminal.getvalue()


def test_a_long_import_shows_each_of_its_steps_on_a_terminal(
    empty_tracker: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    bars = shown(empty_tracker, 201, monkeypatch)
    for step in ("mapping", "planning", "writing"):
        assert f"{step}  [####################################]  100%" in bars


def test_a_short_import_shows_none(empty_tracker: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(empty_tracker, 3, monkeypatch) == ""


def test_a_pipe_gets_none(empty_tracker: Typed) -> None:
    path = empty_tracker.write("x.jsonl", lines(*(row(id=str(n)) for n in range(201))))
    said = empty_tracker.incident("import", "jsonl", str(path), "--map", "status-history")
    assert said.err == ""
    assert "[#" not in said.out


def test_a_large_file_shows_that_it_is_being_read(
    empty_tracker: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"at": "2026-02-03T10:00:00Z", "status": "Update", "message": "x" * 1_000_000}
    rows = (row(id=str(n), updates=[told]) for n in range(6))
    path = empty_tracker.write("x.jsonl", lines(*rows))
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    empty_tracker.incident("import", "jsonl", str(path), "--map", "status-history")
    assert "reading" in terminal.getvalue()
