"""What every page may know: the records, the moment, and what is worked out once for all pages."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from incident_tracker.audience import Audience
from incident_tracker.changes import Revision
from incident_tracker.check import Report, check
from incident_tracker.coverage import Requirement
from incident_tracker.due import Due, due
from incident_tracker.finding import Finding
from incident_tracker.formats.home import Home
from incident_tracker.model import Action, Incident, Milestone, Review, Runbook, Tracker
from incident_tracker.pages.levels import Spell, spells
from incident_tracker.pages.wording import day
from incident_tracker.protocol import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """What the pages may know about the build besides the records."""

    now: datetime
    edit_url: str = ""  # what a repository path is appended to; empty: no edit links
    commit: str = ""
    revisions: Mapping[str, Sequence[Revision]] = field(default_factory=dict)  # by path
    texts: Mapping[str, str] = field(default_factory=dict)  # hand-written pages of the protocol
    requirements: Sequence[Requirement] = ()  # of the protocol, where the tracker keeps them
    home: Home = field(default_factory=Home)
    audience: Audience = Audience.INTERNAL  # whose site it is
    withheld: int = 0  # public incidents that are kept back, for their form is broken


@dataclass(frozen=True)
class Book:
    """A tracker at a moment. Everything that costs time per record is worked out once."""

    tracker: Tracker
    site: Site

    @property
    def is_public(self) -> bool:
        """Whether everybody reads it: then the records are the published ones."""
        return self.site.audience is Audience.PUBLIC

    @property
    def nothing(self) -> str:
        """What is said where no incident is known: the public does not know what was recorded."""
        return "No incident published" if self.is_public else "No incident recorded"

    @property
    def protocol(self) -> Protocol:
        """The protocol in force."""
        return self.tracker.protocol

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone that times are shown in."""
        return self.protocol.tzinfo

    @cached_property
    def now(self) -> datetime:
        """The moment that the pages are made for, in the tracker's zone."""
        return self.local(self.site.now)

    @property
    def today(self) -> date:
        """The day of that moment."""
        return self.now.date()

    def local(self, at: datetime) -> datetime:
        """A moment in the tracker's zone."""
        return at.astimezone(self.zone)

    def begun(self, incident: Incident) -> datetime | None:
        """When it was detected, else the first moment known of it, in the tracker's zone."""
        at = incident.at(Milestone.DETECTED) or incident.scheduled_start
        if at is None:
            known = [*incident.times.values(), *(e.at for e in incident.log.entries if e.at)]
            at = min(known, default=None)
        return None if at is None else self.local(at)

    def day_of(self, incident: Incident) -> date:
        """The day that an incident is listed under: that of its detection, else that of its id."""
        return self._days[incident.id]

    @cached_property
    def _days(self) -> Mapping[str, date]:
        return {incident.id: self._day(incident) for incident in self.tracker.incidents}

    def _day(self, incident: Incident) -> date:
        begun = self.begun(incident)
        if begun is not None:
            return begun.date()
        try:
            return date.fromisoformat(incident.id[:10])
        except ValueError:
            return date(1970, 1, 1)

    @cached_property
    def newest_first(self) -> Sequence[Incident]:
        """Incidents, drills and maintenance windows by the moment of their detection."""

        def key(incident: Incident) -> tuple[date, float, str]:
            begun = self.begun(incident)
            return (self.day_of(incident), begun.timestamp() if begun else 0.0, incident.id)

        return tuple(sorted(self.tracker.incidents, key=key, reverse=True))

    @cached_property
    def beside(self) -> Mapping[str, tuple[Incident | None, Incident | None]]:
        """For each incident, by id, the one before it and the one after it in time."""
        every = [None, *self.newest_first, None]
        return {
            incident.id: (earlier, later)
            for later, incident, earlier in zip(every, every[1:], every[2:], strict=False)
            if incident is not None
        }

    @cached_property
    def years(self) -> Sequence[int]:
        """The years with a record, newest first; this one where there is none."""
        found = {on.year for on in self._days.values()}
        return tuple(sorted(found, reverse=True)) or (self.today.year,)

    @cached_property
    def open_incidents(self) -> Sequence[Incident]:
        """What somebody works on now: the most severe first, the longest open first among those."""
        found = [i for i in self.newest_first if i.is_open and not (i.is_drill or i.is_maintenance)]
        found.reverse()
        return tuple(sorted(found, key=lambda incident: self.protocol.rank(incident.severity)))

    @cached_property
    def report(self) -> Report:
        """The verdict on the records."""
        return check(self.tracker)

    @cached_property
    def findings_by_path(self) -> Mapping[str, Sequence[Finding]]:
        """The findings of each file."""
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.report.findings:
            found[finding.path].append(finding)
        return found

    @cached_property
    def spells(self) -> Sequence[Spell]:
        """How each component was, from when to when, as far as incidents tell."""
        return tuple(
            spell
            for incident in self.tracker.incidents
            if not (incident.is_drill or incident.is_cancelled)
            for spell in spells(incident, self.now)
        )

    @cached_property
    def duplicates(self) -> Mapping[str, Sequence[Incident]]:
        """The records that were cancelled as duplicates, by the one that tells what happened."""
        found: dict[str, list[Incident]] = defaultdict(list)
        for incident in self.tracker.incidents:
            if incident.duplicate_of:
                found[incident.duplicate_of].append(incident)
        return found

    @cached_property
    def by_cause(self) -> Mapping[str, Sequence[Incident]]:
        """Counted incidents by root cause, the oldest first."""
        found: dict[str, list[Incident]] = defaultdict(list)
        for incident in reversed(self.newest_first):
            if incident.counts and incident.root_cause:
                found[incident.root_cause].append(incident)
        return found

    @cached_property
    def _places(self) -> Mapping[str, int]:
        """For each incident, by id, how many before it had its root cause."""
        return {
            incident.id: place
            for same in self.by_cause.values()
            for place, incident in enumerate(same)
        }

    def times_before(self, incident: Incident) -> int:
        """How many earlier incidents had its root cause."""
        return self._places.get(incident.id, 0)

    def last_of_same_cause(self, incident: Incident) -> Incident | None:
        """The latest earlier incident that had its root cause."""
        before = self.times_before(incident)
        return self.by_cause[incident.root_cause][before - 1] if before else None

    def is_repeat(self, incident: Incident) -> bool:
        """Whether its root cause occurred before within the protocol's window."""
        return incident.id in self.tracker.repeats

    @cached_property
    def due(self) -> Sequence[Due]:
        """What somebody owes, that of open incidents first, then the longest overdue."""
        return due(self.tracker, self.now)

    @cached_property
    def owed_by(self) -> Mapping[str, Sequence[Due]]:
        """For each incident, by id, what it owes: of an open one what has a clock first."""
        found: dict[str, list[Due]] = defaultdict(list)
        for item in self.due:
            found[item.record].append(item)
        return found

    @cached_property
    def owed_reviews(self) -> Mapping[str, Due]:
        """For each incident, by id, what its review needs next: the meeting, or publication."""
        found: dict[str, Due] = {}
        for item in self.due:
            if item.clock in ("review", "publish"):
                found.setdefault(item.record, item)
        return found

    @cached_property
    def uses_by_runbook(self) -> Mapping[str, Sequence[Incident]]:
        """The incidents that used each runbook, newest first."""
        found: dict[str, list[Incident]] = defaultdict(list)
        for incident in self.newest_first:
            for runbook in self.runbooks_of(incident):
                found[runbook.id].append(incident)
        return found

    @cached_property
    def runbook_by_id(self) -> Mapping[str, Runbook]:
        """The runbooks by id."""
        return {runbook.id: runbook for runbook in self.tracker.runbooks}

    def runbooks_of(self, incident: Incident) -> Sequence[Runbook]:
        """The runbooks that an incident used."""
        used = [e.said.names for e in incident.log.of("runbook-used") if e.said]
        names = dict.fromkeys(name for names in used for name in names)
        return [self.runbook_by_id[name] for name in names if name in self.runbook_by_id]

    @cached_property
    def actions(self) -> Sequence[Action]:
        """Every action item of reviews and incidents, in the order of the files.

        Those of withdrawn ones are left out.
        """
        records: list[Review | Incident] = [*self.tracker.incidents, *self.tracker.reviews]
        return tuple(
            action
            for record in records
            if not self.tracker.is_withdrawn(record.id)
            for action in record.actions
        )

    def component(self, name: str) -> str:
        """The name of a component for people."""
        known = self.tracker.component_by_id.get(name)
        return known.name if known else name

    def day_words(self, incident: Incident) -> str:
        """The day of an incident in words."""
        return day(self.day_of(incident))

    def path_of_review(self, incident: Incident) -> str:
        """The path of the incident's review, empty where there is none."""
        review = self.tracker.review_by_incident.get(incident.id)
        return review.path if review else ""
