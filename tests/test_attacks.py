"""Texts written to hurt: nothing of a record vanishes, and the time follows the size."""

from __future__ import annotations

import time

import pytest
from reading import protocol

from incident_tracker.parse import Parsed, parse
from incident_tracker.text.comments import without_comments
from incident_tracker.text.document import read_document
from incident_tracker.text.fences import Hiding

FRONT = "---\ntitle: Site down\nseverity: P2\nstatus: investigating\n---\n"
DETECTED = "- 14:00 - Incident detected via team\n"


def parsed(text: str) -> Parsed:
    return parse(read_document("incidents/2026/2026-11-03-x.md", text.encode()), protocol())


def filled(line: str, size: int = 245_000) -> str:
    return line * (size // len(line.encode()))


def timeline(text: str, size: int = 245_000) -> str:
    return FRONT + "## Timeline\n" + DETECTED + filled(f"- 14:05 - {text}\n", size)


SLOW = {
    "comments in a summary": FRONT + "## Summary\n" + filled("<!--" * 4_000 + "\n"),
    "comments in a timeline": timeline("<!--" * 475),
    "comments over lines": FRONT + "## Summary\n" + filled("<!--\n"),
    "closed comments": FRONT + "## Summary\n" + filled("<!---->" * 2_700 + "\n"),
    "waivers of a line": FRONT + filled("<!-- incident: ok " * 1_000 + "\n"),
    "waivers without an end": FRONT + filled("<!-- incident: ok A b " * 900 + "\n"),
    "fences, each shorter": FRONT
    + "".join("`" * size + "a\n" for size in range(450, 3, -1))
    + "\n" * 120_000,
    "fences and headings": FRONT + filled("````a\n### 2026-11-03\n", 14_000) + "```\n" * 700,
    "commas": timeline("Decision: " + ", " * 940 + "x"),
    "tabs": timeline("Cancelled: duplicate of " + "\t" * 1_900 + "x"),
    "blanks behind a source": timeline("Detected via " + " " * 1_900 + "x"),
    "blanks behind a phrase": timeline("Resolution implemented " + " " * 1_900 + "x"),
    "blanks between parties": timeline("Notified: x" + " " * 1_890 + "y"),
    "blanks in a change": timeline("Severity changed: P1" + " " * 1_900 + "x"),
    "signs of a ticket": timeline("Notified: a, ticket " + "#" * 1_870 + " x y"),
    "slashes of evidence": timeline("Evidence: " + "a/" * 930 + "\tx"),
    "odd blanks of evidence": timeline("Evidence: " + "a/" * 930 + "\u00a0x"),
    "blanks in an action": FRONT
    + "## Action Items\n"
    + filled("- [ ] x" + " " * 18_000 + "(Owner: a\n"),
    "blanks in a box": FRONT + "## Checklist\n" + filled("- [ ] x" + " " * 18_000 + "y\n"),
    "blanks in a heading": FRONT + filled("## x" + " " * 15_000 + "y\n"),
    "fields": "---\n" + "".join(f"statu{n}: v\n" for n in range(16_000)) + "---\n",
    "attendees": FRONT.replace("---\n", f"---\nattendees: [{'a, ' * 70_000}a]\n", 1),
}


@pytest.mark.parametrize("text", SLOW.values(), ids=list(SLOW))
def test_a_full_record_of_one_text_is_read_in_two_seconds(text: str) -> None:
    before = time.process_time()
    read = parsed(text)
    assert time.process_time() - before < 2
    assert read.faults or read.record


def test_unknown_fields_are_named_up_to_twenty_and_counted_beyond() -> None:
    fields = "".join(f"statu{n}: v\n" for n in range(50))
    faults = parsed(FRONT.replace("---\n", f"---\n{fields}", 1)).faults
    unknown = [fault for fault in faults if fault.code == "FMT002"]
    assert len(unknown) == 20
    assert unknown[-1].note == "and 30 more such lines"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a<!-- b -->c", "ac"),
        ("a<!-- b\nc -->d", "ad"),
        ("a<!--b", "a<!--b"),
        ("<!-->-->x", "x"),
        ("<!-- a --><!-- b", "<!-- b"),
    ],
)
def test_only_a_closed_comment_is_left_out(text: str, left: str) -> None:
    assert without_comments(text) == left


def test_each_length_of_a_fence_is_searched_for_once() -> None:
    class Counted(list[str]):
        reads = 0

        def __getitem__(self, index: object) -> str:  # type: ignore[override] # by number only
            Counted.reads += 1
            return super().__getitem__(index)  # type: ignore[call-overload, no-any-return] # passed on

    def reads(count: int) -> int:
        lines = Counted(["````a", "### 2026-11-03"] * count + ["```", "-->"] * count)
        hiding = Hiding(lines, 0)
        Counted.reads = 0
        for index in range(len(lines)):
            hiding.fence_end(index)
            hiding.comment_end(index, 0)
        return Counted.reads

    assert reads(2_000) <= 3 * reads(1_000)


@pytest.mark.parametrize(
    ("summary", "update", "line", "what"),
    [
        ("x\n```\ny", "see\n```\ncode", 8, "code fence"),
        ("x\n~~~~ text\ny", "see\n~~~~~\ncode", 8, "code fence"),
        ("x\n<!--\ny", "see -->", 8, "comment"),
        ("x\n<!--->\ny", "see --> that", 8, "comment"),
    ],
)
def test_what_is_open_across_a_heading_hides_nothing_and_is_an_error(
    summary: str, update: str, line: int, what: str
) -> None:
    head = f"## Summary\n{summary}\n\n## Timeline\n{DETECTED}\n## Updates\n\n"
    first = f"### 2026-11-03 14:20 - Investigating\n{update}\n\n"
    last = "### 2026-11-03 14:40 - Resolved\nIt works.\n"
    read = parsed(FRONT + head + first + last)
    assert [(f.code, f.position.line) for f in read.faults] == [("FMT021", line)]
    assert read.faults[0].message == f'a {what} hides a heading: "## Timeline" on line 11'
    assert read.record is not None
    assert [section.title for section in read.record.sections] == ["Summary", "Timeline", "Updates"]
    log = read.record.log  # type: ignore[attr-defined] # an incident
    assert len(log.entries) == 1
    assert [update.status for update in log.updates] == ["investigating", "resolved"]


def test_two_updates_with_open_fences_are_both_read_and_the_first_fence_is_an_error() -> None:
    updates = "".join(
        f"### 2026-11-03 14:{minute} - Identified\nsee\n```\ncode\n\n" for minute in (20, 40, 50)
    )
    read = parsed(f"{FRONT}## Timeline\n{DETECTED}\n## Updates\n\n{updates}")
    assert {fault.code for fault in read.faults} == {"FMT021"}
    assert len(read.record.log.updates) == 3  # type: ignore[union-attr] # it was read


def test_code_that_shows_another_heading_stays_code() -> None:
    text = "## Summary\n```\n## not ours\n# nor this\n  ## Timeline\n```\n\n## Timeline\n"
    assert parsed(FRONT + text + DETECTED).faults == ()


def test_a_heading_of_a_section_that_nothing_reads_is_not_hidden_in_silence() -> None:
    text = "## Summary\n```\nx\n\n## Impact\n```\ny\n\n## Timeline\n"
    assert [fault.code for fault in parsed(FRONT + text + DETECTED).faults] == ["FMT021"]


def test_a_runbook_may_show_a_record_as_code() -> None:
    text = b"---\ntitle: x\n---\n## How\n```\n## Timeline\n```\n"
    assert [section.title for section in read_document("runbooks/x.md", text).sections] == ["How"]
