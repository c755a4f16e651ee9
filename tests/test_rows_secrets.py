"""Secrets and personal data: found, waived with a reason, and in nothing that is printed.

The values are those that their makers use as examples, or were never given out.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed import Tracker

from builder import PROTOCOL
from incident_tracker.examples import good_files, tracker_of
from incident_tracker.formats.declare import report_formats
from incident_tracker.pages import Site, build
from incident_tracker.text.sensitive import masked, sensitive

RECORD = "incidents/2026/2026-03-02-good.md"
GOOD = good_files()[RECORD].decode()
NOW = datetime(2026, 11, 24, tzinfo=UTC)
LINE = "- 10:25 - Root cause hypothesis: release 7 reads the old index\n"
# Put together here, so that no scanner of a host takes this file for a leak.
HEAD, BODY = "eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0NTY3ODkwIn0"
SECRETS = {
    "an access key of AWS": "AKIA" + "IOSFODNN7EXAMPLE",
    "a JSON web token": f"{HEAD}.{BODY}.c2lnbmF0dXJl",
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "a password in an address": "hunter-2-and-3",
    "an access token": "ghp_" + "a1B2" * 9,
}
PERSONAL = {
    "an e-mail address": "visitor.name+x@mail.town",
    "a card number": "4111 1111 1111 1111",
    "a phone number": "+49 30 23125 000",
}
ADDRESS = "postgres://search:hunter-2-and-3@db.internal/index"
EVERY_KIND = pytest.mark.parametrize(
    ("what", "value"), [*SECRETS.items(), *PERSONAL.items()], ids=[*SECRETS, *PERSONAL]
)


def holding(value: str, more: str = "") -> str:
    """The good record with a value in a line of the timeline."""
    said = ADDRESS if value in ADDRESS else value
    return GOOD.replace(LINE, f"{LINE}- 10:26 - Seen in the log: {said} twice{more}\n")


@EVERY_KIND
def test_row_33_each_kind_is_one_finding_at_its_place(
    good_tracker: Tracker, what: str, value: str
) -> None:
    text = holding(value)
    good_tracker.write(RECORD, text)
    said = good_tracker.incident("check", "--strict", "--format", "json")
    assert said.status == 1
    (found,) = json.loads(said.out)["findings"]
    line = next(number for number, row in enumerate(text.split("\n"), 1) if value in row)
    assert found["code"] == ("SEC011" if what in SECRETS else "SEC012")
    assert (found["line"], found["column"]) == (line, text.split("\n")[line - 1].index(value) + 1)
    assert what in found["message"]


@EVERY_KIND
def test_row_33_no_format_page_or_baseline_prints_the_value(
    good_tracker: Tracker, what: str, value: str
) -> None:
    # Other findings quote the line and the value as well: an unknown field, a word, a bad time.
    whole = ADDRESS if value in ADDRESS else value
    quoted = json.dumps(whole)
    text = holding(value, " at 2:05 PM").replace(
        "severity: P1", f"severity: {quoted}\nsevrity: {quoted}\n{quoted}: x"
    )
    text = text.replace(LINE, f"{LINE}- 2:05 PM - again {whole}\n")
    good_tracker.write(RECORD, text)
    good_tracker.write(RECORD.replace("good", "other"), holding(value))
    for form in report_formats():
        said = good_tracker.incident("check", "--format", form, "--facts")
        assert said.status == 1
        assert value not in said.out + said.err, form
        assert value.encode("unicode_escape").decode() not in said.out, form
    base = good_tracker.root / "baseline.json"
    assert good_tracker.incident("check", "--baseline", str(base), "--write-baseline").status == 0
    assert base.stat().st_size > 200
    assert value not in base.read_text("utf-8")


def test_row_33_the_sites_list_of_findings_hides_the_value() -> None:
    every = " ".join((*SECRETS.values(), *PERSONAL.values()))
    files = {**good_files(), RECORD: holding(every).encode()}
    for page in build(tracker_of(files, PROTOCOL), Site(now=NOW)):
        shown = [
            value for value in (*SECRETS.values(), *PERSONAL.values()) if value in page.markdown
        ]
        # The record itself is as it was written, and the rule's page has examples of its own.
        assert page.path in {RECORD, "rules/SEC.md"} or not shown, page.path


def test_row_33_a_waiver_on_the_line_needs_a_reason(good_tracker: Tracker) -> None:
    value = PERSONAL["a phone number"]
    good_tracker.write(RECORD, holding(value, " <!-- incident: ok SEC012 the public hotline -->"))
    said = good_tracker.incident("check", "--strict")
    assert said.status == 0
    assert "1 waived" in said.out
    good_tracker.write(RECORD, holding(value, " <!-- incident: ok SEC012 -->"))
    assert good_tracker.incident("check", "--strict").status == 1


@pytest.mark.parametrize(
    "text",
    [
        "mara@example.org, it@team.example, root@localhost.test",
        "git@git.host.town:team/repository, noreply@mail.town",
        "postgres://search:***@db/index and https://host/a:b@c",
        "https://user:${PASSWORD}@host.town and https://user:<password>@host.town",
        "order 4111111111111112 of 2026-03-02 10:25 +01:00",
        "build 1700000000000, commit 0123456789012345678901234567890123456789",
        "call 202-555-0143",
        "AKIA and ASIANIMATION, eyJhbGciOiJIUzI1NiJ9 alone",
        "-----BEGIN PUBLIC KEY-----",
        "2026-03-02T10:25:00.000000+00:00 1.2.3.4:5678 10.0.0.1",
    ],
)
def test_row_33_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert list(sensitive(text)) == []
    assert masked(text) == text


def test_row_33_the_lines_of_a_key_are_hidden_as_well() -> None:
    assert set(masked("  " + "MIIEowIBAAKCAQEA" * 4)) == {"*"}


@given(st.text(alphabet="a1 @.:/-+()eyJAKIASIAgh_xoxb\n", max_size=200))
def test_row_33_what_is_masked_is_as_long_and_holds_nothing_more(text: str) -> None:
    hidden = masked(text)
    assert len(hidden) == len(text)
    assert all(new in {old, "*"} for old, new in zip(text, hidden, strict=True))


LONG: dict[str, Callable[[int], str]] = {
    "addresses": lambda n: "a@b.town " * n,
    "one word": lambda n: "a" * 9 * n,
    "dots": lambda n: "a@" + "a." * 4 * n,
    "keys": lambda n: "eyJaaaaaaaa." * n,
    "digits": lambda n: "4111 1111 1111 1111 " * n,
    "signs": lambda n: "+1 ((" * n,
    "slashes": lambda n: "://a:b" * n,
}


@pytest.mark.parametrize("shape", LONG)
def test_row_33_looking_takes_a_time_that_grows_with_the_text_only(shape: str) -> None:
    begin = time.process_time()
    masked(LONG[shape](20_000))
    assert time.process_time() - begin < 3
