"""What commands do alike: find the incident, write a change, and say what is owed."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from zoneinfo import ZoneInfo

from incident_tracker.cli._former import holder_of, is_whole
from incident_tracker.cli._gates import refuse_closed
from incident_tracker.cli._options import wrote
from incident_tracker.cli._outcome import tell_change, tell_owed
from incident_tracker.cli._remembering import memory_of
from incident_tracker.cli._terminal import Paint, say, warn, warn_unread
from incident_tracker.cli._unfinished import Unfinished, only_open, status_in, unfinished
from incident_tracker.escalation import OnCall, on_call_at
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.ids import (
    SLUG_FROM,
    UnknownId,
    find_id,
    namesakes,
    nobody,
    path_of,
)
from incident_tracker.lifecycle.losses import refuse_losses
from incident_tracker.lifecycle.moments import (
    CLOCK_ONLY,
    Clock,
    moment_in_past,
    moment_now,
)
from incident_tracker.lifecycle.moves import refuse_withdrawn
from incident_tracker.lifecycle.refusal import NothingFound
from incident_tracker.lifecycle.summary import folded
from incident_tracker.listed import Lists, list_files
from incident_tracker.memory import PASTS, ROWS
from incident_tracker.model import Component, Contacts, Incident, Milestone, Record, Review, Tracker
from incident_tracker.parse import stem
from incident_tracker.protocol import Protocol
from incident_tracker.text.document import Document, read_document
from incident_tracker.workspace import Workspace

Change = Callable[[Draft], Draft]


def clock() -> datetime:
    """Return what this machine's clock says."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Session:
    """One run of a command in a tracker, at a moment."""

    workspace: Workspace
    protocol: Protocol
    now: datetime

    @classmethod
    def start(cls, now: str | None) -> Session:
        """Return the session of the tracker in which the command was started."""
        workspace = Workspace.find(Path.cwd())
        protocol = workspace.protocol()
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        return cls(workspace, protocol, moment_now(now, epoch, clock(), protocol.tzinfo))

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of all incidents."""
        return frozenset(stem(path) for path in self.workspace.paths("incidents"))

    @cached_property
    def whole(self) -> Tracker:
        """Everything that can be read; what cannot is named, so that no list looks complete."""
        tracker = self.workspace.load()
        warn_unread([unread.path for unread in tracker.unread])
        return tracker

    @cached_property
    def lists(self) -> Lists:
        """What lists say of everything that can be read; what cannot is named as well."""
        lists = list_files(self.workspace, remembered=partial(memory_of, self.workspace, ROWS))
        warn_unread(lists.unread)
        return lists

    @cached_property
    def owing(self) -> Tracker:
        """What can be read of all that may owe something at the moment; what cannot is named."""
        from incident_tracker.owing import owing_files

        remembered = partial(memory_of, self.workspace, PASTS)
        tracker = owing_files(self.workspace, self.now, remembered=remembered)
        warn_unread([unread.path for unread in tracker.unread])
        return tracker

    @property
    def unread(self) -> tuple[str, ...]:
        """The paths of the files that could not be read."""
        return tuple(unread.path for unread in self.whole.unread)

    @property
    def components(self) -> tuple[Component, ...]:
        """The components that the tracker knows."""
        return self.workspace.part((), self.protocol).components

    @property
    def contacts(self) -> Contacts:
        """Whom the tracker knows."""
        return self.workspace.part((), self.protocol).contacts

    @property
    def on_call(self) -> OnCall | None:
        """Who is on call at this moment, None where no rota is kept."""
        return on_call_at(self.contacts, self.now, self.protocol.tzinfo)

    def id_of(self, typed: str | None) -> str:
        """Return the incident that is meant; left out, the only open one, which is named."""
        if typed is not None:
            return self.find(typed) if self._is_passed(typed) else self._chosen(typed)
        incident = only_open(self.unfinished, self.protocol, self.now)
        say(Paint(incident.id, "cyan"), f" (the only one that is {incident.status})")
        return incident.id

    def incident(self, typed: str | None) -> Incident:
        """Return the incident that is meant to be read."""
        found = self.find(typed) if typed is not None else self.id_of(None)
        return self.draft(path_of(found)).incident

    def worked_on(self, typed: str | None) -> Incident:
        """Return the incident that is meant for work: an open one before those that are over.

        One that is withdrawn is a refusal.
        """
        found = self._chosen(typed) if typed is not None else self.id_of(None)
        incident = self.draft(path_of(found)).incident
        refuse_withdrawn(incident)
        return incident

    def find(self, typed: str, first: Callable[[], Collection[str]] = nobody) -> str:
        """Return the id that is meant, by a former name as well: then it is said what it is now."""
        former = None
        if not is_whole(typed, self.ids):
            # A name that is gone is never taken for a part of another's.
            former = holder_of(typed, self.workspace, self.protocol, whole=True)
        try:
            found = former[1] if former else find_id(typed, self.ids, first)
        except UnknownId:
            former = holder_of(typed, self.workspace, self.protocol)
            if former is None:
                raise
            found = former[1]
        if former:
            say(f"{former[0]} is now called ", Paint(found, "cyan"), err=True)
        return found

    def _chosen(self, typed: str) -> str:
        """The id for a writing command; where two have the name, it is said which one it is."""
        found = self.find(typed, lambda: [incident.id for incident in self.unfinished.incidents])
        others = namesakes(typed.lower(), self.ids) - {found}
        if others:
            say(Paint(found, "cyan"), f" (not {', '.join(sorted(others))})")
        return found

    def _is_passed(self, typed: str) -> bool:
        """Whether the only one of that very name is resolved or closed: its review is due."""
        whole = [name for name in self.ids if name[SLUG_FROM:] == typed.lower()]
        text = self.workspace.text(path_of(whole[0])) if len(whole) == 1 else None
        return status_in(text or "") in self.protocol.gates.incident

    def draft(self, path: str) -> Draft:
        """Return a record as it is on disk."""
        try:
            return Draft(self.workspace.read(path), self.protocol)
        except FileNotFoundError as error:
            record_id = stem(path)
            message = f"there is no {path}"
            hint = f"incident pir new {record_id}" if path.startswith("pir/") else None
            raise NothingFound(message, hint) from error

    def review(self, record_id: str) -> Review | None:
        """Return the review of an incident, None where there is none."""
        path = path_of(record_id, "pir")
        return self.draft(path).review if self.workspace.text(path) is not None else None

    def at(
        self, typed: str | None, record: Record | None = None, *, is_early: bool = False
    ) -> datetime:
        """Return the moment that was typed, in the zone of the incident that it is about.

        Where ``is_early``, it may lie before the detection.
        """
        ours = record if isinstance(record, Incident) else None
        zone = ZoneInfo(ours.zone) if ours else self.protocol.tzinfo
        detected = ours.at(Milestone.DETECTED) if ours and not is_early else None
        clock = Clock(now=self.now, zone=zone, detected=detected)
        at = moment_in_past(typed, clock)
        if typed and CLOCK_ONLY.fullmatch(typed.strip()) and at.date() != clock.minute.date():
            say(f"{typed} is taken as {at:%Y-%m-%d %H:%M}")
        return at

    def doubt_early(self, incident: Incident, at: datetime) -> None:
        """Say that what was just written lies before the detection, unless it is the start."""
        detected = incident.at(Milestone.DETECTED)
        if detected is None or at >= detected or at == incident.at(Milestone.STARTED):
            return
        zone = ZoneInfo(incident.zone)
        told = f"{at.astimezone(zone):%Y-%m-%d %H:%M} is before the detection"
        warn(f"{told} ({detected.astimezone(zone):%H:%M})", "if that is wrong, correct the line")

    def change(
        self,
        path: str,
        change: Change,
        *,
        gate: str = "",
        replaced: str = "",
        anew: bool = False,
    ) -> Draft:
        """Change a record under the lock, from what is on disk then, and say what came of it.

        ``replaced`` is the section whose text is replaced; nothing else of the record may be lost.
        ``anew`` derives the whole summary, not only that of which the change says something.
        """
        drafts = [self.draft(path)]

        def edit(document: Document) -> str:
            drafts[:] = [Draft(document, self.protocol)]
            after = change(drafts[0])
            if path.startswith("incidents/"):
                after = folded(after, None if anew else drafts[0], lowers=anew)
            if gate:
                around = self.around(after.record)
                refuse_closed(gate, drafts[0], after, around, self.short(after.record.id))
            refuse_losses(drafts[0], after, replaced)
            drafts.append(after)
            return after.document.text

        self.rewrite(path, edit)
        before, after = drafts
        tell_change(before, after, self.around(after.record), self.short(after.record.id))
        return after

    def rewrite(self, path: str, edit: Callable[[Document], str]) -> tuple[Document, Document]:
        """Change a file under the lock, remembered for --commit; return it before and after."""
        before: list[Document] = []

        def kept(document: Document) -> str:
            before[:] = [document]
            return edit(document)

        after = self.workspace.change(path, kept)
        wrote(path, before[0].text.encode("utf-8", "surrogateescape"))
        return before[0], after

    def create(self, path: str, text: str) -> Draft:
        """Write a new record; FileExistsError where there is one already."""
        self.workspace.create(path, text)
        wrote(path)
        after = Draft(read_document(path, text.encode()), self.protocol)
        say("wrote ", Paint(path, "green"))
        return after

    def tell_owed(self, record: Record) -> None:
        """Print what the record owes by now and next."""
        tell_owed(record, self.around(record), self.short(record.id))

    def short(self, record_id: str) -> str:
        """Return what is worth typing of an id: the slug, where only one has it."""
        slug = record_id[SLUG_FROM:]
        return slug if sum(known[SLUG_FROM:] == slug for known in self.ids) <= 1 else record_id

    def around(self, record: Record) -> Tracker:
        """The record with its counterpart and the registers; duties look no further."""
        paths = [path_of(record.id, folder) for folder in ("incidents", "pir")]
        others = (path for path in paths if path != record.path)
        tracker = self.workspace.part(others, self.protocol)
        if isinstance(record, Incident):
            return replace(tracker, incidents=(record,))
        return replace(tracker, reviews=(record,)) if isinstance(record, Review) else tracker

    @cached_property
    def unfinished(self) -> Unfinished:
        """The incidents that are not closed, and the files of which nobody can tell."""
        return unfinished(self.workspace, self.protocol)
