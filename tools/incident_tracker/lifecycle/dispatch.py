"""To whom a notice goes, by which channels, and what holds it back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from incident_tracker.lifecycle.approval import approved_by, is_another_text
from incident_tracker.lifecycle.deliveries import Delivery, State, reached
from incident_tracker.lifecycle.phrasing import spoken
from incident_tracker.lifecycle.public_texts import approver, is_among, is_kept_in, number_of
from incident_tracker.log.lexicon import plain
from incident_tracker.model import Incident, Person, Update
from incident_tracker.protocol_telling import Channel

_UNTOLD = "no update says what it would tell"


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """A notice on a channel. ``hold`` says why it does not go out, ``help`` what to do about it.

    Where ``is_done`` it is there already, and nothing is to be done.
    """

    channel: str
    terms: Channel
    audiences: tuple[str, ...]
    hold: str = ""
    help: str = ""
    is_done: bool = False

    def is_outside(self, incident: Incident) -> bool:
        """Whether people outside the team read what goes there."""
        return not set(self.terms.audiences).isdisjoint(incident.protocol.telling.outside)

    @property
    def goes(self) -> bool:
        """Whether it would go out now."""
        return not self.hold and not self.is_done


def told_of(incident: Incident) -> tuple[str, ...]:
    """Return the audiences that are told of an incident: those owed, and those besides.

    People outside the team learn of public incidents only, and of no drill.
    """
    kept_in, outside = is_kept_in(incident), incident.protocol.telling.outside
    return tuple(name for name in _every(incident) if not (kept_in and name in outside))


def left_out(incident: Incident) -> Iterator[Planned]:
    """Yield the channels to the outside that get nothing of an incident that is kept in."""
    every = _every(incident) if is_kept_in(incident) else ()
    telling = incident.protocol.telling
    for name, terms in telling.channels.items():
        meant = tuple(a for a in terms.audiences if a in every and a in telling.outside)
        if meant and not terms.only_when_named:
            plan = Planned(channel=name, terms=terms, audiences=meant)
            reason, help_ = _kept(incident)
            yield replace(plan, hold=reason, help=help_)


def _every(incident: Incident) -> tuple[str, ...]:
    """The audiences of a severity, whether they are owed a notice or told besides."""
    protocol, severity = incident.protocol, incident.severity
    terms = protocol.severities.get(severity)
    owed = terms.audiences if terms else ()
    return tuple(dict.fromkeys((*owed, *protocol.telling.besides.get(severity, ()))))


def _kept(incident: Incident) -> tuple[str, str]:
    """Why an incident is told to nobody outside, and what to do about it."""
    if incident.is_drill:
        return "a drill is told to nobody outside", "name another channel with --to"
    public = f'incident set {incident.id} visibility=public public_summary="…"'
    return "the incident is internal", f"if the outside may know: {public}"


def told_update(incident: Incident, which: str) -> Update | None:
    """Return the update that a notice tells, None where there is none.

    The first notice tells the first update, or comes before it; the last one an update that ends
    the incident.
    """
    told = [update for update in incident.log.updates if update.at is not None]
    if which == "initial":
        return told[0] if told else None
    final = incident.protocol.gates.incident
    if not told or (which == "resolution" and told[-1].status not in final):
        return None
    return told[-1]


def notice_name(incident: Incident, which: str) -> str:
    """Return what a notice is called in the timeline: its kind, and the update that it tells."""
    update = told_update(incident, which)
    if which == "initial" or update is None or update.at is None:
        return which
    return f"{which} {update.at.astimezone(ZoneInfo(incident.zone)):%Y-%m-%d %H:%M}"


def planned(
    incident: Incident,
    which: str,
    named: Collection[str] = (),
    *,
    people: Collection[Person] = (),
    again: bool = False,
) -> Iterator[Planned]:
    """Yield each channel that a notice is for: those of its audiences, else the named ones.

    ``people`` are those who may approve it, anybody where there are none. ``again`` sends what may
    have arrived, and to a channel that is named even what did.
    """
    told, notice = told_of(incident), notice_name(incident, which)
    for name, terms in incident.protocol.telling.channels.items():
        meant = tuple(audience for audience in terms.audiences if audience in told)
        if name not in named and (named or not meant or terms.only_when_named):
            continue
        plan = Planned(channel=name, terms=terms, audiences=meant or terms.audiences)
        held = _untellable(incident, which) or _outside(plan, incident, which, people)
        if held is not None:
            yield replace(plan, hold=held[0], help=held[1])
        else:
            before = reached(incident, name, notice)
            yield _judged(plan, incident, which, before, again=again, is_named=name in named)


def _judged(
    plan: Planned,
    incident: Incident,
    which: str,
    before: Mapping[str, Delivery],
    *,
    again: bool,
    is_named: bool,
) -> Planned:
    """The plan for those who were not told there before, held back where nobody knows that."""
    known = {name: before.get(plain(name)) for name in plan.audiences}
    if again and is_named:
        return plan
    left = tuple(name for name, one in known.items() if one is None or one.state is not State.SENT)
    if not left:
        return replace(plan, is_done=True)
    plan = replace(plan, audiences=left)
    open_ = [one for name in left if (one := known[name]) and one.state is State.UNKNOWN]
    if again or not open_:
        return plan
    return _in_doubt(plan, incident, which, open_[-1])


def _in_doubt(plan: Planned, incident: Incident, which: str, before: Delivery) -> Planned:
    return replace(
        plan,
        hold=f"going out since {_clock(incident, before)}, and nobody knows whether it arrived",
        help=f'ask there; it arrived: incident log {incident.id} "{_arrived(incident, before)}"; '
        f"it did not: incident notify {incident.id} {which} --send --again --to {plan.channel}",
    )


def _untellable(incident: Incident, which: str) -> tuple[str, str] | None:
    """Why a notice is for nobody, or not yet, and what to do instead; None where it may go."""
    if incident.is_cancelled:
        return _taken_back(incident, which)
    gates = incident.protocol.gates.incident
    if which == "resolution" and incident.status not in gates:
        verify = f"once it is verified: incident status {incident.id} {gates[0]}"
        return f"the incident is {incident.status}, not {gates[0]}", verify
    if which == "update" and told_update(incident, which) is None:
        return _UNTOLD, f'incident update {incident.id} --message "…"'
    return None


def _taken_back(incident: Incident, which: str) -> tuple[str, str] | None:
    """What may be told of a cancelled incident: an update, to those who were told of it before."""
    if incident.is_withdrawn:
        return "the record is withdrawn", "whoever was told of it is told by hand"
    other = incident.duplicate_of
    if other:
        message = f"it is a duplicate of {other}, which is told instead"
        return message, f"incident notify {other} {which}"
    ended = [entry.at for entry in incident.log.of("cancelled") if entry.at is not None]
    told = incident.log.of(State.SENT, State.UNKNOWN)
    if not any(entry.at is not None and entry.at <= ended[-1] for entry in told if ended):
        return "the incident is cancelled, and no line says that anybody was told of it", ""
    update = told_update(incident, which)
    if which == "update" and update is not None and update.at and update.at >= ended[-1]:
        return None
    write = f'incident update {incident.id} --message "…", then incident notify {incident.id} '
    return "the incident is cancelled; only an update written since may say so", f"{write}update"


def _outside(
    plan: Planned, incident: Incident, which: str, people: Collection[Person]
) -> tuple[str, str] | None:
    """Why a text does not leave the team, and what to do about it; None where it may."""
    if not plan.is_outside(incident):
        return None
    if is_kept_in(incident):
        return _kept(incident)
    update = told_update(incident, which)
    by = approver(incident, number_of(incident, which, update))
    if not by:
        return None
    if update is None:
        return _UNTOLD, f'incident update {incident.id} --message "…"'
    said = approved_by(update)
    is_theirs = is_among(said, people)
    if said and is_theirs and not is_another_text(update):
        return None
    reason = f"approved by {said}, who is not the {by}" if said else f"not approved by the {by}"
    if said and is_theirs:
        reason = f"its text was changed since {said} approved it"
    name = " or ".join(person.id for person in people) or "NAME"
    return reason, f"incident notify {incident.id} {which} --approved-by {name}"


def _clock(incident: Incident, one: Delivery) -> str:
    return f"{one.at.astimezone(ZoneInfo(incident.zone)):%Y-%m-%d %H:%M}"


def _arrived(incident: Incident, one: Delivery) -> str:
    protocol = incident.protocol
    words = spoken(protocol, State.SENT)
    return (
        f"{words}: {', '.join(one.audiences)} {protocol.words.via[0]} {one.channel}: {one.notice}"
    )
