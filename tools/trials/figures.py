"""Figures that others published about their incidents, and what our commands make of their records.

`TRACKER_REAL_DATA=FOLDER python tools/trials/figures.py` imports each source into a new tracker,
asks the commands, and prints theirs, ours, and whether they agree. What is compared is rounded (or
cut, where its authors cut) as it was published; a blank agrees with no value.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

ATLAS = Path("cloud-incident-atlas/2026-07-31/data")
ATLAS_MAP = {
    "id": "incident_id",
    "title": "title",
    "url": "shortlink",
    "provider": "provider_id",
    "detected_at": "created_at",
    "end": "resolved_at",
    "stated.resolved_at": "duration_minutes",
    "stated_unit": "minutes",
    "severity": "severity",
    **{f"severity.{theirs}": ours for theirs, ours in {
        "critical": "P0", "major": "P1", "medium": "P2", "minor": "P2", "low": "P3",
        "none": "P3", "maintenance": "P3",
    }.items()},
    "components": "components",
}  # fmt: skip
# Below so many values they print no mean and no median, below so many no percentile.
ATLAS_MEDIAN_FROM, ATLAS_P90_FROM = 5, 10
AVAILABLE = re.compile(r"^(\S+): available ([0-9.]+%) of")
NOW = "2026-11-26T12:00Z"


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure: what it is, theirs, ours, and why they differ where they do."""

    what: str
    theirs: object
    ours: object
    why: str = ""


def main() -> None:
    """Print each source's figures, those that differ one by one."""
    data = os.environ.get("TRACKER_REAL_DATA")
    if not data:
        sys.exit("TRACKER_REAL_DATA does not name the folder of real records")
    differing = 0
    for name, figures in SOURCES.items():
        with tempfile.TemporaryDirectory() as made:
            found = list(figures(Path(data), Path(made) / "tracker"))
        agreeing = sum(figure.theirs == figure.ours for figure in found)
        print(f"{name}: {agreeing} of {len(found)} agree")
        for figure in found:
            if figure.theirs != figure.ours:
                print(f"  {figure.what}: theirs {figure.theirs}, ours {figure.ours}: {figure.why}")
                differing += not figure.why
    sys.exit(1 if differing else 0)


def incident(tracker: Path, *arguments: str) -> str:
    """What a command prints in the tracker; an exit status above 1 ends the trial."""
    command = [sys.executable, "-m", "incident_tracker", "-C", str(tracker), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        sys.exit(f"{' '.join(arguments)}: {done.stderr}")
    return done.stdout


def begun(tracker: Path) -> None:
    """Make the tracker."""
    command = [sys.executable, "-m", "incident_tracker", "init", str(tracker)]
    subprocess.run(command, check=True, capture_output=True)


def imported(
    tracker: Path, form: str, source: Path, maps: Mapping[str, str], *options: str
) -> Mapping[str, Any]:
    """Import a source, and return what the command says of it."""
    pairs = [word for pair in maps.items() for word in ("--map", "=".join(pair))]
    asked = [*pairs, *options, "--write", "--format", "json", "--now", NOW]
    command = ["import", form, str(source), *asked]
    found: Mapping[str, Any] = json.loads(incident(tracker, *command))
    return found


def measured(tracker: Path, *options: str) -> list[Mapping[str, Any]]:
    """The measurements that a command gives, those with a value."""
    said = incident(tracker, "metrics", *options, "--format", "json", "--now", NOW)
    found: list[Mapping[str, Any]] = json.loads(said)["metrics"]
    return found


def exported(tracker: Path) -> list[Mapping[str, Any]]:
    """Every record, as the export of JSON tells it."""
    said = json.loads(incident(tracker, "export", "json", "--now", NOW))
    found: list[Mapping[str, Any]] = said["incidents"]
    return found


def atlas(data: Path, tracker: Path) -> Iterator[Figure]:
    """Count, mean, median, 90th percentile and longest of each provider, in minutes."""
    begun(tracker)
    said = imported(tracker, "json", data / ATLAS / "incidents.json", ATLAS_MAP)
    rows = json.loads((data / ATLAS / "incidents.json").read_bytes())
    published = json.loads((data / ATLAS / "summary.json").read_bytes())["by_provider"]
    skipped = Counter(
        rows[int(one["reason"][1:].split("]")[0])]["provider_id"] for one in said["skipped"]
    )
    asked = (
        "--by",
        "provider",
        "--pooled",
        "--stated",
        "--metric",
        "time-to-resolve",
        "--metric",
        "incidents",
    )
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for one in measured(tracker, *asked):
        found.setdefault(one["period"], {})[one["metric"]] = one
    for provider, theirs in sorted(published.items()):
        ours = found.get(provider, {})
        lengths = ours.get("time-to-resolve", {})
        count = ours["incidents"]["n"] if ours else 0
        why = (
            f"{skipped[provider]} rows of theirs have no time at all, and none is made up for them"
        )
        yield Figure(
            f"{provider} incidents",
            theirs["incident_count"],
            count,
            why if skipped[provider] else "",
        )
        n = lengths.get("n", 0)
        for key, statistic, least in (
            ("mttr_minutes_mean", "mean", ATLAS_MEDIAN_FROM),
            ("mttr_minutes_median", "median", ATLAS_MEDIAN_FROM),
            ("mttr_minutes_p90", "p90", ATLAS_P90_FROM),
            ("longest_incident_minutes", "max", 1),
        ):
            value = rounded(lengths[statistic], theirs[key]) if n >= least else None
            yield Figure(f"{provider} {statistic}", theirs[key], value)


def rounded(seconds: float, published: float | None) -> float | None:
    """Seconds as minutes with one decimal; a half goes to the side that was published."""
    exact = Decimal(seconds) / 60
    is_it = published is not None and abs(exact - Decimal(str(published))) <= Decimal("0.05")
    return published if is_it else float(round(exact, 1))


def github(data: Path, tracker: Path) -> Iterator[Figure]:
    """What is counted in a public status page's history of four years."""
    begun(tracker)
    source = data / "github-statuses/parsed/incidents.jsonl"
    said = imported(tracker, "jsonl", source, {}, "--map", "status-history")
    records = exported(tracker)
    kinds = Counter("maintenance" in record["kind"] for record in records)
    watched = [any(u["status"] == "monitoring" for u in r["updates"]) for r in records]
    yield Figure("entries", 819, len(said["files"]))
    yield Figure("incidents", 801, kinds[False])
    yield Figure("maintenances", 18, kinds[True])
    yield Figure("updates", 4570, sum(len(record["updates"]) for record in records))
    yield Figure("entries that name no component", 158, said["missing"]["components"])
    yield Figure("entries without a monitoring step", 745, watched.count(False))


def google(data: Path, tracker: Path) -> Iterator[Figure]:
    """What is counted in a cloud's feed of two years."""
    begun(tracker)
    said = imported(tracker, "gcp", data / "gcp-aws-2022/app/public/incidents.json", {})
    yield Figure("incidents", 157, len(said["files"]))
    yield Figure("updates", 770, sum(len(record["updates"]) for record in exported(tracker)))


def cstate(data: Path, tracker: Path) -> Iterator[Figure]:
    """How many issues two sites have, each a record or named with the reason why not."""
    for site, count in (("jenkins", 297), ("packit", 108)):
        begun(tracker / site)
        said = imported(tracker / site, "cstate", data / "cstate" / site, {})
        yield Figure(f"issues of {site}", count, len(said["files"]) + len(said["skipped"]))


def upptime(data: Path, tracker: Path) -> Iterator[Figure]:
    """The share of a year in which each site answered, as the importer says it."""
    begun(tracker)
    said = imported(tracker, "upptime", data / "upptime-cloudesire", {})
    shares = dict(found for text in said["remarks"] for found in AVAILABLE.findall(text))
    for site, published in (("marketplace", "99.93%"), ("staging", "38.46%"), ("vc2", "99.98%")):
        ours = next((share for name, share in shares.items() if site in name), None)
        yield Figure(site, published, ours)


MOJ = {
    "2020-Q1": (3, "1h22", "2h36"), "2020-Q2": (2, "2h49", "7h12"),
    "2020-Q3": (6, "0h59", "7h13"), "2020-Q4": (1, "2h08", "8h46"),
    "2021-Q1": (0, None, None), "2021-Q2": (2, "2h32", "2h44"),
    "2021-Q3": (3, "3h28", "11h04"), "2021-Q4": (1, "1h17", "1h17"),
    "2022-Q1": (2, "1h05", "1h24"), "2022-Q3": (1, "6h27", "6h27"),
    "2022-Q4": (1, "0h27", "0h27"),
}  # fmt: skip
FILED = "the incident of 2020-08-04 is filed by its authors under the quarter before"
MOJ_WHY = {
    "2020-Q1": "the mean of the three stated lengths is another one: an error of its authors",
    "2020-Q2": FILED,
    "2020-Q3": FILED,
}
# The same quarters, with that incident where its authors filed it.
MOJ_FILED = {
    "2020-Q2": ("--since", "2020-04-01", "--until", "2020-08-04"),
    "2020-Q3": ("--since", "2020-08-05", "--until", "2020-09-30"),
}


def moj(data: Path, tracker: Path) -> Iterator[Figure]:
    """Mean times to repair and to resolve by quarter, as stated, cut to the minute."""
    begun(tracker)
    folder = data / "moj-cloud-platform/incidents"
    imported(tracker, "markdown", folder, {"zone": "Europe/London"})
    asked = ("--stated", "--pooled")
    for place, metric in ((1, "time-to-mitigate"), (2, "time-to-resolve")):
        said = incident(
            tracker, "metrics", "--by", "quarter", "--metric", metric, *asked, "--format", "json"
        )
        found = {one["period"]: one for one in json.loads(said)["metrics"]}
        for quarter, theirs in MOJ.items():
            ours = (found[quarter]["n"], cut(found[quarter]["mean"]))
            published = (theirs[0], theirs[place])
            yield Figure(f"{quarter} {metric}", published, ours, MOJ_WHY.get(quarter, ""))
        for quarter, days in MOJ_FILED.items():
            (one,) = measured(tracker, "--metric", metric, *asked, *days)
            published = (MOJ[quarter][0], MOJ[quarter][place])
            yield Figure(f"{quarter} {metric} as filed", published, (one["n"], cut(one["mean"])))


def cut(seconds: float | None) -> str | None:
    """Seconds as hours and minutes, cut as they were published."""
    hours, minutes = divmod(int(seconds or 0) // 60, 60)
    return None if seconds is None else f"{hours}h{minutes:02}"


def prow(data: Path, tracker: Path) -> Iterator[Figure]:
    """How long an outage lasted by its timeline, in minutes."""
    begun(tracker)
    imported(tracker, "markdown", data / "k8s-test-infra/docs/post-mortems/2019-02-05.md", {})
    (record,) = exported(tracker)
    begin, end = (datetime.fromisoformat(record[name]) for name in ("started_at", "mitigated_at"))
    yield Figure("2019-02-05", 47, (end - begin).total_seconds() / 60)


SOURCES = {
    "moj-cloud-platform, by quarter": moj,
    "k8s-test-infra": prow,
    "cloud-incident-atlas, by provider": atlas,
    "github-statuses": github,
    "gcp-aws-2022, Google's": google,
    "cstate": cstate,
    "upptime-cloudesire": upptime,
}

if __name__ == "__main__":
    main()
