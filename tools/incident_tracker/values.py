"""The text of front-matter fields → values: words, times, names, components, roles; or a fault with its place.

Times need date, clock and offset and keep the offset as written. Every word is one of the protocol's sets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import available_timezones

from incident_tracker.document import Document
from incident_tracker.fields import Kind, Row
from incident_tracker.finding import Edit, Fault, Position
from incident_tracker.model import Origin, Waiver
from incident_tracker.protocol import Protocol
from incident_tracker.tables import nearest
from incident_tracker.yaml_reader import Mapping as MappingNode
from incident_tracker.yaml_reader import Node, Scalar, Sequence

STAMP = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?P<clock>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?",
)
CLOCK_ONLY = re.compile(r"[0-9]{1,2}[:.][0-9]{2}(:[0-9]{2})?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NAME = re.compile(
    r"[^\s,;:|<>\[\](){}\"'`#]([^,;:|<>\[\](){}\"`#\n]{0,78}[^\s,;:|<>\[\](){}\"`#])?"
)
VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}")
VISIBILITIES = ("internal", "public")
LONGEST_OFFSET = timedelta(hours=14)


@dataclass(slots=True)
class Fields:
    """The values of one front matter, read by its rows, and the faults met on the way."""

    rows: Mapping[str, Row]
    protocol: Protocol
    document: Document
    faults: list[Fault] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)
    places: dict[str, Position] = field(default_factory=dict)

    def read(self, front: MappingNode) -> None:
        """Read every entry of the front matter; an unknown key or a wrong value becomes a fault."""
        for entry in front.entries:
            key = entry.key.text
            row = self.rows.get(key)
            if row is None:
                self._unknown(key, entry.key.position, front)
                continue
            self.places[key] = (
                entry.value.position if _has_text(entry.value) else entry.key.position
            )
            if not _has_text(entry.value):
                self.fault(
                    "FMT016",
                    row,
                    entry.key.position,
                    f'"{key}" has no value',
                    help_=f"write a value, such as {key}: {row.example}, or remove the line",
                )
                continue
            value = self.value(row, entry.value)
            if value is not None:
                self.values[key] = value

    def value(self, row: Row, node: Node) -> object:
        """Return the value of one field, None when it has a fault."""
        readers = {
            Kind.COMPONENTS: self._components,
            Kind.ROLES: self._roles,
            Kind.WAIVERS: self._waivers,
            Kind.ORIGIN: self._origin,
            Kind.WORDS: self._words,
            Kind.NAMES: self._names,
        }
        if row.kind in readers:
            return readers[row.kind](row, node)
        if not isinstance(node, Scalar):
            return self.fault(
                "FMT016",
                row,
                node.position,
                f'"{row.key}" takes a single value',
                help_=f"write {row.key}: {row.example}",
            )
        return self.scalar(row, node)

    def scalar(self, row: Row, node: Scalar) -> object:
        """Return the value of a field that is one piece of text."""
        text = node.text
        if row.kind is Kind.WORD:
            return self.word(row, node)
        if row.kind is Kind.TIME:
            return self.time(row, node)
        if row.kind is Kind.DATE:
            return self.date(row, node)
        if row.kind is Kind.ZONE and text not in available_timezones():
            return self._wrong(
                row, node, f'"{text}" is no time zone', nearest(text, tuple(available_timezones()))
            )
        patterns = {Kind.SLUG: SLUG, Kind.NAME: NAME, Kind.VERSION: VERSION}
        if row.kind in patterns and not patterns[row.kind].fullmatch(text):
            return self._wrong(row, node, f'"{text}" is no {row.kind}', row.example)
        if row.kind is Kind.TEXT and len(text) > 500:
            return self._wrong(
                row, node, f'"{row.key}" has {len(text)} characters; at most 500 fit', None
            )
        return " ".join(text.split())

    def word(self, row: Row, node: Scalar) -> str | None:
        """Return the word if its set knows it."""
        known = self.known(row)
        if node.text in known:
            return node.text
        near = nearest(node.text, known)
        help_ = f'did you mean "{near}"?' if near else f"one of: {', '.join(known)}"
        fix = self._replace(node, near) if near and near.casefold() == node.text.casefold() else ()
        self.fault(
            "FMT017",
            row,
            node.position,
            f'"{node.text}" is no {row.key.replace("_", " ")}',
            help_=help_,
            fix=fix,
        )
        return None

    def known(self, row: Row) -> tuple[str, ...]:
        """Return the words that a field may hold."""
        if row.words == "visibility":
            return VISIBILITIES
        if row.words == "statuses":
            return tuple(
                dict.fromkeys([*self.protocol.statuses, *self.protocol.maintenance_statuses])
            )
        return tuple(getattr(self.protocol, row.words))

    def time(self, row: Row, node: Scalar) -> datetime | None:
        """Return the moment with its offset."""
        match = STAMP.fullmatch(node.text)
        if match is None:
            near = (
                "has no date and no offset"
                if CLOCK_ONLY.fullmatch(node.text)
                else "is no date with time and offset"
            )
            return self.fault(
                "FMT011",
                row,
                node.position,
                f'"{row.key}: {node.text}" {near}',
                help_=f"write date, time, offset: {row.example}",
            )
        if match["zone"] is None:
            return self.fault(
                "FMT011",
                row,
                node.position,
                f'"{row.key}: {node.text}" has no offset',
                help_=f"write the offset from UTC behind it: {self.with_offset(match)}",
            )
        moment = moment_of(match["date"], match["clock"], match["zone"])
        if moment is None:
            return self.fault(
                "FMT011",
                row,
                node.position,
                f'"{row.key}: {node.text}" does not exist',
                help_=f"write date, time, offset: {row.example}",
            )
        return moment

    def with_offset(self, match: re.Match[str]) -> str:
        """Return the time with the offset that the tracker's zone had then, as an example to type."""
        naive = moment_of(match["date"], match["clock"], "Z")
        if naive is None:
            return "2026-11-03T14:05-06:00"
        local = naive.replace(tzinfo=self.protocol.tzinfo)
        return local.isoformat(timespec="minutes")

    def date(self, row: Row, node: Scalar) -> date | None:
        """Return the date."""
        try:
            return (
                date.fromisoformat(node.text)
                if DATE.fullmatch(node.text)
                else self._no_date(row, node)
            )
        except ValueError:
            return self._no_date(row, node)

    def fault(  # the parts of a fault, spelled out
        self,
        code: str,
        row: Row,
        position: Position,
        message: str,
        *,
        help_: str | None = None,
        fix: tuple[Edit, ...] = (),
    ) -> None:
        """Note a fault about a field."""
        self.faults.append(
            Fault(
                code=code, message=message, help=help_, position=position, field=row.key, fix=fix
            ),
        )

    def _no_date(self, row: Row, node: Scalar) -> None:
        self.fault(
            "FMT011",
            row,
            node.position,
            f'"{row.key}: {node.text}" is no date',
            help_=f"write {row.example}",
        )

    def _wrong(self, row: Row, node: Scalar, message: str, near: str | None) -> None:
        self.fault(
            "FMT017",
            row,
            node.position,
            message,
            help_=f"for example {row.key}: {near}" if near else None,
        )

    def _replace(self, node: Scalar, text: str) -> tuple[Edit, ...]:
        if node.quoted:
            return ()
        begin = self.document.offset(node.position)
        return (Edit(begin, begin + len(node.text), text),)

    def _unknown(self, key: str, position: Position, front: MappingNode) -> None:
        near = nearest(
            key,
            tuple(name for name in self.rows if not any(e.key.text == name for e in front.entries)),
        )
        help_ = f'did you mean "{near}"?' if near else f"known: {', '.join(self.rows)}"
        fix: tuple[Edit, ...] = ()
        if near:
            begin = self.document.offset(position)
            fix = (Edit(begin, begin + len(key), near),)
        note = f'"{near} is missing" is not reported again' if near else None
        self.faults.append(
            Fault(
                code="FMT002",
                message=f'no field "{key}"',
                help=help_,
                note=note,
                position=position,
                field=key,
                fix=fix,
            )
        )

    def _scalars(self, row: Row, node: Node) -> Iterable[Scalar]:
        items = node.items if isinstance(node, Sequence) else (node,)
        for item in items:
            if isinstance(item, Scalar) and item.text:
                yield item
            else:
                self.fault(
                    "FMT016",
                    row,
                    item.position,
                    f'"{row.key}" takes words',
                    help_=f"write {row.key}: {row.example}",
                )

    def _words(self, row: Row, node: Node) -> tuple[str, ...] | None:
        found = [self.word(row, item) for item in self._scalars(row, node)]
        words = tuple(dict.fromkeys(word for word in found if word))
        return words or None

    def _names(self, row: Row, node: Node) -> tuple[str, ...] | None:
        names = []
        for item in self._scalars(row, node):
            if NAME.fullmatch(item.text):
                names.append(item.text)
            else:
                self.fault(
                    "FMT017",
                    row,
                    item.position,
                    f'"{item.text}" is no name',
                    help_=f"write {row.key}: {row.example}",
                )
        return tuple(dict.fromkeys(names)) or None

    def _components(self, row: Row, node: Node) -> Mapping[str, str] | None:
        if not isinstance(node, MappingNode):
            ids = [item for item in self._scalars(row, node) if self._slug(row, item)]
            return {item.text: "" for item in ids} or None
        found: dict[str, str] = {}
        for entry in node.entries:
            if self._slug(row, entry.key) and isinstance(entry.value, Scalar):
                level = self.word(row, entry.value)
                found[entry.key.text] = level or ""
            elif not isinstance(entry.value, Scalar):
                self.fault(
                    "FMT016",
                    row,
                    entry.value.position,
                    "a component takes a level",
                    help_=f"write {row.key}: {row.example}",
                )
        return found or None

    def _slug(self, row: Row, node: Scalar) -> bool:
        if SLUG.fullmatch(node.text):
            return True
        self.fault(
            "FMT017",
            row,
            node.position,
            f'"{node.text}" is no component id',
            help_="small letters, digits and dashes",
        )
        return False

    def _roles(self, row: Row, node: Node) -> Mapping[str, str] | None:
        if not isinstance(node, MappingNode):
            return self.fault(
                "FMT016",
                row,
                node.position,
                '"roles" takes roles with names',
                help_=f"write {row.key}: {row.example}",
            )
        found: dict[str, str] = {}
        for entry in node.entries:
            if self.word(row, entry.key) is None:
                continue
            if isinstance(entry.value, Scalar) and NAME.fullmatch(entry.value.text):
                found[entry.key.text] = entry.value.text
            else:
                self.fault(
                    "FMT017",
                    row,
                    entry.value.position,
                    f'"{entry.key.text}" takes one name',
                    help_=f"write {row.key}: {row.example}",
                )
        return found or None

    def _waivers(self, row: Row, node: Node) -> tuple[Waiver, ...] | None:
        if not isinstance(node, MappingNode):
            return self.fault(
                "FMT016",
                row,
                node.position,
                '"waive" takes codes with reasons',
                help_=f"write {row.key}: {row.example}",
            )
        found = []
        for entry in node.entries:
            reason = entry.value.text.strip() if isinstance(entry.value, Scalar) else ""
            found.append(Waiver(code=entry.key.text, reason=reason, position=entry.key.position))
        return tuple(found)

    def _origin(self, row: Row, node: Node) -> Origin | None:
        texts = (
            {e.key.text: e.value.text for e in node.entries if isinstance(e.value, Scalar)}
            if isinstance(node, MappingNode)
            else {}
        )
        if not {"system", "id"} <= set(texts) <= {"system", "id", "url"}:
            return self.fault(
                "FMT016",
                row,
                node.position,
                '"origin" takes system, id and url',
                help_=f"write {row.key}: {row.example}",
            )
        return Origin(system=texts["system"], id=texts["id"], url=texts.get("url", ""))


def moment_of(day: str, clock: str, zone: str) -> datetime | None:
    """Return the moment with a fixed offset, None where date, clock or offset do not exist."""
    hours, *rest = clock.split(":")
    try:
        offset = UTC if zone == "Z" else _offset(zone)
        year, month, number = (int(part) for part in day.split("-"))
        return datetime(
            year,
            month,
            number,
            int(hours),
            int(rest[0]),
            int(rest[1]) if rest[1:] else 0,
            tzinfo=offset,
        )
    except ValueError:
        return None


def _offset(zone: str) -> timezone:
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    span = timedelta(hours=hours, minutes=minutes)
    if minutes not in (0, 15, 30, 45) or span > LONGEST_OFFSET or (zone[0] == "-" and hours > 12):
        message = f"no such offset: {zone}"
        raise ValueError(message)
    return timezone(span if zone[0] == "+" else -span)


def _has_text(node: Node) -> bool:
    return (
        not isinstance(node, Scalar)
        or bool(node.text.strip())
        and not (not node.quoted and node.text in ("~", "null"))
    )
