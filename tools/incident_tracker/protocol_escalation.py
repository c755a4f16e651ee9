"""Who is called for what: levels, working hours, silent parties, security steps, authorities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta

from incident_tracker.frozen import value

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")


@value
class Level:
    """A level of the escalation inside the team; the first one answers first.

    ``role`` is that of its people in ``contacts.yml``, ``audience`` how a severity names it among
    those who are told, ``leads`` the severities that it commands.
    """

    name: str
    role: str
    audience: str = ""
    leads: tuple[str, ...] = ()
    about: str = ""


@value
class WorkingHours:
    """When every way reaches people, from ``begin`` to ``end`` in the tracker's zone."""

    days: tuple[str, ...]
    begin: str
    end: str

    def hold(self, at: datetime) -> bool:
        """Whether a local time lies in them."""
        return DAYS[at.weekday()] in self.days and self.begin <= f"{at:%H:%M}" < self.end


@value
class Escalation:
    """Who is called, inside and outside, and when a party that says nothing is asked again."""

    levels: tuple[Level, ...] = ()
    working_hours: WorkingHours | None = None
    emergency_for: tuple[str, ...] = ()
    silent_after: Mapping[str, timedelta] = field(default_factory=dict)

    def leader(self, severity: str) -> Level | None:
        """Return the level that commands a severity, None where the protocol names none."""
        return next((level for level in self.levels if severity in level.leads), None)


@value
class Step:
    """A step of the response to a security incident, and what proves it.

    ``proof`` is a phrase of the timeline, something that is checked, or a box.
    """

    name: str
    about: str = ""
    proof: str = ""


@value
class Regulator:
    """An authority that must be told in time; ``from_`` is the phrase that starts the clock.

    ``when`` says in words in which case it must be told: that is for people to judge.
    """

    name: str
    within: timedelta
    from_: str = "detected"
    when: str = ""


@value
class Security:
    """What a security incident owes besides, at any severity."""

    owes: Mapping[str, tuple[str, ...]]
    steps: tuple[Step, ...] = ()
    responses: tuple[Step, ...] = ()
    regulators: tuple[Regulator, ...] = ()
