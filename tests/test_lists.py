"""Lists that are narrowed, sorted and cut, and the same as CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed import Said, Tracker

from conftest import ROOT
from incident_tracker.formats.columns import ACTIONS, INCIDENTS, Column
from incident_tracker.formats.spreadsheet import cell, csv_text
from incident_tracker.lifecycle.listing import days_of

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\x00=1",
    "\ufeff=1",
    " =1",
    "\uff1d1",
]
HOSTILE = [
    *FORMULAS,
    'a "quoted", text',
    "one;two",
    "a\r\nb",
    "\x1b[31mred\x07",
    "\u202eevil",
    "\u2028",
    "'",
    "",
]


def ids(tracker: Tracker, *options: str) -> list[str]:
    """The ids that a list holds, shortened to what tells them apart."""
    said = tracker.incident("list", "--format", "json", *options)
    assert said.status == 0, said.err
    return [found["id"][5:10] for found in json.loads(said.out)["incidents"]]


MORE = {
    "2026-01-10": ("severity: P3", "status: closed", "kind: outage", "root_cause: full-disk"),
    "2026-06-30": ("severity: P0", "status: fixing", "kind: [outage, data]", "roles: {ic: asha}"),
    "2026-07-01": ("severity: P0", "status: closed", "kind: outage", "drill: site-down"),
    "2026-07-02": ("severity: P2", "status: identified", "root_cause: full-disk"),
}
PARTS = {"2026-01-10": "search", "2026-07-02": "website, search"}


def records(tracker: Tracker) -> None:
    """Four records beside the known-good ones: 03-02 (P1), 03-09 (security), 03-15 (planned)."""
    for day, fields in MORE.items():
        front = ["title: It broke", *fields, f"components: [{PARTS.get(day, 'website')}]"]
        body = f"## Timeline\n\n- 10:00 - Something (odd) on {day}\n"
        text = "\n".join(["---", *front, "---", "", body])
        tracker.write(f"incidents/2026/{day}-it-broke.md", text)


@pytest.fixture
def tracker(good_tracker: Tracker) -> Tracker:
    """The known-good records and four more."""
    records(good_tracker)
    return good_tracker


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), ["07-02", "07-01", "06-30", "03-15", "03-09", "03-02", "01-10"]),
        (("--sort", "oldest"), ["01-10", "03-02", "03-09", "03-15", "06-30", "07-01", "07-02"]),
        (("--severity", "P0,p3"), ["07-01", "06-30", "01-10"]),
        (("--severity", "P0", "--sort", "oldest", "--limit", "1"), ["06-30"]),
        (("--status", "fixing,identified"), ["07-02", "06-30"]),
        (("--open",), ["07-02", "06-30"]),
        (("--kind", "data"), ["06-30"]),
        (("--component", "search", "--root-cause", "full-disk"), ["07-02", "01-10"]),
        (("--who", "ASHA", "--since", "2026-Q2"), ["06-30"]),
        (("--since", "2026-06-30", "--until", "2026-07-01"), ["07-01", "06-30"]),
        (("--since", "2026-Q2", "--until", "2026-Q2"), ["06-30"]),
        (("--until", "2026-02"), ["01-10"]),
        (("--since", "2027"), []),
        (("--drills", "only"), ["07-01"]),
        (("--maintenance", "only"), ["03-15"]),
        (("--drills", "only", "--maintenance", "only"), []),
        (("--drills", "out", "--maintenance", "out", "--since", "2026-03-10"), ["07-02", "06-30"]),
        (("--grep", "ODD.* on 2026-07-0[12]"), ["07-02", "07-01"]),
        (("--grep", r"\(odd\)", "--until", "2026-06"), ["06-30", "01-10"]),
        (("--sort", "severity", "--since", "2026-06"), ["07-01", "06-30", "07-02"]),
        (("--sort", "status", "--since", "2026-06"), ["07-02", "06-30", "07-01"]),
    ],
)
def test_a_list_is_narrowed_and_sorted(
    tracker: Tracker, options: tuple[str, ...], found: list[str]
) -> None:
    assert ids(tracker, *options) == found


def test_who_held_a_role_once_is_found(good_tracker: Tracker) -> None:
    good_tracker.incident(
        "role", "2026-03-02-good", "scribe", "zoe", "--now", "2026-03-02T12:00-06:00"
    )
    good_tracker.incident(
        "role", "2026-03-02-good", "scribe", "kim", "--now", "2026-03-02T13:00-06:00"
    )
    assert ids(good_tracker, "--who", "zoe") == ids(good_tracker, "--who", "kim") == ["03-02"]


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (("--since", "yesterday"), "--since 2026-11-03, 2026-11, 2026-Q4 or 2026"),
        (("--until", "2026-13"), "--until 2026-11-03"),
        (("--grep", "fail("), r"--grep 'fail\('"),
        (("--component", "serach"), "did you mean search?"),
        (("--status", "broken"), "one of: "),
        (("--limit", "0"), "incident list --help"),
        (("--format", "xml"), "incident list --help"),
    ],
)
def test_what_cannot_be_meant_is_wrong_use_with_a_remedy(
    tracker: Tracker, options: tuple[str, ...], hint: str
) -> None:
    said = tracker.incident("list", *options)
    assert (said.status, said.out) == (2, "")
    assert hint in said.err


def test_what_a_limit_left_out_is_said(tracker: Tracker) -> None:
    said = tracker.incident("list", "--limit", "2")
    assert (len(said.out.splitlines()), said.err) == (2, "5 more: --limit left them out\n")
    shown = json.loads(tracker.incident("list", "--limit", "2", "--format", "json").out)
    assert (shown["summary"]["incidents"], shown["summary"]["left_out"]) == (2, 5)
    assert tracker.incident("list", "--limit", "7").err == ""


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("2026", (date(2026, 1, 1), date(2026, 12, 31))),
        ("2026-02", (date(2026, 2, 1), date(2026, 2, 28))),
        ("2024-02", (date(2024, 2, 1), date(2024, 2, 29))),
        ("2026-q1", (date(2026, 1, 1), date(2026, 3, 31))),
        ("2026-Q4", (date(2026, 10, 1), date(2026, 12, 31))),
        ("2026-11-03", (date(2026, 11, 3), date(2026, 11, 3))),
        ("2026-02-30", None),
        ("2026-Q5", None),
        ("0000", None),
        ("2026-٠٣", None),
        ("2026\n", None),
        ("", None),
    ],
)
def test_a_period_is_a_day_a_month_a_quarter_or_a_year(
    typed: str, days: tuple[date, date] | None
) -> None:
    assert days_of(typed) == days


def read_csv(said: Said) -> list[dict[str, str]]:
    """The rows as a strict reader of RFC 4180 takes them."""
    assert said.status == 0, said.err
    assert said.out.replace("\r\n", "").count("\n") == said.out.replace("\r\n", "").count("\r") == 0
    return list(csv.DictReader(io.StringIO(said.out, newline=""), strict=True))


def test_a_list_as_csv_has_every_column_in_order(tracker: Tracker) -> None:
    said = tracker.incident("list", "--format", "csv")
    assert said.out.startswith(f"{','.join(column.name for column in INCIDENTS)}\r\n")
    rows = read_csv(said)
    assert [row["id"][5:10] for row in rows] == ids(tracker)
    good = next(row for row in rows if row["id"] == "2026-03-02-good")
    told = json.loads(tracker.incident("show", "2026-03-02-good", "--format", "json").out)
    (shown,) = told["incidents"]
    assert {key: good[key] for key in ("title", "severity", "status", "resolution")} == {
        key: shown[key] for key in ("title", "severity", "status", "resolution")
    }
    assert good["detected_at"] == shown["detected_at"]
    assert good["components"] == ",".join(f"{k}={v}" for k, v in shown["components"].items())
    assert good["roles"] == ",".join(f"{k}={v}" for k, v in shown["roles"].items())


def test_an_empty_list_as_csv_is_its_head(good_tracker: Tracker) -> None:
    assert read_csv(good_tracker.incident("list", "--since", "2030", "--format", "csv")) == []


def test_actions_as_csv_say_what_json_says(good_tracker: Tracker) -> None:
    told = json.loads(good_tracker.incident("action", "list", "--format", "json").out)["actions"]
    rows = read_csv(good_tracker.incident("action", "list", "--format", "csv"))
    assert rows
    assert rows == [{key: value or "" for key, value in action.items()} for action in told]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_a_title_that_is_a_formula_becomes_text(good_tracker: Tracker, title: str) -> None:
    record = "incidents/2026/2026-03-02-good.md"
    text = (good_tracker.root / record).read_text("utf-8")
    quoted = json.dumps(title)
    good_tracker.write(record, re.sub(r"(?m)^title: .*$", lambda _: f"title: {quoted}", text))
    rows = read_csv(good_tracker.incident("list", "--format", "csv"))
    assert {row["title"] for row in rows if row["id"] == "2026-03-02-good"} == {f"'{title}"}


@pytest.mark.parametrize("value", FORMULAS)
def test_what_would_be_a_formula_begins_with_an_apostrophe(value: str) -> None:
    assert cell(value).startswith("'")


@pytest.mark.parametrize(
    "value", ["", "text", "1-2", "a=b", "ic=bo,scribe=dana", "👩\u200d🚒 on call"]
)
def test_what_is_no_formula_stays_as_it_is(value: str) -> None:
    assert cell(value) == value


@given(st.lists(st.lists(st.one_of(st.sampled_from(HOSTILE), st.text()), min_size=2, max_size=3)))
def test_a_reader_gets_back_the_cells_and_no_control_character(rows: list[list[str]]) -> None:
    text = csv_text(rows)
    assert (
        re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u202a-\u202e\u2066-\u2069]", text)
        is None
    )
    assert text.count("\n") == text.count("\r") == len(rows)
    assert [[cell(value) for value in row] for row in rows] == list(
        csv.reader(io.StringIO(text, newline=""), strict=True)
    )
    assert text.encode().decode() == text


def test_csv_gives_github_no_command(
    good_tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = "incidents/2026/2026-03-02-good.md"
    text = (good_tracker.root / record).read_text("utf-8")
    evil = 'title: "::add-mask::x ##[stop-commands]t"'
    good_tracker.write(record, re.sub(r"(?m)^title: .*$", lambda _: evil, text))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    out = good_tracker.incident("list", "--format", "csv").out
    assert "##[" not in out
    assert [line for line in out.splitlines() if line.lstrip().startswith("::")] == []


def table(heading: str) -> list[tuple[str, str]]:
    """The first two cells of the rows below a heading of the guide."""
    text = (ROOT / "docs" / "guide" / "editors.md").read_text("utf-8")
    below = text.split(f"### {heading}\n")[1].split("\n#")[0]
    return re.findall(r"^\| `([a-z_]+)` \| (.+?) \|$", below, re.MULTILINE)


@pytest.mark.parametrize(
    ("heading", "columns"), [("Columns of incidents", INCIDENTS), ("Columns of actions", ACTIONS)]
)
def test_the_guide_lists_the_columns_in_their_order(
    heading: str, columns: list[Column[object]]
) -> None:
    assert table(heading) == [(column.name, column.about) for column in columns]
