"""What a build of the site knows besides the records: their history and hand-written texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from incident_tracker.audience import Audience, withheld
from incident_tracker.coverage import Requirement, read_coverage
from incident_tracker.errors import TrackerError
from incident_tracker.formats.home import Home
from incident_tracker.history.log import revisions_of
from incident_tracker.history.revisions import commit_of
from incident_tracker.model import Tracker
from incident_tracker.pages import Site
from incident_tracker.workspace import Workspace

COVERAGE = "protocol/coverage.yml"
TEXTS = ("protocol/incident-response.md", "protocol/severities.md")


def site_of(
    workspace: Workspace, now: datetime, edit_url: str, home: Home, audience: Audience
) -> Site:
    """Return what the pages may know; TrackerError where the table of requirements has faults."""
    return Site(
        now=now,
        edit_url=edit_url,
        commit=commit_of(workspace.root),
        revisions=revisions_of(workspace.root),
        texts={path: text for path in TEXTS if (text := workspace.text(path)) is not None},
        requirements=_requirements(workspace),
        home=home,
        audience=audience,
    )


def public_site_of(workspace: Workspace, tracker: Tracker, now: datetime, home: Home) -> Site:
    """Return what the pages for everybody may know besides the published records: next to nothing.

    ``tracker`` is the whole one; the commit is no more than an id.
    """
    kept_back = set(withheld(tracker))
    return Site(
        now=now,
        audience=Audience.PUBLIC,
        commit=commit_of(workspace.root),
        withheld=sum(i.path in kept_back for i in tracker.incidents),
        home=home,
    )


def _requirements(workspace: Workspace) -> Sequence[Requirement]:
    """The rows of the tracker's table of requirements, where it keeps one."""
    text = workspace.text(COVERAGE)
    table, faults = (None, ()) if text is None else read_coverage(text)
    if faults:
        raise TrackerError(
            "\n".join(f"{COVERAGE}:{f.position.line}: {f.message}" for f in faults),
            f"mend {COVERAGE}",
        )
    return table.rows if table else ()
