"""Pages at the old addresses of records that are called otherwise by now: they lead on, no more."""

from collections.abc import Iterator
from posixpath import dirname, relpath

from markupsafe import escape

from incident_tracker.model import Tracker
from incident_tracker.parse import id_problem

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="canonical" href="{to}">
<meta http-equiv="refresh" content="0; url={to}">
</head>
<body>
<p>This record is now called <a href="{to}">{title}</a>.</p>
</body>
</html>
"""


def redirects(tracker: Tracker, *, folders: bool) -> Iterator[tuple[str, str]]:
    """Yield the address in the site and the HTML of a page for each former name of a record.

    ``folders`` says whether a page is a folder with an index.html. A name that another record
    bears today, or that two had, leads nowhere else; nor does what cannot be a name.
    """
    there = {record.path for record in tracker.records} | {u.path for u in tracker.unread}
    led: set[str] = set()
    for incident in tracker.incidents:
        for old in incident.formerly:
            if id_problem(old) or _path("incidents", old) in there or old in led:
                continue
            led.add(old)
            for kind in ("incidents", "pir"):
                former, path = _path(kind, old), _path(kind, incident.id)
                if path in there and former not in there:
                    old_place, new_place = (_place(p, folders=folders) for p in (former, path))
                    to = relpath(new_place, dirname(old_place))
                    yield old_place, PAGE.format(title=escape(incident.title), to=escape(to))


def _path(kind: str, record_id: str) -> str:
    return f"{kind}/{record_id[:4]}/{record_id}.md"


def _place(path: str, *, folders: bool) -> str:
    return path.removesuffix(".md") + ("/index.html" if folders else ".html")
