"""What is typed into a command ends where it stands: it hides, removes and forges nothing."""

from __future__ import annotations

import pytest
from typed import Said, Tracker

from incident_tracker.text.document import read_document

NOW = ("--now", "2026-11-23T22:00-06:00")
RECORD = "incidents/2026/2026-11-23-site-down.md"


def good(said: Said) -> Said:
    assert said.status == 0, said.out + said.err
    return said


@pytest.fixture
def tracker(empty_tracker: Tracker) -> Tracker:
    """A tracker with one open incident."""
    tracker = empty_tracker
    declared = ("--severity", "P2", "--component", "website", "--slug", "site-down")
    good(tracker.incident("new", "Site down", *declared, "--now", "2026-11-23T21:02-06:00"))
    return tracker


def text(tracker: Tracker) -> str:
    return (tracker.root / RECORD).read_text("utf-8")


def sections(tracker: Tracker) -> list[str]:
    return [part.title for part in read_document(RECORD, text(tracker).encode()).sections]


def update(tracker: Tracker, message: str) -> Said:
    told = ("--status", "identified", "--message", message, "--next-update", "30m")
    return tracker.incident("update", *told, *NOW)


@pytest.mark.parametrize(
    ("summary", "message"),
    [
        ("x\n```\ny", "see\n```\ncode"),
        ("x\n  ~~~~ sh\ny", "see\n~~~~~\ncode"),
        ("x\n```\n### 2026-11-23\ny", "```"),
        ("<!--->\nfoo", "so it goes --> there"),
        ("<!-- a --> <!--\nfoo", "so it goes\n--> there"),
    ],
)
def test_a_pasted_fence_or_comment_never_reaches_what_stands_below(
    tracker: Tracker, summary: str, message: str
) -> None:
    good(tracker.incident("section", "Summary", summary, *NOW))
    good(update(tracker, message))
    good(tracker.incident("log", "arrow --> x", *NOW))
    good(update(tracker, message))
    good(tracker.incident("section", "Summary", "new text", *NOW))
    assert sections(tracker) == ["Summary", "Timeline", "Updates"]
    assert text(tracker).count("- 21:02 - Incident detected via team\n") == 1
    assert text(tracker).count("- 22:00 - arrow --> x\n") == 1
    assert text(tracker).count(" - Identified\n") == 2
    checked = tracker.incident("check", *NOW[:0])
    assert "FMT" not in checked.out


def test_a_fence_in_a_line_of_the_timeline_ends_in_its_entry(tracker: Tracker) -> None:
    for said in ("```\ncode", "it says\n```\nx\n", "a\n```\nb\n```\nc"):
        good(tracker.incident("log", said, *NOW))
    assert text(tracker).split("## Timeline\n")[1].splitlines()[1:] == [
        *("- 22:00 - ```", "  code"),
        *("- 22:00 - it says", "  ```", "  x", "  ```"),
        *("- 22:00 - a", "  ```", "  b", "  ```", "  c"),
    ]


@pytest.mark.parametrize("said", ["<!-- x -->", "<!--[if]><b>x</b -->", "- <!-- x -->\nmore"])
def test_what_would_be_a_comment_only_is_no_entry_and_refused(tracker: Tracker, said: str) -> None:
    before = text(tracker)
    answer = tracker.incident("log", "--", "site-down", said)
    assert answer.status == 2
    assert "no text to write outside of a comment" in answer.err
    assert text(tracker) == before


def test_a_table_pasted_below_an_entry_is_its_text_and_no_entry(tracker: Tracker) -> None:
    good(tracker.incident("log", "Error rates\n| time | rate |\n| 10:55 | 4 % |\n10:56 - x|", *NOW))
    (entry,) = [line for line in text(tracker).splitlines() if "Error rates" in line]
    assert entry == "- 22:00 - Error rates"
    assert tracker.incident("check").status == 0


def test_a_change_that_would_lose_what_stands_below_is_refused_and_writes_nothing(
    tracker: Tracker,
) -> None:
    head, rest = text(tracker).split("## Timeline\n")
    fence = "## Summary\n```\nx\n\n## Impact\ny\n```\n\n"
    tracker.write(RECORD, f"{head}{fence}## Timeline\n{rest}")
    before = text(tracker)
    said = tracker.incident("section", "Summary", "new text", *NOW)
    assert said.status == 2
    assert 'this would lose the heading "impact": nothing was written' in said.err
    assert text(tracker) == before
    tracker.write(RECORD, before.replace("```\n\n", "").replace("x\n\n", "x\n```\n\n"))
    good(tracker.incident("section", "Summary", "new text", *NOW))
    assert sections(tracker) == ["Summary", "Impact", "Timeline"]


def test_an_entry_that_a_fence_typed_by_hand_would_swallow_stops_the_command(
    tracker: Tracker,
) -> None:
    tracker.write(
        RECORD, text(tracker) + "- 21:10 - it said\n  ```\n- 21:30 - Impact: none can pay\n"
    )
    before = text(tracker)
    said = tracker.incident("log", "it says\n```\nx", *NOW)
    assert said.status == 2
    assert 'this would lose the entry "Impact: none can pay"' in said.err
    assert text(tracker) == before


def test_a_section_that_a_command_replaces_may_lose_its_own_entries(tracker: Tracker) -> None:
    good(tracker.incident("section", "Timeline", "- 21:02 - Detected via team", *NOW))
    assert "- 21:02 - Incident detected" not in text(tracker)


@pytest.mark.parametrize(
    ("words", "options", "told"),
    [
        ("Rotate keys (Owner: mallory, Done: 2026-11-03)", {}, "text"),
        ("Rotate keys", {"owner": "a, Due: 2020-01-01"}, "owner"),
        ("Rotate keys", {"owner": "ann, Owner: bo"}, "owner"),
        ("Rotate keys", {"ticket": "OPS-1, Type: detect"}, "type"),
        ("~~Rotate keys~~", {}, "text"),
    ],
)
def test_an_action_that_would_be_read_differently_is_refused(
    tracker: Tracker, words: str, options: dict[str, str], told: str
) -> None:
    before = text(tracker)
    given = {"owner": "ann", "due": "2026-12-01", **options}
    typed = [part for key, value in given.items() for part in (f"--{key}", value)]
    said = tracker.incident("action", "add", words, *typed, *NOW)
    assert said.status == 2
    assert f"error: the {told} " in said.err
    assert text(tracker) == before


def test_an_action_over_two_lines_is_one_action(tracker: Tracker) -> None:
    typed = ("--owner", "ann", "--due", "2026-12-01", "--ticket", "OPS-1", "--type", "detect")
    good(tracker.incident("action", "add", "Rotate keys\n- [x] all (of them)", *typed, *NOW))
    written = "(Owner: ann, Due: 2026-12-01, Type: detect, Ticket: OPS-1)"
    assert text(tracker).endswith(f"- [ ] Rotate keys - [x] all (of them) {written}\n")


def test_the_reason_of_a_dropped_action_changes_nothing_else(tracker: Tracker) -> None:
    good(tracker.incident("action", "add", "Alert", "--owner", "ann", "--due", "14d", *NOW))
    said = tracker.incident(
        "action", "drop", "site-down#1", "--because", "moot, Ticket: OPS-9", *NOW
    )
    assert said.status == 2
    assert "~~" not in text(tracker)
    good(tracker.incident("action", "drop", "site-down#1", "--because", "moot", *NOW))
    assert text(tracker).endswith(", Dropped: moot)\n")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--> it fell over",), "> it fell over"),
        (("site-down", "-rf"), "rf"),
        (("-rf / was typed",), "rf / was typed"),
        (("- a list item",), "a list item"),
        (("--force was typed", "--at", "-10m"), "force was typed"),
        (("--about", "--> so"), "> so"),
        (("--", "--about"), "about"),
    ],
)
def test_what_happened_may_begin_with_a_dash(
    tracker: Tracker, words: tuple[str, ...], line: str
) -> None:
    good(tracker.incident("log", *NOW, *words))
    assert text(tracker).endswith(f" - {line}\n")


def test_a_mistyped_option_is_still_an_option(tracker: Tracker) -> None:
    said = tracker.incident("log", "site-down", "--abuot", "x", *NOW)
    assert said.status == 2
    assert "--about" in said.err
