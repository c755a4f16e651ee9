"""Figures that others published about their incidents, and what our commands make of their records.

`TRACKER_REAL_DATA=FOLDER python tools/trials/figures.py` imports each source into a new tracker,
asks the commands, and prints theirs, ours, and whether they agree. What is compared is rounded (or
cut, where its authors cut) as it was published; a blank agrees with no value.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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


def imported(tracker: Path, form: str, source: Path, maps: Mapping[str, str]) -> Mapping[str, Any]:
    """Import a source, and return what the command says of it."""
    pairs = [word for pair in maps.items() for word in ("--map", "=".join(pair))]
    command = ["import", form, str(source), *pairs, "--write", "--format", "json", "--now", NOW]
    found: Mapping[str, Any] = json.loads(incident(tracker, *command))
    return found


def measured(tracker: Path, *options: str) -> list[Mapping[str, Any]]:
    """The measurements that a command gives, those with a value."""
    said = incident(tracker, "metrics", *options, "--format", "json", "--now", NOW)
    found: list[Mapping[str, Any]] = json.loads(said)["metrics"]
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


SOURCES = {"cloud-incident-atlas": atlas}

if __name__ == "__main__":
    main()
