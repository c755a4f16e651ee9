"""A text sent to real servers on this machine: what is known of it afterwards, and no more."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from email.header import decode_header, make_header

import pytest
from listeners import Post, Web, nobody, post, web

from incident_tracker.sending import Fate, Outcome, Target, holds_several, send, target_at

SUBJECT = "[P0 INCIDENT] - UPDATE - Grüße *all* & <b>"
BODY = "SEVERITY: P0\n\n* a list_of_words\n<b>no</b> &amp; #1\n\nNext update: 16:00"
WAIT = timedelta(seconds=20)


def target(address: str) -> Target:
    found = target_at(address)
    assert found is not None
    return found


def outcome(address: str, wait: timedelta = WAIT) -> Outcome:
    ((_, found),) = send({"there": target(address)}, {"there": (SUBJECT, BODY)}, wait)
    return found


def test_what_arrives_over_http_is_the_text_and_nothing_else() -> None:
    with web() as listener:
        assert outcome(listener.address) == Outcome(Fate.SENT)
    (message,) = listener.taken
    assert (message["title"], message["message"]) == (SUBJECT, BODY)


def test_what_arrives_by_mail_is_the_text_and_nothing_else() -> None:
    with post() as office:
        assert outcome(office.address) == Outcome(Fate.SENT)
    (mail,) = office.taken
    assert mail["To"] == "leads@example.org"
    assert str(_decoded(mail["Subject"])) == SUBJECT
    assert mail.get_content_type() == "text/plain"
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().replace("\r\n", "\n").rstrip("\n") == BODY


def _decoded(header: str) -> str:
    return str(make_header(decode_header(header)))


@pytest.mark.parametrize(
    ("manner", "expected"),
    [
        ("404", Outcome(Fate.NOT_SENT, "the server answered 404")),
        ("503", Outcome(Fate.NOT_SENT, "the server answered 503")),
        # It may have passed the message on before it failed.
        ("500", Outcome(Fate.UNKNOWN, "the server answered 500")),
        ("502", Outcome(Fate.UNKNOWN, "the server answered 502")),
        ("302", Outcome(Fate.UNKNOWN, "the server answered 302, another address")),
        ("308", Outcome(Fate.UNKNOWN, "the server answered 308, another address")),
        ("is slow", Outcome(Fate.UNKNOWN, "no answer in time")),
        ("dies", Outcome(Fate.UNKNOWN, "the connection broke")),
    ],
)
def test_a_web_server_that_fails(manner: str, expected: Outcome) -> None:
    with web(manner) as listener:
        assert outcome(listener.address) == expected
        assert len(listener.taken) == 1
        assert listener.asked == []


@pytest.mark.parametrize("server", [web, post])
def test_an_answer_may_come_as_late_as_the_wait_allows(
    monkeypatch: pytest.MonkeyPatch, server: Callable[[str], AbstractContextManager[Web | Post]]
) -> None:
    with server("is slow") as listener:
        address = re.sub(r"[?&](rto=0.5&cto=0.5|cto=1)", "", listener.address)
        kind = type(target(address)._plugin)  # noqa: SLF001 # its own time-outs are too long for a test
        for name in ("socket_read_timeout", "socket_connect_timeout"):
            monkeypatch.setattr(kind, name, 0.3)
        assert outcome(address) == Outcome(Fate.SENT)


def test_a_redirect_that_an_address_asks_for_is_not_followed() -> None:
    with web("302") as listener:
        assert outcome(f"{listener.address}&redirect=yes").fate is Fate.UNKNOWN
        assert listener.asked == []


@pytest.mark.parametrize(
    ("manner", "expected", "taken"),
    [
        ("refuses", Outcome(Fate.NOT_SENT, "the server refused it"), 0),
        ("is slow", Outcome(Fate.UNKNOWN, "no answer in time"), 1),
        ("dies", Outcome(Fate.UNKNOWN, "the connection broke"), 1),
    ],
)
def test_a_mail_server_that_fails(manner: str, expected: Outcome, taken: int) -> None:
    with post(manner) as office:
        assert outcome(office.address) == expected
        assert len(office.taken) == taken


@pytest.mark.parametrize("address", ["json://127.0.0.1:{}/", "mailto://127.0.0.1:{}?to=a@b.org"])
def test_where_nobody_listens_nothing_was_sent(address: str) -> None:
    with nobody() as port:
        found = outcome(address.format(port) + ("&from=a@b.org" if "mail" in address else ""))
    assert found == Outcome(Fate.NOT_SENT, "no connection")


def test_who_gives_no_answer_holds_the_others_up_for_the_wait_only() -> None:
    with web("holds") as slow, web() as quick:
        targets = {"slow": target(slow.patient_address), "quick": target(quick.address)}
        found = list(send(targets, dict.fromkeys(targets, (SUBJECT, BODY)), timedelta(seconds=1)))
        slow.release.set()
    assert found == [
        ("quick", Outcome(Fate.SENT)),
        ("slow", Outcome(Fate.UNKNOWN, "no answer within 1 s")),
    ]


def test_an_address_asks_for_retries_in_vain() -> None:
    with web("500") as listener:
        assert outcome(f"{listener.address}&retry=3").fate is Fate.UNKNOWN
        assert len(listener.taken) == 1


@pytest.mark.parametrize(
    ("address", "several"),
    [
        ("json://127.0.0.1/a,json://127.0.0.1/b", True),
        ("json://127.0.0.1/a ; mailto://b@c.org", True),
        ("json://127.0.0.1/a\nslack://x", True),
        (" json://127.0.0.1/a,b?to=a@b.org, c@d.org\n", False),
        ("json://127.0.0.1/?image=https://example.org/x.png", False),
    ],
)
def test_two_addresses_in_one_are_seen(address: str, *, several: bool) -> None:
    assert holds_several(address) is several


@pytest.mark.parametrize("address", ["", "hello", "nosuch://token@host", "json://"])
def test_what_is_no_address_is_no_target(address: str) -> None:
    assert target_at(address) is None


def test_a_target_does_not_show_its_address(capfd: pytest.CaptureFixture[str]) -> None:
    with web("404") as listener:
        shown = target(listener.address)
        assert "s3cret" not in repr(shown)
        list(send({"there": shown}, {"there": (SUBJECT, BODY)}, WAIT))
    target_at("nosuch://s3cret-token@host")
    assert capfd.readouterr() == ("", "")
