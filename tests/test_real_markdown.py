"""Real post-mortems of five teams, imported, checked and measured against what they published.

They stay outside of this repository: the variable TRACKER_REAL_DATA names their folder.
"""

from __future__ import annotations

import html
import json
import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from importing import planned_files, read
from typed import Tracker as Typed

from incident_tracker.check import check
from incident_tracker.importers.plan import Plan
from incident_tracker.model import ActionState, Milestone, Tracker
from incident_tracker.sources import read_source

FOLDER = os.environ.get("TRACKER_REAL_DATA", "")
LONDON = ("zone", "Europe/London")

pytestmark = pytest.mark.skipif(
    not FOLDER, reason="TRACKER_REAL_DATA does not name the folder of real records"
)


@dataclass(frozen=True, kw_only=True)
class Team:
    """One team's folder, and what an import of it gives."""

    folder: str
    records: int
    reviews: int
    entries: int
    actions: int
    done: int
    skipped: tuple[str, ...]
    unplaced: int
    left_out: int = 0
    kept: int = 0
    pairs: tuple[tuple[str, str], ...] = ()
    findings: Mapping[str, int] | None = None


TEAMS = (
    Team(folder="moj-cloud-platform/incidents", records=22, reviews=9, entries=82, actions=37,
         done=1, skipped=(), unplaced=0, kept=1, pairs=(LONDON,)),
    Team(folder="dfds-postmortems", records=22, reviews=22, entries=158, actions=65, done=0,
         skipped=("LICENSE-NOTE", "PM2020-003 - Postmortem for ADSync migration", "PROVENANCE",
                  "README"), unplaced=4, findings={"PIR015": 1}),
    Team(folder="mybinder/docs/source/incident-reports", records=23, reviews=23, entries=184,
         actions=120, done=4, skipped=("index", "template-incident-report"), unplaced=14,
         left_out=2, kept=2, findings={"SEC012": 1}),
    Team(folder="univaf/docs/incidents", records=5, reviews=5, entries=48, actions=13, done=1,
         skipped=("template",), unplaced=0),
    Team(folder="k8s-test-infra/docs/post-mortems", records=5, reviews=5, entries=36, actions=9,
         done=0, skipped=("README",), unplaced=10, left_out=2, findings={"PIR015": 1}),
)  # fmt: skip
EACH = pytest.mark.parametrize("team", TEAMS, ids=lambda team: team.folder.partition("/")[0])


@cache
def sources(folder: str) -> Mapping[str, bytes]:
    """The files of a team by name."""
    files = read_source(str(Path(FOLDER, folder)), (".md", ".md.erb"))
    return {file.path: file.data for file in files}


@cache
def imported(folder: str, pairs: tuple[tuple[str, str], ...]) -> tuple[Plan, Tracker]:
    """What an import of a folder does, and the tracker that it makes."""
    found = planned_files("markdown", sources(folder), *pairs)
    return found, read((one.path, one.text) for one in (*found.files, *found.reviews))


@EACH
def test_how_many_records_reviews_entries_and_actions_there_are(team: Team) -> None:
    found, tracker = imported(team.folder, team.pairs)
    stories = [one.settled.draft.story for one in found.files]
    done = [a for review in tracker.reviews for a in review.actions if a.state is ActionState.DONE]
    assert (len(tracker.incidents), len(tracker.reviews)) == (team.records, team.reviews)
    assert sum(len(story.entries) for story in stories if story) == team.entries
    assert sum(len(review.actions) for review in tracker.reviews) == team.actions
    assert len(done) == team.done


@EACH
def test_what_could_not_be_taken_is_named(team: Team) -> None:
    found, _ = imported(team.folder, team.pairs)
    assert tuple(one.path.partition(".")[0] for one in found.skipped) == team.skipped
    assert len(found.unplaced()) == team.unplaced
    told = Counter(defect.is_kept for defect in found.defects())
    assert (told[False], told[True]) == (team.left_out, team.kept)


@EACH
def test_the_check_finds_only_words_that_blame_and_what_looks_like_a_secret(team: Team) -> None:
    _, tracker = imported(team.folder, team.pairs)
    assert tracker.unread == ()
    assert Counter(one.code for one in check(tracker).findings) == (team.findings or {})


@EACH
def test_every_entry_is_read_back_at_its_time(team: Team) -> None:
    found, tracker = imported(team.folder, team.pairs)
    by_path = {incident.path: incident for incident in tracker.incidents}
    for one in found.files:
        story = one.settled.draft.story
        assert story is not None
        read_back = Counter(entry.at for entry in by_path[one.path].log.entries)
        assert Counter(entry.at for entry in story.entries) <= read_back


WORD = re.compile(r"[^\W\d_]{2,}")
# What is read and not repeated: fences, comments, heads of tables, halves of days, and months.
READ = re.compile(
    r"^\s*(?:`{3}|<!--|\|.*\| *Event *\|)|[0-9] ?[ap]m\b|^#+ [^a-z]*[A-Z][a-z]+,? [0-9]",
    re.IGNORECASE,
)
MEANT = re.compile(
    r"^(?:#+ |- \*\*)(?:lessons learned|responders|at+endees|key events|review actions"
    r"|actions following review)\W*$", re.IGNORECASE)  # fmt: skip
DEFINED = re.compile(r"^\[[^\]]+\]: |\]\[[^\]]+\]")


@EACH
def test_every_word_stands_in_the_record_or_its_review_or_its_line_is_named(team: Team) -> None:
    found, _ = imported(team.folder, team.pairs)
    reviews = {one.settled.draft.path: one.text for one in found.reviews}
    named = {(one.path, one.line) for one in found.unplaced()}
    lost = []
    for one in found.files:
        path = one.settled.draft.path
        text = html.unescape(one.text + reviews.get(path, "")).casefold()
        held = set(WORD.findall(text))
        for number, line in enumerate(sources(team.folder)[path].decode().split("\n"), start=1):
            if (path, number) in named or any(p.search(line) for p in (READ, MEANT, DEFINED)):
                continue
            words = WORD.findall(html.unescape(line).casefold())
            missing = [word for word in words if word not in held and word != "weight"]
            lost += [(path, number, word) for word in missing]
    assert lost == []


@EACH
def test_a_second_run_writes_nothing(team: Team) -> None:
    _, tracker = imported(team.folder, team.pairs)
    again = planned_files("markdown", sources(team.folder), *team.pairs, there=tracker)
    assert again.written() == ()


# --- published figures

REPAIR = {
    "2020-Q4": (1, "2h08"), "2021-Q1": (0, None), "2021-Q2": (2, "2h32"), "2021-Q3": (3, "3h28"),
    "2021-Q4": (1, "1h17"), "2022-Q1": (2, "1h05"), "2022-Q3": (1, "6h27"), "2022-Q4": (1, "0h27"),
}  # fmt: skip
RESOLVE = {
    "2020-Q4": (1, "8h46"), "2021-Q1": (0, None), "2021-Q2": (2, "2h44"), "2021-Q3": (3, "11h04"),
    "2021-Q4": (1, "1h17"), "2022-Q1": (2, "1h24"), "2022-Q3": (1, "6h27"), "2022-Q4": (1, "0h27"),
}  # fmt: skip


@pytest.fixture
def moj(empty_tracker: Typed) -> Typed:
    """A tracker with the incidents of the team that publishes means by quarter."""
    folder = Path(FOLDER, TEAMS[0].folder)
    command = ("import", "markdown", str(folder), "--map", "zone=Europe/London", "--write")
    said = empty_tracker.incident(*command)
    assert "wrote 22 records\n" in said.out
    return empty_tracker


def means(tracker: Typed, metric: str, *more: str) -> dict[str, tuple[int, str | None]]:
    """The stated means by period as the command prints them, truncated to the minute."""
    ask = ("metrics", "--stated", "--pooled", "--metric", metric, "--format", "json", *more)
    told = json.loads(tracker.incident(*ask).out)["metrics"]
    return {one["period"]: (one["n"], _minutes(one["mean"])) for one in told}


def _minutes(seconds: float | None) -> str | None:
    hours, minutes = divmod(int(seconds or 0) // 60, 60)
    return None if seconds is None else f"{hours}h{minutes:02}"


def test_the_published_means_by_quarter_are_those_of_the_stated_lengths(moj: Typed) -> None:
    for metric, published in (("time-to-mitigate", REPAIR), ("time-to-resolve", RESOLVE)):
        ours = means(moj, metric, "--by", "quarter")
        assert {quarter: ours[quarter] for quarter in published} == published


def test_two_quarters_agree_where_one_incident_is_filed_as_they_filed_it(moj: Typed) -> None:
    second = ("--since", "2020-04-01", "--until", "2020-08-04")
    third = ("--since", "2020-08-05", "--until", "2020-09-30")
    assert means(moj, "time-to-mitigate", *second) == {"": (2, "2h49")}
    assert means(moj, "time-to-resolve", *second) == {"": (2, "7h12")}
    assert means(moj, "time-to-mitigate", *third) == {"": (6, "0h59")}
    assert means(moj, "time-to-resolve", *third) == {"": (6, "7h13")}


def test_one_published_quarter_is_an_error_of_its_authors(moj: Typed) -> None:
    # Published: 1h22 and 2h36; the three entries give these.
    assert means(moj, "time-to-mitigate", "--by", "quarter")["2020-Q1"] == (3, "1h40")
    assert means(moj, "time-to-resolve", "--by", "quarter")["2020-Q1"] == (3, "2h42")


def test_an_outage_of_47_minutes_lasts_47_minutes_by_its_timeline() -> None:
    _, tracker = imported(TEAMS[-1].folder, ())
    (one,) = (i for i in tracker.incidents if i.id.startswith("2019-02-05"))
    assert one.between(Milestone.STARTED, Milestone.MITIGATED) == timedelta(minutes=47)


def test_the_command_writes_every_folder_and_a_second_run_changes_no_byte(
    empty_tracker: Typed,
) -> None:
    commands = [
        ("import", "markdown", str(Path(FOLDER, team.folder)), "--write",
         *(word for key, value in (*team.pairs, ("system", team.folder.partition("/")[0]))
           for word in ("--map", f"{key}={value}")))
        for team in TEAMS
    ]  # fmt: skip
    for command in commands:
        empty_tracker.incident(*command)
    files = {path: path.read_bytes() for path in empty_tracker.root.glob("*/20*/*.md")}
    assert Counter(path.parent.parent.name for path in files) == {"incidents": 77, "pir": 64}
    for command in commands:
        assert "wrote" not in empty_tracker.incident(*command).out
    assert {path: path.read_bytes() for path in files} == files
