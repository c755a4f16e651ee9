"""All files of a tracker on disk → what lists say of each; no record is kept to say it.

What a list says of a file depends on its bytes and the protocol folder alone, so that it can be
told in another process, and remembered from one list to the next.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from incident_tracker.assemble import Source, read_source
from incident_tracker.finding import Position
from incident_tracker.formats.columns import INCIDENTS, cells
from incident_tracker.lifecycle.listing import Listed, incident_object, people_of, shown_status
from incident_tracker.loading import without_collection
from incident_tracker.memory import Memory
from incident_tracker.model import Action, ActionState, Incident, Review
from incident_tracker.protocol import Protocol
from incident_tracker.recalling import FEWEST, Task, Work, files_of, terms_of
from incident_tracker.units import Texts
from incident_tracker.workspace import Workspace


class Told(NamedTuple):
    """What lists say of one file."""

    incident: Listed | None = None
    actions: tuple[Action, ...] = ()
    is_unread: bool = False
    lasts: bool = True
    """Whether the same file is told of in the same way again."""


@dataclass(frozen=True)
class Lists:
    """What lists say of a tracker's files."""

    told: Sequence[tuple[Source, Told]]

    @cached_property
    def unread(self) -> tuple[str, ...]:
        """The paths of the files that could not be read, and are in no list."""
        return tuple(source.path for source, told in self.told if told.is_unread)

    @cached_property
    def incidents(self) -> tuple[Listed, ...]:
        """The incidents, by path."""
        found = [told.incident for _, told in self.told if told.incident]
        return tuple(sorted(found, key=lambda incident: incident.path))

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """The action items, those of incidents first, by path."""
        found = [action for _, told in self.told for action in told.actions]
        return tuple(sorted(found, key=lambda action: action.path))

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The texts of the records by path."""
        sources = {source.path: source for source, told in self.told if not told.is_unread}
        return Texts(sources, sources)


def list_files(
    workspace: Workspace,
    *,
    remembered: Callable[[], Memory | None] = lambda: None,
    processes: int = 0,
    fewest: int = FEWEST,
) -> Lists:
    """Return what lists say of all files; with a memory, what was told before is not read again."""
    terms = terms_of(workspace)
    with without_collection():
        sources, memory = files_of(workspace, terms, remembered, fewest)
        work = Work(_telling(terms.protocol), terms, memory, processes)
        told = work.answers([(source,) for source in sources])
    return Lists(tuple(zip(sources, told, strict=True)))


def _telling(protocol: Protocol) -> Task[Told]:
    return Task(
        do=lambda unit: told_of(unit[0], protocol),
        written=written,
        read=read,
        lasts=lambda told: told.lasts,
    )


def told_of(source: Source, protocol: Protocol) -> Told:
    """Return what lists say of a file."""
    record, _, _ = read_source(source, protocol)
    if record is None:
        return Told(is_unread=True)
    # What time zones there are is known to the system, not to the file.
    lasts = "zone" not in record.fields
    if isinstance(record, Incident):
        return Told(listed(record), record.actions, lasts=lasts)
    return Told(actions=record.actions if isinstance(record, Review) else (), lasts=lasts)


def listed(incident: Incident) -> Listed:
    """Return what a list says of an incident."""
    return Listed(
        told=incident_object(incident),
        cells=cells(INCIDENTS, incident),
        shown_status=shown_status(incident),
        is_open=incident.is_open,
        people=tuple(sorted(people_of(incident))),
        severity_rank=incident.protocol.rank(incident.severity),
        status_rank=incident.protocol.status_order.get(incident.status, 0),
    )


def written(told: Told) -> bytes:
    """Return what is told of a file as one line; reading it gives the same."""
    actions = [_action_row(action) for action in told.actions]
    row = (told.incident, actions, told.is_unread, told.lasts)
    # Lone surrogates may stand in a text; only escapes can carry them.
    return json.dumps(row, separators=(",", ":"), allow_nan=False).encode("ascii")


def read(line: bytes) -> Told | None:
    """Return what a line tells of a file, None where it tells nothing."""
    try:
        incident, actions, is_unread, lasts = json.loads(line)
        return Told(
            None if incident is None else _listed(*incident),
            tuple(_action(*row) for row in actions),
            bool(is_unread),
            bool(lasts),
        )
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


def _listed(
    told: Mapping[str, Any],
    cells: list[str],
    shown_status: str,
    is_open: bool,  # noqa: FBT001 # a value of a row
    people: list[str],
    *ranks: int,
) -> Listed:
    severity, status = ranks
    return Listed(told, tuple(cells), shown_status, is_open, tuple(people), severity, status)


def _action_row(action: Action) -> tuple[object, ...]:
    return (
        tuple(action.position),
        action.id,
        action.record,
        action.path,
        action.text,
        action.state.value,
        action.owner,
        action.due.isoformat() if action.due else None,
        action.type,
        action.ticket,
        action.done.isoformat() if action.done else None,
        action.dropped,
    )


def _action(*row: Any) -> Action:  # noqa: ANN401 # what JSON holds
    position, id_, record, path, text, state, owner, due, type_, ticket, done, dropped = row
    return Action(
        position=Position(*position),
        id=id_,
        record=record,
        path=path,
        text=text,
        state=ActionState(state),
        owner=owner,
        due=date.fromisoformat(due) if due else None,
        type=type_,
        ticket=ticket,
        done=date.fromisoformat(done) if done else None,
        dropped=dropped,
    )
