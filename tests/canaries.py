"""A tracker in which every text is a word of its own: one for the team, or one for everybody."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from gitting import git

from conftest import ROOT

INNER, PUBLIC = "qzinner", "qzpublic"
WORD = re.compile(rf"{INNER}[a-z]+|{PUBLIC}[a-z]+")
MOMENT = "1774026000"  # 2026-03-20 12:00 in Chicago

OPEN_TO_ALL = """\
---
# qzinnerfrontcomment
title: "qzpublictitle: search fails <!-- qzinnertitlecomment -->"
severity: P1
status: closed
kind: [outage, data]
components: {search: major_outage} # qzinnerlinecomment
detected_by: third-party
started_at: 2026-03-02T09:55-06:00
detected_at: 2026-03-02T10:00-06:00
acknowledged_at: 2026-03-02T10:05-06:00
mitigated_at: 2026-03-02T11:00-06:00
resolved_at: 2026-03-02T11:10-06:00
verified_at: 2026-03-02T11:45-06:00
closed_at: 2026-03-02T12:00-06:00
roles: {ic: qzinneric, technical_lead: qzinnerlead, scribe: qzinnerscribe}
resolution: rollback
root_cause: qzinnercause
ticket: qzinnerticket
zone: America/Chicago
alerts: [qzinneralert]
alert_groups: [qzinnergroup]
formerly: [2026-03-02-qzinnerformerly]
origin: {system: pagerduty, id: qzinnerorigin, url: "https://qzinneroriginurl.example/"}
stated: {resolved_at: 3h}
visibility: public
public_summary: "qzpublicsummary: no search. [qzpubliclabel](../../evidence/qzinnerlink.png)"
waive: {INC099: qzinnerwaiver}
protocol: 2.0.0
---
<!-- qzinnerbodycomment -->
## Summary
qzinnersummary [qzinnersummarylabel](../../evidence/2026-03-02-qzpublicid/qzinnersummaryfile.png)

![qzinneralt](../../evidence/2026-03-02-qzpublicid/qzinnerimage.png)

## Timeline
- 09:55 - Impact started: qzinnerstarted
- 10:00 - Incident detected via monitoring: qzinnerdetected
- 10:05 - Acknowledged by qzinneracker
- 10:07 - Notified: on-call team, team lead via qzinnerway
- 10:10 - IC assigned: qzinneric, investigation started
- 10:12 - War room opened: #incident-20260302-qzinnerroom
- 10:13 - Triage complete: qzinnertriage
- 10:14 - Impact: qzinnerimpact
- 10:20 - Checked: changes, logs: qzinnerchecked
- 10:25 - Root cause hypothesis: qzinnerhypothesis
- 10:30 - Severity changed: P2 → P1 because qzinnerbecause
- 10:36 - Contacted: qzinnervendor via emergency line, ticket qzinnercase
- 10:40 - Decision: qzinnerdecision because qzinnerreason
- 10:45 - Mitigation attempted: qzinnerattempt
- 10:46 - Runbook used: qzinnerrunbook, fix 3 - failed
- 10:50 - qzinnerfreeline
- 11:00 - Service restored: qzinnerrestored
- 11:10 - Resolution implemented (rollback): qzinnerresolution
- 11:11 - Evidence: evidence/2026-03-02-qzpublicid/qzinnerevidence.txt qzinnerevidenceword
- 11:12 - TODO: qzinnertodo
- 11:45 - Verification complete
- 12:00 - Incident closed by qzinnercloser
<!-- incident: ok TML012 qzinnerlinewaiver -->

## Key Decisions
qzinnerkeydecision

## Notes
qzinnernotes

## Updates
### 2026-03-02 10:20 - Investigating
qzpublicupdate.<!-- qzinnerupdatecomment -->
See [qzpublicpicture](../../evidence/qzinnerupdatelink.png)
and ![qzpublicalt](../../evidence/qzinnerupdateimage.png "qzinnerimagetitle").

[note]: ../../evidence/qzinnerdefinition.txt
[other]: qzinnerplaindefinition.txt "qzinnerdefinitiontitle"

[![qzpublicnested](qzinnernested.png)](../../evidence/qzinnerouter.txt)
and [qzpubliclabel](
../../evidence/qzinnernextline.txt) <img src="qzinnertag.png">

- Impact: qzpublicimpact <!-- qzinnerkeycomment -->
- Next steps: qzpublicsteps
- ETA: qzpubliceta
- Next update: 12:00
- Sent: qzinnersent
  - qzinnernestedsent
- **Approved by**: qzinnerboldapprover,
qzinnerlazyapprover
- Approved by: qzinnerapprover

### 2026-03-02 11:50 - Resolved
qzpubliclastupdate
- Root cause: qzpubliccause
- Resolution: qzpublicresolution
- Prevention: qzpublicprevention
- Components: search operational

## Checklist
- [x] Functionality restored (qzinnerproof)
- [ ] Monitoring shows healthy (n/a: qzinnerna)

## Action Items
- [ ] qzinneraction (Owner: qzinnerowner, Due: 2026-03-25, Ticket: qzinneractionticket)
"""
PLANNED = """\
---
title: qzpublicwindow
status: scheduled
kind: maintenance
components: {search: under_maintenance}
scheduled_start: 2026-03-22T02:00-05:00
scheduled_end: 2026-03-22T04:00-05:00
visibility: public
public_summary: qzpublicwindowsummary
protocol: 2.0.0
---
## Summary
qzinnerwindow
"""
OPEN = """\
---
title: qzpublicopen
severity: P0
status: investigating
kind: outage
components: {search: partial_outage}
detected_at: 2026-03-20T11:40-05:00
visibility: public
public_summary: qzpublicopensummary
protocol: 2.0.0
---
## Timeline
- 11:40 - Incident detected via monitoring: qzinneropen

## Updates
### 2026-03-20 11:50 - Investigating
qzpublicopenupdate
- Next steps: qzpublicopensteps
- Next update: 12:20
"""
DRILL = """\
---
title: qzinnerpractice
severity: P1
status: closed
drill: site-down
components: [search]
detected_at: 2026-03-10T10:00-05:00
resolved_at: 2026-03-10T10:20-05:00
visibility: public
public_summary: qzinnerpracticesummary
protocol: 2.0.0
---
"""
REVIEW = """\
---
# qzinnerreviewcomment
status: published
held_at: 2026-03-06T10:00-06:00
published_at: 2026-03-07T09:00-06:00
attendees: [qzinnerattendee]
apologies: [qzinnerapology]
facilitator: qzinnerfacilitator
followed_up_at: 2026-03-13
incident: 2026-03-02-qzpublicid
visibility: public
waive: {PIR099: qzinnerreviewwaiver}
origin: {system: markdown, id: qzinnerreviewfile.md}
---
## Incident Summary
qzpublicreviewsummary, as Qzinnername
Qzinnerfamily, qzinnerattendee and qzinneric said.<!-- qzinnerreviewhtml -->

## Timeline
qzinnerreviewtimeline

## Impact
- Users affected: qzpublicusers, see [qzpublicreviewlabel](../../evidence/qzinnerreviewlink.png)

## Root Cause
qzpublicreviewcause ![qzpublicreviewalt](qzinnerreviewimage.png) https://qzinnerhost.example/

## What Went Well
- qzpublicwell, said Qzinnerfamily <a href="qzinnerreviewtag.txt">

## What Needs Improvement
- qzpublicimprove, wrote qzinnerperson to qzinnermail@example.org

## Prevention
qzpublicreviewprevention

## Lessons Learned
- qzpubliclesson

## Contributing factors
qzinnerfactors

## Action Items
- [ ] qzinnerreviewaction (Owner: qzinnerreviewowner, Due: 2026-03-20, Ticket: qzinnerreviewticket)

## Checklist
- [x] Initial incident report (qzinnerbox)
- [x] Runbooks updated (n/a: qzinnerboxreason)
"""
KEPT_BACK = {
    # Says nothing of who may read it, or says that the team may.
    "incidents/2026/2026-03-04-qzinnersilent.md": "title: qzinnersilent\nseverity: P1\n"
    "status: investigating\ndetected_at: 2026-03-20T10:00-05:00\ncomponents: [search]",
    "incidents/2026/2026-03-05-qzinnerteam.md": "title: qzinnerteam\nseverity: P1\nstatus: closed\n"
    "visibility: internal\npublic_summary: qzinnerteamsummary\nformerly: [2026-03-05-qzinnerold]",
    "incidents/2026/2026-03-06-qzinnersecurity.md": "title: qzinnersecurity\nkind: security\n"
    "severity: P0\nstatus: investigating",
    "incidents/2026/2026-03-07-qzinnerdrill.md": "title: qzinnerdrill\ndrill: site-down\n"
    "severity: P2\nstatus: closed",
    "incidents/2026/2026-03-08-qzinnerplanned.md": "title: qzinnerplanned\nkind: maintenance\n"
    "status: scheduled\nscheduled_start: 2026-03-23T02:00-05:00",
    "pir/2026/2026-03-05-qzinnerteam.md": "status: published\nvisibility: public\n"
    "published_at: 2026-03-09T09:00-05:00\n---\n## Incident Summary\nqzinnerteamreview",
    "pir/2026/2026-03-10-qzinnerpractice.md": "status: published\nvisibility: public\n"
    "published_at: 2026-03-12T09:00-05:00\n---\n## Incident Summary\nqzinnerpracticereview",
    "pir/2026/2026-03-20-qzpublicopen.md": "status: draft\nvisibility: public\n"
    "---\n## Incident Summary\nqzinnerdraft",
    # What a reader cannot rely on.
    "incidents/2026/2026-03-11-qzinnerwithdrawn.md": "title: qzinnerwithdrawn\nseverity: P1\n"
    "status: cancelled\nvisibility: public\npublic_summary: qzinnerwithdrawnsummary\n---\n"
    "## Timeline\n- 10:00 - Cancelled: withdrawn because qzinnerwithdrawnreason",
    "incidents/2026/2026-03-12-qzinnerunsound.md": "title: qzinnerunsound\nseverity: P1\n"
    "status: investigating\nvisibility: public\npublic_summary: qzinnerunsoundsummary\n---\n"
    "## Updates\n### 2026-03-12 10:00 - Investigating\nqzinnerunsoundupdate\n### Timeline\n- x",
    "incidents/2026/2026-03-13-qzinnerbroken.md": "title: qzinnerbroken\ntitle: qzinnertwice",
}
CONTACTS = """\
# qzinnercontactscomment
confirmed: 2026-03-01
people:
  - id: qzinnerperson
    name: Qzinnername Qzinnerfamily
    role: on-call
    methods:
      - {kind: phone, value: qzinnerphone, after_hours: true}
"""
COMPONENTS = """\
# qzinnercomponentscomment
components:
  - {id: search, name: Qzpubliccomponent, group: Qzpublicgroup, hosted_by: qzinnerhostedby}
"""
MKDOCS = """\
site_name: qzinnersite
docs_dir: docs
copyright: qzinnercopyright
repo_url: https://git.example.org/qzinnerrepo
edit_uri: edit/qzinneredit/
extra: {note: qzinnerextra}
theme: {name: material, custom_dir: qzinnertheme}
plugins: [search, incident-tracker]
nav: [{qzinnernav: docs/qzinnerpage.md}]
"""
OTHERS = {
    "docs/qzinnerpage.md": "# qzinnerguide\n",
    "docs/qzinnerdata.csv": "qzinnerdata\n",
    "docs-public/qzpublicpage.md": "# Qzpublicimprint\n\nqzpublicimprinttext\n",
    "runbooks/qzinnerrunbook.md": "---\ntitle: qzinnerrunbooktitle\ncovers: [outage]\n"
    "owner: qzinnerrunbookowner\nlast_reviewed: 2026-03-01\n---\n## Fixes\nqzinnerfix\n",
    "protocol/incident-response.md": "# qzinnerprotocoltext\n",
    "protocol/severities.md": "# qzinnerseverities\n",
    "protocol/contacts.yml": CONTACTS,
    "protocol/components.yml": COMPONENTS,
    "mkdocs.yml": MKDOCS,
    "README.md": "qzinnerreadme\n",
    "qzinnertheme/qzinnerpartial.txt": "qzinnerpartialtext\n",
    "evidence/2026-03-02-qzpublicid/qzinnerevidence.txt": "qzinnerevidencetext\n",
    "evidence/2026-03-02-qzpublicid/qzinnerimage.png": "qzinnerpixels\n",
}
# Words of the protocol that only the team has a use for: what stands there, and the mark.
PROTOCOL = {
    "owner: Infrastructure Team": "owner: qzinnerprotocolowner",
    "note: Initial protocol creation": "note: qzinnerhistory",
    'value: "https://www.example.org"': 'value: "qzinnersetting"',
    "name: Alert Management Protocol": "name: qzinnerrelated",
    "meaning: complete failure or active breach": "meaning: qzinnermeaning",
}


def tracker(root: Path) -> Path:
    """Write the tracker, with a history; return its folder."""
    files = {
        "incidents/2026/2026-03-02-qzpublicid.md": OPEN_TO_ALL,
        "incidents/2026/2026-03-22-qzpublicwindow.md": PLANNED,
        "incidents/2026/2026-03-20-qzpublicopen.md": OPEN,
        "incidents/2026/2026-03-10-qzinnerpractice.md": DRILL,
        "pir/2026/2026-03-02-qzpublicid.md": REVIEW,
        **{path: _record(text) for path, text in KEPT_BACK.items()},
        **OTHERS,
        "protocol/protocol.yml": _protocol(),
    }
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    settings = (ROOT / "mkdocs-public.yml").read_text("utf-8")
    address = settings.replace("# site_url: https", "site_url: https")
    (root / "mkdocs-public.yml").write_text(address, encoding="utf-8")
    shutil.copytree(ROOT / "protocol" / "messages", root / "protocol" / "messages")
    git(root, "init", "--quiet", "--initial-branch", "qzinnerbranch")
    git(root, "config", "user.name", "qzinnercommitter")
    git(root, "remote", "add", "origin", "https://git.example.org/qzinnerremote")
    git(root, "add", "--all")
    author = "--author=qzinnerauthor <qzinneraddress@example.org>"
    git(root, "commit", "--quiet", author, "--message", "qzinnermessage")
    return root


def planted(root: Path) -> set[str]:
    """Every marked word that stands in a file or a file's name of the tracker."""
    paths = [path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts]
    names = " ".join(path.relative_to(root).as_posix() for path in paths)
    texts = " ".join(path.read_text("utf-8") for path in paths)
    return set(WORD.findall(f"{names} {texts}".lower()))


def _record(text: str) -> str:
    front, _, body = text.partition("\n---\n")
    is_review = "status: published" in front or "status: draft" in front
    protocol = "" if is_review else "protocol: 2.0.0\n"
    return f"---\n{front}\n{protocol}---\n{body}\n"


def _protocol() -> str:
    text = (ROOT / "protocol" / "protocol.yml").read_text("utf-8")
    for old, new in PROTOCOL.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text
