"""Updates, checklists and action items: the blocks of a record that are not its timeline."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from incident_tracker.finding import Edit, Fault, Position
from incident_tracker.log.entries import earliest, repeated_hour, skipped_hour
from incident_tracker.log.lists import read_actions, read_boxes
from incident_tracker.log.phrases import phrasebook
from incident_tracker.model import Keyed, Update
from incident_tracker.protocol import Protocol
from incident_tracker.text.document import Document
from incident_tracker.text.near_keys import NearKeys, plain
from incident_tracker.text.sections import ListItem, Section, read_body
from incident_tracker.text.stamps import (
    CLOCK,
    DATE,
    ZONE,
    day_after,
    day_of,
    moment,
    offset_of,
    offset_text,
    parse_full_stamp,
    readings,
)

__all__ = ["read_actions", "read_boxes", "read_told", "read_updates"]

NO_UPDATE = "UPD001"
NO_DATE = "UPD002"
NO_STATUS = "UPD003"
DOUBTFUL_TIME = "UPD004"
NO_SUCH_TIME = "UPD005"
NEAR_KEY = "UPD006"
NO_PROMISE = "UPD007"
NO_LEVEL = "UPD008"
TWICE = "UPD009"
HEADING = re.compile(
    rf"(?:({DATE})[T ])?({CLOCK})[ ]?({ZONE})?[ \t]*(?:[-–—|:][ \t]*|[ \t])(\S.*)", re.IGNORECASE
)
KEY = re.compile(r"([^\s:][^:]{0,40}?)[ \t]*:(?:[ \t]+(.*)|$)")
# What stands around a label in Markdown: a box in front, emphasis, a colon in it.
AROUND_KEY = re.compile(
    r"(?:\[[ xX]\][ \t]+)?[*_`]*([^*_`:]{1,40}?)[ \t]*(?:[*_`]*:|:[*_`]+)(?:\s|$)"
)
TIME = re.compile(rf"({CLOCK})[ ]?({ZONE})?", re.IGNORECASE)
COMPONENT = re.compile(r"([A-Za-z0-9][\w-]*)(?:[ \t]*:[ \t]*|[ \t]+)(\S.*)")


def read_updates(
    section: Section,
    document: Document,
    protocol: Protocol,
    *,
    zone: ZoneInfo,
    detected: datetime | None = None,
) -> tuple[tuple[Update, ...], tuple[Fault, ...]]:
    """The status updates of a section, with the faults of their form by line.

    A missing date is that of the first such clock behind the update above, else ``detected``.
    """
    reading = _Updates(document, protocol, zone, detected)
    loose = [*(line.position for line in section.prose), *(item.position for item in section.items)]
    if loose:
        reading.fault(
            NO_UPDATE,
            min(loose),
            "this stands in no update",
            "begin with a heading: ### 2026-11-03 14:20 - Investigating",
        )
    updates = tuple(reading.update(part) for part in section.subsections)
    return updates, tuple(sorted(reading.faults, key=lambda fault: fault.position))


def read_told(
    lines: tuple[str, ...], document: Document, protocol: Protocol
) -> tuple[str, tuple[Keyed, ...]]:
    """The text and the key lines of an update that has these lines below its heading."""
    part, *_ = read_body(("## -", *lines), 0).sections
    return _Updates(document, protocol, ZoneInfo("UTC"), None).content(part)


def near_keys(protocol: Protocol) -> NearKeys:
    """What is nearly a key of an update, for the rule and for what is cut out for the public."""
    return phrasebook(protocol).words.near_keys


class _Updates:
    """One pass over the updates of a record."""

    def __init__(
        self, document: Document, protocol: Protocol, zone: ZoneInfo, detected: datetime | None
    ) -> None:
        self.document = document
        self.protocol = protocol
        self.zone = zone
        self.latest: datetime | None = None
        self.since = detected
        words = phrasebook(protocol).words
        self.statuses, self.keys, self.levels = words.told_statuses, words.keys, words.levels
        self.near = words.near_keys
        self.faults: list[Fault] = []

    def fault(self, code: str, position: Position, message: str, help_: str, *fix: Edit) -> None:
        self.faults.append(
            Fault(code=code, position=position, message=message, help=help_, fix=fix)
        )

    def update(self, part: Section) -> Update:
        """The update below a heading."""
        at, status = self._heading(part)
        self.latest = self.latest if at is None else at
        self.since = at
        text, keys = self.content(part)
        values = {keyed.key: keyed for keyed in reversed(keys)}
        return Update(
            position=part.position,
            lines=(part.position.line, part.last_line),
            at=at,
            status=status,
            text=text,
            keys=keys,
            next_update_at=self._promise(values.get("next-update"), at),
            components=self._components(values.get("components")),
        )

    def content(self, part: Section) -> tuple[str, tuple[Keyed, ...]]:
        """The text of an update, and its key lines."""
        keys: list[Keyed] = []
        said: list[tuple[int, str]] = [(line.position.line, line.text) for line in part.prose]
        for item in part.items:
            keyed = self._key(item)
            if keyed is None:
                said += [(item.position.line, f"- {item.text}")]
                said += [(line.position.line, f"  {line.text}") for line in item.continuation]
                continue
            if any(known.key == keyed.key for known in keys):
                label = self.protocol.update_keys[keyed.key].label
                self.fault(
                    TWICE,
                    item.text_position,
                    f'"{label}" stands here twice',
                    "keep one of the two lines",
                )
            keys.append(keyed)
        return _paragraphs(sorted(said)), tuple(keys)

    def _heading(self, part: Section) -> tuple[datetime | None, str]:
        match = HEADING.fullmatch(part.title)
        place = part.title_position
        if match is None:
            self.fault(
                NO_UPDATE,
                place,
                "this heading is not that of an update",
                "write it as ### 2026-11-03 14:20 - Investigating",
            )
            return None, ""
        status = self._status(match[4].strip(), Position(place.line, place.column + match.start(4)))
        day = self._day(match, part)
        return (None if day is None else self._moment(day, match, place)), status

    def _status(self, written: str, place: Position) -> str:
        status = self.statuses.get(written.casefold(), "")
        if not status:
            labels = dict.fromkeys(word.label for word in self.protocol.statuses.values())
            message = f'"{written}" is no status of the protocol'
            self.fault(NO_STATUS, place, message, f"one of: {', '.join(labels)}")
        return status

    def _day(self, match: re.Match[str], part: Section) -> date | None:
        place = part.title_position
        if match[1] is None:
            likely = self._likely_day(match)
            start = self.document.offset(place)
            fix = (Edit(start, start, f"{likely} "),) if likely else ()
            help_ = f"write: ### {likely or 'YYYY-MM-DD'} {part.title}"
            self.fault(NO_DATE, place, "the date of this update is missing", help_, *fix)
            return likely
        day = day_of(match[1])
        if day is None:
            message = f'there is no day "{match[1]}"'
            self.fault(NO_SUCH_TIME, place, message, "write the date as 2026-11-03")
        return day

    def _moment(self, day: date, match: re.Match[str], place: Position) -> datetime | None:
        if match[3]:
            return moment(day, match[2], match[3])
        found = readings(day, match[2], self.zone)
        if len(found) == 1:
            return found[0]
        where = Position(place.line, place.column + match.start(2))
        if not found:
            self.faults.append(skipped_hour(NO_SUCH_TIME, match[2], day, where))
            return None
        at = earliest(found, self.latest)
        end = self.document.offset(place) + match.end(2)
        fix = (Edit(end, end, offset_text(at)),)
        self.faults.append(repeated_hour(DOUBTFUL_TIME, match[2], at, where, fix))
        return at

    def _likely_day(self, match: re.Match[str]) -> date | None:
        """The first day on which the clock is not before what came last; None where unknown."""
        if self.since is None:
            return None
        since = self.since.replace(second=0, microsecond=0)
        first = since.astimezone(offset_of(match[3]) if match[3] else self.zone).date()
        for day in filter(None, (first, day_after(first))):
            found = (
                (moment(day, match[2], match[3]),)
                if match[3]
                else readings(day, match[2], self.zone)
            )
            if any(at >= since for at in found):
                return day
        return None

    def _key(self, item: ListItem) -> Keyed | None:
        match = KEY.fullmatch(item.text)
        key = self.keys.get(match[1].casefold()) if match else None
        if match is None or key is None:
            self._near_key(item, match or AROUND_KEY.match(item.text))
            return None
        value = " ".join([match[2] or "", *(line.text for line in item.continuation)]).strip()
        place = item.text_position
        column = place.column + (match.start(2) if match[2] else match.start(1))
        return Keyed(key=key, value=value, position=Position(place.line, column))

    def _near_key(self, item: ListItem, match: re.Match[str] | None) -> None:
        """Say so where an item is nearly a key line, but for how its label is written."""
        near = self.near.begun(plain(item.text))
        if near is None:
            return
        typed = match[1] if match else " ".join(item.text.split()[: near.words])
        self.fault(
            NEAR_KEY,
            item.text_position,
            f'"{typed}" is read as text, but it is nearly a key',
            f'did you mean "{self.protocol.update_keys[near.key].label}:"?'
            if match is None
            else f'did you mean "{self.protocol.update_keys[near.key].label}"?',
        )

    def _promise(self, keyed: Keyed | None, at: datetime | None) -> datetime | None:
        """When the next update is promised: a clock is the first one behind the heading."""
        if keyed is None or not keyed.value:
            return None
        full = parse_full_stamp(keyed.value, self.zone)
        match = TIME.fullmatch(keyed.value)
        if full is not None or (match and at is None):
            return full
        if match is None or at is None:
            if match is None:
                self.fault(
                    NO_PROMISE,
                    keyed.position,
                    f'"{keyed.value}" is no time',
                    "write HH:MM, or 2026-11-04 09:00 for a later day",
                )
            return None
        today = at.astimezone(self.zone).date()
        for day in filter(None, (today, day_after(today))):
            found = (
                (moment(day, match[1], match[2]),)
                if match[2]
                else readings(day, match[1], self.zone)
            )
            later = next((time for time in found if time > at), None)
            if later is not None:
                return later
        return None

    def _components(self, keyed: Keyed | None) -> dict[str, str]:
        """The level of each component that the update names."""
        components: dict[str, str] = {}
        if keyed is None or not keyed.value:
            return components
        for part in keyed.value.split(","):
            match = COMPONENT.fullmatch(part.strip())
            level = self.levels.get(match[2].casefold().replace("_", " "), "") if match else ""
            if match is None or not level:
                self.fault(
                    NO_LEVEL,
                    keyed.position,
                    f'"{part.strip()}" is no component with its level',
                    f"write: id level; levels: {', '.join(self.protocol.component_levels)}",
                )
                continue
            components[match[1]] = level
        return components


def _paragraphs(lines: list[tuple[int, str]]) -> str:
    """The lines as they stood, one blank line where there was at least one."""
    parts: list[str] = []
    last = 0
    for number, text in lines:
        if parts and number > last + 1:
            parts.append("")
        parts.append(text)
        last = number
    return "\n".join(parts)
