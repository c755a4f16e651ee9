"""What the log says about the search: hypotheses, looks, evidence, deeds, restores."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from incident_tracker.log.lexicon import any_of
from incident_tracker.model import Entry, Incident, Milestone, Update

OTHER_CONFIRMED = "another one was confirmed"
# What somebody did about it, in the protocol's order; what was seen or decided is told elsewhere.
DEEDS = (
    "mitigation",
    "runbook-used",
    "contained",
    "preserved",
    "removed",
    "rotated",
    "recovered",
    "service-restored",
    "resolution",
)


class State(StrEnum):
    """What became of a hypothesis."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hypothesis:
    """A belief about the cause, what became of it, when, and what showed it."""

    text: str
    at: datetime | None
    state: State = State.OPEN
    settled_at: datetime | None = None
    finding: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Restore:
    """Data put back from a backup of a moment; ``lost`` is what was written since, where known."""

    entry: Entry
    backup: datetime
    lost: timedelta | None


def hypotheses(incident: Incident) -> tuple[Hypothesis, ...]:
    """Return the hypotheses in the order in which they came up.

    A confirmation or a rejection is about the open one that it names, else about the latest open
    one, else it is a hypothesis of its own. Once one is confirmed the others are rejected.
    """
    found: list[Hypothesis] = []
    for entry in incident.log.of("hypothesis", "hypothesis-confirmed", "hypothesis-rejected"):
        if entry.said is None:
            continue
        text = entry.said.text
        if entry.said.phrase == "hypothesis":
            found.append(Hypothesis(text=text, at=entry.at))
            continue
        state = State(entry.said.phrase.removeprefix("hypothesis-"))
        place = _meant(found, text)
        if place is None:
            found.append(Hypothesis(text=text, at=entry.at))
            place = len(found) - 1
        said = "" if found[place].text.casefold() == text.casefold() else text
        found[place] = replace(found[place], state=state, settled_at=entry.at, finding=said)
        if state is State.CONFIRMED:
            found = [_settled(one, entry.at) for one in found]
    return tuple(found)


def _meant(found: Sequence[Hypothesis], text: str) -> int | None:
    still = [place for place, one in enumerate(found) if one.state is State.OPEN]
    named = [place for place in still if found[place].text.casefold() == text.casefold()]
    return next(iter([*named[-1:], *still[-1:]]), None)


def _settled(one: Hypothesis, at: datetime | None) -> Hypothesis:
    if one.state is not State.OPEN:
        return one
    return replace(one, state=State.REJECTED, settled_at=at, finding=OTHER_CONFIRMED)


def looks(incident: Incident) -> tuple[Entry, ...]:
    """Return the lines that say where somebody looked, in the order of the file."""
    return incident.log.of("checked")


def evidence(incident: Incident) -> tuple[Entry, ...]:
    """Return the lines that name what was kept."""
    return incident.log.of("evidence")


def deeds(incident: Incident) -> tuple[Entry, ...]:
    """Return the lines that say what was done about it."""
    return incident.log.of(*DEEDS)


def last_update(incident: Incident) -> Update | None:
    """Return the last update of an incident that somebody still works on: its current status."""
    return incident.log.updates[-1] if incident.log.updates and incident.is_open else None


def restores(incident: Incident) -> Iterator[Restore]:
    """Yield each line that says that data of a backup was put back: "backup of 2026-03-02 03:00".

    What is lost is counted from the backup to the start of the impact, else to the detection.
    """
    words = any_of(incident.protocol.words.backup_of)
    pattern = re.compile(
        rf"\b(?:{words})\s+([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})[T ]+([0-9]{{1,2}}):([0-9]{{2}})\b",
        re.IGNORECASE,
    )
    start = incident.at(Milestone.STARTED) or incident.at(Milestone.DETECTED)
    for entry in deeds(incident):
        match = pattern.search(entry.text)
        at = _moment(match, ZoneInfo(incident.zone)) if match else None
        if at is None:
            continue
        # Aware times of one zone are subtracted by their wall clocks: an offset makes it real time.
        fixed = datetime.fromisoformat(at.isoformat())
        lost = start - fixed if start is not None and start >= fixed else None
        yield Restore(entry=entry, backup=fixed, lost=lost)


def _moment(match: re.Match[str], zone: ZoneInfo) -> datetime | None:
    """The moment of a day, an hour and a minute, None where there is none such."""
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2]:0>2}:{match[3]}").replace(tzinfo=zone)
    except ValueError:
        return None
