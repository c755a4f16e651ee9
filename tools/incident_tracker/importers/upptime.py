"""The down times that Upptime, a monitor in a Git repository, wrote into its history.

A record is one stretch of checks that found a site down, or degraded. It was down at the latest
when the first of them found it, and up at the latest when another did; nobody knows when it began.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, timedelta
from itertools import pairwise

from incident_tracker.importers.declare import importer
from incident_tracker.importers.draft import Remark, Row, Skipped, SourceFile
from incident_tracker.importers.mapping import RowMap
from incident_tracker.importers.upptime_checks import (
    DEGRADED,
    DOWN,
    Check,
    Period,
    checks_of,
    in_order,
    periods,
)
from incident_tracker.importers.upptime_daily import SUMMARY, Summary, summary_of, told
from incident_tracker.lifecycle.ids import slug_of
from incident_tracker.text.yaml_nodes import Mapping as MappingNode
from incident_tracker.text.yaml_nodes import Scalar
from incident_tracker.text.yaml_nodes import Sequence as ListNode
from incident_tracker.text.yaml_reader import read_yaml

CONFIG = ".upptimerc.yml"
LONG = timedelta(hours=26)
"""A day and two hours: Upptime writes down at least one check a day."""


@importer("upptime", ".yml", ".json", ".csv", log="history")
def read(files: Sequence[SourceFile], mapping: RowMap) -> Iterator[Row | Skipped | Remark]:
    """An Upptime repository: its commits, or a CSV of its checks (commit_at, site, state)."""
    summary = summary_of(files)
    for said in summary.said:
        yield Remark(text=said)
    checks: list[Check] = []
    for found in checks_of(files, mapping):
        if isinstance(found, Check):
            checks.append(found)
        else:
            yield found
    if not checks:
        hint = "a clone with its history, or a CSV with commit_at, site and state, has some"
        yield Remark(text=f"no check was found; {hint}")
    slugs = _slugs(files, summary)
    by_site = in_order(checks)
    stretches = {site: tuple(periods(site, made)) for site, made in by_site.items()}
    for site, listed in stretches.items():
        slug = slugs.get(site) or slug_of(site, otherwise="site")
        for period in listed:
            yield _row(period, slug)
    for site, made in by_site.items():
        yield Remark(text=f"{site}: {_counted(made, stretches[site])}")
    for said in told(summary, stretches):
        yield Remark(text=said)
    if summary.sites:
        hint = "a day and its minutes make no record"
        yield Remark(text=f"{SUMMARY} is only compared with, for {hint}")


def _slugs(files: Sequence[SourceFile], summary: Summary) -> Mapping[str, str]:
    """The slug of each site by its name: of the summary, else of the configuration."""
    found = {site.name: site.slug for site in summary.sites}
    data = next((file.data for file in files if file.path == CONFIG), b"")
    node, _ = read_yaml(data.decode("utf-8-sig", "replace").replace("\r\n", "\n"))
    listed = node.get("sites") if node else None
    for item in listed.items if isinstance(listed, ListNode) else ():
        if isinstance(item, MappingNode):
            name, slug = item.get("name"), item.get("slug")
            if isinstance(name, Scalar) and isinstance(slug, Scalar):
                found.setdefault(name.text.strip(), slug.text.strip())
    return found


def _row(period: Period, slug: str) -> Row:
    first = period.checks[0]
    return Row(
        path=first.path,
        line=first.line,
        at=first.mark,
        value={
            "id": f"{slug}-{period.begin.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            "title": f"{period.site} is {period.state}",
            "site": slug,
            "state": period.state,
            "down_at": period.begin.isoformat(),
            "up_at": period.end.isoformat() if period.end else "",
            "text": _text(period),
        },
    )


def _text(period: Period) -> str:
    """What the checks say, and between which of them nobody looked."""
    count = len(period.checks)
    codes = ", ".join(sorted({check.code for check in period.checks if check.code}))
    answer = f", HTTP code {codes}" if codes else ""
    lines = [f"Found {period.state} by {count} check{'s' if count > 1 else ''}{answer}."]
    if period.before is not None:
        waited = period.begin - period.before.at
        lines.append(f"The check before that was {_span(waited)} earlier.")
    if period.after is not None:
        waited = period.after.at - period.checks[-1].at
        lines.append(f"The check that found it {period.after.state} came {_span(waited)} later.")
    return "\n".join(lines)


def _counted(checks: Sequence[Check], found: Sequence[Period]) -> str:
    """How many checks there are, what they found, and where none was made for long."""
    first, last = checks[0].at, checks[-1].at
    down = sum(period.state == DOWN for period in found)
    degraded = sum(period.state == DEGRADED for period in found)
    still = f", {found[-1].state} at the last check" if found and found[-1].end is None else ""
    also = f" and {degraded} degraded times" if degraded else ""
    gaps = [(b.at - a.at, a.at) for a, b in pairwise(checks) if b.at - a.at > LONG]
    told = f"no gap of more than {_span(LONG)}"
    if gaps:
        longest, since = max(gaps)
        plural = "s" if len(gaps) > 1 else ""
        told = (
            f"{len(gaps)} gap{plural} of more than {_span(LONG)}, the longest "
            f"{_span(longest)} from {since:%Y-%m-%d %H:%M}"
        )
    return (
        f"{len(checks):,} checks from {first:%Y-%m-%d} to {last:%Y-%m-%d}, "
        f"{down} down times{also}{still}; {told}"
    )


def _span(span: timedelta) -> str:
    minutes = round(span / timedelta(minutes=1))
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{days} d"] * bool(days) + [f"{hours} h"] * bool(hours)
    return " ".join([*parts, f"{minutes} min"] if minutes or not parts else parts)
