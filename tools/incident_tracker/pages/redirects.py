"""Pages at the old addresses of records that are called otherwise now: they lead on, no more."""

from collections.abc import Iterator
from posixpath import dirname, relpath

from markupsafe import escape

from incident_tracker.model import Tracker

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="robots" content="noindex">
<link rel="canonical" href="{to}">
<meta http-equiv="refresh" content="0; url={to}">
</head>
<body>
<p>This record is called otherwise now: <a href="{to}">{title}</a>.</p>
</body>
</html>
"""


def redirects(tracker: Tracker, *, folders: bool) -> Iterator[tuple[str, str]]:
    """Yield the address in the site and the HTML of a page for each former name of a record.

    ``folders`` says whether a page is a folder with an index.html. A name that another record
    bears today leads nowhere: that record's page is there.
    """
    reviewed = {review.incident for review in tracker.reviews}
    there = {incident.id for incident in tracker.incidents}
    for incident in tracker.incidents:
        for old in incident.formerly:
            if old in there:
                continue
            for kind in ("incidents", *(["pir"] if incident.id in reviewed else [])):
                old_place = _place(kind, old, folders=folders)
                new_place = _place(kind, incident.id, folders=folders)
                to = relpath(new_place, dirname(old_place))
                yield old_place, PAGE.format(title=escape(incident.title), to=escape(to))


def _place(kind: str, record_id: str, *, folders: bool) -> str:
    end = "/index.html" if folders else ".html"
    return f"{kind}/{record_id[:4]}/{record_id}{end}"
