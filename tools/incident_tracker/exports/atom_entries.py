"""What a feed tells: an entry for each update, one for planned work, one for what was not told of.

An entry's time is that of the data, and its id is made from what never changes about it, as the ids
of the Statuspage export are: neither depends on the build, the address of the site, or what stands
beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from incident_tracker.exports.atom_text import Entry, urn
from incident_tracker.exports.statuspage_ids import incident_ids
from incident_tracker.exports.statuspage_words import TOLD
from incident_tracker.model import Incident, Tracker, Update
from incident_tracker.pages.levels import label_of, touched
from incident_tracker.pages.rows import status_words
from incident_tracker.pages.wording import moment, update_anchors


def entries(tracker: Tracker, now: datetime) -> list[Entry]:
    """Return what is told until a moment, the newest first."""
    ids = incident_ids(tracker.incidents)
    found = [
        entry
        for incident in tracker.incidents
        if not (incident.is_drill or incident.is_withdrawn)
        for entry in _of(Subject(incident, ids[incident.id], tracker), now)
    ]
    return sorted(found, key=lambda entry: (entry.updated, entry.id), reverse=True)


def _of(subject: Subject, now: datetime) -> Iterator[Entry]:
    incident = subject.incident
    updates = [(u.at, u) for u in incident.log.updates if u.at is not None and u.at <= now]
    seen: Counter[str] = Counter()
    updates.sort(key=lambda pair: pair[0])
    zone = subject.tracker.protocol.tzinfo
    anchors = update_anchors(at.astimezone(zone) for at, _ in updates)
    for (at, update), anchor in zip(updates, anchors, strict=True):
        moment_ = f"{at.timestamp():.0f}"
        seen[moment_] += 1
        entry_id = urn("update", subject.id, moment_, str(seen[moment_]))
        yield subject.told(update, at, entry_id, anchor)
    if incident.is_maintenance and incident.scheduled_start is not None:
        yield subject.itself(incident.scheduled_start, incident.scheduled_start)
    elif not updates and not incident.is_cancelled:
        times = [at for at in incident.times.values() if at <= now]
        if times:
            yield subject.itself(min(times), max(times))


@dataclass(frozen=True)
class Subject:
    """An incident or planned work that entries are about."""

    incident: Incident
    id: str
    """The id that it has for others."""
    tracker: Tracker

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names of the components that it touched, by their ids."""
        known = self.tracker.component_by_id
        return {
            name: known[name].name if name in known else name for name in touched(self.incident)
        }

    def told(self, update: Update, at: datetime, entry_id: str, anchor: str) -> Entry:
        """Return the entry of an update."""
        protocol = self.incident.protocol
        statuses = (
            protocol.maintenance_statuses if self.incident.is_maintenance else protocol.statuses
        )
        word = statuses.get(update.status)
        return Entry(
            id=entry_id,
            title=self._titled(word.label if word else update.status),
            published=at,
            updated=at,
            page=self.incident.path,
            anchor=anchor,
            said=update.text,
            lines=(*self._keys(update), *self._components(update.components)),
            terms=self.terms,
            components=frozenset(self.names),
        )

    def itself(self, published: datetime, updated: datetime) -> Entry:
        """Return the entry for what no update tells: that it is there, or planned."""
        summary = self.incident.section("Summary")
        return Entry(
            id=urn("record", self.id),
            title=self._titled(""),
            published=published,
            updated=updated,
            page=self.incident.path,
            anchor="",
            said=self.incident.public_summary or (summary.text if summary else ""),
            lines=(*self._window(), *self._components({})),
            terms=self.terms,
            components=frozenset(self.names),
        )

    @property
    def terms(self) -> Mapping[str, str]:
        """The categories: severity or planned work, and the components."""
        if self.incident.is_maintenance:
            return {"maintenance": "Maintenance", **self.names}
        severity = self.incident.severity
        return {severity: severity, **self.names} if severity else self.names

    def _titled(self, status: str) -> str:
        incident = self.incident
        return f"{status or status_words(incident)}: {incident.title or incident.id}"

    def _components(self, levels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """All components in one line, with the levels that an update told of."""
        protocol = self.incident.protocol
        parts = [
            f"{word} ({label_of(levels[name], protocol)})" if name in levels else word
            for name, word in self.names.items()
        ]
        if parts:
            yield "Components", ", ".join(parts)

    def _keys(self, update: Update) -> Iterator[tuple[str, str]]:
        """The key lines; the next update with its day, for a feed is read on any day."""
        words = self.incident.protocol.update_keys
        for key in TOLD:
            value = update.value(key)
            if key == "next-update" and update.next_update_at is not None:
                value = self._when(update.next_update_at)
            if value and key in words:
                yield words[key].label, value

    def _window(self) -> Iterator[tuple[str, str]]:
        """From when to when planned work is."""
        incident = self.incident
        for label, at in (("From", incident.scheduled_start), ("Until", incident.scheduled_end)):
            if incident.is_maintenance and at is not None:
                yield label, self._when(at)

    def _when(self, at: datetime) -> str:
        return moment(at.astimezone(self.tracker.protocol.tzinfo)).striptags()
