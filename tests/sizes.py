"""Trackers of every size, and one of texts that are hard to set: for tests that look at pages.

`python tests/sizes.py FOLDER` writes them all. The same bytes each time.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from incident_tracker import pages, starter

ROOT = Path(__file__).parents[1]
ZONE = ZoneInfo("America/Chicago")
MOMENT = 1_795_566_600  # 2026-11-25 00:30 UTC
# What is open or planned now, and what happened in the hour that came twice.
ONCE = ("volunteer-import-slow", "database-upgrade", "donations-slow")
ONE = "2026-11-03-site-down"
QUARTER = timedelta(weeks=13)
DAY = re.compile(r"\b(20\d\d-\d\d-\d\d)(?:T(\d\d:\d\d)[+-]\d\d:\d\d)?")
KEPT = (
    "protocol/",
    "runbooks/",
    "evidence/",
    "mkdocs-public.yml",
    "docs-public/",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hard:
    """Texts that are hard to set: how people may write who do not write English."""

    name: str
    title: str
    sentence: str
    cause: str
    owner: str


LONG = "W" * 60 + "-" + "x" * 139
HARD = (
    Hard(
        name="unbroken",
        title=LONG,
        sentence=f"Read https://example.org/{'a' * 150}?q={'b' * 60} and {'c' * 120}.",
        cause="donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft",
        owner="wolfeschlegelsteinhausenbergerdorff",
    ),
    Hard(
        name="two-hundred",
        title=("The page on which volunteers choose a shift shows yesterday's list to some, " * 3)[
            :200
        ],
        sentence="It is as slow as on the evening of the debate, and nobody knows why. " * 8,
        cause="worker-setting-changed-unseen-by-everybody",
        owner="mara-of-the-second-evening-shift",
    ),
    Hard(
        name="hebrew",
        title="טופס התרומות לא עובד (שגיאה 503), נבדק ב-HTTP/2!",
        sentence="טופס התרומות מחזיר שגיאה 503. גרסה 4.2.0 הוחזרה לגרסה 4.1.7, ראו PR #12.",
        cause="plugin-untested",
        owner="דנה",
    ),
    Hard(
        name="arabic",
        title="تعذّر فتح صفحة التبرعات: خطأ (HTTP 503)",
        sentence="تعذّر فتح الصفحة منذ 13:58. عاد الإصدار 4.1.7، انظر OPS-412.",
        cause="plugin-untested",
        owner="ليلى",
    ),
    Hard(
        name="mixed",
        title="Event «יום הבוחר» 🎉: sign-up fails, 25 % of tries (ראו OPS-9)",
        sentence="The page «יום הבוחר (2026)» shows «خطأ 503» to 25 % 🙈👩🏽‍🚒 of all who try.",
        cause="cache-rule",
        owner="دانا-dana",
    ),
    Hard(
        name="marks",
        title="Ṱ̈̂ḧ̂ế̈ p̂̈ầ̈g̈̂e̎̂ o̯̤f̤̱ Nguyễn Ễộ้้ ที่นั่น क्षेत्रीय ਪੰਜਾਬੀ 縦書きの題名",
        sentence="ท่านที่นั่งที่นี่ ผู้ใหญ่ที่นั่น Ễộữậ क्षेत्रीय समिति の題名 ཧཱུྃ๎ Z̸̡̛͉͍̯̻̟͒̑̀̑͠ḁ̵̢̛̛̘̗̠̮̏̈́́̕l̷̢̢̗̝̖̄̑̎̈́͘g̶̢̛̘̮̏̀̈́o̷̢̗̝̎̈́.",
        cause="fonts-missing",
        owner="nguyễn",
    ),
)


def write(folder: Path, size: str) -> Path:
    """A new tracker: "none", "one", "thirty", "four-hundred" incidents, or "hard" texts."""
    _begin(folder)
    if size == "hard":
        _hard(folder)
    else:
        _copies(folder, {"none": 0, "one": 1, "thirty": 30, "four-hundred": 400}[size])
    if size in {"thirty", "four-hundred"}:
        _put(folder, "incidents/2026/2026-11-24-open.md", open_incident(None))
    return folder


SIZES = ("none", "one", "thirty", "four-hundred", "hard")


def site(
    folder: Path,
    config: str = "mkdocs.yml",
    *,
    at: int = MOMENT,
    only: Callable[[str], bool] | None = None,
) -> Path:
    """The site of a tracker as it is built at a moment: with the pages that a path is good for.

    A page that is left out is computed all the same, so that the others are as they would be.
    """
    built = folder / f"site-{Path(config).stem}-{at}"
    every = pages.build
    links = {"not_found": "warn" if only is None else "ignore"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(at))
        if only is not None:
            patch.setattr(
                pages, "build", lambda *known: [page for page in every(*known) if only(page.path)]
            )
        read = load_config(
            str(folder / config), site_dir=str(built), strict=True, validation={"links": links}
        )
        build(read)
    return built


def _begin(folder: Path) -> None:
    for file in starter.files(demo=True):
        if file.path.as_posix().startswith(KEPT):
            _put(folder, file.path.as_posix(), file.content.decode("utf-8"))
    _put(folder, "docs/start.md", "# Start\n")
    config = (ROOT / "mkdocs.yml").read_text("utf-8")
    _put(folder, "mkdocs.yml", re.sub(r"(?ms)^nav:\n.*?\n\n", "", config))


def _put(folder: Path, path: str, text: str) -> None:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")


def _copies(folder: Path, number: int) -> None:
    """This repository's own records, the newest first, again for each quarter before."""
    components = folder / "protocol" / "components.yml"
    since = re.sub(r"since: \S+", "since: 2019-01-01", components.read_text("utf-8"))
    components.write_text(since, "utf-8")
    own = sorted((ROOT / "incidents").rglob("*.md"), key=lambda path: path.name, reverse=True)
    begun = own if number != 1 else [path for path in own if path.stem == ONE]
    again = [path for path in begun if not path.stem.endswith(ONCE)] if number > 1 else begun
    copies = ((path, QUARTER * step) for step in count() for path in (again if step else begun))
    for path, back in islice(copies, number):
        for one in (path, ROOT / "pir" / path.relative_to(ROOT / "incidents")):
            if one.is_file():
                name = _earlier(one.name, back)
                target = f"{one.relative_to(ROOT).parts[0]}/{name[:4]}/{name}"
                _put(folder, target, _earlier(one.read_text("utf-8"), back))


def _earlier(text: str, back: timedelta) -> str:
    """The text with every day in it so much earlier, and the offset of that day."""

    def moved(found: re.Match[str]) -> str:
        day = date.fromisoformat(found[1]) - back
        if found[2] is None:
            return day.isoformat()
        at = datetime.fromisoformat(f"{day}T{found[2]}").replace(tzinfo=ZONE)
        return at.isoformat(timespec="minutes")

    return DAY.sub(moved, text) if back else text


def open_incident(hard: Hard | None) -> str:
    """A P0 that is open, in the words of a hard text or in plain ones."""
    return _filled(OPEN, hard or PLAIN)


PLAIN = Hard(
    name="plain",
    title="No page opens, and no donation goes through",
    sentence="Every page answers with an error since two minutes past six.",
    cause="unknown",
    owner="bo",
)


def _hard(folder: Path) -> None:
    listed = (folder / "protocol" / "components.yml").read_text("utf-8")
    for number, hard in enumerate(HARD):
        day = f"2026-{10 - number:02}-14"
        for kind, text in (("incidents", CLOSED), ("pir", REVIEW)):
            _put(folder, f"{kind}/2026/{day}-{hard.name}.md", _filled(text, hard, day))
        _put(folder, f"incidents/2026/2026-11-24-{hard.name}-open.md", open_incident(hard))
        _put(folder, f"runbooks/{hard.name}.md", _filled(RUNBOOK, hard))
        listed += (
            f"  - id: {hard.name}\n    name: {_quoted(hard.title)}\n"
            f"    group: {_quoted(hard.title[:90])}\n"
            f"    description: {_quoted(hard.sentence)}\n    since: 2025-11-05\n"
            f"    hosted_by: '{hard.owner}'\n"
        )
    _put(folder, "protocol/components.yml", listed)


def _filled(text: str, hard: Hard, day: str = "2026-11-24") -> str:
    at = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=ZONE)
    sentence = hard.sentence.strip()
    return Template(text).substitute(
        TITLE=_quoted(hard.title),
        SUMMARY=_quoted(sentence[:480]),
        SENTENCE=sentence,
        PLAINTITLE=hard.title,
        CAUSE=hard.cause,
        OWNER=hard.owner,
        NAME=hard.name,
        DAY=day,
        OFFSET=at.isoformat()[-6:],
        HELD=(at + timedelta(days=3)).date(),
        LATER=(at + timedelta(days=30)).date(),
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


OPEN = """\
---
title: $TITLE
severity: P0
status: investigating
kind: outage
components: {website: major_outage, donations: partial_outage}
detected_by: monitoring
started_at: ${DAY}T18:02$OFFSET
detected_at: ${DAY}T18:06$OFFSET
acknowledged_at: ${DAY}T18:09$OFFSET
roles: {ic: $OWNER, technical_lead: $OWNER}
visibility: public
public_summary: $SUMMARY
protocol: 2.0.0
---
## Timeline
- 18:02 - Impact started: $SENTENCE
- 18:06 - Incident detected via monitoring: $SENTENCE
- 18:09 - Acknowledged by $OWNER
- 18:10 - Notified: on-call team, team lead, campaign manager via phone
- 18:11 - IC assigned: $OWNER, investigation started
- 18:11 - Technical lead assigned: $OWNER
- 18:15 - Triage complete: real, P0, $SENTENCE
- 18:15 - Impact: $SENTENCE
- 18:20 - $SENTENCE

## Updates
### $DAY 18:17 - Investigating
$SENTENCE
- Impact: $SENTENCE
- Next steps: $SENTENCE
- ETA: unknown
- Next update: 18:40
- Approved by: $OWNER
"""
CLOSED = """\
---
title: $TITLE
severity: P1
status: closed
kind: outage
components: {$NAME: major_outage, website: degraded_performance}
detected_by: monitoring
started_at: ${DAY}T13:58$OFFSET
detected_at: ${DAY}T14:05$OFFSET
acknowledged_at: ${DAY}T14:09$OFFSET
mitigated_at: ${DAY}T16:31$OFFSET
resolved_at: ${DAY}T16:40$OFFSET
verified_at: ${DAY}T17:15$OFFSET
closed_at: ${DAY}T17:30$OFFSET
roles: {ic: $OWNER, technical_lead: $OWNER}
resolution: rollback
root_cause: $CAUSE
visibility: public
public_summary: $SUMMARY
protocol: 2.0.0
---
## Summary
$SENTENCE

## Timeline
- 13:58 - Impact started: $SENTENCE
- 14:05 - Incident detected via monitoring: $SENTENCE
- 14:09 - Acknowledged by $OWNER
- 14:10 - Notified: on-call team, team lead via phone
- 14:12 - IC assigned: $OWNER, investigation started
- 14:12 - Technical lead assigned: $OWNER
- 14:16 - Triage complete: real, P1, $SENTENCE
- 14:16 - Impact: $SENTENCE
- 14:22 - Checked: changes, dashboards, functionality: $SENTENCE
- 14:24 - Root cause hypothesis: $SENTENCE
- 14:41 - Runbook used: $NAME, fix 1 - worked
- 15:10 - Decision: go back (recent deployment: yes) because $SENTENCE
- 15:12 - Assigned: $OWNER, $SENTENCE
- 16:24 - Hypothesis confirmed: $SENTENCE
- 16:31 - Service restored: $SENTENCE
- 16:40 - Resolution implemented (rollback): $SENTENCE
- 16:43 - TODO: $SENTENCE
- 17:15 - Verification complete
- 17:30 - Incident closed by $OWNER

## Updates
### $DAY 14:20 - Investigating
$SENTENCE
- Impact: $SENTENCE
- Next steps: $SENTENCE
- ETA: unknown
- Next update: 14:50

### $DAY 17:20 - Resolved
$SENTENCE
- Root cause: $SENTENCE
- Prevention: $SENTENCE
- Sent: on-call team, team lead, status page

## Checklist
- [x] Functionality restored ($SENTENCE)
- [x] Monitoring shows healthy ($SENTENCE)
- [x] Users can access system ($SENTENCE)
- [x] No new errors in logs
- [x] Performance acceptable
- [x] No side effects observed
"""
REVIEW = """\
---
status: published
held_at: ${HELD}T10:00$OFFSET
published_at: ${HELD}T15:00$OFFSET
attendees: [$OWNER]
visibility: public
---
## Incident Summary
$SENTENCE

## Timeline
Learned afterwards:
- $DAY 13:55 - $SENTENCE

## Impact
- Users affected: $SENTENCE
- Business impact: $SENTENCE

## Root Cause
$SENTENCE

## What Went Well
- $SENTENCE

## What Needs Improvement
- $SENTENCE

## Action Items
- [ ] $SENTENCE (Owner: $OWNER, Due: 2026-12-01, Type: detect, Ticket: OPS-413)
- [ ] Test $PLAINTITLE (Owner: $OWNER, Due: $LATER, Type: prevent, Ticket: OPS-414)
- [x] $SENTENCE (Owner: $OWNER, Due: $LATER, Type: prevent, Ticket: OPS-412, Done: $LATER)
- [ ] ~~$SENTENCE~~ (Owner: $OWNER, Due: $LATER, Type: prevent, Dropped: $SENTENCE)

## Prevention
$SENTENCE

## Lessons Learned
- $SENTENCE

## Checklist
- [x] Initial incident report ($DAY 18:30)
- [x] Documentation updated ($SENTENCE)
- [x] Runbooks updated ($SENTENCE)
- [ ] Monitoring/alerts adjusted
- [x] Team learnings shared ($HELD, stand-up)
"""
RUNBOOK = """\
---
title: $TITLE
owner: $OWNER
covers: [outage]
last_reviewed: 2026-09-01
last_tested: 2026-08-01
---
# $PLAINTITLE

## When to use

$SENTENCE

## Investigation

```bash
curl --head https://example.org/$CAUSE
```

## Common Fixes

1. $PLAINTITLE: `wp cache flush`. $SENTENCE
2. **Danger:** $SENTENCE

## How to tell that it worked

- $SENTENCE

## When to escalate

- $SENTENCE
"""

if __name__ == "__main__":
    for one in SIZES:
        write(Path(sys.argv[1]) / one, one)
