"""Headings of sections: what is nearly one is asked about, everything else is free."""

from __future__ import annotations

import pytest
from reading import protocol

from incident_tracker.finding import Fault
from incident_tracker.log.headings import heading_faults
from incident_tracker.text.document import read_document
from incident_tracker.text.edit import apply


def faults(body: str, path: str = "incidents/2026/2026-11-03-x.md") -> tuple[Fault, ...]:
    return heading_faults(read_document(path, f"---\n---\n{body}\n".encode()), protocol())


def mended(body: str) -> str:
    text = f"---\n---\n{body}"
    return apply(text, [edit for fault in faults(body) for edit in fault.fix])[8:]


@pytest.mark.parametrize(
    "body",
    [
        "# Search was down for an hour\n## Timeline\n### 2026-11-04\n- 10:00 - text",
        "## What the vendor said\n### Impact\nNone.",
        "## Summary\n```\n# Timeline\n## Timelime\n```",
        "## timeline\n- 10:00 - text",
        "## Updates\n### 2026-11-03 10:00 - Fixing\nText.\n#### Impact\nNone.",
        "## Notes\n### Timeline\nThe vendor's.\n\n## Timeline\n- 10:00 - text",
        "## Impact on the newsletter\n## Timeline of the vendor\n## Notes: database\n## Next Steps",
    ],
)
def test_other_headings_are_free(body: str) -> None:
    assert faults(body) == ()


@pytest.mark.parametrize(
    "heading",
    [
        "# Timeline",
        "### Timeline",
        "#### timeline",
        "## Timelime",
        "## Tiemline",
        "##Timlines",
        "## **Timeline**",
        "## Timeline:",
        "## 3. Timeline",
        "# Timelime #",
    ],
)
def test_a_clear_heading_is_mended(heading: str) -> None:
    found = faults(f"{heading}\n- 10:00 - text")
    assert [(f.code, f.position.line, f.help) for f in found] == [
        ("FMT020", 3, "did you mean ## Timeline?")
    ]
    assert mended(f"{heading}\n- 10:00 - text") == "## Timeline\n- 10:00 - text"


@pytest.mark.parametrize("heading", ["## Timelime", "## Timeline", "# Timeline"])
def test_a_section_that_stands_there_already_is_not_made_twice(heading: str) -> None:
    found = faults(f"## Timeline\n- 10:00 - text\n\n{heading}\n- 10:05 - text")
    assert [(f.position.line, f.fix) for f in found] == [(6, ())]
    assert "on line 3" in (found[0].help or "")


def test_a_timeline_with_its_zone_in_the_heading_is_asked_about_and_left_as_it_is() -> None:
    found = faults("## Timeline (UTC)\n- 10:00 - text")
    assert [(f.code, f.fix) for f in found] == [("FMT020", ())]


def test_a_section_of_a_review_is_missed_at_a_deeper_level() -> None:
    body = "## Timeline\n### Root Cause\nA release.\n### Looking back\nIt went well."
    found = faults(body, "pir/2026/2026-11-03-x.md")
    assert [f.help for f in found] == ["did you mean ## Root Cause?"]
