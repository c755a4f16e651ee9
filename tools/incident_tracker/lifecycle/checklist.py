"""The protocol's checklists as the record proves them: each box with what shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from incident_tracker.cadence import Verdict, promises, waits
from incident_tracker.changes import minute
from incident_tracker.lifecycle.aftermath import after_boxes
from incident_tracker.lifecycle.deliveries import State, deliveries, in_doubt
from incident_tracker.lifecycle.proofs import (
    NOT_ASKED,
    Proof,
    answers,
    is_within,
    many,
    no,
    outside,
    proving,
    reached,
    time_of,
    yes,
)
from incident_tracker.model import Incident, Milestone, Review
from incident_tracker.owed_reviews import owes_review
from incident_tracker.protocol import Word

NOTHING_REPEATED: Mapping[str, Incident] = MappingProxyType({})
# Boxes of the first list that come with the first gate, and with the last.
FIXED = ("resolution", "verification", "resolution-notice")
OVER = ("closed",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A box of a checklist with its proof; ``is_ahead`` where its time has not come yet."""

    box: str
    text: str
    proof: Proof
    is_ahead: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Checklist:
    """One of the lists, by its title."""

    title: str
    lines: tuple[Line, ...]


def checklists(
    incident: Incident,
    review: Review | None,
    now: datetime,
    repeated: Mapping[str, Incident] = NOTHING_REPEATED,
) -> tuple[Checklist, ...]:
    """Return the lists during, of security, to verify, and after, as they stand at a moment.

    ``repeated`` holds the incidents whose root cause is a repeat: some owe a review for that alone.
    """
    protocol = incident.protocol
    during = {key: prove(incident) for key, prove in DURING.items()}
    during["updates"] = _updates(incident, now)
    verify = answers(incident, incident.boxes, protocol.verification_boxes)
    asked = owes_review(incident, repeated)
    after = dict(after_boxes(incident, review, now, asked=asked))
    ahead = _ahead(incident)
    return (
        _list("During the incident", protocol.during_boxes, during, ahead),
        *_security(incident),
        _list("Verification", protocol.verification_boxes, verify, ahead),
        _list("After the incident", protocol.after_boxes, after, ahead),
    )


def _ahead(incident: Incident) -> frozenset[str]:
    """The boxes that nobody can have answered yet: those of gates that are not passed."""
    protocol, ranks = incident.protocol, incident.protocol.status_order
    rank = ranks.get(incident.status, -1)
    first, last = (ranks[protocol.gates.incident[index]] for index in (0, -1))
    fixed = {*FIXED, *protocol.verification_boxes} if rank < first else set()
    over = {*OVER, *protocol.after_boxes} if rank < last else set()
    return frozenset(fixed | over)


def _security(incident: Incident) -> Iterator[Checklist]:
    """Yield the steps and responses of a security incident, each with what proves it."""
    terms, boxes = incident.protocol.security, incident.protocol.security_boxes
    steps = [step for step in (*terms.steps, *terms.responses) if step.proof]
    if "security" not in incident.kinds or not steps:
        return
    words = answers(incident, incident.boxes, boxes)
    lines = []
    for step in steps:
        proof = words.get(step.proof) or _first_line(incident, step.proof)
        text = f"{step.name}{f' ({step.about})' if step.about else ''}"
        lines.append(Line(box=step.proof, text=text, proof=proof))
    yield Checklist(title="Security", lines=tuple(lines))


def _first_line(incident: Incident, proof: str) -> Proof:
    """Whether a phrase was written, or something was checked, with its first line."""
    checked = incident.log.checks.get(proof)
    found = (checked,) if checked and is_within(incident, checked.at) else proving(incident, proof)
    entry = found[0] if found else None
    if entry is None or entry.at is None:
        return no(outside(incident, proof) or "not yet")
    said = entry.said.text if entry.said else ""
    return yes(": ".join(part for part in (time_of(incident, entry.at), said) if part))


def _list(
    title: str, words: Mapping[str, Word], proofs: Mapping[str, Proof], ahead: Container[str]
) -> Checklist:
    missing = Proof(holds=False, evidence="nothing in the record proves it")
    found = ((key, word, proofs.get(key, missing)) for key, word in words.items())
    return Checklist(
        title=title,
        lines=tuple(
            Line(
                box=key,
                text=word.text,
                proof=proof,
                is_ahead=key in ahead and proof.holds is False and not proof.is_late,
            )
            for key, word, proof in found
        ),
    )


def _detected(incident: Incident) -> Proof:
    detected, taken = incident.at(Milestone.DETECTED), incident.at(Milestone.ACKNOWLEDGED)
    if detected is None or taken is None:
        return no("not acknowledged yet" if detected else "no time of detection")
    return yes(f"detected {time_of(incident, detected)}, acknowledged {time_of(incident, taken)}")


def _severity(incident: Incident) -> Proof:
    triage = proving(incident, "triage-complete")
    if triage and triage[0].at:
        return yes(f"{incident.severity}, triage {time_of(incident, triage[0].at)}")
    if "triage" in _owed(incident):
        apart = outside(incident, "triage-complete")
        return no(f"triage {apart}" if apart else "no completed triage")
    return yes(incident.severity) if incident.severity else no("no severity")


def _ticket(incident: Incident) -> Proof:
    # The file is the ticket; what stands for none is no other one.
    return yes(incident.ticket if incident.protocol.names(incident.ticket) else incident.path)


def _ic(incident: Incident) -> Proof:
    name = incident.roles.get(incident.protocol.acknowledger_role, "")
    return yes(name) if incident.protocol.names(name) else no("nobody")


def _notified(incident: Incident) -> Proof:
    terms = incident.protocol.severities.get(incident.severity)
    if terms is None or not terms.audiences:
        return Proof(holds=None, evidence=NOT_ASKED)
    told = {name: reached(incident, name) for name in terms.audiences}
    missing = [name for name, at in told.items() if at is None]
    apart = [name for name in missing if name in incident.log.audiences]
    if apart:
        return no(f"told only before the detection or after the end: {', '.join(apart)}")
    if missing:
        return no("; ".join([f"not told: {', '.join(missing)}", *in_doubt(incident)]))
    last = max(at for at in told.values() if at is not None)
    return yes(f"{', '.join(terms.audiences)} by {time_of(incident, last)}")


def _war_room(incident: Incident) -> Proof:
    opened = proving(incident, "war-room")
    if opened and opened[0].said:
        return yes(opened[0].said.via or opened[0].text)
    if "war-room" in _owed(incident):
        apart = outside(incident, "war-room")
        return no(f"opened {apart}" if apart else "no war room")
    return Proof(holds=None, evidence=NOT_ASKED)


def _timeline(incident: Incident) -> Proof:
    count = len(incident.log.entries)
    return yes(many(count, "entry", "entries")) if count else no("no entry")


def _investigation(incident: Incident) -> Proof:
    phrases = ("checked", "hypothesis", "hypothesis-confirmed", "mitigation")
    found = proving(incident, *phrases)
    if found and found[0].at:
        return yes(f"since {time_of(incident, found[0].at)}")
    return no(outside(incident, *phrases) or "nothing checked, no hypothesis")


def _updates(incident: Incident, now: datetime) -> Proof:
    """Regular is: no wait above the time of the severity then held, and no promise missed."""
    terms = incident.protocol.severities.get(incident.severity)
    if terms is None or terms.update is None:
        return Proof(holds=None, evidence=NOT_ASKED)
    gaps = [wait.verdict(now) for wait in waits(incident)].count(Verdict.LATE)
    promised = Counter(promise.verdict(now) for promise in promises(incident))
    late, broken = promised[Verdict.LATE], promised[Verdict.BROKEN]
    count = len(incident.log.updates)
    missed = [
        (gaps, many(gaps, "wait too long", "waits too long")),
        (late, many(late, "promise late", "promises late")),
        (broken, many(broken, "promise broken", "promises broken")),
    ]
    told = [many(count, "update", "updates") if count else "no update"]
    told += [words for number, words in missed if number]
    is_late = len(told) > 1
    return Proof(holds=bool(count) and not is_late, evidence=", ".join(told), is_late=is_late)


def _milestone(milestone: Milestone) -> Callable[[Incident], Proof]:
    def prove(incident: Incident) -> Proof:
        at = incident.at(milestone)
        return yes(time_of(incident, at)) if at else no("not yet")

    return prove


def _resolution_notice(incident: Incident) -> Proof:
    terms = incident.protocol.severities.get(incident.severity)
    if terms is None or terms.update is None:
        return Proof(holds=None, evidence=NOT_ASKED)
    gates = incident.protocol.gates.incident
    said = [update for update in incident.log.updates if update.status in gates and update.at]
    fixed = incident.at(Milestone.RESOLVED)
    early = [u for u in said if u.at and fixed is not None and minute(u.at) < minute(fixed)]
    told = next((update for update in said if update not in early), None)
    if told is None or told.at is None:
        return no("told only before it was resolved" if early else "not told yet")
    sent = [one for one in deliveries(incident) if one.notice.startswith("resolution")]
    ways = [one.channel for one in sent if one.state is State.SENT]
    way = ", ".join(ways) or told.value("sent")
    if sent and not way:
        return no("; ".join(in_doubt(incident)) or "not known to have arrived")
    # Who does not send by the command tells by hand, and need not write it down.
    how = f", sent: {way}" if way else " on the incident's page"
    return yes(f"update {time_of(incident, told.at)}{how}")


DURING: Mapping[str, Callable[[Incident], Proof]] = {
    "detected": _detected,
    "severity": _severity,
    "ticket": _ticket,
    "ic": _ic,
    "notified": _notified,
    "war-room": _war_room,
    "timeline": _timeline,
    "investigation": _investigation,
    "resolution": _milestone(Milestone.RESOLVED),
    "verification": _milestone(Milestone.VERIFIED),
    "resolution-notice": _resolution_notice,
    "closed": _milestone(Milestone.CLOSED),
}


def _owed(incident: Incident) -> set[str]:
    owes = incident.protocol.owed(incident.severity, incident.kinds)
    return {duty for duties in owes.values() for duty in duties}
