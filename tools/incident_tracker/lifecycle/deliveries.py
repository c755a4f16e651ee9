"""Notices on their way: what the timeline says about each, and the lines that say it.

One line for each notice and channel. It is written as going out before anything leaves, and then
told as it ended: who was notified, or that it was not sent. A line that stays as it was is a notice
of which nobody knows whether it arrived.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from incident_tracker.finding import Edit, Position
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.log import with_written_entry
from incident_tracker.lifecycle.phrasing import valued
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.log.lexicon import plain
from incident_tracker.model import Entry, Incident
from incident_tracker.protocol import Protocol

WHY = " - "


class State(StrEnum):
    """What is known of a notice on a channel; the values are the phrases that say so."""

    UNKNOWN = "notice-going-out"
    SENT = "notified"
    NOT_SENT = "notice-not-sent"


SAID = {
    State.UNKNOWN: "unknown whether it arrived",
    State.SENT: "sent",
    State.NOT_SENT: "not sent",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One notice on one channel; ``why`` is what is known of one that was not sent."""

    notice: str
    channel: str
    audiences: tuple[str, ...]
    state: State
    at: datetime
    why: str
    entry: Entry


def deliveries(incident: Incident) -> tuple[Delivery, ...]:
    """Return what became of each notice on each channel: the last that was said, by audience."""
    return tuple({one.entry.position: one for one in _last(incident).values()}.values())


def reached(incident: Incident, channel: str, notice: str) -> dict[str, Delivery]:
    """Return what became of a notice on a channel, by the audiences that it was sent to."""
    found = _last(incident).items()
    return {name: one for (where, what, name), one in found if (where, what) == (channel, notice)}


def _last(incident: Incident) -> dict[tuple[str, str, str], Delivery]:
    """The last that was said of a notice on a channel to an audience."""
    found: dict[tuple[str, str, str], Delivery] = {}
    for one in _said(incident):
        for name in one.audiences:
            key = one.channel, one.notice, plain(name)
            known = found.get(key)
            # The line of an attempt does not undo that an earlier one is known to have arrived.
            if known is None or known.state is not State.SENT or one.state is State.SENT:
                found[key] = one
    return found


def unsettled(incident: Incident) -> tuple[Delivery, ...]:
    """Return the notices of which nothing newer reached the channel, and that did not, or may not.

    What came of the last one on a channel counts: whoever got it needs no older one.
    """
    last: dict[str, Delivery] = {}
    for one in sorted(deliveries(incident), key=lambda one: one.at):
        last[one.channel] = one
    return tuple(one for one in last.values() if one.state is not State.SENT)


def told(incident: Incident) -> tuple[str, ...]:
    """Return who was told when and how, in words, in the order of the file."""
    zone, via = ZoneInfo(incident.zone), incident.protocol.words.via[0]
    lines = []
    for entry in incident.log.of(State.SENT):
        said = entry.said
        if said is not None and entry.at is not None:
            way = f" {via} {said.via}" if said.via else ""
            lines.append(f"{', '.join(said.names)}{way} {entry.at.astimezone(zone):%Y-%m-%d %H:%M}")
    return tuple(lines)


def in_doubt(incident: Incident) -> tuple[str, ...]:
    """Return in words which notice did not reach which channel, or may not have."""
    zone, via = ZoneInfo(incident.zone), incident.protocol.words.via[0]
    lines = []
    for one in unsettled(incident):
        why = f" ({one.why})" if one.why else ""
        when = f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}"
        lines.append(f"{one.notice} {via} {one.channel}, {when}: {SAID[one.state]}{why}")
    return tuple(lines)


def going_out(incident: Incident, notice: str) -> dict[str, Delivery]:
    """Return by channel the latest line that says that a notice is going out."""
    lines = (one for one in _said(incident) if one.state is State.UNKNOWN)
    return {one.channel: one for one in lines if one.notice == notice}


def with_intents(
    draft: Draft, notice: str, targets: Iterable[tuple[str, tuple[str, ...]]], at: datetime
) -> Draft:
    """Return the draft that says of each channel that the notice is going out to its audiences."""
    for channel, audiences in targets:
        line = _line(draft.protocol, State.UNKNOWN, notice, channel, audiences)
        draft = with_written_entry(draft, at, line, [])
    return draft


def with_outcome(draft: Draft, going: Delivery, state: State, why: str = "") -> Draft:
    """Return the draft in which the line of a notice that was going out says how it ended.

    Where that line is no longer there, another one says it.
    """
    line = _line(draft.protocol, state, going.notice, going.channel, going.audiences, why)
    place = _written(draft, going)
    if place is None:
        return with_written_entry(draft, going.at, line, [])
    start = draft.document.offset(place)
    was = draft.document.line_text(place.line)[place.column - 1 :]
    return draft.edited((Edit(start, start + len(was), line),))


def without_intents(draft: Draft, going: Iterable[Delivery]) -> Draft:
    """Return the draft without the lines of notices that were going out, and did not leave."""
    for one in going:
        place = _written(draft, one)
        if place is not None:
            start = draft.document.offset(Position(place.line, 1))
            length = len(draft.document.line_text(place.line)) + len(draft.document.newline)
            end = min(start + length, len(draft.document.text))
            draft = draft.edited((Edit(start, end, ""),))
    return draft


def left_for(incident: Incident, notice: str, channels: Collection[str]) -> Counter[str]:
    """Return the lines that say that a notice left, or is going out, for one of these channels."""
    return Counter(
        f"{one.at:%Y-%m-%d %H:%M} {one.entry.text}"
        for one in _said(incident)
        if one.notice == notice and one.channel in channels and one.state is not State.NOT_SENT
    )


def require_phrases(protocol: Protocol) -> None:
    """Refuse where the tracker's protocol has no words for what sending writes."""
    for state in State:
        if state.value not in protocol.phrases:
            words = state.value.replace("-", " ").capitalize()
            message = f"protocol.yml has no phrase {state.value}, with which sending is recorded"
            row = f"{state.value}: {{text: [{words}], shape: parties, colon: true}}"
            raise Refusal(message, f"add it below phrases: {row}")


def _said(incident: Incident) -> Iterable[Delivery]:
    """The lines about notices on channels that the protocol knows, in the order of the file."""
    channels = incident.protocol.telling.channels
    for entry in incident.log.of(*State):
        said = entry.said
        if said is None or entry.at is None or plain(said.via) not in channels:
            continue
        notice, _, why = said.text.partition(WHY)
        yield Delivery(
            notice=plain(notice),
            channel=plain(said.via),
            audiences=said.names,
            state=State(said.phrase),
            at=entry.at,
            why=why,
            entry=entry,
        )


def _written(draft: Draft, going: Delivery) -> Position | None:
    """Where it still stands that a notice is going out."""
    same = [
        one.entry.text_position
        for one in _said(draft.incident)
        if one.state is State.UNKNOWN
        and (one.notice, one.channel, one.at, one.audiences)
        == (going.notice, going.channel, going.at, going.audiences)
    ]
    return same[-1] if same else None


def _line(
    protocol: Protocol,
    state: State,
    notice: str,
    channel: str,
    audiences: tuple[str, ...],
    why: str = "",
) -> str:
    way = f"{', '.join(audiences)} {protocol.words.via[0]} {channel}"
    return valued(protocol, state.value, f"{way}: {notice}{WHY if why else ''}{why}")
