"""What somebody writes beside a list that a page builds anew stands on the page as well."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from reading import protocol

from incident_tracker import pages
from incident_tracker.examples import PATHS, good_files, tracker_of

pytestmark = pytest.mark.usefixtures("own_pages")

NOW = datetime(2026, 12, 1, 19, 32, tzinfo=UTC)


def shown(kind: str, title: str, text: str) -> str:
    """The Markdown of a good record's page, with a text at the end of a section of its file."""
    path = PATHS[kind]
    files = dict(good_files())
    before, heading, behind = files[path].decode().partition(f"## {title}\n")
    body, next_, rest = behind.partition("\n## ")
    files[path] = f"{before}{heading}{body.rstrip()}\n\n{text}\n{next_}{rest}".encode()
    made = pages.build(tracker_of(files, protocol()), pages.Site(now=NOW))
    return next(page.markdown for page in made if page.path == path)


@pytest.mark.parametrize("title", ["Checklist", "Action Items"])
@pytest.mark.parametrize("kind", ["incident", "review"])
def test_a_remark_beside_a_list_is_shown_behind_it(kind: str, title: str) -> None:
    page = shown(kind, title, "We *looked* twice.\n\nThen <b onclick=alert(1)>slept</b>.")
    assert "\nWe *looked* twice.\n\nThen " in page
    assert "<b onclick" not in page


def test_a_comment_beside_a_list_is_no_remark() -> None:
    assert shown("incident", "Checklist", "<!-- not for readers -->") == shown(
        "incident", "Checklist", ""
    )
