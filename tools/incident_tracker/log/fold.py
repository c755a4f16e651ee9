"""The log folded into its summary: times, status, severity, roles, and what proves them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from incident_tracker.model import Change, Entry, Log, Milestone, Said, Update
from incident_tracker.protocol import Phrase, Protocol

MILESTONES: Mapping[str, Milestone] = {milestone.value: milestone for milestone in Milestone}
# These happened once and stay, whatever the incident does afterwards.
KEPT = frozenset({Milestone.STARTED, Milestone.DETECTED, Milestone.ACKNOWLEDGED})
# Parties of these lines were reached; from a notice that went nowhere nobody learned anything.
REACHED = ("notified", "contacted")
# Who heard only that it is over was not told of it: the notice as sending it writes its name.
OVER = re.compile(r"resolution( [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2})?", re.IGNORECASE)


def fold(
    entries: Sequence[Entry],
    updates: Sequence[Update],
    *,
    severity: str,
    protocol: Protocol,
    is_maintenance: bool,
) -> Log:
    """What a timeline and its updates prove.

    ``severity`` is that of the front matter; it holds where no line changes it. Entries without
    a time prove nothing, but are among those that `Log.of` finds.
    """
    folding = _Folding(protocol, is_maintenance=is_maintenance)
    by_phrase: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.said is not None:
            by_phrase.setdefault(entry.said.phrase, []).append(entry)
    for event in _by_time(entries, updates):
        if isinstance(event, Entry):
            folding.entry(event)
        else:
            folding.update(event)
    return Log(
        entries=tuple(entries),
        updates=tuple(updates),
        times=folding.times,
        statuses=tuple(folding.statuses),
        severities=_severities(folding.severities, severity),
        roles={role: tuple(changes) for role, changes in folding.roles.items()},
        detected_by=folding.option(Milestone.DETECTED),
        resolution=folding.option(Milestone.RESOLVED),
        by_phrase={phrase: tuple(found) for phrase, found in by_phrase.items()},
        audiences=folding.told(),
        checks=folding.checks,
        open_todos=tuple(folding.todos),
    )


def first_at(entries: Iterable[Entry], milestone: Milestone, protocol: Protocol) -> datetime | None:
    """When the first entry that sets a milestone happened, None where none has a time."""
    proving = {name for name, phrase in protocol.phrases.items() if phrase.sets == milestone}
    found = (e.at for e in entries if e.said is not None and e.said.phrase in proving)
    return next((at for at in found if at is not None), None)


def _by_time(entries: Iterable[Entry], updates: Iterable[Update]) -> Iterable[Entry | Update]:
    """What has a time, in its order; at the same time entries come before updates."""
    events: list[Entry | Update] = [*entries, *updates]
    timed = [
        (event.at, event)
        for event in events
        if event.at is not None and (isinstance(event, Update) or event.said is not None)
    ]
    timed.sort(key=lambda pair: pair[0])
    return [event for _, event in timed]


def _severities(changed: list[tuple[str, Change]], severity: str) -> tuple[Change, ...]:
    """The severities over time; the first one is what the first change says that it was."""
    first = changed[0][0] if changed else severity
    start = (Change(at=None, value=first),) if first else ()
    return (*start, *(change for _, change in changed))


class _Folding:
    """The summary while it grows."""

    def __init__(self, protocol: Protocol, *, is_maintenance: bool) -> None:
        self.protocol = protocol
        names = protocol.maintenance_statuses if is_maintenance else protocol.statuses
        self.ranks = {name: rank for rank, name in enumerate(names)}
        self.status = next(iter(names)) if is_maintenance and names else ""
        self.statuses = [Change(at=None, value=self.status)] if self.status else []
        self.times: dict[Milestone, Entry] = {}
        self.severities: list[tuple[str, Change]] = []
        self.roles: dict[str, list[Change]] = {}
        self.audiences: dict[str, datetime] = {}
        self.checks: dict[str, Entry] = {}
        self.todos: list[Entry] = []

    def entry(self, entry: Entry) -> None:
        """Take in what an entry says."""
        said = entry.said
        phrase = self.protocol.phrases.get(said.phrase) if said is not None else None
        if said is None or phrase is None:
            return
        if phrase.status:
            self._move(phrase.status, entry, first_only=phrase.sets == Milestone.DETECTED)
        if phrase.sets:
            self._reach(MILESTONES.get(phrase.sets), entry)
        if phrase.role:
            self._assign(phrase.role, said.new or next(iter(said.names), ""), entry)
        self._value(entry, said, phrase)

    def update(self, update: Update) -> None:
        """Take in the status of an update, which moves an incident only forward."""
        if self.ranks.get(update.status, -1) > self.ranks.get(self.status, -1):
            self.status = update.status
            self.statuses.append(Change(at=update.at, value=update.status))

    def option(self, milestone: Milestone) -> str:
        """The option in the line that proves a milestone."""
        entry = self.times.get(milestone)
        return entry.said.option if entry is not None and entry.said is not None else ""

    def told(self) -> dict[str, datetime]:
        """When each party was first told, by a line or by acknowledging."""
        acknowledged = self.times.get(Milestone.ACKNOWLEDGED)
        told = dict(self.audiences)
        if acknowledged is not None and acknowledged.at is not None:
            for name in self.protocol.told_by_acknowledging:
                told[name] = min(told.get(name, acknowledged.at), acknowledged.at)
        return told

    def _move(self, status: str, entry: Entry, *, first_only: bool = False) -> None:
        if status not in self.ranks or status == self.status or (first_only and self.status):
            return
        rank = self.ranks[status]
        if rank < self.ranks.get(self.status, -1):
            self._drop_after(rank)
        self.status = status
        self.statuses.append(Change(at=entry.at, value=status, entry=entry))

    def _drop_after(self, rank: int) -> None:
        """Forget the times that a step back to a status makes untrue."""
        following = rank
        for milestone in reversed(Milestone):
            following = self._rank_of(milestone, following)
            if milestone not in KEPT and following > rank:
                self.times.pop(milestone, None)

    def _rank_of(self, milestone: Milestone, following: int) -> int:
        """The rank of the status that a milestone begins; without one, that of the next."""
        phrases = self.protocol.phrases.values()
        found = (p.status for p in phrases if p.sets == milestone and p.status in self.ranks)
        return next((self.ranks[status] for status in found), following)

    def _reach(self, milestone: Milestone | None, entry: Entry) -> None:
        if milestone in KEPT:
            self.times.setdefault(milestone, entry)
        elif milestone is not None:
            self.times[milestone] = entry

    def _assign(self, role: str, name: str, entry: Entry) -> None:
        if name:
            self.roles.setdefault(role, []).append(Change(at=entry.at, value=name, entry=entry))

    def _value(self, entry: Entry, said: Said, phrase: Phrase) -> None:
        """Take in what stands behind the phrase."""
        match phrase.shape:
            case "status-change":
                self._move(said.new, entry)
            case "severity-change":
                change = Change(at=entry.at, value=said.new, entry=entry)
                self.severities.append((said.old, change))
            case "person" if phrase.sets == Milestone.ACKNOWLEDGED:
                if not self.roles.get(self.protocol.acknowledger_role):
                    self._assign(self.protocol.acknowledger_role, said.by, entry)
            case "parties" if said.phrase in REACHED:
                self._reached(entry, said)
            case "checks":
                for name in said.names:
                    self.checks.setdefault(name, entry)
            case _:
                self._todo(entry, said)

    def _reached(self, entry: Entry, said: Said) -> None:
        if entry.at is not None and not OVER.fullmatch(said.text.strip()):
            for name in said.names:
                self.audiences.setdefault(name, entry.at)

    def _todo(self, entry: Entry, said: Said) -> None:
        """A TODO is open until the same text is done."""
        if said.phrase == "todo":
            self.todos.append(entry)
        elif said.phrase == "done":
            text = said.text.casefold()
            self.todos = [
                todo
                for todo in self.todos
                if todo.said is None or todo.said.text.casefold() != text
            ]
