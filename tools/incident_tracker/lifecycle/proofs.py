"""What can prove a box at all: a line of the incident's own time, a name that is one, one answer.

A record that contradicts itself proves nothing. What only people can know is not judged here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime
from zoneinfo import ZoneInfo

from incident_tracker.changes import minute
from incident_tracker.log.fold import OVER, REACHED
from incident_tracker.model import Box, Entry, Incident, Milestone
from incident_tracker.protocol import Word

NOT_ASKED = "not asked of this severity"


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """Whether a box is true; ``holds`` is None where it does not apply. ``evidence`` says why.

    Where ``is_late`` it does not hold, and nothing that is done now can make it true any more.
    """

    holds: bool | None
    evidence: str
    is_late: bool = False


def is_within(incident: Incident, at: datetime | None) -> bool:
    """Whether something happened between the detection and the end, as far as these are known."""
    detected, closed = incident.at(Milestone.DETECTED), incident.at(Milestone.CLOSED)
    if at is None or (detected is not None and minute(at) < minute(detected)):
        return False
    return closed is None or minute(at) <= minute(closed)


def proving(incident: Incident, *phrases: str) -> tuple[Entry, ...]:
    """Return the lines of these phrases that are of the incident's own time."""
    return tuple(entry for entry in incident.log.of(*phrases) if is_within(incident, entry.at))


def outside(incident: Incident, *phrases: str) -> str:
    """Return why lines that are there prove nothing, empty where there are none."""
    there = incident.log.of(*phrases)
    return "only before the detection or after the end" if there else ""


def reached(incident: Incident, audience: str) -> datetime | None:
    """Return when an audience was told first, in the incident's own time; None where it was not."""
    first = incident.log.audiences.get(audience)
    if first is None or is_within(incident, first):
        return first  # told by a line, or by taking the incident on
    for entry in proving(incident, *REACHED):
        said = entry.said
        if said is not None and audience in said.names and not OVER.fullmatch(said.text.strip()):
            return entry.at
    return None


def contradiction(incident: Incident, boxes: Iterable[Box]) -> str:
    """Return why the answers to one box cannot be, empty where they can."""
    answers = list(boxes)
    if len({box.answered for box in answers}) > 1:
        return "there twice, answered and not answered"
    if any(is_before(incident, box.at, box.on) for box in answers if box.ticked):
        return "dated before the detection"
    return ""


def is_before(incident: Incident, at: datetime | None, on: date | None) -> bool:
    """Whether a time, else a day, lies before the detection."""
    detected = incident.at(Milestone.DETECTED)
    if detected is None:
        return False
    if at is not None:
        return minute(at) < minute(detected)
    return on is not None and on < detected.astimezone(ZoneInfo(incident.zone)).date()


def day_of(incident: Incident, now: datetime) -> date:
    """Return the day that it is where the incident is."""
    # The last moment that there is has no day in a zone east of it.
    is_last = now.year == MAXYEAR
    return (now if is_last else now.astimezone(ZoneInfo(incident.zone))).date()


def answers(
    incident: Incident, boxes: tuple[Box, ...], words: Mapping[str, Word]
) -> dict[str, Proof]:
    """Return the boxes that are somebody's word, as the file has them."""
    proofs: dict[str, Proof] = {}
    for key, word in words.items():
        same = [box for box in boxes if box.box == key]
        wrong = contradiction(incident, same)
        box = same[0] if same else None
        if wrong:
            proofs[key] = no(wrong)
        elif box is None or not box.answered:
            proofs[key] = no(f"not answered yet{f'; {word.about}' if word.about else ''}")
        elif box.not_applicable:
            proofs[key] = Proof(holds=None, evidence=box.not_applicable)
        else:
            proofs[key] = yes(box.note or "ticked")
    return proofs


def yes(evidence: str) -> Proof:
    """Return the proof of a box that is true."""
    return Proof(holds=True, evidence=evidence)


def no(evidence: str) -> Proof:
    """Return the proof of a box that is not."""
    return Proof(holds=False, evidence=evidence)


def time_of(incident: Incident, at: datetime) -> str:
    """Return a time as it is where the incident is."""
    return f"{at.astimezone(ZoneInfo(incident.zone)):%Y-%m-%d %H:%M}"


def many(count: int, one: str, more: str) -> str:
    """Return a number with its word."""
    return f"{count} {one if count == 1 else more}"
