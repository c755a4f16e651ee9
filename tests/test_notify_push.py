"""`incident notify --send --push`: other clones have a say before anything leaves."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from gitting import git, type_in
from listeners import web
from typed import Said, Tracker

from conftest import ROOT
from incident_tracker.cli import _notifying

PATH = "incidents/2026/2026-03-30-search-fails.md"
DECLARED = ("new", "Search fails", "--severity", "P1", "--component", "search", "--by", "bo")
NOW = ("--now", "2026-03-30T09:00-05:00")
LATER = ("--now", "2026-03-30T09:10-05:00")
SEND = ("notify", "search-fails", "initial", "--send", "--push", "--to", "team-chat", *LATER)
CHAT = "INCIDENT_TEAM_CHAT"


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of a test stands still."""
    monkeypatch.setattr(_notifying, "FURTHEST_OFF", timedelta.max)


@pytest.fixture
def shared(named: Tracker, remote: Path, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    """A clone in which an incident was declared and pushed."""
    monkeypatch.delenv("INCIDENT_PUSH", raising=False)
    shutil.copytree(ROOT / "protocol" / "messages", named.root / "protocol" / "messages")
    git(named.root, "add", "protocol")
    git(named.root, "commit", "-qm", "wording")
    git(named.root, "push", "-q")
    assert named.incident(*DECLARED, *NOW, "--push").status == 0
    assert git(remote, "rev-parse", "main") == git(named.root, "rev-parse", "main")
    return named


def cloned(shared: Tracker, remote: Path, name: str) -> Tracker:
    clone = remote.with_name(name)
    git(remote.parent, "clone", "--quiet", str(remote), str(clone))
    return Tracker(root=clone, read=shared.read)


def typed(tracker: Tracker, *words: str) -> Said:
    os.chdir(tracker.root)
    return tracker.incident(*words)


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line[10:].startswith(("Notice", "Notified"))]


def pushed(remote: Path) -> list[str]:
    return lines(git(remote, "show", f"main:{PATH}"))


def test_what_another_clone_sent_is_not_sent_again(
    shared: Tracker, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = cloned(shared, remote, "other")
    with web() as chat:
        monkeypatch.setenv(CHAT, chat.address)
        assert typed(shared, *SEND).status == 0
        said = typed(other, *SEND)
        assert (said.status, len(chat.taken)) == (0, 1)
        assert "sent already" in said.err
    assert len(pushed(remote)) == 1
    assert "Notified: " in pushed(remote)[0]
    for one in (shared, other):
        assert git(one.root, "status", "--porcelain") == ""


@pytest.mark.parametrize("to", [(), ("--branch", "main")])
def test_what_another_clone_sends_at_the_same_moment_is_left_to_it(
    shared: Tracker, remote: Path, monkeypatch: pytest.MonkeyPatch, to: tuple[str, ...]
) -> None:
    other = cloned(shared, remote, "other")
    with web() as chat:
        monkeypatch.setenv(CHAT, chat.address)
        assert typed(shared, *SEND).status == 0
        # As if the first one's push had come just behind the other one's look.
        monkeypatch.setattr(_notifying, "level", lambda _, incident: incident)
        said = typed(other, *SEND, *to)
        assert (said.status, len(chat.taken)) == (1, 1)
        assert "others have pushed meanwhile: 2026-03-30 09:10 Notified: " in said.err
        assert "git pull --rebase, then the same command" in said.err
    assert lines((other.root / PATH).read_text("utf-8")) == pushed(remote)
    assert len(pushed(remote)) == 1
    assert git(other.root, "status", "--porcelain") == ""


def test_two_clones_at_once_send_one_message(
    shared: Tracker, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = cloned(shared, remote, "other")
    with web() as chat:
        monkeypatch.setenv(CHAT, chat.address)
        now = [word for word in SEND if word not in LATER]  # as the clock says
        running = [type_in(one.root, *now) for one in (shared, other)]
        said = [one.communicate(timeout=120)[0] for one in running]
        assert len(chat.taken) == 1, said
    assert 0 in [one.returncode for one in running]
    assert len([line for line in pushed(remote) if "Notified" in line]) == 1


def test_where_the_remote_is_away_nothing_is_sent_without_saying_so(
    shared: Tracker, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote.rename(remote.with_name("away.git"))
    before = (shared.root / PATH).read_text("utf-8")
    with web() as chat:
        monkeypatch.setenv(CHAT, chat.address)
        said = shared.incident(*SEND)
        assert (said.status, chat.taken) == (1, [])
        assert "nobody knows what others have sent, so nothing was sent" in said.err
        assert "or without --push and INCIDENT_PUSH" in said.err
        assert (shared.root / PATH).read_text("utf-8") == before
        alone = [word for word in SEND if word != "--push"]
        assert (shared.incident(*alone).status, len(chat.taken)) == (0, 1)


def test_what_cannot_be_pushed_is_not_sent_and_not_said_to_be_going_out(
    shared: Tracker, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'main is protected' >&2\nexit 1\n")
    hook.chmod(0o755)
    with web() as chat:
        monkeypatch.setenv(CHAT, chat.address)
        said = shared.incident(*SEND)
        assert (said.status, chat.taken) == (1, [])
        assert "main is protected" in said.err
        assert "; nothing was sent\n" in said.err
        assert lines((shared.root / PATH).read_text("utf-8")) == []
        assert lines(git(shared.root, "show", f"HEAD:{PATH}")) == []
        hook.unlink()
        assert (shared.incident(*SEND).status, len(chat.taken)) == (0, 1)
    assert len(pushed(remote)) == 1


def test_the_intent_is_pushed_before_the_message_leaves(
    shared: Tracker, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web("500") as chat:
        monkeypatch.setenv(CHAT, chat.address)
        assert shared.incident(*SEND).status == 1
        assert len(chat.taken) == 1
    assert ["Notice going out" in line for line in pushed(remote)] == [True]
