"""The protocol's checklists as the record proves them: each box with what shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from incident_tracker.cadence import Verdict, promises, waits
from incident_tracker.lifecycle.deliveries import State, deliveries, in_doubt
from incident_tracker.model import Action, ActionState, Box, Incident, Milestone, Review
from incident_tracker.protocol import Protocol, Word
from incident_tracker.repeats import owes_review, review_within

NOTHING_REPEATED: Mapping[str, Incident] = MappingProxyType({})
NOT_ASKED = "not asked of this severity"
# Boxes of the first list that come with the first gate, and with the last.
FIXED = ("resolution", "verification", "resolution-notice")
OVER = ("closed",)
REPORT = "initial-report"


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """Whether a box is true; ``holds`` is None where it does not apply. ``evidence`` says why.

    Where ``is_late`` it does not hold, and nothing that is done now can make it true any more.
    """

    holds: bool | None
    evidence: str
    is_late: bool = False


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
    verify = _answers(incident.boxes, protocol.verification_boxes)
    asked = owes_review(incident, repeated)
    after = dict(_after(incident, review, now, asked=asked))
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
    answers = _answers(incident.boxes, boxes)
    lines = []
    for step in steps:
        proof = answers.get(step.proof) or _first_line(incident, step.proof)
        text = f"{step.name}{f' ({step.about})' if step.about else ''}"
        lines.append(Line(box=step.proof, text=text, proof=proof))
    yield Checklist(title="Security", lines=tuple(lines))


def _first_line(incident: Incident, proof: str) -> Proof:
    """Whether a phrase was written, or something was checked, with its first line."""
    checked = incident.log.checks.get(proof)
    entry = checked or next(iter(incident.log.of(proof)), None)
    if entry is None or entry.at is None:
        return _no("not yet")
    said = entry.said.text if entry.said else ""
    return _yes(": ".join(part for part in (_at(incident, entry.at), said) if part))


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
        return _no("not acknowledged yet" if detected else "no time of detection")
    return _yes(f"detected {_at(incident, detected)}, acknowledged {_at(incident, taken)}")


def _severity(incident: Incident) -> Proof:
    triage = incident.log.of("triage-complete")
    if triage and triage[0].at:
        return _yes(f"{incident.severity}, triage {_at(incident, triage[0].at)}")
    if "triage" in _owed(incident):
        return _no("no completed triage")
    return _yes(incident.severity) if incident.severity else _no("no severity")


def _ticket(incident: Incident) -> Proof:
    return _yes(incident.ticket or incident.path)


def _ic(incident: Incident) -> Proof:
    name = incident.roles.get(incident.protocol.acknowledger_role)
    return _yes(name) if name else _no("nobody")


def _notified(incident: Incident) -> Proof:
    terms = incident.protocol.severities.get(incident.severity)
    if terms is None or not terms.audiences:
        return Proof(holds=None, evidence=NOT_ASKED)
    missing = [name for name in terms.audiences if name not in incident.log.audiences]
    if missing:
        return _no("; ".join([f"not told: {', '.join(missing)}", *in_doubt(incident)]))
    last = max(incident.log.audiences[name] for name in terms.audiences)
    return _yes(f"{', '.join(terms.audiences)} by {_at(incident, last)}")


def _war_room(incident: Incident) -> Proof:
    opened = incident.log.of("war-room")
    if opened and opened[0].said:
        return _yes(opened[0].said.via or opened[0].text)
    if "war-room" in _owed(incident):
        return _no("no war room")
    return Proof(holds=None, evidence=NOT_ASKED)


def _timeline(incident: Incident) -> Proof:
    count = len(incident.log.entries)
    return _yes(_many(count, "entry", "entries")) if count else _no("no entry")


def _investigation(incident: Incident) -> Proof:
    found = incident.log.of("checked", "hypothesis", "hypothesis-confirmed", "mitigation")
    if found and found[0].at:
        return _yes(f"since {_at(incident, found[0].at)}")
    return _no("nothing checked, no hypothesis")


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
        (gaps, _many(gaps, "wait too long", "waits too long")),
        (late, _many(late, "promise late", "promises late")),
        (broken, _many(broken, "promise broken", "promises broken")),
    ]
    told = [_many(count, "update", "updates") if count else "no update"]
    told += [words for number, words in missed if number]
    is_late = len(told) > 1
    return Proof(holds=bool(count) and not is_late, evidence=", ".join(told), is_late=is_late)


def _milestone(milestone: Milestone) -> Callable[[Incident], Proof]:
    def prove(incident: Incident) -> Proof:
        at = incident.at(milestone)
        return _yes(_at(incident, at)) if at else _no("not yet")

    return prove


def _resolution_notice(incident: Incident) -> Proof:
    terms = incident.protocol.severities.get(incident.severity)
    if terms is None or terms.update is None:
        return Proof(holds=None, evidence=NOT_ASKED)
    gates = incident.protocol.gates.incident
    told = next((u for u in incident.log.updates if u.status in gates and u.at), None)
    if told is None or told.at is None:
        return _no("not told yet")
    sent = [one for one in deliveries(incident) if one.notice.startswith("resolution")]
    ways = [one.channel for one in sent if one.state is State.SENT]
    way = ", ".join(ways) or told.value("sent")
    # Who does not send by the command tells by hand, and need not write it down.
    how = f", sent: {way}" if way else " on the incident's page"
    return _yes(f"update {_at(incident, told.at)}{how}")


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


def _after(
    incident: Incident, review: Review | None, now: datetime, *, asked: bool
) -> Iterator[tuple[str, Proof]]:
    protocol, none = incident.protocol, Proof(holds=None, evidence=NOT_ASKED)
    terms = protocol.severities.get(incident.severest)
    reports = terms is not None and terms.report is not None and incident.counts
    if review is None:
        proof = _no("no review") if asked else none
        for key in protocol.after_boxes:
            yield key, none if key == REPORT and not reports else proof
        return
    for key, proof in _answers(review.boxes, protocol.review_boxes).items():
        yield key, none if key == REPORT and not reports and not proof.holds else proof
    held = review.held_at
    yield "review-scheduled", _scheduled(incident, held, asked=asked)
    was_held = held is not None and held <= now
    yield "review-held", _yes(_at(incident, held)) if held and was_held else _no("not held yet")
    out = review.status in protocol.gates.review
    yield "review-published", _yes(review.path) if out else _no(review.status)
    actions = (*incident.actions, *review.actions)
    assigned = [action for action in actions if action.owner and action.due]
    told = f"{len(assigned)} of {_many(len(actions), 'action', 'actions')} with owner and date"
    # The report has its own: those that the incident began with do not stand in it.
    told += "" if review.actions else ", none of them in the review"
    done = bool(review.actions) and len(assigned) == len(actions)
    yield "actions", Proof(holds=done, evidence=told if actions else "no action")
    yield "prevention", _prevented(actions, protocol)


def _scheduled(incident: Incident, held: datetime | None, *, asked: bool) -> Proof:
    """The meeting with its time, and that it is late where it is owed by an earlier one."""
    if held is None:
        return _no("no date")
    resolved = incident.at(Milestone.RESOLVED)
    due = resolved + review_within(incident) if asked and resolved is not None else None
    late = f", late: due {_at(incident, due)}" if due is not None and held > due else ""
    return _yes(f"{_at(incident, held)}{late}")


def _prevented(actions: tuple[Action, ...], protocol: Protocol) -> Proof:
    """Whether what prevents it was done: what was dropped is settled, but prevents nothing."""
    states = Counter(a.state for a in actions if a.type in protocol.preventive_types)
    if not states:
        return _no("no preventive action")
    still, dropped = states[ActionState.OPEN], states[ActionState.DROPPED]
    told = f"{still} of {states.total()} preventive actions open"
    told += f", {dropped} dropped" if dropped else ""
    return Proof(holds=bool(states[ActionState.DONE]) and not still, evidence=told)


def _answers(boxes: tuple[Box, ...], words: Mapping[str, Word]) -> dict[str, Proof]:
    """The boxes that are somebody's word, as the file has them."""
    proofs: dict[str, Proof] = {}
    for key, word in words.items():
        box = next((box for box in boxes if box.box == key), None)
        if box is None or not box.answered:
            proofs[key] = _no(f"not answered yet{f'; {word.about}' if word.about else ''}")
        elif box.not_applicable:
            proofs[key] = Proof(holds=None, evidence=box.not_applicable)
        else:
            proofs[key] = _yes(box.note or "ticked")
    return proofs


def _owed(incident: Incident) -> set[str]:
    owes = incident.protocol.owed(incident.severity, incident.kinds)
    return {duty for duties in owes.values() for duty in duties}


def _yes(evidence: str) -> Proof:
    return Proof(holds=True, evidence=evidence)


def _no(evidence: str) -> Proof:
    return Proof(holds=False, evidence=evidence)


def _at(incident: Incident, at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(incident.zone)):%Y-%m-%d %H:%M}"


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
