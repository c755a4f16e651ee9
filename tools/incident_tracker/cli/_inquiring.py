"""What ``incident show`` says about the search for the cause."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from incident_tracker.cli._terminal import Paint, say
from incident_tracker.lifecycle.investigation import (
    State,
    deeds,
    evidence,
    hypotheses,
    last_update,
    looks,
    restores,
)
from incident_tracker.model import Incident

COLOURS = {State.OPEN: "yellow", State.CONFIRMED: "green", State.REJECTED: "bright_black"}
SHORT_SUM = 12


def inquiry_table(incident: Incident) -> None:
    """Print what is believed, where was looked, what was done and kept, and what was told last."""
    for one in hypotheses(incident):
        finding = f" ({one.finding})" if one.finding else ""
        say("  hypothesis   ", Paint(f"{one.state}", COLOURS[one.state]), f": {one.text}{finding}")
    for label, text in _lines(incident):
        say(f"  {label:<13}{text}")


def _lines(incident: Incident) -> Iterator[tuple[str, str]]:
    checks, zone = incident.protocol.checks, ZoneInfo(incident.zone)
    for entry in looks(incident):
        if entry.said is not None:
            names = ", ".join((*checks[n].words, n)[0] for n in entry.said.names if n in checks)
            yield "checked", f"{names}{': ' if entry.said.text else ''}{entry.said.text}"
    for entry in deeds(incident):
        yield "done", entry.text
    for restore in restores(incident):
        yield "backup of", f"{restore.backup.astimezone(zone):%Y-%m-%d %H:%M}"
    for entry in incident.log.of("decision"):
        if entry.said is not None:
            because = incident.protocol.words.because[0]
            yield "decided", f"{entry.said.text} {because} {entry.said.reason}"
    for entry in evidence(incident):
        if entry.said is not None:
            checksum = f" sha256:{entry.said.sha256[:SHORT_SUM]}…" if entry.said.sha256 else ""
            yield "evidence", f"{', '.join(entry.said.names)}{checksum}"
    told = last_update(incident)
    if told is not None and told.at is not None:
        word = incident.protocol.statuses.get(told.status)
        status = word.label if word else told.status
        yield "last told", f"{told.at.astimezone(zone):%Y-%m-%d %H:%M}, {status}: {told.text}"
