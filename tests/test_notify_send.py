"""`incident notify --send`: the intent first, every outcome in the record, nothing sent twice."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from listeners import Web, nobody, post, web
from typed import Said, Tracker

from conftest import ROOT
from incident_tracker.changes import entries_of
from incident_tracker.cli import _notifying
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.notices import Which
from incident_tracker.protocol import read_protocol
from incident_tracker.text.document import read_document

NOW = ("--now", "2026-11-23T10:10-06:00")
ID = "2026-11-23-slow"
PATH = f"incidents/2026/{ID}.md"
SECRET = "s3cret-token"  # noqa: S105 # it opens nothing
CHAT, MAIL, STATUS = "INCIDENT_TEAM_CHAT", "INCIDENT_LEAD_MAIL", "INCIDENT_STATUS_PAGE"
TEAM = "on-call team, team lead via team-chat"
LEADS = "team lead, campaign manager via lead-mail"
USERS = "affected users via status-page"
Env = pytest.MonkeyPatch


# The clock of a test stands still; that a notice is sent at the time of the machine has its own.
STILL = """
import sys
from datetime import timedelta
from incident_tracker.cli import _notifying, main
_notifying.FURTHEST_OFF = timedelta.max
main(sys.argv[1:])
"""


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_notifying, "FURTHEST_OFF", timedelta.max)


@pytest.fixture
def tracker(empty_tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    """A tracker with an open P0 that the outside may know of."""
    for name in (CHAT, MAIL, STATUS, "INCIDENT_SOCIAL_MEDIA", "INCIDENT_PUSH"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(ROOT / "protocol" / "messages", empty_tracker.root / "protocol" / "messages")
    declared = empty_tracker.incident(
        "new", "Search is slow", "--severity", "P0", "--component", "website", "--slug", "slow",
        "--by", "asha", "--now", "2026-11-23T10:00-06:00",
    )  # fmt: skip
    assert declared.status == 0, declared.err
    public = ("visibility=public", "public_summary=Search is slow.")
    assert empty_tracker.incident("set", "slow", *public, *NOW).status == 0
    return empty_tracker


def notify(tracker: Tracker, which: str, *options: str, now: tuple[str, ...] = NOW) -> Said:
    said = tracker.incident("notify", "slow", which, *options, *now)
    assert SECRET not in said.out + said.err + record(tracker)
    assert "127.0.0.1" not in said.out + said.err + record(tracker)
    return said


def record(tracker: Tracker) -> str:
    return (tracker.root / PATH).read_text("utf-8")


def lines(tracker: Tracker) -> list[str]:
    """What the timeline says about notices."""
    words = ("Notice", "Notified")
    return [line for line in record(tracker).splitlines() if line[10:].startswith(words)]


def update(tracker: Tracker, *more: str, at: str = "10:12") -> None:
    told = ("--message", "It is the index.", "--next-steps", "rebuild", "--next-update", "30m")
    now = ("--now", f"2026-11-23T{at}-06:00")
    said = tracker.incident("update", "slow", *told, *more, *now)
    assert said.status == 0, said.err


def test_without_send_nothing_goes_out_and_nothing_is_written(
    tracker: Tracker, monkeypatch: Env
) -> None:
    before = record(tracker)
    with web() as listener:
        monkeypatch.setenv(CHAT, listener.address)
        said = notify(tracker, "initial")
        assert listener.taken == []
    assert (said.status, record(tracker)) == (0, before)
    assert said.out.startswith("Subject: [P0 INCIDENT] - Search is slow\n")
    assert "team-chat (chat) for on-call team, team lead: ready" in said.err
    assert "lead-mail (e-mail) for team lead, campaign manager: INCIDENT_LEAD_MAIL is not set" in (
        said.err
    )
    assert "social-media" not in said.err


def test_the_text_goes_to_every_channel_as_it_is_printed(
    tracker: Tracker, monkeypatch: Env
) -> None:
    with web() as chat, web() as page, post() as office:
        monkeypatch.setenv(CHAT, chat.address)
        monkeypatch.setenv(STATUS, page.address)
        monkeypatch.setenv(MAIL, office.address)
        said = notify(tracker, "initial", "--send")
    assert said.status == 0, said.err
    (message,), (mail,) = chat.taken, office.taken
    (told,) = page.taken
    lines_inside, lines_outside = (m["message"].splitlines() for m in (message, told))
    assert lines_outside == [line for line in lines_inside if line != "IC: asha"] != lines_inside
    assert said.out == f"Subject: {message['title']}\n\n{message['message']}\n"
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert mail["Subject"] == message["title"]
    assert payload.decode().replace("\r\n", "\n").strip() == message["message"]
    assert sorted(lines(tracker)) == [
        f"- 10:10 - Notified: {USERS}: initial",
        f"- 10:10 - Notified: {TEAM}: initial",
        f"- 10:10 - Notified: {LEADS}: initial",
    ]
    owed = tracker.incident("checklist", "slow", *NOW).out
    assert "yes  Initial notification sent: on-call team, team lead, campaign manager" in owed
    assert tracker.incident("check").status == 0


def test_what_the_outside_reads_names_nobody(tracker: Tracker, monkeypatch: Env) -> None:
    with web() as page:
        monkeypatch.setenv(STATUS, page.address)
        shown = notify(tracker, "initial")
        assert "IC: asha\n" in shown.out
        assert "status-page (status page) for affected users: ready, without names\n" in shown.err
        alone = notify(tracker, "initial", "--to", "status-page")
        assert "asha" not in alone.out
        sent = notify(tracker, "initial", "--to", "status-page", "--send")
        assert sent.out == alone.out
        assert sent.out == f"Subject: {page.taken[0]['title']}\n\n{page.taken[0]['message']}\n"
        # A wording of one's own that knows no difference names nobody either.
        ours = tracker.root / "protocol" / "messages" / "initial.txt.j2"
        ours.write_text("Subject: a\n\nAsk {{ ic or 'us' }}.", "utf-8")
        assert notify(tracker, "initial").out == "Subject: a\n\nAsk asha.\n"
        assert notify(tracker, "initial", "--to", "status-page").out == "Subject: a\n\nAsk us.\n"


@pytest.mark.parametrize(
    ("off", "sent"), [(0, True), (4, True), (-4, True), (6, False), (-6, False), (-525_600, False)]
)
@pytest.mark.parametrize("by", ["--now", "SOURCE_DATE_EPOCH"])
def test_what_leaves_leaves_at_the_time_of_the_machine(
    tracker: Tracker, monkeypatch: Env, off: int, by: str, *, sent: bool
) -> None:
    monkeypatch.setattr(_notifying, "FURTHEST_OFF", timedelta(minutes=5))
    at = datetime(2026, 11, 23, 16, 10, tzinfo=UTC)
    monkeypatch.setattr(_notifying, "clock", lambda: at + timedelta(minutes=off))
    before = record(tracker)
    now: tuple[str, ...] = ("--now", at.isoformat())
    if by != "--now":
        monkeypatch.setenv(by, str(int(at.timestamp())))
        now = ()
    with web() as chat:
        monkeypatch.setenv(CHAT, chat.address)
        said = notify(tracker, "initial", "--send", "--to", "team-chat", now=now)
        assert len(chat.taken) == int(sent)
        if not sent:
            assert (said.status, record(tracker)) == (2, before)
            assert "not now, which is 2" in said.err
            assert "help: send without them" in said.err
            assert notify(tracker, "initial", now=now).status == 0


def test_what_arrived_is_not_sent_again_unless_it_is_named(
    tracker: Tracker, monkeypatch: Env
) -> None:
    with web() as chat:
        monkeypatch.setenv(CHAT, chat.address)
        to = ("--to", "team-chat", "--send")
        assert [notify(tracker, "initial", *to).status for _ in range(2)] == [0, 0]
        assert notify(tracker, "initial", "--send", "--again").status == 1  # the others: no address
        assert len(chat.taken) == 1
        assert notify(tracker, "initial", *to, "--again").status == 0
        assert len(chat.taken) == 2


def test_a_channel_that_fails_stops_no_other_and_is_tried_again(
    tracker: Tracker, monkeypatch: Env
) -> None:
    with web() as chat, web("404") as page, nobody() as port:
        monkeypatch.setenv(CHAT, chat.address)
        monkeypatch.setenv(STATUS, page.address)
        monkeypatch.setenv(MAIL, f"mailto://127.0.0.1:{port}?from=a@b.org&to=a@b.org")
        said = notify(tracker, "initial", "--send")
        assert said.status == 1
        assert "status-page: not sent\n  help: once it is mended: incident notify" in said.err
        assert sorted(lines(tracker)) == [
            f"- 10:10 - Notice not sent: {USERS}: initial - the server answered 404",
            f"- 10:10 - Notice not sent: {LEADS}: initial - no connection",
            f"- 10:10 - Notified: {TEAM}: initial",
        ]
        owed = tracker.incident("due", *NOW).out
        assert f"incident notify {ID} initial --send" in owed
        page.manner = "takes"
        assert notify(tracker, "initial", "--send", "--to", "status-page").status == 0
        assert (len(chat.taken), len(page.taken)) == (1, 2)
    with post() as office:
        monkeypatch.setenv(MAIL, office.address)
        assert notify(tracker, "initial", "--send").status == 0
        assert (len(chat.taken), len(office.taken)) == (1, 1)
    assert "--send" not in tracker.incident("due", *NOW).out


def test_whom_a_notice_did_not_reach_counts_as_untold(tracker: Tracker, monkeypatch: Env) -> None:
    with nobody() as port:
        monkeypatch.setenv(CHAT, f"json://127.0.0.1:{port}/")
        assert notify(tracker, "initial", "--send").status == 1
    assert "Notice not sent: on-call team, team lead" in record(tracker)
    told = tracker.incident("checklist", "slow", *NOW).out
    assert "not told: team lead, campaign manager" in told
    assert "notice to team lead" in tracker.incident("due", *NOW).out


@pytest.mark.parametrize("manner", ["takes", "500"])
def test_who_is_owed_since_the_severity_was_raised_is_told_and_nobody_else(
    tracker: Tracker, monkeypatch: Env, manner: str
) -> None:
    """The line says who was told; whoever reads the channel reads it once more."""
    tracker.incident("set", "slow", "severity=P2", "--reason", "one page", *NOW)
    to, later = ("--send", "--to", "team-chat"), ("--now", "2026-11-23T10:11-06:00")
    with web() as chat:
        monkeypatch.setenv(CHAT, chat.address)
        assert notify(tracker, "initial", *to).status == 0
        tracker.incident("set", "slow", "severity=P0", "--reason", "all pages", *later)
        assert "team-chat (chat) for team lead: ready" in notify(tracker, "initial").err
        chat.manner = manner
        expected = int(manner != "takes")
        assert [notify(tracker, "initial", *to, now=later).status for _ in range(2)] == (
            [expected] * 2
        )
        assert [("P2" in one["title"], "P0" in one["title"]) for one in chat.taken] == [
            (True, False),
            (False, True),
        ]
        doubt = "initial via team-chat, 2026-11-23 10:11: unknown whether it arrived"
        assert (doubt in tracker.incident("show", "slow", *later).out) is (manner == "500")
        chat.manner = "takes"
        again = notify(tracker, "initial", *to, "--again", now=("--now", "2026-11-23T10:12-06:00"))
        assert (again.status, len(chat.taken)) == (0, 3)
    first, *others = lines(tracker)
    assert first == "- 10:10 - Notified: on-call team via team-chat: initial"
    if manner == "takes":
        assert others[0] == "- 10:11 - Notified: team lead via team-chat: initial"


@pytest.mark.parametrize("manner", ["is slow", "dies", "500"])
def test_where_nobody_knows_whether_it_arrived_that_is_what_is_said(
    tracker: Tracker, monkeypatch: Env, manner: str
) -> None:
    going = f"- 10:10 - Notice going out: {TEAM}: initial"
    with web(manner) as chat:
        monkeypatch.setenv(CHAT, chat.address)
        to = ("--send", "--to", "team-chat")
        said = notify(tracker, "initial", *to)
        assert said.status == 1
        assert "nobody knows whether it arrived" in said.err
        assert lines(tracker) == [going]
        for command in ("show", "checklist"):
            assert "unknown whether it arrived" in tracker.incident(command, "slow", *NOW).out
        later = ("--now", "2026-11-23T10:11-06:00")
        due = tracker.incident("due", *later)
        assert "initial on team-chat: unknown whether it arrived" in due.out
        assert due.status == 1
        assert notify(tracker, "initial", *to).status == 1
        assert len(chat.taken) == 1
        chat.manner = "takes"
        assert notify(tracker, "initial", *to, "--again", now=later).status == 0
        assert len(chat.taken) == 2
    sent = f"- 10:11 - Notified: {TEAM}: initial"
    assert lines(tracker) == [going, sent]
    assert "unknown" not in tracker.incident("show", "slow", *NOW).out


def test_who_asked_there_says_that_it_arrived(tracker: Tracker, monkeypatch: Env) -> None:
    with web("dies") as chat:
        monkeypatch.setenv(CHAT, chat.address)
        to = ("--send", "--to", "team-chat")
        said = notify(tracker, "initial", *to)
        line = said.err.partition(f'it arrived: incident log {ID} "')[2].partition('"')[0]
        assert tracker.incident("log", "slow", line, *NOW).status == 0
        assert notify(tracker, "initial", *to).status == 0
        assert len(chat.taken) == 1
    assert "in doubt" not in tracker.incident("show", "slow", *NOW).out


def command(root: Path, *arguments: str) -> subprocess.Popen[str]:
    """A command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", STILL, "notify", "slow", *arguments, *NOW],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tools")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def eventually(what: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


@pytest.fixture
def holding() -> Iterator[Web]:
    """A server that takes a message and does not answer until it is let go."""
    with web("holds") as listener:
        yield listener


def test_a_command_killed_while_it_sends_leaves_its_intent(
    tracker: Tracker, monkeypatch: Env, holding: Web
) -> None:
    monkeypatch.setenv(CHAT, holding.patient_address)
    running = command(tracker.root, "initial", "--send", "--to", "team-chat")
    eventually(lambda: bool(holding.taken))
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert lines(tracker) == [f"- 10:10 - Notice going out: {TEAM}: initial"]
    assert notify(tracker, "initial", "--send", "--to", "team-chat").status == 1
    assert len(holding.taken) == 1


def test_two_commands_at_once_send_one_message(
    tracker: Tracker, monkeypatch: Env, holding: Web
) -> None:
    monkeypatch.setenv(CHAT, holding.patient_address)
    both = [command(tracker.root, "initial", "--send", "--to", "team-chat") for _ in range(2)]
    # The one that came second has nothing to wait for.
    eventually(lambda: any(one.poll() is not None for one in both))
    holding.release.set()
    said = [one.communicate(timeout=60) for one in both]
    assert sorted(one.returncode for one in both) == [0, 1], said
    assert len(holding.taken) == 1
    assert lines(tracker) == [f"- 10:10 - Notified: {TEAM}: initial"]


def test_what_others_write_while_it_is_sent_stays(
    tracker: Tracker, monkeypatch: Env, holding: Web
) -> None:
    monkeypatch.setenv(CHAT, holding.patient_address)
    running = command(tracker.root, "initial", "--send", "--to", "team-chat")
    eventually(lambda: bool(holding.taken))
    assert tracker.incident("log", "slow", "Somebody calls", "--at", "10:05", *NOW).status == 0
    holding.release.set()
    running.communicate(timeout=60)
    assert running.returncode == 0
    assert "- 10:05 - Somebody calls" in record(tracker)
    assert lines(tracker) == [f"- 10:10 - Notified: {TEAM}: initial"]


def test_from_the_second_public_text_on_somebody_has_to_approve(
    tracker: Tracker, monkeypatch: Env
) -> None:
    to = ("--send", "--to", "status-page", "--to", "team-chat")
    with web() as page, web() as chat:
        monkeypatch.setenv(STATUS, page.address)
        monkeypatch.setenv(CHAT, chat.address)
        update(tracker)
        assert notify(tracker, "update", *to).status == 0
        update(tracker, at="10:20")
        held = notify(tracker, "update", *to)
        assert held.status == 1
        assert "status-page: not approved by the campaign manager" in held.err
        assert (len(page.taken), len(chat.taken)) == (1, 2)
        assert notify(tracker, "update", *to, "--approved-by", "erin").status == 0
        assert (len(page.taken), len(chat.taken)) == (2, 2)
    block = record(tracker).partition("### 2026-11-23 10:20")[2]
    assert "- Approved by: erin" in block
    assert f"- 10:10 - Notified: {USERS}: update 2026-11-23 10:20" in (record(tracker))


PEOPLE = """people:
  - {id: erin, name: Erin Example, role: campaign manager}
  - {id: gil, name: Gil, role: on-call}
"""


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("erin", True),
        ("ERIN by phone, 10:15", True),
        ("Erin Example", True),
        ("erinn", False),
        ("gil", False),
    ],
)
def test_only_who_has_the_role_approves(tracker: Tracker, name: str, *, may: bool) -> None:
    tracker.write("protocol/contacts.yml", PEOPLE)
    update(tracker)
    before = record(tracker)
    typed = notify(tracker, "update", "--approved-by", name)
    told = ("--message", "It is slower.", "--approved-by", name, *NOW)
    said = tracker.incident("update", "slow", *told)
    for one in (typed, said):
        assert one.status == (0 if may else 2), one.err
        if not may:
            assert f"error: {name} is not the campaign manager, who approves this" in one.err
            assert "help: who may, by protocol/contacts.yml: erin\n" in one.err
    assert (record(tracker) == before) is not may


def test_what_somebody_else_approved_is_held_back_until_it_is_approved(
    tracker: Tracker, monkeypatch: Env
) -> None:
    update(tracker)
    update(tracker, "--approved-by", "gil", at="10:20")
    tracker.write("protocol/contacts.yml", PEOPLE)
    with web() as page:
        monkeypatch.setenv(STATUS, page.address)
        to = ("--send", "--to", "status-page")
        held = notify(tracker, "update", *to)
        assert (held.status, page.taken) == (1, [])
        assert "status-page: approved by gil, who is not the campaign manager\n" in held.err
        assert f"help: incident notify {ID} update --approved-by erin\n" in held.err
        assert notify(tracker, "update", *to, "--approved-by", "erin").status == 0
        assert len(page.taken) == 1
    assert record(tracker).count("- Approved by: ") == 1
    assert "- Approved by: erin (text " in record(tracker)


def test_where_nobody_is_known_to_approve_any_name_is_taken(tracker: Tracker) -> None:
    tracker.write("protocol/contacts.yml", PEOPLE.replace("role: campaign", "role: the campaign"))
    update(tracker, "--approved-by", "gil")
    assert "- Approved by: gil (text " in record(tracker)


def test_an_approval_is_of_the_words_that_stood_there(tracker: Tracker, monkeypatch: Env) -> None:
    update(tracker)
    update(tracker, "--approved-by", "erin", at="10:20")
    block = record(tracker).partition("### 2026-11-23 10:20")[2]
    tracker.change(PATH, block, block.replace("It is the index.", "It is the disk."))
    to = ("--send", "--to", "status-page")
    with web() as page:
        monkeypatch.setenv(STATUS, page.address)
        held = notify(tracker, "update", *to)
        assert (held.status, page.taken) == (1, [])
        assert "status-page: its text was changed since erin approved it\n" in held.err
        assert f"help: incident notify {ID} update --approved-by NAME\n" in held.err
        assert notify(tracker, "update", *to, "--approved-by", "fay").status == 0
        assert len(page.taken) == 1
    assert "- Approved by: fay (text " in record(tracker)
    assert record(tracker).count("Approved by") == 1


def test_a_name_that_a_person_wrote_is_an_approval(tracker: Tracker, monkeypatch: Env) -> None:
    update(tracker)
    update(tracker, at="10:20")
    tracker.write(PATH, f"{record(tracker).rstrip()}\n- Approved by: erin by phone, 10:15\n")
    with web() as page:
        monkeypatch.setenv(STATUS, page.address)
        to = ("--send", "--to", "status-page")
        assert notify(tracker, "update", *to).status == 0
        assert notify(tracker, "update", *to, "--approved-by", "erin").status == 0
        assert len(page.taken) == 1
    assert "- Approved by: erin by phone, 10:15 (text " in record(tracker)


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_first_notice_that_went_out_before_any_update_is_the_first_public_text(
    tracker: Tracker, monkeypatch: Env, *, by_hand: bool
) -> None:
    unapproved = "nothing says that the campaign manager approved it"
    with web() as page:
        monkeypatch.setenv(STATUS, page.address)
        to = ("--send", "--to", "status-page")
        if by_hand:
            line = "Notified: affected users via phone: the switchboard says it"
            assert tracker.incident("log", "slow", line, *NOW).status == 0
        else:
            assert notify(tracker, "initial", *to).status == 0
        update(tracker)
        held = notify(tracker, "update", *to)
        assert (held.status, len(page.taken)) == (1, int(not by_hand))
        assert "status-page: not approved by the campaign manager" in held.err
        assert unapproved in tracker.incident("check").out
        assert notify(tracker, "update", *to, "--approved-by", "erin").status == 0
        assert unapproved not in tracker.incident("check").out


def test_a_first_notice_that_tells_the_first_update_is_one_text_with_it(
    tracker: Tracker, monkeypatch: Env
) -> None:
    with web() as page:
        monkeypatch.setenv(STATUS, page.address)
        to, now = ("--send", "--to", "status-page"), ("--now", "2026-11-23T10:13-06:00")
        update(tracker)
        assert notify(tracker, "initial", *to, now=now).status == 0
        assert notify(tracker, "update", *to, now=now).status == 0
        assert "campaign manager" not in tracker.incident("check").out


@pytest.mark.parametrize("status", ["investigating", "identified", "fixing", "monitoring"])
def test_nobody_is_told_that_it_is_over_before_that_is_verified(
    tracker: Tracker, monkeypatch: Env, status: str
) -> None:
    option = ("--resolution", "rollback") if status == "monitoring" else ()
    if status != "investigating":
        assert tracker.incident("status", "slow", status, *option, *NOW).status == 0
    with web() as chat, web() as page:
        monkeypatch.setenv(CHAT, chat.address)
        monkeypatch.setenv(STATUS, page.address)
        shown = notify(tracker, "resolution")
        assert shown.out.startswith("Subject: [RESOLVED] P0 Incident - Search is slow\n")
        assert "STATUS: Resolved" not in shown.out
        held = f"team-chat (chat) for on-call team, team lead: the incident is {status}, not resol"
        assert held in shown.err
        before = record(tracker)
        said = notify(tracker, "resolution", "--send", "--again", "--to", "team-chat")
        assert said.status == 1
        remedy = f"incident status {ID} resolved"
        assert f"  help: once it is verified: {remedy}\n" in said.err
        assert notify(tracker, "resolution", "--send").status == 1
        assert (chat.taken, page.taken, record(tracker)) == ([], [], before)


FALSE_ALARM = ("--as", "false-alarm", "--because", "the probe broke")


def test_a_cancelled_incident_that_was_told_is_told_as_over_by_an_update_only(
    tracker: Tracker, monkeypatch: Env
) -> None:
    with web() as chat:
        monkeypatch.setenv(CHAT, chat.address)
        to = ("--send", "--to", "team-chat")
        assert notify(tracker, "initial", *to).status == 0
        update(tracker, at="10:10")
        later = ("--now", "2026-11-23T10:11-06:00")
        assert tracker.incident("cancel", "slow", *FALSE_ALARM, *later).status == 0
        for which in Which:
            said = notify(tracker, which, *to, "--again", now=later)
            assert said.status == 1
            assert "team-chat: the incident is cancelled; only an update written since" in said.err
            assert f'help: incident update {ID} --message "…"' in said.err
        assert len(chat.taken) == 1
        update(tracker, at="10:12")
        now = ("--now", "2026-11-23T10:12-06:00")
        assert [notify(tracker, "update", *to, now=now).status for _ in range(2)] == [0, 0]
        assert len(chat.taken) == 2
        assert "STATUS: Cancelled" in chat.taken[-1]["message"]


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        (("cancel", "slow", *FALSE_ALARM), "no line says that anybody was told of it"),
        (
            ("cancel", "slow", "--as", "duplicate-of 2026-11-23-first", "--because", "the same"),
            "a duplicate of 2026-11-23-first, which is told instead",
        ),
        (("withdraw", "slow", "--because", "filed for others"), "the record is withdrawn"),
    ],
)
def test_what_was_cancelled_before_anybody_knew_is_told_to_nobody(
    tracker: Tracker, monkeypatch: Env, ending: tuple[str, ...], said: str
) -> None:
    first = ("new", "It is slow", "--severity", "P0", "--component", "website", "--slug", "first")
    assert tracker.incident(*first, "--by", "asha", *NOW).status == 0
    if "withdraw" not in ending:
        update(tracker, at="10:10")
    assert tracker.incident(*ending, *NOW).status == 0
    before = record(tracker)
    with web() as chat:
        monkeypatch.setenv(CHAT, chat.address)
        for which in Which:
            held = notify(tracker, which, "--send", "--again", "--to", "team-chat")
            assert held.status == 1
            assert said in held.err
            assert said in notify(tracker, which).err
        assert (chat.taken, record(tracker)) == ([], before)


def test_an_update_that_was_not_written_is_sent_to_nobody(
    tracker: Tracker, monkeypatch: Env
) -> None:
    with web() as chat, web() as page:
        monkeypatch.setenv(CHAT, chat.address)
        monkeypatch.setenv(STATUS, page.address)
        said = notify(tracker, "update", "--send")
        assert (said.status, chat.taken, page.taken) == (1, [], [])
        help_ = f'  help: incident update {ID} --message "…"'
        for channel in ("team-chat", "lead-mail", "status-page"):
            assert f"{channel}: no update says what it would tell\n{help_}\n" in said.err
        assert lines(tracker) == []
        update(tracker)
        assert notify(tracker, "update", "--send", "--to", "team-chat").status == 0


@pytest.mark.parametrize("notice", ["resolution", "resolution 2026-11-23 10:05"])
def test_who_heard_only_that_it_is_over_was_not_told_of_it(tracker: Tracker, notice: str) -> None:
    line = f"Notified: {LEADS}: {notice}"
    assert tracker.incident("log", "slow", line, *NOW).status == 0
    told = tracker.incident("checklist", "slow", *NOW).out
    assert "no   Initial notification sent: not told: team lead, campaign manager" in told
    assert "notice to team lead" in tracker.incident("due", *NOW).out
    later = f"Notified: {LEADS}: resolution of the disk's fault"
    assert tracker.incident("log", "slow", later, *NOW).status == 0
    assert "notice to team lead" not in tracker.incident("due", *NOW).out


def test_approval_is_a_setting(tracker: Tracker, monkeypatch: Env) -> None:
    tracker.change("protocol/protocol.yml", "from: 2, severities", "from: 0, severities")
    with web() as page:
        monkeypatch.setenv(STATUS, page.address)
        for at in ("10:12", "10:20"):
            update(tracker, at=at)
        assert notify(tracker, "update", "--send", "--to", "status-page").status == 0


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("visibility=internal", "the incident is internal"),
        ("drill=site-down", "a drill is told to nobody outside"),
    ],
)
def test_what_is_internal_or_a_drill_never_leaves_the_team(
    tracker: Tracker, monkeypatch: Env, what: str, why: str
) -> None:
    assert tracker.incident("set", "slow", what, *NOW).status == 0
    with web() as page:
        monkeypatch.setenv(STATUS, page.address)
        shown = notify(tracker, "initial").err
        assert f"status-page (status page) for affected users: {why}\n" in shown
        assert "social-media" not in shown
        chat = notify(tracker, "initial", "--send", "--to", "team-chat")
        assert "status-page" not in chat.err
        every = notify(tracker, "initial", "--send")
        assert f"status-page (status page) for affected users: {why}\n" in every.err
        assert "warning: status-page" not in every.err
        named = notify(tracker, "initial", "--send", "--to", "status-page", "--again")
        assert named.status == 1
        assert "status-page: " in named.err
        assert page.taken == []


def test_an_address_that_is_none_is_said_without_it(tracker: Tracker, monkeypatch: Env) -> None:
    monkeypatch.setenv("INCIDENT_DEBUG", "1")
    monkeypatch.setenv(CHAT, f"nosuch://{SECRET}@127.0.0.1")
    shown = notify(tracker, "initial", "--to", "team-chat")
    assert "team lead: INCIDENT_TEAM_CHAT holds no address that Apprise understands" in shown.err
    said = notify(tracker, "initial", "--send", "--to", "team-chat")
    assert said.status == 1
    assert "INCIDENT_TEAM_CHAT holds no address" in said.err
    assert lines(tracker) == []


def test_of_two_addresses_in_one_variable_none_is_sent_to(
    tracker: Tracker, monkeypatch: Env
) -> None:
    with web() as chat:
        monkeypatch.setenv(CHAT, f"{chat.address},{chat.address}")
        for send in ((), ("--send",)):
            said = notify(tracker, "initial", "--to", "team-chat", *send)
            assert "INCIDENT_TEAM_CHAT holds more than one address" in said.err
        assert (said.status, chat.taken, lines(tracker)) == (1, [], [])


def test_an_address_pasted_into_the_protocol_is_refused_without_being_repeated(
    tracker: Tracker,
) -> None:
    path = tracker.root / "protocol" / "protocol.yml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("env: INCIDENT_TEAM_CHAT", f'env: "json://{SECRET}"'), "utf-8")
    said = tracker.incident("notify", "slow", "initial", *NOW)
    assert said.status == 2
    assert SECRET not in said.out + said.err
    assert "no name of an environment variable" in said.err


def test_a_field_of_a_template_that_nobody_filled_does_not_go_out(
    tracker: Tracker, monkeypatch: Env
) -> None:
    update(tracker, "--impact", "[Description]")
    with web() as chat:
        monkeypatch.setenv(CHAT, chat.address)
        said = notify(tracker, "update", "--send", "--to", "team-chat")
        assert (said.status, chat.taken) == (2, [])
    assert '"[Description]"' in said.err
    assert lines(tracker) == []


def test_no_channel_is_meant_for_a_minor_incident(tracker: Tracker) -> None:
    tracker.incident("set", "slow", "severity=P3", "--reason", "one page only", *NOW)
    said = notify(tracker, "initial", "--send")
    assert said.status == 2
    assert "--to: team-chat, lead-mail, status-page, social-media" in said.err


def test_a_protocol_without_the_phrases_says_which_to_add(tracker: Tracker) -> None:
    path = tracker.root / "protocol" / "protocol.yml"
    kept = [ln for ln in path.read_text("utf-8").splitlines() if "notice-going-out:" not in ln]
    path.write_text("\n".join(kept), "utf-8")
    said = notify(tracker, "initial", "--send")
    assert said.status == 2
    assert "notice-going-out: {text: [Notice going out]" in said.err


def test_a_line_that_says_how_it_ended_is_no_line_that_vanished(
    tracker: Tracker, monkeypatch: Env
) -> None:
    """Somebody may have committed the record while the notice was going out."""
    with web("dies") as chat:
        monkeypatch.setenv(CHAT, chat.address)
        notify(tracker, "initial", "--send", "--to", "team-chat")
    going = record(tracker)
    protocol, _ = read_protocol((tracker.root / "protocol" / "protocol.yml").read_text("utf-8"))
    assert protocol is not None
    for ended in ("Notified", "Notice not sent"):
        after = going.replace("Notice going out", ended)
        old, new = (Draft(read_document(PATH, text.encode()), protocol) for text in (going, after))
        assert entries_of(old.incident, new.incident).gone == ()


def test_what_failed_is_committed_like_what_arrived(tracker: Tracker, monkeypatch: Env) -> None:
    for words in (["init", "-qb", "main"], ["add", "."], ["commit", "-qm", "all"]):
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words]
        subprocess.run(git, cwd=tracker.root, check=True)
    monkeypatch.setenv("GIT_AUTHOR_NAME", "a")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "a@example.org")
    monkeypatch.setenv("GIT_COMMITTER_NAME", "a")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "a@example.org")
    with web("404") as chat:
        monkeypatch.setenv(CHAT, chat.address)
        said = notify(tracker, "initial", "--send", "--to", "team-chat", "--commit")
    assert said.status == 1
    shown = subprocess.run(
        ["git", "show", "HEAD"], cwd=tracker.root, check=True, capture_output=True, text=True
    ).stdout
    assert f"+- 10:10 - Notice not sent: {TEAM}: initial - the server answered 404" in shown
    assert "committed" not in notify(tracker, "initial", "--commit").out
