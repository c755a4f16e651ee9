"""The mapping: which column is which of our fields, and which of their words is which of ours.

A strict YAML file or a preset that comes with the package; ``pairs`` changes either. A column is a
path: ``impact_window.start_at``, ``updates[].at``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from zoneinfo import available_timezones

from incident_tracker.finding import Fault, Position
from incident_tracker.importers.lengths import SECONDS
from incident_tracker.importers.moments import form_problem
from incident_tracker.importers.story import KEYS
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Milestone
from incident_tracker.protocol import Protocol
from incident_tracker.text.tables import CODE, nearest, read_table
from incident_tracker.text.yaml_nodes import Mapping as MappingNode
from incident_tracker.text.yaml_nodes import Node
from incident_tracker.text.yaml_reader import read_yaml
from incident_tracker.values import VISIBILITIES

SCHEDULED = ("scheduled_start", "scheduled_end")
TIMES = (*(milestone.value for milestone in Milestone), *SCHEDULED)
TEXTS = (
    "system",
    "provider",
    "id",
    "url",
    "base",
    "text",
    "title",
    "end",
    "watch",
    "zone",
    "stated_unit",
    "visibility",
    "public_summary",
)
TABLES = ("headings", "labels", "zones")
LABELLED = (
    *(milestone.value for milestone in Milestone),
    *(f"stated.{milestone.value}" for milestone in Milestone),
    "day",
)
WORD_LISTS = ("severity", "status", "kind", "detected_by", "components")


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A column of words: theirs to ours, ``otherwise`` for one that is not listed, or for none."""

    column: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = ""
    # Words of a status that say nothing about it, such as "Update".
    same: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ComponentColumn:
    """The column of components, a list or names with a separator; ``words``: names to our ids.

    ``name`` is the key of the name where the list holds objects.
    """

    column: str = ""
    name: str = "name"
    words: Mapping[str, str] = field(default_factory=dict)
    separator: str = ","


@dataclass(frozen=True, kw_only=True, slots=True)
class UpdateColumns:
    """The columns of nested updates, each as ``list[].column``; their words are ``status``'s."""

    at: str
    status: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelColumns:
    """The list in an update that says how components fare, its keys, and their words for ours."""

    column: str = ""
    name: str = "name"
    level: str = "status"
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class RowMap:
    """How a row becomes a draft. ``seconds`` are columns that count seconds from detection.

    ``stated`` are columns with lengths from detection that are kept beside the times, a bare number
    in ``stated_unit``. ``provider`` is the column that names the system, where the rows come from
    several. ``base`` is the address that a ``url`` without a host stands below. ``watch`` is when
    they began to watch their fix, where their updates do not say it.

    ``visibility`` is that of every record; what is ``public`` takes its summary for everybody from
    the column ``public_summary``, else from the first update, else from the title.

    ``forms`` are the accepted forms of a time: ``iso``, ``epoch``, ``epoch-ms`` or a pattern as
    ``%d.%m.%Y %H:%M``. ``zone`` is that of times without an offset, which are refused without it.
    """

    title: str = ""
    system: str = "import"
    provider: str = ""
    id: str = ""
    url: str = ""
    base: str = ""
    text: str = ""
    visibility: str = ""
    public_summary: str = ""
    times: Mapping[str, str] = field(default_factory=dict)
    end: str = ""
    watch: str = ""
    seconds: Mapping[str, str] = field(default_factory=dict)
    stated: Mapping[str, str] = field(default_factory=dict)
    stated_unit: str = ""
    forms: tuple[str, ...] = ("iso",)
    zone: str = ""
    delimiter: str = ""
    severity: Words = field(default_factory=Words)
    status: Words = field(default_factory=Words)
    kind: Words = field(default_factory=Words)
    detected_by: Words = field(default_factory=Words)
    components: ComponentColumn = field(default_factory=ComponentColumn)
    updates: UpdateColumns | None = None
    levels: LevelColumns = field(default_factory=LevelColumns)
    # Of documents: their headings to our sections, labels of lines to fields, names of zones.
    headings: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> frozenset[str]:
        """Every column that is mapped."""
        listed = (self.severity, self.status, self.kind, self.detected_by, self.components)
        told = (self.updates.at, self.updates.status, self.updates.text) if self.updates else ()
        every = (
            self.provider,
            self.title,
            self.id,
            self.url,
            self.text,
            self.public_summary,
            self.end,
            self.watch,
            *told,
            *self._levels(),
            *self.times.values(),
            *self.seconds.values(),
            *self.stated.values(),
            *(w.column for w in listed),
        )
        return frozenset(column for column in every if column)

    def _levels(self) -> tuple[str, ...]:
        if self.updates is None or not self.levels.column:
            return ()
        return (f"{self.updates.at.partition('[].')[0]}[].{self.levels.column}",)


EMPTY = RowMap()


class MappingError(Refusal):
    """A mapping that does not fit its table or the protocol."""


def preset_names() -> tuple[str, ...]:
    """The mappings that come with the package."""
    folder = files("incident_tracker.importers") / "presets"
    return tuple(sorted(found.name.removesuffix(".yml") for found in folder.iterdir()))


def preset_text(name: str) -> str:
    """The text of a mapping that comes with the package."""
    folder = files("incident_tracker.importers") / "presets"
    return (folder / f"{name}.yml").read_text("utf-8")


def preset_abouts() -> Mapping[str, str]:
    """The first line of each preset, which says what it is for."""
    return {name: preset_text(name).partition("\n")[0].lstrip("# ") for name in preset_names()}


def read_mapping(text: str, protocol: Protocol) -> tuple[RowMap | None, tuple[Fault, ...]]:
    """The mapping that a file holds, or None and every mistake in it with its place."""
    node, faults = read_yaml(text)
    if node is None or faults:
        return None, faults
    found, faults = read_table(RowMap, node)
    if found is None:
        return None, faults
    wrong = tuple(
        Fault(code=CODE, message=message, help=hint, position=_place(node, path))
        for path, message, hint in problems(found, protocol)
    )
    return (None if wrong else found), wrong


def incomplete(mapping: RowMap) -> str | None:
    """What the mapping lacks before any row can be read, None where it is whole."""
    if not mapping.title:
        return "title"
    known = "detected_at" in mapping.times or "scheduled_start" in mapping.times
    return None if known else "detected_at"


def problems(mapping: RowMap, protocol: Protocol) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Each mistake that the form of a mapping allows: where it stands, what it is, the way out."""
    yield from _wrong_words(mapping, protocol)
    yield from _wrong_times(mapping)
    if mapping.stated_unit and mapping.stated_unit not in SECONDS:
        units = ", ".join(SECONDS)
        yield ("stated_unit",), f'"{mapping.stated_unit}" is no unit of time', f"one of: {units}"
    for form in mapping.forms:
        problem = form_problem(form)
        if problem:
            yield ("forms",), problem, "iso, epoch, epoch-ms, or as %d.%m.%Y %H:%M"
    if mapping.zone and mapping.zone not in available_timezones():
        yield ("zone",), f'"{mapping.zone}" is no time zone', "as Europe/Berlin, or UTC"
    told = mapping.updates
    if told is not None:
        lists = {
            column.partition("[].")[0] for column in (told.at, told.status, told.text) if column
        }
        if len(lists) != 1 or "[]." not in told.at:
            hint = "updates: {at: updates[].at, status: updates[].status, text: updates[].message}"
            yield ("updates",), "the columns of the updates are not those of one list", hint
    if mapping.visibility and mapping.visibility not in VISIBILITIES:
        told_to = f'"{mapping.visibility}" is no visibility of ours'
        yield ("visibility",), told_to, f"one of: {', '.join(VISIBILITIES)}"
    yield from _wrong_tables(mapping)
    if len(mapping.delimiter) > 1:
        yield ("delimiter",), "a delimiter is one character", 'delimiter: ";"'


def _wrong_times(mapping: RowMap) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for table, known in (("times", TIMES), ("seconds", TIMES[:7]), ("stated", TIMES[:7])):
        for key in getattr(mapping, table):
            if key not in known:
                near = nearest(key, known)
                hint = f"did you mean {near}?" if near else f"one of: {', '.join(known)}"
                yield (table, key), f'"{key}" is no time of a record', hint


def _wrong_words(mapping: RowMap, protocol: Protocol) -> Iterator[tuple[tuple[str, ...], str, str]]:
    statuses = (*protocol.statuses, *protocol.maintenance_statuses)
    sets: Mapping[str, Iterable[str]] = {
        "severity": protocol.severities,
        "status": statuses,
        "kind": protocol.kinds,
        "detected_by": protocol.detection_sources,
    }
    for name, known in sets.items():
        listed: Words = getattr(mapping, name)
        ours = [(("words", theirs), word) for theirs, word in listed.words.items()]
        for path, word in (*ours, (("otherwise",), listed.otherwise)):
            if word and word not in known:
                near = nearest(word, tuple(known))
                hint = f"did you mean {near}?" if near else f"one of: {', '.join(known)}"
                yield (name, *path), f'"{word}" is no {name.replace("_", " ")} of ours', hint
    for theirs, level in mapping.levels.words.items():
        if level not in protocol.component_levels:
            hint = f"one of: {', '.join(protocol.component_levels)}"
            yield ("levels", "words", theirs), f'"{level}" is no level of a component of ours', hint
    for theirs, ours_id in mapping.components.words.items():
        if not ours_id.replace("-", "").isalnum() or ours_id != ours_id.lower():
            path = ("components", "words", theirs)
            yield path, f'"{ours_id}" is no component id', "small letters, digits and dashes"


def _wrong_tables(mapping: RowMap) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for table, known, what in (
        ("headings", KEYS, "section"),
        ("labels", LABELLED, "field"),
    ):
        for theirs, ours in getattr(mapping, table).items():
            if ours not in known:
                near = nearest(ours, known)
                hint = f"did you mean {near}?" if near else f"one of: {', '.join(known)}"
                yield (table, theirs), f'"{ours}" is no {what} of ours', hint
    for theirs, zone in mapping.zones.items():
        if not re.fullmatch(r"[+-][0-9]{2}:[0-9]{2}", zone) and zone not in available_timezones():
            yield ("zones", theirs), f'"{zone}" is no time zone', "as Europe/Berlin, or +01:00"


def _place(root: MappingNode, path: tuple[str, ...]) -> Position:
    """Where the value at a path stands, as near as it can be told."""
    node: Node = root
    for key in path:
        below = node.get(key) if isinstance(node, MappingNode) else None
        if below is None:
            break
        node = below
    return node.position
