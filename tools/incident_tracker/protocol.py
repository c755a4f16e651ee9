"""The response protocol as typed tables: the only home of its numbers and words.

Identifiers (``resolved``, ``on-call team``, ``checked-logs``) are what code may know; every label,
word, number and list belongs to the file. Times of day and zones are settled when records are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from incident_tracker.finding import Fault, Position
from incident_tracker.frozen import value, value_with_room
from incident_tracker.protocol_escalation import Escalation, Security
from incident_tracker.protocol_faults import Known, protocol_faults
from incident_tracker.protocol_practice import Question, Setting, Topic
from incident_tracker.protocol_telling import Telling
from incident_tracker.text.tables import CODE, read_table
from incident_tracker.text.yaml_reader import read_yaml

PATH = "protocol/protocol.yml"


@value
class Cadence:
    """When the next update is due and when it is late, from the last one."""

    remind: timedelta
    late: timedelta


@value
class Severity:
    """What one severity means and demands; None where the protocol demands nothing."""

    name: str
    meaning: str
    response: timedelta
    triage: timedelta | None = None
    notify: timedelta | None = None
    update: Cadence | None = None
    acknowledge_target: timedelta | None = None
    resolve_target: timedelta | None = None
    report: timedelta | None = None
    review: timedelta | None = None
    audiences: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    component_level: str = "operational"
    component_needed: str = "identified"
    owes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@value
class Word:
    """A word of a closed set: its label for people, what it means, and how it may be written."""

    label: str = ""
    about: str = ""
    words: tuple[str, ...] = ()
    text: str = ""
    look: str = ""
    takes_id: bool = False
    dated: bool = False


@value
class AlertTerms:
    """What the labels of a monitor's alerts mean: which one holds what, and its words."""

    severity_label: str = "severity"
    severities: Mapping[str, str] = field(default_factory=dict)
    severity_default: str = ""
    component_label: str = "component"
    kind_label: str = "kind"
    source: str = "monitoring"


@value
class Role:
    """A role of the response."""

    name: str
    short: str
    about: str


@value
class Phrase:
    """A phrase of the timeline: how it is written, how its value is read, and what it proves."""

    text: tuple[str, ...]
    shape: str
    sets: str = ""
    status: str = ""
    role: str = ""
    colon: bool = False
    needs_value: bool = False
    reason: bool = False


@value
class ReviewSection:
    """A section of a review: its title, its hint, and how little text is too little.

    ``role`` is who writes it; without one it is the facilitator's.
    """

    text: str
    hint: str
    role: str = ""
    least: int = 0
    items: bool = False
    keys: tuple[str, ...] = ()


@value
class Watch:
    """How long a fix is watched before it is called verified."""

    least: timedelta
    most: timedelta


@value
class Gates:
    """The statuses that refuse while something is owed."""

    incident: tuple[str, ...]
    review: tuple[str, ...]


@value
class Edition:
    """One version in the protocol's history."""

    version: str
    date: date
    note: str


@value
class Related:
    """A neighbouring protocol."""

    name: str
    about: str


@value
class AgendaItem:
    """A part of the review meeting."""

    item: str
    for_: timedelta


@value
class ReviewTerms:
    """When a review is owed and how it is held; ``completion_target`` in percent."""

    kinds: tuple[str, ...]
    repeated: tuple[str, ...]
    within: timedelta
    schedule_by: timedelta
    meeting: timedelta
    completion_target: int
    agenda: tuple[AgendaItem, ...]
    ground_rules: tuple[str, ...]
    blame_words: tuple[str, ...]


@value
class MetricTerms:
    """From how many values on a statistic may be shown; ``interval_confidence`` in percent."""

    median_interval_from: int
    p90_from: int
    p90_sure_from: int
    trend_from: int
    interval_confidence: int


@value
class Connectives:
    """The connecting words of the timeline's grammar."""

    by: tuple[str, ...]
    via: tuple[str, ...]
    ticket: tuple[str, ...]
    because: tuple[str, ...]
    fix: tuple[str, ...]
    fail_back: tuple[str, ...] = ()
    danger: tuple[str, ...] = ()
    backup_of: tuple[str, ...]
    not_applicable: tuple[str, ...]
    unknown: tuple[str, ...]
    unchanged: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    accepted: tuple[str, ...]
    action: tuple[str, ...]
    arrows: tuple[str, ...]
    nobody: tuple[str, ...] = ()


@value_with_room
class Protocol:
    """One version of the response protocol; the attributes are the keys of ``protocol.yml``."""

    version: str
    released: date
    owner: str
    state: str
    history: tuple[Edition, ...]
    related: tuple[Related, ...]
    organisation: str
    zone: str
    default_component: str
    commands_omit_id_for: timedelta
    settings: tuple[Setting, ...]
    severities: Mapping[str, Severity]
    watch: Watch
    same_day_least: timedelta
    follow_up: timedelta
    repeat_window: timedelta
    near_phrase: float
    entry_back: timedelta
    statuses: Mapping[str, Word]
    maintenance_statuses: Mapping[str, Word]
    review_statuses: Mapping[str, Word]
    gates: Gates
    kinds: Mapping[str, Word]
    kind_needed: str
    kinds_needed_at_declare: tuple[str, ...]
    internal_kinds: tuple[str, ...]
    detection_sources: Mapping[str, Word]
    detection_default: str
    resolution_options: Mapping[str, Word]
    permanent_fix_after: tuple[str, ...]
    decision_tree: tuple[Question, ...]
    roles: Mapping[str, Role]
    acknowledger_role: str
    speaker_role: str
    technical_role: str
    audiences: Mapping[str, Word]
    told_by_acknowledging: tuple[str, ...]
    component_levels: Mapping[str, Word]
    maintenance_level: str
    checks: Mapping[str, Word]
    action_types: Mapping[str, Word]
    preventive_types: tuple[str, ...]
    drill_scenarios: Mapping[str, Word]
    drill_every: str
    contact_test_every: str
    quarter_reminder: timedelta
    runbook_review_every: timedelta | None = None
    runbook_test_every: timedelta | None = None
    danger_words: tuple[str, ...] = ()
    training: Mapping[str, Topic] = field(default_factory=dict)
    suspects_window: timedelta | None = None
    fail_back_after: tuple[str, ...] = ()
    security: Security
    words: Connectives
    phrases: Mapping[str, Phrase]
    cancellations: Mapping[str, Word]
    runbook_outcomes: Mapping[str, Word]
    update_keys: Mapping[str, Word]
    update_needs: tuple[str, ...]
    verification_boxes: Mapping[str, Word]
    security_boxes: Mapping[str, Word]
    review_boxes: Mapping[str, Word]
    during_boxes: Mapping[str, Word]
    after_boxes: Mapping[str, Word]
    incident_sections: tuple[str, ...]
    review_sections: Mapping[str, ReviewSection]
    least_words: int
    placeholders: tuple[str, ...]
    review: ReviewTerms
    metrics: MetricTerms
    alerts: AlertTerms = field(default_factory=AlertTerms)
    escalation: Escalation = field(default_factory=Escalation)
    telling: Telling = field(default_factory=Telling)
    superseded: Mapping[str, Protocol] = field(default_factory=dict, metadata={"written": False})

    @cached_property
    def tzinfo(self) -> ZoneInfo:
        """The tracker's time zone."""
        return ZoneInfo(self.zone)

    @cached_property
    def status_order(self) -> Mapping[str, int]:
        """The rank of each status of an incident, maintenance or review in its life."""
        lists = (self.statuses, self.maintenance_statuses, self.review_statuses)
        return {name: rank for names in lists for rank, name in enumerate(names)}

    def at_version(self, version: str | None) -> Protocol:
        """Return the protocol of that version, this one where it is unknown or not given."""
        return self.superseded.get(version, self) if version else self

    def rank(self, severity: str) -> int:
        """Return the place of a severity, 0 the most severe; unknown ones come last."""
        return (
            list(self.severities).index(severity)
            if severity in self.severities
            else len(self.severities)
        )

    def names(self, text: str) -> bool:
        """Return whether a text names somebody or something: it is no word for what is missing."""
        return bool(text.strip()) and text.strip().casefold() not in {
            word.casefold() for word in self.words.nobody
        }

    def owed(self, severity: str, kinds: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the duties by the status that demands them."""
        terms = self.severities.get(severity)
        owes = dict(terms.owes) if terms else {}
        if "security" in kinds:
            for status, duties in self.security.owes.items():
                owes[status] = (*owes.get(status, ()), *duties)
        return owes


def read_protocol(
    text: str, known: Known | None = None
) -> tuple[Protocol | None, tuple[Fault, ...]]:
    """Return the protocol that the text of ``protocol.yml`` holds, or every fault in it.

    ``known`` are the names that the tracker itself understands; without it none is doubted.
    """
    node, faults = read_yaml(text)
    if node is None or faults:
        return None, faults or (
            Fault(code=CODE, message="the file holds no keys", position=Position(1, 1)),
        )
    protocol, faults = read_table(Protocol, node)
    if protocol is None:
        return None, faults
    wrong = tuple(protocol_faults(protocol, node, known))
    return (None, wrong) if wrong else (protocol, ())
