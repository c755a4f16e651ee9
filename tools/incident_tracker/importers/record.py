"""A settled draft as the text of a record that our own reader accepts.

The front matter holds what the source says, the timeline only lines that it proves, the updates its
own words, made harmless. All times are written in the tracker's zone, in fields with the offset.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from incident_tracker.importers.narrated import entries, sections
from incident_tracker.importers.settle import COMPLETED, UNDER_WAY, Settled
from incident_tracker.importers.story import NOTES, Story
from incident_tracker.importers.texts import CUT, LONGEST_TEXT, cleaned, paragraphs
from incident_tracker.log.entries import entry_line
from incident_tracker.model import Milestone
from incident_tracker.protocol import Protocol
from incident_tracker.text.document import MOST_BYTES
from incident_tracker.text.lengths import length_text
from incident_tracker.text.stamps import written_stamp
from incident_tracker.text.yaml_writer import flow_list, flow_map, scalar

BEFORE, BEHIND = ("summary", "impact", "symptoms"), ("resolution",)
DIGEST = re.compile(r"^origin: \{.*(, digest: (sha-[0-9a-f]{12}))\}$", re.MULTILINE)
# Tried one after the other until the file is small enough to be read.
LENGTHS = (LONGEST_TEXT, 2_000, 400, 80)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """The file of a record, and how many texts were cut to what fits into one."""

    text: str
    cut: int


def render(settled: Settled, protocol: Protocol, version: str = "") -> Rendered:
    """The file of a record; where its texts would make it too large to be read, they are cut.

    ``version`` is the protocol version that an earlier import gave it; the present one otherwise.
    """
    draft = settled.draft
    text, longest = "", LENGTHS[0]
    for longest in LENGTHS:
        text = signed(_text(settled, protocol, longest, version or protocol.version))
        if len(text.encode()) <= MOST_BYTES:
            break
    texts = (draft.text, *(update.text for update in settled.updates))
    shortened = sum(len(told) > longest and not told.endswith(CUT) for told in texts)
    return Rendered(text=text, cut=draft.cut + shortened)


def is_untouched(text: str) -> bool:
    """Whether a record is as an import wrote it: its digest is that of the rest of the file."""
    plain = text.replace("\r\n", "\n")
    match = DIGEST.search(plain)
    if match is None:
        return False
    return _digest(plain[: match.start(1)] + plain[match.end(1) :]) == match[2]


def local(at: datetime, zone: ZoneInfo) -> str:
    """A moment as a field: with its offset in the zone, seconds only where there are some."""
    return at.astimezone(zone).isoformat(timespec="seconds" if at.second else "minutes")


def signed(text: str) -> str:
    """The text of a record with the digest of all its other bytes in its origin."""
    begin = text.index("\norigin: {")
    end = text.index("}\n", begin)
    return f"{text[:end]}, digest: {_digest(text)}{text[end:]}"


def _digest(text: str) -> str:
    return f"sha-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _text(settled: Settled, protocol: Protocol, longest: int, version: str) -> str:
    zone = protocol.tzinfo
    lines = ["---", *_front(settled, zone), f"protocol: {version}", "---"]
    story = settled.draft.story or Story()
    summary = paragraphs(_shortened(settled.draft.text, longest))
    if summary:
        lines += ["## Summary", *summary, ""]
    lines += sections(story, *BEFORE)
    timeline = _timeline(settled, protocol, zone)
    if timeline:
        lines += ["## Timeline", *timeline, ""]
    lines += sections(story, *BEHIND)
    if settled.updates:
        lines += ["## Updates", *_updates(settled, protocol, zone, longest)]
    lines += sections(story, NOTES)
    while not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


def _front(settled: Settled, zone: ZoneInfo) -> Iterable[str]:
    draft = settled.draft
    words = {
        "title": scalar(draft.title),
        "severity": draft.severity,
        "status": settled.status,
        "kind": draft.kinds[0] if draft.kinds else "",
        "components": flow_list(draft.components) if draft.components else "",
        "visibility": draft.visibility,
        "public_summary": scalar(draft.public_summary) if draft.public_summary else "",
        "scheduled_start": _field(settled.scheduled_start, zone),
        "scheduled_end": _field(settled.scheduled_end, zone),
        "detected_by": draft.detected_by,
        **{milestone.value: local(at, zone) for milestone, at in settled.times.items()},
    }
    yield from (f"{key}: {text}" for key, text in words.items() if text)
    if draft.stated:
        stated = {m.value: length_text(draft.stated[m]) for m in Milestone if m in draft.stated}
        yield f"stated: {flow_map(stated)}"
    origin = {"system": draft.system, "id": draft.id, "url": draft.url}
    yield f"origin: {flow_map({key: value for key, value in origin.items() if value})}"


def _field(at: datetime | None, zone: ZoneInfo) -> str:
    return local(at, zone) if at is not None else ""


def _timeline(settled: Settled, protocol: Protocol, zone: ZoneInfo) -> list[str]:
    """Phrases only where the source proves them, and knows all that they ask for; else notes."""
    phrases = protocol.phrases.values()
    known = {p.sets: p.text[0] for p in phrases if p.sets and p.shape == "text" and not p.status}
    events = [
        (settled.times[milestone], known[milestone.value])
        for milestone in (Milestone.STARTED, Milestone.MITIGATED)
        if milestone in settled.times and milestone.value in known
    ]
    if settled.draft.is_maintenance:
        moved = {p.status: p.text[0] for p in phrases if p.shape == "text" and not p.sets}
        begun, ended = settled.begun, settled.ended
        events += [(begun, moved[UNDER_WAY])] if begun and UNDER_WAY in moved else []
        events += [(ended, moved[COMPLETED])] if ended and COMPLETED in moved else []
    found = [(at, [text], False) for at, text in events]
    for entry, texts in entries(settled.draft.story or Story(), protocol, zone):
        found.append((entry.at, texts, entry.is_estimated))
    day = settled.begins.astimezone(zone).date()
    lines: list[str] = []
    for at, texts, estimated in sorted(found, key=lambda one: one[0]):
        lines += [entry_line(at, texts[0], zone, day=day, estimated=estimated), *texts[1:]]
        day = at.astimezone(zone).date()
    return lines


def _updates(settled: Settled, protocol: Protocol, zone: ZoneInfo, longest: int) -> Iterable[str]:
    words = protocol.maintenance_statuses if settled.draft.is_maintenance else protocol.statuses
    for update in settled.updates:
        yield f"### {written_stamp(update.at, zone)} - {words[update.status].label}"
        yield from paragraphs(_shortened(update.text, longest))
        if update.levels:
            levels = ", ".join(f"{name} {level}" for name, level in update.levels.items())
            label = protocol.update_keys["components"].label
            yield from ("", f"- {label}: {levels}")
        yield ""


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest + len(CUT) else cleaned(text, longest).text
