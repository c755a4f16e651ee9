"""The components and groups of a page, in the order of their register, as they are now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from incident_tracker.exports.statuspage_ids import made_id
from incident_tracker.exports.statuspage_words import (
    LEVELS,
    WORST_LEVEL_LAST,
    stamp,
)
from incident_tracker.model import Component, Incident, Tracker
from incident_tracker.pages.levels import Spell, look_of, spells
from incident_tracker.protocol import Protocol

Json = Mapping[str, object]


@dataclass(frozen=True)
class Page:
    """A tracker at a moment, with what every object of its page refers to."""

    tracker: Tracker
    now: datetime
    incidents: tuple[Incident, ...]
    """Those that stand on the page, planned work among them."""

    @property
    def protocol(self) -> Protocol:
        """The protocol in force."""
        return self.tracker.protocol

    @cached_property
    def id(self) -> str:
        """The id of the page."""
        return made_id("page", self.protocol.organisation)

    @cached_property
    def spells(self) -> Mapping[str, Sequence[Spell]]:
        """How the components were, by incident."""
        return {incident.id: tuple(spells(incident, self.now)) for incident in self.incidents}

    @cached_property
    def _by_component(self) -> Mapping[str, Sequence[Spell]]:
        found: dict[str, list[Spell]] = {}
        for several in self.spells.values():
            for spell in several:
                found.setdefault(spell.component, []).append(spell)
        return found

    def level(self, component: str) -> str:
        """The worst level that a component has now."""
        held = (
            level_of(spell)
            for spell in self._by_component.get(component, ())
            if spell.start <= self.now and (spell.end is None or spell.end > self.now)
        )
        return max(held, key=WORST_LEVEL_LAST.index, default="operational")

    def changed(self, component: str) -> datetime | None:
        """When its level changed last, None where it never did."""
        moments = (
            at
            for spell in self._by_component.get(component, ())
            for at in (spell.start, spell.end)
            if at is not None and at <= self.now
        )
        return max(moments, default=None)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The position of each group, by its name, and of each component, by its id.

        Groups and components without one are counted together, those in a group by themselves.
        """
        found: dict[str, int] = {}
        inside: dict[str, int] = {}
        outside = 0
        for component in self.tracker.components:
            group = component.group
            if not group or group_key(group) not in found:
                outside += 1
                found[group_key(group) if group else component.id] = outside
            if group:
                inside[group] = inside.get(group, 0) + 1
                found[component.id] = inside[group]
        return found

    @cached_property
    def _made(self) -> dict[str, Json]:
        """The components that were asked for: each is the same in every incident."""
        return {}

    def component(self, name: str) -> Json:
        """One component, as the register knows it, else by its id alone."""
        if name not in self._made:
            self._made[name] = self._component(name)
        return self._made[name]

    def _component(self, name: str) -> Json:
        known = self.tracker.component_by_id.get(name) or Component(id=name, name=name)
        created = self._created(known.since)
        return {
            "id": made_id("component", known.id),
            "name": known.name,
            "status": self.level(known.id),
            "created_at": stamp(created),
            "updated_at": stamp(self.changed(known.id) or created),
            "position": self.places.get(known.id, 0),
            "description": known.description or None,
            "showcase": True,
            "start_date": known.since.isoformat() if known.since else None,
            "group_id": made_id("group", known.group) if known.group else None,
            "page_id": self.id,
            "group": False,
            "only_show_if_degraded": False,
        }

    def all_components(self) -> Iterator[Json]:
        """The groups and components of the register, each group in front of its first component."""
        groups: dict[str, list[Component]] = {}
        for component in self.tracker.components:
            groups.setdefault(component.group, []).append(component)
        seen: set[str] = set()
        for component in self.tracker.components:
            if component.group and component.group not in seen:
                seen.add(component.group)
                yield self._group(component.group, groups[component.group])
            yield self.component(component.id)

    def _group(self, name: str, members: Sequence[Component]) -> Json:
        days = [member.since for member in members if member.since]
        created = self._created(min(days, default=None))
        moments = [at for member in members if (at := self.changed(member.id))]
        return {
            "id": made_id("group", name),
            "name": name,
            "status": max((self.level(m.id) for m in members), key=WORST_LEVEL_LAST.index),
            "created_at": stamp(created),
            "updated_at": stamp(max(moments, default=created)),
            "position": self.places[group_key(name)],
            "description": None,
            "showcase": False,
            "start_date": None,
            "group_id": None,
            "page_id": self.id,
            "group": True,
            "only_show_if_degraded": False,
            "components": [made_id("component", member.id) for member in members],
        }

    def _created(self, since: date | None) -> datetime:
        """The first moment of its first day; that of the protocol where it has none."""
        return datetime.combine(since or self.protocol.released, time(), self.protocol.tzinfo)


def level_of(spell: Spell) -> str:
    """Return the level of a spell in Statuspage's words."""
    return LEVELS[look_of(spell.level, spell.incident.protocol)]


def group_key(group: str) -> str:
    """Return what a group is called among ids of components, none of which has a slash."""
    return f"group/{group}"
